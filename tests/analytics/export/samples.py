"""A small data set with everything that files usually break on. Pure."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from analytics.export.dataset import Column, DataSet, Label, Variable, WaveIn
from analytics.plan import Text

MISSING = (
    Label(-1, Text("skipped", "跳过")),
    Label(-2, Text("not applicable", "不适用")),
    Label(-3, Text("not shown", "未显示")),
)
POINTS = tuple(
    Label(point, Text(en, zh))
    for point, (en, zh) in enumerate(
        [
            ("Strongly disagree 😡", "非常不同意 😡"),
            ("Disagree", "不同意"),
            ("=1+1", "=1+1"),
            ('Neither, "so so"', "一般，“还行”"),
            ("Agree\nmore or less", "比较\n同意"),
            ("أوافق", "同意"),
            ("Strongly agree 👩‍👩‍👧‍👦", "非常同意 👩‍👩‍👧‍👦"),
        ],
        start=1,
    )
)
# Alike in their first 300 characters, so that every format that shortens them collides.
LONG = (
    "How far do you agree that the people of Harbour Tea keep what they promise? " * 5,
    "您在多大程度上同意港湾茶的员工信守承诺？" * 20,
)
# Formulas, quotes, line ends, directions of writing, joined emoji, what looks like a
# number or like nothing, tab and the escape mark itself.
STRANGE: tuple[str | None, ...] = (
    "=cmd|' /C calc'!A0",
    "+1",
    "-1",
    "@SUM(A1)",
    "\tafter a tab",
    "\rafter a return",
    "'=1+1",
    "'plain",
    'says "no", and leaves',
    "two\nlines",
    "two\r\nlines",
    "مرحبا بالعالم",
    "\u202eright to left\u202c",
    "港湾茶，很好",
    "👩‍👩‍👧‍👦 and 🇨🇳",
    "e\u0301 is é",
    "",
    " spaces ",
    "NA",
    "NULL",
    "007",
    "1e5",
    "\\N",
    "a;b|c",
    "\ufeffmarked",
    "\u2028separated",
    "nul\u200bwidth",
    None,
)
_BLOCK = 4_096
_SEED = 8


def _item(name: str, number: int, *, reverse: bool = False, **more: Any) -> Variable:
    return Variable(
        name=name,
        label=Text(f"{LONG[0]} ({number})", f"{LONG[1]}（{number}）"),
        kind="whole",
        measure="ordinal",
        role="raw",
        values=POINTS,
        missing=MISSING,
        low=1,
        high=7,
        item=f"TBE.T{number}",
        scale="TBE.T",
        reverse=reverse,
        **more,
    )


def _keyed(raw: Variable) -> Variable:
    return Variable(
        name=f"{raw.name}_keyed",
        label=raw.label,
        kind="whole",
        measure="ordinal",
        role="keyed",
        # a turned point has no words of its own
        values=() if raw.reverse else POINTS,
        missing=MISSING,
        low=1,
        high=7,
        item=raw.item,
        scale=raw.scale,
        reverse=raw.reverse,
        note=Text("Turned round: 8 - answer.", "已反向：8 − 作答。")
        if raw.reverse
        else None,
    )


RAW = (
    _item("TBE_T1", 1),
    _item("TBE_T2", 2, reverse=True),
    _item("TBE_T3", 3, note=Text("Not asked in wave 1.", "第 1 轮未询问。")),
)
KEYED = tuple(_keyed(one) for one in RAW)
ITEM_SCORES = tuple(
    replace(
        one,
        name=f"{raw.name}_score",
        kind="number",
        measure="scale",
        role="item_score",
        values=(),
        missing=(),
    )
    for raw, one in zip(RAW, KEYED, strict=True)
)
VARIABLES: tuple[Variable, ...] = (
    Variable("row", Text("Number of the row", "行号"), "whole", "nominal", "record"),
    Variable("wave", Text("Wave", "轮次"), "whole", "ordinal", "record", low=1, high=2),
    Variable("form", Text("Form", "问卷表"), "whole", "nominal", "record"),
    Variable(
        "language",
        Text("Language of the answers", "作答语言"),
        "whole",
        "nominal",
        "record",
        (Label(1, Text("English", "英文")), Label(2, Text("Chinese", "中文"))),
    ),
    Variable(
        "participant",
        Text("Number of the participant", "参与者编号"),
        "text",
        "nominal",
        "record",
    ),
    Variable(
        "unit",
        Text("Unit", "部门"),
        "whole",
        "nominal",
        "segment",
        (
            # the same words for two codes, and words longer than SPSS holds
            Label(1, Text("Sales", "销售")),
            Label(2, Text("Sales", "销售")),
            Label(3, Text("@East / =West " * 12, "东部/西部" * 40)),
        ),
        (Label(-1, Text("not known", "未知")),),
    ),
    *RAW,
    *KEYED,
    *ITEM_SCORES,
    Variable(
        "TBE_T_score",
        Text("Transparency", "透明"),
        "number",
        "scale",
        "scale_score",
        low=1,
        high=7,
        scale="TBE.T",
        items=tuple(one.name for one in KEYED),
    ),
    # words that languages for statistics keep for themselves
    Variable("by", Text("By", "按"), "number", "scale", "weight"),
    Variable("int", Text("=1+1", "=1+1"), "whole", "scale", "criterion"),
    # alike in their first 32 characters
    Variable(
        "revenue_after_the_second_complaint_in_2025",
        Text("Revenue", "收入"),
        "number",
        "scale",
        "criterion",
    ),
    Variable(
        "revenue_after_the_second_complaint_in_2026",
        Text("Revenue", "收入"),
        "number",
        "scale",
        "criterion",
    ),
    Variable("remark", Text("Remark", "备注"), "text", "nominal", "criterion"),
)


def sample_data_set(rows: int = 120) -> DataSet:
    """Return a data set of two waves; the same values in every call.

    Rows below the middle are of wave 1, which did not ask ``TBE_T3``.
    """
    waves = tuple(
        WaveIn(
            number=number,
            opened=f"2026-0{number}-01",
            closed=f"2026-0{number}-15",
            rows=count,
            form_digest=str(number) * 64,
            instruments=(f"TBE v{number}",),
            lineage={"TBE_T2": "TBE.T9"} if number == 1 else {},
            absent=("TBE_T3",) if number == 1 else (),
        )
        for number, count in ((1, rows // 2), (2, rows - rows // 2))
    )

    def blocks() -> Iterator[tuple[Column, ...]]:
        for start in range(0, rows, _BLOCK):
            yield _block(start, min(start + _BLOCK, rows), rows)

    return DataSet(
        title=Text('Trust in "Harbour" Tea 🍵', "我们信任“港湾”茶吗 🍵"),
        survey="11111111-2222-4333-8444-555555555555",
        variables=VARIABLES,
        waves=waves,
        rows=rows,
        blocks=blocks,
        notes=(),
        facts={
            "mode": "identified",
            "software": "trustsurvey",
            "input_sha256": "a" * 64,
            "seed": str(_SEED),
            "licence": "CC BY 4.0",
        },
    )


def _block(start: int, end: int, rows: int) -> tuple[Column, ...]:
    rng = np.random.default_rng([_SEED, start])
    n = end - start
    number = np.arange(start, end)
    wave = np.where(number < rows // 2, 1, 2)
    raw = rng.choice([-3, -2, -1, 1, 2, 3, 4, 5, 6, 7], size=(n, 3))
    raw[wave == 1, 2] = -3
    keyed = raw.copy()
    keyed[:, 1] = np.where(raw[:, 1] > 0, 8 - raw[:, 1], raw[:, 1])
    answered = (keyed > 0).sum(axis=1)
    total = np.where(keyed > 0, keyed, 0).sum(axis=1)
    score = np.where(answered >= 2, total / np.maximum(answered, 1), np.nan)
    texts = np.array([STRANGE[i % len(STRANGE)] for i in number], dtype=object)
    known = np.array(
        [None if i % 11 == 10 else f"{STRANGE[i % 7] or ''}{i:05}" for i in number],
        dtype=object,
    )
    revenue = rng.normal(100, 30, n)
    revenue[::5] = np.nan
    return (
        (number + 1).astype(np.int32),
        wave.astype(np.int16),
        wave.astype(np.int16),
        (1 + number % 2).astype(np.int16),
        known,
        rng.choice([-1, 1, 2, 3], n).astype(np.int16),
        *raw.T.astype(np.int16),
        *keyed.T.astype(np.int16),
        *np.where(keyed > 0, keyed, np.nan).T,
        score,
        rng.uniform(0.2, 3, n),
        rng.integers(0, 40_000, n).astype(np.int32),
        revenue,
        revenue / 3,
        texts,
    )
