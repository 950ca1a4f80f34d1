"""Action notes beside a report: read, written, changed, with everything said before."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from analytics.action_notes import rewrite, writable, write
from analytics.forms_release import NoteForm
from analytics.managing import require_something
from analytics.models import ActionEntry, ActionNote
from analytics.release_reading import newest_published, promise_of, read_parts
from analytics.release_sections.actions import actions_section
from surveys.access import READERS, MemberRequest, for_members
from surveys.models import Wave
from surveys.models.managers import Section
from surveys.models.people import Role
from surveys.reading import sections_of

VIEWERS = READERS | {Role.MANAGER}


@require_http_methods(["GET", "HEAD", "POST"])
@for_members(VIEWERS)
def wave_notes(request: MemberRequest, wave_id: UUID) -> HttpResponse:
    """Show the notes beside a wave's report; write a new one."""
    _require_section(request)
    waves = Wave.objects.select_related("survey", "promise")
    wave = get_object_or_404(waves, pk=wave_id)
    context: dict[str, object] = {"wave": wave, "survey": wave.survey}
    release = newest_published(wave)
    if release is None:
        return render(request, "analytics/release/notes.html", context)
    parts = read_parts(release, promise_of(wave), request.membership)
    require_something(parts)
    language = get_language() or "en"
    segments = writable(request.membership, wave, parts)
    form = NoteForm(
        request.POST if request.method == "POST" else None,
        segments={key: one.name.in_language(language) for key, one in segments.items()},
    )
    if request.method == "POST" and not segments:
        raise PermissionDenied(_("Your role writes no notes."))
    if form.is_valid():
        about = segments[form.cleaned_data["segment"]]
        write(wave, about, form.writing(), by=request.user.email, at=timezone.now())
        messages.success(request, _("The note is written down."))
        return redirect("analytics:notes", wave_id=wave.pk)
    context |= {
        "section": actions_section(parts, language),
        "form": form if segments else None,
        "release": release,
    }
    return render(request, "analytics/release/notes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members(VIEWERS)
def note(request: MemberRequest, note_id: UUID) -> HttpResponse:
    """Change a note; show everything that was ever said in it."""
    _require_section(request)
    notes = ActionNote.objects.select_related("wave__survey", "wave__promise")
    known = get_object_or_404(notes, pk=note_id)
    may_write = _may(request, known)
    entries = list(ActionEntry.objects.filter(note=known).order_by("-number"))
    now = entries[0]
    form = NoteForm(
        request.POST if request.method == "POST" else None,
        initial={
            "text": now.text,
            "who": now.who,
            "until": now.until,
            "status": now.status,
        },
    )
    if request.method == "POST" and not may_write:
        raise PermissionDenied(_("Your role writes no notes about this group."))
    if form.is_valid():
        rewrite(known, form.writing(), by=request.user.email, at=timezone.now())
        messages.success(request, _("Kept."))
        return redirect("analytics:notes", wave_id=known.wave_id)
    context = {
        "note": known,
        "wave": known.wave,
        "survey": known.wave.survey,
        "entries": entries,
        "form": form if may_write else None,
    }
    return render(request, "analytics/release/note.html", context)


def _require_section(request: MemberRequest) -> None:
    if Section.ACTIONS not in sections_of(request.membership):
        raise PermissionDenied(_("Your role does not see the action notes of reports."))


def _may(request: MemberRequest, note: ActionNote) -> bool:
    """Whether the member writes about the note's group; 404 where it is not seen.

    It is looked up in the newest report of the survey, where the groups are those of
    today.
    """
    member = request.membership
    if member.role in {Role.OWNER, Role.ANALYST}:
        return True
    release = newest_published(note.wave)
    if release is None:
        raise Http404
    parts = read_parts(release, promise_of(note.wave), member)
    if parts.visible is not None and note.segment not in parts.visible:
        raise Http404
    return note.segment in writable(member, note.wave, parts)
