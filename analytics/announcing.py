"""What other systems hear of results: that they are there, never what they say.

Called in the transaction that makes the result visible. An export of answers of people
is announced as any other; that somebody answered never is (surveys.webhooks.emitting).
"""

import json
from collections.abc import Mapping
from datetime import datetime

from analytics.export.models import Export
from analytics.models import Analysis, Release
from surveys.models import EventKind, Survey
from surveys.webhooks.emitting import About, about, emit


def announce_release(
    release: Release, texts: Mapping[str, str], *, at: datetime
) -> None:
    """Tell of a published release with these parts; of its alarms and scores too."""
    kinds = [EventKind.RELEASE_PUBLISHED]
    if json.loads(texts.get("alarms", "{}")).get("fired"):
        kinds.append(EventKind.ALARM_RAISED)
    if release.wave.survey.mode == Survey.Mode.IDENTIFIED:
        kinds.append(EventKind.SCORES_READY)
    for kind in kinds:
        emit(release.organization_id, kind, release.pk, about(release.wave), at=at)


def announce_analysis(analysis: Analysis, *, at: datetime) -> None:
    """Tell that an analysis has a report."""
    told = about(analysis.wave)
    kind = EventKind.ANALYSIS_FINISHED
    emit(analysis.organization_id, kind, analysis.pk, told, at=at)


def announce_export(export: Export, *, at: datetime) -> None:
    """Tell that the file of an export can be fetched; its survey is loaded."""
    survey = export.survey
    told = About(survey.pk, mode=survey.mode, simulated=survey.simulated)
    emit(export.organization_id, EventKind.EXPORT_READY, export.pk, told, at=at)
