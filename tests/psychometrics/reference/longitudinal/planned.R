# Planned missingness: three forms of the Holzinger-Swineford tests, each leaving out two.
# Run in this folder: Rscript planned.R. Reads ../data/hs1939.csv; writes planned.json.
# Standard errors from the expected information at lavaan's own estimates.
suppressMessages({library(lavaan); library(jsonlite)})
hs <- read.csv("../data/hs1939.csv")
left_out <- list(c("x2", "x5"), c("x3", "x8"), c("x6", "x9"))
for (form in 1:3) hs[seq_len(nrow(hs)) %% 3 == form - 1, left_out[[form]]] <- NA
HS <- "visual=~x1+x2+x3\ntextual=~x4+x5+x6\nspeed=~x7+x8+x9"
fit <- cfa(HS, hs, missing = "fiml", information = "expected")
out <- list(parameters = parameterEstimates(fit)[c("lhs", "op", "rhs", "est", "se")],
  coverage = unname(unclass(lavInspect(fit, "coverage"))),
  versions = list(R = R.version.string, lavaan = as.character(packageVersion("lavaan")),
    date = "2026-11-22"))
write(toJSON(out, digits = I(17), auto_unbox = TRUE, na = "null", pretty = TRUE,
  dataframe = "rows"), "planned.json")
