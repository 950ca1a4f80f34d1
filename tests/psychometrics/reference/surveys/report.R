# Reports of people in teams and with weights: reference values for test_sampled_report.py.
# Run in this folder: Rscript report.R. Reads ../data; writes report.json.
# The demonstration's six variables, cut into seven points, since reports take points.
suppressMessages({library(lavaan); library(jsonlite); library(sandwich)})
demo <- read.csv("../data/demo_twolevel.csv")
items <- paste0("y", 1:6)
for (item in items) demo[[item]] <- pmin(pmax(round(demo[[item]]) + 4, 1), 7)
demo$w <- 0.5 + (seq_len(nrow(demo)) %% 7) / 3
demo$site <- ifelse(demo$cluster %% 2 == 0, "a", "b")
demo$first <- rowMeans(demo[items[1:3]])
demo$second <- rowMeans(demo[items[4:6]])
TWO <- "F=~y1+y2+y3\nG=~y4+y5+y6"
# of the first factor alone, where implied and observed covariances are the same
OMEGA <- "
F =~ NA*y1 + l1*y1 + l2*y2 + l3*y3
F ~~ 1*F
y1 ~~ e1*y1
y2 ~~ e2*y2
y3 ~~ e3*y3
omega := (l1+l2+l3)^2 / ((l1+l2+l3)^2 + e1+e2+e3)
ave := (l1^2+l2^2+l3^2) / (l1^2+l2^2+l3^2 + e1+e2+e3)
"
MOMENTS <- "
y1 ~~ v1*y1 + c12*y2 + c13*y3
y2 ~~ v2*y2 + c23*y3
y3 ~~ v3*y3
alpha := 1.5 * (1 - (v1 + v2 + v3) / (v1 + v2 + v3 + 2*(c12 + c13 + c23)))
"
SCORES <- "
first ~~ vf*first + c*second
second ~~ vg*second
r := c / sqrt(vf*vg)
"
derived <- function(text, name, ...) {
  fit <- sem(text, demo, estimator = "MLR", meanstructure = TRUE, ...)
  row <- subset(parameterEstimates(fit), op == ":=" & lhs == name)
  list(est = row$est, se = row$se)
}
mean_of <- function(y, w, team) {
  fit <- lm(y ~ 1, weights = w)
  list(est = unname(coef(fit)),
    se = sqrt(vcovCL(fit, team, type = "HC0", cadjust = TRUE)[1, 1]))
}
MEASURES <- c("chisq", "df", "chisq.scaled", "pvalue.scaled", "cfi.scaled", "tli.scaled",
  "rmsea.scaled", "rmsea.ci.lower.scaled", "rmsea.ci.upper.scaled", "srmr")
case <- function(w, team, ...) {
  fit <- cfa(TWO, demo, estimator = "MLR", ...)
  one <- cfa("T=~y1+y2+y3+y4+y5+y6", demo, estimator = "MLR", ...)
  list(fit = as.list(unclass(fitMeasures(fit))[MEASURES]),
    one_factor = as.list(unclass(fitMeasures(one))[MEASURES]),
    parameters = parameterEstimates(fit)[c("lhs", "op", "rhs", "est", "se")],
    standardized = standardizedSolution(fit)[c("lhs", "op", "rhs", "est.std")],
    omega = derived(OMEGA, "omega", ...), ave = derived(OMEGA, "ave", ...),
    alpha = derived(MOMENTS, "alpha", ...),
    r = derived(SCORES, "r", ...),
    mean_F = mean_of(demo$first, w, team), mean_G = mean_of(demo$second, w, team))
}
grouped <- function(equal) {
  fit <- cfa(TWO, demo, estimator = "MLR", meanstructure = TRUE, group = "site",
    group.equal = equal, cluster = "cluster")
  as.list(unclass(fitMeasures(fit))[c("chisq.scaled", "df", "cfi.scaled",
    "rmsea.scaled", "srmr")])
}
people <- seq_len(nrow(demo))
out <- list(
  teams = case(rep(1, nrow(demo)), demo$cluster, cluster = "cluster"),
  weights = case(demo$w, people, sampling.weights = "w"),
  both = case(demo$w, demo$cluster, cluster = "cluster", sampling.weights = "w"),
  groups = list(configural = grouped(""), metric = grouped("loadings"),
    scalar = grouped(c("loadings", "intercepts"))),
  versions = list(R = R.version.string, lavaan = as.character(packageVersion("lavaan")),
    sandwich = as.character(packageVersion("sandwich")), date = "2026-11-22"))
write(toJSON(out, digits = I(17), auto_unbox = TRUE, na = "null", pretty = TRUE,
  dataframe = "rows"), "report.json")
