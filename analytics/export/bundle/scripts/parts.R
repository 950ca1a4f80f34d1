# The parts of the report, each as nested as the report is, recomputed.

counts <- function(study) {
  codes <- unlist(lapply(names(study$scales), items_of, study = study))
  list(
    n_rows = nrow(study$answers),
    n_complete = sum(complete.cases(answers_to(study, codes)))
  )
}

scales <- function(study) {
  of <- function(part) {
    told <- study$report[[part]]
    setNames(lapply(told, scale_of, study = study, outcome = part == "outcomes"),
      names(told)
    )
  }
  list(scales = of("scales"), outcomes = of("outcomes"))
}

# One scale: level, reliability, items; `told` is what the report says of it.
scale_of <- function(study, told, outcome) {
  codes <- names(told$items)
  design <- study$design$items[codes]
  X <- answers_to(study, codes)
  scores <- score(X)
  n <- sum(!is.na(scores))
  found <- list(
    low = min(sapply(design, `[[`, "low")), high = max(sapply(design, `[[`, "high")),
    n = n, n_items = length(codes), mean = mean_with_interval(scores),
    sd = list(estimate = sd(scores, na.rm = TRUE), n = n)
  )
  found$items <- sapply(codes, function(code) {
    one <- described(study$answers[, code], design[[code]]$low, design[[code]]$high)
    c(one, list(missing = nrow(X) - one$n))
  }, simplify = FALSE)
  if (outcome && length(codes) == 1 && found$low == 0 && found$high == 10) {
    found$recommend_index <- recommend(X[, 1])
  }
  if (told$model == "reflective" && length(codes) > 1) {
    found <- with_reliability(found, codes, X)
  }
  found
}

with_reliability <- function(found, codes, X) {
  S <- covariances(X)
  R <- correlations(X)
  n <- pairwise_n(X)
  p <- length(codes)
  sink(nullfile())
  whole <- suppressWarnings(suppressMessages(
    psych::alpha(S, check.keys = FALSE, warnings = FALSE)
  ))
  sink()
  found$alpha <- list(
    raw = alpha_with_interval(whole$total$raw_alpha, n, p),
    standardized = alpha_with_interval(whole$total$std.alpha, n, p)
  )
  for (j in seq_len(p)) {
    found$items[[j]]$item_rest_r <- item_rest(S, j)
    if (p > 2) found$items[[j]]$alpha_if_dropped <- whole$alpha.drop$raw_alpha[j]
  }
  if (p == 2) {
    found$spearman_brown <- spearman_brown(R[1, 2], n)
  } else {
    found$omega_total <- omega(R, n)
  }
  found
}

# Adequacy, eigenvalues, votes and exploratory factors of the trust items.
structure_of <- function(study) {
  told <- study$report$dimensionality
  codes <- unlist(told$items)
  X <- answers_to(study, codes)
  R <- correlations(X)
  n <- pairwise_n(X)
  values <- eigen(R, symmetric = TRUE)$values
  test <- psych::cortest.bartlett(R, n)
  found <- list(dimensionality = list(
    kmo = psych::KMO(R)$MSA, eigenvalues = values,
    bartlett = list(
      chi2 = test$chisq, df = test$df,
      log_p = pchisq(test$chisq, test$df, lower.tail = FALSE, log.p = TRUE)
    )
  ))
  asked <- study$report$settings$n_factors
  if (!is.null(told$parallel)) {
    reduced <- R
    diag(reduced) <- one_factor(R)^2
    factors <- eigen(reduced, symmetric = TRUE)$values
    votes <- list(
      factors = leading(factors, told$parallel$factor_thresholds),
      components = leading(values, told$parallel$component_thresholds),
      factor_observed = factors, component_observed = values
    )
    found$dimensionality$parallel <- votes
    if (asked == "parallel") {
      asked <- max(1, min(votes$factors, most_factors(length(codes))))
    }
  }
  if (!is.null(study$report$factors$n_factors)) {
    rotated <- quartimin(minres(R, asked))
    L <- rotated$loadings
    found$factors <- list(
      n_factors = asked, phi = rows_of(rotated$phi),
      loadings = setNames(rows_of(L), codes),
      communalities = setNames(as.list(rowSums((L %*% rotated$phi) * L)), codes)
    )
  }
  found
}

