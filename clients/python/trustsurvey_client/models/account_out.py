from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast
from uuid import UUID

if TYPE_CHECKING:
  from ..models.account_score_out import AccountScoreOut





T = TypeVar("T", bound="AccountOut")



@_attrs_define
class AccountOut:
    """ The public shape of something; in a body, a field it does not know is a fault.

        Attributes:
            number (str):
            participant (UUID):
            scores (list[AccountScoreOut]):
     """

    number: str
    participant: UUID
    scores: list[AccountScoreOut]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.account_score_out import AccountScoreOut # noqa: PLC0415
        number = self.number

        participant = str(self.participant)

        scores = []
        for scores_item_data in self.scores:
            scores_item = scores_item_data.to_dict()
            scores.append(scores_item)




        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "number": number,
            "participant": participant,
            "scores": scores,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.account_score_out import AccountScoreOut # noqa: PLC0415
        d = dict(src_dict)
        number = d.pop("number")

        participant = UUID(d.pop("participant"))




        scores = []
        _scores = d.pop("scores")
        for scores_item_data in (_scores):
            scores_item = AccountScoreOut.from_dict(scores_item_data)



            scores.append(scores_item)


        account_out = cls(
            number=number,
            participant=participant,
            scores=scores,
        )


        account_out.additional_properties = d
        return account_out

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
