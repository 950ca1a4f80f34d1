"""Releasing the lines of a report for the dossiers of its questionnaires."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from analytics.dossier import FoundLine, is_whole, lines_of
from analytics.models import Analysis
from analytics.report import Report, UnknownReport
from surveys import definition, evidence
from surveys.access import OWNERS, MemberRequest, for_members
from surveys.dossier_tables import DESIGNS, Table, release_tables
from surveys.forms_evidence import LABELS, LONGEST, PARTS, SampleForm, field_name
from surveys.models import EvidenceLine, QuestionnaireVersion, Survey, Wave


@dataclass(frozen=True, slots=True)
class Part:
    """One questionnaire of a wave with the lines that the report has about it.

    `version` is None where the organization has it no longer: then nothing is known
    about the rest of it.
    """

    asked: definition.FormInstrument
    version: QuestionnaireVersion | None
    whole: bool
    lines: tuple[FoundLine, ...]


class ReleaseForm(SampleForm):
    """Who answered, whether they are new, and when outcomes were measured."""

    again = forms.ChoiceField(
        label=gettext_lazy(
            "Did any of these people give an earlier sample of this dossier?"
        ),
        help_text=gettext_lazy("Only new people can confirm what others have shown."),
        choices=[
            ("no", gettext_lazy("No, all of them are new")),
            ("yes", gettext_lazy("Yes, or nobody knows")),
        ],
        widget=forms.RadioSelect,
    )
    design = forms.ChoiceField(
        label=gettext_lazy("The outcomes were"),
        choices=list(DESIGNS.items()),
        widget=forms.RadioSelect,
        initial="same time",
    )

    def __init__(
        self, data: Mapping[str, Any] | None, *, imported: bool, known: str
    ) -> None:
        name = field_name("who", get_language() or "en")
        super().__init__(data, initial={name: known[:LONGEST]})
        if not imported:
            # one visit asks trust and its outcomes: nothing is later than the other
            del self.fields["design"]
        self.order_fields(field_name(part, one) for one in LABELS for part in PARTS)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members(OWNERS)
def release(request: MemberRequest, analysis_id: UUID) -> HttpResponse:
    found = Analysis.objects.done().select_related("wave__survey", "wave__form")
    analysis = get_object_or_404(found, pk=analysis_id)
    wave = analysis.wave
    # the lock makes two clicks at once one release
    Wave.objects.select_for_update().get(pk=wave.pk)
    report = _report(analysis)
    parts = _parts(wave, report) if report else ()
    refusal = _refusal(analysis, report, parts)
    form = ReleaseForm(
        request.POST if request.method == "POST" else None,
        imported=wave.survey.origin == Survey.Origin.IMPORTED
        and any(line.kind == "relation" for part in parts for line in part.lines),
        known=wave.survey.sample,
    )
    if not refusal and form.is_valid():
        release_lines(
            analysis=analysis,
            parts=parts,
            sample={
                "described": form.described(),
                "independent": form.cleaned_data["again"] == "no",
                "n": report.n_rows if report else 0,
            },
            design=form.cleaned_data.get("design", "same time"),
            by=request.user.email,
            at=timezone.now(),
        )
        messages.success(request, _("The lines stand in the dossier now."))
        return _after(parts, wave)
    context = {
        "analysis": analysis,
        "wave": wave,
        "survey": wave.survey,
        "refusal": refusal,
        "parts": [(part, _shown(part, form)) for part in parts],
        "form": form,
    }
    return render(request, "analytics/dossier_release.html", context)


def release_lines(
    *,
    analysis: Analysis,
    parts: Sequence[Part],
    sample: Mapping[str, Any],
    design: str,
    by: str,
    at: datetime,
) -> None:
    """Store the lines of each part as one release.

    Raises
    ------
    django.db.IntegrityError
        The answers are simulated (`evidence_is_not_simulated`).
    """
    EvidenceLine.objects.bulk_create(
        line
        for part in parts
        for line in _rows(
            part,
            sample={**sample, "release": str(uuid4()), "analysis": str(analysis.pk)},
            design=design,
            organization_id=analysis.organization_id,
            wave_id=analysis.wave_id,
            released_by=by,
            released_at=at,
        )
    )


def _rows(
    part: Part, *, sample: Mapping[str, Any], design: str, **columns: Any
) -> list[EvidenceLine]:
    described = {**sample, "part": "whole" if part.whole else "part"}
    return [
        EvidenceLine(
            questionnaire_code=part.asked.code,
            questionnaire_version=part.asked.version,
            questionnaire_digest=part.asked.digest,
            language=line.language,
            source=evidence.KINDS[line.kind],
            kind=line.kind,
            scale=line.scale,
            figures=(
                {**line.figures, "design": design}
                if line.kind == "relation"
                else line.figures
            ),
            sample=described,
            **columns,
        )
        for line in part.lines
    ]


def _report(analysis: Analysis) -> Report | None:
    try:
        return Report.from_json(json.loads(analysis.result))
    except UnknownReport:
        return None


def _parts(wave: Wave, report: Report) -> tuple[Part, ...]:
    form = wave.form.asked()
    lines = lines_of(report)
    digests = [one.digest for one in form.instruments]
    versions = {
        (version.code, version.digest): version
        for version in QuestionnaireVersion.objects.filter(digest__in=digests)
    }
    parts = []
    for asked in form.instruments:
        own = tuple(line for line in lines if line.instrument == asked.code)
        version = versions.get((asked.code, asked.digest))
        whole = version is not None and is_whole(form, version.questionnaire())
        if own:
            parts.append(Part(asked, version, whole, own))
    return tuple(parts)


def _refusal(
    analysis: Analysis, report: Report | None, parts: Sequence[Part]
) -> str | None:
    """Say why nothing of this report can be released; None where it can."""
    wave = analysis.wave
    if wave.survey.only_releases:
        return _("Results of this survey are shown as audited releases only.")
    if wave.survey.simulated:
        return _("These answers are simulated. They are no evidence about anybody.")
    if wave.closed_at is None or analysis.requested_at < wave.closed_at:
        return _(
            "This report was made while the wave was open. Close the wave, start the"
            " analysis again, and release that report."
        )
    if report is None:
        return _(
            "An older version of this site made this report, and it can no longer be"
            " shown. Run the analysis again."
        )
    if not parts:
        return _(
            "This report has nothing about a questionnaire by itself: it was made by an"
            " earlier version, or fewer than 50 people answered in each language."
        )
    released = EvidenceLine.objects.standing().filter(wave=wave)
    if released.exists():
        return _(
            "Lines of this wave were released before. Withdraw those in the dossier"
            " first; one wave counts once."
        )
    return None


def _shown(part: Part, form: ReleaseForm) -> tuple[Table, ...]:
    """Tables of exactly the lines that would be stored."""
    design = form["design"].value() if "design" in form.fields else "same time"
    lines = _rows(part, sample={}, design=design or "same time")
    asks = part.version.questionnaire() if part.version else None
    return release_tables(asks, lines, get_language() or "en")


def _after(parts: Sequence[Part], wave: Wave) -> HttpResponse:
    for part in parts:
        if part.version is not None:
            return redirect("surveys:dossier", version_id=part.version.pk)
    return redirect("analytics:report", wave_id=wave.pk)
