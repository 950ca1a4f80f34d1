from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from surveys.definition import LANGUAGES, DefinitionError, parse_questionnaire
from surveys.definition.quality import check_questionnaire


class Command(BaseCommand):
    help = "Print what the quality gate finds in the YAML file of a questionnaire."
    # reads one file and no database
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="YAML file")
        parser.add_argument(
            "--language", choices=LANGUAGES, default="en", help="of the sentences"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        language: str = options["language"]
        try:
            document = path.read_text(encoding="utf-8")
            asked = parse_questionnaire(document, source=path.name)
        except DefinitionError as reason:
            raise CommandError(reason.in_(language)) from None
        except (OSError, UnicodeDecodeError) as reason:
            raise CommandError(
                f"{path} cannot be read as UTF-8 text ({reason}); name a YAML file."
            ) from None
        findings = check_questionnaire(asked)
        for finding in findings:
            self.stdout.write(f"[{finding.severity}] {finding.in_(language)}")
        faults = sum(finding.severity == "must" for finding in findings)
        self.stdout.write(f"{asked.code} {asked.version}: {len(findings)} / {faults}")
        if faults:
            raise CommandError(f"{faults} must be corrected.", returncode=1)
