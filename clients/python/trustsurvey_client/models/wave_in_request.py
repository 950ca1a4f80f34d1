from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.asked_people_in_request import AskedPeopleInRequest





T = TypeVar("T", bound="WaveInRequest")



@_attrs_define
class WaveInRequest:
    """ The next wave. Open links need no people; every other mode asks `people`.

        Attributes:
            people (AskedPeopleInRequest | Unset): Who is asked: these people, or everybody of these units and below; else
                all.
            split (str | Unset): Code of an attribute that groups are split by, where there are groups.
     """

    people: AskedPeopleInRequest | Unset = UNSET
    split: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.asked_people_in_request import AskedPeopleInRequest # noqa: PLC0415
        people: dict[str, Any] | Unset = UNSET
        if not isinstance(self.people, Unset):
            people = self.people.to_dict()

        split = self.split


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
        })
        if people is not UNSET:
            field_dict["people"] = people
        if split is not UNSET:
            field_dict["split"] = split

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.asked_people_in_request import AskedPeopleInRequest # noqa: PLC0415
        d = dict(src_dict)
        _people = d.pop("people", UNSET)
        people: AskedPeopleInRequest | Unset
        if isinstance(_people,  Unset):
            people = UNSET
        else:
            people = AskedPeopleInRequest.from_dict(_people)




        split = d.pop("split", UNSET)

        wave_in_request = cls(
            people=people,
            split=split,
        )


        wave_in_request.additional_properties = d
        return wave_in_request

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
