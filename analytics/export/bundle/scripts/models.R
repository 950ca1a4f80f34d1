# Factor models of reproduce.R: lavaan fits them, this file writes their texts.

measured <- function(name, items) paste(name, "=~", paste(items, collapse = " + "))

correlated_text <- function(scales) {
  paste(mapply(measured, names(scales), scales), collapse = "\n")
}

# The models that a report compares; `scales` are names of items by name of factor.
standard_texts <- function(scales) {
  items <- unlist(scales, use.names = FALSE)
  correlated <- correlated_text(scales)
  texts <- list(
    correlated = correlated,
    one_factor = measured("general", items),
    second_order = paste(correlated, measured("general", names(scales)), sep = "\n")
  )
  texts$bifactor <- bifactor_text(scales, items)
  texts$method <- paste(c(
    correlated,
    measured("method", paste0("1*", items)),
    "method ~~ start(0)*method",
    paste0("method ~~ 0*", names(scales))
  ), collapse = "\n")
  texts
}

# A general factor beside one a scale, uncorrelated, of variance 1; the two loadings
# of a two-item scale are equal.
bifactor_text <- function(scales, items) {
  unit <- function(name, own) {
    paste0(
      measured(name, c(paste0("NA*", own[1]), own[-1])), "\n", name, " ~~ 1*", name
    )
  }
  own <- mapply(function(name, items) {
    if (length(items) > 2) return(unit(name, items))
    paste0(measured(name, paste0("1*", items)), "\n", name, " ~~ NA*", name)
  }, names(scales), scales)
  pairs <- combn(c("general", names(scales)), 2)
  apart <- paste0(pairs[1, ], " ~~ 0*", pairs[2, ])
  paste(c(unit("general", items), own, apart), collapse = "\n")
}

# The estimates of MLMV and MLR are those of ML; what they scale, by the information that
# their standard errors rest on, stands beside.
fitted_model <- function(text, data, estimator, ...) {
  errors <- switch(estimator,
    MLM = "robust.sem", MLMV = "robust.sem", MLR = "robust.huber.white", "none"
  )
  suppressWarnings(lavaan::cfa(text,
    data = data, estimator = estimator, se = errors, ...
  ))
}

# Differences of chi-squares are scaled by what corrects their mean alone, which for MLMV
# is the factor of MLM (Satorra & Bentler 2001).
mean_scaled <- function(estimator) if (estimator == "MLMV") "MLM" else estimator

measures <- function(fit, baseline = NULL) {
  x <- as.list(lavaan::fitMeasures(fit, baseline.model = baseline))
  found <- list(
    n = lavaan::lavInspect(fit, "ntotal"), chi2 = x$chisq, df = x$df, p = x$pvalue,
    cfi = x$cfi, tli = x$tli, srmr = x$srmr, aic = x$aic, bic = x$bic,
    rmsea = list(
      estimate = x$rmsea, low = x$rmsea.ci.lower, high = x$rmsea.ci.upper
    )
  )
  if (is.null(x$chisq.scaled)) return(found)
  c(found, list(
    chi2_scaled = x$chisq.scaled, p_scaled = x$pvalue.scaled,
    cfi_scaled = x$cfi.scaled, tli_scaled = x$tli.scaled,
    rmsea_scaled = list(
      estimate = x$rmsea.scaled, low = x$rmsea.ci.lower.scaled,
      high = x$rmsea.ci.upper.scaled
    )
  ))
}

# Loadings and correlations of the factors with all variances at one.
standardized <- function(fit) {
  found <- lavaan::lavInspect(fit, "std.all")
  list(loadings = found$lambda, correlations = found$psi)
}

# Composite reliability and average variance extracted of one factor, with intervals:
# delta method on the logit scale, normal answers; observed covariances count directly
# and through the estimates.
reliability <- function(fit, factor) {
  est <- lavaan::lavInspect(fit, "est")
  free <- lavaan::lavInspect(fit, "free")
  sigma <- unclass(lavaan::fitted(fit)$cov)
  S <- unclass(lavaan::lavInspect(fit, "sampstat")$cov)
  n <- lavaan::lavInspect(fit, "ntotal")
  delta <- lavaan::lavInspect(fit, "delta")
  lambda <- est$lambda[rownames(sigma), factor]
  psi <- est$psi[factor, factor]
  numbers <- free$lambda[rownames(sigma), factor]
  W <- solve(sigma)
  slopes <- lapply(seq_len(ncol(delta)), function(t) {
    D <- matrix(0, nrow(sigma), nrow(sigma))
    D[lower.tri(D, diag = TRUE)] <- delta[, t]
    D[upper.tri(D)] <- t(D)[upper.tri(D)]
    D
  })
  V <- vapply(slopes, function(D) c(W %*% D), numeric(length(sigma)))
  turned <- vapply(slopes, function(D) c(t(W %*% D)), numeric(length(sigma)))
  information <- crossprod(V, turned) / 2
  inside <- lambda != 0
  square <- tcrossprod(inside) * 1
  one <- function(top, each, mask) {
    below <- sum(S * mask)
    value <- top / below
    by <- numeric(ncol(delta))
    by[free$psi[factor, factor]] <- value / psi
    by[numbers[numbers > 0]] <- (2 * each * psi / below)[numbers > 0]
    weights <- solve(information, by)
    D <- Reduce(`+`, Map(`*`, slopes, weights))
    M <- -value / below * mask + W %*% D %*% W / 2
    error <- sqrt(2 * sum(diag(M %*% sigma %*% M %*% sigma)) / n)
    half <- qnorm(.975) * error / (value * (1 - value))
    ends <- plogis(qlogis(value) + c(-half, half))
    figure(value, ends[1], ends[2], n)
  }
  total <- rep(sum(lambda), length(lambda))
  list(
    composite_reliability = one(sum(lambda)^2 * psi, total, square),
    ave = one(sum(lambda^2) * psi, lambda, square * diag(nrow(S)))
  )
}
