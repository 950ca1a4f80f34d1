"""Word lists of the quality gate: what negates, joins, leads; and what only looks so."""

import re

# English words that negate a statement. "Hardly" and its kin negate as "not" does.
# "cant", "dont" and so on: published item lists are often written without apostrophes.
NEGATIONS = re.compile(
    r"\b(?:not|no|never|none|nothing|nobody|nowhere|neither|nor|without|cannot"
    r"|hardly|scarcely|barely"
    r"|(?:ca|do|does|did|wo|would|should|could|is|are|was|were|has|have|had|ai|must"
    r"|need)n['’]?t)\b",
    re.IGNORECASE,
)
# Phrases with such a word that negate nothing, and "neither ... nor", which counts once.
NO_NEGATIONS = re.compile(
    r"\b(?:no matter|not only|no doubt|last but not least|whether or not|or not\b"
    r"|nothing but|nor)\b",
    re.IGNORECASE,
)
# Words whose beginning or end negates. Alone they are plain opposites ("unfair") and
# fine; beside a negation they make it double. A list of stems, since most English words
# in dis- and in- negate nothing ("discuss", "inform").
NEGATIVE_WORDS = re.compile(
    r"\b(?:un(?!der|i(?![nm])|til|less\b|cles?\b|animous)[a-z]{4,}"
    r"|dis(?:honest|agree|approv|belie|comfort|courag|courte|favou?r|like|loyal|obe"
    r"|organi[sz]|regard|respect|satisf|trust|advantage|interested)\w*"
    r"|in(?:accura|adequa|appropriate|capab|competen|complete|consisten|correct|effective"
    r"|efficien|secur|sincer|valid|ability|justice|flexib|sensitiv|considerate)\w*"
    r"|im(?:possib|polite|proper|perfect|moral|patien|practical)\w*"
    r"|ir(?:relevan|responsib|regular|rational)\w*|il(?:legal|logical)\w*|mistrust\w*"
    r"|(?:care|use|worth|help|hope|point|thought|heart|meaning|end|fault|flaw)less\w*"
    r"|(?:fails?|failed|failing) to|lacks?|lacking|doubts?|denies|refuses?)\b",
    re.IGNORECASE,
)

CHINESE_NEGATIONS = re.compile("[不没無无未非别勿莫毋]")
# Fixed words with such a character that negate nothing, the longest first; also the
# asking form "A not A" (是不是, 有没有).
_CHINESE_NO_NEGATIONS = [
    "无微不至",
    "无时无刻",
    "无所不",
    "不折不扣",
    "不偏不倚",
    "不知不觉",
    "不相上下",
    "一丝不苟",
    "独一无二",
    "不厌其烦",
    "不遗余力",
    "直言不讳",
    "坚持不懈",
    "坚定不移",
    "始终不渝",
    "锲而不舍",
    "层出不穷",
    "络绎不绝",
    "毫无疑问",
    "不可或缺",
    "必不可少",
    "不约而同",
    "与众不同",
    "与否",
    "是否",
    "不仅仅",
    "不仅",
    "不但",
    "不只",
    "不光",
    "不单",
    "不过",
    "不管",
    "不论",
    "不断",
    "不少",
    "不错",
    "不久",
    "不停",
    "不时",
    "不由得",
    "不由自主",
    "不禁",
    "不愧",
    "不妨",
    "不惜",
    "不确定",
    "对不起",
    "了不起",
    "差不多",
    "没收",
    "沉没",
    "出没",
    "埋没",
    "淹没",
    "无论",
    "无数",
    "无比",
    "无疑",
    "无非",
    "无线",
    "无辜",
    "无人机",
    "无所谓",
    "有无",
    "未来",
    "未免",
    "非常",
    "非凡",
    "是非",
    "除非",
    "非洲",
    "若非",
    "莫非",
    "特别",
    "分别",
    "区别",
    "别人",
    "个别",
    "级别",
    "类别",
    "性别",
    "差别",
    "识别",
    "辨别",
    "告别",
    "离别",
    "别墅",
    "别的",
    "别处",
    "判别",
    "派别",
    "国别",
    "鉴别",
    "别致",
    "组别",
    "有别",
    "别具",
    "别扭",
    "道别",
    "莫大",
    "莫过于",
    "约莫",
]
CHINESE_NO_NEGATIONS = re.compile(
    "|".join([*_CHINESE_NO_NEGATIONS, "不同(?!意)", r"(.)[不没]\1", "非…?不可"])
)
# Words that hold a negation as "un-" does: alone they are plain opposites and fine.
CHINESE_NEGATIVE_WORDS = re.compile(
    "不满|不安|不便|不足|不利|不良|不幸|不适|不当|无关|无效|无聊|无礼|非法|缺乏|缺少|拒绝|否认"
)
# "Neither A nor B" is one negation in two places.
CHINESE_NEITHER = re.compile("([不没])([^，。；！？]{0,12}[，、]?)(?:也|又|更)[不没]")

