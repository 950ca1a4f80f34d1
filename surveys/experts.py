"""Rounds in which experts rate the items of a version, by a link and without account."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from surveys import definition
from surveys.definition.text import Text
from surveys.models import ContentReview, ExpertRating, QuestionnaireVersion
from surveys.tenancy import organization_scope, set_local

EXAMPLE = "company"  # whom the trust is in on the page of the experts
MOST_RATINGS = 200  # a link that leaks must not fill a table
CANNOT_JUDGE = 0
RELEVANCE: Sequence[tuple[int, Any]] = (
    (1, gettext_lazy("1 not relevant")),
    (2, gettext_lazy("2 somewhat relevant")),
    (3, gettext_lazy("3 quite relevant")),
    (4, gettext_lazy("4 highly relevant")),
    (CANNOT_JUDGE, gettext_lazy("I cannot judge")),
)


class RoundClosed(Exception):
    """The round takes no more ratings; nothing was stored."""


@dataclass(frozen=True, slots=True)
class RatedItem:
    """An item to rate, with an example filled in for whom the trust is in."""

    code: str
    text: Text
    facet: Text
    reverse: bool


@dataclass(frozen=True, slots=True)
class RatedScale:
    """A dimension with its definition and its items."""

    name: Text
    description: Text
    items: tuple[RatedItem, ...]


@dataclass(frozen=True, slots=True)
class OpenedReview:
    """A round as its link shows it; `scales` are what is rated."""

    review_id: UUID
    organization_id: UUID
    language: str
    is_open: bool
    name: Text
    referent: Text
    scales: tuple[RatedScale, ...]

    @property
    def items(self) -> tuple[RatedItem, ...]:
        return tuple(item for scale in self.scales for item in scale.items)


def rated_scales(asks: definition.Questionnaire) -> tuple[RatedScale, ...]:
    """Scales whose items are scored, worded as in the first form of the questionnaire."""
    form = definition.compile_form(
        [definition.FormPart(asks, short=False)],
        title=asks.name,
        referent=EXAMPLE,
        languages=asks.languages,
        comment=False,
    )
    worded = {item.code.partition(".")[2]: item for item in form.scored_items}
    scales = (
        RatedScale(
            scale.name,
            scale.description,
            tuple(
                RatedItem(i.code, worded[i.code].text, i.facet, i.reverse)
                for i in scale.items
                if i.code in worded
            ),
        )
        for scale in asks.scales
    )
    return tuple(scale for scale in scales if scale.items)


def item_codes(asks: definition.Questionnaire) -> tuple[str, ...]:
    """Codes of what is rated, in the order of the stored ratings."""
    return tuple(item.code for scale in rated_scales(asks) for item in scale.items)


def find_review(review_id: UUID) -> OpenedReview | None:
    """Look a round up by its address, which is all that an expert holds."""
    with transaction.atomic(durable=True):
        set_local("trustsurvey.review", str(review_id))
        review = ContentReview.objects.filter(pk=review_id).first()
    if review is None:
        return None
    with organization_scope(review.organization_id):
        version = QuestionnaireVersion.objects.filter(
            code=review.questionnaire_code,
            version=review.questionnaire_version,
            digest=review.questionnaire_digest,
        ).first()
    if version is None:
        return None
    asks = version.questionnaire()
    return OpenedReview(
        review.pk,
        review.organization_id,
        review.language,
        review.closed_at is None,
        asks.name,
        definition.REFERENTS[EXAMPLE],
        rated_scales(asks),
    )


def store_rating(
    *,
    opened: OpenedReview,
    key: UUID,
    expert: str,
    expertise: str,
    relevance: Sequence[int],
    comments: Mapping[str, str],
    at: datetime,
) -> None:
    """Store what one expert said; sent twice under one key it is one rating.

    Raises
    ------
    RoundClosed
        The round was closed before, or has as many ratings as it takes.
    """
    with organization_scope(opened.organization_id):
        # the lock orders this against closing and against a second click
        review = ContentReview.objects.select_for_update().get(pk=opened.review_id)
        ratings = ExpertRating.objects.filter(review=review)
        known = uuid5(opened.review_id, str(key))
        if ratings.filter(pk=known).exists():
            return
        if review.closed_at is not None or ratings.count() >= MOST_RATINGS:
            raise RoundClosed
        ExpertRating.objects.create(
            id=known,
            organization_id=opened.organization_id,
            review=review,
            item_count=review.item_count,
            expert=expert,
            expertise=expertise,
            relevance=list(relevance),
            comments=dict(comments),
            given_at=at,
        )


class RatingForm(forms.Form):
    """One expert's judgement of every item, without JavaScript."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    expert = forms.CharField(label=gettext_lazy("Your name"), max_length=200)
    expertise = forms.CharField(
        label=gettext_lazy("Your field and experience"),
        help_text=gettext_lazy("Such as: work psychology, 12 years of research."),
        max_length=400,
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        opened: OpenedReview,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.opened = opened
        for item in opened.items:
            self.fields[f"relevance_{item.code}"] = forms.TypedChoiceField(
                label=_("Relevance of %(item)s") % {"item": item.code},
                choices=RELEVANCE,
                coerce=int,
                widget=forms.RadioSelect,
                error_messages={
                    "required": _("Choose one; “I cannot judge” is an answer.")
                },
            )
            self.fields[f"remark_{item.code}"] = forms.CharField(
                label=_("Remark on %(item)s") % {"item": item.code},
                max_length=1000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    @property
    def sections(self) -> list[tuple[RatedScale, list[tuple[RatedItem, Any, Any]]]]:
        """Scales with their items, each with its two fields."""
        return [
            (
                scale,
                [
                    (
                        item,
                        self[f"relevance_{item.code}"],
                        self[f"remark_{item.code}"],
                    )
                    for item in scale.items
                ],
            )
            for scale in self.opened.scales
        ]

    def said(self) -> dict[str, Any]:
        """Arguments of `store_rating`."""
        chosen = self.cleaned_data
        codes = [item.code for item in self.opened.items]
        return {
            "key": chosen["key"],
            "expert": chosen["expert"],
            "expertise": chosen["expertise"],
            "relevance": [chosen[f"relevance_{code}"] for code in codes],
            "comments": {
                code: chosen[f"remark_{code}"]
                for code in codes
                if chosen[f"remark_{code}"]
            },
        }
