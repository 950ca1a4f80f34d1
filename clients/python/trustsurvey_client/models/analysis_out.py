from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.analysis_status_enum import AnalysisStatusEnum
from typing import cast
from uuid import UUID
import datetime






T = TypeVar("T", bound="AnalysisOut")



@_attrs_define
class AnalysisOut:
    """ One run over a wave of an identified or open survey.

        Attributes:
            id (UUID):
            wave (UUID):
            status (AnalysisStatusEnum):
            progress (int): Percent.
            requested_at (datetime.datetime):
            input_sha256 (str):
            reason (None | str): Why it failed.
     """

    id: UUID
    wave: UUID
    status: AnalysisStatusEnum
    progress: int
    requested_at: datetime.datetime
    input_sha256: str
    reason: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        wave = str(self.wave)

        status = self.status.value

        progress = self.progress

        requested_at = self.requested_at.isoformat()

        input_sha256 = self.input_sha256

        reason: None | str
        reason = self.reason


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "id": id,
            "wave": wave,
            "status": status,
            "progress": progress,
            "requested_at": requested_at,
            "input_sha256": input_sha256,
            "reason": reason,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))




        wave = UUID(d.pop("wave"))




        status = AnalysisStatusEnum(d.pop("status"))




        progress = d.pop("progress")

        requested_at = datetime.datetime.fromisoformat(d.pop("requested_at"))




        input_sha256 = d.pop("input_sha256")

        def _parse_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reason = _parse_reason(d.pop("reason"))


        analysis_out = cls(
            id=id,
            wave=wave,
            status=status,
            progress=progress,
            requested_at=requested_at,
            input_sha256=input_sha256,
            reason=reason,
        )


        analysis_out.additional_properties = d
        return analysis_out

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
