from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.release_state_enum import ReleaseStateEnum
from typing import cast
from uuid import UUID
import datetime






T = TypeVar("T", bound="ReleaseHeadOut")



@_attrs_define
class ReleaseHeadOut:
    """ A release; its parts stand at its own address once it is published.

        Attributes:
            id (UUID):
            wave (UUID):
            number (int):
            state (ReleaseStateEnum):
            requested_at (datetime.datetime):
            published_at (datetime.datetime | None):
            reason (None | str): Why it was refused or failed.
     """

    id: UUID
    wave: UUID
    number: int
    state: ReleaseStateEnum
    requested_at: datetime.datetime
    published_at: datetime.datetime | None
    reason: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        wave = str(self.wave)

        number = self.number

        state = self.state.value

        requested_at = self.requested_at.isoformat()

        published_at: None | str
        if isinstance(self.published_at, datetime.datetime):
            published_at = self.published_at.isoformat()
        else:
            published_at = self.published_at

        reason: None | str
        reason = self.reason


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "id": id,
            "wave": wave,
            "number": number,
            "state": state,
            "requested_at": requested_at,
            "published_at": published_at,
            "reason": reason,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))




        wave = UUID(d.pop("wave"))




        number = d.pop("number")

        state = ReleaseStateEnum(d.pop("state"))




        requested_at = datetime.datetime.fromisoformat(d.pop("requested_at"))




        def _parse_published_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                published_at_type_0 = datetime.datetime.fromisoformat(data)



                return published_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        published_at = _parse_published_at(d.pop("published_at"))


        def _parse_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reason = _parse_reason(d.pop("reason"))


        release_head_out = cls(
            id=id,
            wave=wave,
            number=number,
            state=state,
            requested_at=requested_at,
            published_at=published_at,
            reason=reason,
        )


        release_head_out.additional_properties = d
        return release_head_out

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
