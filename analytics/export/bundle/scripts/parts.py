"""The parts of the report, each as nested as the report is, recomputed."""

import math
from collections.abc import Callable
from itertools import combinations

import formulas as f
import likelihood as m
import numpy as np
from models import Group, invariance_models, standard_models
from numpy.typing import NDArray
from study import Plain, Study


def counts(study: Study) -> Plain:
    codes = [i for code in study.scales for i in study.items(code)]
    complete = ~np.isnan(study.of(codes)).any(axis=1)
    return {"n_rows": study.rows, "n_complete": int(complete.sum())}


def scales(study: Study) -> Plain:
    return {
        part: {
            code: scale_of(study, told, outcome=part == "outcomes")
            for code, told in study.report[part].items()
        }
        for part in ("scales", "outcomes")
    }


def scale_of(study: Study, told: Plain, *, outcome: bool) -> Plain:
    """One scale: level, reliability, items; `told` is what the report says of it."""
    codes = list(told["items"])
    design = [study.design["items"][code] for code in codes]
    X = study.of(codes)
    scores = f.score(X)
    n = int((~np.isnan(scores)).sum())
    found: Plain = {
        "low": min(item["low"] for item in design),
        "high": max(item["high"] for item in design),
        "n": n,
        "n_items": len(codes),
        "mean": f.mean_with_interval(scores),
        "sd": {"estimate": np.nanstd(scores, ddof=1), "n": n},
        "items": {},
    }
    for code, item in zip(codes, design, strict=True):
        one = f.described(study.answers[code], item["low"], item["high"])
        found["items"][code] = {**one, "missing": study.rows - one["n"]}
    if outcome and len(codes) == 1 and (found["low"], found["high"]) == (0, 10):
        found["recommend_index"] = f.recommend(X[:, 0])
    if told["model"] == "reflective" and len(codes) > 1:
        _reliability(found, codes, X)
    return found


def _reliability(found: Plain, codes: list[str], X: f.Matrix) -> None:
    S, R, pairs = f.pairwise(X)
    n, p = int(pairs.min()), len(codes)
    found["alpha"] = {
        "raw": f.alpha_with_interval(f.alpha(S), n, p),
        "standardized": f.alpha_with_interval(f.alpha(f.unit_variances(S)), n, p),
    }
    for j, code in enumerate(codes):
        found["items"][code]["item_rest_r"] = f.item_rest(S, j)
        if p > 2:
            found["items"][code]["alpha_if_dropped"] = f.alpha(f.without(S, j))
    if p == 2:
        found["spearman_brown"] = f.spearman_brown(float(R[0, 1]), n)
    else:
        found["omega_total"] = f.omega(R, n)


def structure(study: Study) -> Plain:
    """Adequacy, eigenvalues, votes and exploratory factors of the trust items."""
    told = study.report["dimensionality"]
    votes: Plain = {}
    codes = told["items"]
    _, R, pairs = f.pairwise(study.of(codes))
    n, values = int(pairs.min()), f.eigenvalues(R)
    reduced = R - np.eye(len(R)) + np.diag(f.one_factor(R) ** 2)
    if parallel := told["parallel"]:
        factors, components = f.eigenvalues(reduced), values
        votes = {
            "factors": f.leading(list(factors), parallel["factor_thresholds"]),
            "components": f.leading(list(components), parallel["component_thresholds"]),
            "factor_observed": list(factors),
            "component_observed": list(components),
        }
    found: Plain = {
        "dimensionality": {
            "kmo": f.kmo(R),
            "bartlett": f.bartlett(R, n),
            "eigenvalues": list(values),
            "parallel": votes,
        }
    }
    asked = study.report["settings"]["n_factors"]
    if asked == "parallel" and votes:
        asked = max(1, min(votes["factors"], f.most_factors(len(codes))))
    if study.report["factors"]["n_factors"]:
        L, phi = f.quartimin(f.minres(R, asked))
        communalities = ((L @ phi) * L).sum(axis=1)
        found["factors"] = {
            "n_factors": asked,
            "loadings": dict(zip(codes, L.tolist(), strict=True)),
            "phi": phi.tolist(),
            "communalities": dict(zip(codes, communalities.tolist(), strict=True)),
        }
    return found


def separability(study: Study) -> Plain:
    found = {}
    for (a, first), (b, second) in combinations(
        study.factors(list(study.scales)).items(), 2
    ):
        _, R, _ = f.pairwise(study.of([*first, *second]))
        k, p = len(first), len(R)
        found[f"{a}~~{b}"] = f.htmt(R, list(range(k)), list(range(k, p)))
    return {"htmt": found}


def loyalty(study: Study) -> Plain:
    """Correlations of scales with outcomes, corrected ones, relative weights."""
    relations: Plain = {}
    weights: Plain = {}
    trust = list(study.report["scales"])
    X = np.column_stack([study.score(code) for code in trust])
    low = np.array([_end(study, code, "low", min) for code in trust])
    high = np.array([_end(study, code, "high", max) for code in trust])
    plain_mean = ((X - low) / (high - low)).mean(axis=1)
    alphas = {
        code: f.alpha(f.pairwise(study.of(items))[0])
        for code, items in study.factors(list(study.scales)).items()
    }
    for outcome in study.report["outcomes"]:
        y = study.score(outcome)
        equal = f.correlation(plain_mean, y)
        weights[outcome] = {"equal_weights": {**equal, "estimate": equal["r"]}}
        if len(trust) > 1:
            r_squared, shares, n = f.relative_weights(X, y)
            weights[outcome]["r_squared"] = {"estimate": r_squared, "n": n}
        relations[outcome] = {}
        for k, code in enumerate(trust):
            one = f.correlation(X[:, k], y)
            if code in alphas and outcome in alphas:
                one["disattenuated"] = one["r"] / math.sqrt(
                    alphas[code] * alphas[outcome]
                )
            if len(trust) > 1:
                one["relative_weight"] = {"share": shares[k]}
            relations[outcome][code] = one
    return {"loyalty": relations, "weights": weights}


