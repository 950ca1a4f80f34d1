from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.channel_enum import ChannelEnum
from ..models.invitation_state_enum import InvitationStateEnum
from typing import cast
from uuid import UUID






T = TypeVar("T", bound="InvitationOut")



@_attrs_define
class InvitationOut:
    """ That somebody was asked and how. Of nobody it says whether they answered.

        Attributes:
            id (UUID):
            participant (None | UUID): Null once the person was erased.
            channel (ChannelEnum):
            state (InvitationStateEnum):
     """

    id: UUID
    participant: None | UUID
    channel: ChannelEnum
    state: InvitationStateEnum
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        participant: None | str
        if isinstance(self.participant, UUID):
            participant = str(self.participant)
        else:
            participant = self.participant

        channel = self.channel.value

        state = self.state.value


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "id": id,
            "participant": participant,
            "channel": channel,
            "state": state,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
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


        channel = ChannelEnum(d.pop("channel"))




        state = InvitationStateEnum(d.pop("state"))




        invitation_out = cls(
            id=id,
            participant=participant,
            channel=channel,
            state=state,
        )


        invitation_out.additional_properties = d
        return invitation_out

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
