from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.list_catalogue_construct import ListCatalogueConstruct
from ...models.list_catalogue_licence import ListCatalogueLicence
from ...models.list_catalogue_referent import ListCatalogueReferent
from ...models.problem_out import ProblemOut
from ...models.record_list_out import RecordListOut
from ...types import UNSET, Unset
from typing import cast



def _get_kwargs(
    *,
    construct: ListCatalogueConstruct | Unset = UNSET,
    licence: ListCatalogueLicence | Unset = UNSET,
    referent: ListCatalogueReferent | Unset = UNSET,
    text: str | Unset = UNSET,

) -> dict[str, Any]:
    

    

    params: dict[str, Any] = {}

    json_construct: str | Unset = UNSET
    if not isinstance(construct, Unset):
        json_construct = construct.value

    params["construct"] = json_construct

    json_licence: str | Unset = UNSET
    if not isinstance(licence, Unset):
        json_licence = licence.value

    params["licence"] = json_licence

    json_referent: str | Unset = UNSET
    if not isinstance(referent, Unset):
        json_referent = referent.value

    params["referent"] = json_referent

    params["text"] = text


    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}


    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/catalogue/",
        "params": params,
    }


    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Any | ProblemOut | RecordListOut | None:
    if response.status_code == 200:
        response_200 = RecordListOut.from_dict(response.json())



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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Any | ProblemOut | RecordListOut]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    construct: ListCatalogueConstruct | Unset = UNSET,
    licence: ListCatalogueLicence | Unset = UNSET,
    referent: ListCatalogueReferent | Unset = UNSET,
    text: str | Unset = UNSET,

) -> Response[Any | ProblemOut | RecordListOut]:
    """ Published scales, as facts

     One address of the API. `scopes` names what each of its methods needs.

    Args:
        construct (ListCatalogueConstruct | Unset):
        licence (ListCatalogueLicence | Unset):
        referent (ListCatalogueReferent | Unset):
        text (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | ProblemOut | RecordListOut]
     """


    kwargs = _get_kwargs(
        construct=construct,
licence=licence,
referent=referent,
text=text,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    *,
    client: AuthenticatedClient,
    construct: ListCatalogueConstruct | Unset = UNSET,
    licence: ListCatalogueLicence | Unset = UNSET,
    referent: ListCatalogueReferent | Unset = UNSET,
    text: str | Unset = UNSET,

) -> Any | ProblemOut | RecordListOut | None:
    """ Published scales, as facts

     One address of the API. `scopes` names what each of its methods needs.

    Args:
        construct (ListCatalogueConstruct | Unset):
        licence (ListCatalogueLicence | Unset):
        referent (ListCatalogueReferent | Unset):
        text (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | ProblemOut | RecordListOut
     """


    return sync_detailed(
        client=client,
construct=construct,
licence=licence,
referent=referent,
text=text,

    ).parsed

async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    construct: ListCatalogueConstruct | Unset = UNSET,
    licence: ListCatalogueLicence | Unset = UNSET,
    referent: ListCatalogueReferent | Unset = UNSET,
    text: str | Unset = UNSET,

) -> Response[Any | ProblemOut | RecordListOut]:
    """ Published scales, as facts

     One address of the API. `scopes` names what each of its methods needs.

    Args:
        construct (ListCatalogueConstruct | Unset):
        licence (ListCatalogueLicence | Unset):
        referent (ListCatalogueReferent | Unset):
        text (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | ProblemOut | RecordListOut]
     """


    kwargs = _get_kwargs(
        construct=construct,
licence=licence,
referent=referent,
text=text,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    *,
    client: AuthenticatedClient,
    construct: ListCatalogueConstruct | Unset = UNSET,
    licence: ListCatalogueLicence | Unset = UNSET,
    referent: ListCatalogueReferent | Unset = UNSET,
    text: str | Unset = UNSET,

) -> Any | ProblemOut | RecordListOut | None:
    """ Published scales, as facts

     One address of the API. `scopes` names what each of its methods needs.

    Args:
        construct (ListCatalogueConstruct | Unset):
        licence (ListCatalogueLicence | Unset):
        referent (ListCatalogueReferent | Unset):
        text (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | ProblemOut | RecordListOut
     """


    return (await asyncio_detailed(
        client=client,
construct=construct,
licence=licence,
referent=referent,
text=text,

    )).parsed
