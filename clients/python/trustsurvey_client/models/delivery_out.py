from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.delivery_state_enum import DeliveryStateEnum
from typing import cast
from uuid import UUID
import datetime

if TYPE_CHECKING:
  from ..models.try_out import TryOut





T = TypeVar("T", bound="DeliveryOut")



@_attrs_define
class DeliveryOut:
    """ One message to one endpoint; `event` is its `webhook-id`.

        Attributes:
            id (UUID):
            event (UUID):
            kind (str):
            created_at (datetime.datetime):
            state (DeliveryStateEnum):
            delivered_at (datetime.datetime | None):
            tries (list[TryOut]):
     """

    id: UUID
    event: UUID
    kind: str
    created_at: datetime.datetime
    state: DeliveryStateEnum
    delivered_at: datetime.datetime | None
    tries: list[TryOut]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.try_out import TryOut # noqa: PLC0415
        id = str(self.id)

        event = str(self.event)

        kind = self.kind

        created_at = self.created_at.isoformat()

        state = self.state.value

        delivered_at: None | str
        if isinstance(self.delivered_at, datetime.datetime):
            delivered_at = self.delivered_at.isoformat()
        else:
            delivered_at = self.delivered_at

        tries = []
        for tries_item_data in self.tries:
            tries_item = tries_item_data.to_dict()
            tries.append(tries_item)




        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "id": id,
            "event": event,
            "kind": kind,
            "created_at": created_at,
            "state": state,
            "delivered_at": delivered_at,
            "tries": tries,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.try_out import TryOut # noqa: PLC0415
        d = dict(src_dict)
        id = UUID(d.pop("id"))




        event = UUID(d.pop("event"))




        kind = d.pop("kind")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))




        state = DeliveryStateEnum(d.pop("state"))




        def _parse_delivered_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                delivered_at_type_0 = datetime.datetime.fromisoformat(data)



                return delivered_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        delivered_at = _parse_delivered_at(d.pop("delivered_at"))


        tries = []
        _tries = d.pop("tries")
        for tries_item_data in (_tries):
            tries_item = TryOut.from_dict(tries_item_data)



            tries.append(tries_item)


        delivery_out = cls(
            id=id,
            event=event,
            kind=kind,
            created_at=created_at,
            state=state,
            delivered_at=delivered_at,
            tries=tries,
        )


        delivery_out.additional_properties = d
        return delivery_out

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
