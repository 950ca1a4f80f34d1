"""Sections of a frozen release, kept as the HTML they became.

A published release never changes, so what a section wrote of it once can be sent again.
Kept is only what a section makes of the release itself; what goes on changing beside it
(codings of comments, action notes) is written anew for every reader. The text lies in
the memory of the process, so a new version of the program begins without any.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, Final
from uuid import UUID

from django.core.cache import caches
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from analytics.release_sections import Parts, SectionKind

CACHE: Final = "sections"


def html_of(
    kind: SectionKind,
    release: UUID,
    parts: Parts,
    language: str,
    chosen: Mapping[str, Any],
    frame: Mapping[str, Any],
) -> SafeString:
    """Return a section as HTML, from what is kept or made now.

    Parameters
    ----------
    release : UUID
        Key of the published release; whoever asks has been let in already.
    chosen : mapping of parameter name -> value
        What the address chooses of the section, for its builder.
    frame : mapping of name -> value
        What else its template may ask for; a section that is kept asks for nothing.
    """

    def written(context: Mapping[str, Any]) -> str:
        section = kind.builder(parts, language, **chosen)
        return render_to_string(kind.template, {**context, "section": section})

    if not kind.frozen:
        return mark_safe(written(frame))  # noqa: S308 - a template wrote it
    key = _key(kind, release, parts, language, chosen)
    return mark_safe(_kept(key, lambda: written({})))  # noqa: S308 - a template wrote it


def _kept(key: str, make: Callable[[], str]) -> str:
    cache = caches[CACHE]
    text: str | None = cache.get(key)
    if text is None:
        text = make()
        cache.set(key, text)
    return text


def _key(
    kind: SectionKind,
    release: UUID,
    parts: Parts,
    language: str,
    chosen: Mapping[str, Any],
) -> str:
    """Name everything that a section reads beside the parts of its release."""
    seen = None if parts.visible is None else sorted(parts.visible)
    # the facts hold the title of the survey, which its owner may change
    read = [kind.key, str(release), language, seen, dict(chosen), asdict(parts.facts)]
    return hashlib.sha256(json.dumps(read, sort_keys=True).encode()).hexdigest()