rows_of <- function(M) lapply(seq_len(nrow(M)), function(i) M[i, ])

separability <- function(study) {
  named <- with_factor(study)
  found <- list()
  if (length(named) > 1) {
    for (pair in combn(names(named), 2, simplify = FALSE)) {
      R <- correlations(answers_to(study, unlist(named[pair], use.names = FALSE)))
      found[[paste(pair, collapse = "~~")]] <- htmt(R, length(named[[pair[1]]]))
    }
  }
  list(htmt = found)
}

# Correlations of scales with outcomes, corrected ones, relative weights.
loyalty <- function(study) {
  trust <- names(study$report$scales)
  X <- sapply(trust, score_of, study = study)
  end <- function(code, name) sapply(study$design$items[items_of(study, code)], `[[`, name)
  low <- sapply(trust, function(code) min(end(code, "low")))
  high <- sapply(trust, function(code) max(end(code, "high")))
  plain_mean <- rowMeans(sweep(sweep(X, 2, low), 2, high - low, "/"))
  alphas <- sapply(with_factor(study), function(codes) {
    S <- covariances(answers_to(study, codes))
    length(codes) / (length(codes) - 1) * (1 - sum(diag(S)) / sum(S))
  })
  relations <- weights <- list()
  for (outcome in names(study$report$outcomes)) {
    y <- score_of(study, outcome)
    weights[[outcome]] <- list(equal_weights = correlation(plain_mean, y))
    if (length(trust) > 1) {
      shared <- relative_weights(X, y)
      weights[[outcome]]$r_squared <- list(estimate = shared$r_squared, n = shared$n)
    }
    for (code in trust) {
      one <- correlation(X[, code], y)
      if (all(c(code, outcome) %in% names(alphas))) {
        one$disattenuated <- one$r / sqrt(alphas[[code]] * alphas[[outcome]])
      }
      if (length(trust) > 1) {
        one$relative_weight <- list(share = shared$shares[[match(code, trust)]])
      }
      relations[[outcome]][[code]] <- one
    }
  }
  list(loyalty = relations, weights = weights)
}

# The factor model, those it is compared with, AVE and composite reliability.
confirmed <- function(study) {
  named <- with_factor(study)
  own <- sample_of(study, named)
  texts <- standard_texts(own$scales)
  told <- study$report$models
  wanted <- names(Filter(function(one) one$converged, told))
  by <- study$report$settings$estimator
  fit <- fitted_model(texts$correlated, own$data, by)
  fits <- list(correlated = fit)
  for (name in setdiff(wanted, "correlated")) {
    if (name != "method") fits[[name]] <- fitted_model(texts[[name]], own$data, by)
  }
  unit <- standardized(fit)
  loadings <- rowSums(unit$loadings)[names(own$data)]
  found <- list(models = lapply(told, function(one) list(n = nrow(own$data))))
  found$models[names(fits)] <- lapply(fits, measures)
  if ("method" %in% wanted) {
    # the method factor is added to what fits without it, which helps where it is weak
    added <- fitted_model(texts$method, own$data, by, start = fit, baseline = FALSE)
    items <- names(own$data)
    alone <- fitted_model(paste(items, "~~", items, collapse = "\n"), own$data, by)
    found$models$method <- measures(added, alone)
  }
  found$cfa <- measures(fit)
  found$cfa$loadings <- setNames(as.list(loadings), own$codes)
  found$cfa$factor_correlations <- list()
  if (length(named) > 1) {
    for (pair in combn(seq_along(named), 2, simplify = FALSE)) {
      key <- paste(names(named)[pair], collapse = "~~")
      at <- paste0("f", pair)
      found$cfa$factor_correlations[[key]] <- unit$correlations[at[1], at[2]]
    }
  }
  for (k in seq_along(named)) {
    code <- names(named)[k]
    part <- if (code %in% names(study$report$scales)) "scales" else "outcomes"
    found[[part]][[code]] <- reliability(fit, paste0("f", k))
  }
  found
}

