"""What is said where a reproducible bundle cannot be made, and about what it leaves out."""

from collections.abc import Mapping
from typing import Final

BUNDLE: Final[dict[str, tuple[str, str]]] = {
    "bundle_no_report": (
        "Wave {wave:d} has no report yet that a bundle could prove. Analyse it or wait "
        "for its release, then ask again.",
        "第 {wave:d} 轮还没有可供核对的报告。请先分析或等待发布，然后重新导出。",
    ),
    "bundle_report_older": (
        "The newest report of wave {wave:d} rests on {had:d} answers, and {has:d} are "
        "there now. Make a new report, then ask again.",
        "第 {wave:d} 轮的最新报告基于 {had:d} 份答卷，而现在有 {has:d} 份。"
        "请重新生成报告，然后再次导出。",
    ),
    "bundle_without_people": (
        "Columns about people (who, unit, criteria, time taken) are left out: the report "
        "is not made of them. The export of whole answers has them.",
        "未包含与个人有关的列（身份、部门、外部指标、用时）：报告不由它们算出。"
        "完整作答的导出中有这些列。",
    ),
}
CONDITIONS: Final[Mapping[str, str]] = {
    "bundle_no_report": "A bundle is asked of a wave without a finished analysis or "
    "published release.",
    "bundle_report_older": "The rows of the wave are not as many as the report says.",
    "bundle_without_people": "In the README of every bundle of an identified or open "
    "survey whose data have such columns.",
}
