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
  from ..models.survey_detail_out_form import SurveyDetailOutForm





T = TypeVar("T", bound="SurveyDetailOut")



@_attrs_define
class SurveyDetailOut:
    """ A study with what its next wave asks, item by item.

        Attributes:
            id (UUID):
            title (Bilingual): A text in both languages.
            mode (ModeEnum):
            origin (OriginEnum):
            simulated (bool):
            created_at (datetime.datetime):
            form (SurveyDetailOutForm):
            form_number (int):
     """

    id: UUID
    title: Bilingual
    mode: ModeEnum
    origin: OriginEnum
    simulated: bool
    created_at: datetime.datetime
    form: SurveyDetailOutForm
    form_number: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.bilingual import Bilingual # noqa: PLC0415
        from ..models.survey_detail_out_form import SurveyDetailOutForm # noqa: PLC0415
        id = str(self.id)

        title = self.title.to_dict()

        mode = self.mode.value

        origin = self.origin.value

        simulated = self.simulated

        created_at = self.created_at.isoformat()

        form = self.form.to_dict()

        form_number = self.form_number


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "id": id,
            "title": title,
            "mode": mode,
            "origin": origin,
            "simulated": simulated,
            "created_at": created_at,
            "form": form,
            "form_number": form_number,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.bilingual import Bilingual # noqa: PLC0415
        from ..models.survey_detail_out_form import SurveyDetailOutForm # noqa: PLC0415
        d = dict(src_dict)
        id = UUID(d.pop("id"))




        title = Bilingual.from_dict(d.pop("title"))




        mode = ModeEnum(d.pop("mode"))




        origin = OriginEnum(d.pop("origin"))




        simulated = d.pop("simulated")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))




        form = SurveyDetailOutForm.from_dict(d.pop("form"))




        form_number = d.pop("form_number")

        survey_detail_out = cls(
            id=id,
            title=title,
            mode=mode,
            origin=origin,
            simulated=simulated,
            created_at=created_at,
            form=form,
            form_number=form_number,
        )


        survey_detail_out.additional_properties = d
        return survey_detail_out

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
