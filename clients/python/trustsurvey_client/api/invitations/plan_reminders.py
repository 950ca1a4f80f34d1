from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.problem_out import ProblemOut
from ...models.reminders_in_request import RemindersInRequest
from ...models.reminders_out import RemindersOut
from ...types import UNSET, Unset
from typing import cast
from uuid import UUID



def _get_kwargs(
    wave_id: UUID,
    *,
    body: RemindersInRequest,
    idempotency_key: str | Unset = UNSET,

) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key



    

    

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/waves/{wave_id}/reminders/".format(wave_id=quote(str(wave_id), safe=""),),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> ProblemOut | RemindersOut | None:
    if response.status_code == 200:
        response_200 = RemindersOut.from_dict(response.json())



        return response_200

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

    if response.status_code == 409:
        response_409 = ProblemOut.from_dict(response.json())



        return response_409

    if response.status_code == 412:
        response_412 = ProblemOut.from_dict(response.json())



        return response_412

    if response.status_code == 413:
        response_413 = ProblemOut.from_dict(response.json())



        return response_413

    if response.status_code == 415:
        response_415 = ProblemOut.from_dict(response.json())



        return response_415

    if response.status_code == 422:
        response_422 = ProblemOut.from_dict(response.json())



        return response_422

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[ProblemOut | RemindersOut]:
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
    body: RemindersInRequest,
    idempotency_key: str | Unset = UNSET,

) -> Response[ProblemOut | RemindersOut]:
    """ Set the days on which those who have not opened are reminded

     An address below one wave; a wave of nobody else is ever found.

    Args:
        wave_id (UUID):
        idempotency_key (str | Unset):
        body (RemindersInRequest): The days to come; earlier ones that are not done yet are
            replaced.

            A wave has at most five reminders, those that are done included, and a last call.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ProblemOut | RemindersOut]
     """


    kwargs = _get_kwargs(
        wave_id=wave_id,
body=body,
idempotency_key=idempotency_key,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    wave_id: UUID,
    *,
    client: AuthenticatedClient,
    body: RemindersInRequest,
    idempotency_key: str | Unset = UNSET,

) -> ProblemOut | RemindersOut | None:
    """ Set the days on which those who have not opened are reminded

     An address below one wave; a wave of nobody else is ever found.

    Args:
        wave_id (UUID):
        idempotency_key (str | Unset):
        body (RemindersInRequest): The days to come; earlier ones that are not done yet are
            replaced.

            A wave has at most five reminders, those that are done included, and a last call.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ProblemOut | RemindersOut
     """


    return sync_detailed(
        wave_id=wave_id,
client=client,
body=body,
idempotency_key=idempotency_key,

    ).parsed

async def asyncio_detailed(
    wave_id: UUID,
    *,
    client: AuthenticatedClient,
    body: RemindersInRequest,
    idempotency_key: str | Unset = UNSET,

) -> Response[ProblemOut | RemindersOut]:
    """ Set the days on which those who have not opened are reminded

     An address below one wave; a wave of nobody else is ever found.

    Args:
        wave_id (UUID):
        idempotency_key (str | Unset):
        body (RemindersInRequest): The days to come; earlier ones that are not done yet are
            replaced.

            A wave has at most five reminders, those that are done included, and a last call.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ProblemOut | RemindersOut]
     """


    kwargs = _get_kwargs(
        wave_id=wave_id,
body=body,
idempotency_key=idempotency_key,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    wave_id: UUID,
    *,
    client: AuthenticatedClient,
    body: RemindersInRequest,
    idempotency_key: str | Unset = UNSET,

) -> ProblemOut | RemindersOut | None:
    """ Set the days on which those who have not opened are reminded

     An address below one wave; a wave of nobody else is ever found.

    Args:
        wave_id (UUID):
        idempotency_key (str | Unset):
        body (RemindersInRequest): The days to come; earlier ones that are not done yet are
            replaced.

            A wave has at most five reminders, those that are done included, and a last call.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ProblemOut | RemindersOut
     """


    return (await asyncio_detailed(
        wave_id=wave_id,
client=client,
body=body,
idempotency_key=idempotency_key,

    )).parsed
