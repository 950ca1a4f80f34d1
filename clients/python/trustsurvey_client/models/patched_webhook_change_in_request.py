from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.kinds_enum import KindsEnum
from ..types import UNSET, Unset
from typing import cast






T = TypeVar("T", bound="PatchedWebhookChangeInRequest")



@_attrs_define
class PatchedWebhookChangeInRequest:
    """ What is left out stays as it is.

        Attributes:
            url (str | Unset):
            name (str | Unset):
            kinds (list[KindsEnum] | Unset):
            on (bool | Unset): Switch off, or on again after it was stopped.
     """

    url: str | Unset = UNSET
    name: str | Unset = UNSET
    kinds: list[KindsEnum] | Unset = UNSET
    on: bool | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        url = self.url

        name = self.name

        kinds: list[str] | Unset = UNSET
        if not isinstance(self.kinds, Unset):
            kinds = []
            for kinds_item_data in self.kinds:
                kinds_item = kinds_item_data.value
                kinds.append(kinds_item)



        on = self.on


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
        })
        if url is not UNSET:
            field_dict["url"] = url
        if name is not UNSET:
            field_dict["name"] = name
        if kinds is not UNSET:
            field_dict["kinds"] = kinds
        if on is not UNSET:
            field_dict["on"] = on

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        url = d.pop("url", UNSET)

        name = d.pop("name", UNSET)

        _kinds = d.pop("kinds", UNSET)
        kinds: list[KindsEnum] | Unset = UNSET
        if _kinds is not UNSET:
            kinds = []
            for kinds_item_data in _kinds:
                kinds_item = KindsEnum(kinds_item_data)



                kinds.append(kinds_item)


        on = d.pop("on", UNSET)

        patched_webhook_change_in_request = cls(
            url=url,
            name=name,
            kinds=kinds,
            on=on,
        )


        patched_webhook_change_in_request.additional_properties = d
        return patched_webhook_change_in_request

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
