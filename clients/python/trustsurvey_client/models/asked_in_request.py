from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast
from uuid import UUID






T = TypeVar("T", bound="AskedInRequest")



@_attrs_define
class AskedInRequest:
    """ A published version to ask, and which part of it.

        Attributes:
            id (UUID):
            short (bool | Unset):  Default: False.
            scales (list[str] | Unset):
            form (str | Unset): Named variant of the wording.
     """

    id: UUID
    short: bool | Unset = False
    scales: list[str] | Unset = UNSET
    form: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        short = self.short

        scales: list[str] | Unset = UNSET
        if not isinstance(self.scales, Unset):
            scales = self.scales



        form = self.form


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "id": id,
        })
        if short is not UNSET:
            field_dict["short"] = short
        if scales is not UNSET:
            field_dict["scales"] = scales
        if form is not UNSET:
            field_dict["form"] = form

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))




        short = d.pop("short", UNSET)

        scales = cast(list[str], d.pop("scales", UNSET))


        form = d.pop("form", UNSET)

        asked_in_request = cls(
            id=id,
            short=short,
            scales=scales,
            form=form,
        )


        asked_in_request.additional_properties = d
        return asked_in_request

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
