from enum import StrEnum

class KindsEnum(StrEnum):
    ALARM_RAISED = "alarm.raised"
    ANALYSIS_FINISHED = "analysis.finished"
    EXPORT_READY = "export.ready"
    RELEASE_PUBLISHED = "release.published"
    SCORES_READY = "scores.ready"
    WAVE_CLOSED = "wave.closed"
    WAVE_OPENED = "wave.opened"

    def __str__(self) -> str:
        return str(self.value)
