"""The tables of teams, and how their numbers are read."""

from collections.abc import Mapping
from dataclasses import dataclass

from analytics import design, thresholds
from analytics.readings import Reading
from analytics.results import Absent, Report, TeamResult
from analytics.sentences import Sentence, label, say
from analytics.tables import NOTHING, Cell, Column, Table, Tables


@dataclass(frozen=True, slots=True)
class TeamTables(Tables):
    """Makes the tables of teams."""

    def agreement(self, column: str) -> Table:
        """Return how far the members of the teams in `column` agree on each scale."""
        title = label("teams_by", self.language, column=column)
        return self.agreement_of(self.report.aggregation[column], title)

    def agreement_of(self, spread: Mapping[str, TeamResult], title: str) -> Table:
        """Return the same of any teams."""
        notes: dict[str, None] = {}
        rows = []
        for code, found in spread.items():
            name = self.report.constructs[code].name.in_language(self.language)
            rows.append((Cell(name), *self._numbers(found), self._chip(reading(found))))
            for result in (found.icc1, found.rwg_j, found.rwg_j_skewed):
                if isinstance(result, Absent):
                    notes[self._of(name, result)] = None
        names = ("construct", "icc1", "interval", "f_p", "icc2", "rwg_j")
        columns = self._columns(*names, "rwg_j_skewed", "n_teams")
        return Table(
            title,
            (*columns, Column(self._label("reading"))),
            tuple(rows),
            tuple(notes),
        )

    def _numbers(self, found: TeamResult) -> tuple[Cell, ...]:
        return (
            self._estimate(found.icc1),
            self._interval(found.icc1),
            Cell(_p(found)),
            self._estimate(found.icc2),
            self._estimate(found.rwg_j),
            self._estimate(found.rwg_j_skewed),
            Cell(str(found.n_teams)),
        )


def reading(found: TeamResult) -> Reading:
    """Read whether members speak with one voice, by all guides together.

    A small upper tail of F means a positive ICC(1).
    """
    if found.test is None or isinstance(found.rwg_j, Absent):
        return Reading(say("chip_no_number"), "watch", ())
    apart = found.test.p < thresholds.TEAM_P
    if not apart or found.rwg_j.estimate < thresholds.AGREEMENT:
        return Reading(say("chip_team_open"), "watch", ())
    skewed = found.rwg_j_skewed
    if isinstance(skewed, Absent) or skewed.estimate < thresholds.AGREEMENT:
        return Reading(say("chip_team_partly"), "plain", ())
    return Reading(say("chip_team_one"), "good", ())


def sentences(report: Report) -> tuple[Sentence, ...]:
    """Say how the tables are to be read; nothing where no teams are named."""
    if not report.aggregation:
        return ()
    guides = (say("team_guide"), say("team_sizes"), say("team_null"))
    return (*guides, *design.of_teams(report))


def _p(found: TeamResult) -> str:
    if found.test is None:
        return NOTHING
    return "< 0.001" if found.test.p < 0.001 else f"{found.test.p:.3f}"
