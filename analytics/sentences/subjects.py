"""The subjects of the sentences, and when each sentence of a report is said.

A *name* (a heading, a chip, a label) is what ends neither in a full stop nor in a reason
that does; it needs no condition, because it is said wherever what it names stands. A chip
has the condition of the reading that carries it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from analytics.sentences import (
    actions,
    approximate,
    bundle,
    codebook,
    comments,
    comparison,
    core,
    criteria,
    data_sets,
    disclosure,
    drivers,
    exports,
    factor_model,
    file_formats,
    files,
    glance_release,
    groups_release,
    item_response,
    labels,
    microdata,
    notices,
    own_model,
    planner,
    quality,
    quality_labels,
    refusals,
    sampling,
    segments,
    simulation,
    teams,
    trend,
    verdicts,
    weights,
)

Words = Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Subject:
    """Sentences that stand together; `conditions` by code, in English."""

    title: str
    sentences: Words
    conditions: Mapping[str, str] = field(default_factory=dict)


# module -> what it can say in a report
SUBJECTS: Final[Mapping[str, Subject]] = {
    "glance_release": Subject(
        "At a glance",
        glance_release.GLANCE_RELEASE,
        glance_release.CONDITIONS,
    ),
    "verdicts": Subject("Plain readings", verdicts.VERDICTS, verdicts.CONDITIONS),
    "notices": Subject("Beside a number", notices.NOTICES, notices.CONDITIONS),
    "groups_release": Subject(
        "Groups and methods",
        groups_release.GROUPS_RELEASE,
        groups_release.CONDITIONS,
    ),
    "segments": Subject("Scores of groups", segments.SEGMENTS, segments.CONDITIONS),
    "disclosure": Subject(
        "Why it is hidden", disclosure.DISCLOSURE, disclosure.CONDITIONS
    ),
    "teams": Subject("Agreement of teams", teams.TEAMS, teams.CONDITIONS),
    "drivers": Subject("What goes with loyalty", drivers.DRIVERS, drivers.CONDITIONS),
    "criteria": Subject(
        "Beside business outcomes", criteria.CRITERIA, criteria.CONDITIONS
    ),
    "weights": Subject("Shares and intervals", weights.WEIGHTS, weights.CONDITIONS),
    "approximate": Subject(
        "Approximate intervals", approximate.APPROXIMATE, approximate.CONDITIONS
    ),
    "sampling": Subject(
        "People in teams, and weights", sampling.SAMPLING, sampling.CONDITIONS
    ),
    "comparison": Subject(
        "Further referents", comparison.COMPARISON, comparison.CONDITIONS
    ),
    "trend": Subject("Trend and alarms", trend.TREND, trend.CONDITIONS),
    "quality": Subject(
        "Can I trust these numbers?", quality.QUALITY, quality.CONDITIONS
    ),
    "quality_labels": Subject(
        "Signs and names around them",
        quality_labels.QUALITY_LABELS,
        quality_labels.CONDITIONS,
    ),
    "factor_model": Subject(
        "Factor model, measuring alike",
        factor_model.FACTOR_MODEL,
        factor_model.CONDITIONS,
    ),
    "item_response": Subject(
        "Single items", item_response.ITEM_RESPONSE, item_response.CONDITIONS
    ),
    "own_model": Subject(
        "A researcher's own model", own_model.OWN_MODEL, own_model.CONDITIONS
    ),
    "comments": Subject("Comments", comments.COMMENTS, comments.CONDITIONS),
    "actions": Subject("What was agreed", actions.ACTIONS, actions.CONDITIONS),
    "files": Subject("Files and mail", files.FILES, files.CONDITIONS),
    "labels": Subject("Headings and settings", labels.LABELS, {}),
}
# why the numeric core has no number: each sentence is its own condition
CORE: Final = Subject("Why a number is not there", core.CORE)
# said before there is a report
NOT_IN_A_REPORT: Final[Mapping[str, Subject]] = {
    "refusals": Subject("Input that is not accepted", refusals.REFUSALS),
    "planner": Subject("What a sample size will show", planner.PLANNER),
    "simulation": Subject("What simulated samples show", simulation.SIMULATION),
    "codebook": Subject("Codebook", codebook.CODEBOOK, codebook.CONDITIONS),
    "file_formats": Subject(
        "What a file format cannot hold",
        file_formats.FILE_FORMATS,
        file_formats.CONDITIONS,
    ),
    "microdata": Subject(
        "Rows of promised answers", microdata.MICRODATA, microdata.CONDITIONS
    ),
    "bundle": Subject("Bundles that prove a report", bundle.BUNDLE, bundle.CONDITIONS),
    "data_sets": Subject("Data that leave", data_sets.DATA_SETS, data_sets.CONDITIONS),
    "exports": Subject("Asking for a file", exports.EXPORTS, exports.CONDITIONS),
}


def is_name(english: str) -> bool:
    """Whether something only names: no sentence, and no frame of a reason."""
    return not english.endswith((".", "{reason}"))
