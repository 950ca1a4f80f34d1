"""The words of the promise, and the digest under which a wave freezes them.

A respondent's page shows these words and no others; docs/anonymity.md says the same at
length. Texts are bilingual values of their own and not translations of the interface:
what was promised must be readable years later as it was shown.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType

from surveys.definition import Text
from surveys.models.promise import (
    LEAST_BATCH,
    LEAST_FOR_COMMENTS,
    LEAST_FOR_SCORES,
    LEAST_FOR_SENSITIVE,
)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Least numbers of people; see `surveys.models.Promise`."""

    least_for_scores: int = LEAST_FOR_SCORES
    least_for_comments: int = LEAST_FOR_COMMENTS
    least_for_sensitive: int = LEAST_FOR_SENSITIVE
    least_batch: int = LEAST_BATCH


TEXTS: Mapping[str, Text] = MappingProxyType(
    {
        "anonymous": Text(
            "Anonymous survey. Your browser gets a blind-signed right to answer once: "
            "whoever invited you can see that you opened the survey, but nobody can see "
            "which answers are yours, not even with the whole database, once answers of "
            "at least {least_batch} people have been mixed. Until then somebody who "
            "copies the running server could guess from the order of arrival. Results "
            "are shown for groups of at least {least_for_scores} only, comments from "
            "{least_for_comments} on.",
            "匿名调查。您的浏览器会获得一次性的、盲签名的作答资格：邀请您的人能看到您打开过调查，但当至少 "
            "{least_batch} 人的答案被混合之后，即使掌握整个数据库，也没有人能看出哪些答案是您的。在此之前，"
            "如果有人复制了运行中的服务器，可能会根据到达顺序作出猜测。结果只按至少 {least_for_scores} "
            "人的群体显示，评论则至少 {least_for_comments} 人。",
        ),
        "confidential": Text(
            "Confidential survey, not anonymous. Your code belongs to you, so whoever "
            "runs this site could find out which answers are yours. They promise not to "
            "look. Results are shown for groups of at least {least_for_scores} only, "
            "comments from {least_for_comments} on.",
            "保密调查，但不是匿名调查。您的代码属于您本人，因此本站的运营者有能力查出哪些答案是您的，"
            "他们承诺不会查看。结果只按至少 {least_for_scores} 人的群体显示，评论则至少 "
            "{least_for_comments} 人。",
        ),
        "identified": Text(
            "Identified survey. Your answers are stored together with who you are, and "
            "those who asked you will see them as yours.",
            "实名调查。您的答案会与您的身份一同保存，邀请您的人会知道这些答案是您的。",
        ),
        "open": Text(
            "Open survey. Everybody who has the link can answer. We store your answers "
            "and the language you used: no name, no e-mail address, no IP address, no "
            "time, no cookie. This is not the anonymous mode: whoever runs this site "
            "could watch answers arrive.",
            "开放调查。任何拥有链接的人都可以作答。我们只保存您的答案和所用语言：不保存姓名、邮箱地址、"
            "IP 地址、时间，也不使用 Cookie。这不是匿名模式：本站的运营者有可能观察到答案的到达过程。",
        ),
    }
)

# The promise in one sentence: where a mode is chosen, and on paper.
IN_SHORT: Mapping[str, Text] = MappingProxyType(
    {
        "anonymous": Text(
            "Anonymous: whoever invited you can see that you opened the survey, but "
            "nobody can see which answers are yours, not even with the whole database, "
            "once enough answers have been mixed.",
            "匿名：邀请您的人能看到您打开过调查，但在足够多的答案被混合之后，即使掌握整个数据库，"
            "也没有人能看出哪些答案是您的。",
        ),
        "confidential": Text(
            "Confidential, not anonymous: your code belongs to you, so whoever runs this "
            "site could find out which answers are yours. They promise not to look.",
            "保密，但不是匿名：您的代码属于您本人，本站的运营者有能力查出哪些答案是您的，"
            "他们承诺不会查看。",
        ),
        "identified": Text(
            "Identified: your answers are stored together with who you are, and those "
            "who asked you will see them as yours.",
            "实名：您的答案会与您的身份一同保存，邀请您的人会知道这些答案是您的。",
        ),
        "open": Text(
            "Open: everybody who has the link can answer. No name, no e-mail address, no "
            "IP address, no time and no cookie is stored.",
            "开放：任何拥有链接的人都可以作答。不保存姓名、邮箱地址、IP 地址和时间，也不使用 Cookie。",
        ),
    }
)


# Added where a survey links its waves.
LINKING = Text(
    "If you tick the box for it, your device adds a pseudonym to your answers that links "
    "them to your own answers in other waves of this survey, and to nothing else.",
    "如果您勾选相应选项，您的设备会在答案中附上一个化名，把它们与您自己在本调查其他轮次中的答案联系起来，"
    "除此之外不与任何信息关联。",
)

# Added where answers may be set beside business outcomes (identified mode only).
OUTCOMES = Text(
    "They may also be compared with what those who asked you know, or later learn, about "
    "you from other sources, such as whether you buy again or stay.",
    "邀请您的人还可能将这些答案与其从其他渠道已经掌握或日后获知的有关您的信息（例如您是否再次购买或留任）"
    "进行对照。",
)


def promise_text(
    mode: str,
    thresholds: Thresholds,
    *,
    links_waves: bool = False,
    joins_outcomes: bool = False,
) -> Text:
    """Words shown to respondents of a wave in `mode`, numbers filled in."""
    numbers = asdict(thresholds)
    text = TEXTS[mode]
    english = text.en.format(**numbers)
    chinese = text.zh_hans.format(**numbers)
    for added, said in ((links_waves, LINKING), (joins_outcomes, OUTCOMES)):
        if added:
            english, chinese = f"{english} {said.en}", chinese + said.zh_hans
    return Text(english, chinese)


def promise_digest(
    mode: str,
    thresholds: Thresholds,
    *,
    links_waves: bool = False,
    joins_outcomes: bool = False,
) -> str:
    """Hexadecimal sha256 of mode, words and thresholds."""
    text = promise_text(
        mode, thresholds, links_waves=links_waves, joins_outcomes=joins_outcomes
    )
    content = {"mode": mode, "en": text.en, "zh-hans": text.zh_hans}
    content |= asdict(thresholds)
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()
