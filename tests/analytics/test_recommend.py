import numpy as np
import pytest

from analytics import page, readings
from analytics.plan import PlanScale, Text
from analytics.results import Absent, Figure, Report
from analytics.sentences import joined
from analytics.terminal import report_as_text
from tests.analytics.samples import CARE, answers, plan, report, scale


def recommend(n_items: int = 1, low: int = 0, high: int = 10) -> PlanScale:
    name = Text("Recommending", "推荐意愿")
    return scale("REC", name, n_items, low=low, high=high, group="outcome")


ASKED = plan(outcomes=(recommend(),))


def study(n: int = 200) -> Report:
    """Half of the people would recommend, a quarter would not, a quarter is between."""
    raw = answers(ASKED, n)
    raw[:, -1] = np.resize([10, 9, 7, 6], n)
    return report(ASKED, raw)


def test_promoters_less_detractors_with_an_interval() -> None:
    found = study().outcomes["REC"].recommend_index
    assert isinstance(found, Figure)
    assert found.estimate == pytest.approx(25)
    # adjusted Wald by hand: p = 100.75 / 203, d = 50.75 / 203
    assert found.low == pytest.approx(13.2, abs=0.2)
    assert found.high == pytest.approx(36.0, abs=0.5)
    assert found.n == 200


def test_missing_answers_do_not_count() -> None:
    raw = answers(ASKED, 100)
    raw[:, -1] = 10
    raw[60:, -1] = -1
    found = report(ASKED, raw).outcomes["REC"].recommend_index
    assert isinstance(found, Figure)
    assert (found.estimate, found.n) == (100, 60)


def test_below_twenty_answers_there_is_a_reason() -> None:
    assert isinstance(study(20).outcomes["REC"].recommend_index, Figure)
    few = study(19)
    found = few.outcomes["REC"].recommend_index
    assert isinstance(found, Absent)
    sentence = "A recommend index needs at least 20 answers; there are 19."
    assert found.reason.text("en") == sentence
    assert sentence in report_as_text(few, "en")
    assert Report.from_json(few.to_json()) == few


@pytest.mark.parametrize(
    "outcome", [recommend(3), recommend(high=9), recommend(low=1), recommend(1, 1, 7)]
)
def test_only_one_item_from_0_to_10_has_an_index(outcome: PlanScale) -> None:
    asked = plan(outcomes=(outcome,))
    assert report(asked, answers(asked)).outcomes["REC"].recommend_index is None


def test_a_trust_scale_has_none() -> None:
    asked = plan(scales=(scale("CARE", CARE, 1, low=0, high=10),))
    assert report(asked, answers(asked)).scales["CARE"].recommend_index is None


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Recommend index 25 on −100 to 100"), ("zh-hans", "推荐指数为 25")],
)
def test_page_and_terminal_say_it(language: str, words: str) -> None:
    found = study()
    assert words in joined(readings.recommend(found.outcomes["REC"]), language)
    shown = page.context(found, language)["page"]
    assert words in shown.outcomes[0].recommend[0]
    assert words in report_as_text(found, language)
