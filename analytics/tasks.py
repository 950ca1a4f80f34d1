"""Background jobs. Arguments are primary keys only; repeating a job does no harm."""

from uuid import UUID

from procrastinate.contrib.django import app


@app.task(name="analyse_wave", queue="analyses")
def analyse_wave(*, organization_id: str, analysis_id: str) -> None:
    """Carry out one requested analysis."""
    # tasks are found when any process starts; NumPy and SciPy only when a job runs
    from analytics.actions import run_analysis

    run_analysis(organization_id=UUID(organization_id), analysis_id=UUID(analysis_id))
