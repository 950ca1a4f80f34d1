from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.estimator_enum import EstimatorEnum
from ..types import UNSET, Unset






T = TypeVar("T", bound="EstimationInRequest")



@_attrs_define
class EstimationInRequest:
    """ How the factor model takes the items; without it, by the number of their points.

        Attributes:
            estimator (EstimatorEnum | Unset):  Default: EstimatorEnum.RULE.
     """

    estimator: EstimatorEnum | Unset = EstimatorEnum.RULE
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        estimator: str | Unset = UNSET
        if not isinstance(self.estimator, Unset):
            estimator = self.estimator.value



        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
        })
        if estimator is not UNSET:
            field_dict["estimator"] = estimator

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        _estimator = d.pop("estimator", UNSET)
        estimator: EstimatorEnum | Unset
        if isinstance(_estimator,  Unset):
            estimator = UNSET
        else:
            estimator = EstimatorEnum(_estimator)




        estimation_in_request = cls(
            estimator=estimator,
        )


        estimation_in_request.additional_properties = d
        return estimation_in_request

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
