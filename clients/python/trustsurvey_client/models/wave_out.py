from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.wave_state_enum import WaveStateEnum
from typing import cast
from uuid import UUID
import datetime






T = TypeVar("T", bound="WaveOut")



@_attrs_define
class WaveOut:
    """ One fielding period. `link` is what respondents open, where the mode has one.

        Attributes:
            id (UUID):
            survey (UUID):
            number (int):
            state (WaveStateEnum):
            paused (bool):
            opened_at (datetime.datetime):
            closes_at (datetime.datetime | None):
            closed_at (datetime.datetime | None):
            link (None | str):
     """

    id: UUID
    survey: UUID
    number: int
    state: WaveStateEnum
    paused: bool
    opened_at: datetime.datetime
    closes_at: datetime.datetime | None
    closed_at: datetime.datetime | None
    link: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        survey = str(self.survey)

        number = self.number

        state = self.state.value

        paused = self.paused

        opened_at = self.opened_at.isoformat()

        closes_at: None | str
        if isinstance(self.closes_at, datetime.datetime):
            closes_at = self.closes_at.isoformat()
        else:
            closes_at = self.closes_at

        closed_at: None | str
        if isinstance(self.closed_at, datetime.datetime):
            closed_at = self.closed_at.isoformat()
        else:
            closed_at = self.closed_at

        link: None | str
        link = self.link


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "id": id,
            "survey": survey,
            "number": number,
            "state": state,
            "paused": paused,
            "opened_at": opened_at,
            "closes_at": closes_at,
            "closed_at": closed_at,
            "link": link,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))




        survey = UUID(d.pop("survey"))




        number = d.pop("number")

        state = WaveStateEnum(d.pop("state"))




        paused = d.pop("paused")

        opened_at = datetime.datetime.fromisoformat(d.pop("opened_at"))




        def _parse_closes_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                closes_at_type_0 = datetime.datetime.fromisoformat(data)



                return closes_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        closes_at = _parse_closes_at(d.pop("closes_at"))


        def _parse_closed_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                closed_at_type_0 = datetime.datetime.fromisoformat(data)



                return closed_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        closed_at = _parse_closed_at(d.pop("closed_at"))


        def _parse_link(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        link = _parse_link(d.pop("link"))


        wave_out = cls(
            id=id,
            survey=survey,
            number=number,
            state=state,
            paused=paused,
            opened_at=opened_at,
            closes_at=closes_at,
            closed_at=closed_at,
            link=link,
        )


        wave_out.additional_properties = d
        return wave_out

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
