"""Words of the files of a report: title page, contents, slides and the mail."""

from collections.abc import Mapping
from typing import Final

FILES: Final[dict[str, tuple[str, str]]] = {
    "file_contents": ("Contents", "目录"),
    "file_promise": ("What respondents were promised", "对受访者的承诺"),
    "file_subtitle": (
        "Wave {wave} · release {number}",
        "第 {wave} 轮 · 第 {number} 次发布",
    ),
    "file_closed": ("Closed on", "结束日期"),
    "file_mode": ("Mode", "模式"),
    "file_mode_open": ("open link", "开放链接"),
    "file_mode_anonymous": ("anonymous", "匿名"),
    "file_mode_confidential": ("confidential", "保密"),
    "file_mode_identified": ("identified", "实名"),
    "file_answers": ("Answers", "答卷"),
    "file_invited": ("Invited", "邀请人数"),
    "file_rate": ("Participation", "参与率"),
    "file_least": ("Scores are shown from", "显示分数的最少答卷数"),
    "file_group": ("Group", "群体"),
    "file_people": ("{n:d} answers", "{n:d} 份"),
    "file_band": ("{low:d} to {high:d}", "{low:d} 至 {high:d}"),
    "file_simulated": ("Simulated answers", "模拟数据"),
    "file_notes_methods": (
        "Bars and brackets are 95% intervals. Methods, settings and versions are in the "
        "chapter “Methods” of the report.",
        "横线和方括号内为 95% 区间。方法、设置和软件版本见报告的“方法”一章。",
    ),
    "file_mail_subject": (
        "Report: {title}, wave {wave:d}",
        "报告：{title}，第 {wave:d} 轮",
    ),
    "file_mail_hello": (
        "The report on wave {wave:d} of “{title}” is ready.",
        "“{title}”第 {wave:d} 轮的报告已经发布。",
    ),
    "file_mail_read": ("Read it: {link}", "查看报告：{link}"),
    "file_mail_why": (
        "You get this mail as a member of {organization}. On the report's page you "
        "choose its language, or get none.",
        "您作为{organization}的成员收到此邮件。您可以在报告页面选择语言或不再接收。",
    ),
}

CONDITIONS: Final[Mapping[str, str]] = {
    "file_simulated": "On the title page and every foot, where the survey is simulated.",
    "file_promise": "On the title page, where a promise was shown to respondents.",
    "file_rate": "On the title page, where a participation rate is published.",
    "file_notes_methods": "Last in the notes of every slide.",
    "file_mail_hello": "First line of the mail with a report.",
    "file_mail_read": "In every mail with a report.",
    "file_mail_why": "Last line of every mail with a report or about an alarm.",
}
