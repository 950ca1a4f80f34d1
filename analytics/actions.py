"""Ask for an analysis, and carry it out."""

import logging
import time
from collections.abc import Callable
from datetime import datetime
from importlib.metadata import version
from uuid import UUID

from django.conf import settings

from analytics.models import Analysis
from analytics.psychometrics import PsychometricsError
from analytics.report import Report, build_report
from analytics.responses import load_responses, plan_of
from analytics.tasks import analyse_wave
from surveys.models import Wave
from surveys.tenancy import organization_scope

logger = logging.getLogger(__name__)
PACKAGES = ("trustsurvey", "numpy", "scipy", "factor-analyzer")


def request_analysis(*, wave: Wave, at: datetime) -> Analysis:
    """Store the wish and its job in the caller's transaction."""
    analysis = Analysis.objects.create(
        organization_id=wave.organization_id,
        wave=wave,
        settings={"seed": settings.ANALYSIS_SEED},
        requested_at=at,
    )
    analyse_wave.defer(
        organization_id=str(analysis.organization_id), analysis_id=str(analysis.pk)
    )
    return analysis


def run_analysis(*, organization_id: UUID, analysis_id: UUID) -> None:
    """Compute a requested analysis and store its one result.

    Safe to repeat: an analysis that is done or failed stays as it is.
    """
    started = time.monotonic()
    with organization_scope(organization_id):
        wanted = Analysis.objects.filter(pk=analysis_id).exclude(
            status__in=[Analysis.Status.DONE, Analysis.Status.FAILED]
        )
        if not wanted.update(status=Analysis.Status.RUNNING, progress=0, step=""):
            return
        analysis = wanted.select_related("wave__form", "wave__survey").get()
        form = analysis.wave.form.asked()
        loaded = load_responses(analysis.wave, form)
        plan = plan_of(
            form,
            simulated=analysis.wave.survey.simulated,
            seed=int(analysis.settings["seed"]),
        )
    try:
        report = build_report(
            loaded.data,
            plan,
            input_sha256=loaded.sha256,
            software=software_versions(),
            progress=_progress_of(analysis),
        )
    except PsychometricsError as reason:
        _finish(analysis, failure=str(reason), started=started)
    except Exception:
        _finish(analysis, failure="The analysis stopped unexpectedly.", started=started)
        raise
    else:
        _finish(analysis, report=report, started=started)


def software_versions() -> dict[str, str]:
    """Versions of everything that took part in the numbers."""
    return {name: _version(name) for name in PACKAGES}


def _version(name: str) -> str:
    from trustsurvey import __version__

    return __version__ if name == "trustsurvey" else version(name)


def _progress_of(analysis: Analysis) -> Callable[[str, float], None]:
    """Write what is being done into its row, so that the page can show it."""

    def note(step: str, share: float) -> None:
        with organization_scope(analysis.organization_id):
            Analysis.objects.filter(
                pk=analysis.pk, status=Analysis.Status.RUNNING
            ).update(step=step[:40], progress=min(99, int(100 * share)))

    return note


def _finish(
    analysis: Analysis,
    *,
    started: float,
    report: Report | None = None,
    failure: str = "",
) -> None:
    with organization_scope(analysis.organization_id):
        analysis.status = (
            Analysis.Status.DONE if report is not None else Analysis.Status.FAILED
        )
        analysis.failure = failure
        if report is not None:
            analysis.result = report.to_json()
            analysis.input_sha256 = report.input_sha256
        analysis.software = software_versions()
        analysis.progress = 100
        analysis.seconds = time.monotonic() - started
        analysis.save(
            update_fields=[
                "status",
                "failure",
                "result",
                "input_sha256",
                "software",
                "progress",
                "seconds",
            ]
        )
