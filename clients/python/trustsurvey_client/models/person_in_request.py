from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.blank_enum import BlankEnum
from ..models.language_enum import LanguageEnum
from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.person_in_request_attributes import PersonInRequestAttributes





T = TypeVar("T", bound="PersonInRequest")



@_attrs_define
class PersonInRequest:
    """ A person by number. What is left out stays; an empty text is taken away.

        Attributes:
            key (str):
            email (str | Unset):
            phone (str | Unset):
            name (str | Unset):
            language (BlankEnum | LanguageEnum | Unset):
            unit (str | Unset): Code of a unit that is there.
            attributes (PersonInRequestAttributes | Unset):
            active (bool | Unset):
     """

    key: str
    email: str | Unset = UNSET
    phone: str | Unset = UNSET
    name: str | Unset = UNSET
    language: BlankEnum | LanguageEnum | Unset = UNSET
    unit: str | Unset = UNSET
    attributes: PersonInRequestAttributes | Unset = UNSET
    active: bool | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.person_in_request_attributes import PersonInRequestAttributes # noqa: PLC0415
        key = self.key

        email: str | Unset
        if isinstance(self.email, Unset):
            email = UNSET
        else:
            email = self.email

        phone = self.phone

        name = self.name

        language: str | Unset
        if isinstance(self.language, Unset):
            language = UNSET
        elif isinstance(self.language, LanguageEnum):
            language = self.language.value
        else:
            language = self.language.value


        unit = self.unit

        attributes: dict[str, Any] | Unset = UNSET
        if not isinstance(self.attributes, Unset):
            attributes = self.attributes.to_dict()

        active = self.active


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "key": key,
        })
        if email is not UNSET:
            field_dict["email"] = email
        if phone is not UNSET:
            field_dict["phone"] = phone
        if name is not UNSET:
            field_dict["name"] = name
        if language is not UNSET:
            field_dict["language"] = language
        if unit is not UNSET:
            field_dict["unit"] = unit
        if attributes is not UNSET:
            field_dict["attributes"] = attributes
        if active is not UNSET:
            field_dict["active"] = active

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.person_in_request_attributes import PersonInRequestAttributes # noqa: PLC0415
        d = dict(src_dict)
        key = d.pop("key")

        def _parse_email(data: object) -> str | Unset:
            if isinstance(data, Unset):
                return data
            return cast(str | Unset, data)

        email = _parse_email(d.pop("email", UNSET))


        phone = d.pop("phone", UNSET)

        name = d.pop("name", UNSET)

        def _parse_language(data: object) -> BlankEnum | LanguageEnum | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                language_type_0 = LanguageEnum(data)



                return language_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, str):
                raise TypeError()
            language_type_1 = BlankEnum(data)



            return language_type_1

        language = _parse_language(d.pop("language", UNSET))


        unit = d.pop("unit", UNSET)

        _attributes = d.pop("attributes", UNSET)
        attributes: PersonInRequestAttributes | Unset
        if isinstance(_attributes,  Unset):
            attributes = UNSET
        else:
            attributes = PersonInRequestAttributes.from_dict(_attributes)




        active = d.pop("active", UNSET)

        person_in_request = cls(
            key=key,
            email=email,
            phone=phone,
            name=name,
            language=language,
            unit=unit,
            attributes=attributes,
            active=active,
        )


        person_in_request.additional_properties = d
        return person_in_request

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
