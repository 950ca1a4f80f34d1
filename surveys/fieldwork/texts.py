"""The words of mails: shipped in both languages, or written by the survey's owner.

PURE: no database, no clock. Below every text stands a foot that nobody can edit away:
the promise in short, the six words or the code, and the way out.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from types import MappingProxyType

from surveys.definition import LANGUAGES, Text
from surveys.promise import IN_SHORT

PLACEHOLDERS = (
    "name",
    "survey",
    "link",
    "code",
    "words",
    "closes",
    "opt_out",
    "organization",
)
# a line with one of these is left out where there is nothing to fill in
OPTIONAL = ("code", "words", "closes")
LONGEST_SUBJECT, LONGEST_BODY = 200, 5000
BRACED = re.compile(r"\{([^{}\n]{0,40})\}")
SEPARATOR = "\n\n" + "-" * 30 + "\n\n"

SUBJECTS: Mapping[str, Text] = MappingProxyType(
    {
        "invitation": Text("Your view: {survey}", "请您谈谈看法：{survey}"),
        "reminder": Text("A reminder: {survey}", "温馨提醒：{survey}"),
        "last_call": Text("Last days: {survey}", "即将截止：{survey}"),
    }
)
BODIES: Mapping[str, Text] = MappingProxyType(
    {
        "invitation": Text(
            "Hello {name},\n\n{organization} would like to know what you think:"
            " {survey}.\n\n{link}\n\nIt takes a few minutes on any device. You may stop"
            " and come back, and skip any question.\nThe survey closes on {closes}.",
            "{name}，您好：\n\n{organization}希望了解您的看法：{survey}。\n\n{link}\n\n"
            "在任何设备上只需几分钟。您可以中途停下稍后继续，也可以跳过任何问题。\n"
            "调查将于 {closes} 结束。",
        ),
        "reminder": Text(
            "Hello {name},\n\na few days ago {organization} invited you: {survey}. It is"
            " not too late to take part.\n\n{link}\n\nIf you would rather not, you need"
            " not do anything.\nThe survey closes on {closes}.",
            "{name}，您好：\n\n几天前，{organization}邀请您参加：{survey}。现在参加还来得及。"
            "\n\n{link}\n\n如果您不想参加，无需做任何事。\n调查将于 {closes} 结束。",
        ),
        "last_call": Text(
            "Hello {name},\n\nthe survey {survey} of {organization} ends soon.\n\n"
            "{link}\n\nThis is our last message about it.\nThe survey closes on"
            " {closes}.",
            "{name}，您好：\n\n{organization}的调查“{survey}”即将结束。\n\n{link}\n\n"
            "这是我们关于本次调查的最后一封信。\n调查将于 {closes} 结束。",
        ),
    }
)
SIX_WORDS = Text(
    "The page must show these six words, the same for everybody: {words}",
    "页面上必须显示这六个词，所有人看到的都相同：{words}",
)
THE_CODE = Text(
    "Your code, to be typed on the page: {code}", "请在页面上输入您的代码：{code}"
)
THE_WAY_OUT = Text(
    "To get no more of these mails: {opt_out}", "如不想再收到此类邮件：{opt_out}"
)
NO_NAME = MappingProxyType({"en": ("Hello ,", "Hello,"), "zh-hans": ("，您好", "您好")})


class TextRefused(ValueError):
    """A text that cannot be sent; `in_` says why in the reader's language."""

    def __init__(self, said: Text) -> None:
        self.said = said
        super().__init__(said.en)

    def in_(self, language: str) -> str:
        return self.said.in_(language)


