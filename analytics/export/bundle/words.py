"""The words of a bundle: README in both languages, licence note, citation file."""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from analytics.export.bundle.rules import RULES, Rule
from analytics.export.dataset import DataSet
from analytics.plan import Text


@dataclass(frozen=True, slots=True)
class Origin:
    """Who publishes the bundle, what made the report, and of which day it is.

    Attributes
    ----------
    organization : str
    made : str
        Day on which the report was made, such as 2026-11-22.
    report : Text
        Which report: an analysis or a release, and of which wave.
    version : str
        Of the software.
    """

    organization: str
    made: str
    report: Text
    version: str


_FILES = (
    (
        "data.csv, data.parquet",
        "the answers; codes as codebook.html explains them, -1 to -3: no answer",
        "作答数据；编码见 codebook.html，-1 至 -3 表示没有作答",
    ),
    (
        "codebook.html, codebook.json, codebook.xml, datapackage.json",
        "every variable: for people, for programs, DDI-Codebook 2.5, Data Package",
        "所有变量：供阅读、供程序、DDI-Codebook 2.5、Data Package",
    ),
    ("report.json", "the report, every digit of it", "报告，保留全部数位"),
    (
        "reach.json",
        "for each number of the report: how it is checked and how closely, or why not",
        "报告中的每个数字：如何核对、允许多大误差，或为何无法核对",
    ),
    (
        "design.json",
        "which column holds which item, its range and keying",
        "各题所在的列、范围与计分方向",
    ),
    (
        "reproduce.R with formulas.R, models.R, parts.R",
        "recompute and compare in R (psych, lavaan, jsonlite)",
        "用 R 重新计算并比较（psych、lavaan、jsonlite）",
    ),
    (
        "reproduce.py with study.py, parts.py, formulas.py, models.py, likelihood.py",
        "the same in Python (NumPy, SciPy), without the software that made the report",
        "用 Python 重新计算并比较（NumPy、SciPy），不使用生成报告的软件",
    ),
    ("versions.json", "software, seeds, digests", "软件版本、种子、摘要"),
    ("SHA256SUMS", "digest of every other file", "其余每个文件的摘要"),
    (
        "CITATION.cff, LICENSE.txt",
        "how to cite, what may be done",
        "引用方式与使用许可",
    ),
)

# what of a release its page shows besides the report -> the file that holds it
RELEASE_FILES: Final[Mapping[str, str]] = {
    "segments": "release-segments.json",
    "trend": "release-trend.json",
    "quality": "release-quality.json",
    "drivers": "release-drivers.json",
}
_PARTS: Final = Text(
    "what the release tells besides: groups, trend, quality of the answers, what goes "
    "with loyalty; as its page shows it. Not recomputed: it compares groups that these "
    "rows name coarser or not at all, earlier waves, times and links that no file"
    " holds, and resamples",
    "发布结果的其余部分：群体、趋势、作答质量、与忠诚相关的因素，与其页面所示一致。不重新计算：它们比较"
    "数据中合并或未标出的群体、以往轮次、任何文件都不含的时间与关联，并使用重抽样",
)


def readme(
    data: DataSet,
    origin: Origin,
    numbers: Mapping[str, str],
    parts: Collection[str],
    language: str,
) -> str:
    """Write the README in one language, as Markdown."""
    zh = language == "zh-hans"
    counts = Counter(numbers.values())
    checked = sum(n for code, n in counts.items() if RULES[code].python is not None)
    title = data.title.in_language(language)
    report = origin.report.in_language(language)
    lines = [f"# {title}", "", f"{report} · {origin.organization} · {origin.made}", ""]
    if zh:
        lines += [
            "此数据包用所附数据重新计算报告中的数字，并逐一比较：",
            "",
            "    Rscript reproduce.R",
            "    python reproduce.py",
            "",
            "无需网络。若有数字或文件不符，程序会列出并以状态 1 结束。",
            f"报告共有 {sum(counts.values())} 个数字，其中 {checked} 个可由数据核对。",
            "",
            "## 文件",
            "",
        ]
    else:
        lines += [
            "This bundle recomputes the numbers of the report from the data beside it:",
            "",
            "    Rscript reproduce.R",
            "    python reproduce.py",
            "",
            "No network is needed. A number or a file that is not as it should be is"
            " listed, and the status is then 1.",
            f"The report has {sum(counts.values())} numbers; the data determine"
            f" {checked} of them.",
            "",
            "## Files",
            "",
        ]
    lines += [
        f"- {name}: {chinese if zh else english}" for name, english, chinese in _FILES
    ]
    if parts:
        names = ", ".join(name for one, name in RELEASE_FILES.items() if one in parts)
        lines.append(f"- {names}: {_PARTS.in_language(language)}")
    lines += _checked(counts, language) + _unchecked(counts, language)
    if data.notes:
        lines += ["", "## 数据说明" if zh else "## About the data", ""]
        lines += [f"- {note.text(language)}" for note in data.notes]
    return "\n".join(lines) + "\n"


