"""Which turn of a rotation the next wave asks: a form of its own, frozen like any."""

from surveys.definition.rotation import at_turn
from surveys.models import Form, Survey, Wave


def form_of_next_wave(survey: Survey) -> Form:
    """Return the form that the next wave asks, inside the organization's transaction.

    The newest form of the survey; where its waves take turns, at the turn of the wave.
    Every turn is stored once.
    """
    newest = Form.objects.filter(survey=survey).latest("number")
    asked = newest.asked()
    if not asked.rotation or asked.drawn:
        return newest
    held = Wave.objects.collected().filter(survey=survey)
    turned = at_turn(asked, held.count())
    known = Form.objects.filter(survey=survey, digest=turned.digest).first()
    if known is not None:
        return known
    return Form.objects.create(
        organization_id=survey.organization_id,
        survey=survey,
        number=newest.number + 1,
        item_count=turned.item_count,
        definition=turned.to_data(),
        digest=turned.digest,
    )
