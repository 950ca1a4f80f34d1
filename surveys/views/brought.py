"""Answers from elsewhere on their way in: file, mapping, dry run, import."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRefresh

from surveys.access import OWNERS, MemberRequest, for_members
from surveys.brought import files
from surveys.brought.findings import BroughtError, Finding
from surveys.brought.forms import ColumnsForm, NewSurveyForm, ReadForm, UploadForm
from surveys.brought.looking import SHOWN_FINDINGS, Looked
from surveys.brought.obstacles import brought_before, obstacles
from surveys.brought.picturing import distribution_of
from surveys.brought.source import TOOL_NAMES, Source
from surveys.brought.storing import days_of
from surveys.brought.targets import asked_of
from surveys.catalogue import catalogue, words
from surveys.csv_files import BYTE_ORDER_MARK, in_blocks, line
from surveys.definition import REFERENTS
from surveys.import_form import EVERYBODY, names_a_referent
from surveys.models import (
    AnswerFile,
    Form,
    QuestionnaireVersion,
    Survey,
    Unit,
    Wave,
)
from surveys.people.files import ENCODINGS
from surveys.people.forms import ENCODING_NAMES
from surveys.tenancy import organization_scope
from surveys.views.people import reader_language


@require_http_methods(["GET", "HEAD", "POST"])
@for_members(OWNERS)
def bring_to_version(request: MemberRequest, version_id: UUID) -> HttpResponse:
    """Take in a file of answers that become a survey of their own."""
    version = get_object_or_404(QuestionnaireVersion, pk=version_id)
    asked, language = version.questionnaire(), reader_language()
    named = names_a_referent(asked)
    referents = [(c, t.in_(language)) for c, t in REFERENTS.items()] if named else []
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = NewSurveyForm(*posted, referents=referents)
    if form.is_valid():
        chosen = form.cleaned_data
        en, zh = chosen["title_en"], chosen["title_zh_hans"]
        nobody = EVERYBODY
        if record := catalogue().get(asked.catalogue or ""):
            nobody = words.REFERENTS[record.referents[0]]
        said = {
            "title_en": en or zh,
            "title_zh_hans": zh or en,
            "referent": chosen.get("referent")
            or {"en": nobody.en, "zh_hans": nobody.zh_hans},
            "language": asked.languages[0],
        }
        file = _take_in(request, form, {"version": version.pk, "said": said})
        if file is not None:
            return redirect("surveys:answer-file", file_id=file.pk)
    context = {"form": form, "name": asked.name.in_(language), "version": version}
    return render(request, "surveys/brought/new.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members(OWNERS)
def bring_to_survey(request: MemberRequest, survey_id: UUID) -> HttpResponse:
    """Take in a file of answers that become past waves of a survey."""
    survey = get_object_or_404(Survey, pk=survey_id)
    asked = list(Form.objects.filter(survey=survey).order_by("-number"))
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(*posted)
    if len(asked) > 1:
        form.fields["form"] = forms.ChoiceField(
            label=_("What they were asked"),
            choices=[(str(one.pk), _versions(one)) for one in asked],
        )
    if form.is_valid():
        chosen = form.cleaned_data.get("form", str(asked[0].pk))
        frozen = next(one for one in asked if str(one.pk) == chosen)
        said = {
            "language": frozen.asked().languages[0],
            "simulated": survey.simulated,
        }
        values = {"survey": survey, "form": frozen, "said": said}
        file = _take_in(request, form, values)
        if file is not None:
            return redirect("surveys:answer-file", file_id=file.pk)
    context = {"form": form, "name": survey.title(reader_language()), "survey": survey}
    return render(request, "surveys/brought/new.html", context)


def _versions(form: Form) -> str:
    asked = form.asked()
    named = ", ".join(f"{one.code} {one.version}" for one in asked.instruments)
    return _("Form %(number)s: %(versions)s, %(items)s items") % {
        "number": form.number,
        "versions": named,
        "items": asked.item_count,
    }


def _take_in(
    request: MemberRequest, form: forms.Form, values: dict[str, Any]
) -> AnswerFile | None:
    uploaded: UploadedFile[bytes] = form.cleaned_data["file"]
    try:
        return files.upload(
            files.Whither(request.membership.organization, values),
            filename=uploaded.name or "",
            size=uploaded.size or 0,
            chunks=uploaded.chunks(),
            at=timezone.now(),
        )
    except BroughtError as problem:
        form.add_error("file", problem.in_(reader_language()))
    return None


@require_http_methods(["GET", "HEAD", "POST"])
@for_members(OWNERS)
def answer_file(request: MemberRequest, file_id: UUID) -> HttpResponse:
    """Show how far a file is, and take the next step with it."""
    known = get_object_or_404(
        AnswerFile.objects.select_related("survey", "form"), pk=file_id
    )
    if request.method == "POST":
        return _step(request, known)
    if known.is_under_way:
        template = "_progress" if request.htmx else "progress"
        return render(request, f"surveys/brought/{template}.html", {"file": known})
    if request.htmx:
        # the page that polls has something better to show now
        return HttpResponseClientRefresh()
    if known.state == AnswerFile.State.DONE:
        return _done(request, known)
    return _shown(request, known, _columns(known))


def _columns(known: AnswerFile, data: object = None) -> ColumnsForm:
    return ColumnsForm(
        data,
        file=known,
        asked=asked_of(known),
        profiles=files.profiles(known),
        reads=reader_language(),
    )


def _step(request: MemberRequest, known: AnswerFile) -> HttpResponse:
    here = redirect("surveys:answer-file", file_id=known.pk)
    step = request.POST.get("step", "")
    if step == "discard":
        known.delete()
        messages.success(request, _("The file is removed; nothing was imported."))
        return redirect("surveys:list")
    if known.is_under_way or known.state == AnswerFile.State.DONE:
        return here
    if step == "import":
        return _import(request, known) or here
    if step == "read":
        return _read_again(request, known) or here
    form = _columns(known, request.POST)
    if not form.is_valid():
        return _shown(request, known, form)
    known.mapping = form.cleaned_data["mapping"].to_data()
    known.said = {**known.said, **form.said()}
    files.request_check(known, at=timezone.now())
    return here


def _import(request: MemberRequest, known: AnswerFile) -> HttpResponse | None:
    """Import what was checked and confirmed; whatever stands against it is said."""
    if known.state != AnswerFile.State.CHECKED:
        messages.error(request, _("Check the file first."))
        return None
    looked = Looked.from_data(known.looked)
    against = obstacles(known, looked)
    if looked.rejected and "leave_out" not in request.POST:
        against.append(_("Confirm that the rows that cannot be used are left out."))
    if brought_before(known) is not None and "again" not in request.POST:
        against.append(_("Confirm that the same file is to be imported once more."))
    if against:
        return _shown(request, known, _columns(known), against)
    files.request_import(known, at=timezone.now())
    return None


def _read_again(request: MemberRequest, known: AnswerFile) -> HttpResponse | None:
    form = _read_form(known, request.POST)
    if form.is_valid():
        chosen = form.cleaned_data
        try:
            files.read_again(known, chosen["encoding"], chosen["separator"])
        except BroughtError as problem:
            messages.error(request, problem.in_(reader_language()))
    return None


def _read_form(known: AnswerFile, data: object = None) -> ReadForm:
    said = {"encoding": known.encoding, "separator": known.separator}
    form = ReadForm(data, initial=said)  # type: ignore[arg-type]
    offered = [(one, ENCODING_NAMES[one]) for one in ENCODINGS]
    form.fields["encoding"].choices = offered  # type: ignore[attr-defined]
    return form


def _shown(
    request: MemberRequest,
    known: AnswerFile,
    form: ColumnsForm,
    against: Sequence[str] = (),
) -> HttpResponse:
    failure = ""
    if known.failure is not None:
        failed = BroughtError(known.failure["code"], params=known.failure["params"])
        failure = failed.in_(reader_language())
    context: dict[str, Any] = {
        "file": known,
        "form": form,
        "tool": TOOL_NAMES.get(form.source.tool, ""),
        "encoding_name": ENCODING_NAMES.get(known.encoding, known.encoding),
        "columns": form.source.columns,
        "rows": list(form.rows()),
        "left_out": form.left_out(),
        "failure": failure,
        "against": against,
        "read": _read_form(known) if known.kind == AnswerFile.Kind.CSV else None,
        "wide": len(form.source.columns),
    }
    if known.state == AnswerFile.State.CHECKED:
        context |= _found(known, form)
    return render(request, "surveys/brought/file.html", context)


def _found(known: AnswerFile, form: ColumnsForm) -> dict[str, Any]:
    """What the dry run found, in words."""
    looked, language = Looked.from_data(known.looked), reader_language()
    names = {str(unit.pk): unit.name(language) for unit in Unit.objects.all()}
    asked = form.asked
    return {
        "looked": looked,
        "obstacles": obstacles(known, looked),
        "before": brought_before(known),
        "waves": [
            (*days_of(one, known.said), one.rows) for one in looked.waves.values()
        ],
        "units": [(names.get(key, "–"), n) for key, n in looked.units.items()],
        "languages": [
            (words.LANGUAGES[one].in_(language), n)
            for one, n in looked.languages.items()
        ],
        "items": [
            distribution_of(item, counts)
            for item, counts in zip(asked.items, looked.items, strict=True)
        ],
        "first": [{**one, "unit": names.get(one["unit"], "")} for one in looked.first],
        "codes": [item.code for item in asked.items],
        "findings": [
            _said(form.source, finding, language) for finding in looked.findings
        ],
        "most": SHOWN_FINDINGS,
    }


def _said(source: Source, one: Finding, language: str) -> dict[str, object]:
    return {
        "line": one.line,
        "column": source.columns[one.column].shown if one.column >= 0 else "",
        "what": one.what(language),
        "to_do": one.to_do(language),
    }


def _done(request: MemberRequest, known: AnswerFile) -> HttpResponse:
    survey = get_object_or_404(Survey, pk=known.result)
    brought = Wave.objects.filter(brought__sha256=known.sha256, survey=survey)
    context = {
        "file": known,
        "looked": Looked.from_data(known.looked),
        "survey": survey,
        "waves": brought.select_related("brought").order_by("number"),
    }
    return render(request, "surveys/brought/done.html", context)


@require_safe
@for_members(OWNERS)
def rejected_answers(request: MemberRequest, file_id: UUID) -> HttpResponseBase:
    """Every row that is left out: where, what is wrong, what to do."""
    known = get_object_or_404(AnswerFile, pk=file_id)
    head = [_("Row"), _("Column"), _("What is wrong"), _("What to do")]
    content = in_blocks(_rejected(known, head, reader_language()))
    reply = StreamingHttpResponse(content, content_type="text/csv; charset=utf-8")
    reply["Content-Disposition"] = 'attachment; filename="rejected.csv"'
    return reply


def _rejected(known: AnswerFile, head: list[str], language: str) -> Iterator[str]:
    """Runs in a transaction of its own: a response streams after the request's."""
    yield BYTE_ORDER_MARK + line(head)
    with organization_scope(known.organization_id):
        file = AnswerFile.objects.select_related("form").get(pk=known.pk)
        if not file.parts.exists() or "sample" not in file.said:
            return
        source = Source.from_data(file.source)
        for row in files.rejected(file):
            for one in row.problems:
                yield line(_said(source, one, language).values())
