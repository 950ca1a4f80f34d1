"""Waves with comments, and releases of them with notes beside, for tests."""

import json
from typing import Any

from analytics import comments, plain
from analytics.action_notes import Writing, write
from analytics.models import ActionNote, CommentTag, Release
from analytics.release_parts import Segment, SegmentsPart
from surveys.models import Comment, Membership, Organization, User, Wave
from surveys.tenancy import organization_scope
from tests.factories import (
    NOW,
    make_comment,
    make_responses,
    make_survey,
    make_wave,
)
from tests.released import make_release

WORDS = "Comment number"


def commented_wave(
    organization: Organization, number: int = 12, *, answers: int = 12
) -> Wave:
    """A wave with so many answers and comments: “Comment number 1.” and so on."""
    wave = make_wave(make_survey(organization))
    make_responses(wave, answers)
    for one in range(1, number + 1):
        make_comment(wave, f"{WORDS} {one}.")
    return wave


def release_of(wave: Wave, *, answers: int = 12, **parts: Any) -> Release:
    """Publish the comments of a wave, beside further parts."""
    with organization_scope(wave.organization_id):
        part = comments.part_of(wave, answered=answers)
    values = {"comments": part, **parts}
    texts = {name: json.dumps(plain.to_plain(value)) for name, value in values.items()}
    return make_release(wave, texts)


def make_tag(
    wave: Wave, name_en: str = "Workload", name_zh_hans: str = ""
) -> CommentTag:
    with organization_scope(wave.organization_id):
        return CommentTag.objects.create(
            organization_id=wave.organization_id,
            survey_id=wave.survey_id,
            name_en=name_en,
            name_zh_hans=name_zh_hans,
        )


def make_note(
    wave: Wave, segment: Segment, text: str = "Meet once a week.", **said: Any
) -> ActionNote:
    values = {"who": "", "until": None, "status": "planned", **said}
    with organization_scope(wave.organization_id):
        return write(
            wave, segment, Writing(text, **values), by="owner@example.org", at=NOW
        )


def comments_in(wave: Wave) -> list[Comment]:
    with organization_scope(wave.organization_id):
        found = Comment.objects.filter(wave=wave)
        return sorted(found, key=lambda one: int(one.text.split()[-1].rstrip(".")))


def member_of(organization: Organization, user: User) -> Membership:
    with organization_scope(organization.pk):
        return Membership.objects.select_related("organization").get(user=user)


def only(*segments: Segment) -> SegmentsPart:
    """The part of a release that holds these groups."""
    from tests.analytics.release_samples import segments_part

    return segments_part(segments)
