"""The mail about an alarm: whom it concerns, and what it tells them.

It tells what the page tells, no more: alarms are of published scores only, a manager
hears of the own units, and who may not see the trend gets the link alone.
"""

import json
from collections.abc import Sequence
from typing import Any, Final, TypeVar, cast

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from analytics import plain
from analytics.alarms import Alarm, AlarmsPart
from analytics.models import Release, ReleasePart
from analytics.plan import Text
from analytics.release_parts import SegmentsPart
from analytics.release_sections.alarm_words import alarm_sentence
from analytics.sentences import label
from surveys.definition import LANGUAGES
from surveys.fieldwork.texts import SEPARATOR, Mail
from surveys.models import Membership
from surveys.models.managers import Section
from surveys.models.people import Role
from surveys.reading import managed_cells, sections_of

MOST_LINES: Final = 10
Kind = TypeVar("Kind", AlarmsPart, SegmentsPart)
HTML_LANGUAGES: Final = {"en": "en", "zh-hans": "zh-Hans"}


def alarms_for(release: Release, membership: Membership) -> tuple[Alarm, ...]:
    """Return the alarms of a release that concern a member."""
    part = _part(release, "alarms", AlarmsPart)
    if part is None or not part.fired or membership.role != Role.MANAGER:
        return () if part is None else part.fired
    segments = _part(release, "segments", SegmentsPart)
    own = {str(line[0]) for line in managed_cells(membership, release.wave)}
    if segments is None or Section.TREND not in sections_of(membership):
        return ()
    keys = {one.key for one in segments.segments if one.cell in own}
    return tuple(one for one in part.fired if one.segment in keys)


def alarm_mail(release: Release, membership: Membership, language: str) -> Mail:
    """Write the mail in one language, or in both where `language` is empty."""
    wave = release.wave
    title = Text(wave.survey.title_en, wave.survey.title_zh_hans)
    part = _part(release, "alarms", AlarmsPart)
    tells = part is not None and Section.TREND in sections_of(membership)
    fired = alarms_for(release, membership) if tells else ()
    before = (part.before if part else None) or 0
    languages: Sequence[str] = (language,) if language else LANGUAGES
    subject = " / ".join(
        dict.fromkeys(
            label("alarm_mail_subject", one, survey=title) for one in languages
        )
    )
    link = settings.SITE_URL + reverse("analytics:release", args=[release.pk])
    bodies = [
        {
            "lang": HTML_LANGUAGES[one],
            "hello": label("alarm_mail_lead", one, survey=title, wave=wave.number),
            "lines": _lines(fired, before, one),
            "read": label("alarm_mail_link", one, link=""),
            "link": link,
            "why": label(
                "file_mail_why", one, organization=membership.organization.name
            ),
            "note": label("file_simulated", one) if wave.survey.simulated else "",
        }
        for one in languages
    ]
    text = SEPARATOR.join(_plain(body) for body in bodies)
    html: SafeString = render_to_string(
        "analytics/mail/digest.html", {"bodies": bodies}
    )
    return Mail(subject, text, html)


def _lines(fired: Sequence[Alarm], before: int, language: str) -> list[tuple[str, str]]:
    """Return group and sentence of the first alarms, and how many more there are."""
    lines = [
        (one.name.in_language(language), alarm_sentence(one, before).text(language))
        for one in fired[:MOST_LINES]
    ]
    more = len(fired) - len(lines)
    if more:
        lines.append(("", label("alarm_mail_more", language, count=more)))
    return lines


def _plain(body: dict[str, Any]) -> str:
    told = [": ".join(filter(None, pair)) for pair in body["lines"]]
    read = f"{body['read']}{body['link']}"
    parts = [body["hello"], body["note"], "\n".join(told), read, body["why"]]
    return "\n\n".join(str(part) for part in parts if part)


def _part(release: Release, name: str, kind: type[Kind]) -> Kind | None:
    stored = ReleasePart.objects.filter(release=release, name=name)
    text = stored.values_list("content", flat=True).first()
    if text is None:
        return None
    return cast(Kind, plain.from_plain(kind, json.loads(text)))
