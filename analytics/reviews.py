"""A round of experts as its owner sees it: ratings, agreement, and their release."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

import numpy as np
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from analytics.answers import reason_of
from analytics.psychometrics import (
    ContentValidity,
    ItemContent,
    PsychometricsError,
    content_validity,
)
from analytics.sentences import Sentence
from surveys import evidence
from surveys.access import OWNERS, MemberRequest, for_members
from surveys.experts import RatedItem, rated_scales
from surveys.models import (
    ContentReview,
    EvidenceLine,
    ExpertRating,
    QuestionnaireVersion,
)


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item with its agreement and its remarks; `found` is None without index."""

    item: RatedItem
    found: ItemContent | None
    remarks: tuple[tuple[str, str], ...]

    @property
    def low(self) -> bool:
        return self.found is not None and self.found.i_cvi < evidence.LEAST_I_CVI


@require_safe
@for_members(OWNERS)
def review(request: MemberRequest, review_id: UUID) -> HttpResponse:
    shown = get_object_or_404(ContentReview, pk=review_id)
    version = _version(shown)
    items = _items(version)
    ratings = list(ExpertRating.objects.filter(review=shown).order_by("given_at", "id"))
    counted = [rating for rating in ratings if not rating.excluded]
    found = _agreement(counted, items)
    validity = found if isinstance(found, ContentValidity) else None
    link = request.build_absolute_uri(reverse("surveys:expert", args=[shown.pk]))
    context = {
        "review": shown,
        "version": version,
        "asks": version.questionnaire(),
        "link": link,
        "ratings": ratings,
        "counted": len(counted),
        "validity": validity,
        "reason": (
            found.text(get_language() or "en") if isinstance(found, Sentence) else ""
        ),
        "lines": _lines(items, counted, validity),
        "released": _released(shown),
        "guides": {
            "experts": evidence.FEWEST_EXPERTS,
            "i_cvi": evidence.LEAST_I_CVI,
            "s_cvi": evidence.LEAST_S_CVI,
        },
    }
    return render(request, "analytics/review.html", context)


@require_POST
@for_members(OWNERS)
def release_review(request: MemberRequest, review_id: UUID) -> HttpResponse:
    """Put the agreement of a closed round into the dossier, once."""
    # the lock makes two clicks at once one line
    shown = get_object_or_404(ContentReview.objects.select_for_update(), pk=review_id)
    version = _version(shown)
    items = _items(version)
    ratings = ExpertRating.objects.filter(review=shown, excluded=False)
    counted = list(ratings.order_by("given_at", "id"))
    found = _agreement(counted, items)
    if shown.closed_at is None:
        messages.error(request, _("Close the round first; then it can be released."))
    elif _released(shown):
        messages.info(request, _("This round stands in the dossier already."))
    elif isinstance(found, Sentence):
        messages.error(request, found.text(get_language() or "en"))
    else:
        _release(shown, found, counted, by=request.user.email)
        messages.success(request, _("The line stands in the dossier now."))
        return redirect("surveys:dossier", version_id=version.pk)
    return redirect("analytics:review", review_id=shown.pk)


def _release(
    shown: ContentReview,
    found: ContentValidity,
    counted: Sequence[ExpertRating],
    *,
    by: str,
) -> None:
    EvidenceLine.objects.create(
        organization_id=shown.organization_id,
        questionnaire_code=shown.questionnaire_code,
        questionnaire_version=shown.questionnaire_version,
        questionnaire_digest=shown.questionnaire_digest,
        language=shown.language,
        source=evidence.KINDS["content"],
        kind="content",
        figures={
            # the item that fewest experts rated decides whether there were enough
            "experts": found.fewest_experts,
            "items": len(found.items),
            "least_i_cvi": min(one.i_cvi for one in found.items),
            "least_kappa": min(one.kappa for one in found.items),
            "s_cvi_ave": found.s_cvi_ave,
            "s_cvi_ua": found.s_cvi_ua,
            "i_cvi": {one.item: one.i_cvi for one in found.items},
        },
        # fields, not names: a dossier is read by more people than a round
        sample={
            "n": found.n_experts,
            "part": "whole",
            "review": str(shown.pk),
            "release": str(uuid4()),
            "fields": [one.expertise for one in counted],
        },
        released_by=by,
        released_at=timezone.now(),
    )


def _version(shown: ContentReview) -> QuestionnaireVersion:
    return get_object_or_404(
        QuestionnaireVersion,
        code=shown.questionnaire_code,
        version=shown.questionnaire_version,
        digest=shown.questionnaire_digest,
    )


def _items(version: QuestionnaireVersion) -> tuple[RatedItem, ...]:
    scales = rated_scales(version.questionnaire())
    return tuple(item for scale in scales for item in scale.items)


def _agreement(
    counted: Sequence[ExpertRating], items: Sequence[RatedItem]
) -> ContentValidity | Sentence:
    """Return the indices, or why there are none."""
    rows = np.array([rating.relevance for rating in counted], dtype=np.float64)
    ratings = rows.reshape(len(counted), len(items))
    ratings[ratings == 0] = np.nan  # "I cannot judge"
    try:
        return content_validity(ratings, tuple(item.code for item in items))
    except PsychometricsError as error:
        return reason_of(error)


def _lines(
    items: Sequence[RatedItem],
    counted: Sequence[ExpertRating],
    validity: ContentValidity | None,
) -> list[ItemLine]:
    by_item = {one.item: one for one in validity.items} if validity else {}
    return [
        ItemLine(
            item,
            by_item.get(item.code),
            tuple(
                (rating.expert, rating.comments[item.code])
                for rating in counted
                if item.code in rating.comments
            ),
        )
        for item in items
    ]


def _released(shown: ContentReview) -> bool:
    standing = EvidenceLine.objects.standing()
    return standing.filter(kind="content", sample__review=str(shown.pk)).exists()
