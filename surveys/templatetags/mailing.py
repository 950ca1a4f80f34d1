"""Whether this site can send mail, said where it matters."""

from django import template

from surveys.fieldwork import mail

register = template.Library()


@register.inclusion_tag("surveys/_mail_state.html")
def mail_state() -> dict[str, bool]:
    """Say plainly that mail is not set up; nothing where it is."""
    return {"mail_is_set_up": mail.is_set_up()}
