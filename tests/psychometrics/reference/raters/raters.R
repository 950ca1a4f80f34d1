# Weighted kappa of two raters: psych's cohen.kappa. Run here: Rscript raters.R.
# Writes raters.json. The ratings are made up (seed 68), five points.
suppressMessages({library(psych); library(jsonlite)})
set.seed(68)
truth <- sample(1:5, 120, TRUE, c(.1, .3, .3, .2, .1))
rate <- function() pmin(pmax(truth + sample(-1:1, 120, TRUE, c(.2, .6, .2)), 1), 5)
x <- cbind(rate(), rate())
steps <- abs(outer(1:5, 1:5, "-"))
kappa <- function(w) suppressWarnings(cohen.kappa(x, w = w)$weighted.kappa)
out <- list(codes = x, linear = kappa(1 - steps / 4), quadratic = kappa(1 - steps^2 / 16),
  unweighted = suppressWarnings(cohen.kappa(x)$kappa),
  versions = list(R = R.version.string, psych = as.character(packageVersion("psych")),
    date = "2026-11-22"))
write(toJSON(out, digits = I(17), auto_unbox = TRUE, pretty = TRUE), "raters.json")
