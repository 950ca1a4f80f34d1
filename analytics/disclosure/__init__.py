"""What may be told of a wave, and the attack on it before it is told.

How to use it::

    measures = {code: Measure(values, low, high) for each scale}   # NaN = no score
    rules = Rules(least=promise.least_for_scores)
    decision = decide(wave.segments, measures, rules=rules, earlier=publications)
    decision.shows("unit:a", "competence")        # a value may stand there
    decision.bound("unit:a", "competence")        # a Bound stands there instead
    decision.reason("unit:a", "competence")       # Sentence, why there is no value
    decision.verdict("unit:a").level              # "scores", "band" or "nothing"
    decision.publication      # store, show nowhere; `earlier` of the next release
    report = audit(decision, wave.segments, measures, earlier=publications)
    assert report.passed

`decide` applies the rules, attacks what would then be published, hides the smallest
piece that an attack has used, and begins again until no attack succeeds; the trail is
`decision.trail`. `audit` attacks a decision afresh. To show less than was decided is
always allowed: it takes knowledge from the attacker.

Item figures and distributions are measures too: give them `least=DETAILS_FROM`. For
results pooled over waves lay the rows of all waves behind one another, and give each
wave's own publication as `publication.placed(first_row, n_rows)`.

`band` writes small numbers of people as bands, `rate_of` gives a participation rate
where one may be told, `bound_of` a bound where everybody answered alike. Sentences are
in `analytics.sentences.disclosure`.

The rules and what they do not protect against: docs/disclosure.md.
"""

from analytics.disclosure.deciding import audit, decide
from analytics.disclosure.telling import (
    DETAILS_FROM,
    EXACT_FROM,
    RATE_FROM,
    band,
    bound_of,
    rate_of,
)
from analytics.disclosure.values import (
    LEAST,
    AuditReport,
    Bound,
    Decision,
    DifferentAnswers,
    Finding,
    Measure,
    Piece,
    Publication,
    Rules,
    System,
    Verdict,
)

__all__ = [
    "DETAILS_FROM",
    "EXACT_FROM",
    "LEAST",
    "RATE_FROM",
    "AuditReport",
    "Bound",
    "Decision",
    "DifferentAnswers",
    "Finding",
    "Measure",
    "Piece",
    "Publication",
    "Rules",
    "System",
    "Verdict",
    "audit",
    "band",
    "bound_of",
    "decide",
    "rate_of",
]
