# Longitudinal invariance: two waves of the same people, two factors with 4 and 3 items.
# Run in this folder: Rscript longitudinal.R. Writes waves.csv and longitudinal.json.
# The answers are made up (seed 68): trust rises by .4 standard deviations, the intercept
# of t3 drifts by .6 points, and 48 of 300 people leave before the second wave.
suppressMessages({library(lavaan); library(jsonlite)})
set.seed(68, kind = "Mersenne-Twister", normal.kind = "Inversion")
n <- 300
items <- list(trust = paste0("t", 1:4), work = paste0("s", 1:3))
loading <- c(t1 = 1, t2 = .9, t3 = .8, t4 = 1.1, s1 = 1, s2 = .8, s3 = 1.2)
intercept <- c(t1 = 4, t2 = 4.2, t3 = 3.8, t4 = 4.1, s1 = 4.5, s2 = 4.3, s3 = 3.9)
R <- matrix(c(1, .5, .7, .35, .5, 1, .3, .65, .7, .3, 1, .5, .35, .65, .5, 1), 4)
eta <- matrix(rnorm(4 * n), n) %*% chol(R) + rep(c(0, 0, .4, 0), each = n)
colnames(eta) <- c("trust_1", "work_1", "trust_2", "work_2")
d <- list()
for (factor in names(items)) for (item in items[[factor]]) {
  own <- rnorm(n, sd = .45)
  for (wave in 1:2) {
    drift <- if (item == "t3" && wave == 2) -.6 else 0
    y <- intercept[item] + drift + loading[item] * eta[, paste0(factor, "_", wave)] +
      own + rnorm(n, sd = .6)
    d[[paste0(item, "_", wave)]] <- pmin(pmax(round(y), 1), 7)
  }
}
d <- as.data.frame(d)
later <- grep("_2$", names(d))
# leaving depends on what was answered in the first wave
gone <- order(d$t1_1 + rnorm(n))[1:48]
d[gone, later] <- NA
d[sample(setdiff(1:n, gone), 12), "s2_2"] <- NA
write.csv(d, "waves.csv", row.names = FALSE, na = "")

model <- function(level, free = character(0)) {
  lines <- character(0)
  add <- function(...) lines <<- c(lines, paste0(...))
  equal <- match(level, c("configural", "metric", "scalar", "strict"))
  for (f in names(items)) {
    for (w in 1:2) {
      own <- items[[f]]
      term <- paste0(own[1], "_", w)
      for (i in own[-1]) term <- c(term, paste0(
        if (equal >= 2) paste0("l", i, "*"), i, "_", w))
      add(f, "_", w, " =~ ", paste(term, collapse = " + "))
      if (equal >= 3) {
        add(f, "_", w, if (w == 1) " ~ 0*1" else paste0(" ~ m", f, "*1"))
        for (i in own) if (!(w == 2 && i %in% free))
          add(i, "_", w, " ~ n", i, "*1")
      }
      if (equal >= 4) for (i in own) add(i, "_", w, " ~~ e", i, "*", i, "_", w)
    }
    for (i in items[[f]]) add(i, "_1 ~~ ", i, "_2")
    if (equal >= 3) {
      add(f, "_1 ~~ v", f, "*", f, "_1")
      add("std_", f, " := m", f, " / sqrt(v", f, ")")
    }
  }
  paste(lines, collapse = "\n")
}
keys <- c("chisq", "df", "pvalue", "cfi", "tli", "rmsea", "srmr", "logl", "npar",
  "chisq.scaled", "pvalue.scaled", "chisq.scaling.factor", "cfi.robust", "rmsea.robust")
stored <- function(fit) list(
  fit = { m <- unclass(fitMeasures(fit)); as.list(m[intersect(keys, names(m))]) },
  parameters = parameterEstimates(fit)[c("lhs", "op", "rhs", "est", "se")])
run <- function(...) {
  levels <- c("configural", "metric", "scalar", "strict")
  fits <- lapply(levels, function(level)
    cfa(model(level), d, meanstructure = TRUE, ...))
  names(fits) <- levels
  partial <- cfa(model("scalar", "t3"), d, meanstructure = TRUE, ...)
  difference <- as.data.frame(do.call(lavTestLRT, unname(c(list(fits[[1]]), fits[-1]))))
  c(lapply(fits, stored), list(partial = stored(partial),
    lrt = lapply(2:4, function(k) as.list(difference[k, c("Chisq diff", "Df diff",
      "Pr(>Chisq)")]))))
}
score <- {
  fit <- cfa(model("scalar"), d, meanstructure = TRUE)
  tests <- lavTestScore(fit)$uni
  pt <- parTable(fit)
  name <- function(plabel) with(pt[match(plabel, pt$plabel), ], paste0(lhs, op, rhs))
  data.frame(first = name(tests$lhs), second = name(tests$rhs), X2 = tests$X2)
}
out <- list(ML = run(), MLR = run(estimator = "MLR"), FIML = run(missing = "fiml"),
  FIML_MLR = run(missing = "fiml", estimator = "MLR"), score = score,
  versions = list(R = R.version.string, lavaan = as.character(packageVersion("lavaan")),
    date = "2026-11-22"))
write(toJSON(out, digits = I(17), auto_unbox = TRUE, na = "null", pretty = TRUE,
  dataframe = "rows"), "longitudinal.json")
