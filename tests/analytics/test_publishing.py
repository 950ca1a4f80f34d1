"""From an ended wave to its release: asked once, made by a job, audited, frozen."""

import json
import threading
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.db import IntegrityError, connections
from django.urls import reverse
from django.utils import timezone

from analytics import plain
from analytics.audit_part import AuditPart
from analytics.disclosure import audit
from analytics.models import Release, ReleasePart
from analytics.publishing import (
    PATIENCE,
    NotEnded,
    build_release,
    digest_of,
    publish_due,
    request_release,
)
from analytics.release_making import Publications, made_of
from analytics.release_parts import EVERYONE, BasisPart, SegmentsPart
from analytics.sentences import Sentence
from surveys.models import Organization, Survey, Wave
from surveys.tenancy import organization_scope
from tests.factories import (
    NOW,
    close_for_good,
    make_member,
    make_survey,
    make_wave,
    signed_in,
)
from tests.jobs import run_waiting_jobs
from tests.released import answer_in, make_cells, make_release

pytestmark = pytest.mark.usefixtures("database")


def team_wave(
    *sizes: int, survey: Survey | None = None, seed: int = 1, mode: str = "anonymous"
) -> Wave:
    """End a wave in which so many of each team answered."""
    wave = make_wave(survey or make_survey(mode=mode))
    rows = [(f"Team {k}", 0, size + 8) for k, size in enumerate(sizes)]
    _, *teams = make_cells(wave, ("All", None, 0), *rows)
    random = Random(seed)
    for team, size in zip(teams, sizes, strict=True):
        for _ in range(size):
            answer_in(wave, team, plausible(wave, random))
    close_for_good(wave)
    with organization_scope(wave.organization_id):
        return Wave.objects.select_related("survey", "form").get(pk=wave.pk)


def plausible(wave: Wave, random: Random) -> list[int]:
    """Return answers of somebody: a level, more or less of each scale, and noise.

    Scales that agreed perfectly would have models of the factors search for long.
    """
    level, own = random.gauss(0, 1), dict[str, float]()
    found = []
    for item in wave.form.asked().items:
        middle, reach = (item.low + item.high) / 2, (item.high - item.low) / 4
        sign = -1 if item.reverse else 1
        of_scale = own.setdefault(item.scale, level + random.gauss(0, 0.7))
        point = round(middle + sign * reach * (of_scale + random.gauss(0, 0.6)) / 1.5)
        found.append(min(item.high, max(item.low, point)))
    return found


def ask(wave: Wave) -> Release:
    with organization_scope(wave.organization_id):
        return request_release(wave=wave, at=timezone.now())


def publish(wave: Wave) -> Release:
    release = ask(wave)
    run_waiting_jobs()
    with organization_scope(wave.organization_id):
        release.refresh_from_db()
    return release


def parts_of(release: Release) -> dict[str, Any]:
    with organization_scope(release.organization_id):
        found = ReleasePart.objects.filter(release=release)
        return {part.name: json.loads(part.content) for part in found}


def releases_of(wave: Wave) -> list[Release]:
    with organization_scope(wave.organization_id):
        return list(Release.objects.filter(wave=wave).newest_first())


def reason(release: Release) -> str:
    return Sentence.from_plain(json.loads(release.reason)).text("en")


@pytest.mark.parametrize(("chosen", "used"), [("", "MLMV"), ("ML", "ML")])
def test_a_release_takes_the_items_as_its_owner_chose(chosen: str, used: str) -> None:
    wave = team_wave(12, 9, 3)
    with organization_scope(wave.organization_id):
        organization = Organization.objects.get(pk=wave.organization_id)
    page = signed_in(make_member(organization))
    where = reverse("analytics:publish", args=[wave.pk])
    page.post(where, {"estimator": chosen} if chosen else {})
    run_waiting_jobs()
    (release,) = releases_of(wave)
    assert release.state == "published"
    assert parts_of(release)["report"]["settings"]["estimator"] == used
    assert parts_of(release)["report"]["cfa"]["estimator"] == used


def test_a_wave_becomes_a_release_through_the_real_queue() -> None:
    release = publish(team_wave(12, 9, 3))
    assert (release.state, release.reason) == ("published", "")
    assert release.audited
    assert release.number == 1
    texts = parts_of(release)
    assert {"report", "segments", "basis", "audit", "publication"} <= set(texts)
    assert {"trend", "alarms", "quality", "drivers", "comments"} <= set(texts)
    part: SegmentsPart = plain.from_plain(SegmentsPart, texts["segments"])
    shown = {one.name.en: one.answered for one in part.segments}
    assert shown["Everyone"] is not None
    assert shown["Everyone"].low == 24
    assert shown["Team 2"] is None
    attacked: AuditPart = plain.from_plain(AuditPart, texts["audit"])
    assert attacked.passed
    assert attacked.figures > 0


