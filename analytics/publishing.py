"""From an ended wave to its published release; pages read what lies here at the end.

A release is asked for once (by the sweeper, or by an owner who wants another), built by
a job outside of any transaction, and published in one: parts, state and digest
together, and only what the auditor let through. What a dead worker left behind is
taken up again.
"""

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, cast
from uuid import UUID

from django.conf import settings
from django.db import connections, transaction
from django.db.models import Max

from analytics import plain
from analytics.actions import software_versions
from analytics.announcing import announce_release
from analytics.answers import reason_of
from analytics.border_rule import RULE, EstimatorChoice, settled
from analytics.export.microdata import rows_forbid
from analytics.mailing import queue as queue_mail
from analytics.models import Release, ReleaseMail, ReleasePart
from analytics.psychometrics import PsychometricsError
from analytics.release_making import (
    RULES_VERSION,
    Made,
    Publications,
    Refused,
    made_of,
)
from analytics.release_parts import BasisPart, WaveAnswers
from analytics.release_registry import SECTIONS, Material
from analytics.responses import load_wave_answers
from analytics.sentences import BadInput, Sentence, say
from analytics.tasks import build_release as job
from analytics.told import PART as PUBLICATION
from analytics.told import releases_told
from surveys import parts
from surveys.models import Promise, Survey, Wave
from surveys.models.promise import LEAST_FOR_SCORES
from surveys.tenancy import organization_scope

# A release that shows no sign of life after this long was left behind.
PATIENCE: Final = timedelta(minutes=15)
Clock = Callable[[], datetime]
State = Release.State

WANTED = """
SELECT w.organization_id, w.id FROM surveys_wave w
JOIN surveys_survey s ON (s.organization_id, s.id) = (w.organization_id, w.survey_id)
WHERE w.state = 'closed' AND (s.origin = 'collected' OR w.number < 0) AND NOT EXISTS (
    SELECT FROM analytics_release r
    WHERE (r.organization_id, r.wave_id) = (w.organization_id, w.id))
ORDER BY w.closed_at, w.id
"""
LEFT_BEHIND = """
SELECT organization_id, id FROM analytics_release
WHERE state IN ('queued', 'building') AND worked_at < %s ORDER BY requested_at, id
"""


class NotEnded(Exception):
    """Answers may still arrive, or are shown whole: there is nothing to release."""


def may_release(wave: Wave) -> bool:
    """Whether the wave is one of those that are released: past waves are as well."""
    collected = wave.survey.origin == Survey.Origin.COLLECTED
    return (collected or wave.is_brought) and wave.state == Wave.State.CLOSED


@transaction.atomic
def request_release(
    *, wave: Wave, at: datetime, estimator: EstimatorChoice = "rule"
) -> Release:
    """Store the wish and its job in one transaction; while one is under way, that one.

    `estimator` is of the factor model.

    Raises
    ------
    NotEnded
    """
    # the lock makes two wishes at once one release
    locked = Wave.objects.select_for_update(of=("self",)).select_related("survey")
    wave = locked.get(pk=wave.pk)
    if not may_release(wave):
        raise NotEnded
    releases = Release.objects.filter(wave=wave)
    if (release := releases.under_way().first()) is not None:
        return release
    last = releases.aggregate(last=Max("number"))["last"] or 0
    release = Release.objects.create(
        organization_id=wave.organization_id,
        wave=wave,
        number=last + 1,
        settings={**_settings(wave), "estimator": estimator},
        requested_at=at,
        worked_at=at,
    )
    _defer(release.organization_id, release.pk)
    return release


def _settings(wave: Wave) -> dict[str, int]:
    promise = Promise.objects.filter(wave=wave).first()
    return {
        "seed": settings.ANALYSIS_SEED,
        "least_for_scores": promise.least_for_scores if promise else LEAST_FOR_SCORES,
        "rules": RULES_VERSION,
    }


def _defer(organization_id: UUID, release_id: UUID) -> None:
    job.defer(organization_id=str(organization_id), release_id=str(release_id))