# Phrases with "and" or "or" that are one idea: pairs said as one, twice the same word,
# numbers, and what stands between two.
ENGLISH_ONE_IDEA = re.compile(
    r"\bbetween [^,.;]{1,60}? and [\w{}' ]{1,60}"
    r"|\b(?:words and (?:actions|deeds)|terms and conditions|pros and cons"
    r"|again and again|time and again|over and over|back and forth|ups? and downs?"
    r"|sooner or later|more or less|now and then|first and foremost|by and large"
    r"|black and white|give and take|come and go|trial and error|far and wide"
    r"|questions and answers|friends and family|research and development"
    r"|one or more|whether or not|or not|or so|or more|or less|or fewer|once or twice"
    r"|and so on|nothing but|all but|not only|(?:get|go)(?:s|ing)? along with"
    # one thing told twice over, in opposites
    r"|one (?:thing|way) [^,.;]{0,40}\bbut another)\b"
    r"|\b(\w+) (?:and|or) \1\b"
    r"|\b(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten) or "
    r"(?:\d+|two|three|four|five|six|seven|eight|nine|ten)\b",
    re.IGNORECASE,
)
# A joint with a subject of its own after it begins a second statement.
ENGLISH_TWO_STATEMENTS = re.compile(
    r"\b(?:and|or|but) (?:I|we|you|they|it|he|she|this|that|these|those|\{referent\})"
    r"(?= \w)",
    re.IGNORECASE,
)
ENGLISH_JOINTS = re.compile(
    r"\band/or\b|\b(?:and|or|but|as well as|along with)\b|(?<=[a-z])/(?=[a-z])|&|;",
    re.IGNORECASE,
)

CHINESE_TWO_STATEMENTS = re.compile(
    "并且|而且|既[^，。]{1,12}又|又[^，。]{1,6}又|一方面|(?<![一合兼吞])并(?![非不没未购肩列行排存])"
)
CHINESE_JOINTS = re.compile("以及|或者|同时|但是|[、；/和与及或但]")
# Fixed words that hold such a character, and who one does something with.
CHINESE_ONE_IDEA = re.compile(
    "和谐|和气|和睦|和平|和善|和蔼|温和|平和|缓和|柔和|随和|总和|与其|参与|给与|赋与|与否|与众不同"
    "|与时俱进|与生俱来|及时|及早|及格|涉及|普及|提及|顾及|波及|危及|触及|来得及|来不及|或许|或多或少"
    "|不但|但愿|非但|同时期"
    r"|[一二两三四五六七八九十\d][个次天周年月种项]?或(?:更|以|[一二两三四五六七八九十\d])"
    "|或(?:更[多少高低长短]|以上|以下)"
    # with somebody: 与{referent}打交道, 我和同事, 与他人一起
    r"|[和与](?:\{referent\}|我|您|你|他|她|它|大家|自己|别人|他人|人|对方|同事|领导|客户|顾客|朋友)"
    r"|(?:\{referent\}|我们|我|您|你|他|她|大家|自己)[和与]"
    # one thing held against another: A与B一致, A与B之间
    "|[和与](?=[^，。；]{1,10}(?:一致|相符|吻合|之间|之差|不同|相比|有关|相关|匹配|一样|相同|类似"
    "|对应|矛盾|冲突|打交道|合作|沟通|联系|相处|往来|保持|差距|区别))"
)

ENGLISH_ABSOLUTE = re.compile(
    r"\b(?:always|never|all|every|everything|everyone|everybody"
    r"|everywhere|completely|totally|absolutely|entirely|nothing|nobody|none)\b",
    re.IGNORECASE,
)
# "All in all", "above all", "after all" and "at all" say nothing about all.
ENGLISH_NOT_ABSOLUTE = re.compile(
    r"\b(?:all in all|above all|after all|at all|first of all|nothing but"
    r"|every (?:day|week|month|year))\b",
    re.IGNORECASE,
)
CHINESE_ABSOLUTE = re.compile(
    "总是|从来|从不|从未|所有|一切|完全|绝对|永远|始终|每次|每个|任何|都|毫无"
)
CHINESE_NOT_ABSOLUTE = re.compile("首都|都市|都会区|成都|始终不渝|每次数")

ENGLISH_VAGUE = re.compile(
    r"\b(?:often|sometimes|usually|frequently|occasionally|regularly|rarely|seldom"
    r"|recently|now and then|from time to time)\b",
    re.IGNORECASE,
)
# "How often" asks for the frequency.
ENGLISH_NOT_VAGUE = re.compile(r"\bhow (?:often|frequently|regularly)\b", re.IGNORECASE)
CHINESE_VAGUE = re.compile("经常|常常|时常|有时|通常|偶尔|很少|不时|最近|往往")

ENGLISH_LEADING = re.compile(
    r"\b(?:of course|obviously|undoubtedly|surely|needless to say|as everyone knows"
    r"|as we all know|don['’]t you (?:think|agree)|wouldn['’]t you|no doubt)\b"
    r"|^(?:clearly|naturally)\b",
    re.IGNORECASE,
)
CHINESE_LEADING = re.compile(
    "当然|显然|毫无疑问|众所周知|大家都知道|难道|不言而喻|毋庸置疑|无疑"
)
