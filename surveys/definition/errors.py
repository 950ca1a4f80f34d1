"""What can be wrong with a definition or a submitted answer, in both languages."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from surveys.definition.text import Text

_NO_PARAMS: Mapping[str, object] = MappingProxyType({})

# One sentence a code: what is wrong and what to do. The place is put before it.
SENTENCES: Mapping[str, Text] = {
    "not_yaml": Text(
        "The file is not readable YAML ({problem}); correct it at the place named.",
        "文件不是可读取的 YAML（{problem}），请在所示位置更正。",
    ),
    "alias": Text(
        "YAML anchors and aliases are refused; write the value out.",
        "不接受 YAML 锚点和别名，请直接写出内容。",
    ),
    "too_large": Text(
        "The document has {size} characters; the limit is {limit}.",
        "文件有 {size} 个字符，上限为 {limit}。",
    ),
    "duplicate_key": Text(
        "The key '{key}' stands here twice; keep one.",
        "键“{key}”在此出现两次，请只保留一个。",
    ),
    "unknown_key": Text(
        "The key '{key}' is unknown; allowed are {allowed}.",
        "未知的键“{key}”；可用的键有：{allowed}。",
    ),
    "missing_key": Text(
        "The key '{key}' is missing; add it.",
        "缺少键“{key}”，请补上。",
    ),
    "wrong_type": Text(
        "Expected {expected}, found {found}.",
        "此处应为{expected_zh}，实际为 {found}。",
    ),
    "missing_language": Text(
        "The text in '{language}' is missing; write it.",
        "缺少“{language}”的文字，请补上。",
    ),
    "blank": Text("The text is blank; write it.", "文字为空，请填写。"),
    "too_long": Text(
        "The text has {length} characters; the limit is {limit}.",
        "文字有 {length} 个字符，上限为 {limit}。",
    ),
    "control_character": Text(
        "The text holds a line break or an invisible character; remove it.",
        "文字中含有换行或不可见字符，请删除。",
    ),
    "bad_code": Text(
        "'{value}' is no valid code; begin with a capital letter and use capitals, "
        "digits and single hyphens, at most 16 characters.",
        "“{value}”不是有效代码；请以大写字母开头，只用大写字母、数字和单个连字符，最多 16 个字符。",
    ),
    "bad_choice": Text(
        "'{value}' is not allowed; choose one of {allowed}.",
        "不接受“{value}”；请从以下各项中选择：{allowed}。",
    ),
    "out_of_range": Text(
        "{value} is outside {low} to {high}.",
        "{value} 超出 {low} 至 {high} 的范围。",
    ),
    "duplicate": Text(
        "'{value}' occurs twice; every one must differ.",
        "“{value}”重复出现；每一项必须各不相同。",
    ),
    "empty": Text(
        "The list is empty; it needs at least one entry.",
        "列表为空，至少需要一项。",
    ),
    "too_many_referents": Text(
        "{number} others are too many: at most {most} can be asked about beside the "
        "first.",
        "另外{number}个对象过多：除第一个外最多可再问{most}个。",
    ),
    "nothing_asked_again": Text(
        "No questionnaire chosen here names whom it is about, so there is nothing to "
        "ask about others. Choose one that does, or leave the others out.",
        "所选问卷都没有指明询问对象，因此无法再询问其他对象。请选择指明对象的问卷，或去掉其他对象。",
    ),
    "bad_points": Text(
        "The range {low} to {high} has {points} points; "
        "start at 0 or 1 and use 2 to 11 points.",
        "{low} 至 {high} 共有 {points} 个选项；请从 0 或 1 开始，并使用 2 至 11 个选项。",
    ),
    "label_count": Text(
        "{labels} labels for {points} points; label every point, "
        "or only both ends when there are more than 7.",
        "{points} 个选项却有 {labels} 个标签；请为每个选项写标签，超过 7 个选项时可以只写两端。",
    ),
    "unknown_format": Text(
        "The response format '{value}' is not defined; defined are {allowed}.",
        "未定义作答格式“{value}”；已定义的有：{allowed}。",
    ),
    "unused_format": Text(
        "No scale uses the response format '{value}'; remove it or use it.",
        "没有量表使用作答格式“{value}”；请删除或使用它。",
    ),
    "reverse_outside_reflective": Text(
        "A {model} scale cannot hold a reverse item; write it the plain way round.",
        "{model} 类型的量表不能含反向题，请改写为正向。",
    ),
    "unknown_placeholder": Text(
        "'{value}' is no placeholder here; use {{referent}}, {{Referent}}, or a word of "
        "the named forms.",
        "“{value}”在此不是占位符；请使用 {{referent}}、{{Referent}} 或各版本中定义的词。",
    ),
    "placeholder_mismatch": Text(
        "One language names the referent and the other does not; name it in both.",
        "只有一种语言写了信任对象；请在两种语言中都写上。",
    ),
    "slot_mismatch": Text(
        "One language uses {{{slot}}} and the other does not; use it in both.",
        "只有一种语言使用了 {{{slot}}}；请在两种语言中都使用。",
    ),
    "bad_name": Text(
        "'{value}' is no valid name; use small letters, digits and underscores, at most "
        "31 characters, beginning with a letter.",
        "“{value}”不是有效名称；请以小写字母开头，只用小写字母、数字和下划线，最多 31 个字符。",
    ),
    "bad_record": Text(
        "'{value}' is no identifier of a catalogue record; use letters, digits, dots, "
        "hyphens and underscores, at most 64 characters.",
        "“{value}”不是目录记录的编号；只能使用字母、数字、点、连字符和下划线，最多 64 个字符。",
    ),
    "modified_without_record": Text(
        "Only the wording of a catalogue record can be modified; name it under "
        "'catalogue'.",
        "只有目录记录的文字才可以标为“已修改”；请在 catalogue 中写明该记录。",
    ),
    "option_count": Text(
        "{options} options; a choice has 2 to {most}.",
        "共有 {options} 个选项；单选题应有 2 至 {most} 个选项。",
    ),
    "only_ratings": Text(
        "A {model} scale is scored and takes ratings only, not {kind}; make it a "
        "checklist.",
        "{model} 类型的量表要计分，只能使用评分题，不能使用 {kind}；请改为 checklist。",
    ),
    "only_in_checklist": Text(
        "Only a checklist takes '{key}' (and 'expect' only a rating item); "
        "remove it or move the item.",
        "只有 checklist 可以使用“{key}”（expect 只用于评分题）；请删除它或移动该题。",
    ),
    "too_many": Text(
        "{number} items; the limit is {most}.",
        "共有 {number} 道题，上限为 {most}。",
    ),
    "too_many_parts": Text(
        "{number} entries under '{part}'; the limit is {most}.",
        "“{part}”中共有 {number} 项，上限为 {most}。",
    ),
    "condition_not_earlier": Text(
        "The condition names '{value}', which is no earlier item; "
        "name an item that stands before.",
        "显示条件引用的“{value}”不是前面的题目；请引用排在前面的题目。",
    ),
    "condition_not_closed": Text(
        "The condition names '{value}', which has no fixed answers; "
        "name a rating or a choice.",
        "显示条件引用的“{value}”没有固定选项；请引用评分题或单选题。",
    ),
    "condition_left_out": Text(
        "The item depends on '{value}', which is left out here; "
        "leave both out or keep both.",
        "该题取决于“{value}”，而后者在此被省略；请同时保留或同时省略。",
    ),
    "unknown_item": Text(
        "There is no item '{value}'; correct its code.",
        "没有题目“{value}”，请更正其代码。",
    ),
    "unknown_form": Text(
        "There is no form '{value}'; defined are: {allowed}.",
        "没有版本“{value}”；已定义的有：{allowed}。",
    ),
    "reserved_slot": Text(
        "'{slot}' is filled by the survey; choose another word.",
        "“{slot}”由调查填写，请改用别的词。",
    ),
    "unfilled_slot": Text(
        "The form '{form}' has no word for {{{slot}}}; write it under its 'words'.",
        "版本“{form}”没有为 {{{slot}}} 定义词语；请在其 words 中补上。",
    ),
    "nothing_left": Text(
        "The form leaves every item out; keep at least one.",
        "该版本省略了所有题目，请至少保留一道。",
    ),
    "no_modules": Text(
        "{questionnaire} can only be asked whole; choose all of its scales.",
        "{questionnaire} 只能整份使用，请选择它的全部量表。",
    ),
    "unknown_module": Text(
        "{questionnaire} has no scale '{value}'; choose from {allowed}.",
        "{questionnaire} 没有量表“{value}”；请选择：{allowed}。",
    ),
    "no_such_form": Text(
        "{questionnaire} has no form '{value}'; choose from: {allowed}.",
        "{questionnaire} 没有版本“{value}”；请选择：{allowed}。",
    ),
    "no_items": Text(
        "The form asks no closed question; add at least one.",
        "问卷表没有可选择作答的题目，请至少添加一道。",
    ),
    "language_not_offered": Text(
        "{questionnaire} has no wording in '{language}'; offer only its languages.",
        "{questionnaire} 没有“{language}”的文字；请只提供它已有的语言。",
    ),
    "no_common_language": Text(
        "The questionnaires have no language in common; "
        "choose questionnaires that share one.",
        "所选问卷没有共同的语言；请选择有共同语言的问卷。",
    ),
    "rotation_blocks": Text(
        "Cut the questions into two to six blocks, and ask fewer of them at a time.",
        "请将题目分成二至六组，并且每次只询问其中的一部分。",
    ),
    "rotation_few": Text(
        "There are too few questions outside the core for so many blocks: take fewer"
        " blocks or a smaller core.",
        "核心之外的题目太少，分不成这么多组：请减少组数或缩小核心部分。",
    ),
    "no_parts": Text(
        "A form needs at least one questionnaire; add one.",
        "问卷表至少需要一份量表，请添加。",
    ),
    "no_short_form": Text(
        "{questionnaire} has no short form; use the full one.",
        "{questionnaire} 没有简版，请使用完整版。",
    ),
    "unknown_referent": Text(
        "'{value}' is no referent of the list; choose one of {allowed}, or give a text.",
        "“{value}”不在信任对象列表中；请从以下各项中选择：{allowed}，或写出名称。",
    ),
    "unknown_language": Text(
        "'{value}' is no language of this product; choose from {allowed}.",
        "不支持语言“{value}”；请选择：{allowed}。",
    ),
    "unknown_scale": Text(
        "The item belongs to the scale '{value}', which the form does not list.",
        "该题属于量表“{value}”，而问卷表中没有这个量表。",
    ),
    "scale_items": Text(
        "The scale lists {listed}, but the items that name it are {found}.",
        "量表列出的题目为 {listed}，而注明属于它的题目为 {found}。",
    ),
    "not_json": Text(
        "The stored form is not readable JSON ({problem}).",
        "保存的问卷表不是可读取的 JSON（{problem}）。",
    ),
}


class DefinitionError(ValueError):
    """A questionnaire or form breaks a rule; one sentence in either language.

    Attributes
    ----------
    code : str
        Which rule, for tests and machines.
    where : str
        Path inside the document, such as ``scales[2].items[1].text.zh-hans``.
    source : str
        File name or other origin of the document.
    params : mapping
        Values that the sentence quotes.
    """

    sentences: ClassVar[Mapping[str, Text]] = SENTENCES

    def __init__(
        self,
        code: str,
        *,
        where: str = "",
        source: str = "",
        params: Mapping[str, object] = _NO_PARAMS,
    ) -> None:
        self.code = code
        self.where = where
        self.source = source
        self.params = dict(params)
        super().__init__(self.in_("en"))

    def in_(self, language: str) -> str:
        """Sentence in `language`, led by the place."""
        sentence = self.sentences[self.code].in_(language).format(**self.params)
        comma, colon = (", ", ": ") if language == "en" else ("，", "：")
        place = comma.join(part for part in (self.source, self.where) if part)
        return f"{place}{colon}{sentence}" if place else sentence


_ANSWER_SENTENCES: Mapping[str, Text] = {
    "unknown_item": Text(
        "This form has no question '{item}'; reload the page and answer again.",
        "本问卷没有“{item}”这道题，请刷新页面后重新作答。",
    ),
    "bad_answer": Text(
        "'{value}' is no answer to this question; choose one of the points shown.",
        "“{value}”不是这道题的有效答案，请选择页面上的选项。",
    ),
    "bad_number": Text(
        "'{value}' does not fit here; write a whole number from {low} to {high}.",
        "“{value}”不合要求，请填写 {low} 至 {high} 之间的整数。",
    ),
    "long_text": Text(
        "Your text has {value} characters; please shorten it to {high} or fewer.",
        "您的文字有 {value} 个字符，请缩短到 {high} 个字符以内。",
    ),
    "no_not_applicable": Text(
        "'Not applicable' is no answer to this question; choose a point or skip it.",
        "这道题没有“不适用”选项，请选择一个选项或跳过。",
    ),
    "wrong_length": Text(
        "{value} answers for a form of {item} questions.",
        "问卷共有 {item} 道题，收到 {value} 个答案。",
    ),
}
_SHOWN = 40


class AnswerError(ValueError):
    """One submitted value that the frozen form does not allow.

    Attributes
    ----------
    code : str
        ``unknown_item``, ``bad_answer``, ``bad_number``, ``long_text``,
        ``no_not_applicable`` or ``wrong_length``.
    item, value : str
        The item's code in the form, and what was sent (cut to 40 characters).
    low, high : int
        Limits that the sentence names.
    """

    def __init__(
        self, code: str, *, item: str, value: str, low: int = 0, high: int = 0
    ) -> None:
        self.code = code
        self.item = item[:_SHOWN]
        self.value = value[:_SHOWN]
        self.low = low
        self.high = high
        super().__init__(self.in_("en"))

    def in_(self, language: str) -> str:
        """Sentence in `language` for the person who answers."""
        sentence = _ANSWER_SENTENCES[self.code].in_(language)
        return sentence.format(
            item=self.item, value=self.value, low=self.low, high=self.high
        )
