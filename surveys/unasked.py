"""A survey of which no wave has begun: called otherwise, or thrown away.

Inside the organization's transaction, as `surveys.actions`. A form is never changed:
another title is another form, as another version would be.
"""

from dataclasses import replace

from django.db import connection, transaction

from surveys import definition
from surveys.models import (
    CriterionWindow,
    Due,
    Event,
    Form,
    MailText,
    Schedule,
    Survey,
    Wave,
)

# What may belong to a survey before it asks anybody, and goes with it.
BELONGS = (Due, Schedule, Event, MailText, CriterionWindow)


class AskedAlready(Exception):
    """A wave of the survey has begun; what it was asked under stays."""


@transaction.atomic
def rename(survey: Survey, title: definition.Text) -> None:
    """Give a survey another title, which its respondents will read.

    Raises
    ------
    AskedAlready
    """
    _lock(survey)
    newest = Form.objects.filter(survey=survey).latest("number")
    renamed = replace(newest.asked(), title=title)
    if renamed.digest != newest.digest:
        Form.objects.create(
            organization_id=survey.organization_id,
            survey=survey,
            number=newest.number + 1,
            item_count=renamed.item_count,
            definition=renamed.to_data(),
            digest=renamed.digest,
        )
    Survey.objects.filter(pk=survey.pk).update(
        title_en=title.en, title_zh_hans=title.zh_hans
    )


@transaction.atomic
def throw_away(survey: Survey) -> None:
    """Remove a survey with its forms, schedule, events and words, for good.

    Raises
    ------
    AskedAlready
    """
    _lock(survey)
    for model in BELONGS:
        model.objects.filter(survey=survey).delete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT throw_away_survey(%s)", [survey.pk])
        (gone,) = cursor.fetchone()
    if not gone:
        raise AskedAlready


def _lock(survey: Survey) -> None:
    """Let no wave begin meanwhile: opening one takes the same lock."""
    Survey.objects.select_for_update().get(pk=survey.pk)
    if Wave.objects.filter(survey=survey).exists():
        raise AskedAlready
