"""A codebook as JSON: both languages, every number; docs/codebook.schema.json describes it."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from analytics.export.codebook.values import (
    Codebook,
    Entry,
    InstrumentTold,
    ScaleTold,
    Statistics,
    Study,
)
from analytics.export.dataset import Label
from analytics.plan import Text
from analytics.sentences import Sentence

SCHEMA_VERSION: Final = 1


def write_json(book: Codebook, path: Path, *, language: str = "en") -> None:
    """Write the codebook as JSON; `language` plays no part, both are inside."""
    text = json.dumps(json_of(book), ensure_ascii=False, indent=2, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def json_of(book: Codebook) -> dict[str, Any]:
    """Return the codebook as JSON values; every text as `{"en": ..., "zh-hans": ...}`."""
    return {
        "schema_version": SCHEMA_VERSION,
        "study": _study(book.study),
        "scales": [_scale(one) for one in book.scales],
        "variables": [_entry(one) for one in book.entries],
    }


def _study(study: Study) -> dict[str, Any]:
    about = study.about
    return {
        "id": study.id,
        "title": study.title.to_plain(),
        "organization": about.organization,
        "mode": study.mode,
        "simulated": about.simulated,
        "referents": [one.to_plain() for one in study.referents],
        "sample": about.sample,
        "promises": [
            {
                "waves": list(one.waves),
                "text": one.text.to_plain(),
                "sha256": one.digest,
            }
            for one in about.promises
        ],
        "rows": study.rows,
        "waves": [
            {
                "number": one.number,
                "opened": one.opened,
                "closed": one.closed,
                "rows": one.rows,
                "invited": one.invited,
                "form_sha256": one.form_digest,
                "instruments": list(one.instruments),
            }
            for one in study.waves
        ],
        "instruments": [_instrument(one) for one in study.instruments],
        "notes": _said(study.notes),
        "facts": dict(study.facts),
    }


def _instrument(one: InstrumentTold) -> dict[str, Any]:
    return {
        "code": one.code,
        "version": one.version,
        "name": one.name.to_plain(),
        "licence": one.licence,
        "evidence": one.evidence,
        "sha256": one.digest,
        "source": one.source,
        "source_checked": one.checked,
        "modified": one.modified,
    }


def _scale(one: ScaleTold) -> dict[str, Any]:
    return {
        "code": one.code,
        "name": one.name.to_plain(),
        "model": one.model,
        "items": list(one.items),
        "scores": list(one.scores),
    }


def _entry(entry: Entry) -> dict[str, Any]:
    one = entry.variable
    return {
        "name": one.name,
        "label": one.label.to_plain(),
        "question": _text(entry.question),
        "role": one.role,
        "kind": one.kind,
        "measure": one.measure,
        "values": _labels(one.values),
        "missing": _labels(one.missing),
        "low": one.low,
        "high": one.high,
        "item": one.item,
        "scale": one.scale,
        "reverse": one.reverse,
        "made_of": list(one.items),
        "notes": _said(entry.said),
        "statistics": _statistics(entry.statistics),
    }


def _labels(labels: Iterable[Label]) -> list[dict[str, Any]]:
    return [{"value": one.value, "label": one.text.to_plain()} for one in labels]


def _statistics(one: Statistics) -> dict[str, Any]:
    return {
        "valid": {"low": one.valid.low, "high": one.valid.high},
        "missing": one.missing,
        "mean": one.mean,
        "sd": one.sd,
        "frequencies": [
            {
                "code": each.code,
                "label": _text(each.label),
                "n": each.n,
                "missing": each.missing,
            }
            for each in one.frequencies
        ],
        "withheld": None if one.withheld is None else one.withheld.as_text().to_plain(),
    }


def _said(sentences: Iterable[Sentence]) -> list[dict[str, str]]:
    return [one.as_text().to_plain() for one in sentences]


def _text(text: Text | None) -> dict[str, str] | None:
    return None if text is None else text.to_plain()
