"""The report of a wave: its newest release, how far that is, or why there is none."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRefresh

from analytics.forms import Estimation
from analytics.kept_sections import html_of
from analytics.managing import require_something
from analytics.models import Release
from analytics.publishing import may_release
from analytics.release_reading import HIDING, promise_of, read_parts
from analytics.release_sections import SectionKind, sections
from analytics.sentences import Sentence, label
from analytics.views import show_analysis
from surveys.access import ANALYSTS, READERS, MemberRequest, for_members
from surveys.models import Wave
from surveys.models.people import Role
from surveys.reading import sections_of

VIEWERS = READERS | {Role.MANAGER}


@dataclass(frozen=True, slots=True)
class Entry:
    """One section on the page: its name in the contents, and its HTML."""

    kind: SectionKind
    name: str
    html: SafeString


@require_safe
@for_members(VIEWERS)
def wave_report(request: MemberRequest, wave_id: UUID) -> HttpResponse:
    """Show the newest published release of a wave, else where it stands.

    A wave of an open or identified survey that has none shows its analysis.
    """
    wave = get_object_or_404(
        Wave.objects.select_related("survey", "promise"), pk=wave_id
    )
    releases = _releases(wave)
    shown = next(
        (one for one in releases if one.state == Release.State.PUBLISHED), None
    )
    if shown is not None:
        return _report(request, shown, releases)
    if not releases and _previews(request, wave):
        return show_analysis(request, wave)
    return _state(request, wave, releases)


@require_safe
@for_members(VIEWERS)
def stored_release(request: MemberRequest, release_id: UUID) -> HttpResponse:
    """Show one published release, also when a newer one exists."""
    found = Release.objects.published().select_related("wave__survey", "wave__promise")
    release = get_object_or_404(found, pk=release_id)
    return _report(request, release, _releases(release.wave))


def _releases(wave: Wave) -> list[Release]:
    releases = list(Release.objects.filter(wave=wave).newest_first())
    for release in releases:
        release.wave = wave
    return releases


def _report(
    request: MemberRequest, release: Release, releases: Sequence[Release]
) -> HttpResponse:
    wave, language = release.wave, get_language() or "en"
    focus = request.GET.get("segment", "")
    extra = [f"trend/{focus}"] if focus else []
    parts = read_parts(release, promise_of(wave), request.membership, *extra)
    require_something(parts)
    seen = {str(one) for one in sections_of(request.membership)}
    frame = {**_frame(wave), "release": release}
    entries = []
    for kind, _ in sections():
        if kind.key in seen:
            chosen = _choices(kind, request)
            html = html_of(kind, release.pk, parts, language, chosen, frame)
            entries.append(Entry(kind, kind.name.in_language(language), html))
    context = {
        **frame,
        "title": parts.facts.title.in_language(language),
        "entries": entries,
        "releases": [one for one in releases if one.state == Release.State.PUBLISHED],
        "under_way": releases[0].is_under_way,
        "previews": _previews(request, wave),
        "mine": request.membership.role == Role.MANAGER,
    }
    return render(request, "analytics/release/page.html", context)


def _choices(kind: SectionKind, request: MemberRequest) -> dict[str, Any]:
    """Return what the address chooses of a section."""
    chosen: dict[str, Any] = {}
    if kind.of_groups:
        chosen["focus"] = request.GET.get("segment", "")
    if kind.key == "teams":
        start = request.GET.get("start", "")
        whole = start.isascii() and start.isdigit() and len(start) < 7
        chosen["start"] = int(start) if whole else 0
    return chosen


def _state(
    request: MemberRequest, wave: Wave, releases: Sequence[Release]
) -> HttpResponse:
    """Say how far the newest release is, or why nothing is published."""
    newest = releases[0] if releases else None
    if request.htmx and (newest is None or not newest.is_under_way):
        # the page that polls has something better to show now
        return HttpResponseClientRefresh()
    language = get_language() or "en"
    context: dict[str, object] = {"release": newest}
    if newest is not None:
        context["step"] = label(newest.step, language) if newest.step else ""
        if newest.reason:
            said = Sentence.from_plain(json.loads(newest.reason))
            context["reason"] = said.text(language)
    if request.htmx:
        return render(request, "analytics/release/_progress.html", context)
    context |= {
        **_frame(wave),
        "previews": _previews(request, wave),
        "may_publish": request.membership.role in ANALYSTS and may_release(wave),
        "estimation": Estimation(),
    }
    return render(request, "analytics/release/state.html", context)


def _frame(wave: Wave) -> dict[str, object]:
    return {"wave": wave, "survey": wave.survey}


def _previews(request: MemberRequest, wave: Wave) -> bool:
    """Return whether the member may look at answers outside of a release."""
    role = request.membership.role
    return wave.survey.mode not in HIDING and role in READERS