@dataclass(frozen=True, slots=True)
class Words:
    """Subject and text of a mail in one language, with placeholders."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Letter:
    """What is filled into the words for one person.

    Attributes
    ----------
    links : mapping of language to address
    code, words : str
        To be typed; the fingerprint. Empty where the mode has none.
    closes : mapping of language to date as text; empty where no date is set
    """

    mode: str
    survey: Text
    organization: str
    links: Mapping[str, str]
    opt_out: str
    name: str = ""
    code: str = ""
    words: str = ""
    closes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mail:
    subject: str
    text: str
    html: str


def default_words(kind: str, language: str) -> Words:
    return Words(SUBJECTS[kind].in_(language), BODIES[kind].in_(language))


def check(words: Words) -> None:
    """Refuse a text with a placeholder that is none, or without the link.

    Raises
    ------
    TextRefused
    """
    subject, body = words.subject.strip(), words.body.strip()
    if not subject or "\n" in subject or len(subject) > LONGEST_SUBJECT:
        raise TextRefused(
            Text("Write a subject of one line.", "请写一行主题。"),
        )
    if not body or len(body) > LONGEST_BODY:
        raise TextRefused(
            Text(
                f"Write a text of at most {LONGEST_BODY} characters.",
                f"请写一段不超过 {LONGEST_BODY} 个字符的正文。",
            )
        )
    for name in BRACED.findall(subject + body):
        if name not in PLACEHOLDERS:
            known = ", ".join(f"{{{one}}}" for one in PLACEHOLDERS)
            raise TextRefused(
                Text(
                    f"{{{name}}} is not known here; these are: {known}.",
                    f"这里没有 {{{name}}}；可以使用：{known}。",
                )
            )
    if "{link}" not in body:
        raise TextRefused(
            Text(
                "The text must hold {link}; without it nobody can answer.",
                "正文必须包含 {link}，否则没有人能够作答。",
            )
        )


def compose(
    letter: Letter, words: Mapping[str, Words], languages: Sequence[str]
) -> Mail:
    """Fill in the words of one language, or of both, one below the other."""
    subject = " / ".join(
        dict.fromkeys(_subject(letter, words[one], one) for one in languages)
    )
    texts = {one: _body(letter, words[one], one) for one in languages}
    return Mail(subject, SEPARATOR.join(texts.values()), _html(texts))


def text_message(letter: Letter, words: Words, language: str) -> str:
    """Subject, link and code: what fits into a text message."""
    subject = _subject(letter, words, language)
    parts = [letter.organization + ":", subject, letter.links[language], letter.code]
    return " ".join(part for part in parts if part)


def _subject(letter: Letter, words: Words, language: str) -> str:
    filled = _filled(words.subject, _values(letter, language))
    return " ".join(filled.split())[:LONGEST_SUBJECT]


def _body(letter: Letter, words: Words, language: str) -> str:
    values = _values(letter, language)
    lines = [line for line in words.body.strip().splitlines() if _says(line, values)]
    filled = _filled("\n".join(lines), values)
    if not letter.name:
        filled = filled.replace(*NO_NAME[language])
    foot = [IN_SHORT[letter.mode].in_(language)]
    if letter.code and "{code}" not in words.body:
        foot.append(_filled(THE_CODE.in_(language), values))
    if letter.words and "{words}" not in words.body:
        foot.append(_filled(SIX_WORDS.in_(language), values))
    foot.append(_filled(THE_WAY_OUT.in_(language), values))
    return "\n\n".join([filled, *foot])


def _values(letter: Letter, language: str) -> dict[str, str]:
    return {
        "name": letter.name,
        "survey": letter.survey.in_(language),
        "link": letter.links[language],
        "code": letter.code,
        "words": letter.words,
        "closes": letter.closes.get(language, ""),
        "opt_out": letter.opt_out,
        "organization": letter.organization,
    }


def _says(line: str, values: Mapping[str, str]) -> bool:
    return all(values[name] or f"{{{name}}}" not in line for name in OPTIONAL)


def _filled(template: str, values: Mapping[str, str]) -> str:
    """Fill in once: what somebody is called cannot be a placeholder again."""
    return BRACED.sub(lambda found: values.get(found[1], found[0]), template)


ADDRESS = re.compile(r"https?://[^\s<>\"，。]+")


def _html(texts: Mapping[str, str]) -> str:
    """The same words with links to press; no picture, nothing from elsewhere."""
    parts = []
    for language, text in texts.items():
        lang = "zh-Hans" if language == "zh-hans" else language
        paragraphs = "\n".join(
            f"<p>{_linked(part)}</p>" for part in text.split("\n\n") if part.strip()
        )
        parts.append(f'<div lang="{lang}">\n{paragraphs}\n</div>')
    return (
        '<!doctype html>\n<html><head><meta charset="utf-8"></head>'
        '<body style="font-family: sans-serif; line-height: 1.5; max-width: 36em">\n'
        + "\n<hr>\n".join(parts)
        + "\n</body></html>\n"
    )


def _linked(text: str) -> str:
    """Escaped text with its addresses as links."""
    parts, at = [], 0
    for found in ADDRESS.finditer(text):
        address = escape(found[0])
        parts += [escape(text[at : found.start()])]
        parts += [f'<a href="{address}">{address}</a>']
        at = found.end()
    parts.append(escape(text[at:]))
    return "".join(parts).replace("\n", "<br>\n")


def known_languages(wanted: str, offered: Sequence[str]) -> tuple[str, ...]:
    """The person's language where the form has it; both where it is not known."""
    if wanted in offered:
        return (wanted,)
    return tuple(one for one in LANGUAGES if one in offered) or (offered[0],)
