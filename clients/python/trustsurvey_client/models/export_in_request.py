from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.export_kind_enum import ExportKindEnum
from ..models.format_enum import FormatEnum
from ..models.language_enum import LanguageEnum
from ..types import UNSET, Unset
from typing import cast






T = TypeVar("T", bound="ExportInRequest")



@_attrs_define
class ExportInRequest:
    """ What to take away. Anonymous surveys give checked microdata, never all rows.

        Attributes:
            kind (ExportKindEnum):
            format_ (FormatEnum):
            language (LanguageEnum | Unset):  Default: LanguageEnum.EN.
            waves (list[int] | Unset):
            raw (bool | Unset):  Default: True.
            keyed (bool | Unset):  Default: True.
            scores (bool | Unset):  Default: True.
     """

    kind: ExportKindEnum
    format_: FormatEnum
    language: LanguageEnum | Unset = LanguageEnum.EN
    waves: list[int] | Unset = UNSET
    raw: bool | Unset = True
    keyed: bool | Unset = True
    scores: bool | Unset = True
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        kind = self.kind.value

        format_ = self.format_.value

        language: str | Unset = UNSET
        if not isinstance(self.language, Unset):
            language = self.language.value


        waves: list[int] | Unset = UNSET
        if not isinstance(self.waves, Unset):
            waves = self.waves



        raw = self.raw

        keyed = self.keyed

        scores = self.scores


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "kind": kind,
            "format": format_,
        })
        if language is not UNSET:
            field_dict["language"] = language
        if waves is not UNSET:
            field_dict["waves"] = waves
        if raw is not UNSET:
            field_dict["raw"] = raw
        if keyed is not UNSET:
            field_dict["keyed"] = keyed
        if scores is not UNSET:
            field_dict["scores"] = scores

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        kind = ExportKindEnum(d.pop("kind"))




        format_ = FormatEnum(d.pop("format"))




        _language = d.pop("language", UNSET)
        language: LanguageEnum | Unset
        if isinstance(_language,  Unset):
            language = UNSET
        else:
            language = LanguageEnum(_language)




        waves = cast(list[int], d.pop("waves", UNSET))


        raw = d.pop("raw", UNSET)

        keyed = d.pop("keyed", UNSET)

        scores = d.pop("scores", UNSET)

        export_in_request = cls(
            kind=kind,
            format_=format_,
            language=language,
            waves=waves,
            raw=raw,
            keyed=keyed,
            scores=scores,
        )


        export_in_request.additional_properties = d
        return export_in_request

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
