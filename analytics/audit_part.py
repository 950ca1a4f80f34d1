"""Part ``audit``: what the attack on a release tried, without what it could have told."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analytics.disclosure import AuditReport, Publication


@dataclass(frozen=True, slots=True)
class AuditPart:
    """The attack on everything that a release publishes.

    Attributes
    ----------
    passed : bool
        Whether nothing was found.
    least : int
        People of whom something may be told.
    systems, figures : int
        Systems of equations, and the published means in them.
    rounds : int
        Of hiding what an attack had used, and attacking again.
    hidden : mapping of attack -> figures hidden because of it
    groups : int
        Groups that lost a figure so.
    combinations : int
        Dimensions of what combinations of figures could say of small groups.
    programs : int
        Linear programs solved for what the ends of the scales give away.
    exhaustive : bool
        Whether every combination was ruled out, or only those searched for.
    earlier : int
        Earlier releases of the same answers that were attacked with it.
    """

    passed: bool
    least: int
    systems: int
    figures: int
    rounds: int
    hidden: Mapping[str, int]
    groups: int
    combinations: int
    programs: int
    exhaustive: bool
    earlier: int


def audit_part_of(
    trails: Sequence[AuditReport],
    attacks: Sequence[AuditReport],
    publications: Sequence[Publication],
    *,
    earlier: int,
) -> AuditPart:
    """Sum up decisions and the attacks on them.

    Parameters
    ----------
    trails : sequence of AuditReport
        How the decisions were found.
    attacks : sequence of AuditReport
        On what is published in the end.
    """
    findings = [one for trail in trails for one in trail.findings if one.hidden]
    hidden = Counter(finding.attack for finding in findings)
    systems = [system for attack in attacks for system in attack.systems]
    return AuditPart(
        passed=all(attack.passed for attack in attacks),
        least=min(attack.least for attack in attacks),
        systems=len(systems),
        figures=sum(len(one.pieces) for one in publications),
        rounds=max(trail.rounds for trail in trails),
        hidden=dict(sorted(hidden.items())),
        groups=len({finding.hidden for finding in findings}),
        combinations=sum(system.free for system in systems),
        programs=sum(system.programs for system in systems),
        exhaustive=all(attack.exhaustive for attack in attacks),
        earlier=earlier,
    )
