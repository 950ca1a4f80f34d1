"""The evidence dossier of a version: the page, lines entered by hand, withdrawal."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from surveys import evidence
from surveys.access import EVERYBODY, OWNERS, MemberRequest, for_members
from surveys.dossier import dossier_of
from surveys.forms_evidence import FORMS
from surveys.models import ContentReview, EvidenceLine, QuestionnaireVersion
from surveys.nearest import nearest_to

TITLES = {
    "interviews": gettext_lazy("Cognitive interviews"),
    "norms": gettext_lazy("Norms"),
    "study": gettext_lazy("A study from elsewhere"),
}


@require_safe
@for_members(EVERYBODY)
def dossier(request: MemberRequest, version_id: UUID) -> HttpResponse:
    version = get_object_or_404(QuestionnaireVersion, pk=version_id)
    lines = EvidenceLine.objects.about(version).select_related("wave__survey")
    reader = get_language() or "en"
    asks = version.questionnaire()
    may_release = request.membership.role in OWNERS
    context: dict[str, Any] = {
        "version": version,
        "asks": asks,
        "dossier": dossier_of(asks, list(lines), reader),
        "nearest": nearest_to(asks.nearest_published, reader),
        "may_release": may_release,
        "kinds": TITLES.items(),
    }
    if may_release:
        context["reviews"] = ContentReview.objects.about(version)
    return render(request, "surveys/dossier.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members(OWNERS)
def enter_line(request: MemberRequest, version_id: UUID, kind: str) -> HttpResponse:
    """Take a line that was not computed here; it says so wherever it is shown."""
    version = get_object_or_404(QuestionnaireVersion, pk=version_id)
    form = FORMS[kind](
        request.POST if request.method == "POST" else None,
        questionnaire=version.questionnaire(),
        reader=get_language() or "en",
    )
    if form.is_valid():
        EvidenceLine.objects.create(
            organization=request.membership.organization,
            **version.named(),
            language=form.cleaned_data["language"],
            source=form.source(evidence.KINDS.get(kind, "")),
            kind=kind,
            scale=form.scale(),
            figures=form.figures(),
            sample={**form.sample(), "release": str(uuid4())},
            note=form.noted(),
            released_by=request.user.email,
            released_at=timezone.now(),
        )
        messages.success(request, _("The line stands in the dossier now."))
        return redirect("surveys:dossier", version_id=version.pk)
    context = {
        "version": version,
        "asks": version.questionnaire(),
        "form": form,
        "title": TITLES[kind],
        "kind": kind,
    }
    return render(request, "surveys/dossier_enter.html", context)


@require_POST
@for_members(OWNERS)
def withdraw(request: MemberRequest, line_id: UUID) -> HttpResponse:
    """Withdraw a line with all that were released with it; they stay for the record."""
    line = get_object_or_404(EvidenceLine, pk=line_id)
    if EvidenceLine.objects.released_with(line).standing().withdraw(timezone.now()):
        messages.success(request, _("Withdrawn. It stays for the record."))
    else:
        messages.info(request, _("This was withdrawn before; nothing was changed."))
    version = QuestionnaireVersion.objects.filter(
        digest=line.questionnaire_digest, code=line.questionnaire_code
    ).first()
    if version is None:
        return redirect("surveys:library")
    return redirect("surveys:dossier", version_id=version.pk)
