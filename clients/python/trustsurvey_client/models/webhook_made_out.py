from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.endpoint_state_enum import EndpointStateEnum
from ..models.kinds_enum import KindsEnum
from typing import cast
from uuid import UUID
import datetime






T = TypeVar("T", bound="WebhookMadeOut")



@_attrs_define
class WebhookMadeOut:
    """ An endpoint with its secret, which is told this once.

        Attributes:
            id (UUID):
            url (str):
            name (str):
            kinds (list[KindsEnum]):
            state (EndpointStateEnum):
            disabled_at (datetime.datetime | None):
            former_until (datetime.datetime | None):
            created_at (datetime.datetime):
            secret (str):
     """

    id: UUID
    url: str
    name: str
    kinds: list[KindsEnum]
    state: EndpointStateEnum
    disabled_at: datetime.datetime | None
    former_until: datetime.datetime | None
    created_at: datetime.datetime
    secret: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        url = self.url

        name = self.name

        kinds = []
        for kinds_item_data in self.kinds:
            kinds_item = kinds_item_data.value
            kinds.append(kinds_item)



        state = self.state.value

        disabled_at: None | str
        if isinstance(self.disabled_at, datetime.datetime):
            disabled_at = self.disabled_at.isoformat()
        else:
            disabled_at = self.disabled_at

        former_until: None | str
        if isinstance(self.former_until, datetime.datetime):
            former_until = self.former_until.isoformat()
        else:
            former_until = self.former_until

        created_at = self.created_at.isoformat()

        secret = self.secret


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "id": id,
            "url": url,
            "name": name,
            "kinds": kinds,
            "state": state,
            "disabled_at": disabled_at,
            "former_until": former_until,
            "created_at": created_at,
            "secret": secret,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))




        url = d.pop("url")

        name = d.pop("name")

        kinds = []
        _kinds = d.pop("kinds")
        for kinds_item_data in (_kinds):
            kinds_item = KindsEnum(kinds_item_data)



            kinds.append(kinds_item)


        state = EndpointStateEnum(d.pop("state"))




        def _parse_disabled_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                disabled_at_type_0 = datetime.datetime.fromisoformat(data)



                return disabled_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        disabled_at = _parse_disabled_at(d.pop("disabled_at"))


        def _parse_former_until(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                former_until_type_0 = datetime.datetime.fromisoformat(data)



                return former_until_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        former_until = _parse_former_until(d.pop("former_until"))


        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))




        secret = d.pop("secret")

        webhook_made_out = cls(
            id=id,
            url=url,
            name=name,
            kinds=kinds,
            state=state,
            disabled_at=disabled_at,
            former_until=former_until,
            created_at=created_at,
            secret=secret,
        )


        webhook_made_out.additional_properties = d
        return webhook_made_out

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
