"""`manage.py analyse DATA.csv --spec SPEC.yaml`: a report of a researcher's own file.

Needs no database. Refusals are one sentence on stderr and exit status 2; result files
appear whole or not at all.
"""

import json
import os
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, get_args

from django.core.management.base import BaseCommand, OutputWrapper

from analytics.border_rule import EstimatorChoice, settled
from analytics.datafile import read_answers
from analytics.own_model import read_model_file
from analytics.plan import LANGUAGES
from analytics.report import build_report
from analytics.sentences import BadInput, label
from analytics.specification import read_specification
from analytics.standalone import standalone_page
from analytics.terminal import report_as_text
from trustsurvey import __version__

REFUSED: Final = 2
QUIET_SECONDS: Final = 1.0
PACKAGES: Final = ("numpy", "scipy", "factor-analyzer")


class Command(BaseCommand):
    help = "Analyse a CSV file of answers as a specification (YAML) describes it."
    requires_system_checks: Any = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("data", type=Path, help="CSV with a header row")
        parser.add_argument("--spec", type=Path, required=True, help="specification")
        parser.add_argument("--json", type=Path, help="write the result here")
        parser.add_argument("--html", type=Path, help="write the report page here")
        parser.add_argument("--language", choices=LANGUAGES, default="en")
        parser.add_argument(
            "--estimator",
            choices=get_args(EstimatorChoice),
            help="of the factor model: ML; MLMV and MLR with robust chi-square; FIML from all "
            "answers; WLSMV of ordered items; rule: by the points of the items. Without "
            "it what the specification says",
        )
        parser.add_argument(
            "--item-response",
            action="store_true",
            help="graded response models of the scales, and their items between groups, "
            "even where the specification does not ask for them",
        )
        parser.add_argument(
            "--model", type=Path, help="fit this model text (lavaan's language), too"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        language = options["language"]
        try:
            self._analyse(options, language)
        except BadInput as refusal:
            self.stderr.write(refusal.sentence.text(language))
            raise SystemExit(REFUSED) from None

    def _analyse(self, options: dict[str, Any], language: str) -> None:
        progress = Progress(self.stderr, language)
        plan = read_specification(options["spec"])
        if options["estimator"]:
            plan = settled(
                plan, estimator=options["estimator"], correlation=plan.correlation
            )
        if options["item_response"]:
            plan = replace(plan, item_response=True)
        if options["model"]:
            plan = replace(plan, own_model=read_model_file(options["model"], plan))
        answers = read_answers(
            options["data"],
            plan,
            progress=lambda share: progress("progress_reading", share),
        )
        report = build_report(
            answers.responses,
            plan,
            input_sha256=answers.sha256,
            software=_software(),
            teams=answers.teams,
            groups=answers.groups,
            sampling=answers.sampling,
            progress=progress,
        )
        # everything that can fail comes before the first file appears
        files: dict[Path, str] = {}
        if options["json"]:
            stored = json.dumps(
                report.to_json(), ensure_ascii=False, allow_nan=False, indent=2
            )
            files[options["json"]] = stored + "\n"
        if options["html"]:
            progress("progress_charts", 0.0)
            files[options["html"]] = standalone_page(report, language)
        write_all(files)
        self.stdout.write(report_as_text(report, language), ending="")


class Progress:
    """Tells about long work once a second, and nothing about short work."""

    def __init__(
        self,
        stderr: OutputWrapper,
        language: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.stderr, self.language, self.clock = stderr, language, clock
        self.last = clock()

    def __call__(self, stage: str, share: float) -> None:
        now = self.clock()
        if now - self.last >= QUIET_SECONDS:
            self.last = now
            # not in the red of errors
            line = f"{label(stage, self.language)} {share:.0%}"
            self.stderr.write(line, style_func=str)


def _software() -> dict[str, str]:
    return {"trustsurvey": __version__, **{name: version(name) for name in PACKAGES}}


def write_all(files: dict[Path, str]) -> None:
    """Write every file beside its place, then move all of them there."""
    written: list[tuple[str, Path]] = []
    path = Path()
    try:
        for path, content in files.items():
            handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".analyse-")
            written.append((temporary, path))
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(content)
        for temporary, path in written:
            Path(temporary).chmod(0o644)
            Path(temporary).replace(path)
    except OSError as error:
        detail = error.strerror or str(error)
        raise BadInput("file_not_writable", path=str(path), detail=detail) from error
    finally:
        for temporary, _ in written:
            Path(temporary).unlink(missing_ok=True)
