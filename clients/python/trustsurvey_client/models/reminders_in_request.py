from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast
import datetime






T = TypeVar("T", bound="RemindersInRequest")



@_attrs_define
class RemindersInRequest:
    """ The days to come; earlier ones that are not done yet are replaced.

    A wave has at most five reminders, those that are done included, and a last call.

        Attributes:
            days (list[datetime.datetime]):
            last_call (datetime.datetime | Unset):
     """

    days: list[datetime.datetime]
    last_call: datetime.datetime | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        days = []
        for days_item_data in self.days:
            days_item = days_item_data.isoformat()
            days.append(days_item)



        last_call: str | Unset = UNSET
        if not isinstance(self.last_call, Unset):
            last_call = self.last_call.isoformat()


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "days": days,
        })
        if last_call is not UNSET:
            field_dict["last_call"] = last_call

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        days = []
        _days = d.pop("days")
        for days_item_data in (_days):
            days_item = datetime.datetime.fromisoformat(days_item_data)



            days.append(days_item)


        _last_call = d.pop("last_call", UNSET)
        last_call: datetime.datetime | Unset
        if isinstance(_last_call,  Unset):
            last_call = UNSET
        else:
            last_call = datetime.datetime.fromisoformat(_last_call)




        reminders_in_request = cls(
            days=days,
            last_call=last_call,
        )


        reminders_in_request.additional_properties = d
        return reminders_in_request

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
