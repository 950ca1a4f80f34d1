"""What the gate of invariance sees of one planted drifting item."""

import re
from itertools import islice
from pathlib import Path

import pytest

from tests.simulation.alike_rules import CHOSEN, RULES, seen
from tests.simulation.power import DRIFTS, Verdicts, samples, verdicts

METHODS = Path(__file__).parents[2] / "docs" / "methods.md"
# samples of each row of docs/methods.md
REPLICATIONS = 500
ROWS = {7: tuple(DRIFTS), 4: ("none", "loading .3 lower", "intercept .3 sd")}
# other processors round other samples over a mark
SAME = 0.02


@pytest.mark.long
@pytest.mark.parametrize("points", [7, 4])
@pytest.mark.parametrize("n", [200, 500])
def test_the_power_of_the_verdict(n: int, points: int) -> None:
    """Printed, with the rules that were not chosen, and what docs/methods.md says."""
    found = {}
    for drift in ROWS[points]:
        drawn = list(islice(samples(drift, n, points), REPLICATIONS))
        found[drift] = Verdicts.of(drift, points, n, drawn)
        print(found[drift].row)
        for rule, share in seen(drawn).items():
            print(f"{rule:<48} {share:.3f}")
    told = published()
    for one in found.values():
        shares = (one.seen, one.named, one.alone, one.wrong)
        assert told[one.drift, points, n] == (
            *(pytest.approx(share, abs=SAME) for share in shares),
            one.replications,
        )
    # five per cent for all steps, and what a small sample adds
    assert found["none"].seen < 0.10
    assert found["none"].wrong < 0.06
    enough = {(7, 200): 0.55, (7, 500): 0.90, (4, 200): 0.38, (4, 500): 0.80}
    for drift in ROWS[points][1:]:
        assert found[drift].seen > enough[points, n]
        assert found[drift].named > 0.8 * found[drift].seen
    if points == 7:
        for drift in ("loading .5 lower", "intercept .5 sd"):
            assert found[drift].seen > 0.97
            assert found[drift].alone > 0.80


def published() -> dict[tuple[str, int, int], tuple[float, ...]]:
    """Return the rows of docs/methods.md."""
    text = METHODS.read_text(encoding="utf-8")
    table = text.partition("<!-- power -->")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| ([a-z].*?) \| (\d) \| (\d+) \|(.*)\|$", table, re.MULTILINE)
    found = {}
    for drift, points, n, rest in rows:
        *shares, samples_of = (float(cell.strip(" %")) for cell in rest.split("|"))
        shares = [share / 100 for share in shares]
        found[drift, int(points), int(n)] = (*shares, samples_of)
    return found


def test_every_row_is_published() -> None:
    """With the number of samples that the long form draws."""
    told = published()
    assert set(told) == {
        (drift, points, n)
        for points, drifts in ROWS.items()
        for drift in drifts
        for n in (200, 500)
    }
    for numbers in told.values():
        assert numbers[-1] == REPLICATIONS


def test_a_large_drift_is_seen_and_named() -> None:
    found = verdicts("intercept .5 sd", 300, 6)
    assert found.seen == 1
    assert found.named > 0.5


@pytest.mark.parametrize("points", [7, 4])
def test_the_rule_that_was_chosen_is_that_of_the_report(points: int) -> None:
    drawn = list(islice(samples("loading .3 lower", 200, points), 8))
    shares = seen(drawn)
    assert shares[CHOSEN] == Verdicts.of("", points, 200, drawn).seen
    assert shares["p < .05"] >= shares["p < .05 / steps"] >= shares[CHOSEN]
    assert set(shares) == set(RULES)
    # samples in which the rules do not all agree
    assert len(set(shares.values())) > 1
