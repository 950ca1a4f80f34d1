"""What is said about changes from wave to wave, events, and the alarm."""

from collections.abc import Mapping
from typing import Final

from analytics import thresholds

TREND: Final[dict[str, tuple[str, str]]] = {
    # headings and columns
    "trend": ("Trend", "趋势"),
    "alarm_heading": ("Alarm", "警报"),
    "trend_since": ("Since the last wave", "与上一轮相比"),
    "trend_levels": ("From wave to wave", "各轮变化"),
    "trend_events": ("Before and after", "事件前后"),
    "trend_below": ("Change in the groups below", "下级群体的变化"),
    "trend_recovery": ("Recovery", "恢复情况"),
    "trend_linked": ("Change within the same people", "同一批人的变化"),
    "trend_wave": ("Wave", "轮次"),
    "trend_wave_number": ("Wave {wave}", "第 {wave} 轮"),
    "trend_wave_brought": (
        "Wave {wave} (brought from elsewhere)",
        "第 {wave} 轮（外部导入）",
    ),
    "trend_brought": (
        "Brought from elsewhere: {waves}. How these answers were collected is in the "
        "words of whoever brought them; a change beside them may come from another way "
        "of asking.",
        "外部导入的轮次：{waves}。其收集方式仅由导入者说明；与之相比的变化可能来自调查方式的不同。",
    ),
    "trend_date": ("Closed on", "结束日期"),
    "trend_group": ("Group", "群体"),
    "trend_change": ("Change", "变化"),
    "trend_sd": ("In SD (g)", "标准差单位（g）"),
    "trend_compared": ("Compared", "比较方式"),
    "trend_note": ("Note", "说明"),
    "trend_axis": ("Mean, points {low} to {high}", "均值（{low} 至 {high} 分）"),
    "trend_waves_axis": ("Wave", "轮次"),
    "trend_chart": (
        "{scale}: {values}. Bars are 95\u00a0% intervals.",
        "{scale}：{values}。竖线为 95% 区间。",
    ),
    "trend_chart_value": (
        "wave {wave} {value:.2f} ({low:.2f} to {high:.2f})",
        "第 {wave} 轮 {value:.2f}（{low:.2f} 至 {high:.2f}）",
    ),
    "trend_chart_gap": ("wave {wave} not shown", "第 {wave} 轮未显示"),
    "trend_model_difference": ("one wave on each side", "事件前后各一轮"),
    "trend_model_level": ("mean levels of {waves} waves", "{waves} 轮的平均水平"),
    "trend_model_trend": (
        "levels of {waves} waves beside a common trend",
        "{waves} 轮的水平，已扣除共同趋势",
    ),
    "trend_kind_training": ("training", "培训"),
    "trend_kind_crisis": ("crisis", "危机"),
    "trend_kind_repair": ("repair of trust", "信任修复"),
    "trend_kind_other": ("other event", "其他事件"),
    "alarm_chip": ("Drop", "下降"),
    "alarm_quiet": ("Quiet", "无警报"),
    "trend_chip_up": ("Up", "上升"),
    "trend_chip_down": ("Down", "下降"),
    "trend_chip_open": ("Open", "未定"),
    "trend_chip_none": ("No comparison", "无法比较"),
    # alarms
    "alarm_first": (
        "No alarm yet: it compares with the wave before, and this is the first that was "
        "published.",
        "尚无警报：警报与前一轮比较，而这是首次发布的一轮。",
    ),
    "alarm_nothing": (
        "Nothing could be watched: no group has a published score on the same questions "
        "in this wave and in the one before.",
        "没有可监测的内容：没有任何群体在本轮和前一轮中就相同的题目都有已发布的得分。",
    ),
    "alarm_none": (
        "No alarm. {watched} scores were watched for a drop since wave {before} (groups: "
        "{segments}, scales: {scales}).",
        "没有警报。自第 {before} 轮以来，共监测了 {watched} 个得分是否下降（群体 {segments} "
        "个，量表 {scales} 个）。",
    ),
    "alarm_some": (
        "Alarms: {count}, among {watched} scores watched for a drop since wave {before} "
        "(groups: {segments}, scales: {scales}).",
        "警报 {count} 个：自第 {before} 轮以来共监测 {watched} 个得分是否下降（群体 "
        "{segments} 个，量表 {scales} 个）。",
    ),
    "alarm_none_seen": (
        "No alarm in the groups that you see. {watched} scores were watched for a drop "
        "since wave {before} (groups: {segments}, scales: {scales}).",
        "您能看到的群体没有警报。自第 {before} 轮以来，共监测了 {watched} 个得分是否下降"
        "（群体 {segments} 个，量表 {scales} 个）。",
    ),
    "alarm_some_seen": (
        "Alarms in the groups that you see: {count}. In all, {watched} scores were watched "
        "for a drop since wave {before} (groups: {segments}, scales: {scales}).",
        "您能看到的群体有警报 {count} 个。自第 {before} 轮以来共监测 {watched} 个得分是否"
        "下降（群体 {segments} 个，量表 {scales} 个）。",
    ),
    "alarm_rate": (
        "If nothing had changed anywhere, a wave would raise one or more false alarms "
        "with a chance of {rate}, over everything watched together. Where the same people "
        "answer both waves alike the chance is smaller still.",
        "如果任何地方都没有变化，一轮出现一个或多个误报的机会为 {rate}，"
        "这是对全部监测内容合计而言。若同一批人两次作答相近，机会更小。",
    ),
    "alarm_silence": (
        "No alarm is not proof that nothing fell: in a small group only a large drop "
        "stands out among so many scores.",
        "没有警报并不证明没有下降：在小群体中，只有大幅下降才能在众多得分中显现。",
    ),
    "alarm_fired": (
        "{scale} fell by {drop:.2f} points since wave {before} (95\u00a0% interval of the "
        "change {low:.2f} to {high:.2f}; {g:.2f} SD).",
        "自第 {before} 轮以来，{scale}下降了 {drop:.2f} 分（变化的 95% 区间 {low:.2f} 至 "
        "{high:.2f}；{g:.2f} 个标准差）。",
    ),
    # steps
    "trend_first": (
        "This is the first published wave. A trend begins with the second.",
        "这是首次发布的一轮，第二轮起才有趋势。",
    ),
    "trend_up": (
        "Up {change:.2f} points since wave {since} (95\u00a0% interval {low:.2f} to "
        "{high:.2f}; {g:.2f} SD).",
        "自第 {since} 轮以来上升 {change:.2f} 分（95% 区间 {low:.2f} 至 {high:.2f}；"
        "{g:.2f} 个标准差）。",
    ),
    "trend_down": (
        "Down {change:.2f} points since wave {since} (95\u00a0% interval of the change "
        "{low:.2f} to {high:.2f}; {g:.2f} SD).",
        "自第 {since} 轮以来下降 {change:.2f} 分（变化的 95% 区间 {low:.2f} 至 "
        "{high:.2f}；{g:.2f} 个标准差）。",
    ),
    "trend_open": (
        "No clear change since wave {since}: {change:+.2f} points (95\u00a0% interval "
        "{low:.2f} to {high:.2f}). That is not the same as no change.",
        "自第 {since} 轮以来没有明确变化：{change:+.2f} 分（95% 区间 {low:.2f} 至 "
        "{high:.2f}）。这不等于没有变化。",
    ),
    "trend_single": (
        "Each scale is read by itself here: of twenty scales that did not change, one "
        "would look clear by chance.",
        "这里每个量表单独解读：二十个没有变化的量表中，会有一个仅因偶然而显得明确。",
    ),
    "trend_reworded": (
        "The wording of {scales} was edited since the wave it is compared with; whether "
        "the meaning changed, no program knows.",
        "{scales}的措辞在所比较的调查之后有过修改；含义是否改变，程序无从判断。",
    ),
    "trend_changed": (
        "Its items changed since the waves before, so the scores cannot be joined.",
        "其题目与此前各轮不同，得分无法衔接。",
    ),
    "trend_hidden": (
        "No score of this group was published for this wave.",
        "本轮没有发布该群体的得分。",
    ),
    "trend_hidden_now": (
        "No score is shown for this wave, so there is nothing to compare.",
        "本轮没有显示得分，因此无从比较。",
    ),
    "trend_hidden_before": (
        "No earlier wave has a published score to compare with.",
        "此前各轮没有可供比较的已发布得分。",
    ),
    "trend_not_asked": (
        "This scale was not asked in this wave.",
        "本轮没有询问该量表。",
    ),
    "trend_alike": (
        "Everybody answered alike, which is told as a bound and not as a value.",
        "所有人作答相同，因此只给出界限，不给出数值。",
    ),
    "trend_mixes": (
        "The comparison mixes people: {joined} joined and {left} left since the wave "
        "before (counted among those invited).",
        "这一比较混合了不同的人：与前一轮相比，新加入 {joined} 人，离开 {left} 人"
        "（按受邀者计）。",
    ),
    # events
    "trend_event_guide": (
        "The level after an event less the level before it. Nobody was asked with and "
        "without the event, and other things happened too: read it as a difference in "
        "time, not as an effect.",
        "事件之后的水平减去之前的水平。没有人在“有”与“无”该事件的两种情形下都被询问，"
        "其间还发生了其他事情：请把它看作时间上的差异，而不是事件的作用。",
    ),
    "trend_event_one_side": (
        "Waves with a published score lie on one side of it only.",
        "有已发布得分的调查只在事件的一侧。",
    ),
    "trend_inseparable": (
        "No wave lies between {before} and this event, so what is told of {before} is all "
        "that can be told of both.",
        "{before} 与此事件之间没有调查，因此关于 {before} 的结果就是对两者所能说的全部。",
    ),
    "trend_below_guide": (
        "Change in points since the wave before, with its 95\u00a0% interval; marked where "
        "an alarm was raised. Each group is compared with itself. Among so many intervals "
        "some leave out 0 by chance; the alarm takes that into account.",
        "与前一轮相比的分数变化及其 95% 区间；发出警报处有标记。每个群体只与自身比较。"
        "这么多区间中总有一些仅因偶然而不含 0，警报已将此考虑在内。",
    ),
    "trend_scattered": (
        "The waves of {scales} differ by more than chance would make them, so the "
        "interval is too narrow for everything that moves them.",
        "{scales}的各次结果之差超出抽样的偶然，因此区间不足以涵盖影响它的一切。",
    ),
    # recovery
    "trend_recovered": (
        "{scale}: {share} of the drop after {breach} has been regained (95\u00a0% interval "
        "{low} to {high}, Fieller).",
        "{scale}：“{breach}”之后的降幅已恢复 {share}（95% 区间 {low} 至 {high}，Fieller "
        "法）。",
    ),
    "trend_recovery_absent": (
        "{scale}, recovery after {breach}: {reason}",
        "{scale}在“{breach}”之后的恢复：{reason}",
    ),
    "trend_recovery_no_before": (
        "no wave with a published score closed before it, so the level to return to is "
        "not known.",
        "此前没有已发布得分的调查，因此应恢复到的水平未知。",
    ),
    "trend_recovery_no_between": (
        "no wave was asked between it and the repair, so the depth of the drop is not "
        "known.",
        "在它与修复之间没有进行调查，因此降幅未知。",
    ),
    "trend_recovery_too_soon": (
        "this wave opened before the repair; the next one can tell.",
        "本轮在修复之前开始，要到下一轮才能判断。",
    ),
    # linked people
    "linked_line": (
        "{scale}: {change:+.2f} points within {n} people who let their waves be linked "
        "(95\u00a0% interval {low:.2f} to {high:.2f}). Beyond the error of measurement, "
        "{improved} went up and {worsened} went down.",
        "{scale}：在 {n} 位允许关联各次作答的人中变化 {change:+.2f} 分（95% 区间 {low:.2f} "
        "至 {high:.2f}）。超出测量误差的，上升者占 {improved}，下降者占 {worsened}。",
    ),
    "linked_guide": (
        "Reliable change (Jacobson & Truax 1991): a person counts as changed when the "
        "score moved by more than 1.96 standard errors of a difference, from alpha of the "
        "wave before. Who links their waves chose to.",
        "可靠变化（Jacobson 和 Truax，1991）：得分变动超过差异标准误的 1.96 倍才算改变，"
        "标准误由前一次的 alpha 得出。是否关联由本人自愿选择。",
    ),
    "linked_few": (
        "Change within the same people is told from {needs} linked people on, and where "
        "the others are nobody or at least {least}.",
        "同一批人的变化须有至少 {needs} 位可关联者，且其余的人为零或至少 {least} 人时才会给出。",
    ),
    # mail
    "alarm_mail_subject": ("Trust fell in {survey}", "{survey}：信任下降"),
    "alarm_mail_lead": (
        "The report of wave {wave} of {survey} raised an alarm: a drop stands out beyond "
        "chance, even among everything that was watched.",
        "{survey}第 {wave} 轮的报告发出警报：即使考虑到全部监测内容，"
        "仍有得分的下降超出偶然。",
    ),
    "alarm_mail_more": ("And {count} more in the report.", "报告中还有 {count} 个。"),
    "alarm_mail_link": ("Read the report: {link}", "查看报告：{link}"),
}

