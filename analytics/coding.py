"""Code comments with tags: each coder alone, until the codings are shown to all.

Agreement is computed once, at that moment, and kept: what changes afterwards was no
longer decided independently.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from analytics import plain
from analytics.coding_agreement import Agreement, agreement_of
from analytics.models import CodedComment, CodingReveal, CommentCoding, CommentTag
from analytics.plan import Text
from surveys.models import Comment, Membership, Survey, Wave

Codings = dict[UUID, frozenset[UUID]]  # comment -> tags


class NothingToCompare(Exception):
    """No two people have coded the same comment."""

    def __init__(self, wave_id: UUID) -> None:
        super().__init__(
            f"No comment of wave {wave_id} was coded by two people: let a second person"
            " code some of them before the codings are shown."
        )


def tags_of(survey: Survey) -> list[CommentTag]:
    """Return the tags of a survey in the order of their names."""
    found = CommentTag.objects.filter(survey=survey)
    return sorted(found, key=lambda tag: tag.name("en").casefold())


@transaction.atomic
def code(comment: Comment, *, tags: Collection[CommentTag], by: Membership) -> None:
    """Say which tags a comment has in the eyes of one coder; none is an answer too."""
    same = {
        "organization_id": comment.organization_id,
        "wave_id": comment.wave_id,
        "comment_id": comment.id,
        "coder": by,
    }
    # two clicks at once wait here for each other
    Membership.objects.select_for_update().get(pk=by.pk)
    CodedComment.objects.filter(**same).delete()
    coded = CodedComment.objects.create(**same)
    CommentCoding.objects.bulk_create(
        CommentCoding(organization_id=comment.organization_id, coded=coded, tag=tag)
        for tag in tags
    )


def codings_of(
    wave: Wave, *, coder: Membership | None = None
) -> Mapping[UUID, Codings]:
    """Return coder -> comment -> tags, of everybody or of one."""
    decided = CodedComment.objects.filter(wave=wave)
    if coder is not None:
        decided = decided.filter(coder=coder)
    found: dict[UUID, dict[UUID, set[UUID]]] = {}
    by_id = {}
    for one in decided:
        found.setdefault(one.coder_id, {})[one.comment_id] = set()
        by_id[one.pk] = one
    given = CommentCoding.objects.filter(coded__in=decided).values_list(
        "coded_id", "tag_id"
    )
    for coded_id, tag_id in given:
        one = by_id[coded_id]
        found[one.coder_id][one.comment_id].add(tag_id)
    return {
        coder_id: {comment: frozenset(tags) for comment, tags in codings.items()}
        for coder_id, codings in found.items()
    }


def own_codings(wave: Wave, coder: Membership) -> Codings:
    """Return comment -> tags of one coder."""
    return codings_of(wave, coder=coder).get(coder.pk, {})


def merged(coders: Iterable[Codings]) -> Codings:
    """Return comment -> tags that any of the coders gave."""
    found: dict[UUID, frozenset[UUID]] = {}
    for codings in coders:
        for comment, tags in codings.items():
            found[comment] = found.get(comment, frozenset()) | tags
    return found


def counts_of(codings: Codings, among: Collection[UUID]) -> Counter[UUID]:
    """Count the comments of each tag, of those that may be read."""
    readable = set(among)
    return Counter(
        tag for comment, tags in codings.items() if comment in readable for tag in tags
    )


def revealed(wave: Wave) -> CodingReveal | None:
    return CodingReveal.objects.filter(wave=wave).first()


def agreement_in(reveal: CodingReveal) -> Agreement:
    """Read the agreement that was kept when the codings were shown."""
    kept: Agreement = plain.from_plain(Agreement, json.loads(reveal.agreement))
    return kept


@transaction.atomic
def reveal(wave: Wave, *, by: str, at: datetime) -> CodingReveal:
    """Show the coders each other's work, and keep their agreement until here.

    Repeating it changes nothing.

    Raises
    ------
    NothingToCompare
        No two people coded the same comment.
    """
    Wave.objects.select_for_update().get(pk=wave.pk)
    if (known := revealed(wave)) is not None:
        return known
    coders = codings_of(wave)
    found = agreement_of(
        [
            (str(tag.pk), Text(tag.name("en"), tag.name("zh-hans")))
            for tag in tags_of(wave.survey)
        ],
        [
            {str(one): frozenset(map(str, tags)) for one, tags in codings.items()}
            for _, codings in sorted(coders.items())
        ],
        seed=settings.ANALYSIS_SEED,
    )
    if not found.comments:
        raise NothingToCompare(wave.pk)
    return CodingReveal.objects.create(
        organization_id=wave.organization_id,
        wave=wave,
        agreement=json.dumps(plain.to_plain(found), ensure_ascii=False),
        revealed_by=by,
        revealed_at=at,
    )
