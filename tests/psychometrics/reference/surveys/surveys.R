# Teams and sampling weights: reference values for test_clustered.py and test_design.py.
# Run in this folder: Rscript surveys.R. Reads ../data; writes surveys.json.
suppressMessages({library(lavaan); library(jsonlite); library(sandwich); library(psych)})
demo <- read.csv("../data/demo_twolevel.csv")
demo$w <- 0.5 + (seq_len(nrow(demo)) %% 7) / 3
hs <- read.csv("../data/hs1939.csv")
hs$w <- 0.4 + (hs$id %% 5) / 2
hs$team <- paste(hs$school, hs$agemo, hs$sex)
HS <- "visual=~x1+x2+x3\ntextual=~x4+x5+x6\nspeed=~x7+x8+x9"
ONE <- "f=~y1+y2+y3\ng=~y4+y5+y6"

stored <- function(fit) list(
  call = paste(deparse(fit@call), collapse = " "),
  fit = as.list(unclass(fitMeasures(fit))[c("chisq", "df", "npar", "chisq.scaled",
    "pvalue.scaled", "chisq.scaling.factor", "baseline.chisq.scaled",
    "baseline.chisq.scaling.factor", "cfi.robust", "tli.robust", "rmsea.robust",
    "scaling.factor.h1", "srmr", "logl", "unrestricted.logl")]),
  parameters = parameterEstimates(fit)[c("lhs", "op", "rhs", if (lavInspect(fit,
    "ngroups") > 1) "group", "est", "se")],
  standardized = standardizedSolution(fit)[c("lhs", "op", "rhs", if (lavInspect(fit,
    "ngroups") > 1) "group", "est.std", "se")])

grouped <- function(...) cfa(HS, hs, group = "school", estimator = "MLR",
  group.equal = c("loadings", "intercepts"), ...)
# every statistic of the saturated moments is a derived quantity of this model
MOMENTS <- "
y1 ~~ v1*y1 + c12*y2 + c13*y3
y2 ~~ v2*y2 + c23*y3
y3 ~~ v3*y3
alpha := 1.5 * (1 - (v1 + v2 + v3) / (v1 + v2 + v3 + 2*(c12 + c13 + c23)))
r12 := c12 / sqrt(v1*v2)
"
statistics <- function(...) {
  fit <- sem(MOMENTS, demo, estimator = "MLR", meanstructure = TRUE, ...)
  all <- parameterEstimates(fit)
  all[all$op %in% c(":=", "~1"), c("lhs", "op", "est", "se")]
}
clustered_mean <- function(y, w, team) {
  fit <- lm(y ~ 1, weights = w)
  c(estimate = unname(coef(fit)),
    se = sqrt(vcovCL(fit, team, type = "HC0", cadjust = TRUE)[1, 1]))
}
half <- seq_len(nrow(demo)) %% 3 == 0
clustered_difference <- function(y, w, team) {
  fit <- lm(y ~ half, weights = w)
  c(estimate = unname(coef(fit)[2]),
    se = sqrt(vcovCL(fit, team, type = "HC0", cadjust = TRUE)[2, 2]))
}
people <- seq_len(nrow(demo))
out <- list(
  teams = stored(cfa(ONE, demo, estimator = "MLR", cluster = "cluster",
    meanstructure = TRUE)),
  weights = stored(cfa(HS, hs, estimator = "MLR", sampling.weights = "w",
    meanstructure = TRUE)),
  both = stored(cfa(ONE, demo, estimator = "MLR", cluster = "cluster",
    sampling.weights = "w", meanstructure = TRUE)),
  groups_teams = stored(grouped(cluster = "team")),
  groups_weights = stored(grouped(sampling.weights = "w",
    sampling.weights.normalization = "group")),
  statistics = list(teams = statistics(cluster = "cluster"),
    weights = statistics(sampling.weights = "w"),
    both = statistics(cluster = "cluster", sampling.weights = "w")),
  means = list(
    teams = as.list(clustered_mean(demo$y1, rep(1, nrow(demo)), demo$cluster)),
    weights = as.list(clustered_mean(demo$y1, demo$w, people)),
    both = as.list(clustered_mean(demo$y1, demo$w, demo$cluster))),
  differences = list(
    teams = as.list(clustered_difference(demo$y1, rep(1, nrow(demo)), demo$cluster)),
    weights = as.list(clustered_difference(demo$y1, demo$w, people)),
    both = as.list(clustered_difference(demo$y1, demo$w, demo$cluster))),
  weighted = {
    m <- cov.wt(as.matrix(hs[paste0("x", 1:9)]), wt = hs$w / sum(hs$w), cor = TRUE,
      method = "ML")
    n <- nrow(hs)
    list(mean = as.list(m$center), cov = m$cov * n / (n - 1), cor = m$cor,
      alpha = unname(unlist(suppressWarnings(
        psych::alpha(m$cov[1:3, 1:3])$total["raw_alpha"]))))
  },
  versions = list(R = R.version.string, lavaan = as.character(packageVersion("lavaan")),
    sandwich = as.character(packageVersion("sandwich")),
    psych = as.character(packageVersion("psych")), date = "2026-11-22"))
write(toJSON(out, digits = I(17), auto_unbox = TRUE, na = "null", pretty = TRUE,
  dataframe = "rows"), "surveys.json")
