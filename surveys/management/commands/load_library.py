from typing import Any

from django.core.management.base import BaseCommand, CommandError

from surveys import operating
from surveys.definition import DefinitionError


class Command(BaseCommand):
    help = "Publish the shipped questionnaires that are not published yet."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            published = operating.publish_library()
        except (DefinitionError, operating.PublishedVersionChanged) as reason:
            raise CommandError(str(reason)) from None
        names = ", ".join(str(version) for version in published)
        self.stdout.write(f"Library: {names}")
