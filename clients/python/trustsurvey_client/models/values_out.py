from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast






T = TypeVar("T", bound="ValuesOut")



@_attrs_define
class ValuesOut:
    """ What was done. Nobody among your people has the numbers in `unknown`.

        Attributes:
            new (int):
            changed (int):
            unchanged (int):
            unknown (list[str]):
     """

    new: int
    changed: int
    unchanged: int
    unknown: list[str]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        new = self.new

        changed = self.changed

        unchanged = self.unchanged

        unknown = self.unknown




        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "new": new,
            "changed": changed,
            "unchanged": unchanged,
            "unknown": unknown,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        new = d.pop("new")

        changed = d.pop("changed")

        unchanged = d.pop("unchanged")

        unknown = cast(list[str], d.pop("unknown"))


        values_out = cls(
            new=new,
            changed=changed,
            unchanged=unchanged,
            unknown=unknown,
        )


        values_out.additional_properties = d
        return values_out

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
