"""The page on which a draft is written: one part is open at a time."""

from itertools import zip_longest
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from surveys import authoring
from surveys.access import ANALYSTS, MemberRequest, for_members
from surveys.authoring_fields import PartForm
from surveys.authoring_forms import form_of
from surveys.definition import DefinitionError
from surveys.definition.draft import Content, text
from surveys.definition.draft_edits import (
    NoSuchPart,
    Part,
    add_items,
    lines_of,
    move,
    next_code,
    put,
    remove,
)
from surveys.models import QuestionnaireDraft
from surveys.views.authoring_page import DraftPage, part_or_none
from surveys.views.files import LABELS

# What a page sends beside the fields of a part.
_BESIDE = {"csrfmiddlewaretoken", "revision", "part", "action", "up", "down"}


@require_http_methods(["GET", "HEAD", "POST"])
@for_members(ANALYSTS)
def draft(request: MemberRequest, draft_id: UUID) -> HttpResponse:
    """Show a draft with one part open, or store what was changed in it."""
    shown = get_object_or_404(QuestionnaireDraft, pk=draft_id)
    if request.method == "POST":
        return _change(request, shown)
    part = part_or_none(shown.content, request.GET.get("edit", ""))
    form = None
    if part is not None:
        form = _form(shown, part)
    deleting = request.GET.get("delete", "")
    return _page(request, shown, form=form, deleting=deleting)


def _change(request: MemberRequest, shown: QuestionnaireDraft) -> HttpResponse:
    try:
        return _changed(request, shown)
    except authoring.StaleDraft:
        sentence = _(
            "Somebody changed this questionnaire since you opened the page. Nothing"
            " was stored. Look at it as it is now, and do it again."
        )
    except NoSuchPart:
        sentence = _("This part is not there any more. Nothing was stored.")
        return _page(request, shown, problem=sentence, lost=_typed(request), status=409)
    except DefinitionError as problem:
        return _page(request, shown, problem=problem.in_(_language()))
    return _page(request, shown, problem=sentence, lost=_typed(request), status=409)


def _changed(request: MemberRequest, shown: QuestionnaireDraft) -> HttpResponse:
    sent, content = request.POST, shown.content
    for direction, steps in (("up", -1), ("down", 1)):
        if direction in sent:
            part = Part.named(sent[direction])
            return _store(request, shown, move(content, part, steps), part)
    if "part" not in sent:
        return redirect("surveys:draft", draft_id=shown.pk)
    part = Part.named(sent["part"])
    match sent.get("action", ""):
        case "save" | "next":
            return _save(request, shown, part)
        case "delete":
            gone = _store(request, shown, remove(content, part), part)
            messages.success(request, _("Deleted: %(part)s.") % {"part": part.code})
            return gone
        case "lines" if part.kind == "item" and part.is_new:
            return _add_lines(request, shown, part)
        case _:
            raise NoSuchPart(str(part))


def _save(
    request: MemberRequest, shown: QuestionnaireDraft, part: Part
) -> HttpResponse:
    form = _form(shown, part, request.POST)
    if _revision(request) != shown.revision:
        if not part.is_new:
            # both versions are shown, and saving again is a decision
            form.compare_with(_form(shown, part))
        problem = _(
            "Somebody saved this questionnaire since you opened the page. Nothing of"
            " yours was stored yet. Where the two differ, what is stored stands below"
            " your text; save again to replace it."
        )
        return _page(request, shown, form=form, problem=problem, status=409)
    if not form.is_valid():
        return _page(request, shown, form=form)
    values = form.values()
    changed = put(shown.content, part, values)
    saved = Part(part.kind, values.get("code", ""))
    following = ""
    if part.kind == "item" and request.POST["action"] == "next":
        following = str(Part("item", "", form.scale["code"]))  # type: ignore[attr-defined]
    return _store(request, shown, changed, saved, edit=following)


def _add_lines(
    request: MemberRequest, shown: QuestionnaireDraft, part: Part
) -> HttpResponse:
    english, chinese = (
        lines_of(request.POST.get(f"lines_{one}", "")) for one in ("en", "zh_hans")
    )
    pairs = zip_longest(english, chinese, fillvalue="")
    texts = [text(en, zh) for en, zh in pairs if en or zh]
    retired = authoring.before(shown).retired
    changed = add_items(shown.content, part.within, texts, retired)
    return _store(request, shown, changed, Part("scale", part.within))


def _store(
    request: MemberRequest,
    shown: QuestionnaireDraft,
    changed: Content,
    part: Part,
    *,
    edit: str = "",
) -> HttpResponse:
    """Save the draft and show the part that changed; raises StaleDraft."""
    authoring.save(
        draft_id=shown.pk,
        revision=_revision(request),
        content=changed,
        at=timezone.now(),
    )
    address = reverse("surveys:draft", args=[shown.pk])
    query = f"?edit={edit}" if edit else ""
    return HttpResponseRedirect(f"{address}{query}#{edit or part}")


def _form(shown: QuestionnaireDraft, part: Part, data: Any | None = None) -> PartForm:
    form = form_of(part, shown.content, _language(), data)
    if part.kind == "item" and part.is_new and data is None:
        retired = authoring.before(shown).retired
        form.initial["code"] = next_code(shown.content, part.within, retired)
    return form


def _page(
    request: MemberRequest,
    shown: QuestionnaireDraft,
    *,
    form: PartForm | None = None,
    deleting: str = "",
    problem: str = "",
    lost: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    follows = authoring.before(shown)
    judged = authoring.judgement(shown, follows)
    page = DraftPage(shown.content, judged, _language(), form=form, deleting=deleting)
    context = {
        **page.context(),
        "draft": shown,
        "name": shown.content["name"],
        "number": follows.number,
        "problem": problem,
        "file_kinds": LABELS,
        "lost": lost or [],
    }
    return render(request, "surveys/authoring/draft.html", context, status=status)


def _typed(request: MemberRequest) -> list[str]:
    """What was typed into a page that came too late, to be copied from."""
    fields = {name: v for name, v in request.POST.items() if name not in _BESIDE}
    return [str(value)[:2000] for value in fields.values() if len(str(value)) > 3]


def _revision(request: MemberRequest) -> int:
    sent = request.POST.get("revision", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0


def _language() -> str:
    return get_language() or "en"
