import getpass
import sys
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from surveys import operating
from surveys.models import User
from surveys.models.people import Role


class Command(BaseCommand):
    help = "Let somebody sign in and work in an organization; makes both if need be."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--organization", required=True, metavar="NAME")
        parser.add_argument("--role", choices=Role.values, default=Role.OWNER.value)

    def handle(
        self, *args: Any, email: str, organization: str, role: str, **options: Any
    ) -> None:
        try:
            validate_email(email)
        except ValidationError:
            raise CommandError(f"{email!r} is not an e-mail address.") from None
        known = User.objects.using("owner").filter(email__iexact=email).exists()
        try:
            made = operating.add_member(
                email=email,
                password=None if known else _new_password(),
                organization_name=organization,
                role=Role(role),
            )
        except operating.SeveralOrganizations as reason:
            raise CommandError(str(reason)) from None
        self.stdout.write(f"{email} is {made.role} of {organization}.")


def _new_password() -> str:
    """Ask twice at a terminal; elsewhere read one line of standard input."""
    if not sys.stdin.isatty():
        password = sys.stdin.readline().rstrip("\n")
    else:
        password = getpass.getpass("Password: ")
        if getpass.getpass("Password again: ") != password:
            raise CommandError("The two passwords differ; nothing was made.")
    try:
        validate_password(password)
    except ValidationError as reasons:
        raise CommandError(" ".join(reasons.messages)) from None
    return password
