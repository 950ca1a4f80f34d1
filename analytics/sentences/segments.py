"""What is said of groups and their scores, and of a release while it is made."""

from collections.abc import Mapping
from typing import Final

from analytics import thresholds

SEGMENTS: Final[dict[str, tuple[str, str]]] = {
    "team_disagrees": (
        "The members of this team do not agree on {scale}: rwg(j) is {value}, below "
        "{guide}. A mean would stand for nobody, so none is shown.",
        "这个团队的成员对{scale}看法不一：rwg(j) 为{value}，低于{guide}。"
        "均值不能代表任何人，因此不显示。",
    ),
    "segment_joined_above": (
        "Fewer than {needed} answers came in, too few to be mixed by themselves; they "
        "count in the group above.",
        "收到的答卷少于 {needed} 份，不足以单独混合；它们计入上级群体。",
    ),
    "teams_not_apart": (
        "On {scale} teams cannot be told apart: the share of variance between teams, "
        "ICC(1), is not clear of 0. Read the scores with their intervals and put no team "
        "before another.",
        "在{scale}上无法区分各团队：团队间方差所占比例 ICC(1) 并不明显大于 0。"
        "请结合区间阅读得分，不要给团队排名次。",
    ),
    "gate_few": (
        "Whether the items mean the same in these groups cannot be tested: that needs "
        "{needs} complete answers in each, and {has} of {groups} groups have them. "
        "Scores and intervals may be read; that one group stands above another may not "
        "be concluded.",
        "无法检验题目在这些群体中含义是否相同：每组需要 {needs} 份完整答卷，{groups} 个群体中"
        "有 {has} 个达到。可以阅读得分及其区间，但不能由此断定哪个群体更高。",
    ),
    "release_few_answers": (
        "{has} people answered; results are shown from {needs} answers on.",
        "共有{has}人作答；达到{needs}份答卷才显示结果。",
    ),
    "release_audit_failed": (
        "The attack on this release succeeded although everything that may be hidden "
        "was hidden: what was published earlier gives too much away. Nothing is "
        "published.",
        "虽然已隐藏所有可以隐藏的内容，对本次发布的攻击仍然成功：之前发布的结果已泄露过多。"
        "因此不发布任何结果。",
    ),
    "release_stopped": (
        "The making of this release stopped unexpectedly. Ask for it again; if it stops "
        "again, tell whoever runs this site.",
        "发布的生成意外中止。请重新申请；若再次中止，请告知本站的运营者。",
    ),
    "progress_release_read": ("Reading the answers", "读取作答"),
    "progress_release_decide": (
        "Deciding what may be told",
        "决定哪些内容可以显示",
    ),
    "progress_release_sections": ("Sections of the report", "报告的各部分"),
    "progress_release_audit": (
        "Attacking what would be published",
        "对将要发布的内容进行攻击检验",
    ),
}

CONDITIONS: Final[Mapping[str, str]] = {
    "segment_joined_above": (
        "A cell of an anonymous or confidential wave that stands below another and has "
        "no answers of its own, because its last batch was smaller than the promise's "
        "least batch (10 or more)."
    ),
    "team_disagrees": (
        "The rwg(j) of a smallest unit shown, on a reflective trust scale, beside answers "
        f"spread evenly, is below {thresholds.TEAM_AGREEMENT:.2f}."
    ),
    "teams_not_apart": (
        "Two or more smallest units have a score on the scale, and the F test of no "
        f"variance between them has a p of {thresholds.TEAM_P:.2f} or more."
    ),
    "gate_few": (
        "Two or more groups of a kind are shown, and at least one of them has fewer "
        f"than {thresholds.COMPARABLE_N} complete answers."
    ),
    "release_few_answers": (
        "A wave ended with fewer answers than its threshold for scores (5 or more)."
    ),
    "release_audit_failed": (
        "The attack on what would be published, with earlier releases, succeeds."
    ),
    "release_stopped": "An error that nobody foresaw ended the job of a release.",
    "progress_release_read": "A release is being made: its answers are read.",
    "progress_release_decide": "A release is being made: disclosure is decided.",
    "progress_release_sections": "A release is being made: after its report.",
    "progress_release_audit": "A release is being made: what it tells is attacked.",
}
