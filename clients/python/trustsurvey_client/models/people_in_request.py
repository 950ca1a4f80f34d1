from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.person_in_request import PersonInRequest





T = TypeVar("T", bound="PeopleInRequest")



@_attrs_define
class PeopleInRequest:
    """ Up to 1,000 people; one fault anywhere, and nothing of it is stored.

        Attributes:
            people (list[PersonInRequest] | Unset):
            remove (list[str] | Unset):
     """

    people: list[PersonInRequest] | Unset = UNSET
    remove: list[str] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.person_in_request import PersonInRequest # noqa: PLC0415
        people: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.people, Unset):
            people = []
            for people_item_data in self.people:
                people_item = people_item_data.to_dict()
                people.append(people_item)



        remove: list[str] | Unset = UNSET
        if not isinstance(self.remove, Unset):
            remove = self.remove




        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
        })
        if people is not UNSET:
            field_dict["people"] = people
        if remove is not UNSET:
            field_dict["remove"] = remove

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.person_in_request import PersonInRequest # noqa: PLC0415
        d = dict(src_dict)
        _people = d.pop("people", UNSET)
        people: list[PersonInRequest] | Unset = UNSET
        if _people is not UNSET:
            people = []
            for people_item_data in _people:
                people_item = PersonInRequest.from_dict(people_item_data)



                people.append(people_item)


        remove = cast(list[str], d.pop("remove", UNSET))


        people_in_request = cls(
            people=people,
            remove=remove,
        )


        people_in_request.additional_properties = d
        return people_in_request

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
