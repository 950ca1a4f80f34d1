"""The intake of a site that has not been upgraded: its statements, in its order.

As they were with the tables of `older.OLDEST`. A running site goes on with them while
`migrate` changes the tables; a migration that takes away what they use is none for a
running site.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper

from tests.endurance.rights import Way
from tests.endurance.writers import answers_of

COLLECTOR = "collector"
ASKED = (
    "SELECT set_config('trustsurvey.wave', %s, true),"
    " set_config('trustsurvey.response', %s, true)"
)
LOCKED = ASKED + ", pg_advisory_xact_lock_shared(hashtextextended(%s, %s))"
FIND = {
    "open": """
SELECT w.organization_id, w.form_id, w.state = 'open', w.paused_at IS NOT NULL,
       s.simulated, p.text_en, p.text_zh_hans, current_wave_is_full(),
       CASE WHEN w.links_waves THEN w.survey_id END, w.notice::text, w.paradata,
       s.panel::text
FROM surveys_wave w JOIN surveys_survey s
    ON (s.organization_id, s.id) = (w.organization_id, w.survey_id)
LEFT JOIN surveys_promise p
    ON (p.organization_id, p.wave_id) = (w.organization_id, w.id)
WHERE s.mode = 'open'
""",
    "sealed": "SELECT state, manifest, notice, study FROM collector.wave",
}
TAKE_TURNS = """
SELECT pg_advisory_xact_lock(hashtextextended(id::text, 3)) FROM surveys_wave
WHERE "limit" IS NOT NULL
"""
STORE = """
INSERT INTO surveys_response (organization_id, wave_id, form_id, id, item_count, answers,
                              language, pseudonym, duration, device)
SELECT organization_id, id, form_id, %s, %s, %s, 'en',
       CASE WHEN links_waves THEN NULL::bytea END,
       CASE WHEN paradata THEN NULL::smallint END,
       CASE WHEN paradata THEN NULL::smallint END
FROM surveys_wave WHERE state = 'open' AND paused_at IS NULL AND NOT current_wave_is_full()
ON CONFLICT DO NOTHING
"""
CELL = {
    "sealed": "SELECT id FROM collector.cell WHERE id = %s",
    "typed": "SELECT cell_id FROM collector.printed WHERE token = %s",
}
SPEND = """
INSERT INTO collector.spent (wave_id, cell_id, token, body)
SELECT %s, %s, %s, %s WHERE %s ON CONFLICT DO NOTHING
"""
STAGE = """
INSERT INTO collector.staged (wave_id, cell_id, answers, language, pseudonym)
VALUES (%s, %s, %s, 'en', NULL)
"""


@dataclass(frozen=True)
class Person:
    """Who may answer once; the answers are of the number.

    Attributes
    ----------
    key : UUID or bytes
        Of the row of an open link; else what is spent.
    cell_id : UUID or None
        Whose signature a sealed answer has.
    """

    way: Way
    wave_id: UUID
    number: int
    key: UUID | bytes
    cell_id: UUID | None = None

    def answer(self) -> bool:
        """Send once; whether it was stored now and not before."""
        wave_id = str(self.wave_id)
        is_open = self.way == "open"
        with transaction.atomic(COLLECTOR), connections[COLLECTOR].cursor() as cursor:
            cursor.execute(ASKED, [wave_id, ""])
            cursor.execute(FIND["open" if is_open else "sealed"])
            assert len(cursor.fetchall()) == 1
        with transaction.atomic(COLLECTOR), connections[COLLECTOR].cursor() as cursor:
            response = str(self.key) if is_open else ""
            cursor.execute(LOCKED, [wave_id, response, wave_id, 0 if is_open else 2])
            return self._store(cursor) if is_open else self._spend(cursor)

    def _store(self, cursor: CursorWrapper) -> bool:
        answers = list(answers_of(self.number))
        cursor.execute(TAKE_TURNS)
        cursor.execute(STORE, [self.key, len(answers), answers])
        if cursor.rowcount:
            return True
        cursor.execute("SELECT answers FROM surveys_response")
        assert cursor.fetchall() == [(answers,)]
        return False

    def _spend(self, cursor: CursorWrapper) -> bool:
        cursor.execute(CELL[self.way], [self.cell_id or self.key])
        ((cell_id,),) = cursor.fetchall()
        cursor.execute("SELECT state FROM collector.wave")
        assert cursor.fetchall() == [("open",)]
        cursor.execute(SPEND, [self.wave_id, cell_id, self.key, self.key, True])
        if cursor.rowcount:
            cursor.execute(
                STAGE, [self.wave_id, cell_id, list(answers_of(self.number))]
            )
            return True
        cursor.execute("SELECT body FROM collector.spent WHERE token = %s", [self.key])
        assert cursor.fetchall() == [(self.key,)]
        return False
