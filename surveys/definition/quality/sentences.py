"""The sentence of each rule of the quality gate: what is wrong and what to do."""

from collections.abc import Mapping

from surveys.definition.text import Text

SENTENCES: Mapping[str, Text] = {
    "too_many_words": Text(
        "The wording has {found} words with the longest referent filled in; "
        "shorten it to {limit} or fewer.",
        "填入最长的信任对象后，题干有 {found} 个词；请缩短到 {limit} 个以内。",
    ),
    "too_many_characters": Text(
        "The wording has {found} characters with the longest referent filled in; "
        "shorten it to {limit} or fewer.",
        "填入最长的信任对象后，题干有 {found} 个字；请缩短到 {limit} 个以内。",
    ),
    "hard_to_read": Text(
        "The items together read at school grade {found} (Flesch-Kincaid); use shorter "
        "sentences and plainer words to stay within grade {limit}.",
        "全部题目合起来的阅读难度为 {found} 年级（Flesch-Kincaid）；"
        "请用更短的句子和更浅显的词，不超过 {limit} 年级。",
    ),
    "negation": Text(
        "'{found}' negates the statement; say the opposite in plain words.",
        "“{found}”是否定说法；请改用肯定的说法。",
    ),
    "double_negation": Text(
        "{found} negate twice in one item; word it without negation.",
        "{found} 在一道题中构成双重否定；请改写为没有否定的说法。",
    ),
    "two_statements": Text(
        "'{found}' joins two statements; ask one of them, or make two items.",
        "“{found}”把两个说法连在一起；请只问其中一个，或拆成两道题。",
    ),
    "joined": Text(
        "'{found}' may join two ideas, which one answer cannot tell apart; "
        "keep one, or make two items.",
        "“{found}”可能把两件事并在一题里，一个答案无法区分；请只保留一件，或拆成两道题。",
    ),
    "absolute": Text(
        "'{found}' is absolute, and few can agree or disagree with it; weaken or drop it.",
        "“{found}”说得太绝对，答题人难以判断是否同意；请改得缓和些或删去。",
    ),
    "vague": Text(
        "'{found}' means a different frequency to each reader; "
        "name a time or leave the frequency to the answers.",
        "每个人对“{found}”的理解不同；请写明时间，或让答案选项来表示频率。",
    ),
    "leading": Text(
        "'{found}' suggests the answer; drop it.",
        "“{found}”带有引导性；请删去。",
    ),
    "same_wording": Text(
        "The wording is that of {other}; drop one of them or ask something else.",
        "题干与 {other} 相同；请删去其中一道，或改问别的内容。",
    ),
    "near_identical": Text(
        "The wording is {percent} % like that of {other}; "
        "ask for a different side of the matter, or keep one of them.",
        "题干与 {other} 的相似度为 {percent}%；请改问另一个方面，或只保留一道。",
    ),
    "like_licensed": Text(
        "The wording is {percent} % like {other} of {record}, which is protected; "
        "word it in your own way, or load that scale under its licence.",
        "题干与受版权保护的 {record} 中的 {other} 相似度为 {percent}%；"
        "请改用自己的表述，或按授权载入该量表。",
    ),
    "all_reversed": Text(
        "All {found} items are reversed; name the scale the other way round, "
        "and mark none as reversed.",
        "全部 {found} 道题都是反向题；请把量表的方向倒过来命名，不标反向。",
    ),
    "reverse_in_short": Text(
        "{found} of {items} items reversed; a scale of fewer than {fewest} items "
        "does better with none, so word it the plain way round.",
        "{items} 道题中有 {found} 道反向题；少于 {fewest} 道题的量表最好没有反向题，请改为正向。",
    ),
    "too_many_reverse": Text(
        "{found} of {items} items are reversed; keep at most {limit}, "
        "since reverse items tend to form a factor of their own.",
        "{items} 道题中有 {found} 道反向题；反向题容易自成一个因子，请最多保留 {limit} 道。",
    ),
    "one_item": Text(
        "The scale has one item, so its reliability cannot be estimated; "
        "add items, or read the answer as a single question.",
        "量表只有一道题，无法估计信度；请增加题目，或只把它当作单题解读。",
    ),
    "two_items": Text(
        "The scale has two items, so its reliability is a Spearman-Brown coefficient "
        "and its factor cannot be tested alone; add at least one item.",
        "量表只有两道题，信度只能用斯皮尔曼—布朗系数表示，也无法单独检验因子；"
        "请至少增加一道题。",
    ),
    "many_items": Text(
        "The scale has {found} items; more than {limit} tire people and add little "
        "reliability, so keep the best.",
        "量表有 {found} 道题；超过 {limit} 道会使人疲劳，信度却提高不多，请保留最好的题目。",
    ),
    "blank": Text("The wording is blank; write it.", "文字为空；请填写。"),
    "repeated_label": Text(
        "The label '{found}' stands at two points; give each point its own.",
        "标签“{found}”用于两个选项；每个选项请用各自的标签。",
    ),
    "label_count": Text(
        "{found} labels for {points} points; label every point in both languages, "
        "or the two ends of a long range.",
        "{points} 个选项却有 {found} 个标签；请用两种语言为每个选项写标签，"
        "选项很多时可以只写两端。",
    ),
    "same_text": Text(
        "Both languages have the same wording; translate it.",
        "两种语言的文字相同；请翻译。",
    ),
    "no_chinese": Text(
        "The Chinese wording has no Chinese character; write it in Chinese.",
        "中文文字中没有汉字；请用中文书写。",
    ),
    "chinese_in_english": Text(
        "The English wording holds the Chinese '{found}'; write it in English.",
        "英文文字中含有汉字“{found}”；请用英文书写。",
    ),
    "placeholder_missing": Text(
        "{found} stands in one language alone; use it in both.",
        "{found} 只出现在一种语言中；请在两种语言中都使用。",
    ),
    "numbers_differ": Text(
        "The number {found} stands in one language alone; make both say the same.",
        "数字 {found} 只出现在一种语言中；请使两种语言一致。",
    ),
    "length_differs": Text(
        "The {longer} wording is more than {times} times as long as the other language "
        "lets expect; check that both say the same.",
        "{longer}文字比按另一种语言预计的长度多出 {times} 倍以上；请检查两者意思是否相同。",
    ),
    "stale_translation": Text(
        "The {changed} wording changed since version {version} and the {kept} one did "
        "not; check that they still say the same.",
        "自第 {version} 版以来，{changed}文字改了而{kept}文字没有改；"
        "请检查两者意思是否仍然相同。",
    ),
    "value_label_cut": Text(
        "The label takes {found} of the {limit} bytes SPSS allows; it would be exported "
        "as '{cut}', so shorten it.",
        "标签占 {found} 字节，SPSS 最多 {limit} 字节；导出时会被截成“{cut}”，请缩短。",
    ),
    "variable_label_cut": Text(
        "The wording takes {found} of the {limit} bytes SPSS allows; it would be "
        "exported as '{cut}', so shorten it.",
        "题干占 {found} 字节，SPSS 最多 {limit} 字节；导出时会被截成“{cut}”，请缩短。",
    ),
    "point_not_named": Text(
        "The item is to be answered with {expect}, and its wording names neither that "
        "number nor the label '{label}'; name the point to choose.",
        "本题要求选择 {expect}，但题干既没有写这个数字，也没有写标签“{label}”；"
        "请写明要选哪一项。",
    ),
    "unknown_condition": Text(
        "The condition refers to {other}, which is no earlier item; "
        "refer to an item that is asked before.",
        "显示条件引用的 {other} 不是前面的题目；请引用在它之前的题目。",
    ),
    "open_condition": Text(
        "The condition refers to {other}, which is answered in free text; "
        "refer to a rating, choice or number.",
        "显示条件引用的 {other} 是文字作答题；请引用评分、选择或数字题。",
    ),
    "unreachable": Text(
        "No answer to {other} can show this; correct the condition.",
        "{other} 的任何答案都不会使本题显示；请更正显示条件。",
    ),
}
