from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.problem_out import ProblemOut
from ...models.questionnaire_detail_out import QuestionnaireDetailOut
from typing import cast
from uuid import UUID



def _get_kwargs(
    version_id: UUID,

) -> dict[str, Any]:
    

    

    

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/questionnaires/{version_id}/".format(version_id=quote(str(version_id), safe=""),),
    }


    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Any | ProblemOut | QuestionnaireDetailOut | None:
    if response.status_code == 200:
        response_200 = QuestionnaireDetailOut.from_dict(response.json())



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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Any | ProblemOut | QuestionnaireDetailOut]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    version_id: UUID,
    *,
    client: AuthenticatedClient,

) -> Response[Any | ProblemOut | QuestionnaireDetailOut]:
    """ One version with its definition

     One address of the API. `scopes` names what each of its methods needs.

    Args:
        version_id (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | ProblemOut | QuestionnaireDetailOut]
     """


    kwargs = _get_kwargs(
        version_id=version_id,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    version_id: UUID,
    *,
    client: AuthenticatedClient,

) -> Any | ProblemOut | QuestionnaireDetailOut | None:
    """ One version with its definition

     One address of the API. `scopes` names what each of its methods needs.

    Args:
        version_id (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | ProblemOut | QuestionnaireDetailOut
     """


    return sync_detailed(
        version_id=version_id,
client=client,

    ).parsed

async def asyncio_detailed(
    version_id: UUID,
    *,
    client: AuthenticatedClient,

) -> Response[Any | ProblemOut | QuestionnaireDetailOut]:
    """ One version with its definition

     One address of the API. `scopes` names what each of its methods needs.

    Args:
        version_id (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | ProblemOut | QuestionnaireDetailOut]
     """


    kwargs = _get_kwargs(
        version_id=version_id,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    version_id: UUID,
    *,
    client: AuthenticatedClient,

) -> Any | ProblemOut | QuestionnaireDetailOut | None:
    """ One version with its definition

     One address of the API. `scopes` names what each of its methods needs.

    Args:
        version_id (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | ProblemOut | QuestionnaireDetailOut
     """


    return (await asyncio_detailed(
        version_id=version_id,
client=client,

    )).parsed