def _checked(counts: Counter[str], language: str) -> list[str]:
    zh = language == "zh-hans"
    head = (
        ["## 可以核对的数字", "", "允许误差相对于 1 与该数字中较大者。", ""]
        if zh
        else [
            "## Numbers that are checked",
            "",
            "The difference allowed is relative to the larger of 1 and the number.",
            "",
        ]
    )
    columns = (
        "| 个数 | 如何核对 | Python | R | 误差来源 |"
        if zh
        else ("| how many | how | Python | R | why so close |")
    )
    rows = [
        f"| {n} | {_cell(rule.how, language)} | {rule.python:g} | {rule.r:g} |"
        f" {_cell(rule.why, language)} |"
        for rule, n in _in_order(counts)
        if rule.python is not None and rule.r is not None
    ]
    return ["", *head, columns, "|---|---|---|---|---|", *rows]


def _unchecked(counts: Counter[str], language: str) -> list[str]:
    zh = language == "zh-hans"
    head = "## 无法核对的数字及原因" if zh else "## Numbers out of reach, and why"
    columns = "| 个数 | 原因 |" if zh else "| how many | why |"
    rows = [
        f"| {n} | {_cell(rule.how, language)} |"
        for rule, n in _in_order(counts)
        if rule.python is None
    ]
    return ["", head, "", columns, "|---|---|", *rows]


def _in_order(counts: Counter[str]) -> list[tuple[Rule, int]]:
    return [(rule, counts[code]) for code, rule in RULES.items() if counts[code]]


def _cell(text: Text | None, language: str) -> str:
    return text.in_language(language) if text else ""


def licence(data: DataSet, origin: Origin) -> str:
    """Say in both languages what may be done with which file."""
    wording = data.facts.get("licence", "") or "-"
    return (
        f"Data and report: {origin.organization}. No licence is given by this file; ask"
        " them what may be done with the data.\n"
        f"Wording of the questions: {wording}.\n"
        "Scripts (*.R, *.py): GPL-3.0-or-later, as the software they come from.\n"
        "\n"
        f"数据与报告：{origin.organization}。本文件不授予许可；数据的使用请向其询问。\n"
        f"题目文字：{wording}。\n"
        "脚本（*.R、*.py）：与所属软件相同，GPL-3.0-or-later。\n"
    )


def citation(data: DataSet, origin: Origin, digests: Sequence[str]) -> str:
    """Write ``CITATION.cff`` 1.2.0; every text is quoted as JSON, which YAML reads."""
    facts: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": "Please cite these data with the digest of the data file.",
        "type": "dataset",
        "title": data.title.en,
        "authors": [{"name": origin.organization}],
        "date-released": origin.made,
        "version": digests[0][:12],
        "abstract": f"{data.title.en} / {data.title.zh_hans}. {origin.report.en}.",
        "keywords": ["trust", "survey", "psychometrics"],
        "identifiers": [
            {
                "type": "other",
                "value": f"sha256:{digest}",
                "description": "Digest of data.csv",
            }
            for digest in digests[:1]
        ],
    }
    return "".join(
        f"{key}: {json.dumps(value, ensure_ascii=False)}\n"
        for key, value in facts.items()
    )
