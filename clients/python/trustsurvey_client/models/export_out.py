from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.export_kind_enum import ExportKindEnum
from ..models.export_state_enum import ExportStateEnum
from ..models.format_enum import FormatEnum
from ..models.language_enum import LanguageEnum
from typing import cast
from uuid import UUID
import datetime






T = TypeVar("T", bound="ExportOut")



@_attrs_define
class ExportOut:
    """ A file that was asked for; `state` says how far it is.

        Attributes:
            id (UUID):
            survey (UUID):
            kind (ExportKindEnum):
            format_ (FormatEnum):
            language (LanguageEnum):
            waves (list[int]):
            state (ExportStateEnum):
            rows_done (int):
            rows (int | None):
            filename (str):
            size (int | None):
            sha256 (str):
            expires_at (datetime.datetime | None):
            reason (None | str): Why there is no file.
     """

    id: UUID
    survey: UUID
    kind: ExportKindEnum
    format_: FormatEnum
    language: LanguageEnum
    waves: list[int]
    state: ExportStateEnum
    rows_done: int
    rows: int | None
    filename: str
    size: int | None
    sha256: str
    expires_at: datetime.datetime | None
    reason: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        survey = str(self.survey)

        kind = self.kind.value

        format_ = self.format_.value

        language = self.language.value

        waves = self.waves



        state = self.state.value

        rows_done = self.rows_done

        rows: int | None
        rows = self.rows

        filename = self.filename

        size: int | None
        size = self.size

        sha256 = self.sha256

        expires_at: None | str
        if isinstance(self.expires_at, datetime.datetime):
            expires_at = self.expires_at.isoformat()
        else:
            expires_at = self.expires_at

        reason: None | str
        reason = self.reason


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "id": id,
            "survey": survey,
            "kind": kind,
            "format": format_,
            "language": language,
            "waves": waves,
            "state": state,
            "rows_done": rows_done,
            "rows": rows,
            "filename": filename,
            "size": size,
            "sha256": sha256,
            "expires_at": expires_at,
            "reason": reason,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))




        survey = UUID(d.pop("survey"))




        kind = ExportKindEnum(d.pop("kind"))




        format_ = FormatEnum(d.pop("format"))




        language = LanguageEnum(d.pop("language"))




        waves = cast(list[int], d.pop("waves"))


        state = ExportStateEnum(d.pop("state"))




        rows_done = d.pop("rows_done")

        def _parse_rows(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        rows = _parse_rows(d.pop("rows"))


        filename = d.pop("filename")

        def _parse_size(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        size = _parse_size(d.pop("size"))


        sha256 = d.pop("sha256")

        def _parse_expires_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                expires_at_type_0 = datetime.datetime.fromisoformat(data)



                return expires_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        expires_at = _parse_expires_at(d.pop("expires_at"))


        def _parse_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reason = _parse_reason(d.pop("reason"))


        export_out = cls(
            id=id,
            survey=survey,
            kind=kind,
            format_=format_,
            language=language,
            waves=waves,
            state=state,
            rows_done=rows_done,
            rows=rows,
            filename=filename,
            size=size,
            sha256=sha256,
            expires_at=expires_at,
            reason=reason,
        )


        export_out.additional_properties = d
        return export_out

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