# The levels of invariance between the languages.
groups <- function(study) {
  told <- study$report$groups$language$invariance
  if (is.null(told) || is.null(study$languages)) return(list())
  named <- with_factor(study)
  spoken <- study$design$language$codes
  samples <- lapply(names(spoken), function(l) sample_of(chosen(study, l), named))
  found <- list(n = list())
  for (k in seq_along(spoken)) {
    for (name in unlist(spoken[[k]]$names)) found$n[[name]] <- nrow(samples[[k]]$data)
  }
  if (!is.null(told$configural)) {
    data <- do.call(rbind, lapply(seq_along(samples), function(k) {
      cbind(samples[[k]]$data, spoken = k)
    }))
    text <- correlated_text(samples[[1]]$scales)
    equal <- list(
      configural = "", metric = "loadings", scalar = c("loadings", "intercepts")
    )
    for (level in names(equal)) {
      fit <- fitted_model(text, data, study$report$settings$estimator,
        group = "spoken", meanstructure = TRUE, group.equal = equal[[level]]
      )
      one <- measures(fit)
      scaled <- !is.null(one$chi2_scaled)
      found[[level]] <- list(
        chi2 = if (scaled) one$chi2_scaled else one$chi2, df = one$df,
        cfi = if (scaled) one$cfi_scaled else one$cfi, srmr = one$srmr,
        rmsea = (if (scaled) one$rmsea_scaled else one$rmsea)$estimate
      )
      nested <- fitted_model(text, data, mean_scaled(study$report$settings$estimator),
        group = "spoken", meanstructure = TRUE, group.equal = equal[[level]]
      )
      if (level != "configural") {
        tested <- lavaan::lavTestLRT(before, nested)
        found[[level]]$difference_p <- tested[["Pr(>Chisq)"]][2]
      }
      before <- nested
    }
  }
  list(groups = list(language = list(invariance = found)))
}

# Each questionnaire by itself in each language.
instruments <- function(study) {
  if (is.null(study$languages)) return(list())
  list(by_instrument = lapply(study$report$by_instrument, function(told) {
    part <- chosen(study, told$language)
    own <- Filter(
      function(code) startsWith(code, paste0(told$instrument, ".")),
      names(study$scales)
    )
    X <- answers_to(part, unlist(lapply(own, items_of, study = part)))
    one <- list(
      n = sum(rowSums(!is.na(X)) > 0), n_complete = sum(complete.cases(X)),
      reliability = list(), relations = list()
    )
    named <- with_factor(part, own)
    for (code in names(named)) {
      scale <- scale_of(part, part$scales[[code]], FALSE)
      one$reliability[[code]] <- list(
        n = scale$n, n_items = scale$n_items, alpha = scale$alpha$raw,
        omega = scale$omega_total
      )
    }
    if (!is.null(told$fit)) one$fit <- fit_of(part, named, told$fit)
    for (outcome in names(told$relations)) {
      for (code in names(told$relations[[outcome]])) {
        one$relations[[outcome]][[code]] <-
          correlation(score_of(part, code), score_of(part, outcome))
      }
    }
    one
  }))
}

fit_of <- function(part, named, told) {
  own <- sample_of(part, named)
  if (!told$converged) return(list(n = nrow(own$data)))
  by <- part$report$settings$estimator
  measures(fitted_model(correlated_text(own$scales), own$data, by))
}

# What was answered about further referents, and the difference from the first.
others <- function(study) {
  list(others = lapply(study$report$others, function(told) {
    scores <- lapply(told$scales, function(scale) {
      score(answers_to(study, names(scale$items)))
    })
    one <- list(scales = list(), differences = list(), relations = list())
    for (code in names(told$scales)) {
      outcome <- code %in% names(study$report$outcomes)
      one$scales[[code]] <- scale_of(study, told$scales[[code]], outcome)
      one$differences[[code]] <- paired(score_of(study, code), scores[[code]])
    }
    for (outcome in names(told$relations)) {
      for (code in names(told$relations[[outcome]])) {
        one$relations[[outcome]][[code]] <- correlation(scores[[code]], scores[[outcome]])
      }
    }
    one
  }))
}
