"""Background jobs of the fieldwork. What is due stands in our tables."""

from django.utils import timezone
from procrastinate.contrib.django import app


@app.periodic(cron="*/10 * * * *")
@app.task(name="mix_waves", queue="fieldwork", queueing_lock="mix_waves")
def mix_waves(timestamp: int) -> None:
    """Mix answers that wait and end the waves whose grace is over."""
    from surveys.mixing import mix_due

    mix_due(timezone.now())
