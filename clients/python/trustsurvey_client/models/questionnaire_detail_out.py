from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.questionnaire_kind_enum import QuestionnaireKindEnum
from typing import cast
from uuid import UUID

if TYPE_CHECKING:
  from ..models.bilingual import Bilingual
  from ..models.questionnaire_detail_out_definition import QuestionnaireDetailOutDefinition





T = TypeVar("T", bound="QuestionnaireDetailOut")



@_attrs_define
class QuestionnaireDetailOut:
    """ A version with everything it asks, as the editor's JSON.

        Attributes:
            id (UUID):
            code (str):
            version (int):
            kind (QuestionnaireKindEnum):
            own (bool): Of your organization, not the library's.
            name (Bilingual): A text in both languages.
            evidence_level (str):
            digest (str): sha256 of what it says.
            definition (QuestionnaireDetailOutDefinition):
     """

    id: UUID
    code: str
    version: int
    kind: QuestionnaireKindEnum
    own: bool
    name: Bilingual
    evidence_level: str
    digest: str
    definition: QuestionnaireDetailOutDefinition
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.bilingual import Bilingual # noqa: PLC0415
        from ..models.questionnaire_detail_out_definition import QuestionnaireDetailOutDefinition # noqa: PLC0415
        id = str(self.id)

        code = self.code

        version = self.version

        kind = self.kind.value

        own = self.own

        name = self.name.to_dict()

        evidence_level = self.evidence_level

        digest = self.digest

        definition = self.definition.to_dict()


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "id": id,
            "code": code,
            "version": version,
            "kind": kind,
            "own": own,
            "name": name,
            "evidence_level": evidence_level,
            "digest": digest,
            "definition": definition,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.bilingual import Bilingual # noqa: PLC0415
        from ..models.questionnaire_detail_out_definition import QuestionnaireDetailOutDefinition # noqa: PLC0415
        d = dict(src_dict)
        id = UUID(d.pop("id"))




        code = d.pop("code")

        version = d.pop("version")

        kind = QuestionnaireKindEnum(d.pop("kind"))




        own = d.pop("own")

        name = Bilingual.from_dict(d.pop("name"))




        evidence_level = d.pop("evidence_level")

        digest = d.pop("digest")

        definition = QuestionnaireDetailOutDefinition.from_dict(d.pop("definition"))




        questionnaire_detail_out = cls(
            id=id,
            code=code,
            version=version,
            kind=kind,
            own=own,
            name=name,
            evidence_level=evidence_level,
            digest=digest,
            definition=definition,
        )


        questionnaire_detail_out.additional_properties = d
        return questionnaire_detail_out

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
