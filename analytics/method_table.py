"""The table of settings: how the numbers were made."""

from dataclasses import dataclass

from analytics.sentences import label
from analytics.tables import Cell, Column, Table, Tables
from analytics.thresholds import NUMERIC_POINTS


@dataclass(frozen=True, slots=True)
class MethodTable(Tables):
    """Makes the table of settings, software and digest."""

    def methods(self) -> Table:
        """Return settings, software and digest."""
        rows = tuple(
            (Cell(name), Cell(value)) for name, value in self._settings().items()
        )
        columns = (Column(self._label("setting")), Column(self._label("value")))
        return Table(self._label("methods"), columns, rows)

    def _settings(self) -> dict[str, str]:
        settings, say = self.report.settings, self._label
        factors = self.report.factors
        method = label(
            "factors_method",
            self.language,
            method=factors.method,
            rotation=factors.rotation,
        )
        number = (
            say("factors_parallel")
            if settings.n_factors == "parallel"
            else str(settings.n_factors)
        )
        comma = "；" if self.language == "zh-hans" else "; "
        where = comma.join(f"{k}: {', '.join(v)}" for k, v in settings.where.items())
        software = ", ".join(f"{k} {v}" for k, v in self.report.software.items())
        rows = {
            "setting_missing": say(f"missing_{settings.missing}"),
            "setting_scores": say("scores_rule"),
            "setting_correlation": say(f"correlation_{settings.correlation}"),
            "setting_reliability": say("intervals_rule"),
            "setting_correction": say("correction_rule"),
            "setting_factors": f"{number}{comma}{method}",
            "setting_estimator": self._estimator(),
            "setting_draws": str(settings.n_draws),
            "setting_weights": say("weights_rule") if self.report.weights else "",
            "setting_resamples": self._resamples(),
            "setting_seed": str(settings.seed),
            "setting_where": where,
            "setting_groups": ", ".join(settings.groups),
            "setting_software": software,
            "setting_digest": self.report.input_sha256 or "",
        }
        return {say(code): value for code, value in rows.items() if value}

    def _estimator(self) -> str:
        if self.report.cfa is None:
            return ""
        settings = self.report.settings
        used = self._label(f"estimator_{settings.estimator}")
        if not settings.by_rule or settings.points is None:
            return used
        code = "ordered" if settings.points < NUMERIC_POINTS else "numbers"
        if settings.points == NUMERIC_POINTS:
            code = "border"
        return label(
            f"estimator_rule_{code}",
            self.language,
            estimator=used,
            points=settings.points,
        )

    def _resamples(self) -> str:
        n = self.report.settings.n_resamples
        return label("resamples_value", self.language, n=n) if n else ""
