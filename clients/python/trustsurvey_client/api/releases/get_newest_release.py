from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.problem_out import ProblemOut
from ...models.release_out import ReleaseOut
from typing import cast
from uuid import UUID



def _get_kwargs(
    wave_id: UUID,

) -> dict[str, Any]:
    

    

    

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/waves/{wave_id}/release/".format(wave_id=quote(str(wave_id), safe=""),),
    }


    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Any | ProblemOut | ReleaseOut | None:
    if response.status_code == 200:
        response_200 = ReleaseOut.from_dict(response.json())



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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Any | ProblemOut | ReleaseOut]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    wave_id: UUID,
    *,
    client: AuthenticatedClient,

) -> Response[Any | ProblemOut | ReleaseOut]:
    """ The newest published release of a wave

     Return the newest published release, as `ReleaseOut` describes it.

    Args:
        wave_id (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | ProblemOut | ReleaseOut]
     """


    kwargs = _get_kwargs(
        wave_id=wave_id,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    wave_id: UUID,
    *,
    client: AuthenticatedClient,

) -> Any | ProblemOut | ReleaseOut | None:
    """ The newest published release of a wave

     Return the newest published release, as `ReleaseOut` describes it.

    Args:
        wave_id (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | ProblemOut | ReleaseOut
     """


    return sync_detailed(
        wave_id=wave_id,
client=client,

    ).parsed

async def asyncio_detailed(
    wave_id: UUID,
    *,
    client: AuthenticatedClient,

) -> Response[Any | ProblemOut | ReleaseOut]:
    """ The newest published release of a wave

     Return the newest published release, as `ReleaseOut` describes it.

    Args:
        wave_id (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | ProblemOut | ReleaseOut]
     """


    kwargs = _get_kwargs(
        wave_id=wave_id,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    wave_id: UUID,
    *,
    client: AuthenticatedClient,

) -> Any | ProblemOut | ReleaseOut | None:
    """ The newest published release of a wave

     Return the newest published release, as `ReleaseOut` describes it.

    Args:
        wave_id (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | ProblemOut | ReleaseOut
     """


    return (await asyncio_detailed(
        wave_id=wave_id,
client=client,

    )).parsed
