from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.language_enum import LanguageEnum
from typing import cast
from uuid import UUID

if TYPE_CHECKING:
  from ..models.response_out_answers import ResponseOutAnswers





T = TypeVar("T", bound="ResponseOut")



@_attrs_define
class ResponseOut:
    """ One person's answers by item: the point as shown, or why there is none.

    -1 skipped, -2 not applicable, -3 not shown. Reverse items stand as answered.

        Attributes:
            id (UUID):
            participant (None | UUID): Of identified surveys, until erased.
            language (LanguageEnum):
            answers (ResponseOutAnswers):
     """

    id: UUID
    participant: None | UUID
    language: LanguageEnum
    answers: ResponseOutAnswers
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.response_out_answers import ResponseOutAnswers # noqa: PLC0415
        id = str(self.id)

        participant: None | str
        if isinstance(self.participant, UUID):
            participant = str(self.participant)
        else:
            participant = self.participant

        language = self.language.value

        answers = self.answers.to_dict()


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "id": id,
            "participant": participant,
            "language": language,
            "answers": answers,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.response_out_answers import ResponseOutAnswers # noqa: PLC0415
        d = dict(src_dict)
        id = UUID(d.pop("id"))




        def _parse_participant(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                participant_type_0 = UUID(data)



                return participant_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        participant = _parse_participant(d.pop("participant"))


        language = LanguageEnum(d.pop("language"))




        answers = ResponseOutAnswers.from_dict(d.pop("answers"))




        response_out = cls(
            id=id,
            participant=participant,
            language=language,
            answers=answers,
        )


        response_out.additional_properties = d
        return response_out

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
