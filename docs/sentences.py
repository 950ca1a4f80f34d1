"""Write docs/sentences.md: what a report can say, when, in both languages.

Run `python docs/sentences.py` from the root of the repository; `--check` writes nothing
and fails where the page is not what the code says.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "sentences.md"
sys.path.insert(0, str(ROOT))

from analytics.sentences.subjects import (  # noqa: E402
    CORE,
    NOT_IN_A_REPORT,
    SUBJECTS,
    Subject,
    is_name,
)

INTRODUCTION = """\
# What a report can say

Every sentence of a report, with the condition on which it is said, in English and \
Simplified Chinese. Written by `docs/sentences.py` from `analytics/sentences`, where the \
sentences and their conditions stand; do not edit it here. A test holds both equal, and \
the tests of the modules go to both sides of the marks.

- A gap such as `{scale}` or `{r:.2f}` is filled with a name or a number. A number whose \
guide stands in the sentence has as many decimals as tell it from the guide.
- The numbers in the conditions come from `analytics/thresholds.py`, where each has its \
source. They label a number; they judge no validity.
- *Names* are headings, chips, labels and frames around a number. A name has no condition \
of its own: it stands where what it names stands, and a chip where its reading stands.
- No sentence says that one thing makes another happen.
- Left out: what is said before there is a report, namely {others}.
"""
CORE_WORDS = """\
The numeric core gives no number where a statistic is not defined or the answers are too \
few. The sentence states its own condition and stands in the place of the number.
"""


def page() -> str:
    """Return the page as it must be."""
    others = "; ".join(
        f"{one.title[0].lower()}{one.title[1:]} (`{name}`)"
        for name, one in NOT_IN_A_REPORT.items()
    )
    parts = [INTRODUCTION.replace("{others}", others)]
    parts += [section(name, one) for name, one in SUBJECTS.items()]
    parts.append(f"## {CORE.title} (`core`)\n\n{CORE_WORDS}\n{plain_table(CORE)}")
    return "\n".join(parts)


def section(name: str, subject: Subject) -> str:
    """Return one subject: what is said on a condition, then the names."""
    said, names = [], []
    for code, (english, chinese) in subject.sentences.items():
        words = (f"`{code}`", english, chinese)
        if code in subject.conditions or not is_name(english):
            condition = subject.conditions[code]
            said.append((words[0], condition, *words[1:]))
        else:
            names.append(words)
    text = [f"## {subject.title} (`{name}`)\n"]
    if said:
        text.append(table(("code", "said when", "English", "中文"), said))
    if names:
        text.append("Names:\n")
        text.append(table(("code", "English", "中文"), names))
    return "\n".join(text)


def plain_table(subject: Subject) -> str:
    rows = [(f"`{code}`", *words) for code, words in subject.sentences.items()]
    return table(("code", "English", "中文"), rows)


def table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    return "\n".join((*_lines(heads, rows), ""))


def _lines(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield _line(heads)
    yield _line(("---",) * len(heads))
    for row in rows:
        yield _line(row)


def _line(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    if not parser.parse_args().check:
        PAGE.write_text(page(), "utf-8")
        return 0
    if PAGE.read_text("utf-8") == page():
        return 0
    print("docs/sentences.md is old; run: python docs/sentences.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
