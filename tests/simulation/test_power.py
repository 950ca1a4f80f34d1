"""What the gate of invariance sees of one planted drifting item."""

import pytest

from tests.simulation.power import DRIFTS, verdicts

REPLICATIONS = 500


@pytest.mark.long
@pytest.mark.parametrize("n", [200, 500])
def test_the_power_of_the_verdict(n: int) -> None:
    """Printed; a larger drift is seen more often, and none seldom."""
    found = {drift: verdicts(drift, n, REPLICATIONS) for drift in DRIFTS}
    print(f"{'drift':<18} {'n':>5}  seen  named  alone  another")
    for one in found.values():
        print(
            f"{one.drift:<18} {one.n:>5} {one.seen:.3f}  {one.named:.3f}  {one.alone:.3f}"
            f"  {one.wrong:.3f}"
        )
    for kind in (
        ("loading .3 lower", "loading .5 lower"),
        (
            "intercept .3 sd",
            "intercept .5 sd",
        ),
    ):
        weak, strong = (found[drift] for drift in kind)
        assert found["none"].seen < weak.seen <= strong.seen + 0.02
    assert found["intercept .5 sd"].named > 0.9


def test_a_large_drift_is_seen_and_named() -> None:
    found = verdicts("intercept .5 sd", 300, 6)
    assert found.seen == 1
    assert found.named > 0.5
