"""One statistic by a package of Python: data in, times and values out.

    python peers.py PEER STATISTIC DATA N P BUDGET RESULT

Runs in an environment of its own, which `benchmarks._peers` makes. DATA holds signed
bytes, item after item, -1 = missing; none of these packages leaves out incomplete rows
as ours does, so they get the complete ones. BUDGET: seconds of repeats.
"""

import json
import sys
import time
import warnings
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

MODEL = "\n".join(
    f"f{f} =~ " + " + ".join(f"i{j}" for j in range(5 * f - 4, 5 * f + 1))
    for f in range(1, 9)
)


def factor_analyzer_efa(frame: Any) -> dict[str, Any]:
    package = import_module("factor_analyzer")
    fitted = package.FactorAnalyzer(8, rotation="oblimin", method="minres").fit(frame)
    return {"matrix": fitted.loadings_.tolist()}


def semopy_cfa(frame: Any) -> dict[str, Any]:
    package = import_module("semopy")
    model = package.Model(MODEL)
    model.fit(frame)
    table = model.inspect()
    fit = package.calc_stats(model)
    rows = list(zip(table["lval"], table["op"], table["rval"], strict=True))
    return {
        "names": [
            f"{right}=~{left}" if operator == "~" else f"{left}{operator}{right}"
            for left, operator, right in rows
        ],
        "estimates": [float(value) for value in table["Estimate"]],
        "errors": [
            float(value) if isinstance(value, (float, np.floating)) else 0.0
            for value in table["Std. Err"]
        ],
        "chi2": float(fit["chi2"].iloc[0]),
        "cfi": float(fit["CFI"].iloc[0]),
        "rmsea": float(fit["RMSEA"].iloc[0]),
    }


def pingouin_alpha(frame: Any) -> dict[str, Any]:
    alpha = import_module("pingouin").cronbach_alpha
    rest = [alpha(frame.drop(columns=name))[0] for name in frame.columns]
    return {"alphas": [float(a) for a in (alpha(frame)[0], *rest)]}


CALLS: dict[str, Callable[[Any], dict[str, Any]]] = {
    "factor_analyzer.efa": factor_analyzer_efa,
    "semopy.cfa": semopy_cfa,
    "pingouin.alpha": pingouin_alpha,
}


def main() -> None:
    """Read, warm up on 500 rows, measure, write."""
    warnings.simplefilter("ignore")
    peer, statistic, data, n, p, budget, result = sys.argv[1:]
    codes = np.fromfile(data, dtype=np.int8).reshape(int(p), int(n)).T
    codes = codes[(codes >= 0).all(axis=1)]
    names = [f"i{j}" for j in range(1, int(p) + 1)]
    frame = import_module("pandas").DataFrame(codes.astype(float), columns=names)
    call = CALLS[f"{peer}.{statistic}"]
    call(frame.iloc[:500])
    seconds: list[float] = []
    while len(seconds) < 5 and (
        not seconds or sum(seconds) + seconds[-1] < float(budget)
    ):
        started = time.perf_counter()
        found = call(frame)
        seconds.append(time.perf_counter() - started)
    answer = {"seconds": seconds, "version": version(peer), **found}
    Path(result).write_text(json.dumps(answer), encoding="utf-8")


if __name__ == "__main__":
    main()
