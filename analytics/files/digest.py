"""The mail about a new report: what it says at a glance, and where to read it."""

from collections.abc import Mapping, Sequence

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from analytics.release_sections import Parts
from analytics.release_sections.glance import Big, GlanceSection, glance_section
from analytics.sentences import label
from surveys.definition import LANGUAGES
from surveys.fieldwork.texts import SEPARATOR, Mail

HTML_LANGUAGES = {"en": "en", "zh-hans": "zh-Hans"}


def digest(
    parts: Parts, language: str, *, organization: str, link: str, tells: bool
) -> Mail:
    """Write the mail in one language, or in both where `language` is empty.

    `tells` is False for members who may not see the section: they get the link alone.
    """
    languages: Sequence[str] = (language,) if language else LANGUAGES
    title, wave = parts.facts.title, parts.facts.wave
    subject = " / ".join(
        dict.fromkeys(
            label("file_mail_subject", one, title=title, wave=wave) for one in languages
        )
    )
    bodies = [
        {
            "lang": HTML_LANGUAGES[one],
            "hello": label("file_mail_hello", one, title=title, wave=wave),
            "lines": _told(glance_section(parts, one)) if tells else [],
            "read": label("file_mail_read", one, link=""),
            "link": link,
            "why": label("file_mail_why", one, organization=organization),
            "note": label("file_simulated", one) if parts.facts.simulated else "",
        }
        for one in languages
    ]
    text = SEPARATOR.join(_plain(body) for body in bodies)
    html: SafeString = render_to_string(
        "analytics/mail/digest.html", {"bodies": bodies, "subject": subject}
    )
    return Mail(subject, text, html)


def _told(section: GlanceSection) -> list[tuple[str, str]]:
    """Return the index, the participation and the plain sentences, each with its name."""
    numbers = [
        (one.label, _in_words(one))
        for one in (section.index, section.participation)
        if one is not None
    ]
    return [*numbers, *((one.chip, one.text) for one in section.readings)]


def _in_words(one: Big) -> str:
    return " · ".join(filter(None, (f"{one.value} {one.beside}".strip(), one.below)))


def _plain(body: Mapping[str, object]) -> str:
    lines = body["lines"]
    told = (
        [f"{name}: {text}" for name, text in lines] if isinstance(lines, list) else []
    )
    read = f"{body['read']}{body['link']}"
    parts = [body["hello"], body["note"], "\n".join(told), read, body["why"]]
    return "\n\n".join(str(part) for part in parts if part)