def test_the_digest_is_of_exactly_what_is_stored() -> None:
    release = publish(team_wave(9))
    with organization_scope(release.organization_id):
        texts = dict(
            ReleasePart.objects.filter(release=release).values_list("name", "content")
        )
    assert release.digest == digest_of(texts)
    assert digest_of({**texts, "report": "{}"}) != release.digest


def test_the_basis_holds_what_is_shown_and_nothing_else() -> None:
    texts = parts_of(publish(team_wave(12, 9, 3)))
    segments: SegmentsPart = plain.from_plain(SegmentsPart, texts["segments"])
    basis: BasisPart = plain.from_plain(BasisPart, texts["basis"])
    shown = {
        (one.key, code)
        for one in segments.segments
        for code, score in one.scores.items()
        if score.mean is not None
    }
    assert {(k, code) for k, codes in basis.moments.items() for code in codes} == shown
    for key, code in shown:
        one = segments.of(key)
        assert one is not None
        assert one.scores[code].mean == basis.moments[key][code].mean


def test_below_twenty_answers_there_are_scores_and_no_report() -> None:
    texts = parts_of(publish(team_wave(11)))
    assert not {"report", "quality", "drivers"} & set(texts)
    part: SegmentsPart = plain.from_plain(SegmentsPart, texts["segments"])
    everyone = part.of(EVERYONE)
    assert everyone is not None
    assert everyone.answered is not None
    assert (everyone.answered.low, everyone.answered.high) == (10, 14)
    assert any(score.mean is not None for score in everyone.scores.values())


@pytest.mark.parametrize("answered", [0, 4])
def test_too_few_answers_are_refused_with_the_number_needed(answered: int) -> None:
    release = publish(team_wave(answered))
    assert release.state == "refused"
    assert reason(release) == (
        f"{answered} people answered; results are shown from 5 answers on."
    )
    assert parts_of(release) == {}


def test_five_answers_are_enough() -> None:
    assert publish(team_wave(5)).state == "published"


def test_an_attack_that_succeeds_publishes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        "analytics.release_making.audit",
        lambda *args, **more: replace(audit(*args, **more), passed=False),
    )
    release = publish(team_wave(9))
    assert (release.state, release.audited) == ("refused", False)
    assert "attack on this release succeeded" in reason(release)
    assert parts_of(release) == {}


def test_an_error_of_ours_leaves_a_sentence_and_is_raised(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*args: object, **more: object) -> None:
        raise ZeroDivisionError

    wave = team_wave(9)
    release = ask(wave)
    monkeypatch.setattr("analytics.publishing.made_of", broken)
    with pytest.raises(ZeroDivisionError):
        build(release)
    (failed,) = releases_of(wave)
    assert failed.state == "failed"
    assert "stopped unexpectedly" in reason(failed)


def build(release: Release) -> None:
    build_release(
        organization_id=release.organization_id,
        release_id=release.pk,
        clock=timezone.now,
    )


def test_building_again_changes_nothing() -> None:
    wave = team_wave(9)
    release = ask(wave)
    build(release)
    first = releases_of(wave)[0]
    build(release)
    assert releases_of(wave)[0].worked_at == first.worked_at


def test_two_workers_at_one_release_publish_it_once() -> None:
    wave = team_wave(9)
    release = ask(wave)
    gate = threading.Barrier(2)
    problems: list[Exception] = []

    def work() -> None:
        gate.wait()
        try:
            build(release)
        except Exception as problem:
            problems.append(problem)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert problems == []
    (published,) = releases_of(wave)
    assert published.state == "published"
    with organization_scope(wave.organization_id):
        names = list(ReleasePart.objects.values_list("name", flat=True))
    assert len(names) == len(set(names))


def test_while_one_is_under_way_a_second_wish_gets_that_one() -> None:
    wave = team_wave(10)
    assert ask(wave).pk == ask(wave).pk


def test_released_again_it_gets_the_next_number_and_says_the_same() -> None:
    wave = team_wave(14, 8, 3)
    first, second = publish(wave), publish(wave)
    assert (first.number, second.number) == (1, 2)
    before, after = parts_of(first), parts_of(second)
    assert before["segments"] == after["segments"]
    assert after["audit"]["earlier"] == 1
    assert after["audit"]["passed"]


def test_what_a_withdrawn_release_told_still_counts() -> None:
    wave = team_wave(14, 8)
    first = publish(wave)
    with organization_scope(wave.organization_id):
        assert first.withdraw()
        assert not first.withdraw()
    assert parts_of(publish(wave))["audit"]["earlier"] == 1


