from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast
from uuid import UUID

if TYPE_CHECKING:
  from ..models.participant_out_attributes import ParticipantOutAttributes





T = TypeVar("T", bound="ParticipantOut")



@_attrs_define
class ParticipantOut:
    """ Somebody who may be asked; `key` is your own number of the person.

        Attributes:
            id (UUID):
            key (str):
            email (str):
            phone (str):
            name (str):
            language (str):
            unit (None | UUID):
            attributes (ParticipantOutAttributes):
            active (bool):
            opted_out (bool):
            unreachable (bool):
     """

    id: UUID
    key: str
    email: str
    phone: str
    name: str
    language: str
    unit: None | UUID
    attributes: ParticipantOutAttributes
    active: bool
    opted_out: bool
    unreachable: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.participant_out_attributes import ParticipantOutAttributes # noqa: PLC0415
        id = str(self.id)

        key = self.key

        email = self.email

        phone = self.phone

        name = self.name

        language = self.language

        unit: None | str
        if isinstance(self.unit, UUID):
            unit = str(self.unit)
        else:
            unit = self.unit

        attributes = self.attributes.to_dict()

        active = self.active

        opted_out = self.opted_out

        unreachable = self.unreachable


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "id": id,
            "key": key,
            "email": email,
            "phone": phone,
            "name": name,
            "language": language,
            "unit": unit,
            "attributes": attributes,
            "active": active,
            "opted_out": opted_out,
            "unreachable": unreachable,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.participant_out_attributes import ParticipantOutAttributes # noqa: PLC0415
        d = dict(src_dict)
        id = UUID(d.pop("id"))




        key = d.pop("key")

        email = d.pop("email")

        phone = d.pop("phone")

        name = d.pop("name")

        language = d.pop("language")

        def _parse_unit(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                unit_type_0 = UUID(data)



                return unit_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        unit = _parse_unit(d.pop("unit"))


        attributes = ParticipantOutAttributes.from_dict(d.pop("attributes"))




        active = d.pop("active")

        opted_out = d.pop("opted_out")

        unreachable = d.pop("unreachable")

        participant_out = cls(
            id=id,
            key=key,
            email=email,
            phone=phone,
            name=name,
            language=language,
            unit=unit,
            attributes=attributes,
            active=active,
            opted_out=opted_out,
            unreachable=unreachable,
        )


        participant_out.additional_properties = d
        return participant_out

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
