from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast
from uuid import UUID

if TYPE_CHECKING:
  from ..models.account_out import AccountOut





T = TypeVar("T", bound="AccountsOut")



@_attrs_define
class AccountsOut:
    """ Everybody who answered the wave and is still known, by customer number.

        Attributes:
            wave (UUID):
            simulated (bool):
            accounts (list[AccountOut]):
     """

    wave: UUID
    simulated: bool
    accounts: list[AccountOut]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.account_out import AccountOut # noqa: PLC0415
        wave = str(self.wave)

        simulated = self.simulated

        accounts = []
        for accounts_item_data in self.accounts:
            accounts_item = accounts_item_data.to_dict()
            accounts.append(accounts_item)




        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "wave": wave,
            "simulated": simulated,
            "accounts": accounts,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.account_out import AccountOut # noqa: PLC0415
        d = dict(src_dict)
        wave = UUID(d.pop("wave"))




        simulated = d.pop("simulated")

        accounts = []
        _accounts = d.pop("accounts")
        for accounts_item_data in (_accounts):
            accounts_item = AccountOut.from_dict(accounts_item_data)



            accounts.append(accounts_item)


        accounts_out = cls(
            wave=wave,
            simulated=simulated,
            accounts=accounts,
        )


        accounts_out.additional_properties = d
        return accounts_out

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
