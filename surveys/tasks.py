"""Background jobs of the fieldwork. What is due stands in our tables."""

from contextlib import suppress
from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued


@app.periodic(cron="*/10 * * * *")
@app.task(name="mix_waves", queue="fieldwork", queueing_lock="mix_waves")
def mix_waves(timestamp: int) -> None:
    """Mix answers that wait and end the waves whose grace is over."""
    from surveys.mixing import mix_due

    mix_due(timezone.now())


@app.task(name="open_prepared_wave", queue="fieldwork")
def open_prepared_wave(*, organization_id: str, wave_id: str) -> None:
    """Make the keys of a wave and open it; nothing to do where it is open already."""
    from surveys.launching import open_prepared

    open_prepared(UUID(organization_id), UUID(wave_id))
    with suppress(AlreadyEnqueued):
        send_messages.defer()


@app.task(name="stop_issuing", queue="fieldwork")
def stop_issuing(*, organization_id: str, wave_id: str) -> None:
    """Issue no more credentials of a wave that is closed; late answers still arrive."""
    from surveys.mixing import close_issuing

    close_issuing(UUID(organization_id), UUID(wave_id), at=timezone.now())


@app.periodic(cron="*/10 * * * *")
@app.task(name="sweep_waves", queue="fieldwork", queueing_lock="sweep_waves")
def sweep_waves(timestamp: int) -> None:
    """Open, close and count what is due, also where a job died before."""
    from surveys.fieldwork.launch import open_due, stop_due
    from surveys.fieldwork.participation import count_due

    open_due()
    stop_due()
    count_due(timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="send_messages", queue="fieldwork", queueing_lock="send_messages")
def send_messages(timestamp: int = 0) -> None:
    """Send what is due; what is left after a while comes after the other jobs."""
    from surveys.fieldwork.outbox import run
    from surveys.fieldwork.reminding import forget_reminders, remind_due

    remind_due(timezone.now())
    forget_reminders()
    if run().more:
        with suppress(AlreadyEnqueued):
            send_messages.defer()


@app.task(name="work_people_list", queue="fieldwork")
def work_people_list(*, organization_id: str, list_id: str) -> None:
    """Check or import a list of people, whichever it waits for."""
    from surveys.people.lists import work

    work(UUID(organization_id), UUID(list_id))


@app.periodic(cron="*/10 * * * *")
@app.task(name="sweep_people_lists", queue="fieldwork", queueing_lock="people_lists")
def sweep_people_lists(timestamp: int) -> None:
    """Forget lists of people after a day, and take up those left behind."""
    from surveys.people.lists import sweep

    sweep(timezone.now())


@app.task(name="work_answer_file", queue="fieldwork")
def work_answer_file(*, organization_id: str, file_id: str) -> None:
    """Check or import a file of answers, whichever it waits for."""
    from surveys.brought.files import work

    work(UUID(organization_id), UUID(file_id))


@app.periodic(cron="*/10 * * * *")
@app.task(name="sweep_answer_files", queue="fieldwork", queueing_lock="answer_files")
def sweep_answer_files(timestamp: int) -> None:
    """Forget files of answers after a day, and take up those left behind."""
    from surveys.brought.files import sweep

    sweep(timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="sweep_due", queue="fieldwork", queueing_lock="sweep_due")
def sweep_due(timestamp: int) -> None:
    """Open and close what the schedules say, also what was missed while nothing ran."""
    from surveys.fieldwork.due import sweep
    from surveys.fieldwork.periods import follow_pauses as follow

    follow()
    sweep(timezone.now())


@app.task(name="follow_pauses", queue="fieldwork")
def follow_pauses() -> None:
    """Issue no credentials of paused waves, and go on with those that went on."""
    from surveys.fieldwork.periods import follow_pauses as follow

    follow()


@app.periodic(cron="* * * * *")
@app.task(name="send_webhooks", queue="fieldwork", queueing_lock="send_webhooks")
def send_webhooks(timestamp: int = 0) -> None:
    """Tell other systems what happened; what is left after a while comes later."""
    from surveys.webhooks.sending import run
    from surveys.webhooks.telling import tell_owners
    from surveys.webhooks.waves import emit_of_waves

    emit_of_waves(timezone.now())
    more = run().more
    tell_owners(timezone.now())
    if more:
        with suppress(AlreadyEnqueued):
            send_webhooks.defer()


@app.periodic(cron="50 3 * * *")
@app.task(name="forget_webhooks", queue="fieldwork", queueing_lock="forget_webhooks")
def forget_webhooks(timestamp: int) -> None:
    """Forget what became of old messages, and files of values nobody decided about."""
    from surveys.criteria.files import forget_files
    from surveys.webhooks.sending import forget_old

    forget_old(timezone.now())
    forget_files(timezone.now())


@app.periodic(cron="20 * * * *")
@app.task(name="forget_replies", queue="fieldwork", queueing_lock="forget_replies")
def forget_replies(timestamp: int) -> None:
    """Remove what programs were answered a day ago."""
    from surveys.api.repeats import forget_replies as forget

    forget()
