"""A sheet on paper about an anonymous wave, for respondents and works councils.

It holds what was frozen when the wave was launched (promise, six words, digest of the
client, numbers invited), what remains possible in the words of the respondent's page, how
to check, and who keeps what until when. Each language has a page of its own, so that a
council can hang up one and file the other. docs/anonymity.md says the same at length.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils import translation

from surveys.credentials import fingerprint
from surveys.definition import LANGUAGES, Text
from surveys.fieldwork.printing import TYPST_LANGUAGE, typeset
from surveys.remains import remains

WORDS: Final[Mapping[str, Text]] = {
    "heading": Text(
        "Anonymous survey: what is promised, and how to check it",
        "匿名调查：承诺的内容与核对方法",
    ),
    "for_whom": Text(
        "For respondents and works councils. Keep this sheet: it holds what was fixed "
        "before the first answer.",
        "供作答者和职工代表使用。请保留本页：其中记录的内容在第一份答案之前就已固定。",
    ),
    "wave": Text("Wave {label}", "第 {label} 轮"),
    "promise": Text("The promise", "承诺"),
    "six": Text("The six words", "六个词"),
    "address": Text("Address of the survey", "调查地址"),
    "remains": Text("What remains possible", "仍然可能发生的事"),
    "checks": Text("How to check", "如何核对"),
    "keeps": Text("Who keeps what, until when", "谁保存什么，保存到何时"),
    "who": Text("Who", "谁"),
    "what": Text("What", "保存什么"),
    "until": Text("Until", "保存到"),
    "more": Text(
        "The whole list of checks, and what came of attacks on copies of the server: "
        "docs/anonymity.md, which comes with the program.",
        "完整的核对清单以及对服务器副本的攻击检验结果，见随程序附带的 docs/anonymity.md。",
    ),
}
CHECKS: Final = (
    (
        Text("Six words.", "六个词。"),
        Text(
            "The page of the survey must show everybody the words above. Compare them "
            "with this sheet, with your invitation and with colleagues. They are the "
            "fingerprint of the public list of groups and keys:",
            "调查页面向每个人显示的都必须是上面的六个词。请与本页、邀请函以及同事看到的词核对。它们是公开的"
            "群体与密钥列表的指纹：",
        ),
        "manifest",
    ),
    (
        Text("Promise.", "承诺。"),
        Text(
            "The survey's page must show the promise as it stands here, word for word.",
            "调查页面上的承诺必须与本页逐字相同。",
        ),
        "",
    ),
    (
        Text("Client.", "作答程序。"),
        Text(
            "The same list names a digest of the scripts that a browser runs to answer, "
            "as they were at the launch. Somebody who knows computers can compare it "
            "with the scripts of the page:",
            "同一份列表还写明了浏览器作答时所运行脚本的摘要（以启动调查时为准）。懂计算机的人可以将它与页面上"
            "的脚本核对：",
        ),
        "client",
    ),
    (
        Text("Counts.", "计数。"),
        Text(
            "About a day after the end the numbers of each group are public. No group "
            "may have more answers than rights issued, those issued again included, nor "
            "more rights than people invited ({invited} in all). Ask in your group: more "
            "answers than people say they sent may be made up.",
            "调查结束约一天后，每个群体的数目都会公布。任何群体的答案数都不得超过发出的作答资格数（含补发），"
            "发出的资格数也不得超过受邀人数（共 {invited} 人）。请在您的群体中询问：如果答案比大家自称提交的"
            "多，多出的可能是伪造的。",
        ),
        "counts",
    ),
)
KEEPS: Final = (
    (
        Text("Those who invited you", "邀请您的人"),
        Text(
            "Who was asked, in which group; which messages were sent",
            "谁收到了邀请、属于哪个群体；发送过哪些消息",
        ),
        Text(
            "as they decide; reminders until the end",
            "由其决定；提醒保存到调查结束",
        ),
    ),
    (
        Text(
            "The part of the site that gives out rights to answer",
            "本站中发放作答资格的部分",
        ),
        Text(
            "That a code was used, and how often; the keys that sign",
            "某个代码被使用过以及使用次数；签名用的密钥",
        ),
        Text("about a day after the end", "调查结束后约一天"),
    ),
    (
        Text("The part that takes answers", "接收答案的部分"),
        Text(
            "Answers, comments apart from them, rights that were used; no name, no "
            "code, no address, no time",
            "答案、与答案分开的评论、用过的资格；没有姓名、代码、地址和时间",
        ),
        Text("about a day after the end", "调查结束后约一天"),
    ),
    (
        Text("Those who invited you", "邀请您的人"),
        Text(
            "Answers and comments in random order, from the end on; results only of "
            "groups that are large enough",
            "调查结束后，随机排列的答案和评论；结果只显示人数足够的群体",
        ),
        Text("as they decide", "由其决定"),
    ),
    (
        Text("Everybody with the address", "所有知道地址的人"),
        Text(
            "The list of groups and keys; the counts, from the end on",
            "群体与密钥列表；调查结束后的计数",
        ),
        Text("as those who invited you decide", "由邀请您的人决定"),
    ),
    (
        Text("Your own device", "您自己的设备"),
        Text("Your answers as a draft", "您的答案草稿"),
        Text("they are sent", "提交为止"),
    ),
    (
        Text("Whoever makes backups", "制作备份的人"),
        Text(
            "Copies of what the site held at that time. Ask who may read them: one from "
            "before the mixing can link answers to people",
            "当时本站所存内容的副本。请询问谁能读取：混合之前的备份可能把答案与人联系起来",
        ),
        Text("the operator says when asked", "请向运营者询问"),
    ),
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a sheet tells of one wave.

    Attributes
    ----------
    promise : Text
        As it was frozen.
    manifest : str
        The public list of groups and keys, as it was frozen.
    addresses : mapping
        Where the wave's ``survey``, ``manifest`` and ``counts`` stand.
    """

    organization: str
    title: Text
    label: str
    promise: Text
    manifest: str
    addresses: Mapping[str, str]
    languages: Sequence[str] = LANGUAGES


def sheet(about: Sheet) -> bytes:
    """PDF with one A4 page for each language."""
    listed = json.loads(about.manifest)
    shown = {
        **{name: _breakable(where) for name, where in about.addresses.items()},
        "client": listed.get("client", ""),
    }
    invited = sum(cell["invited"] for cell in listed["cells"])
    pages = [_page(about, shown, invited, language) for language in about.languages]
    return typeset("sheet", {"pages": pages, "title": pages[0]["heading"]})


def _page(
    about: Sheet, shown: Mapping[str, str], invited: int, language: str
) -> dict[str, Any]:
    words = {name: text.in_(language) for name, text in WORDS.items()}
    with translation.override(language):
        left = remains()
    return {
        **words,
        "lang": TYPST_LANGUAGE[language],
        "organization": about.organization,
        "title": about.title.in_(language),
        "wave": words["wave"].format(label=about.label),
        "promised": about.promise.in_(language),
        "fingerprint": fingerprint(about.manifest.encode()),
        "survey": shown["survey"],
        "left": left,
        "how": [
            {
                "name": name.in_(language),
                "says": says.in_(language).format(invited=invited),
                "value": shown.get(value, ""),
            }
            for name, says, value in CHECKS
        ],
        "kept": [[cell.in_(language) for cell in row] for row in KEEPS],
    }


def _breakable(address: str) -> str:
    """The address with places at which a line may end."""
    return address.replace("/", "/\u200b").replace("-", "-\u200b")
