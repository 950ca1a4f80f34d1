"""Background jobs. Arguments are primary keys only; repeating a job does no harm."""

from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app


@app.task(name="analyse_wave", queue="analyses")
def analyse_wave(*, organization_id: str, analysis_id: str) -> None:
    """Carry out one requested analysis."""
    # tasks are found when any process starts; NumPy and SciPy only when a job runs
    from analytics.actions import run_analysis

    run_analysis(organization_id=UUID(organization_id), analysis_id=UUID(analysis_id))


@app.task(name="build_release", queue="analyses")
def build_release(*, organization_id: str, release_id: str) -> None:
    """Make one requested release and publish it."""
    from analytics import publishing

    publishing.build_release(
        organization_id=UUID(organization_id),
        release_id=UUID(release_id),
        clock=timezone.now,
    )


@app.periodic(cron="* * * * *")
@app.task(name="publish_releases", queue="analyses", queueing_lock="publish_releases")
def publish_releases(timestamp: int) -> None:
    """Ask for the releases of ended waves, and take up those left behind."""
    from analytics.publishing import publish_due

    publish_due(timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="send_release_mails", queue="fieldwork", queueing_lock="release_mails")
def send_release_mails(timestamp: int) -> None:
    """Send the mails about releases that are due."""
    from analytics.mailing import send_due

    send_due(timezone.now())


@app.task(name="write_export", queue="analyses")
def write_export(*, organization_id: str, export_id: str) -> None:
    """Write the file of one requested export."""
    from analytics.export import job

    job.write_export(
        organization_id=UUID(organization_id),
        export_id=UUID(export_id),
        clock=timezone.now,
    )


@app.periodic(cron="* * * * *")
@app.task(name="sweep_exports", queue="analyses", queueing_lock="sweep_exports")
def sweep_exports(timestamp: int) -> None:
    """Remove expired files, and take up exports left behind."""
    from analytics.export.job import sweep

    sweep(timezone.now())
