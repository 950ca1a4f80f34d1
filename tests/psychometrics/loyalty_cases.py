"""What R computed about one outcome, and the scores it was computed from."""

import json
from functools import cache
from typing import Any

import numpy as np

from analytics.psychometrics import Matrix

from .cases import REFERENCE, SCALES, bfi


@cache
def stored(name: str) -> Any:
    """Content of one result file of `reference/loyalty/loyalty.R`."""
    path = REFERENCE / "loyalty" / f"{name}.json"
    return json.loads(path.read_text("utf-8"))


@cache
def scores() -> Matrix:
    """(2436, 5) means of five items for A, C, E, N, O: complete answers alone."""
    points = bfi().complete_rows().values()
    return np.column_stack([points[:, 5 * k : 5 * k + 5].mean(1) for k in range(5)])


def item(code: str) -> Matrix:
    """(2436,) points of one item."""
    data = bfi().complete_rows()
    return data.select([code]).values()[:, 0]


NAMES = list(SCALES)
