from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast
import datetime






T = TypeVar("T", bound="ValueInRequest")



@_attrs_define
class ValueInRequest:
    """ A value of one person on one day; of yes or no 1 or 0.

        Attributes:
            number (str): Of the customer.
            outcome (str): Its code.
            date (datetime.date):
            value (float):
     """

    number: str
    outcome: str
    date: datetime.date
    value: float
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        number = self.number

        outcome = self.outcome

        date = self.date.isoformat()

        value = self.value


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "number": number,
            "outcome": outcome,
            "date": date,
            "value": value,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        number = d.pop("number")

        outcome = d.pop("outcome")

        date = datetime.date.fromisoformat(d.pop("date"))




        value = d.pop("value")

        value_in_request = cls(
            number=number,
            outcome=outcome,
            date=date,
            value=value,
        )


        value_in_request.additional_properties = d
        return value_in_request

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
