"""Words that carry both languages, said in one of them."""

from django import template

from surveys import evidence
from surveys.definition import Text
from surveys.models import Survey

register = template.Library()
register.filter("evidence", evidence.in_words)


@register.filter
def in_language(text: Text, language: str) -> str:
    return text.in_(language)


@register.filter
def title_in(survey: Survey, language: str) -> str:
    return survey.title(language)
