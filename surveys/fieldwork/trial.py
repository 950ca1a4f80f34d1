"""A message as somebody would get it, before anybody does: preview and test mail."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import uuid4

from django.conf import settings
from django.utils.translation import gettext as _

from surveys.collect.replies import address
from surveys.definition import LANGUAGES, Text
from surveys.dossier import HTML_LANGUAGES
from surveys.fieldwork import texts
from surveys.fieldwork.composing import words_of
from surveys.fieldwork.mail import Envelope, Postman
from surveys.fieldwork.texts import Letter, Mail, Words
from surveys.models import Form, Sender, Survey
from surveys.models.people import Organization

TEST = "[Test / 测试] "
# what stands in a preview where a wave would have its own
SOME_WAVE = "00000000-0000-4000-8000-000000000000"
SOME_CODE = "0000-0000-0000-0000"
SOME_WORDS = "babab-babab-babab-babab-babab-babab"
CLOSES = Text("31 December, 18:00", "12月31日 18:00")
NAMES = Text("Li Hua", "李华")


def explained(mode: str) -> list[tuple[str, str]]:
    """Every placeholder of a mode with what it stands for, in the reader's language."""
    said = {
        "name": _("the person's name"),
        "survey": _("title of the survey"),
        "link": _("the person's link; must not be missing"),
        "closes": _("when the wave closes"),
        "opt_out": _("address to get no more mails"),
        "organization": _("who writes"),
    }
    if mode == Survey.Mode.CONFIDENTIAL:
        said["code"] = _("the person's code, to be typed on the page")
    if mode == Survey.Mode.ANONYMOUS:
        said["words"] = _("the six words of the fingerprint")
    return [(f"{{{name}}}", meaning) for name, meaning in said.items()]


def previews(
    survey: Survey, kind: str, words: Mapping[str, Words]
) -> list[tuple[str, Mail]]:
    """Mail in each language of the form, with what a person might be called."""
    letter = _letter(survey)
    return [
        (
            HTML_LANGUAGES[one],
            texts.compose(replace(letter, name=NAMES.in_(one)), words, [one]),
        )
        for one in _offered(survey)
    ]


def send_to(email: str, survey: Survey, kind: str) -> None:
    """Send a test in all languages of the form; its link leads to no wave.

    Raises
    ------
    surveys.fieldwork.mail.ServerDown, Bounced, TryLater
    """
    letter = _letter(survey)
    composed = texts.compose(letter, words_of(survey.pk, kind), _offered(survey))
    sender = Sender.objects.first() or Sender()
    postman = Postman()
    try:
        postman.send(
            Envelope(
                to=email,
                name="",
                mail=Mail(TEST + composed.subject, composed.text, composed.html),
                message_id=f"<{uuid4()}@test.invalid>",
                unsubscribe=letter.opt_out,
                sender=letter.organization,
                reply_to=sender.reply_to,
                reference="",
            )
        )
    finally:
        postman.close()


def _offered(survey: Survey) -> tuple[str, ...]:
    form = Form.objects.filter(survey=survey).latest("number")
    return texts.known_languages("", form.asked().languages)


def _letter(survey: Survey) -> Letter:
    sender = Sender.objects.first() or Sender()
    organization = Organization.objects.get(pk=survey.organization_id)
    path = {one: address("form", wave_id=SOME_WAVE, language=one) for one in LANGUAGES}
    return Letter(
        mode=survey.mode,
        survey=Text(survey.title_en, survey.title_zh_hans),
        organization=sender.name or organization.name,
        links={one: settings.SITE_URL + path[one] for one in LANGUAGES},
        opt_out=f"{settings.SITE_URL}/out/.../",
        code=SOME_CODE if survey.mode == Survey.Mode.CONFIDENTIAL else "",
        words=SOME_WORDS if survey.mode == Survey.Mode.ANONYMOUS else "",
        closes={one: CLOSES.in_(one) for one in LANGUAGES},
    )
