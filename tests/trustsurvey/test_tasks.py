"""A worker that died takes no analysis with it."""

from django.db import connections
from django.test import Client
from django.utils import timezone

from analytics.actions import request_analysis
from analytics.models import Analysis
from surveys.tenancy import organization_scope
from tests.factories import make_organization
from tests.jobs import run_waiting_jobs
from tests.test_tour import answer_as_respondents_do, launch
from trustsurvey.tasks import retry_stalled_jobs


def test_the_job_of_a_dead_worker_is_done_by_the_next(database: None) -> None:
    organization = make_organization()
    wave = launch(organization)
    answer_as_respondents_do(Client(), wave, n=20)
    with organization_scope(organization.pk):
        request_analysis(wave=wave, at=timezone.now())
    # a worker took the job and fell silent an hour ago
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat)"
            " VALUES (now() - interval '1 hour') RETURNING id"
        )
        (worker,) = cursor.fetchone()
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", [worker]
        )
    with organization_scope(organization.pk):
        Analysis.objects.update(status=Analysis.Status.RUNNING, progress=40)

    # the lock is left out: the worker's own clock may have asked for a sweep already
    retry_stalled_jobs.configure(queueing_lock=None).defer(timestamp=0)
    run_waiting_jobs()
    run_waiting_jobs()
    with organization_scope(organization.pk):
        assert Analysis.objects.get().status == Analysis.Status.DONE
