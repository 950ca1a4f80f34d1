"""The part of a report about people who rate one thing together, and agree or not."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from analytics.answers import Answers, figure, reason_of
from analytics.plan import PlanScale
from analytics.psychometrics import (
    Agreement,
    PsychometricsError,
    ResponseMatrix,
    agreement,
    icc,
)
from analytics.psychometrics.agreement import Null
from analytics.results import Absent, Figure, Result, TeamResult, TeamTest
from analytics.sentences import say

# the team of each row of the data as a number; below 0 where none is known
Teams = Mapping[str, NDArray[np.int32]]


def aggregation_of(answers: Answers, teams: Teams) -> dict[str, dict[str, TeamResult]]:
    """Return for each column of teams, and each scale, how far members agree.

    Raises
    ------
    ValueError
        A column does not have a team for every row.
    """
    found: dict[str, dict[str, TeamResult]] = {}
    for column, team in teams.items():
        if len(team) != answers.data.n:
            raise ValueError(
                f"{answers.data.n} rows need as many teams, not {len(team)}."
            )
        if answers.plan.missing == "listwise":
            team = team[(answers.data.codes >= 0).all(axis=1)]
        found[column] = {
            scale.code: _of_a_scale(answers, scale, team)
            for scale in answers.plan.constructs
        }
    return found


def _of_a_scale(
    answers: Answers, scale: PlanScale, team: NDArray[np.int32]
) -> TeamResult:
    known = team >= 0
    scores, team = answers.scores[scale.code][known], team[known]
    part = answers.used.select(scale.item_codes)
    part = ResponseMatrix(part.codes[known], part.items)
    n_teams = len(np.unique(team[~np.isnan(scores)]))
    if n_teams < 2:
        few = Absent(say("team_few", has=n_teams))
        return TeamResult(few, few, few, few, n_teams, None)
    uniform = _rwg(answers, scale, part, team, "uniform")
    skewed = _rwg(answers, scale, part, team, "slightly-skewed")
    try:
        found = icc(scores, team.tolist(), method="anova")
    except PsychometricsError as error:
        absent = Absent(reason_of(error))
        return TeamResult(absent, absent, uniform, skewed, n_teams, None)
    test = TeamTest(found.f, found.df_between, found.df_within, found.p)
    return TeamResult(
        figure(found.icc1), figure(found.icc2), uniform, skewed, n_teams, test
    )


def _rwg(
    answers: Answers,
    scale: PlanScale,
    part: ResponseMatrix,
    team: NDArray[np.int32],
    null: Null,
) -> Result:
    if scale.model != "reflective":
        return Absent(say("team_formative", scale=scale.name))
    try:
        found = agreement(part, team.tolist(), null=null, missing=answers.plan.missing)
    except PsychometricsError as error:
        return Absent(reason_of(error))
    return Figure(found.rwg_mean, None, None, _members(found), found.method)


def _members(found: Agreement) -> int:
    """Count the people in the groups that have a value."""
    return sum(one.n for one in found.groups if one.reason is None)
