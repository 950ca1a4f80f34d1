"""What the tables know about the waves of a codebook."""

from collections.abc import Sequence

from analytics.export.codebook.values import About, Promised
from analytics.plan import Text
from surveys import definition
from surveys.fieldwork import participation
from surveys.models import Promise, Wave


def about_of(waves: Sequence[Wave]) -> About:
    """Return promise, sample and people asked of waves of one survey."""
    survey = waves[0].survey
    return About(
        organization=survey.organization.name,
        sample=survey.sample,
        simulated=survey.simulated,
        promises=_promises(waves),
        invited={
            wave.number: invited
            for wave in waves
            if (invited := _invited(wave)) is not None
        },
    )


def forms_of(waves: Sequence[Wave]) -> tuple[definition.Form, ...]:
    """Return what the waves asked, oldest first, each form once."""
    ordered = sorted(waves, key=lambda wave: wave.number)
    forms = {wave.form_id: wave.form for wave in ordered}
    return tuple(form.asked() for form in forms.values())


def _promises(waves: Sequence[Wave]) -> tuple[Promised, ...]:
    """Each promise once, with the waves that gave it."""
    rows = Promise.objects.filter(wave__in=waves).select_related("wave")
    found: dict[str, Promised] = {}
    for row in rows.order_by("wave__number"):
        before = found[row.digest].waves if row.digest in found else ()
        found[row.digest] = Promised(
            waves=(*before, row.wave.number),
            text=Text(row.text_en, row.text_zh_hans),
            digest=row.digest,
        )
    return tuple(found.values())


def _invited(wave: Wave) -> int | None:
    cells = list(wave.cells.all())
    return participation.of_wave(wave, cells)[None].invited or None
