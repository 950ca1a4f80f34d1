"""Rounds of experts: opening and closing them, and the form behind their link."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from surveys.access import OWNERS, MemberRequest, for_members
from surveys.definition import LANGUAGES
from surveys.dossier import HTML_LANGUAGES
from surveys.experts import (
    OpenedReview,
    RatingForm,
    RoundClosed,
    find_review,
    item_codes,
    store_rating,
)
from surveys.models import ContentReview, ExpertRating, QuestionnaireVersion

OWN_NAMES = {"en": "English", "zh-hans": "中文"}


@require_POST
@for_members(OWNERS)
def open_review(request: MemberRequest, version_id: UUID) -> HttpResponse:
    version = get_object_or_404(QuestionnaireVersion, pk=version_id)
    asks = version.questionnaire()
    language = request.POST.get("language", "")
    codes = item_codes(asks)
    if language not in asks.languages or not codes:
        messages.error(request, _("This questionnaire has nothing to rate there."))
        return redirect("surveys:dossier", version_id=version.pk)
    review = ContentReview.objects.create(
        organization=request.membership.organization,
        **version.named(),
        language=language,
        item_count=len(codes),
        opened_at=timezone.now(),
    )
    messages.success(request, _("The round is open. Send its link to your experts."))
    return redirect("analytics:review", review_id=review.pk)


@require_POST
@for_members(OWNERS)
def close_review(request: MemberRequest, review_id: UUID) -> HttpResponse:
    review = get_object_or_404(ContentReview.objects.select_for_update(), pk=review_id)
    if review.closed_at is None:
        review.closed_at = timezone.now()
        review.save(update_fields=["closed_at"])
        messages.success(request, _("The round is closed."))
    return redirect("analytics:review", review_id=review.pk)


@require_POST
@for_members(OWNERS)
def exclude_rating(request: MemberRequest, rating_id: UUID) -> HttpResponse:
    """Leave a rating out, or take it in again; it stays for the record."""
    rating = get_object_or_404(ExpertRating.objects.select_for_update(), pk=rating_id)
    rating.excluded = not rating.excluded
    rating.save(update_fields=["excluded"])
    return redirect("analytics:review", review_id=rating.review_id)


@require_http_methods(["GET", "HEAD", "POST"])
def expert_form(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """Show what is to be rated, or take one expert's ratings."""
    opened = find_review(review_id)
    if opened is None:
        raise Http404("No round of experts has this address.")
    with translation.override(_language(request)):
        if not opened.is_open:
            return _page(request, opened, "closed")
        if request.POST.get("switch"):
            # shown again in the other language with what was filled in so far
            filled = RatingForm(opened=opened, initial=request.POST.dict())
            return _page(request, opened, "form", form=filled)
        form = RatingForm(
            request.POST if request.method == "POST" else None, opened=opened
        )
        if not form.is_valid():
            return _page(request, opened, "form", form=form)
        try:
            store_rating(opened=opened, at=timezone.now(), **form.said())
        except RoundClosed:
            return _page(request, opened, "closed")
        thanks = reverse("surveys:expert-thanks", args=[review_id])
        language = _language(request)
        response = HttpResponseRedirect(f"{thanks}?language={language}")
        response.status_code = 303
        return response


@require_safe
def expert_thanks(request: HttpRequest, review_id: UUID) -> HttpResponse:
    opened = find_review(review_id)
    if opened is None:
        raise Http404("No round of experts has this address.")
    with translation.override(_language(request)):
        return _page(request, opened, "thanks")


def _language(request: HttpRequest) -> str:
    """Language of the page: as chosen on it, else as the browser asks."""
    sent = (
        request.POST.get("switch"),
        request.POST.get("language"),
        request.GET.get("language"),
    )
    chosen = (one for one in sent if one in LANGUAGES)
    return next(chosen, translation.get_language() or "en")


def _page(
    request: HttpRequest, opened: OpenedReview, name: str, **more: object
) -> HttpResponse:
    language = _language(request)
    context = {
        "opened": opened,
        "language": language,
        "html_lang": HTML_LANGUAGES[language],
        "rated_lang": HTML_LANGUAGES[opened.language],
        "other": [
            (code, OWN_NAMES[code], HTML_LANGUAGES[code])
            for code in LANGUAGES
            if code != language
        ],
        **more,
    }
    response = render(request, f"surveys/experts_{name}.html", context)
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "same-origin"
    return response
