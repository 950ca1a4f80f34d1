# One statistic by psych, lavaan or R itself: data in, median time and values out.
#   Rscript peers.R PEER STATISTIC DATA N P BUDGET RESULT
# DATA holds signed bytes, item after item, -1 = missing. BUDGET: seconds of repeats.
# The packages load and the call runs once on 500 rows before the clock starts.

given <- commandArgs(trailingOnly = TRUE)
peer <- given[1]
statistic <- given[2]
n <- as.integer(given[4])
p <- as.integer(given[5])
budget <- as.numeric(given[6])
if (peer != "R") suppressMessages(library(peer, character.only = TRUE))
if (peer == "psych" && statistic == "efa") suppressMessages(library(GPArotation))

codes <- readBin(given[3], "integer", n * p, size = 1, signed = TRUE)
codes[codes < 0] <- NA
x <- matrix(codes, n, p, dimnames = list(NULL, paste0("i", 1:p)))
model <- paste(sapply(1:8, function(f) {
  paste0("f", f, " =~ ", paste0("i", 5 * f - 4:0, collapse = " + "))
}), collapse = "\n")

omega <- function(x) {
  fitted <- psych::fa(x, 1, fm = "minres")
  r <- cor(x, use = "pairwise")
  1 - sum(1 - fitted$loadings^2) / sum(r)
}

fiml <- function(x, estimator) {
  halves <- split(colnames(x), rep(1:2, each = ncol(x) / 2))
  text <- paste0("f", 1:2, " =~ ", sapply(halves, paste, collapse = " + "), collapse = "\n")
  # with robust errors lavaan's chi-square is the one that is scaled
  ending <- if (estimator == "MLR") ".scaled" else ""
  alone <- system.time(
    found <- cfa(text, as.data.frame(x), missing = "fiml", estimator = estimator)
  )
  all <- parameterEstimates(found)
  named <- c(paste0(c("chisq", "cfi", "rmsea"), ending), "srmr", "cfi.robust", "rmsea.robust")
  fit <- fitMeasures(found, named)
  list(
    names = paste0(all$lhs, all$op, all$rhs), estimates = all$est, errors = all$se,
    chi2 = fit[[1]], cfi = fit[[2]], rmsea = fit[[3]], srmr = fit[["srmr"]],
    cfi_corrected = fit[["cfi.robust"]], rmsea_corrected = fit[["rmsea.robust"]],
    alone = alone[["elapsed"]], alone_processor = alone[["user.self"]] + alone[["sys.self"]]
  )
}

calls <- list(
  R.pearson = function(x) list(matrix = cor(x, use = "pairwise")),
  psych.polychoric = function(x) {
    list(matrix = psych::polychoric(x, correct = 0)$rho)
  },
  lavaan.polychoric = function(x) {
    names <- colnames(x)
    found <- lavCor(as.data.frame(x), ordered = names, missing = "pairwise", output = "cor")
    list(matrix = unclass(found)[names, names])
  },
  psych.efa = function(x) {
    found <- psych::fa(x, 8, rotate = "oblimin", fm = "minres")
    list(matrix = unclass(found$loadings))
  },
  lavaan.cfa = function(x) {
    found <- cfa(model, as.data.frame(x), estimator = "ML", missing = "listwise")
    all <- parameterEstimates(found)
    fit <- fitMeasures(found, c("chisq", "cfi", "rmsea", "srmr"))
    list(
      names = paste0(all$lhs, all$op, all$rhs), estimates = all$est, errors = all$se,
      chi2 = fit[["chisq"]], cfi = fit[["cfi"]], rmsea = fit[["rmsea"]],
      srmr = fit[["srmr"]]
    )
  },
  lavaan.wlsmv = function(x) {
    found <- cfa(model, as.data.frame(x), ordered = colnames(x), estimator = "WLSMV")
    all <- subset(parameterEstimates(found), !op %in% c("~*~", "~1"))
    named <- c(
      "chisq.scaled", "chisq.scaling.factor", "cfi.scaled", "rmsea.scaled", "srmr"
    )
    fit <- fitMeasures(found, named)
    list(
      names = paste0(all$lhs, all$op, all$rhs), estimates = all$est, errors = all$se,
      chi2 = fit[["chisq.scaled"]], factor = fit[["chisq.scaling.factor"]],
      cfi = fit[["cfi.scaled"]], rmsea = fit[["rmsea.scaled"]], srmr = fit[["srmr"]]
    )
  },
  lavaan.fiml = function(x) fiml(x, "ML"),
  lavaan.fiml_robust = function(x) fiml(x, "MLR"),
  psych.alpha = function(x) {
    found <- psych::alpha(as.data.frame(x), check.keys = FALSE, warnings = FALSE)
    list(alphas = c(found$total$raw_alpha, found$alpha.drop$raw_alpha))
  },
  psych.bootstrap = function(x) {
    draws <- replicate(10, omega(x[sample(nrow(x), replace = TRUE), ]))
    list(interval = sd(draws), share = 10 / 1000)
  },
  psych.parallel = function(x) {
    pdf(NULL)
    psych::fa.parallel(x, cor = "poly", fm = "minres", n.iter = 2, plot = FALSE)
    list(share = 3 / 201) # the data themselves, and two draws
  }
)
call <- calls[[paste(peer, statistic, sep = ".")]]
quietly <- function(x) {
  utils::capture.output(found <- suppressMessages(suppressWarnings(call(x))))
  found
}

if (n > 500 && !statistic %in% c("bootstrap", "parallel")) {
  invisible(try(quietly(x[1:500, ]), silent = TRUE))
}
seconds <- c()
processor <- c()
repeat {
  clock <- system.time(found <- quietly(x))
  taken <- clock[["elapsed"]]
  seconds <- c(seconds, taken)
  processor <- c(processor, clock[["user.self"]] + clock[["sys.self"]])
  if (length(seconds) == 5 || sum(seconds) + taken > budget) break
}
version <- if (peer == "R") as.character(getRversion()) else as.character(packageVersion(peer))
result <- c(list(
  seconds = as.list(seconds), processor = as.list(processor), version = version), found)
writeLines(jsonlite::toJSON(result, digits = NA, auto_unbox = TRUE), given[7])
