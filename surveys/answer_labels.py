"""Suggestions for the labels of answer points. Ours: no part of a published wording."""

from collections.abc import Mapping
from types import MappingProxyType

from surveys.definition import Text

NAMES: Mapping[str, Text] = MappingProxyType(
    {
        "agreement": Text("agreement", "同意程度"),
        "accuracy": Text("how well it describes the person", "符合程度"),
        "frequency": Text("frequency", "频率"),
    }
)

_AGREEMENT = {
    5: (
        Text("strongly disagree", "非常不同意"),
        Text("disagree", "不同意"),
        Text("neither agree nor disagree", "说不上同意或不同意"),
        Text("agree", "同意"),
        Text("strongly agree", "非常同意"),
    ),
    6: (
        Text("strongly disagree", "非常不同意"),
        Text("disagree", "不同意"),
        Text("rather disagree", "有点不同意"),
        Text("rather agree", "有点同意"),
        Text("agree", "同意"),
        Text("strongly agree", "非常同意"),
    ),
    7: (
        Text("strongly disagree", "非常不同意"),
        Text("disagree", "不同意"),
        Text("rather disagree", "有点不同意"),
        Text("neither agree nor disagree", "说不上同意或不同意"),
        Text("rather agree", "有点同意"),
        Text("agree", "同意"),
        Text("strongly agree", "非常同意"),
    ),
}
_ACCURACY = {
    5: (
        Text("not at all like me", "完全不符合"),
        Text("mostly not like me", "大部分不符合"),
        Text("partly like me, partly not", "一半符合"),
        Text("mostly like me", "大部分符合"),
        Text("very much like me", "完全符合"),
    ),
    6: (
        Text("not at all like me", "完全不符合"),
        Text("mostly not like me", "大部分不符合"),
        Text("rather not like me", "有点不符合"),
        Text("rather like me", "有点符合"),
        Text("mostly like me", "大部分符合"),
        Text("very much like me", "完全符合"),
    ),
    7: (
        Text("not at all like me", "完全不符合"),
        Text("mostly not like me", "大部分不符合"),
        Text("rather not like me", "有点不符合"),
        Text("partly like me, partly not", "一半符合"),
        Text("rather like me", "有点符合"),
        Text("mostly like me", "大部分符合"),
        Text("very much like me", "完全符合"),
    ),
}
_FREQUENCY = {
    5: (
        Text("never", "从不"),
        Text("rarely", "很少"),
        Text("sometimes", "有时"),
        Text("often", "经常"),
        Text("always", "总是"),
    ),
    6: (
        Text("never", "从不"),
        Text("very rarely", "极少"),
        Text("rarely", "很少"),
        Text("often", "经常"),
        Text("very often", "很经常"),
        Text("always", "总是"),
    ),
    7: (
        Text("never", "从不"),
        Text("very rarely", "极少"),
        Text("rarely", "很少"),
        Text("sometimes", "有时"),
        Text("often", "经常"),
        Text("very often", "很经常"),
        Text("always", "总是"),
    ),
}
SUGGESTED: Mapping[str, Mapping[int, tuple[Text, ...]]] = MappingProxyType(
    {"agreement": _AGREEMENT, "accuracy": _ACCURACY, "frequency": _FREQUENCY}
)


def suggested(kind: str, points: int) -> tuple[Text, ...]:
    """Labels for a scale of so many points; empty where we have no suggestion."""
    return SUGGESTED.get(kind, {}).get(points, ())