CONDITIONS: Final[Mapping[str, str]] = {
    "alarm_first": "No earlier wave of the survey has a published release.",
    "alarm_nothing": "No group and scale has a published score in this wave and in the "
    "one before, on the same items, with answers that differ.",
    "alarm_none": "Something was watched and no adjusted p is at or below "
    f"{thresholds.ALARM_RATE}.",
    "alarm_some": f"One or more adjusted p at or below {thresholds.ALARM_RATE}.",
    "alarm_none_seen": "As alarm_none, for a manager, of the groups that are seen.",
    "alarm_some_seen": "As alarm_some, for a manager, of the groups that are seen.",
    "alarm_rate": "Something was watched.",
    "alarm_silence": "Something was watched and nothing fired.",
    "alarm_fired": "For each group and scale whose adjusted p is at or below "
    f"{thresholds.ALARM_RATE}.",
    "trend_chart": "In the words of every chart of a scale from wave to wave.",
    "trend_first": "No earlier wave of the survey has a published release.",
    "trend_brought": "One or more waves of the trend were brought from elsewhere.",
    "trend_up": "The 95 % interval of the change lies above 0.",
    "trend_down": "The 95 % interval of the change lies below 0.",
    "trend_open": "The 95 % interval of the change holds 0.",
    "trend_single": "Two or more scales are compared with an earlier wave.",
    "trend_reworded": "Words of the items differ from the wave compared with, and points, "
    "keying and codes do not.",
    "trend_changed": "Earlier waves show a score of the group, all on other items.",
    "trend_hidden": "A wave asked the scale and published no score of the group on it.",
    "trend_hidden_now": "This wave shows no value of the scale.",
    "trend_hidden_before": "No earlier wave shows a value of the scale for the group.",
    "trend_not_asked": "The form of the wave has no such scale.",
    "trend_alike": "All scores of the group are equal in that wave.",
    "trend_mixes": f"Somebody joined or left, and the group has fewer than "
    f"{thresholds.SMALL_N} invited or those who did are {thresholds.TURNOVER:.0%} of the "
    "invited or more.",
    "trend_event_guide": "An event lies within the time of the waves.",
    "trend_event_one_side": "All published scores lie on one side of the event, waves "
    "in the field on the day left out.",
    "trend_inseparable": "No published wave lies between the event and the one before it.",
    "trend_below_guide": "Units directly below the group have a published score.",
    "trend_scattered": "Misfit of the waves around the fitted levels has p below "
    f"{thresholds.SCATTER_P}.",
    "trend_recovered": "A crisis was followed by a repair, a wave lies before, between and "
    "after, and the drop is clear of 0.",
    "trend_recovery_absent": "A crisis was followed by a repair, and the share regained "
    "cannot be told.",
    "trend_recovery_no_before": "No published score closed on or before the day of the "
    "crisis.",
    "trend_recovery_no_between": "No wave opened after the crisis and closed by the repair.",
    "trend_recovery_too_soon": "This wave opened on or before the day of the repair.",
    "linked_line": f"{thresholds.LINKED_N} or more people are linked to the wave before, "
    "and the others are nobody or at least as many as scores need.",
    "linked_guide": "A change within linked people is told.",
    "linked_few": f"Waves are linked; fewer than {thresholds.LINKED_N} people are, or the "
    "others are somebody but fewer than scores need.",
    "alarm_mail_subject": "An alarm fired; subject of the mail.",
    "alarm_mail_lead": "An alarm fired; first line of the mail.",
    "alarm_mail_more": "More than ten alarms.",
    "alarm_mail_link": "In every mail about an alarm.",
}
