"""What an alarm says: on the page and in its mail, in the same words."""

from analytics.alarms import Alarm, AlarmsPart
from analytics.sentences import Sentence, label, say
from analytics.shown import Said


def alarm_sentence(one: Alarm, before: int) -> Sentence:
    """Say how far a score fell; page and mail say the same."""
    return say(
        "alarm_fired",
        scale=one.scale_name,
        drop=-one.points.estimate,
        before=before,
        low=one.points.low,
        high=one.points.high,
        g=one.standardized.estimate,
    )


def alarms_said(
    part: AlarmsPart | None, language: str, *, partly: bool
) -> tuple[Said, ...]:
    """Say what was watched, then every alarm; nothing without the part.

    `partly` where the reader sees some of the groups only, and their alarms.
    """
    if part is None:
        return ()
    chip = label("alarm_quiet", language)
    if part.reason is not None or part.before is None:
        text = (part.reason or say("alarm_first")).text(language)
        return (Said(label("trend_chip_none", language), "plain", text),)
    counts = {
        "watched": part.watched,
        "before": part.before,
        "segments": part.segments,
        "scales": part.scales,
    }
    if not part.fired:
        return (
            Said(
                chip,
                "good",
                say("alarm_none_seen" if partly else "alarm_none", **counts).text(
                    language
                ),
            ),
        )
    code = "alarm_some_seen" if partly else "alarm_some"
    summary = say(code, count=len(part.fired), **counts).text(language)
    return (
        Said(label("alarm_chip", language), "stop", summary),
        *(
            Said(
                label("alarm_chip", language),
                "stop",
                alarm_sentence(one, part.before).text(language),
                one.name.in_language(language),
            )
            for one in part.fired
        ),
    )


def alarm_notes(part: AlarmsPart | None, language: str) -> tuple[str, ...]:
    """Say what the rate means, and what silence does not."""
    if part is None or part.reason is not None:
        return ()
    notes = [say("alarm_rate", rate=percent(part.rate, language))]
    if not part.fired:
        notes.append(say("alarm_silence"))
    return tuple(one.text(language) for one in notes)


def percent(value: float, language: str) -> str:
    """Return a share in whole per cent."""
    space = "" if language == "zh-hans" else "\u00a0"
    return f"{100 * value:.0f}{space}%".replace("-", "\u2212")