def test_a_later_wave_reads_the_basis_of_the_one_before() -> None:
    survey = make_survey(mode=Survey.Mode.ANONYMOUS)
    publish(team_wave(14, 9, survey=survey))
    texts = parts_of(publish(team_wave(13, 10, survey=survey, seed=2)))
    scales = texts["trend"]["scales"]
    waves = {p["wave"] for one in scales.values() for p in one["points"]}
    assert waves == {1, 2}


def test_linked_people_are_followed_from_the_wave_before() -> None:
    survey = make_survey()
    with organization_scope(survey.organization_id):
        Survey.objects.filter(pk=survey.pk).update(links_waves=True)
        survey.refresh_from_db()
    found = [publish(_linked_wave(survey, seed)) for seed in (1, 2)]
    assert "linked" not in parts_of(found[0])
    linked = parts_of(found[1])["linked"]
    assert (linked["before"], linked["n"]) == (1, 20)


def _linked_wave(survey: Survey, seed: int) -> Wave:
    """End a wave in which the same 20 people answered."""
    wave = make_wave(survey)
    random = Random(seed)
    for person in range(20):
        answers = plausible(wave, random)
        answer_in(wave, None, answers, pseudonym=bytes([person]) * 32)
    close_for_good(wave)
    return wave


@pytest.mark.parametrize("state", ["open", "grace"])
def test_a_wave_that_may_still_get_answers_is_not_released(state: str) -> None:
    wave = make_wave(make_survey(mode=Survey.Mode.ANONYMOUS))
    closed = None if state == "open" else NOW
    with organization_scope(wave.organization_id):
        Wave.objects.filter(pk=wave.pk).update(state=state, closed_at=closed)
    with pytest.raises(NotEnded):
        ask(wave)
    assert publish_due(timezone.now()) == 0


def test_imported_answers_are_not_released() -> None:
    wave = make_wave(make_survey())
    close_for_good(wave)
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE surveys_survey DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE surveys_survey NO FORCE ROW LEVEL SECURITY")
        cursor.execute("UPDATE surveys_survey SET origin = 'imported'")
        cursor.execute("ALTER TABLE surveys_survey FORCE ROW LEVEL SECURITY")
        cursor.execute("ALTER TABLE surveys_survey ENABLE TRIGGER USER")
    assert publish_due(timezone.now()) == 0


def test_the_sweeper_asks_once_for_every_ended_wave() -> None:
    first, second = team_wave(6), team_wave(2)
    now = timezone.now()
    assert publish_due(now) == 2
    assert publish_due(now) == 0
    run_waiting_jobs()
    assert publish_due(timezone.now() + 2 * PATIENCE) == 0
    assert [r.state for r in releases_of(first)] == ["published"]
    assert [r.state for r in releases_of(second)] == ["refused"]


def test_what_a_killed_worker_left_behind_is_taken_up() -> None:
    wave = team_wave(8)
    release = ask(wave)
    late = timezone.now() - PATIENCE - timedelta(seconds=1)
    with organization_scope(wave.organization_id):
        Release.objects.update(state="building", worked_at=late)
    forget_jobs()
    assert publish_due(timezone.now()) == 1
    assert publish_due(timezone.now()) == 0
    run_waiting_jobs()
    (published,) = releases_of(wave)
    assert (published.pk, published.state) == (release.pk, "published")


def forget_jobs() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def test_a_published_release_never_changes() -> None:
    wave = make_wave(make_survey(mode=Survey.Mode.ANONYMOUS))
    release = make_release(wave, {"report": "{}"})
    for change in ({"digest": "1" * 64}, {"number": 2}, {"state": "building"}):
        with (
            pytest.raises(IntegrityError, match="release_is_frozen"),
            organization_scope(wave.organization_id),
        ):
            Release.objects.filter(pk=release.pk).update(**change)
    with organization_scope(wave.organization_id):
        assert Release.objects.published().count() == 1
        assert release.withdraw()
        assert Release.objects.published().count() == 0


def test_publications_are_read_back_as_they_were_written() -> None:
    texts = parts_of(publish(team_wave(12, 9)))
    found: Publications = plain.from_plain(Publications, texts["publication"])
    assert plain.to_plain(found) == texts["publication"]
    assert {piece.segment for one in found.all for piece in one.pieces} >= {EVERYONE}


def test_progress_is_shown_while_it_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    wave = team_wave(9)
    seen = []

    def watched(*args: Any, tell: Any, **more: Any) -> Any:
        def told(step: str, share: float) -> None:
            tell(step, share)
            (release,) = releases_of(wave)
            seen.append((release.state, release.step, release.progress))

        return made_of(*args, tell=told, **more)

    monkeypatch.setattr("analytics.publishing.made_of", watched)
    assert publish(wave).progress == 100
    steps = [step for _, step, _ in seen]
    assert steps[0] == "progress_release_decide"
    assert "progress_release_audit" in steps
    assert {state for state, _, _ in seen} == {"building"}
    progress = [share for _, _, share in seen]
    assert progress == sorted(progress)
