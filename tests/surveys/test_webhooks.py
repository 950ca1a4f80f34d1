"""Other systems hear what happened: signed, again until they took it, to nobody else."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connections

from surveys import actions
from surveys.fieldwork import gateway
from surveys.fieldwork.gateway import Target
from surveys.models import (
    EventKind,
    Survey,
    Wave,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookEvent,
)
from surveys.tenancy import organization_scope
from surveys.webhooks import endpoints, sending
from surveys.webhooks.emitting import About, emit, emit_test
from surveys.webhooks.sending import MOST_TRIES, PAUSES, Tally
from surveys.webhooks.waves import emit_of_waves
from tests.factories import (
    NOW,
    close_for_good,
    make_organization,
    make_response,
    make_survey,
    make_wave,
)
from tests.receiver import House, house

URL = "https://crm.example.org/in"
EVERY = EventKind.values


def make_endpoint(
    organization_id: UUID, kinds: list[str] | None = None, at: datetime = NOW
) -> tuple[WebhookEndpoint, str]:
    with organization_scope(organization_id):
        return endpoints.create(
            organization_id=organization_id,
            url=URL,
            name="CRM",
            kinds=kinds or EVERY,
            at=at,
        )


def happened(organization_id: UUID, at: datetime = NOW) -> WebhookEvent | None:
    with organization_scope(organization_id):
        return emit(
            organization_id,
            EventKind.EXPORT_READY,
            uuid4(),
            About(survey=uuid4()),
            at=at,
        )


def deliveries(organization_id: UUID) -> list[WebhookDelivery]:
    with organization_scope(organization_id):
        return list(WebhookDelivery.objects.order_by("pk").select_related("endpoint"))


class Road:
    """A receiver, the way to it, and a clock that the test moves."""

    def __init__(self, server: House, target: Target, context: Any) -> None:
        self.server, self.target, self.context = server, target, context
        self.now = NOW

    def run(self) -> Tally:
        return sending.run(
            clock=lambda: self.now,
            find=lambda url: self.target,
            context=self.context,
        )


@contextmanager
def road(folder: Path) -> Iterator[Road]:
    with house(folder) as (server, target, context):
        yield Road(server, target, context)


def checks_out(headers: dict[str, str], body: bytes, secret: str) -> bool:
    made = gateway.signature(
        secret,
        id=headers["webhook-id"],
        timestamp=int(headers["webhook-timestamp"]),
        body=body,
    )
    return made in headers["webhook-signature"].split()


# ------------------------------------------------------------------ what is emitted


def test_nobody_who_asks_is_told_and_nothing_is_stored(database: None) -> None:
    organization = make_organization()
    make_endpoint(organization.pk, [EventKind.WAVE_CLOSED])
    assert happened(organization.pk) is None
    with organization_scope(organization.pk):
        assert not WebhookEvent.objects.exists()


def test_a_subject_is_told_once_however_often_it_is_emitted(database: None) -> None:
    organization = make_organization()
    make_endpoint(organization.pk)
    subject, told = uuid4(), About(survey=uuid4())
    kind = EventKind.ANALYSIS_FINISHED
    found = []
    for _ in range(2):
        with organization_scope(organization.pk):
            found.append(emit(organization.pk, kind, subject, told, at=NOW))
    assert found[0] is not None
    assert found[1] is None
    assert len(deliveries(organization.pk)) == 1


def test_an_event_holds_ids_and_the_mode_and_nothing_else(database: None) -> None:
    organization = make_organization()
    make_endpoint(organization.pk, at=NOW - timedelta(days=1))
    wave = make_wave(make_survey(organization, mode=Survey.Mode.ANONYMOUS))
    close_for_good(wave)
    assert emit_of_waves(NOW) == 2
    with organization_scope(organization.pk):
        stored = [json.loads(one.content) for one in WebhookEvent.objects.all()]
    assert {one["type"] for one in stored} == {"wave.opened", "wave.closed"}
    for said in stored:
        assert said == {
            "type": said["type"],
            "timestamp": NOW.isoformat(),
            "data": {
                "survey": str(wave.survey_id),
                "wave": str(wave.pk),
                "wave_number": 1,
                "mode": "anonymous",
                "simulated": False,
            },
        }


@pytest.mark.parametrize("mode", [Survey.Mode.OPEN, Survey.Mode.IDENTIFIED])
def test_an_answer_is_no_event_in_any_mode(database: None, mode: str) -> None:
    organization = make_organization()
    make_endpoint(organization.pk, at=NOW - timedelta(days=1))
    wave = make_wave(make_survey(organization, mode=mode))
    emit_of_waves(NOW)
    with organization_scope(organization.pk):
        before = WebhookEvent.objects.count()
    for _ in range(3):
        make_response(wave, [3] * wave.form.item_count)
    assert emit_of_waves(NOW) == 0
    with organization_scope(organization.pk):
        assert WebhookEvent.objects.count() == before


def test_a_promised_wave_has_ended_after_its_grace_only(database: None) -> None:
    organization = make_organization()
    make_endpoint(organization.pk, [EventKind.WAVE_CLOSED])
    wave = make_wave(make_survey(organization, mode=Survey.Mode.ANONYMOUS))
    with organization_scope(organization.pk):
        Wave.objects.filter(pk=wave.pk).update(state="grace", closed_at=NOW)
    assert emit_of_waves(NOW) == 0
    close_for_good(wave)
    assert emit_of_waves(NOW) == 1
    assert emit_of_waves(NOW) == 0


def test_what_happened_before_anybody_asked_is_not_told(database: None) -> None:
    organization = make_organization()
    survey = make_survey(organization)
    wave = make_wave(survey)
    make_endpoint(organization.pk, at=NOW + timedelta(days=1))
    assert emit_of_waves(NOW) == 0
    with organization_scope(organization.pk):
        actions.close_wave(wave_id=wave.pk, at=NOW + timedelta(days=2))
    assert emit_of_waves(NOW) == 1  # the end alone


def test_events_of_others_are_not_ours(database: None) -> None:
    ours, theirs = make_organization(), make_organization("Hill Coffee")
    make_endpoint(ours.pk)
    make_endpoint(theirs.pk)
    happened(theirs.pk)
    assert deliveries(ours.pk) == []
    assert len(deliveries(theirs.pk)) == 1


# ---------------------------------------------------------------- how it is sent


def test_a_message_arrives_signed_under_the_id_of_its_event(
    database: None, tmp_path: Path
) -> None:
    organization = make_organization()
    _, secret = make_endpoint(organization.pk)
    event = happened(organization.pk)
    with road(tmp_path) as way:
        assert way.run() == Tally(delivered=1)
        assert way.run() == Tally()
        ((headers, body),) = way.server.got
    assert event is not None
    assert headers["webhook-id"] == str(event.pk)
    assert json.loads(body)["type"] == "export.ready"
    assert checks_out(headers, body, secret)
    assert not checks_out(headers, body + b" ", secret)
    (delivery,) = deliveries(organization.pk)
    assert delivery.state == "delivered"
    assert delivery.log == [{"at": NOW.isoformat(), "status": 200, "answer": ""}]


def test_both_secrets_sign_for_a_day_after_a_change(
    database: None, tmp_path: Path
) -> None:
    organization = make_organization()
    endpoint, former = make_endpoint(organization.pk)
    with organization_scope(organization.pk):
        secret = endpoints.change_secret(endpoint, at=NOW)
    with road(tmp_path) as way:
        for hours in (0, 23, 24):
            way.now = NOW + timedelta(hours=hours)
            happened(organization.pk, way.now)
            way.run()
        by = [
            [checks_out(headers, body, one) for one in (secret, former)]
            for headers, body in way.server.got
        ]
    assert by == [[True, True], [True, True], [True, False]]
    assert bytes(endpoint.secret).find(secret.encode()) == -1


def test_it_is_tried_eight_times_over_a_day_and_then_stopped(
    database: None, tmp_path: Path
) -> None:
    organization = make_organization()
    make_endpoint(organization.pk)
    happened(organization.pk)
    with road(tmp_path) as way:
        way.server.status, way.server.text = 500, "出错了\n".encode() * 200
        for place in range(MOST_TRIES):
            assert way.run().later == (place < MOST_TRIES - 1)
            assert way.run() == Tally()  # not before its time
            way.now += PAUSES[min(place, len(PAUSES) - 1)]
        assert len(way.server.got) == MOST_TRIES == 8
        assert len({headers["webhook-id"] for headers, _ in way.server.got}) == 1
        (delivery,) = deliveries(organization.pk)
        assert delivery.state == "failed"
        assert len(delivery.log) == 8
        assert len(delivery.log[0]["answer"]) <= sending.LONGEST_ANSWER
        assert delivery.endpoint.state == "disabled"
        # what comes meanwhile waits, and goes once the owner lets it
        happened(organization.pk, way.now)
        assert way.run() == Tally()
        way.server.status = 204
        with organization_scope(organization.pk):
            endpoints.switch(delivery.endpoint, on=True, at=way.now)
        assert way.run() == Tally(delivered=1)


def test_an_endpoint_that_took_others_meanwhile_goes_on(
    database: None, tmp_path: Path
) -> None:
    organization = make_organization()
    make_endpoint(organization.pk)
    happened(organization.pk)
    with road(tmp_path) as way:
        for place in range(MOST_TRIES):
            way.server.status = 500
            way.run()
            if place == 3:
                way.server.status = 200
                happened(organization.pk, way.now)
                way.run()
            way.now += PAUSES[min(place, len(PAUSES) - 1)]
    states = {one.state: one.endpoint.state for one in deliveries(organization.pk)}
    assert states == {"failed": "on", "delivered": "on"}


def test_who_is_gone_is_stopped_at_once(database: None, tmp_path: Path) -> None:
    organization = make_organization()
    make_endpoint(organization.pk)
    happened(organization.pk)
    with road(tmp_path) as way:
        way.server.status = 410
        assert way.run() == Tally(failed=1)
    assert deliveries(organization.pk)[0].endpoint.state == "disabled"


def test_a_redirect_is_an_answer_and_is_not_followed(
    database: None, tmp_path: Path
) -> None:
    organization = make_organization()
    make_endpoint(organization.pk)
    happened(organization.pk)
    with road(tmp_path) as way:
        way.server.status = 302
        assert way.run() == Tally(later=1)
        assert len(way.server.got) == 1


def test_a_cut_reply_is_sent_again_under_the_same_id(
    database: None, tmp_path: Path
) -> None:
    organization = make_organization()
    make_endpoint(organization.pk)
    happened(organization.pk)
    with road(tmp_path) as way:
        way.server.silent = True
        assert way.run() == Tally(later=1)
        way.server.silent = False
        way.now += PAUSES[0]
        assert way.run() == Tally(delivered=1)
        first, second = way.server.got
    assert first[1] == second[1]
    assert first[0]["webhook-id"] == second[0]["webhook-id"]


def test_a_worker_that_died_leaves_the_message_to_the_next(
    database: None, tmp_path: Path
) -> None:
    organization = make_organization()
    make_endpoint(organization.pk)
    happened(organization.pk)
    with organization_scope(organization.pk):
        WebhookDelivery.objects.update(state="sending", next_try_at=NOW + sending.LEASE)
    with road(tmp_path) as way:
        assert way.run() == Tally()
        way.now += sending.LEASE
        assert way.run() == Tally(delivered=1)


def test_two_workers_send_a_message_once(database: None, tmp_path: Path) -> None:
    organization = make_organization()
    make_endpoint(organization.pk)
    for _ in range(6):
        happened(organization.pk)
    with road(tmp_path) as way:

        def work() -> None:
            way.run()
            connections.close_all()

        workers = [threading.Thread(target=work) for _ in range(2)]
        for one in workers:
            one.start()
        for one in workers:
            one.join()
        ids = [headers["webhook-id"] for headers, _ in way.server.got]
    assert len(ids) == len(set(ids)) == 6


def test_who_does_not_answer_waits_while_the_others_have_their_turn(
    database: None, tmp_path: Path
) -> None:
    dead, alive = make_organization(), make_organization("Hill Coffee")
    for one in (dead, alive):
        make_endpoint(one.pk)
        for _ in range(3):
            happened(one.pk)
    with organization_scope(dead.pk):
        WebhookEndpoint.objects.update(url="https://dead.example.org/")
    asked: list[str] = []
    with house(tmp_path) as (server, target, context):

        def find(url: str) -> Target:
            asked.append(url)
            if "dead" in url:
                raise gateway.NotDelivered("dead.example.org cannot be found now.")
            return target

        tally = sending.run(clock=lambda: NOW, find=find, context=context)
    assert len(server.got) == 3
    assert tally == Tally(delivered=3, later=1)
    assert asked.count("https://dead.example.org/") == 1
    charged = sorted(one.attempts for one in deliveries(dead.pk))
    assert charged == [0, 0, 1]


def test_a_test_message_says_nothing_and_sending_again_keeps_the_id(
    database: None, tmp_path: Path
) -> None:
    organization = make_organization()
    endpoint, _ = make_endpoint(organization.pk)
    with organization_scope(organization.pk):
        emit_test(endpoint, at=NOW)
    with road(tmp_path) as way:
        way.run()
        (delivery,) = deliveries(organization.pk)
        with organization_scope(organization.pk):
            assert endpoints.send_again(delivery, at=NOW)
            assert not endpoints.send_again(delivery, at=NOW)
        assert way.run() == Tally(delivered=1)
        first, second = way.server.got
    assert json.loads(first[1])["data"] == {"endpoint": str(endpoint.pk)}
    assert first[0]["webhook-id"] == second[0]["webhook-id"]
    assert len(deliveries(organization.pk)[0].log) == 2


def test_old_deliveries_are_forgotten_and_their_events_stay_told(
    database: None,
) -> None:
    organization = make_organization()
    make_endpoint(organization.pk, at=NOW - timedelta(days=1))
    make_wave(make_survey(organization))
    assert emit_of_waves(NOW) == 1
    assert sending.forget_old(NOW + sending.KEPT) == 0
    assert sending.forget_old(NOW + sending.KEPT + timedelta(seconds=1)) == 1
    assert emit_of_waves(NOW + timedelta(days=31)) == 0


# ------------------------------------------------------------- addresses of others


def test_a_name_that_turns_to_this_house_gains_nothing(
    database: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: public when it is checked, ours when it would be asked again."""
    organization = make_organization()
    make_endpoint(organization.pk)
    happened(organization.pk)
    connected: list[Any] = []

    def connect(address: Any, *rest: Any) -> Any:
        connected.append(address)
        raise OSError("the test lets nothing out")

    with road(tmp_path) as way:
        answers = iter([["93.184.216.34"], ["127.0.0.1"], ["127.0.0.1"]])
        monkeypatch.setattr(socket, "create_connection", connect)
        tally = sending.run(
            clock=lambda: NOW,
            find=lambda url: gateway.target_of(
                url, resolve=lambda host, port: next(answers)
            ),
            context=way.context,
        )
        assert way.server.got == []
    assert tally == Tally(later=1)
    # once, and to the address that was checked
    assert connected == [("93.184.216.34", 443)]
    assert next(answers) == ["127.0.0.1"]


@pytest.mark.parametrize("address", ["127.0.0.1", "169.254.169.254", "::ffff:10.0.0.1"])
def test_an_address_of_this_house_is_never_connected_to(
    database: None, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    organization = make_organization()
    make_endpoint(organization.pk)
    happened(organization.pk)
    monkeypatch.setattr(
        socket, "create_connection", lambda *a: pytest.fail("connected")
    )
    tally = sending.run(
        clock=lambda: NOW,
        find=lambda url: gateway.target_of(url, resolve=lambda h, p: [address]),
    )
    assert tally == Tally(later=1)
    (delivery,) = deliveries(organization.pk)
    assert delivery.log[0]["status"] == 0
    assert "not a public address" in delivery.log[0]["answer"]
