"""The drafts of an organization: begun, previewed, downloaded, published, deleted."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from surveys import authoring
from surveys.access import ANALYSTS, MemberRequest, for_members
from surveys.authoring_start import BlankForm, CopyForm, FileForm, StartForm
from surveys.definition import DefinitionError
from surveys.definition.difference import Change, differences
from surveys.models import QuestionnaireDraft, QuestionnaireVersion
from surveys.views.authoring_page import ShownRemark
from surveys.views.preview import preview_page


@require_safe
@for_members(ANALYSTS)
def drafts(request: MemberRequest) -> HttpResponse:
    """Questionnaires of the organization: under work, and published."""
    own = QuestionnaireVersion.objects.newest().filter(organization__isnull=False)
    context = {
        "drafts": QuestionnaireDraft.objects.order_by("-changed_at", "code"),
        "published": [(version, version.questionnaire()) for version in own],
    }
    return render(request, "surveys/authoring/drafts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members(ANALYSTS)
def new_draft(request: MemberRequest) -> HttpResponse:
    """Begin a questionnaire in one of three ways; ``way`` says in which."""
    ways = _ways(request)
    chosen = ways.get(request.POST.get("way", ""))
    if chosen is not None and chosen.is_valid():
        try:
            draft, made = authoring.begin(
                organization=request.membership.organization,
                content=chosen.content,
                base=chosen.base,
                at=timezone.now(),
            )
        except authoring.CodeTaken:
            sentence = _(
                "The library has a questionnaire of this code; choose another."
            )
            chosen.add_error("code", sentence)
        else:
            _say_begun(request, made)
            if made and chosen.findings:
                context = {"draft": draft, "findings": chosen.findings}
                return render(request, "surveys/authoring/imported.html", context)
            return redirect("surveys:draft", draft_id=draft.pk)
    return render(request, "surveys/authoring/new.html", {"ways": ways})


def _ways(request: MemberRequest) -> Mapping[str, StartForm]:
    sent = request.POST.get("way", "") if request.method == "POST" else ""
    forms: Mapping[str, type[StartForm]] = {
        "blank": BlankForm,
        "copy": CopyForm,
        "file": FileForm,
    }
    versions = list(QuestionnaireVersion.objects.newest())
    return {
        way: form(
            request.POST if way == sent else None,
            request.FILES if way == sent else None,
            language=get_language() or "en",
            versions=versions,
            prefix=way,
            initial={"version": request.GET.get("version")},
        )
        for way, form in forms.items()
    }


def _say_begun(request: MemberRequest, made: bool) -> None:
    if made:
        messages.success(
            request, _("The draft is begun. Only your organization sees it.")
        )
    else:
        sentence = _(
            "There is a draft of this code already; nothing was changed in it."
        )
        messages.warning(request, sentence)


@require_safe
@for_members(ANALYSTS)
def preview(request: MemberRequest, draft_id: UUID, language: str) -> HttpResponse:
    """Show the draft as its respondents would see it."""
    draft = get_object_or_404(QuestionnaireDraft, pk=draft_id)
    asks = authoring.judgement(draft, authoring.before(draft)).shown
    back = reverse("surveys:draft", args=[draft.pk])
    if asks is None:
        sentence = _("There is nothing to preview until what is marked is put right.")
        messages.error(request, sentence)
        return redirect(back)
    if language not in asks.languages:
        raise Http404(f"The draft has no wording in {language}.")
    return preview_page(request, asks=asks, language=language, key=draft.pk, back=back)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members(ANALYSTS)
def publish(request: MemberRequest, draft_id: UUID) -> HttpResponse:
    """Show what would be published, and publish it."""
    draft = get_object_or_404(QuestionnaireDraft, pk=draft_id)
    problem = ""
    if request.method == "POST":
        try:
            made = authoring.publish(
                draft=draft,
                revision=_revision(request),
                by=request.user.email,
                at=timezone.now(),
            )
        except authoring.StaleDraft:
            problem = _(
                "The draft was changed since you opened this page. Nothing was"
                " published; look at it again."
            )
        except authoring.NotPublishable:
            problem = _("Nothing was published: something must be put right first.")
        except DefinitionError as reason:
            problem = reason.in_(get_language() or "en")
        else:
            messages.success(
                request,
                _("Version %(number)s is published.") % {"number": made.version},
            )
            return redirect("surveys:instrument", version_id=made.pk)
    context = _to_publish(draft) | {"problem": problem}
    return render(request, "surveys/authoring/publish.html", context)


def _to_publish(draft: QuestionnaireDraft) -> dict[str, Any]:
    language = get_language() or "en"
    follows = authoring.before(draft)
    judged = authoring.judgement(draft, follows)
    remarks = [
        ShownRemark(one.in_(language), one.severity == "must", one.part)
        for one in judged.remarks
    ]
    earlier = follows.last or follows.base
    changes: tuple[Change, ...] = ()
    if earlier is not None and judged.shown is not None:
        changes = differences(earlier.questionnaire(), judged.shown)
    return {
        "draft": draft,
        "name": draft.content["name"],
        "number": follows.number,
        "earlier": earlier if judged.shown is not None else None,
        "changes": changes,
        "faults": [one for one in remarks if one.must],
        "advice": [one for one in remarks if not one.must],
        "judged": judged.shown is not None,
        "ready": judged.questionnaire is not None,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@for_members(ANALYSTS)
def discard(request: MemberRequest, draft_id: UUID) -> HttpResponse:
    """Ask, and delete the draft; what is published stays."""
    draft = get_object_or_404(QuestionnaireDraft, pk=draft_id)
    problem = ""
    if request.method == "POST":
        try:
            authoring.discard(draft_id=draft.pk, revision=_revision(request))
        except authoring.StaleDraft:
            problem = _("The draft was changed since you opened this page; it stays.")
        else:
            messages.success(request, _("The draft is deleted."))
            return redirect("surveys:drafts")
    context = {
        "draft": draft,
        "name": draft.content["name"],
        "problem": problem,
        "published": authoring.before(draft).last is not None,
    }
    return render(request, "surveys/authoring/discard.html", context)


def _revision(request: MemberRequest) -> int:
    sent = request.POST.get("revision", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0
