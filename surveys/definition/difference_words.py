"""What a difference between two versions is called, and what it does to a trend."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from surveys.definition.text import Text

# same: answers compare; care: they may; broken: an answer to the new version does not
# compare with one to the old.
Trend = Literal["same", "care", "broken"]

KINDS: Mapping[str, tuple[Trend, Text]] = MappingProxyType(
    {
        "language_added": (
            "care",
            Text(
                "{name} was added; compare it with the other language only once "
                "invariance holds.",
                "新增了{name}；只有在等值成立之后，才能与另一种语言比较。",
            ),
        ),
        "language_removed": ("same", Text("{name} was removed.", "删除了{name}。")),
        "name_changed": (
            "same",
            Text(
                "The questionnaire has another name in {name}.",
                "问卷的{name}名称有变化。",
            ),
        ),
        "purpose_changed": (
            "same",
            Text(
                "The questionnaire is of another kind: {before}, now {after}.",
                "问卷的类别由 {before} 变为 {after}。",
            ),
        ),
        "facts_changed": (
            "same",
            Text(
                "What is said about the questionnaire changed ({fields}); what it asks "
                "did not change by this.",
                "关于问卷的说明有变化（{fields}）；这不改变所问的内容。",
            ),
        ),
        "modules_changed": (
            "same",
            Text(
                "Whether single scales may be asked alone changed.",
                "单个量表能否单独施测有变化。",
            ),
        ),
        "shuffle_changed": (
            "care",
            Text(
                "The order of items was {before} and is {after}; what stands before an "
                "item can move its answers.",
                "题目顺序由{before}改为{after}；前面的题目可能影响作答。",
            ),
        ),
        "order_changed": (
            "care",
            Text(
                "The items stand in another order; what stands before an item can move "
                "its answers.",
                "题目的先后顺序有变化；前面的题目可能影响作答。",
            ),
        ),
        "short_form_changed": (
            "care",
            Text(
                "The short form asks other items: the mean of a scale in it rests on "
                "other items.",
                "简版所含的题目有变化：简版中量表的均值所依据的题目不同了。",
            ),
        ),
        "form_added": (
            "same",
            Text("The named form {code} is new.", "新增措辞版本 {code}。"),
        ),
        "form_removed": (
            "same",
            Text("The named form {code} was removed.", "删除了措辞版本 {code}。"),
        ),
        "form_words_changed": (
            "care",
            Text(
                "The named form {code} fills other words into the items: compare with "
                "care.",
                "措辞版本 {code} 填入题目的词有变化：比较时请谨慎。",
            ),
        ),
        "form_items_changed": (
            "care",
            Text(
                "The named form {code} leaves out other items.",
                "措辞版本 {code} 略去的题目有变化。",
            ),
        ),
        "scale_added": ("same", Text("The scale {code} is new.", "新增量表 {code}。")),
        "scale_removed": (
            "same",
            Text(
                "The scale {code} was removed; its trend ends here.",
                "删除了量表 {code}；其趋势到此为止。",
            ),
        ),
        "scale_recoded": (
            "same",
            Text(
                "The scale {before} is called {after} now, with the same items.",
                "量表 {before} 现在的代码是 {after}，题目相同。",
            ),
        ),
        "scale_renamed": (
            "same",
            Text(
                "The scale {code} has another name in {name}.",
                "量表 {code} 的{name}名称有变化。",
            ),
        ),
        "scale_model_changed": (
            "broken",
            Text(
                "The scale {code} was {before} and is {after}: its scores are made in "
                "another way.",
                "量表 {code} 由{before}改为{after}：计分方式不同。",
            ),
        ),
        "item_added": (
            "care",
            Text(
                "The item {code} is new; earlier waves show it as not asked, and the "
                "mean of its scale rests on other items.",
                "新增题目 {code}；在以往各轮中显示为“未问”，所在量表的均值所依据的题目也不同了。",
            ),
        ),
        "item_removed": (
            "care",
            Text(
                "The item {code} was removed; later waves show it as not asked, and the "
                "mean of its scale rests on other items.",
                "删除了题目 {code}；在以后各轮中显示为“未问”，所在量表的均值所依据的题目也不同了。",
            ),
        ),
        "question_added": (
            "same",
            Text(
                "The question {code} is new; earlier waves show it as not asked.",
                "新增题目 {code}；在以往各轮中显示为“未问”。",
            ),
        ),
        "question_removed": (
            "same",
            Text(
                "The question {code} was removed; later waves show it as not asked.",
                "删除了题目 {code}；在以后各轮中显示为“未问”。",
            ),
        ),
        "item_renamed": (
            "same",
            Text(
                "The item {before} is called {after} now; its answers stay one series.",
                "题目 {before} 现在的代码是 {after}；其作答仍是同一序列。",
            ),
        ),
        "item_reworded": (
            "care",
            Text(
                "The item {code} is worded differently in {name}. Whether it still "
                "means the same is not known: compare with care.",
                "题目 {code} 的{name}措辞有变化。含义是否仍然相同并不清楚：比较时请谨慎。",
            ),
        ),
        "item_reworded_in_form": (
            "care",
            Text(
                "In the named form {form} the item {code} is worded differently in "
                "{name}. Whether it still means the same is not known: compare with "
                "care.",
                "在措辞版本 {form} 中，题目 {code} 的{name}措辞有变化。含义是否仍然相同并不清楚：比较时请谨慎。",
            ),
        ),
        "item_moved": (
            "care",
            Text(
                "The item {code} moved from the scale {before} to {after}: both means "
                "rest on other items.",
                "题目 {code} 由量表 {before} 移到 {after}：两个均值所依据的题目都不同了。",
            ),
        ),
        "key_changed": (
            "broken",
            Text(
                "The item {code} was keyed {before} and is keyed {after}: agreeing "
                "means the opposite now.",
                "题目 {code} 由{before}计分改为{after}计分：同意的含义与以前相反。",
            ),
        ),
        "expected_point_changed": (
            "broken",
            Text(
                "The instructed item {code} asks for another point: {before}, now "
                "{after}.",
                "指定作答题 {code} 要求的选项由 {before} 变为 {after}。",
            ),
        ),
        "answer_kind_changed": (
            "broken",
            Text(
                "{code} was answered by {before} and is answered by {after}.",
                "{code} 的作答方式由{before}改为{after}。",
            ),
        ),
        "points_changed": (
            "broken",
            Text(
                "The points of {code} were {before} and are {after}: a point does not "
                "mean the same.",
                "{code} 的选项由 {before} 变为 {after}：同一个数的含义不同。",
            ),
        ),
        "labels_changed": (
            "care",
            Text(
                "The points of {code} are labelled differently in {name}: compare with "
                "care.",
                "{code} 各选项的{name}标签有变化：比较时请谨慎。",
            ),
        ),
        "options_changed": (
            "broken",
            Text(
                "The options of {code} changed in {name}: a code may stand for another "
                "option.",
                "{code} 的{name}选项有变化：同一代码可能代表不同的选项。",
            ),
        ),
        "unit_changed": (
            "broken",
            Text("The unit of {code} changed.", "{code} 的单位有变化。"),
        ),
        "limits_changed": (
            "same",
            Text(
                "The limits of {code} were {before} and are {after}.",
                "{code} 的范围由 {before} 变为 {after}。",
            ),
        ),
        "not_applicable_changed": (
            "care",
            Text(
                "Whether “not applicable” is offered for {code} changed: other people "
                "may leave it out.",
                "{code} 是否提供“不适用”有变化：不作答的可能是另一些人。",
            ),
        ),
        "referent_changed": (
            "broken",
            Text(
                "{code} was about {before} and is about {after}.",
                "{code} 由针对{before}改为针对{after}。",
            ),
        ),
        "show_if_changed": (
            "care",
            Text(
                "{code} is shown under another condition: other people answer it.",
                "{code} 的显示条件有变化：作答的是另一些人。",
            ),
        ),
    }
)

LANGUAGE_NAMES: Mapping[str, Text] = MappingProxyType(
    {"en": Text("English", "英文"), "zh-hans": Text("Chinese", "中文")}
)
WORDS: Mapping[str, Text] = MappingProxyType(
    {
        "fixed": Text("fixed", "固定"),
        "shuffled": Text("shuffled", "随机"),
        "reflective": Text("reflective", "反映型"),
        "formative": Text("formative", "形成型"),
        "checklist": Text("a checklist", "不计分"),
        "rating": Text("a rating", "评分"),
        "choice": Text("a choice", "单选"),
        "number": Text("a number", "数字"),
        "text": Text("a free text", "自由文本"),
        "plain": Text("plainly", "正向"),
        "reverse": Text("in reverse", "反向"),
        "survey": Text("whom the survey names", "调查所指对象"),
        "description": Text("description", "简介"),
        "theory": Text("theory", "理论"),
        "covers": Text("coverage", "覆盖范围"),
        "nearest_published": Text("nearest published scales", "相近的已发表量表"),
        "known_risks": Text("known risks", "已知风险"),
        "evidence_level": Text("evidence level stated", "所述证据等级"),
        "native_review": Text("review by native speakers", "母语者审读"),
        "licence": Text("licence", "许可"),
        "catalogue": Text("record in the catalogue", "目录记录"),
        "modified": Text(
            "modified wording of a published scale", "已发表量表的措辞改动"
        ),
        "scales": Text("descriptions of scales and items", "量表与题目的说明"),
    }
)
