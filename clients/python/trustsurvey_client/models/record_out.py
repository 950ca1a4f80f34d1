from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.bilingual import Bilingual





T = TypeVar("T", bound="RecordOut")



@_attrs_define
class RecordOut:
    """ A published scale. What nobody checked yet is null.

        Attributes:
            id (str):
            name (Bilingual): A text in both languages.
            authors (list[str]):
            year (int):
            reference (str):
            doi (str):
            referents (list[str]):
            constructs (list[str]):
            items (int | None):
            languages (list[str]):
            licence (str):
     """

    id: str
    name: Bilingual
    authors: list[str]
    year: int
    reference: str
    doi: str
    referents: list[str]
    constructs: list[str]
    items: int | None
    languages: list[str]
    licence: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.bilingual import Bilingual # noqa: PLC0415
        id = self.id

        name = self.name.to_dict()

        authors = self.authors



        year = self.year

        reference = self.reference

        doi = self.doi

        referents = self.referents



        constructs = self.constructs



        items: int | None
        items = self.items

        languages = self.languages



        licence = self.licence


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "id": id,
            "name": name,
            "authors": authors,
            "year": year,
            "reference": reference,
            "doi": doi,
            "referents": referents,
            "constructs": constructs,
            "items": items,
            "languages": languages,
            "licence": licence,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.bilingual import Bilingual # noqa: PLC0415
        d = dict(src_dict)
        id = d.pop("id")

        name = Bilingual.from_dict(d.pop("name"))




        authors = cast(list[str], d.pop("authors"))


        year = d.pop("year")

        reference = d.pop("reference")

        doi = d.pop("doi")

        referents = cast(list[str], d.pop("referents"))


        constructs = cast(list[str], d.pop("constructs"))


        def _parse_items(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        items = _parse_items(d.pop("items"))


        languages = cast(list[str], d.pop("languages"))


        licence = d.pop("licence")

        record_out = cls(
            id=id,
            name=name,
            authors=authors,
            year=year,
            reference=reference,
            doi=doi,
            referents=referents,
            constructs=constructs,
            items=items,
            languages=languages,
            licence=licence,
        )


        record_out.additional_properties = d
        return record_out

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
