from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.message_kind_enum import MessageKindEnum
from typing import cast
import datetime






T = TypeVar("T", bound="ReminderOut")



@_attrs_define
class ReminderOut:
    """ A day on which those who have not opened are reminded through the outbox.

        Attributes:
            kind (MessageKindEnum):
            round_ (int):
            due_at (datetime.datetime):
            done (bool):
     """

    kind: MessageKindEnum
    round_: int
    due_at: datetime.datetime
    done: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        kind = self.kind.value

        round_ = self.round_

        due_at = self.due_at.isoformat()

        done = self.done


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "kind": kind,
            "round": round_,
            "due_at": due_at,
            "done": done,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        kind = MessageKindEnum(d.pop("kind"))




        round_ = d.pop("round")

        due_at = datetime.datetime.fromisoformat(d.pop("due_at"))




        done = d.pop("done")

        reminder_out = cls(
            kind=kind,
            round_=round_,
            due_at=due_at,
            done=done,
        )


        reminder_out.additional_properties = d
        return reminder_out

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
