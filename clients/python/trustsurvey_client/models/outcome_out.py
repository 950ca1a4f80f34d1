from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.criterion_kind_enum import CriterionKindEnum
from ..models.direction_enum import DirectionEnum
from typing import cast
from uuid import UUID

if TYPE_CHECKING:
  from ..models.bilingual import Bilingual





T = TypeVar("T", bound="OutcomeOut")



@_attrs_define
class OutcomeOut:
    """ Something that is known of people, by date.

        Attributes:
            id (UUID):
            code (str):
            name (Bilingual): A text in both languages.
            kind (CriterionKindEnum):
            direction (DirectionEnum):
     """

    id: UUID
    code: str
    name: Bilingual
    kind: CriterionKindEnum
    direction: DirectionEnum
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.bilingual import Bilingual # noqa: PLC0415
        id = str(self.id)

        code = self.code

        name = self.name.to_dict()

        kind = self.kind.value

        direction = self.direction.value


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "id": id,
            "code": code,
            "name": name,
            "kind": kind,
            "direction": direction,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.bilingual import Bilingual # noqa: PLC0415
        d = dict(src_dict)
        id = UUID(d.pop("id"))




        code = d.pop("code")

        name = Bilingual.from_dict(d.pop("name"))




        kind = CriterionKindEnum(d.pop("kind"))




        direction = DirectionEnum(d.pop("direction"))




        outcome_out = cls(
            id=id,
            code=code,
            name=name,
            kind=kind,
            direction=direction,
        )


        outcome_out.additional_properties = d
        return outcome_out

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
