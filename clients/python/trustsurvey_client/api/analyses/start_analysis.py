from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.analysis_out import AnalysisOut
from ...models.estimation_in_request import EstimationInRequest
from ...models.problem_out import ProblemOut
from ...types import UNSET, Unset
from typing import cast
from uuid import UUID



def _get_kwargs(
    wave_id: UUID,
    *,
    body: EstimationInRequest | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,

) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key



    

    

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/waves/{wave_id}/analyses/".format(wave_id=quote(str(wave_id), safe=""),),
    }

    
    if not isinstance(body, Unset):
        _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> AnalysisOut | ProblemOut | None:
    if response.status_code == 202:
        response_202 = AnalysisOut.from_dict(response.json())



        return response_202

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[AnalysisOut | ProblemOut]:
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
    body: EstimationInRequest | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,

) -> Response[AnalysisOut | ProblemOut]:
    """ Ask for an analysis; while one is under way, that one

     An address below one wave; a wave of nobody else is ever found.

    Args:
        wave_id (UUID):
        idempotency_key (str | Unset):
        body (EstimationInRequest | Unset): How the factor model takes the items; without it, by
            the number of their points.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[AnalysisOut | ProblemOut]
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
    body: EstimationInRequest | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,

) -> AnalysisOut | ProblemOut | None:
    """ Ask for an analysis; while one is under way, that one

     An address below one wave; a wave of nobody else is ever found.

    Args:
        wave_id (UUID):
        idempotency_key (str | Unset):
        body (EstimationInRequest | Unset): How the factor model takes the items; without it, by
            the number of their points.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        AnalysisOut | ProblemOut
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
    body: EstimationInRequest | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,

) -> Response[AnalysisOut | ProblemOut]:
    """ Ask for an analysis; while one is under way, that one

     An address below one wave; a wave of nobody else is ever found.

    Args:
        wave_id (UUID):
        idempotency_key (str | Unset):
        body (EstimationInRequest | Unset): How the factor model takes the items; without it, by
            the number of their points.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[AnalysisOut | ProblemOut]
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
    body: EstimationInRequest | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,

) -> AnalysisOut | ProblemOut | None:
    """ Ask for an analysis; while one is under way, that one

     An address below one wave; a wave of nobody else is ever found.

    Args:
        wave_id (UUID):
        idempotency_key (str | Unset):
        body (EstimationInRequest | Unset): How the factor model takes the items; without it, by
            the number of their points.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        AnalysisOut | ProblemOut
     """


    return (await asyncio_detailed(
        wave_id=wave_id,
client=client,
body=body,
idempotency_key=idempotency_key,

    )).parsed
