"""Jobs about jobs."""

from procrastinate.contrib.django import app

SILENT_FOR = 30.0  # seconds without a heartbeat until a worker counts as gone


@app.periodic(cron="* * * * *")
@app.task(name="retry_stalled_jobs", queueing_lock="retry_stalled_jobs")
async def retry_stalled_jobs(timestamp: int) -> None:
    """Hand the jobs of workers that died to those that live; jobs may be repeated."""
    stalled = await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_FOR)
    for job in stalled:
        await app.job_manager.retry_job(job)
