"""The comments of a release: read, searched, coded with tags, hidden by an owner.

What somebody looks for is posted and answered at once: it stands in no address, log or
session.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from analytics import coding, comments
from analytics.forms_release import EVERY, HIDDEN, TO_DO, CodingForm, NewTag, Wanted
from analytics.models import CodingReveal, CommentTag, Release
from analytics.release_reading import newest_published, promise_of, read_parts
from analytics.release_sections import Parts
from analytics.release_sections.comments import comments_section
from surveys.access import ANALYSTS, OWNERS, READERS, MemberRequest, for_members
from surveys.models import Comment, Membership, Wave
from surveys.models.managers import Section
from surveys.reading import sections_of

ON_A_PAGE = 25


@dataclass(frozen=True, slots=True)
class Opened:
    """The comments of a wave as one member may read and code them."""

    wave: Wave
    member: Membership
    reading: comments.Reading
    tags: list[CommentTag]
    reveal: CodingReveal | None
    language: str

    @property
    def codes(self) -> bool:
        return self.member.role in ANALYSTS

    @property
    def hides(self) -> bool:
        return self.member.role in OWNERS


@dataclass(frozen=True, slots=True)
class Line:
    """One comment on the page; `given` are tags with how many coders gave each."""

    comment: Comment
    question: str
    given: tuple[tuple[str, int], ...]
    form: CodingForm | None
    decided: bool


@require_http_methods(["GET", "HEAD", "POST"])
@for_members(READERS)
def wave_comments(request: MemberRequest, wave_id: UUID) -> HttpResponse:
    """Show a page of comments; keep what was decided about one of them."""
    if Section.COMMENTS not in sections_of(request.membership):
        raise PermissionDenied(_("Your role does not see the comments of reports."))
    waves = Wave.objects.select_related("survey", "promise")
    wave = get_object_or_404(waves, pk=wave_id)
    release = newest_published(wave)
    parts = (
        None
        if release is None
        else read_parts(release, promise_of(wave), request.membership)
    )
    opened = _opened(request, wave, release, parts)
    if opened is None:
        section = None if parts is None else comments_section(parts, _language())
        context = {"wave": wave, "survey": wave.survey, "section": section}
        return render(request, "analytics/release/comments_closed.html", context)
    step = request.POST.get("step", "")
    if step == "tag":
        return _add_tag(request, opened)
    if step == "reveal":
        return _reveal(request, opened)
    if step in ("code", "hide", "show"):
        _decide(request, opened, step)
    return _page(request, opened, NewTag(known=opened.tags))


def _language() -> str:
    return get_language() or "en"


def _opened(
    request: MemberRequest, wave: Wave, release: Release | None, parts: Parts | None
) -> Opened | None:
    if release is None or parts is None:
        return None
    try:
        reading = comments.reading_of(release, parts.comments)
    except comments.NoComments:
        return None
    return Opened(
        wave,
        request.membership,
        reading,
        coding.tags_of(wave.survey),
        coding.revealed(wave),
        _language(),
    )


def _add_tag(request: MemberRequest, opened: Opened) -> HttpResponse:
    _require(opened.codes)
    form = NewTag(request.POST, known=opened.tags)
    if not form.is_valid():
        return _page(request, opened, form)
    CommentTag.objects.create(
        organization_id=opened.wave.organization_id,
        survey=opened.wave.survey,
        **form.cleaned_data,
    )
    messages.success(request, _("The tag is added."))
    return redirect("analytics:comments", wave_id=opened.wave.pk)


def _reveal(request: MemberRequest, opened: Opened) -> HttpResponse:
    _require(opened.codes)
    try:
        coding.reveal(opened.wave, by=request.user.email, at=timezone.now())
    except coding.NothingToCompare:
        words = _("No comment was coded by two people yet.")
        messages.error(request, words)
    else:
        messages.success(request, _("Everybody sees the codings from now on."))
    return redirect("analytics:comments", wave_id=opened.wave.pk)


def _decide(request: MemberRequest, opened: Opened, step: str) -> None:
    """Code one comment, hide it, or show it again."""
    _require(opened.codes if step == "code" else opened.hides)
    known = opened.reading.all() if opened.hides else opened.reading.visible()
    comment = get_object_or_404(known, id=_uuid(request.POST.get("comment", "")))
    if step != "code":
        comments.decide(
            comment,
            hidden=step == "hide",
            by=request.user.email,
            at=timezone.now(),
        )
        return
    form = CodingForm(
        request.POST,
        tags=opened.tags,
        given=(),
        language=opened.language,
        comment=comment.id,
    )
    if form.is_valid():
        coding.code(comment, tags=form.chosen(), by=request.membership)


def _require(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied(
            _("Your role in this organization does not open this page.")
        )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _page(request: MemberRequest, opened: Opened, new_tag: NewTag) -> HttpResponse:
    wanted = Wanted(
        request.POST,
        questions=[
            (one.code, one.text.in_language(opened.language))
            for one in opened.reading.part.shown
        ],
        tags=opened.tags,
        language=opened.language,
        codes=opened.codes,
        hides=opened.hides,
    )
    own = coding.own_codings(opened.wave, opened.member)
    everybody = coding.codings_of(opened.wave) if opened.reveal else {}
    shown = everybody or {opened.member.pk: own}
    found = _found(opened, wanted, own, coding.merged(shown.values()))
    page = Paginator(found, ON_A_PAGE).get_page(request.POST.get("page"))
    context = {
        "wave": opened.wave,
        "survey": opened.wave.survey,
        "opened": opened,
        "wanted": wanted,
        "new_tag": new_tag,
        "page": page,
        "lines": _lines(opened, page, own, list(shown.values())),
        "total": opened.reading.part.total,
        "coded": len(own),
        "several": len(opened.reading.part.shown) > 1,
    }
    return render(request, "analytics/release/comments.html", context)


def _found(
    opened: Opened, wanted: Wanted, own: coding.Codings, shown: coding.Codings
) -> QuerySet[Comment]:
    """Comments that are looked for; what is not understood is not asked for."""
    given: dict[str, Any] = wanted.cleaned_data if wanted.is_valid() else {}
    tag = given.get("tag", EVERY)
    reading = opened.reading
    found = reading.hidden() if tag == HIDDEN else reading.visible()
    question = given.get("question", EVERY)
    found = comments.searched(
        found,
        words=given.get("words", ""),
        question=None if question == EVERY else question,
    )
    if tag == TO_DO:
        return found.exclude(id__in=list(own))
    if tag not in (EVERY, HIDDEN):
        return found.filter(
            id__in=[c for c, tags in shown.items() if UUID(tag) in tags]
        )
    return found


def _lines(
    opened: Opened,
    page: Page[Comment],
    own: coding.Codings,
    coders: list[coding.Codings],
) -> list[Line]:
    questions = {
        one.code: one.text.in_language(opened.language)
        for one in opened.reading.part.questions
    }
    return [
        Line(
            comment,
            questions[comment.question],
            _given(opened, comment, coders),
            CodingForm(
                tags=opened.tags,
                given=own.get(comment.id, ()),
                language=opened.language,
                comment=comment.id,
            )
            if opened.codes and opened.tags
            else None,
            comment.id in own,
        )
        for comment in page
    ]


def _given(
    opened: Opened, comment: Comment, coders: list[coding.Codings]
) -> tuple[tuple[str, int], ...]:
    counts = [
        (
            tag.name(opened.language),
            sum(tag.pk in codings.get(comment.id, ()) for codings in coders),
        )
        for tag in opened.tags
    ]
    return tuple((name, count) for name, count in counts if count)
