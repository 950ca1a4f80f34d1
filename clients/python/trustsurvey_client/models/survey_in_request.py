from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.language_enum import LanguageEnum
from ..models.mode_enum import ModeEnum
from ..models.referent_enum import ReferentEnum
from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.asked_in_request import AskedInRequest
  from ..models.bilingual_request import BilingualRequest





T = TypeVar("T", bound="SurveyInRequest")



@_attrs_define
class SurveyInRequest:
    """ What the guided page asks for. `referent` is a code, or `own_referent` is given.

        Attributes:
            title (BilingualRequest): A text in both languages.
            questionnaire (AskedInRequest): A published version to ask, and which part of it.
            mode (ModeEnum):
            outcomes (list[AskedInRequest] | Unset):
            referent (ReferentEnum | Unset):
            own_referent (BilingualRequest | Unset): A text in both languages.
            others (list[BilingualRequest] | Unset):
            languages (list[LanguageEnum] | Unset):
            comment (bool | Unset):  Default: True.
     """

    title: BilingualRequest
    questionnaire: AskedInRequest
    mode: ModeEnum
    outcomes: list[AskedInRequest] | Unset = UNSET
    referent: ReferentEnum | Unset = UNSET
    own_referent: BilingualRequest | Unset = UNSET
    others: list[BilingualRequest] | Unset = UNSET
    languages: list[LanguageEnum] | Unset = UNSET
    comment: bool | Unset = True
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.asked_in_request import AskedInRequest # noqa: PLC0415
        from ..models.bilingual_request import BilingualRequest # noqa: PLC0415
        title = self.title.to_dict()

        questionnaire = self.questionnaire.to_dict()

        mode = self.mode.value

        outcomes: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.outcomes, Unset):
            outcomes = []
            for outcomes_item_data in self.outcomes:
                outcomes_item = outcomes_item_data.to_dict()
                outcomes.append(outcomes_item)



        referent: str | Unset = UNSET
        if not isinstance(self.referent, Unset):
            referent = self.referent.value


        own_referent: dict[str, Any] | Unset = UNSET
        if not isinstance(self.own_referent, Unset):
            own_referent = self.own_referent.to_dict()

        others: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.others, Unset):
            others = []
            for others_item_data in self.others:
                others_item = others_item_data.to_dict()
                others.append(others_item)



        languages: list[str] | Unset = UNSET
        if not isinstance(self.languages, Unset):
            languages = []
            for languages_item_data in self.languages:
                languages_item = languages_item_data.value
                languages.append(languages_item)



        comment = self.comment


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "title": title,
            "questionnaire": questionnaire,
            "mode": mode,
        })
        if outcomes is not UNSET:
            field_dict["outcomes"] = outcomes
        if referent is not UNSET:
            field_dict["referent"] = referent
        if own_referent is not UNSET:
            field_dict["own_referent"] = own_referent
        if others is not UNSET:
            field_dict["others"] = others
        if languages is not UNSET:
            field_dict["languages"] = languages
        if comment is not UNSET:
            field_dict["comment"] = comment

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.asked_in_request import AskedInRequest # noqa: PLC0415
        from ..models.bilingual_request import BilingualRequest # noqa: PLC0415
        d = dict(src_dict)
        title = BilingualRequest.from_dict(d.pop("title"))




        questionnaire = AskedInRequest.from_dict(d.pop("questionnaire"))




        mode = ModeEnum(d.pop("mode"))




        _outcomes = d.pop("outcomes", UNSET)
        outcomes: list[AskedInRequest] | Unset = UNSET
        if _outcomes is not UNSET:
            outcomes = []
            for outcomes_item_data in _outcomes:
                outcomes_item = AskedInRequest.from_dict(outcomes_item_data)



                outcomes.append(outcomes_item)


        _referent = d.pop("referent", UNSET)
        referent: ReferentEnum | Unset
        if isinstance(_referent,  Unset):
            referent = UNSET
        else:
            referent = ReferentEnum(_referent)




        _own_referent = d.pop("own_referent", UNSET)
        own_referent: BilingualRequest | Unset
        if isinstance(_own_referent,  Unset):
            own_referent = UNSET
        else:
            own_referent = BilingualRequest.from_dict(_own_referent)




        _others = d.pop("others", UNSET)
        others: list[BilingualRequest] | Unset = UNSET
        if _others is not UNSET:
            others = []
            for others_item_data in _others:
                others_item = BilingualRequest.from_dict(others_item_data)



                others.append(others_item)


        _languages = d.pop("languages", UNSET)
        languages: list[LanguageEnum] | Unset = UNSET
        if _languages is not UNSET:
            languages = []
            for languages_item_data in _languages:
                languages_item = LanguageEnum(languages_item_data)



                languages.append(languages_item)


        comment = d.pop("comment", UNSET)

        survey_in_request = cls(
            title=title,
            questionnaire=questionnaire,
            mode=mode,
            outcomes=outcomes,
            referent=referent,
            own_referent=own_referent,
            others=others,
            languages=languages,
            comment=comment,
        )


        survey_in_request.additional_properties = d
        return survey_in_request

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
