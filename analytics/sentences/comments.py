"""What is said about comments: when they are shown, their tags, and who coded them."""

from collections.abc import Mapping
from typing import Final

from analytics import thresholds
from analytics.psychometrics.coding import FEWEST_UNITS_FOR_AN_INTERVAL as UNITS

COMMENTS: Final[dict[str, tuple[str, str]]] = {
    "comments": ("Comments", "评论"),
    "comments_box": ("Comment at the end", "结尾的评论"),
    "comments_few_answers": (
        "Comments are shown from {needs} answers in a wave on; there are fewer.",
        "一轮调查达到{needs}份答卷才显示评论；目前不足。",
    ),
    "comments_few": (
        "Comments are shown from {needs} comments to a question on, so that few words "
        "give nobody away; there are fewer.",
        "一个问题达到{needs}条评论才显示，以免少数文字暴露个人；目前不足。",
    ),
    "comments_not_asked": (
        "This wave asked for no comments.",
        "本轮没有征求评论。",
    ),
    "comments_not_published": (
        "This release holds no comments.",
        "本次发布不含评论。",
    ),
    "comments_rule": (
        "Comments are read for everybody together, never by team or language, and stand "
        "in an order drawn by lot. Nothing is stored beside a text: no time, no answer.",
        "评论只能合在一起阅读，不按团队或语言区分，并按随机顺序排列。"
        "文字旁不保存任何其他信息：没有时间，也没有作答。",
    ),
    "comments_words": (
        "Names and details in a text can still tell who wrote it. Do not guess at "
        "writers; an owner can hide a comment.",
        "文字中的姓名和细节仍可能透露作者。请不要猜测作者；所有者可以隐藏评论。",
    ),
    "comments_hidden": (
        "Hidden by an owner: {count}.",
        "被所有者隐藏：{count} 条。",
    ),
    "comments_question": ("Question", "问题"),
    "comments_count": ("Comments", "评论数"),
    "comments_by_question": ("Comments by question", "各问题的评论"),
    # tags
    "tags": ("Tags", "标签"),
    "tag": ("Tag", "标签"),
    "tag_count": ("Comments with it", "带有该标签的评论"),
    "tag_fewer": ("fewer than {least}", "少于 {least}"),
    "tags_none": ("No tags yet.", "尚无标签。"),
    "tags_own": (
        "By your own coding; others code on their own until the codings are shown.",
        "仅为您自己的编码；在公开编码之前，各人独立编码。",
    ),
    "tags_all": (
        "Comments to which at least one coder gave the tag.",
        "至少一位编码者给出该标签的评论。",
    ),
    "tags_wait": (
        "The tags of a wave are counted here once its coders have shown their codings.",
        "编码者公开编码后，这里会统计各标签的评论数。",
    ),
    # agreement
    "coding_agreement": ("Agreement of the coders", "编码者之间的一致性"),
    "coding_alpha": ("Krippendorff’s alpha", "Krippendorff alpha"),
    "coding_kappa": ("Cohen’s kappa", "Cohen kappa"),
    "coding_interval": ("95 % interval", "95% 区间"),
    "coding_reading": ("Reading", "解读"),
    "coding_reliable": ("Reliable", "可靠"),
    "coding_tentative": ("Tentative", "可作参考"),
    "coding_unreliable": ("Not reliable", "不可靠"),
    "coding_few": ("Too few", "数量不足"),
    "coding_undefined": ("No number", "无数值"),
    "coding_rule": (
        "{coders} coders, {comments} comments coded by at least two of them, compared as "
        "they stood before anybody saw another’s work. “Reliable” marks an alpha whose "
        "interval lies at .800 or above, “Tentative” at .667 or above (Krippendorff "
        "2004); both are conventions.",
        "{coders} 位编码者，{comments} 条评论由至少两人编码，按彼此看到对方编码之前的状态比较。"
        "“可靠”表示 alpha 的整个区间不低于 0.800，“可作参考”表示不低于 0.667"
        "（Krippendorff，2004）；二者都是惯例。",
    ),
    "coding_few_units": (
        "Fewer than {needs} comments were coded by two people: too few for an interval, "
        "so the numbers may be far off.",
        "由两人编码的评论不足{needs}条：无法给出区间，数值可能有很大偏差。",
    ),
    "coding_rare": (
        "{tag} was given too rarely, or to nearly every comment, for an interval.",
        "{tag}出现得过少，或几乎每条评论都有，因此没有区间。",
    ),
    "coding_one": (
        "Agreement needs two people who coded the same comments; until then a tag is one "
        "person’s reading.",
        "一致性需要两人对相同的评论编码；在此之前，标签只是一个人的理解。",
    ),
}

CONDITIONS: Final[Mapping[str, str]] = {
    "comments_few_answers": (
        "Fewer answers in the wave than its promise asks for comments (10 or more)."
    ),
    "comments_few": (
        "As many answers as the promise asks for comments, but fewer comments to the "
        "question."
    ),
    "comments_not_asked": "The wave's form has neither a free-text question nor a box.",
    "comments_not_published": "The release has no part `comments`.",
    "comments_rule": "Comments to at least one question are shown.",
    "comments_words": "Comments to at least one question are shown.",
    "comments_hidden": "An owner has hidden at least one comment that would be shown.",
    "tag_fewer": f"A tag was given to 1 to {thresholds.TAG_COUNT - 1} comments.",
    "tags_none": "The survey has no tag.",
    "tags_own": "The codings of the wave are not shown yet, and the reader codes.",
    "tags_wait": "The codings of the wave are not shown yet, and the reader reads only.",
    "tags_all": "The codings of the wave are shown.",
    "coding_reliable": (
        f"The interval of alpha begins at {thresholds.CODING_RELIABLE:.3f} or above."
    ),
    "coding_tentative": (
        f"The interval of alpha begins at {thresholds.CODING_TENTATIVE:.3f} or above, "
        f"but below {thresholds.CODING_RELIABLE:.3f}."
    ),
    "coding_unreliable": (
        f"The interval of alpha begins below {thresholds.CODING_TENTATIVE:.3f}."
    ),
    "coding_few": "Alpha has no interval.",
    "coding_undefined": "Alpha is not defined; the reason stands below the table.",
    "coding_rule": "Two or more coded the wave, and the codings are shown.",
    "coding_few_units": f"Fewer than {UNITS} comments were coded by two or more.",
    "coding_rare": (
        f"{UNITS} comments or more were coded by two, and more than 5 % of the draws of "
        "a tag are undefined."
    ),
    "coding_one": "The codings are shown, and no two people coded the same comment.",
}
