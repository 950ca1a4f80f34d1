from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.export_page_out import ExportPageOut
from ...models.problem_out import ProblemOut
from ...types import UNSET, Unset
from typing import cast
from uuid import UUID



def _get_kwargs(
    *,
    cursor: str | Unset = UNSET,
    limit: int | Unset = 50,
    survey: UUID | Unset = UNSET,

) -> dict[str, Any]:
    

    

    params: dict[str, Any] = {}

    params["cursor"] = cursor

    params["limit"] = limit

    json_survey: str | Unset = UNSET
    if not isinstance(survey, Unset):
        json_survey = str(survey)
    params["survey"] = json_survey


    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}


    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/exports/",
        "params": params,
    }


    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Any | ExportPageOut | ProblemOut | None:
    if response.status_code == 200:
        response_200 = ExportPageOut.from_dict(response.json())



        return response_200

    if response.status_code == 304:
        response_304 = cast(Any, None)
        return response_304

    if response.status_code == 400:
        response_400 = ProblemOut.from_dict(response.json())



        return response_400

    if response.status_code == 401:
        response_401 = ProblemOut.from_dict(response.json())



        return response_401

    if response.status_code == 403:
        response_403 = ProblemOut.from_dict(response.json())



        return response_403

    if response.status_code == 404:
        response_404 = ProblemOut.from_dict(response.json())



        return response_404

    if response.status_code == 405:
        response_405 = ProblemOut.from_dict(response.json())



        return response_405

    if response.status_code == 406:
        response_406 = ProblemOut.from_dict(response.json())



        return response_406

    if response.status_code == 429:
        response_429 = ProblemOut.from_dict(response.json())



        return response_429

    if response.status_code == 500:
        response_500 = ProblemOut.from_dict(response.json())



        return response_500

    if response.status_code == 503:
        response_503 = ProblemOut.from_dict(response.json())



        return response_503

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Any | ExportPageOut | ProblemOut]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    cursor: str | Unset = UNSET,
    limit: int | Unset = 50,
    survey: UUID | Unset = UNSET,

) -> Response[Any | ExportPageOut | ProblemOut]:
    """ Exports

     One address of the API. `scopes` names what each of its methods needs.

    Args:
        cursor (str | Unset):
        limit (int | Unset):  Default: 50.
        survey (UUID | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | ExportPageOut | ProblemOut]
     """


    kwargs = _get_kwargs(
        cursor=cursor,
limit=limit,
survey=survey,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    *,
    client: AuthenticatedClient,
    cursor: str | Unset = UNSET,
    limit: int | Unset = 50,
    survey: UUID | Unset = UNSET,

) -> Any | ExportPageOut | ProblemOut | None:
    """ Exports

     One address of the API. `scopes` names what each of its methods needs.

    Args:
        cursor (str | Unset):
        limit (int | Unset):  Default: 50.
        survey (UUID | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | ExportPageOut | ProblemOut
     """


    return sync_detailed(
        client=client,
cursor=cursor,
limit=limit,
survey=survey,

    ).parsed

async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    cursor: str | Unset = UNSET,
    limit: int | Unset = 50,
    survey: UUID | Unset = UNSET,

) -> Response[Any | ExportPageOut | ProblemOut]:
    """ Exports

     One address of the API. `scopes` names what each of its methods needs.

    Args:
        cursor (str | Unset):
        limit (int | Unset):  Default: 50.
        survey (UUID | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | ExportPageOut | ProblemOut]
     """


    kwargs = _get_kwargs(
        cursor=cursor,
limit=limit,
survey=survey,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    *,
    client: AuthenticatedClient,
    cursor: str | Unset = UNSET,
    limit: int | Unset = 50,
    survey: UUID | Unset = UNSET,

) -> Any | ExportPageOut | ProblemOut | None:
    """ Exports

     One address of the API. `scopes` names what each of its methods needs.

    Args:
        cursor (str | Unset):
        limit (int | Unset):  Default: 50.
        survey (UUID | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | ExportPageOut | ProblemOut
     """


    return (await asyncio_detailed(
        client=client,
cursor=cursor,
limit=limit,
survey=survey,

    )).parsed
