"""How many answers of a wave have a partner in the wave before, by pseudonyms.

A figure about everybody, never about one: it is shown once the wave is closed, and not
at all where one to four answers are linked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from surveys.models import Wave
from surveys.models.promise import LEAST_FOR_SCORES

# Both waves by their primary key; an answer counts once, however many partners it has.
MATCHES = """
SELECT r.wave_id, count(*), count(*) FILTER (WHERE r.pseudonym IN (
    SELECT before.pseudonym FROM surveys_response before
    WHERE before.organization_id = r.organization_id
      AND before.wave_id = previous.id AND before.pseudonym IS NOT NULL))
FROM surveys_wave w
JOIN surveys_wave previous ON previous.organization_id = w.organization_id
    AND previous.survey_id = w.survey_id AND previous.number = w.number - 1
JOIN surveys_response r ON r.organization_id = w.organization_id AND r.wave_id = w.id
WHERE w.id = ANY(%s) AND w.links_waves AND previous.links_waves
  AND w.state = 'closed' AND previous.state = 'closed'
GROUP BY r.wave_id
"""


@dataclass(frozen=True, slots=True)
class Match:
    """Answers of a wave, and how many of them have a partner in the wave before.

    Attributes
    ----------
    linked : int or None
        None where one to four are linked: the figure would speak of a handful.
    """

    answered: int
    linked: int | None

    @property
    def percent(self) -> int | None:
        """Share of linked answers, rounded; None where their number is hidden."""
        return None if self.linked is None else round(100 * self.linked / self.answered)


def matches_of(waves: Sequence[Wave]) -> dict[UUID, Match]:
    """Matches of those closed waves whose survey links them, but for the first."""
    asked = [wave.pk for wave in waves if wave.links_waves]
    if not asked:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(MATCHES, [asked])
        return {
            wave_id: Match(answered, _shown(linked))
            for wave_id, answered, linked in cursor.fetchall()
        }


def _shown(linked: int) -> int | None:
    return None if 0 < linked < LEAST_FOR_SCORES else linked
