"""Read the comments of a published release; the only way for a page to their texts.

What a release published of them is its part ``comments``: without it there are none.
Nobody's searches are written down, here or in an address.
"""

import secrets
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, QuerySet, TextField, Value
from django.db.models.functions import MD5, Cast, Concat

from analytics.comment_part import CommentsPart, comments_of
from analytics.models import CommentHiding, Release
from analytics.plan import Text
from analytics.sentences import say
from surveys import definition
from surveys.models import Comment, Promise, Wave
from surveys.models.promise import LEAST_FOR_COMMENTS


class NoComments(Exception):
    """Nothing that was published opens the comments of this wave."""

    def __init__(self, wave_id: UUID) -> None:
        super().__init__(
            f"The comments of wave {wave_id} are in no published release: publish one"
            " with enough answers and comments first."
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """The comments of one wave as its newest published release lets them be read."""

    wave_id: UUID
    part: CommentsPart

    def all(self) -> QuerySet[Comment]:
        """Comments to questions that are shown, in the order of the release."""
        codes = [one.code for one in self.part.shown]
        drawn = MD5(
            Concat(
                Value(self.part.shuffle),
                Cast(F("id"), TextField()),
                output_field=TextField(),
            )
        )
        found = Comment.objects.filter(wave_id=self.wave_id, question__in=codes)
        return found.order_by(drawn)

    def visible(self) -> QuerySet[Comment]:
        """Those that no owner has hidden."""
        return self.all().exclude(id__in=hidden_ids(self.wave_id))

    def hidden(self) -> QuerySet[Comment]:
        return self.all().filter(id__in=hidden_ids(self.wave_id))


def part_of(wave: Wave, *, answered: int) -> CommentsPart:
    """Build the part of a wave that is being published; draws a new order.

    `answered` is the number of answers that the release is made from.
    """
    found = (
        Comment.objects.filter(wave=wave)
        .order_by()
        .values_list("question")
        .annotate(number=Count("id"))
    )
    promise = Promise.objects.filter(wave=wave).first()
    return comments_of(
        asked(wave.form.asked()),
        Counter(dict(found)),
        answered=answered,
        least=promise.least_for_comments if promise else LEAST_FOR_COMMENTS,
        shuffle=secrets.token_hex(16),
    )


def asked(form: definition.Form) -> list[tuple[str, Text]]:
    """Questions of a form that take free text, the box at its end last."""
    texts = [
        (one.code, Text(one.text.in_("en"), one.text.in_("zh-hans")))
        for one in form.questions
        if isinstance(one, definition.FormText)
    ]
    if form.comment:
        texts.append(("", say("comments_box").as_text()))
    return texts


def reading_of(release: Release, part: CommentsPart | None) -> Reading:
    """Open the comments that a release published.

    Raises
    ------
    NoComments
        The release is not published, or holds no part of comments, or shows none.
    """
    published = release.state == Release.State.PUBLISHED
    if not published or part is None or not part.shown:
        raise NoComments(release.wave_id)
    return Reading(release.wave_id, part)


def hidden_ids(wave_id: UUID) -> set[UUID]:
    """Comments whose last decision hides them."""
    decided = CommentHiding.objects.filter(wave_id=wave_id).order_by("number")
    last = dict(decided.values_list("comment_id", "hidden"))
    return {comment for comment, hidden in last.items() if hidden}


def decide(comment: Comment, *, hidden: bool, by: str, at: datetime) -> None:
    """Hide a comment from the report, or show it again; the decision stays on record."""
    known = CommentHiding.objects.filter(
        wave_id=comment.wave_id, comment_id=comment.id
    ).order_by("-number")
    last = known.first()
    if (last is not None and last.hidden) == hidden:
        return
    CommentHiding.objects.create(
        organization_id=comment.organization_id,
        wave_id=comment.wave_id,
        comment_id=comment.id,
        number=1 if last is None else last.number + 1,
        hidden=hidden,
        decided_by=by,
        decided_at=at,
    )


def searched(
    found: QuerySet[Comment], *, words: str, question: str | None
) -> QuerySet[Comment]:
    """Keep comments that contain `words` as they stand, and of one question if given."""
    if words:
        found = found.filter(text__icontains=words)
    return found if question is None else found.filter(question=question)
