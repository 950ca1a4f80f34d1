"""The same answers as other programs export them. Kept small; seeded."""

import csv
import io
import json
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pyreadstat

from surveys.definition import NOT_SHOWN, Form, FormItem, all_met

Rows = list[list[int]]


def answers_of(form: Form, rows: int, *, seed: int = 8) -> Rows:
    """Answers within the scales, some of them missing (-1)."""
    random = Random(seed)
    return [
        [
            -1 if random.random() < 0.05 else random.randint(item.low, item.high)
            for item in form.items
        ]
        for _ in range(rows)
    ]


def as_shown(form: Form, row: list[int]) -> list[int]:
    """The same, with -3 where a question was not shown."""
    given: dict[str, int] = {}
    for item, code in zip(form.items, row, strict=True):
        given[item.code] = code if all_met(item.show_if, given) else NOT_SHOWN
    return list(given.values())


def table(lines: Iterable[Sequence[object]], *, separator: str = ",") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="\r\n").writerows(lines)
    return out.getvalue().encode()


def own_codes(form: Form, rows: Rows) -> bytes:
    """Our own export: codes as headings, codes as values."""
    return table([[item.code for item in form.items], *rows])


def _days(rows: Rows) -> list[str]:
    """The first half answered in March, the others in September 2024."""
    return [
        f"2024-{'03' if at < len(rows) / 2 else '09'}-{1 + at % 20:02} 10:00:00"
        for at in range(len(rows))
    ]


def limesurvey(form: Form, rows: Rows, *, texts: bool = False) -> bytes:
    """Response export; with `texts` full questions and full answers, in Chinese."""
    head = ["id", "submitdate", "lastpage", "startlanguage", "seed"]
    if texts:
        head = ["答复 ID", "提交日期", "最后一页", "起始语言", "种子"]
        names = [f"请判断以下说法 [{item.text.zh_hans}]" for item in form.items]
    else:
        names = [item.code.replace(".", "").replace("-", "") for item in form.items]
    lines: list[list[object]] = [[*head, *names]]
    for at, (day, row) in enumerate(zip(_days(rows), rows, strict=True)):
        cells = [
            _said(item, code, "zh-hans") if texts else _plain(code, f"A{code}", item)
            for item, code in zip(form.items, row, strict=True)
        ]
        lines.append([at + 1, day, 3, "zh-Hans" if texts else "en", 77, *cells])
    return b"\xef\xbb\xbf" + table(lines)


def _plain(code: int, labelled: str, item: FormItem) -> str:
    return "" if code < 0 else labelled if item.labels else str(code)


def _said(item: FormItem, code: int, language: str) -> str:
    if code < 0:
        return ""
    ends = len(item.labels) != item.high - item.low + 1
    return str(code) if ends else item.labels[code - item.low].in_(language)


def qualtrics(form: Form, rows: Rows, *, tab: bool = False) -> bytes:
    """Three rows of headings; choice texts; a preview among the rows."""
    system = ["StartDate", "EndDate", "Status", "IPAddress", "UserLanguage"]
    names = [f"Q{at}" for at, _ in enumerate(form.items, start=1)]
    texts = [f"How far do you agree? - {item.text.en}" for item in form.items]
    idents = [f'{{"ImportId":"QID{at}"}}' for at, _ in enumerate(form.items, start=1)]
    systems = [json.dumps({"ImportId": one[0].lower() + one[1:]}) for one in system]
    lines: list[list[object]] = [
        [*system, *names],
        [*system, *texts],
        [*systems, *idents],
        ["2024-01-01", "2024-01-01", "Survey Preview", "*", "EN", *["x"] * len(names)],
    ]
    for day, row in zip(_days(rows), rows, strict=True):
        cells = [_said(i, c, "en") for i, c in zip(form.items, row, strict=True)]
        lines.append([day, day, "IP Address", "10.0.0.1", "EN", *cells])
    if tab:
        return table(lines, separator="\t").decode().encode("utf-16")
    return table(lines)


def statistics(form: Form, rows: Rows, kind: str) -> bytes:
    """SPSS (0 is the first point, -9 user-missing) or Stata (points as here)."""
    import pandas

    shift = 1 if kind == "sav" else 0
    columns: dict[str, Any] = {"day": [day[:10] for day in _days(rows)]}
    labels: dict[str, dict[float, str]] = {}
    texts: list[str | None] = ["day"]
    for place, item in enumerate(form.items):
        name = item.code.replace(".", "_").replace("-", "_")
        low = shift if item.low == 1 else 0
        columns[name] = [
            float("nan")
            if kind == "dta" and row[place] < 0
            else -9.0
            if row[place] < 0
            else float(row[place] - low)
            for row in rows
        ]
        texts.append(item.text.en[:80])
        if len(item.labels) == item.high - item.low + 1:
            labels[name] = {
                float(at): label.en
                for at, label in enumerate(item.labels, start=item.low - low)
            }
    frame = pandas.DataFrame(columns)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"answers.{kind}"
        if kind == "sav":
            pyreadstat.write_sav(
                frame,
                path,
                column_labels=texts,
                variable_value_labels=labels,
                missing_ranges={name: [-9.0] for name in frame.columns[1:]},
            )
        else:
            pyreadstat.write_dta(
                frame, path, column_labels=texts, variable_value_labels=_whole(labels)
            )
        return path.read_bytes()


def _whole(labels: dict[str, dict[float, str]]) -> dict[str, dict[int | float, str]]:
    return {
        name: {int(value): text for value, text in one.items()}
        for name, one in labels.items()
    }