def publish_due(now: datetime) -> int:
    """Ask for a release of every ended wave that has none; take up what was left.

    Returns how many jobs were deferred. A wave whose release was refused or failed is
    asked for again by its owner only.
    """
    number = 0
    for organization_id, release_id in _asked(LEFT_BEHIND, [now - PATIENCE]):
        with organization_scope(organization_id):
            stuck = Release.objects.under_way().filter(
                pk=release_id, worked_at__lt=now - PATIENCE
            )
            if stuck.update(worked_at=now):
                _defer(organization_id, release_id)
                number += 1
    for organization_id, wave_id in _asked(WANTED, []):
        with organization_scope(organization_id):
            wave = Wave.objects.select_related("survey").get(pk=wave_id)
            if not Release.objects.filter(wave=wave).exists():
                request_release(wave=wave, at=now)
                number += 1
    return number


def _asked(query: str, values: list[Any]) -> list[tuple[UUID, UUID]]:
    """Ask over all organizations, as the owning role."""
    with connections[parts.MAIN].cursor() as cursor:
        cursor.execute(query, values)
        return cast(list[tuple[UUID, UUID]], cursor.fetchall())


def build_release(*, organization_id: UUID, release_id: UUID, clock: Clock) -> None:
    """Build a requested release and publish it, or keep why not.

    Safe to repeat: what is published, refused or failed stays as it is.
    """
    started = time.monotonic()
    with organization_scope(organization_id):
        wanted = Release.objects.under_way().filter(pk=release_id)
        if not wanted.update(state=State.BUILDING, progress=0, step=""):
            return
        release = wanted.select_related("wave__form", "wave__survey").get()
    ended = _Ended(release, started, clock)
    try:
        _progress_of(release, clock)("progress_release_read", 0.0)
        read = _read(release)
        made, texts = _made(release, read, clock)
    except Refused as refused:
        ended.without(State.REFUSED, refused.reason, read.now.sha256)
    except BadInput as refused:
        ended.without(State.REFUSED, refused.sentence)
    except PsychometricsError as error:
        ended.without(State.FAILED, reason_of(error))
    except Exception:
        ended.without(State.FAILED, say("release_stopped"))
        raise
    else:
        ended.published(made, texts, read.now.sha256)


@dataclass(frozen=True, slots=True)
class _Read:
    """Everything that a release is made from, read in one transaction."""

    now: WaveAnswers
    told: tuple[Publications, ...]
    earlier: tuple[BasisPart, ...]
    facts: Mapping[str, Any]


def _read(release: Release) -> _Read:
    wave = release.wave
    with organization_scope(release.organization_id):
        seed = int(release.settings["seed"])
        now = load_wave_answers(wave, wave.form.asked(), seed=seed)
        # releases asked for before there was a choice
        chosen = release.settings.get("estimator", RULE)
        now = replace(now, plan=settled(now.plan, estimator=chosen))
        return _Read(
            now,
            tuple(told for _, told in releases_told(wave)),
            _waves_before(wave),
            {section.name: section.read(wave, now) for section in SECTIONS},
        )


def _waves_before(wave: Wave) -> tuple[BasisPart, ...]:
    """Return the basis of the newest release of each earlier wave, oldest first."""
    known = ReleasePart.objects.filter(
        release__wave__survey=wave.survey_id,
        release__wave__number__lt=wave.number,
        release__state=State.PUBLISHED,
        name="basis",
    ).order_by("release__wave__number", "release__number")
    # of several releases of one wave the last stays
    by_wave = {part.release.wave_id: part for part in known.select_related("release")}
    return tuple(
        plain.from_plain(BasisPart, json.loads(part.content))
        for part in by_wave.values()
    )


def _made(release: Release, read: _Read, clock: Clock) -> tuple[Made, dict[str, str]]:
    """Compute every part, outside of any transaction, and write it as text."""
    tell = _progress_of(release, clock)
    made = made_of(
        read.now,
        least=int(release.settings["least_for_scores"]),
        earlier=read.told,
        software=software_versions(),
        tell=tell,
    )
    texts = {
        "segments": text_of(made.segments),
        "basis": text_of(made.basis),
        "audit": text_of(made.audit),
        PUBLICATION: text_of(made.publications),
    }
    if made.report is not None:
        texts["report"] = _dumped(made.report.to_json())
    material = Material(
        read.now, made.report, made.segments, made.basis, read.earlier, made.decision
    )
    tell("progress_release_sections", 0.85)
    for section in SECTIONS:
        built = section.build(material, read.facts[section.name])
        texts |= {name: text_of(part) for name, part in built.items()}
    return made, texts


