"""Messages of a wave: how many went out, in which words, and when the next ones go."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from surveys.access import FIELDWORKERS, MemberRequest, for_members
from surveys.actions import WITH_CREDENTIALS
from surveys.fieldwork import gateway, mail, outbox, trial
from surveys.fieldwork.composing import hour_of, words_of, zone_of
from surveys.fieldwork.inviting import last_round, plan_reminders
from surveys.forms_messages import Plan, RemindersForm, SenderForm, TextsForm
from surveys.models import MailText, Message, Reminder, Sender, Survey, Wave

STEP = 5  # reminders of a promised wave are told in steps, as participation is
State = Message.State


@require_http_methods(["GET", "HEAD", "POST"])
@for_members(FIELDWORKERS)
def wave_messages(request: MemberRequest, wave_id: UUID) -> HttpResponse:
    """Show how many messages went out, and set the days of reminders."""
    wave = get_object_or_404(Wave.objects.select_related("survey"), pk=wave_id)
    plan = _plan(wave)
    form = RemindersForm(
        request.POST if request.method == "POST" else None,
        plan=plan,
        today=plan.local(timezone.now()),
    )
    if request.method == "POST" and may_remind(wave) and form.is_valid():
        plan_reminders(wave, form.days(), last_call=form.last())
        messages.success(request, _("The days are set."))
        return redirect("surveys:messages", wave_id=wave.pk)
    waiting = Message.objects.filter(wave=wave, state=State.WAITING)
    context = {
        "wave": wave,
        "rows": rows_of(wave),
        "mail_is_set_up": mail.is_set_up(),
        "problem": waiting.exclude(problem="").order_by("pk").first(),
        "again": outbox.to_send_again(wave).count() if wave.is_open else 0,
        "form": form,
        "may_remind": may_remind(wave),
        "plan": plan,
        "reminders": Reminder.objects.filter(wave=wave).order_by("due_at"),
        "kinds": Message.Kind.choices,
    }
    return render(request, "surveys/messages.html", context)


@require_POST
@for_members(FIELDWORKERS)
def send_again(request: MemberRequest, wave_id: UUID) -> HttpResponse:
    wave = get_object_or_404(Wave.objects.select_related("survey"), pk=wave_id)
    number = outbox.send_again(wave, now=timezone.now()) if wave.is_open else 0
    sentence = _("%(number)s messages are sent again.") % {"number": number}
    messages.info(request, sentence)
    return redirect("surveys:messages", wave_id=wave.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members(FIELDWORKERS)
def mail_texts(request: MemberRequest, survey_id: UUID) -> HttpResponse:
    """Edit one kind of message in both languages, see it, and send it to oneself."""
    survey = get_object_or_404(Survey, pk=survey_id)
    kind = _kind(request)
    form = TextsForm(
        request.POST if "save" in request.POST else None,
        words=words_of(survey.pk, kind),
    )
    if request.method == "POST":
        if "save" in request.POST and form.is_valid():
            _save(survey, kind, form)
            messages.success(request, _("The words are kept."))
            return _to_texts(survey, kind)
        if "shipped" in request.POST:
            MailText.objects.filter(survey=survey, kind=kind).delete()
            messages.success(request, _("The original words are back."))
            return _to_texts(survey, kind)
        if "test" in request.POST:
            _send_test(request, survey, kind)
            return _to_texts(survey, kind)
    words = form.words() if form.is_bound and form.is_valid() else None
    context = {
        "survey": survey,
        "kind": kind,
        "kinds": Message.Kind.choices,
        "form": form,
        "placeholders": trial.explained(survey.mode),
        "previews": trial.previews(survey, kind, words or words_of(survey.pk, kind)),
        "mail_is_set_up": mail.is_set_up(),
    }
    return render(request, "surveys/texts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members(FIELDWORKERS)
def sender(request: MemberRequest) -> HttpResponse:
    """In whose name mails go out, and the gateway for text messages."""
    organization = request.membership.organization
    kept = Sender.objects.filter(organization=organization).first()
    known = kept or Sender(organization=organization)
    form = SenderForm(request.POST or None, instance=known)
    if request.method == "POST" and form.is_valid():
        made = form.save(commit=False)
        if made.gateway_url and ("renew" in request.POST or not made.gateway_secret):
            secret = gateway.new_secret()
            made.gateway_secret = gateway.sealed(secret, made)
            messages.success(
                request,
                _("The secret of the gateway, shown this once: %(secret)s")
                % {"secret": secret},
            )
        made.save()
        messages.success(request, _("Kept."))
        return redirect("surveys:sender")
    context = {"form": form, "has_gateway": bool(kept and kept.gateway_url)}
    return render(request, "surveys/sender.html", context)


def may_remind(wave: Wave) -> bool:
    """Whether it can be known who has not opened yet, and somebody can still answer."""
    return wave.survey.mode != Survey.Mode.OPEN and wave.state in {
        Wave.State.PREPARING,
        Wave.State.OPEN,
    }


def rows_of(wave: Wave) -> list[dict[str, Any]]:
    """Numbers of messages by kind and state; those of reminders in steps where promised.

    An exact number of reminders would tell how many had not opened at that moment.
    """
    counted = (
        Message.objects.filter(wave=wave)
        .values_list("kind", "state")
        .annotate(number=Count("pk"))
        .order_by("kind", "state")
    )
    numbers: dict[str, dict[str, int]] = {}
    for kind, state, number in counted:
        numbers.setdefault(kind, {})[state] = number
    promised = wave.survey.mode in WITH_CREDENTIALS
    return [
        {
            "kind": label,
            "about": promised and kind != Message.Kind.INVITATION,
            **_told(
                numbers[kind], exact=not promised or kind == Message.Kind.INVITATION
            ),
        }
        for kind, label in Message.Kind.choices
        if kind in numbers
    ]


def _told(states: Mapping[str, int], *, exact: bool) -> dict[str, int]:
    waiting = states.get(State.WAITING, 0) + states.get(State.SENDING, 0)
    told = {"waiting": waiting} | {
        state.value: states.get(state, 0)
        for state in (State.SENT, State.FAILED, State.BOUNCED, State.SKIPPED)
    }
    if exact:
        return told
    return {name: STEP * round(number / STEP) for name, number in told.items()}


def _plan(wave: Wave) -> Plan:
    to_come = Reminder.objects.filter(wave=wave, done_at=None).order_by("due_at")
    days: dict[str, list[datetime]] = {kind: [] for kind in Message.Kind.values}
    for one in to_come:
        days[one.kind].append(one.due_at)
    return Plan(
        zone=zone_of(wave.survey_id),
        hour=hour_of(wave.survey_id),
        done=last_round(wave, Message.Kind.REMINDER),
        days=days[Message.Kind.REMINDER],
        last_call=next(iter(days[Message.Kind.LAST_CALL]), None),
    )


def _kind(request: MemberRequest) -> str:
    asked = request.GET.get("kind", "")
    return asked if asked in Message.Kind.values else Message.Kind.INVITATION.value


def _to_texts(survey: Survey, kind: str) -> HttpResponse:
    return redirect(f"{reverse('surveys:texts', args=[survey.pk])}?kind={kind}")


def _save(survey: Survey, kind: str, form: TextsForm) -> None:
    for language, words in form.words().items():
        MailText.objects.update_or_create(
            organization_id=survey.organization_id,
            survey=survey,
            kind=kind,
            language=language,
            defaults={"subject": words.subject, "body": words.body},
        )


def _send_test(request: MemberRequest, survey: Survey, kind: str) -> None:
    address = request.user.email
    try:
        trial.send_to(address, survey, kind)
    except mail.ServerDown as problem:
        sentence = _("The mail server does not work: %(problem)s")
        messages.error(request, sentence % {"problem": problem})
    except (mail.Bounced, mail.TryLater) as problem:
        sentence = _("The mail server refused the mail: %(problem)s")
        messages.error(request, sentence % {"problem": problem})
    else:
        sentence = _("A test was sent to %(address)s.")
        messages.success(request, sentence % {"address": address})
