"""A list of people on its way in: file, columns, dry run, import."""

from collections.abc import Iterator
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRefresh

from surveys.access import OWNERS, MemberRequest, for_members
from surveys.csv_files import BYTE_ORDER_MARK, in_blocks, line
from surveys.models import PeopleList
from surveys.people import lists
from surveys.people.findings import Finding, ListError
from surveys.people.forms import ColumnsForm, EncodingForm, UploadForm
from surveys.tenancy import organization_scope
from surveys.views.people import reader_language

SHOWN = 20  # rows with findings


@require_http_methods(["GET", "HEAD", "POST"])
@for_members(OWNERS)
def new_list(request: MemberRequest) -> HttpResponse:
    """Take a file in."""
    posted = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if posted else UploadForm()
    if form.is_valid():
        file: UploadedFile[bytes] = form.cleaned_data["file"]
        try:
            people_list = lists.upload(
                organization=request.membership.organization,
                filename=file.name or "",
                size=file.size or 0,
                chunks=file.chunks(),
                at=timezone.now(),
            )
        except ListError as problem:
            form.add_error("file", problem.in_(reader_language()))
        else:
            return redirect("surveys:people-list", list_id=people_list.pk)
    recent = PeopleList.objects.order_by("-uploaded_at")[:10]
    context = {"form": form, "recent": recent}
    return render(request, "surveys/people/new_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members(OWNERS)
def people_list(request: MemberRequest, list_id: UUID) -> HttpResponse:
    """Show how far a list is, and take the next step with it."""
    known = get_object_or_404(PeopleList, pk=list_id)
    if request.method == "POST":
        return _step(request, known)
    if known.is_under_way:
        template = "_progress" if request.htmx else "list_progress"
        return render(request, f"surveys/people/{template}.html", {"list": known})
    if request.htmx:
        # the page that polls has something better to show now
        return HttpResponseClientRefresh()
    return _shown(request, known, _columns(known))


def _columns(known: PeopleList, data: object = None) -> ColumnsForm:
    return ColumnsForm(
        data,
        people_list=known,
        attributes=lists.known_attributes(),
        language=reader_language(),
    )


def _step(request: MemberRequest, known: PeopleList) -> HttpResponse:
    here = redirect("surveys:people-list", list_id=known.pk)
    step = request.POST.get("step", "")
    if step == "discard":
        known.delete()
        messages.success(request, _("The list is removed; nobody was changed by it."))
        return redirect("surveys:people")
    if known.is_under_way or known.state == PeopleList.State.DONE:
        return here
    if step == "import":
        if not lists.request_import(known, at=timezone.now()):
            messages.error(request, _("Check the list first."))
        return here
    if step == "read":
        return _read_again(request, known) or here
    form = _columns(known, request.POST)
    if not form.is_valid():
        return _shown(request, known, form)
    known.mapping = form.cleaned_data["mapping"]
    known.create_units = form.cleaned_data["create_units"]
    known.mark_missing = form.cleaned_data["mark_missing"]
    lists.request_check(known, at=timezone.now())
    return here


def _read_again(request: MemberRequest, known: PeopleList) -> HttpResponse | None:
    form = EncodingForm(request.POST)
    if form.is_valid():
        try:
            lists.read_again(known, form.cleaned_data["encoding"])
        except (ListError, UnicodeError) as problem:
            said = _("The file cannot be read in this encoding.")
            if isinstance(problem, ListError):
                said = problem.in_(reader_language())
            messages.error(request, said)
    return None


def _shown(
    request: MemberRequest, known: PeopleList, form: ColumnsForm
) -> HttpResponse:
    failure = ""
    if known.failure is not None:
        failed = ListError(known.failure["code"], params=known.failure["params"])
        failure = failed.in_(reader_language())
    is_done = known.state == PeopleList.State.DONE
    context = {
        "list": known,
        "form": form,
        "encoding": EncodingForm(initial={"encoding": known.encoding}),
        "columns": []
        if is_done
        else list(zip(form.columns(), _samples(known), strict=True)),
        "failure": failure,
        "counts": known.counts,
        "findings": _findings(known),
        "shown": SHOWN,
    }
    template = "list_done" if is_done else "list"
    return render(request, f"surveys/people/{template}.html", context)


def _samples(known: PeopleList) -> list[list[str]]:
    """The first values of every column."""
    rows = [row.cells for row in lists.preview(known) if not row.problem]
    return [
        [shown for row in rows if (shown := row[at].strip()[:40])][:3]
        for at in range(len(known.header))
    ]


def _findings(known: PeopleList) -> list[dict[str, object]]:
    language = reader_language()
    return [_said(known, one, language) for one in lists.findings(known, most=SHOWN)]


def _said(known: PeopleList, one: Finding, language: str) -> dict[str, object]:
    return {
        "line": one.line,
        "column": lists.column_title(known, one.column, language),
        "what": one.what(language),
        "to_do": one.to_do(language),
    }


@require_safe
@for_members(OWNERS)
def rejected_csv(request: MemberRequest, list_id: UUID) -> HttpResponseBase:
    """Every row that is left out: where, what is wrong, what to do."""
    known = get_object_or_404(PeopleList, pk=list_id)
    head = [_("Row"), _("Column"), _("What is wrong"), _("What to do")]
    content = in_blocks(_rejected(known, head, reader_language()))
    reply = StreamingHttpResponse(content, content_type="text/csv; charset=utf-8")
    reply["Content-Disposition"] = 'attachment; filename="rejected.csv"'
    return reply


def _rejected(known: PeopleList, head: list[str], language: str) -> Iterator[str]:
    """Runs in a transaction of its own: a response streams after the request's."""
    yield BYTE_ORDER_MARK + line(head)
    with organization_scope(known.organization_id):
        for one in lists.findings(known):
            yield line(_said(known, one, language).values())