def text_of(part: object) -> str:
    """Return a part, or the plain values of one, as it is stored."""
    return _dumped(plain.to_plain(part))


def _dumped(values: object) -> str:
    return json.dumps(values, ensure_ascii=False, allow_nan=False)


def _progress_of(release: Release, clock: Clock) -> Callable[[str, float], None]:
    """Write what is being done into its row, as a sign of life too."""

    def note(step: str, share: float) -> None:
        with organization_scope(release.organization_id):
            Release.objects.filter(pk=release.pk, state=State.BUILDING).update(
                step=step[:40], progress=min(99, int(100 * share)), worked_at=clock()
            )

    return note


@dataclass(frozen=True, slots=True)
class _Ended:
    """Writes how the making of a release ended, unless another worker did so before."""

    release: Release
    started: float
    clock: Clock

    def published(
        self, made: Made, texts: Mapping[str, str], input_sha256: str
    ) -> None:
        """Store parts and state in one transaction."""
        release = self.release
        with organization_scope(release.organization_id):
            if not self._is_still_building() or self._is_forbidden(made, input_sha256):
                return
            ReleasePart.objects.bulk_create(
                ReleasePart(
                    organization_id=release.organization_id,
                    release=release,
                    name=name,
                    content=text,
                )
                for name, text in texts.items()
            )
            self._finish(
                state=State.PUBLISHED,
                audited=made.audit.passed,
                digest=digest_of(texts),
                published_at=self.clock(),
                input_sha256=input_sha256,
            )
            if release.wave.is_brought:
                # news of long ago is nobody's mail; the trend of today changes
                _release_again(release.wave, at=self.clock())
                return
            announce_release(release, texts, at=self.clock())
            queue_mail(release, ReleaseMail.Kind.DIGEST, at=self.clock())
            queue_mail(release, ReleaseMail.Kind.ALARM, at=self.clock())

    def without(
        self, state: Release.State, reason: Sentence, input_sha256: str = ""
    ) -> None:
        """Store why there is nothing to see."""
        with organization_scope(self.release.organization_id):
            if self._is_still_building():
                self._finish_without(state, reason, input_sha256)

    def _finish_without(
        self, state: Release.State, reason: Sentence, input_sha256: str
    ) -> None:
        text = json.dumps(reason.to_plain(), ensure_ascii=False)
        self._finish(state=state, reason=text, input_sha256=input_sha256)

    def _is_forbidden(self, made: Made, input_sha256: str) -> bool:
        """Refuse it where rows of the wave have left that it must not stand beside.

        The lock is that of `export.job`: one of the two sees the other.
        """
        wave = Wave.objects.select_for_update(no_key=True, of=("self",))
        wave_now = wave.select_related("survey").get(pk=self.release.wave_id)
        if not rows_forbid(wave_now, made.publications.all):
            return False
        reason = say("release_rows_left")
        self._finish_without(State.REFUSED, reason, input_sha256)
        return True

    def _is_still_building(self) -> bool:
        locked = Release.objects.select_for_update().get(pk=self.release.pk)
        return locked.state == State.BUILDING

    def _finish(self, **values: Any) -> None:
        Release.objects.filter(pk=self.release.pk).update(
            progress=100,
            step="",
            software=software_versions(),
            seconds=time.monotonic() - self.started,
            worked_at=self.clock(),
            **values,
        )


def _release_again(brought: Wave, *, at: datetime) -> None:
    """Ask for the newest release of the survey once more, after the last past wave."""
    waves = Wave.objects.filter(survey=brought.survey_id)
    waiting = waves.filter(number__lt=0).exclude(
        releases__state__in=[State.PUBLISHED, State.REFUSED, State.FAILED]
    )
    if waiting.exclude(pk=brought.pk).exists():
        return
    told = waves.filter(releases__state=State.PUBLISHED).newest_first()
    newest = told.exclude(pk=brought.pk).first()
    if newest is not None and newest.number > brought.number:
        request_release(wave=newest, at=at)


def digest_of(texts: Mapping[str, str]) -> str:
    """Return the sha256 of the parts of a release, by their names and contents."""
    digest = hashlib.sha256()
    for name, text in sorted(texts.items()):
        digest.update(f"{name}\n{len(text)}\n{text}".encode())
    return digest.hexdigest()
