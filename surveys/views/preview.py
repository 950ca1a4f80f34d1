"""A questionnaire as its respondents will see it; nothing can be sent or stored."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from surveys import needs
from surveys.access import EVERYBODY, MemberRequest, for_members
from surveys.collect import page
from surveys.definition import (
    REFERENTS,
    DefinitionError,
    Form,
    FormPart,
    Questionnaire,
    compile_form,
)
from surveys.models import QuestionnaireVersion

SHORT = "short"


class PreviewChoices(forms.Form):
    """What is shown of a questionnaire; a field with one choice only is left out."""

    length = forms.ChoiceField(label=gettext_lazy("Length"), required=False)
    form = forms.ChoiceField(label=gettext_lazy("Wording"), required=False)
    scale = forms.ChoiceField(label=gettext_lazy("Scales"), required=False)
    referent = forms.ChoiceField(label=gettext_lazy("Trust in"), required=False)

    def __init__(
        self, data: Mapping[str, Any], *, asks: Questionnaire, language: str
    ) -> None:
        super().__init__(data)
        self.asks = asks
        self.example = needs.example_referent(asks)
        lengths = [("", _("full form"))]
        if asks.short_form:
            lengths.append((SHORT, _("short form")))
        scales = [("", _("all of them"))]
        if asks.modules:
            scales += [(one.code, one.name.in_(language)) for one in asks.scales]
        forms_ = [(one.code, one.name.in_(language)) for one in asks.forms]
        referents = [(code, text.in_(language)) for code, text in REFERENTS.items()]
        self._offer("length", lengths)
        self._offer("form", forms_)
        self._offer("scale", scales)
        self._offer("referent", referents if needs.has_slot(asks) else [])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        if len(choices) < 2:
            del self.fields[name]
            return
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101, narrows the type
        field.choices = choices

    def asked(self, language: str) -> Form:
        """Form to show; where the choices make none, the whole with the reason beside."""
        self.is_valid()
        chosen = self.cleaned_data
        try:
            return self._compiled(
                FormPart(
                    self.asks,
                    short=chosen.get("length") == SHORT,
                    scales=(chosen["scale"],) if chosen.get("scale") else None,
                    form=chosen.get("form") or None,
                ),
                chosen.get("referent") or self.example,
            )
        except DefinitionError as problem:
            self.add_error(None, problem.in_(language))
            return self._compiled(FormPart(self.asks, short=False), self.example)

    def _compiled(self, part: FormPart, referent: str) -> Form:
        return compile_form(
            [part],
            title=self.asks.name,
            referent=referent,
            languages=self.asks.languages,
            comment=False,
        )


@require_safe
@for_members(EVERYBODY)
def preview(request: MemberRequest, version_id: UUID, language: str) -> HttpResponse:
    version = get_object_or_404(QuestionnaireVersion, pk=version_id)
    asks = version.questionnaire()
    if language not in asks.languages:
        raise Http404(f"{version} has no wording in {language}.")
    return preview_page(
        request,
        asks=asks,
        language=language,
        key=version.pk,
        back=reverse("surveys:instrument", args=[version.pk]),
    )


def preview_page(
    request: HttpRequest, *, asks: Questionnaire, language: str, key: UUID, back: str
) -> HttpResponse:
    """Show `asks` in `language`; the frame around it speaks the reader's language.

    The other languages are looked for beside this address, at ``../LANGUAGE/``.
    """
    reader = get_language() or "en"
    choices = PreviewChoices(_with_defaults(request, asks), asks=asks, language=reader)
    form = choices.asked(reader)
    with translation.override(language):
        context = page.form_context(
            form,
            wave_id=key,
            language=language,
            simulated=False,
            answers={},
            errors={},
        )
        context |= {
            "choices": choices,
            "reader": reader,
            "reader_html_lang": page.HTML_LANG[reader],
            "back": back,
            "others": _others(request, context["other_languages"]),
        }
        return render(request, "surveys/preview.html", context)


def chosen_form(request: HttpRequest, asks: Questionnaire, language: str) -> Form:
    """Return the form that was asked for, in the default cut where nothing was."""
    data = _with_defaults(request, asks)
    return PreviewChoices(data, asks=asks, language=language).asked(language)


def _with_defaults(request: HttpRequest, asks: Questionnaire) -> dict[str, Any]:
    """What was asked for; without a referent the one that suits the questionnaire."""
    return {"referent": needs.example_referent(asks), **request.GET.dict()}


def _others(
    request: HttpRequest, languages: Iterable[page.PageLanguage]
) -> list[tuple[page.PageLanguage, str]]:
    """The other languages with their addresses, which keep what was chosen."""
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return [(language, f"../{language.code}/{query}") for language in languages]
