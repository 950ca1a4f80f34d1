"""The quality gate: what a careful editor would say about a questionnaire.

Parsing refuses what cannot be asked; the gate finds what had better not be asked. A
"must" is a fault, a "should" is left to the author's judgement.
"""

from collections.abc import Iterator, Sequence

from surveys.definition.quality.asked import wordings
from surveys.definition.quality.findings import Finding, Severity
from surveys.definition.quality.reach import check_conditions
from surveys.definition.quality.similarity import (
    LicensedWording,
    check_alike,
    check_licensed,
)
from surveys.definition.quality.structure import (
    check_instructed,
    check_labels,
    check_scales,
    check_variable_label,
)
from surveys.definition.quality.translation import (
    check_translations,
    stale_translations,
)
from surveys.definition.quality.wording import check_grade, check_wordings
from surveys.definition.questionnaire import Questionnaire

__all__ = [
    "Finding",
    "LicensedWording",
    "Severity",
    "check_questionnaire",
    "stale_translations",
]


def check_questionnaire(
    asked: Questionnaire, *, licensed: Sequence[LicensedWording] = ()
) -> tuple[Finding, ...]:
    """Findings about `asked`, in the order of its scales and items.

    Parameters
    ----------
    licensed : sequence of LicensedWording
        Items of published scales; `asked` is compared with them unless it is itself
        loaded from a record of the catalogue.

    Notes
    -----
    The wording of a published scale is asked as it was published: where `asked` is such a
    scale, unmodified, the rules for writing items do not apply to it. Those for
    translations, labels, conditions and exports do.
    """
    order = {"": 0}
    for scale in asked.scales:
        for code in (scale.code, *(item.code for item in scale.items)):
            order.setdefault(code, len(order))
    return tuple(
        sorted(_findings(asked, licensed), key=lambda found: order.get(found.where, 0))
    )


def _findings(
    asked: Questionnaire, licensed: Sequence[LicensedWording]
) -> Iterator[Finding]:
    spoken = tuple(wordings(asked))
    yield from check_translations(asked)
    yield from check_labels(asked)
    yield from check_conditions(asked)
    for wording in spoken:
        yield from check_variable_label(wording)
        yield from check_instructed(wording)
    if asked.catalogue is None or asked.modified:
        yield from check_scales(asked)
        yield from check_grade(spoken)
        yield from check_wordings(spoken)
        for language in asked.languages:
            yield from check_alike(spoken, language)
    if asked.catalogue is None:
        for language in asked.languages:
            yield from check_licensed(spoken, licensed, language)
