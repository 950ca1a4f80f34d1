"""Bringing answers that were given elsewhere."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.views.decorators.http import require_http_methods

from surveys import imports
from surveys.access import OWNERS, MemberRequest, for_members
from surveys.answer_files import SHOWN_PROBLEMS
from surveys.import_form import ImportAnswers
from surveys.models import QuestionnaireVersion, Wave


@require_http_methods(["GET", "HEAD", "POST"])
@for_members(OWNERS)
def import_answers(request: MemberRequest, version_id: UUID) -> HttpResponse:
    """Look at a file, or import it whole; its report is asked for on the next page."""
    version = get_object_or_404(QuestionnaireVersion, pk=version_id)
    posted = request.method == "POST"
    form = ImportAnswers(
        request.POST if posted else None,
        request.FILES if posted else None,
        version=version,
        language=get_language() or "en",
    )
    if posted and request.POST.get("step") != "import":
        form.only_the_file()
    elif form.is_valid() and not form.unclear():
        wave = _import(request, form)
        return redirect("analytics:report", wave_id=wave.pk)
    context = {
        "version": version,
        "asks": version.questionnaire(),
        "form": form,
        "looked": form.looked,
        "most": SHOWN_PROBLEMS,
    }
    return render(request, "surveys/import.html", context)


def _import(request: MemberRequest, form: ImportAnswers) -> Wave:
    looked, table = form.looked, form.table
    if looked is None or table is None:
        raise RuntimeError("Only a form that was looked at can be imported.")
    wave = imports.import_answers(
        key=form.cleaned_data["key"],
        organization=request.membership.organization,
        asked=form.asked(),
        study=form.study(),
        answers=(
            row.codes for row in table.rows() if not row.problems and not row.is_blank
        ),
        at=timezone.now(),
    )
    for sentence in _counted(looked.answered, looked.blank, looked.wrong):
        messages.success(request, sentence)
    return wave


def _counted(answered: int, blank: int, wrong: int) -> list[str]:
    """Say what became of the rows."""
    said = [
        ngettext("%(n)s answer was imported.", "%(n)s answers were imported.", answered)
        % {"n": answered}
    ]
    if blank:
        sentence = ngettext(
            "%(n)s row without any answer was left out.",
            "%(n)s rows without any answer were left out.",
            blank,
        )
        said.append(sentence % {"n": blank})
    if wrong:
        sentence = ngettext(
            "%(n)s row that could not be used was left out.",
            "%(n)s rows that could not be used were left out.",
            wrong,
        )
        said.append(sentence % {"n": wrong})
    return said
