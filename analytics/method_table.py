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
            **self._sampling(comma),
            "setting_reliability": say(
                "intervals_rule_sampled" if self.report.design else "intervals_rule"
            ),
            "setting_correction": say("correction_rule"),
            "setting_factors": f"{number}{comma}{method}",
            "setting_estimator": self._estimator(),
            "setting_item_response": say(f"item_response_{settings.dif_matching}")
            if settings.item_response
            else "",
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

    def _sampling(self, comma: str) -> dict[str, str]:
        """Return teams, weights and what they cost."""
        found = self.report.design
        if found is None:
            return {}
        rows = {}
        if found.clusters is not None:
            rows["setting_clusters"] = label(
                "clusters_value",
                self.language,
                column=found.clusters,
                count=found.n_clusters or 0,
                size=found.mean_size or 0.0,
            )
        if found.weights is not None:
            rows["setting_answer_weights"] = label(
                "answer_weights_value",
                self.language,
                column=found.weights,
                total=found.sum_of_weights or 0.0,
                effective=found.effective_n or 0.0,
            )
        names = {code: one.name for code, one in self.report.constructs.items()}
        rows["setting_design_effects"] = comma.join(
            label(
                "design_effects_value", self.language, name=names[code], effect=effect
            )
            for code, effect in found.effects.items()
        )
        return rows

    def _estimator(self) -> str:
        if self.report.cfa is None:
            return ""
        settings = self.report.settings
        used = self._label(f"estimator_{settings.estimator}")
        if self.report.design:
            return label("estimator_sampled", self.language, estimator=used)
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
