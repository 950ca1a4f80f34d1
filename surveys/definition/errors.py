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
        "'{value}' is no placeholder; only {{referent}} and {{Referent}} are.",
        "“{value}”不是占位符；只能使用 {{referent}} 或 {{Referent}}。",
    ),
    "placeholder_mismatch": Text(
        "One language names the referent and the other does not; name it in both.",
        "只有一种语言写了信任对象；请在两种语言中都写上。",
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
        ``unknown_item``, ``bad_answer``, ``no_not_applicable`` or ``wrong_length``.
    item, value : str
        The item's code in the form, and what was sent (cut to 40 characters).
    """

    def __init__(self, code: str, *, item: str, value: str) -> None:
        self.code = code
        self.item = item[:_SHOWN]
        self.value = value[:_SHOWN]
        super().__init__(self.in_("en"))

    def in_(self, language: str) -> str:
        """Sentence in `language` for the person who answers."""
        sentence = _ANSWER_SENTENCES[self.code].in_(language)
        return sentence.format(item=self.item, value=self.value)
