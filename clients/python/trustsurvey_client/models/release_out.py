from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast
import datetime

if TYPE_CHECKING:
  from ..models.release_out_parts import ReleaseOutParts
  from ..models.release_out_settings import ReleaseOutSettings
  from ..models.release_out_software import ReleaseOutSoftware





T = TypeVar("T", bound="ReleaseOut")



@_attrs_define
class ReleaseOut:
    """ A published release: what it is, and its parts as they were frozen.

    `parts` holds each part by its name, such as ``segments`` or ``trend/unit:...``, as
    far as the reader's role sees the section that shows it.

        Attributes:
            wave (int):
            number (int):
            published_at (datetime.datetime):
            input_sha256 (str):
            digest (str):
            settings (ReleaseOutSettings):
            software (ReleaseOutSoftware):
            parts (ReleaseOutParts):
     """

    wave: int
    number: int
    published_at: datetime.datetime
    input_sha256: str
    digest: str
    settings: ReleaseOutSettings
    software: ReleaseOutSoftware
    parts: ReleaseOutParts
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.release_out_parts import ReleaseOutParts # noqa: PLC0415
        from ..models.release_out_settings import ReleaseOutSettings # noqa: PLC0415
        from ..models.release_out_software import ReleaseOutSoftware # noqa: PLC0415
        wave = self.wave

        number = self.number

        published_at = self.published_at.isoformat()

        input_sha256 = self.input_sha256

        digest = self.digest

        settings = self.settings.to_dict()

        software = self.software.to_dict()

        parts = self.parts.to_dict()


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "wave": wave,
            "number": number,
            "published_at": published_at,
            "input_sha256": input_sha256,
            "digest": digest,
            "settings": settings,
            "software": software,
            "parts": parts,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.release_out_parts import ReleaseOutParts # noqa: PLC0415
        from ..models.release_out_settings import ReleaseOutSettings # noqa: PLC0415
        from ..models.release_out_software import ReleaseOutSoftware # noqa: PLC0415
        d = dict(src_dict)
        wave = d.pop("wave")

        number = d.pop("number")

        published_at = datetime.datetime.fromisoformat(d.pop("published_at"))




        input_sha256 = d.pop("input_sha256")

        digest = d.pop("digest")

        settings = ReleaseOutSettings.from_dict(d.pop("settings"))




        software = ReleaseOutSoftware.from_dict(d.pop("software"))




        parts = ReleaseOutParts.from_dict(d.pop("parts"))




        release_out = cls(
            wave=wave,
            number=number,
            published_at=published_at,
            input_sha256=input_sha256,
            digest=digest,
            settings=settings,
            software=software,
            parts=parts,
        )


        release_out.additional_properties = d
        return release_out

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
