"""`manage.py simulate MODEL.txt --n 200`: what samples of a model would show.

Needs no database. The model is a text of lavaan's language with a number before every
variable. Refusals are one sentence on stderr and exit status 2.
"""

import json
import math
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final, get_args

import numpy as np
from django.core.management.base import BaseCommand

from analytics.answers import reason_of
from analytics.management.commands.analyse import REFUSED, Progress, write_all
from analytics.plan import LANGUAGES
from analytics.psychometrics import PsychometricsError
from analytics.psychometrics.sem import (
    Estimator,
    MonteCarlo,
    SimulatedParameter,
    ValeMaurelli,
    monte_carlo,
    read_population,
)
from analytics.sentences import BadInput, label, say
from analytics.terminal import columns
from analytics.textfile import text_of

ESTIMATORS: Final = tuple(one for one in get_args(Estimator) if one != "FIML")
ORDERED: Final = ("WLSMV", "WLSM", "ULSMV", "ULSM")


class Command(BaseCommand):
    help = "Simulate samples of a model with numbers: bias, coverage, power."
    requires_system_checks: Any = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("model", type=Path, help="model text with numbers")
        parser.add_argument("--n", type=int, required=True, help="people in a sample")
        parser.add_argument("--replications", type=int, default=500)
        parser.add_argument("--estimator", choices=ESTIMATORS, default="ML")
        parser.add_argument(
            "--analysis",
            type=Path,
            help="fit this model instead of the one with numbers",
        )
        parser.add_argument(
            "--shares", help="answers on points: share of each, such as .1,.2,.4,.2,.1"
        )
        parser.add_argument("--skew", type=float, default=0.0, help="of real values")
        parser.add_argument("--kurtosis", type=float, default=0.0, help="excess")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--json", type=Path, help="write the result here")
        parser.add_argument("--language", choices=LANGUAGES, default="en")

    def handle(self, *args: Any, **options: Any) -> None:
        language = options["language"]
        try:
            found = self._simulated(options, language)
            if options["json"]:
                settings = {key: options[key] for key in ("shares", "seed")}
                stored = json.dumps({**asdict(found), **settings}, indent=2)
                write_all({options["json"]: stored + "\n"})
        except PsychometricsError as error:
            self.stderr.write(reason_of(error).text(language))
            raise SystemExit(REFUSED) from None
        except BadInput as refusal:
            self.stderr.write(refusal.sentence.text(language))
            raise SystemExit(REFUSED) from None
        self.stdout.write("\n".join(as_lines(found, options["seed"], language)))

    def _simulated(self, options: dict[str, Any], language: str) -> MonteCarlo:
        for name in ("n", "replications"):
            if options[name] < 1:
                raise _refused(name, options[name], "simulate_needs_count")
        skewed = options["skew"] or options["kurtosis"]
        if skewed and options["shares"]:
            raise _refused("shares", options["shares"], "simulate_needs_normal")
        if options["estimator"] in ORDERED and not options["shares"]:
            raise _refused("estimator", options["estimator"], "simulate_needs_points")
        analysis = options["analysis"]
        progress = Progress(self.stderr, language)
        return monte_carlo(
            read_population(text_of(options["model"])),
            n=options["n"],
            replications=options["replications"],
            rng=np.random.default_rng(options["seed"]),
            estimator=options["estimator"],
            analysis=text_of(analysis) if analysis else None,
            shares=_shares(options["shares"]) if options["shares"] else None,
            shape=ValeMaurelli(options["skew"], options["kurtosis"])
            if skewed
            else None,
            progress=lambda share: progress("simulate_progress", share),
        )


def as_lines(found: MonteCarlo, seed: int, language: str) -> list[str]:
    """Return what is printed, in one language."""
    counted = {"replications": found.replications, "n": found.n}
    head = say("simulate_head", **counted, estimator=found.estimator, seed=seed)
    solutions = say(
        "simulate_solutions",
        converged=found.converged,
        improper=found.improper,
        replications=found.replications,
    )
    unit = 200 / math.sqrt(found.converged)  # of a share, in points, twice its error
    error = say(
        "simulate_error",
        replications=found.converged,
        points=unit * 0.5,
        tail=unit * math.sqrt(0.95 * 0.05),
    )
    lines = [head.text(language), "", *_table(found, language), ""]
    lines.append(solutions.text(language))
    if found.rejected is not None:
        tested = say(
            "simulate_test",
            rejected=found.rejected,
            tested=found.tested,
            df=found.df,
            alpha=found.alpha,
        )
        lines.append(tested.text(language))
    return [*lines, error.text(language), say("simulate_standing").text(language)]


def _table(found: MonteCarlo, language: str) -> list[str]:
    names = ["parameter", "population", "mean", "bias", "sd", "se", "coverage", "power"]
    rows = [[label(f"simulate_{name}", language) for name in names]]
    rows += [_row(one) for one in found.parameters]
    return list(columns(rows, [False] + [True] * 7))


def _row(one: SimulatedParameter) -> list[str]:
    numbers = one.population, one.mean, one.bias, one.sd, one.mean_se
    shares = one.coverage, one.power
    return [
        one.name,
        *("-" if value is None else f"{value:.3f}" for value in numbers),
        *("-" if value is None else f"{value:.1%}" for value in shares),
    ]


def _shares(given: str) -> tuple[float, ...]:
    try:
        shares = tuple(float(one) for one in given.split(","))
    except ValueError:
        shares = ()
    if len(shares) < 2 or min(shares) <= 0 or abs(sum(shares) - 1) > 1e-9:
        raise _refused("shares", given, "simulate_needs_shares")
    return shares


def _refused(option: str, value: object, needs: str) -> BadInput:
    words = say(needs).as_text()
    return BadInput("simulate_value", option=option, value=str(value), needs=words)
