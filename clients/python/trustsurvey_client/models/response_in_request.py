from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.language_enum import LanguageEnum
from ..types import UNSET, Unset
from typing import cast
from uuid import UUID

if TYPE_CHECKING:
  from ..models.response_in_request_answers import ResponseInRequestAnswers
  from ..models.response_in_request_texts import ResponseInRequestTexts





T = TypeVar("T", bound="ResponseInRequest")



@_attrs_define
class ResponseInRequest:
    """ One person's answers, coded as they are read; what is left out was skipped.

        Attributes:
            language (LanguageEnum):
            answers (ResponseInRequestAnswers):
            id (UUID | Unset): Identified: of the invitation. Open: a random UUID of yours, so that sending twice is one
                answer.
            texts (ResponseInRequestTexts | Unset):
            comment (str | Unset):
            consent (bool | Unset): That the person agreed to what the identified form says. Default: False.
     """

    language: LanguageEnum
    answers: ResponseInRequestAnswers
    id: UUID | Unset = UNSET
    texts: ResponseInRequestTexts | Unset = UNSET
    comment: str | Unset = UNSET
    consent: bool | Unset = False
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.response_in_request_answers import ResponseInRequestAnswers # noqa: PLC0415
        from ..models.response_in_request_texts import ResponseInRequestTexts # noqa: PLC0415
        language = self.language.value

        answers = self.answers.to_dict()

        id: str | Unset = UNSET
        if not isinstance(self.id, Unset):
            id = str(self.id)

        texts: dict[str, Any] | Unset = UNSET
        if not isinstance(self.texts, Unset):
            texts = self.texts.to_dict()

        comment = self.comment

        consent = self.consent


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "language": language,
            "answers": answers,
        })
        if id is not UNSET:
            field_dict["id"] = id
        if texts is not UNSET:
            field_dict["texts"] = texts
        if comment is not UNSET:
            field_dict["comment"] = comment
        if consent is not UNSET:
            field_dict["consent"] = consent

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.response_in_request_answers import ResponseInRequestAnswers # noqa: PLC0415
        from ..models.response_in_request_texts import ResponseInRequestTexts # noqa: PLC0415
        d = dict(src_dict)
        language = LanguageEnum(d.pop("language"))




        answers = ResponseInRequestAnswers.from_dict(d.pop("answers"))




        _id = d.pop("id", UNSET)
        id: UUID | Unset
        if isinstance(_id,  Unset):
            id = UNSET
        else:
            id = UUID(_id)




        _texts = d.pop("texts", UNSET)
        texts: ResponseInRequestTexts | Unset
        if isinstance(_texts,  Unset):
            texts = UNSET
        else:
            texts = ResponseInRequestTexts.from_dict(_texts)




        comment = d.pop("comment", UNSET)

        consent = d.pop("consent", UNSET)

        response_in_request = cls(
            language=language,
            answers=answers,
            id=id,
            texts=texts,
            comment=comment,
            consent=consent,
        )


        response_in_request.additional_properties = d
        return response_in_request

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
