r"""A model of answers with gaps: full-information maximum likelihood.

The discrepancy is that of `pattern_likelihood`, less its value at the saturated moments,
so that n times it is the likelihood ratio. By the chain rule its derivatives are those by
the moments times the slopes of the moments; only the second derivatives of the moments
themselves need `kernel.curvature`.

References
----------
Arbuckle (1996), in Marcoulides & Schumacker, Advanced structural equation modeling,
243-277: full-information maximum likelihood.
Savalei (2010), Psychol. Methods 15, 352-367: which information to use.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.sem.estimation import Problem
from analytics.psychometrics.sem.kernel import (
    Implied,
    Places,
    Slopes,
    curvature,
    slopes,
    total_effects,
)
from analytics.psychometrics.sem.missing_patterns import (
    MissingPatterns,
    means_of,
    variances_of,
)
from analytics.psychometrics.sem.pattern_likelihood import (
    Fit,
    at_moments,
    residual_rows,
    second_derivatives,
)
from analytics.psychometrics.sem.saturated import Saturated, constant
from analytics.psychometrics.sem.weights import stacked, stacked_slopes


@dataclass(frozen=True, slots=True, eq=False)
class Incomplete(Problem):
    """A problem whose discrepancy is summed over patterns of gaps.

    `groups` hold the saturated moments in the place of observed ones.

    Attributes
    ----------
    patterns : tuple of MissingPatterns
        The answers of each group.
    saturated : tuple of Saturated
    """

    patterns: tuple[MissingPatterns, ...]
    saturated: tuple[Saturated, ...]
    # the last point of each group: value, slopes and curvature are asked in turn
    _last: dict[int, tuple[Implied, Fit]] = field(
        init=False, default_factory=dict, repr=False
    )

    @property
    def n_moments(self) -> int:
        """Number of means, and of covariances of pairs that somebody answered."""
        return sum(len(one.free) for one in self.saturated)

    def _fit(self, g: int, at: Implied) -> Fit:
        last = self._last.get(g)
        if last is not None and last[0] is at:
            return last[1]
        found = at_moments(self.patterns[g], at.mu, at.sigma)
        if found is None:
            # parts of a positive definite matrix are so, too, but for rounding
            found = Fit(float("inf"), np.zeros(self.p), np.zeros((self.p, self.p)))
        self._last[g] = at, found
        return found

    def discrepancy_of(self, g: int, at: Implied) -> float:
        """Discrepancy of one group."""
        return self._fit(g, at).value - self.saturated[g].fit.value

    def gradient_of(self, g: int, at: Implied, by: Slopes) -> Matrix:
        """First derivatives of one group's discrepancy by e elements, (e,)."""
        fit = self._fit(g, at)
        slope: Matrix = -2 * (by.U * (fit.E @ by.V)).sum(axis=0) - 2 * by.M.T @ fit.w
        return slope

    def information_of(
        self, g: int, at: Implied, left: Slopes, right: Slopes
    ) -> Matrix:
        """Return expected second derivatives of one group's discrepancy, (e, f)."""
        H = second_derivatives(self.patterns[g], at.mu, at.sigma, expected=True)
        D = stacked_slopes(left, means=True)
        E = D if right is left else stacked_slopes(right, means=True)
        found: Matrix = D.T @ H @ E
        return found

    def own_information_of(self, g: int, at: Implied, by: Slopes) -> Matrix:
        """Diagonal of `information_of`, (e,)."""
        H = second_derivatives(self.patterns[g], at.mu, at.sigma, expected=True)
        D = stacked_slopes(by, means=True)
        own: Matrix = (D * (H @ D)).sum(axis=0)
        return own

    def hessian_of(self, g: int, at: Implied, places: Places, by: Slopes) -> Matrix:
        """Exact second derivatives of one group's discrepancy, (e, e)."""
        fit = self._fit(g, at)
        H = second_derivatives(self.patterns[g], at.mu, at.sigma, expected=False)
        D = stacked_slopes(by, means=True)
        found: Matrix = D.T @ H @ D + curvature(at, places, fit.E, fit.w)
        return found

    def baseline(self) -> float:
        """Discrepancy of uncorrelated variables: each by whoever answered it."""
        total = 0.0
        for group, own, patterns in zip(
            self.groups, self.saturated, self.patterns, strict=True
        ):
            shares = patterns.counts @ patterns.answered / patterns.n
            fit = float(shares @ (np.log(variances_of(patterns)) + 1))
            total += group.weight * (fit - own.fit.value)
        return total

    def gfi(self, ats: Sequence[Implied]) -> float:
        """Share of the squares of the moments, weighted by the expected information."""
        lost = whole = 0.0
        for group, at, patterns in zip(self.groups, ats, self.patterns, strict=True):
            V = second_derivatives(patterns, at.mu, at.sigma, expected=True)
            s = stacked(group.S, group.mean, means=True)
            r = s - stacked(at.sigma, at.mu, means=True)
            lost += group.weight * float(r @ V @ r)
            whole += group.weight * float(s @ V @ s)
        return 1 - lost / whole

    def logliks(self, ats: Sequence[Implied]) -> tuple[float, float]:
        """Return the log-likelihoods of the model and of the saturated moments."""
        model = saturated = 0.0
        for g, (at, patterns) in enumerate(zip(ats, self.patterns, strict=True)):
            fixed = constant(patterns)
            model -= patterns.n / 2 * self._fit(g, at).value + fixed
            saturated -= patterns.n / 2 * self.saturated[g].fit.value + fixed
        return model, saturated

    def moment_slopes(self, theta: Matrix) -> list[Matrix] | None:
        """Slopes of each group's determined moments by the parameters, (f, t)."""
        found = []
        for g, (layout, own) in enumerate(
            zip(self.layouts, self.saturated, strict=True)
        ):
            m = self.matrices(g, theta)
            try:
                B = total_effects(m.A)
            except np.linalg.LinAlgError:
                return None
            P: Matrix = B @ m.S @ B.T
            sigma = P[: self.p, : self.p]
            at = Implied(B, P, B @ m.alpha, sigma, sigma, 0.0)
            D = np.zeros((self.model.n_free, len(own.free)))
            elements = stacked_slopes(slopes(at, layout.places), means=True)
            np.add.at(D, layout.parameter, elements[own.free].T)
            found.append(D.T)
        return found

    def moment_products(self, theta: Matrix) -> Matrix | None:
        """J'J of the determined moments in units of the items, (t, t)."""
        found = self.moment_slopes(theta)
        if found is None:
            return None
        total = np.zeros((self.model.n_free,) * 2)
        for group, own, D in zip(self.groups, self.saturated, found, strict=True):
            sd = np.sqrt(np.diag(group.S))
            i, j = np.tril_indices(self.p)
            units = np.concatenate([sd, sd[i] * sd[j]])[own.free]
            scaled = D / units[:, None]
            total += group.weight * scaled.T @ scaled
        return total

    def score_products(self, ats: Sequence[Implied]) -> Matrix:
        """Mean outer product of everybody's scores by the parameters, (t, t)."""
        total = np.zeros((self.model.n_free,) * 2)
        for group, layout, at, patterns in zip(
            self.groups, self.layouts, ats, self.patterns, strict=True
        ):
            by = slopes(at, layout.places)
            z, W = residual_rows(patterns, at.mu, at.sigma)
            expected = (by.U * (W @ by.V)).sum(axis=1)
            scores = z @ by.M + (z @ by.U) * (z @ by.V)
            scores -= np.repeat(expected, patterns.counts.astype(int), axis=0)
            layout.collect(total, group.weight * (scores.T @ scores) / patterns.n)
        return total

    def uncorrelated(self, g: int) -> tuple[Matrix, Matrix]:
        """Means and variances of whoever answered each item, (p,) both."""
        return means_of(self.patterns[g]), variances_of(self.patterns[g])
