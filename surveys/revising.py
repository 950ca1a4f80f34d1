"""Another version for the next wave of a survey: a new form, the old one stays.

Runs inside an organization's transaction (surveys/tenancy.py).
"""

from django.db import transaction

from surveys import definition
from surveys.actions import AskedVersion
from surveys.definition import FormInstrument, FormPart, Questionnaire
from surveys.models import Form, QuestionnaireVersion, Survey
from surveys.versions import asked_versions


class FormRevised(Exception):
    """The survey asks something else since this page was loaded."""


class NotNewer(Exception):
    """The survey does not ask an older version of this questionnaire."""


class NotPublished(Exception):
    """A questionnaire that the survey asks is not published here; it cannot be rebuilt."""


@transaction.atomic
def revise_form(*, survey: Survey, to: AskedVersion, seen: int) -> Form:
    """Make the next form of a survey: a newer version of one of its questionnaires.

    Referent, title, languages, comment box and everything else that it asks stay. An
    open wave goes on with its form; the next one opened takes the new one.

    Parameters
    ----------
    to : AskedVersion
        The newer version; without `scales` or `form` of its own it is asked in the
        scales and the named form in which the old one was.
    seen : int
        Number of the form that the owner was looking at.

    Raises
    ------
    FormRevised
        The newest form is not the one that was seen: somebody was faster.
    NotNewer
        It does not ask an older version of this questionnaire.
    NotPublished
        One of the questionnaires asked beside it is not published here.
    definition.DefinitionError
        The new version does not fit into the form; the sentence says why.
    """
    # the lock makes two clicks at once one form
    Survey.objects.select_for_update().get(pk=survey.pk)
    newest = Form.objects.filter(survey=survey).latest("number")
    if newest.number != seen:
        raise FormRevised
    revised = _revised(newest.asked(), to)
    # what cannot be read back must not be frozen
    definition.Form.from_json(revised.to_data())
    return Form.objects.create(
        organization_id=survey.organization_id,
        survey=survey,
        number=newest.number + 1,
        item_count=revised.item_count,
        definition=revised.to_data(),
        digest=revised.digest,
    )


def _revised(asked: definition.Form, to: AskedVersion) -> definition.Form:
    published = asked_versions(asked)
    if len(published) < len(asked.instruments):
        raise NotPublished
    parts = [
        _newer_part(asked, instrument, published[instrument.code], to)
        if instrument.code == to.version.code
        else _same_part(asked, instrument, published[instrument.code])
        for instrument in asked.instruments
    ]
    if not any(instrument.code == to.version.code for instrument in asked.instruments):
        raise NotNewer
    return definition.compile_form(
        parts,
        title=asked.title,
        referent=asked.referent_code or asked.referent,
        languages=asked.languages,
        comment=asked.comment,
        others=asked.others,
    )


def _newer_part(
    asked: definition.Form,
    instrument: FormInstrument,
    before: QuestionnaireVersion,
    to: AskedVersion,
) -> FormPart:
    same_line = before.organization_id == to.version.organization_id
    if not same_line or to.version.version <= before.version:
        raise NotNewer
    scales = to.scales or _chosen_scales(asked, instrument, before.questionnaire())
    form = to.form or instrument.form
    return FormPart(to.version.questionnaire(), to.short, scales, form)


def _same_part(
    asked: definition.Form, instrument: FormInstrument, version: QuestionnaireVersion
) -> FormPart:
    asks = version.questionnaire()
    scales = _chosen_scales(asked, instrument, asks)
    return FormPart(asks, instrument.short, scales, instrument.form)


def _chosen_scales(
    asked: definition.Form, instrument: FormInstrument, asks: Questionnaire
) -> tuple[str, ...] | None:
    """Scales picked when the form was made; None where it asks all there were to ask."""
    start = f"{instrument.code}."
    chosen = tuple(
        scale.code.removeprefix(start)
        for scale in asked.scales
        if scale.code.startswith(start)
    )
    variant = next((form for form in asks.forms if form.code == instrument.form), None)
    left_out = variant.leave_out if variant is not None else ()
    every = {
        scale.code
        for scale in asks.scales
        if any(
            (item.short or not instrument.short) and item.code not in left_out
            for item in scale.items
        )
    }
    return None if set(chosen) == every else chosen
