"""Words that carry both languages, said in one of them."""

import re
from collections.abc import Mapping, Sequence

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from surveys import evidence
from surveys.browsing import Extent
from surveys.definition import Text
from surveys.models import Survey

register = template.Library()
NAMED = 8  # names in a row, before the rest is only counted
_HAN = re.compile(r"[\u4e00-\u9fff]")
_BETWEEN = re.compile(r"(?<=[。：；！？])((?:</\w+>)?)\s+|\s+(?=（)")
register.filter("evidence", evidence.in_words)
register.filter("evidence_badge", evidence.badge)


@register.filter
def in_language(text: Text, language: str) -> str:
    return text.in_(language)


@register.filter
def names_in(texts: Sequence[Text], language: str) -> str:
    """Several names in a row; of many only the first, and how many more there are."""
    names = [text.in_(language) for text in texts]
    row = ("、" if language == "zh-hans" else ", ").join(names[:NAMED])
    if len(names) <= NAMED:
        return row
    return _("%(names)s and %(number)s more") % {
        "names": row,
        "number": len(names) - NAMED,
    }


class Sentences(template.Node):
    def __init__(self, inside: template.NodeList) -> None:
        self.inside = inside

    def render(self, context: template.Context) -> SafeString:
        return mark_safe(_BETWEEN.sub(r"\1", self.inside.render(context)))  # noqa: S308, rendered above


@register.tag
def sentences(parser: template.base.Parser, token: template.base.Token) -> Sentences:
    """Sentences in a row, with spaces between them as their language has them: none in Chinese."""
    inside = parser.parse(("endsentences",))
    parser.delete_first_token()
    return Sentences(inside)


@register.filter
def language_of(citation: str) -> str:
    """Value for a lang attribute: a citation keeps the language it was printed in."""
    return "zh-Hans" if _HAN.search(citation) else "en"


@register.filter
def title_in(survey: Survey, language: str) -> str:
    return survey.title(language)


@register.filter
def named(text: Mapping[str, str], language: str) -> str:
    """Wording of a draft in `language`, in the other one where it is blank."""
    return text[language] or next(filter(None, text.values()), "")


@register.filter
def minutes_in(extent: Extent, language: str) -> int:
    return extent.minutes[language]
