"""The answers of a bundle, keyed, and what its report says was computed from them."""

import csv
import json
import math
from pathlib import Path
from typing import Any

import formulas as f
import numpy as np
from numpy.typing import NDArray

Plain = Any


class Study:
    """Answers by item, their scales, and the three descriptions beside them."""

    def __init__(self, folder: Path) -> None:
        self.whole: Plain = read_json(folder / "report.json")
        self.design: Plain = read_json(folder / "design.json")
        self.report = present(self.whole, self.design["items"])
        self.rules: Plain = read_json(folder / "reach.json")
        with (folder / self.design["data"]).open(
            encoding="utf-8-sig", newline=""
        ) as text:
            rows = list(csv.DictReader(text))
        self.rows = len(rows)
        self.answers: dict[str, f.Matrix] = {}
        for code, item in self.design["items"].items():
            raw = np.array([_point(row[item["column"]]) for row in rows], dtype=float)
            low, high = item["low"], item["high"]
            raw[(raw < low) | (raw > high)] = np.nan
            self.answers[code] = low + high - raw if item["reverse"] else raw
        spoken = self.design["language"]
        self.languages = [row[spoken["column"]] for row in rows] if spoken else []
        self.scales: Plain = {**self.report["scales"], **self.report["outcomes"]}

    def of(self, codes: list[str]) -> f.Matrix:
        """Answers to some items, (n, k)."""
        return np.column_stack([self.answers[code] for code in codes])

    def items(self, scale: str) -> list[str]:
        return list(self.scales[scale]["items"])

    def score(self, scale: str) -> f.Matrix:
        return f.score(self.of(self.items(scale)))

    def factors(self, codes: list[str]) -> dict[str, list[str]]:
        """Scales that have a factor: reflective ones of two items or more."""
        return {
            code: self.items(code)
            for code in codes
            if self.scales[code]["model"] == "reflective" and len(self.items(code)) > 1
        }

    def chosen(self, rows: NDArray[np.bool_]) -> "Study":
        """Return the same study with some of its rows."""
        part = object.__new__(Study)
        part.__dict__.update(self.__dict__)
        part.answers = {code: x[rows] for code, x in self.answers.items()}
        part.rows = int(rows.sum())
        return part


def present(report: Plain, items: Plain) -> Plain:
    """Return the report less the scales of which the data hold not every item."""

    def kept(scales: Plain) -> Plain:
        return {
            code: one for code, one in scales.items() if set(one["items"]) <= set(items)
        }

    others = [{**one, "scales": kept(one["scales"])} for one in report["others"]]
    parts = {part: kept(report[part]) for part in ("scales", "outcomes")}
    return {**report, **parts, "others": others}


def read_json(path: Path) -> Plain:
    return json.loads(path.read_text(encoding="utf-8"))


def _point(text: str) -> float:
    return float(text) if text not in ("", "NA") else math.nan
