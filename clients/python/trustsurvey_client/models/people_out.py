from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.row_out import RowOut





T = TypeVar("T", bound="PeopleOut")



@_attrs_define
class PeopleOut:
    """ The public shape of something; in a body, a field it does not know is a fault.

        Attributes:
            people (list[RowOut]):
            remove (list[RowOut]):
     """

    people: list[RowOut]
    remove: list[RowOut]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.row_out import RowOut # noqa: PLC0415
        people = []
        for people_item_data in self.people:
            people_item = people_item_data.to_dict()
            people.append(people_item)



        remove = []
        for remove_item_data in self.remove:
            remove_item = remove_item_data.to_dict()
            remove.append(remove_item)




        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "people": people,
            "remove": remove,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.row_out import RowOut # noqa: PLC0415
        d = dict(src_dict)
        people = []
        _people = d.pop("people")
        for people_item_data in (_people):
            people_item = RowOut.from_dict(people_item_data)



            people.append(people_item)


        remove = []
        _remove = d.pop("remove")
        for remove_item_data in (_remove):
            remove_item = RowOut.from_dict(remove_item_data)



            remove.append(remove_item)


        people_out = cls(
            people=people,
            remove=remove,
        )


        people_out.additional_properties = d
        return people_out

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
