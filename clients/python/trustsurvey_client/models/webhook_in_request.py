from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.kinds_enum import KindsEnum
from ..types import UNSET, Unset
from typing import cast






T = TypeVar("T", bound="WebhookInRequest")



@_attrs_define
class WebhookInRequest:
    """ The public shape of something; in a body, a field it does not know is a fault.

        Attributes:
            url (str):
            kinds (list[KindsEnum]):
            name (str | Unset):
     """

    url: str
    kinds: list[KindsEnum]
    name: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        url = self.url

        kinds = []
        for kinds_item_data in self.kinds:
            kinds_item = kinds_item_data.value
            kinds.append(kinds_item)



        name = self.name


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "url": url,
            "kinds": kinds,
        })
        if name is not UNSET:
            field_dict["name"] = name

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        url = d.pop("url")

        kinds = []
        _kinds = d.pop("kinds")
        for kinds_item_data in (_kinds):
            kinds_item = KindsEnum(kinds_item_data)



            kinds.append(kinds_item)


        name = d.pop("name", UNSET)

        webhook_in_request = cls(
            url=url,
            kinds=kinds,
            name=name,
        )


        webhook_in_request.additional_properties = d
        return webhook_in_request

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
