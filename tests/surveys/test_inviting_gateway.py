"""What is sent to an address of somebody else's: signed, pinned, to public hosts only."""

import base64
import hashlib
import hmac
import json
import ssl
from pathlib import Path
from typing import Any

import pytest

from surveys.fieldwork import gateway, outbox
from surveys.fieldwork.gateway import AddressRefused, NotDelivered, Rejected, Target
from surveys.fieldwork.outbox import Tally, run
from surveys.models import Invitation, Sender, Survey
from surveys.tenancy import organization_scope
from tests.factories import NOW
from tests.receiver import house
from tests.surveys.asked import invitations, make_asked, messages

SECRET = gateway.new_secret()


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",  # where clouds keep their secrets
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "240.0.0.1",
        "::1",
        "fe80::1%eth0",
        "fc00::1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "nonsense",
    ],
)
def test_addresses_inside_a_house_are_not_public(address: str) -> None:
    assert not gateway.is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1"])
def test_addresses_of_the_internet_are(address: str) -> None:
    assert gateway.is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://sms.example.org/",
        "https://user:password@sms.example.org/",
        "https://sms.example.org:22/",
        "https:///nowhere",
        "https://sms.example.org:port/",
        "ftp://sms.example.org/",
    ],
)
def test_what_is_no_plain_https_address_is_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        gateway.target_of(url, resolve=lambda host, port: ["93.184.216.34"])


def test_one_private_address_among_public_ones_refuses_the_name() -> None:
    mixed = ["93.184.216.34", "10.0.0.1"]
    with pytest.raises(AddressRefused, match="not a public address"):
        gateway.target_of("https://sms.example.org/", resolve=lambda h, p: mixed)


def test_the_name_is_resolved_once_and_pinned() -> None:
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["93.184.216.34"] if len(asked) == 1 else ["127.0.0.1"]

    target = gateway.target_of("https://sms.example.org/a?b=c", resolve=resolve)
    assert target == Target("sms.example.org", 443, "/a?b=c", "93.184.216.34")
    assert asked == ["sms.example.org"]


def test_the_signature_is_that_of_the_standard() -> None:
    """Test vector of the reference library standardwebhooks (Python, 1.0.0)."""
    signed = gateway.signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1614265330,
        body=b'{"test": 2432232314}',
    )
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def post(target: Target, context: ssl.SSLContext | None) -> None:
    gateway.post_signed(
        target,
        {"text": "你好"},
        id="m1",
        secret=SECRET,
        timestamp=1_700_000_000,
        context=context,
    )


def test_what_arrives_is_signed_and_checks_out(tmp_path: Path) -> None:
    with house(tmp_path) as (server, target, trusting):
        post(target, trusting)
    ((headers, body),) = server.got
    assert json.loads(body) == {"text": "你好"}
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    said = b"m1.1700000000." + body
    made = base64.b64encode(hmac.new(key, said, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{made}"
    assert headers["webhook-id"] == "m1"
    assert headers["Host"].startswith("localhost")


@pytest.mark.parametrize(
    ("status", "raised"),
    [(302, NotDelivered), (500, NotDelivered), (429, NotDelivered), (422, Rejected)],
)
def test_redirects_are_not_followed_and_refusals_tell_apart(
    tmp_path: Path, status: int, raised: type[Exception]
) -> None:
    with house(tmp_path) as (server, target, trusting):
        server.status = status
        with pytest.raises(raised, match=str(status)):
            post(target, trusting)
        assert len(server.got) == 1


def test_a_certificate_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    with house(tmp_path) as (server, target, _):
        with pytest.raises(NotDelivered):
            post(target, None)
        assert server.got == []


def test_nobody_there_is_not_delivered() -> None:
    with pytest.raises(NotDelivered):
        post(Target("localhost", 1, "/", "127.0.0.1"), None)


def test_a_text_message_goes_through_the_gateway_once(
    database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[dict[str, Any], dict[str, Any]]] = []
    monkeypatch.setattr(gateway, "target_of", lambda url: Target("h", 443, "/", "1"))
    monkeypatch.setattr(
        gateway, "post_signed", lambda t, said, **more: sent.append((said, more))
    )
    wave = make_asked(Survey.Mode.OPEN, teams=(3,))
    with organization_scope(wave.organization_id):
        Invitation.objects.update(channel="phone")
        for one in Invitation.objects.select_related("participant"):
            assert one.participant is not None
            one.participant.phone = f"+86 {one.pk}"
            one.participant.save(update_fields=["phone"])
    # without a gateway they wait
    assert run(clock=lambda: NOW) == Tally()
    with organization_scope(wave.organization_id):
        made = Sender(
            organization_id=wave.organization_id, gateway_url="https://sms.example.org"
        )
        made.gateway_secret = gateway.sealed(SECRET, made)
        made.save()
    assert run(clock=lambda: NOW) == Tally(sent=3)
    assert run(clock=lambda: NOW) == Tally()
    assert {said["id"] for said, _ in sent} == {str(m.pk) for m in messages(wave)}
    assert {more["secret"] for _, more in sent} == {SECRET}
    phones = {o.participant.phone for o in invitations(wave) if o.participant}
    assert {said["phone"] for said, _ in sent} == phones
    assert all(f"/s/{wave.pk}/" in said["text"] for said, _ in sent)


def test_a_gateway_that_is_away_charges_no_message(
    database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(url: str) -> Target:
        raise NotDelivered("sms.example.org cannot be found now.")

    monkeypatch.setattr(gateway, "target_of", away)
    wave = make_asked(Survey.Mode.OPEN, teams=(3,))
    with organization_scope(wave.organization_id):
        Invitation.objects.update(channel="phone")
        for one in Invitation.objects.select_related("participant"):
            assert one.participant is not None
            one.participant.phone = "+86 1"
            one.participant.save(update_fields=["phone"])
        made = Sender(
            organization_id=wave.organization_id, gateway_url="https://sms.example.org"
        )
        made.gateway_secret = gateway.sealed(SECRET, made)
        made.save()
    assert run(clock=lambda: NOW).halted == "sms.example.org cannot be found now."
    assert {one.attempts for one in messages(wave)} == {0}
    assert {one.next_try_at for one in messages(wave)} == {NOW + outbox.HALTED}
