from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.mode_enum import ModeEnum
from ..models.origin_enum import OriginEnum
from typing import cast
from uuid import UUID
import datetime

if TYPE_CHECKING:
  from ..models.bilingual import Bilingual





T = TypeVar("T", bound="SurveyOut")



@_attrs_define
class SurveyOut:
    """ A study. Its mode never changes; simulated answers are never evidence.

        Attributes:
            id (UUID):
            title (Bilingual): A text in both languages.
            mode (ModeEnum):
            origin (OriginEnum):
            simulated (bool):
            created_at (datetime.datetime):
     """

    id: UUID
    title: Bilingual
    mode: ModeEnum
    origin: OriginEnum
    simulated: bool
    created_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.bilingual import Bilingual # noqa: PLC0415
        id = str(self.id)

        title = self.title.to_dict()

        mode = self.mode.value

        origin = self.origin.value

        simulated = self.simulated

        created_at = self.created_at.isoformat()


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "id": id,
            "title": title,
            "mode": mode,
            "origin": origin,
            "simulated": simulated,
            "created_at": created_at,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.bilingual import Bilingual # noqa: PLC0415
        d = dict(src_dict)
        id = UUID(d.pop("id"))




        title = Bilingual.from_dict(d.pop("title"))




        mode = ModeEnum(d.pop("mode"))




        origin = OriginEnum(d.pop("origin"))




        simulated = d.pop("simulated")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))




        survey_out = cls(
            id=id,
            title=title,
            mode=mode,
            origin=origin,
            simulated=simulated,
            created_at=created_at,
        )


        survey_out.additional_properties = d
        return survey_out

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