def _end(study: Study, scale: str, end: str, most: Callable[..., float]) -> float:
    return most(study.design["items"][code][end] for code in study.items(scale))


def confirmed(study: Study) -> Plain:
    """Return the factor model, those it is compared with, AVE and composite reliability."""
    named = study.factors(list(study.scales))
    codes = [code for items in named.values() for code in items]
    group = Group.of(study.of(codes))
    scales = {name: [codes.index(i) for i in own] for name, own in named.items()}
    told = study.report["models"]
    wanted = {"correlated", *(name for name, one in told.items() if one["converged"])}
    fits = m.fit_standard(scales, group, wanted)
    correlated = fits["correlated"]
    unit = m.standardized(correlated, scales)
    pairs = unit["correlations"].items()
    found: Plain = {
        "cfa": {
            **m.measures(correlated),
            "loadings": {codes[i]: value for i, value in unit["loadings"].items()},
            "factor_correlations": {f"{a}~~{b}": value for (a, b), value in pairs},
        },
        "models": {
            name: m.measures(fits[name]) if name in fits else {"n": group.n}
            for name in told
        },
        "scales": {},
        "outcomes": {},
    }
    for name, own in scales.items():
        part = "scales" if name in study.report["scales"] else "outcomes"
        found[part][name] = m.reliability(correlated, name, own)
    return found


def groups(study: Study) -> Plain:
    """Fit the levels of invariance between the languages."""
    told = study.report["groups"].get("language")
    if not told or not study.languages:
        return {}
    named = study.factors(list(study.scales))
    codes = [code for items in named.values() for code in items]
    scales = {name: [codes.index(i) for i in own] for name, own in named.items()}
    spoken = study.design["language"]["codes"]
    samples = {
        code: Group.of(study.chosen(_where(study, code)).of(codes)) for code in spoken
    }
    sizes = {n: samples[code].n for code in spoken for n in spoken[code]["names"]}
    found: Plain = {"n": sizes}
    if told["invariance"]["configural"]:
        both = list(samples.values())
        before: Plain = {}
        for level, models in invariance_models(scales, both).items():
            one = m.measures(m.fit(models, both, means=True))
            found[level] = {**one, "rmsea": one["rmsea"]["estimate"]}
            if before:
                found[level]["difference_p"] = m.difference_p(before, one)
            before = one
    return {"groups": {"language": {"invariance": found}}}


def _where(study: Study, language: str) -> NDArray[np.bool_]:
    code = study.design["language"]["codes"][language]["code"]
    return np.array([spoken == code for spoken in study.languages])


def instruments(study: Study) -> Plain:
    """Return each questionnaire by itself in each language."""
    found = []
    for told in study.report["by_instrument"] if study.languages else []:
        part = study.chosen(_where(study, told["language"]))
        own = [c for c in study.scales if c.startswith(f"{told['instrument']}.")]
        X = part.of([i for code in own for i in part.items(code)])
        one: Plain = {
            "n": int((~np.isnan(X)).any(axis=1).sum()),
            "n_complete": int((~np.isnan(X)).all(axis=1).sum()),
            "reliability": {},
            "relations": {},
        }
        named = part.factors(own)
        for code in named:
            scale = scale_of(part, part.scales[code], outcome=False)
            one["reliability"][code] = {
                "n": scale["n"],
                "n_items": scale["n_items"],
                "alpha": scale["alpha"]["raw"],
                "omega": scale.get("omega_total"),
            }
        if told["fit"]:
            codes = [i for items in named.values() for i in items]
            group = Group.of(part.of(codes))
            one["fit"] = {"n": group.n}
            if told["fit"]["converged"]:
                at = {c: [codes.index(i) for i in items] for c, items in named.items()}
                model = standard_models(at, group.S)["correlated"]
                one["fit"] = m.measures(m.fit([model], [group], means=False))
        for outcome, relations in told["relations"].items():
            one["relations"][outcome] = {
                code: _relation(part.score(code), part.score(outcome))
                for code in relations
            }
        found.append(one)
    return {"by_instrument": found}


def _relation(x: f.Matrix, y: f.Matrix) -> Plain:
    one = f.correlation(x, y)
    return {**one, "estimate": one["r"]}


def others(study: Study) -> Plain:
    """Describe what was answered about further referents, beside the first."""
    found = []
    for told in study.report["others"]:
        scores = {
            code: f.score(study.of(list(scale["items"])))
            for code, scale in told["scales"].items()
        }
        one: Plain = {
            "scales": {
                code: scale_of(study, scale, outcome=code in study.report["outcomes"])
                for code, scale in told["scales"].items()
            },
            "differences": {
                code: f.paired(study.score(code), scores[code])
                for code in told["differences"]
            },
            "relations": {
                outcome: {
                    code: _relation(scores[code], scores[outcome]) for code in relations
                }
                for outcome, relations in told["relations"].items()
            },
        }
        found.append(one)
    return {"others": found}


PARTS = (
    *(counts, scales, structure, separability, loyalty),
    *(confirmed, groups, instruments, others),
)
