"""Ask for an analysis, and carry it out."""

import json
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from importlib.metadata import version
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from analytics.announcing import announce_analysis
from analytics.answers import reason_of
from analytics.border_rule import RULE, EstimatorChoice
from analytics.form_plan import plan_of
from analytics.instrument_results import language_groups
from analytics.models import Analysis
from analytics.psychometrics import PsychometricsError
from analytics.report import Report, build_report
from analytics.responses import load_responses
from analytics.sentences import BadInput, Sentence, say
from analytics.tasks import analyse_wave
from surveys.models import Wave
from surveys.tenancy import organization_scope

PACKAGES = ("trustsurvey", "numpy", "scipy", "factor-analyzer")
# An analysis that shows no end after this long was left behind by a killed worker.
PATIENCE = timedelta(minutes=15)


def request_analysis(
    *, wave: Wave, at: datetime, estimator: EstimatorChoice = "rule"
) -> Analysis:
    """Store the wish and its job in the caller's transaction.

    While one is under way a second click gets that one. `estimator` is of the factor
    model.
    """
    # the lock makes two clicks at once one analysis
    Wave.objects.select_for_update().get(pk=wave.pk)
    asked = Analysis.objects.under_way(since=at - PATIENCE).filter(wave=wave)
    if (analysis := asked.newest_first().first()) is not None:
        return analysis
    analysis = Analysis.objects.create(
        organization_id=wave.organization_id,
        wave=wave,
        settings={"seed": settings.ANALYSIS_SEED, "estimator": estimator},
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
    try:
        report = _report_of(analysis)
    except PsychometricsError as reason:
        _finish(analysis, failure=reason_of(reason), started=started)
    except BadInput as refused:
        _finish(analysis, failure=refused.sentence, started=started)
    except Exception:
        _finish(analysis, failure=say("analysis_stopped"), started=started)
        raise
    else:
        _finish(analysis, report=report, started=started)


def _report_of(analysis: Analysis) -> Report:
    """Read in one transaction, then compute outside of it."""
    wave = analysis.wave
    form = wave.form.asked()
    with organization_scope(analysis.organization_id):
        loaded = load_responses(wave, form)
    seed = int(analysis.settings["seed"])
    return build_report(
        loaded.data,
        plan_of(
            form,
            simulated=wave.survey.simulated,
            seed=seed,
            # analyses asked for before there was a choice
            estimator=analysis.settings.get("estimator", RULE),
        ),
        input_sha256=loaded.sha256,
        software=software_versions(),
        groups=language_groups(loaded.languages),
        languages=loaded.languages,
        progress=_progress_of(analysis),
    )


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
    failure: Sentence | None = None,
) -> None:
    with organization_scope(analysis.organization_id):
        analysis.status = (
            Analysis.Status.DONE if report is not None else Analysis.Status.FAILED
        )
        if failure is not None:
            analysis.failure = json.dumps(failure.to_plain(), ensure_ascii=False)
        if report is not None:
            analysis.result = json.dumps(
                report.to_json(), ensure_ascii=False, allow_nan=False
            )
            analysis.input_sha256 = report.input_sha256 or ""
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
        if report is not None:
            announce_analysis(analysis, at=timezone.now())
