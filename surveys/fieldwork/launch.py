"""From the owner's click to a wave in the field, through a job that may die and repeat."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import connections, transaction
from django.db.models import Max

from surveys import parts
from surveys.launching import CannotLaunch, NewCell, open_prepared, prepare_wave
from surveys.mixing import close_issuing
from surveys.models import Promise, Survey, Wave
from surveys.promise import Thresholds
from surveys.tasks import open_prepared_wave, stop_issuing

IN_GRACE = """
SELECT id, organization_id, closed_at FROM surveys_wave WHERE state = 'grace'
"""
STILL_ISSUING = "SELECT id FROM issuer.wave WHERE is_open AND id = ANY(%s)"
PREPARING = "SELECT organization_id, id FROM surveys_wave WHERE state = 'preparing'"


def floors(survey: Survey) -> Thresholds:
    """Least thresholds of the next wave: those of the code, raised by earlier waves."""
    lowest = asdict(Thresholds())
    earlier = Promise.objects.filter(wave__survey=survey)
    promised = earlier.aggregate(**{name: Max(name) for name in lowest})
    return Thresholds(
        **{name: max(least, promised[name] or 0) for name, least in lowest.items()}
    )


@transaction.atomic
def request_launch(
    *,
    survey: Survey,
    cells: Sequence[NewCell],
    thresholds: Thresholds,
    at: datetime,
) -> Wave:
    """Prepare the next wave and defer the job that opens it, in one transaction.

    Raises
    ------
    CannotLaunch
        As `prepare_wave`; and ``thresholds``: an earlier wave promised more.
    """
    least = asdict(floors(survey))
    if any(value < least[name] for name, value in asdict(thresholds).items()):
        raise CannotLaunch("thresholds")
    wave = prepare_wave(survey=survey, cells=cells, thresholds=thresholds, at=at)
    open_prepared_wave.defer(
        organization_id=str(wave.organization_id), wave_id=str(wave.pk)
    )
    return wave


def open_due() -> None:
    """Open every wave that is still being prepared: its job may have died.

    Two workers at the same wave do no harm: the second finds the keys of the first.
    """
    with connections[parts.MAIN].cursor() as cursor:
        cursor.execute(PREPARING)
        due = cursor.fetchall()
    for organization_id, wave_id in due:
        open_prepared(organization_id, wave_id)


def request_close(wave: Wave, *, at: datetime) -> bool:
    """Begin the grace of a wave, and defer the job that stops issuing; False if closed.

    Without the job the sweeper does it: the state of the wave says that it is due.
    """
    closed = Wave.objects.filter(pk=wave.pk, state=Wave.State.OPEN).update(
        state=Wave.State.GRACE, closed_at=at
    )
    if closed:
        stop_issuing.defer(
            organization_id=str(wave.organization_id), wave_id=str(wave.pk)
        )
    return bool(closed)


def stop_due() -> None:
    """Stop issuing for every wave in its grace whose job died."""
    with connections[parts.MAIN].cursor() as cursor:
        cursor.execute(IN_GRACE)
        due = {wave_id: (key, at) for wave_id, key, at in cursor.fetchall()}
    with connections[parts.owner_of("issuer")].cursor() as cursor:
        cursor.execute(STILL_ISSUING, [list(due)])
        waves = [wave_id for (wave_id,) in cursor.fetchall()]
    for wave_id in waves:
        organization_id, closed_at = due[wave_id]
        close_issuing(organization_id, wave_id, at=closed_at)
