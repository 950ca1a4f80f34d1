from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.invitation_page_out import InvitationPageOut
from ...models.list_invitations_channel import ListInvitationsChannel
from ...models.list_invitations_state import ListInvitationsState
from ...models.problem_out import ProblemOut
from ...types import UNSET, Unset
from typing import cast
from uuid import UUID



def _get_kwargs(
    wave_id: UUID,
    *,
    channel: ListInvitationsChannel | Unset = UNSET,
    cursor: str | Unset = UNSET,
    limit: int | Unset = 50,
    participant: UUID | Unset = UNSET,
    state: ListInvitationsState | Unset = UNSET,

) -> dict[str, Any]:
    

    

    params: dict[str, Any] = {}

    json_channel: str | Unset = UNSET
    if not isinstance(channel, Unset):
        json_channel = channel.value

    params["channel"] = json_channel

    params["cursor"] = cursor

    params["limit"] = limit

    json_participant: str | Unset = UNSET
    if not isinstance(participant, Unset):
        json_participant = str(participant)
    params["participant"] = json_participant

    json_state: str | Unset = UNSET
    if not isinstance(state, Unset):
        json_state = state.value

    params["state"] = json_state


    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}


    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/waves/{wave_id}/invitations/".format(wave_id=quote(str(wave_id), safe=""),),
        "params": params,
    }


    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Any | InvitationPageOut | ProblemOut | None:
    if response.status_code == 200:
        response_200 = InvitationPageOut.from_dict(response.json())



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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Any | InvitationPageOut | ProblemOut]:
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
    channel: ListInvitationsChannel | Unset = UNSET,
    cursor: str | Unset = UNSET,
    limit: int | Unset = 50,
    participant: UUID | Unset = UNSET,
    state: ListInvitationsState | Unset = UNSET,

) -> Response[Any | InvitationPageOut | ProblemOut]:
    """ Who was asked in a wave

     An address below one wave; a wave of nobody else is ever found.

    Args:
        wave_id (UUID):
        channel (ListInvitationsChannel | Unset):
        cursor (str | Unset):
        limit (int | Unset):  Default: 50.
        participant (UUID | Unset):
        state (ListInvitationsState | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | InvitationPageOut | ProblemOut]
     """


    kwargs = _get_kwargs(
        wave_id=wave_id,
channel=channel,
cursor=cursor,
limit=limit,
participant=participant,
state=state,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    wave_id: UUID,
    *,
    client: AuthenticatedClient,
    channel: ListInvitationsChannel | Unset = UNSET,
    cursor: str | Unset = UNSET,
    limit: int | Unset = 50,
    participant: UUID | Unset = UNSET,
    state: ListInvitationsState | Unset = UNSET,

) -> Any | InvitationPageOut | ProblemOut | None:
    """ Who was asked in a wave

     An address below one wave; a wave of nobody else is ever found.

    Args:
        wave_id (UUID):
        channel (ListInvitationsChannel | Unset):
        cursor (str | Unset):
        limit (int | Unset):  Default: 50.
        participant (UUID | Unset):
        state (ListInvitationsState | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | InvitationPageOut | ProblemOut
     """


    return sync_detailed(
        wave_id=wave_id,
client=client,
channel=channel,
cursor=cursor,
limit=limit,
participant=participant,
state=state,

    ).parsed

async def asyncio_detailed(
    wave_id: UUID,
    *,
    client: AuthenticatedClient,
    channel: ListInvitationsChannel | Unset = UNSET,
    cursor: str | Unset = UNSET,
    limit: int | Unset = 50,
    participant: UUID | Unset = UNSET,
    state: ListInvitationsState | Unset = UNSET,

) -> Response[Any | InvitationPageOut | ProblemOut]:
    """ Who was asked in a wave

     An address below one wave; a wave of nobody else is ever found.

    Args:
        wave_id (UUID):
        channel (ListInvitationsChannel | Unset):
        cursor (str | Unset):
        limit (int | Unset):  Default: 50.
        participant (UUID | Unset):
        state (ListInvitationsState | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | InvitationPageOut | ProblemOut]
     """


    kwargs = _get_kwargs(
        wave_id=wave_id,
channel=channel,
cursor=cursor,
limit=limit,
participant=participant,
state=state,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    wave_id: UUID,
    *,
    client: AuthenticatedClient,
    channel: ListInvitationsChannel | Unset = UNSET,
    cursor: str | Unset = UNSET,
    limit: int | Unset = 50,
    participant: UUID | Unset = UNSET,
    state: ListInvitationsState | Unset = UNSET,

) -> Any | InvitationPageOut | ProblemOut | None:
    """ Who was asked in a wave

     An address below one wave; a wave of nobody else is ever found.

    Args:
        wave_id (UUID):
        channel (ListInvitationsChannel | Unset):
        cursor (str | Unset):
        limit (int | Unset):  Default: 50.
        participant (UUID | Unset):
        state (ListInvitationsState | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | InvitationPageOut | ProblemOut
     """


    return (await asyncio_detailed(
        wave_id=wave_id,
client=client,
channel=channel,
cursor=cursor,
limit=limit,
participant=participant,
state=state,

    )).parsed
