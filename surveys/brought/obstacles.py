"""Why checked answers cannot be imported as they are, each in one sentence."""

from datetime import date

from django.utils.translation import gettext as _

from surveys.brought.days import EARLIEST, label_of, number_of
from surveys.brought.looking import Looked
from surveys.brought.storing import days_of
from surveys.models import AnswerFile, BroughtWave, Survey, Wave

KEPT_SECRET = frozenset({"anonymous", "confidential"})


def obstacles(file: AnswerFile, looked: Looked) -> list[str]:
    """Return everything that has to be mended before an import."""
    found = []
    if not looked.good:
        found.append(_("No row holds an answer that can be used."))
    if file.survey is not None:
        found += _of_survey(file, file.survey)
    if looked.good:
        found += list(dict.fromkeys(_of_days(file, looked)))
    return found


def _of_survey(file: AnswerFile, survey: Survey) -> list[str]:
    found = []
    if not survey.only_releases and file.said["promised"] in KEPT_SECRET:
        found.append(
            _(
                "These people were promised that nobody sees single answers, and this "
                "survey shows them; bring the answers as a survey of their own."
            )
        )
    if survey.simulated != file.said["simulated"]:
        found.append(
            _(
                "Simulated answers and answers of real people cannot stand in one "
                "survey; bring them as a survey of their own."
            )
        )
    return found


def _of_days(file: AnswerFile, looked: Looked) -> list[str]:
    found = []
    waves = Wave.objects.filter(survey=file.survey_id) if file.survey_id else None
    first = waves.collected().order_by("number").first() if waves is not None else None
    taken = set(waves.values_list("number", flat=True)) if waves is not None else set()
    for one in looked.waves.values():
        opened, closed = days_of(one, file.said)
        if opened > closed or opened < EARLIEST:
            found.append(_("The last day of a wave lies before its first."))
            continue
        number = number_of(closed)
        if number in taken:
            found.append(
                _("A past wave that ended on %(day)s is there already.")
                % {"day": label_of(number)}
            )
        taken.add(number)
        if first is not None and closed > first.opened_at.date():
            found.append(_late(closed, first.opened_at.date()))
    return found


def _late(closed: date, opened: date) -> str:
    return _(
        "A wave of the file ended on %(closed)s, after the survey's own first wave "
        "opened on %(opened)s; past waves stand before it."
    ) % {"closed": closed.isoformat(), "opened": opened.isoformat()}


def brought_before(file: AnswerFile) -> BroughtWave | None:
    """The last wave that came from the very same file."""
    known = BroughtWave.objects.filter(sha256=file.sha256).order_by("-brought_at")
    return known.select_related("wave__survey").first()
