# Formulas of reproduce.R: scores, reliability, factors, correlations.
#
# psych computes what it has; the rest is base R, each function with its source. With
# "pairwise" every pair of items takes the people who answered both; the divisor of
# variances and covariances is n - 1.

Z <- qnorm(.975)
LOWEST_UNIQUENESS <- .005

figure <- function(estimate, low, high, n) {
  list(estimate = estimate, low = low, high = high, n = n)
}

# One item; skew and kurtosis of type 3: Joanes & Gill (1998).
described <- function(x, low, high) {
  x <- x[!is.na(x)]
  found <- psych::describe(x, type = 3)
  list(
    n = length(x), mean = mean(x), sd = sd(x), skew = found$skew,
    kurtosis = found$kurtosis, floor = mean(x == low), ceiling = mean(x == high)
  )
}

# Mean of a person's answers; NA below half of the items.
score <- function(X) {
  answered <- rowSums(!is.na(X))
  found <- rowMeans(X, na.rm = TRUE)
  found[answered < max(.5 * ncol(X), 1)] <- NA
  found
}

# Mean with Student's interval.
mean_with_interval <- function(x) {
  found <- t.test(x[!is.na(x)])
  figure(unname(found$estimate), found$conf.int[1], found$conf.int[2], sum(!is.na(x)))
}

pairwise_n <- function(X) min(psych::pairwiseCount(X))
covariances <- function(X) cov(X, use = "pairwise.complete.obs")
correlations <- function(X) cor(X, use = "pairwise.complete.obs")

# Interval of Feldt, Woodruff & Salih (1987).
alpha_with_interval <- function(value, n, p) {
  ends <- 1 - (1 - value) * qf(c(.975, .025), n - 1, (n - 1) * (p - 1))
  figure(value, ends[1], ends[2], n)
}

# Correlation of item j with the sum of the others.
item_rest <- function(S, j) {
  sum(S[j, -j]) / sqrt(S[j, j] * sum(S[-j, -j]))
}

# Fisher's (1921) interval of a correlation.
fisher <- function(r, n) tanh(atanh(r) + c(-1, 1) * Z / sqrt(n - 3))

# Reliability of two items, 2r / (1 + r); the interval of r by the same formula.
spearman_brown <- function(r, n) {
  x <- c(r, fisher(r, n))
  x <- 2 * x / (1 + x)
  figure(x[1], x[2], x[3], n)
}

# One minres factor: psych's solution, then Newton steps to the last digit.
one_factor <- function(R) {
  start <- suppressWarnings(suppressMessages(psych::fa(R, 1, fm = "minres")))
  x <- as.numeric(start$loadings)
  end <- sqrt(1 - LOWEST_UNIQUENESS)
  x <- pmin(pmax(x, -end), end)
  for (k in 1:50) {
    free <- abs(x) < end * (1 - 1e-9)
    E <- R - tcrossprod(x)
    diag(E) <- 0
    curvature <- tcrossprod(x) - E
    diag(curvature) <- sum(x^2) - x^2
    step <- numeric(length(x))
    step[free] <- solve(curvature[free, free], (E %*% x)[free])
    if (max(abs(step)) > .1) break
    x <- pmin(pmax(x + step, -end), end)
    if (max(abs(step)) < 1e-14) break
  }
  x
}

# Newton steps from loadings near the solution.
refit <- function(R, x) {
  for (k in 1:8) {
    E <- R - tcrossprod(x)
    diag(E) <- 0
    curvature <- tcrossprod(x) - E
    diag(curvature) <- sum(x^2) - x^2
    x <- x + drop(solve(curvature, E %*% x))
  }
  x
}

# Omega total of one factor (McDonald 1999). Interval: delta method on log(1 - omega),
# the factor fitted anew for each changed correlation; Wishart variance of correlations.
omega <- function(R, n) {
  p <- ncol(R)
  loadings <- one_factor(R)
  value <- function(R, x) 1 - (p - sum(x^2)) / sum(R)
  step <- 1e-4
  gradient <- matrix(0, p, p)
  for (i in 2:p) for (j in 1:(i - 1)) {
    ends <- vapply(c(step, -step, 2 * step, -2 * step), function(move) {
      moved <- R
      moved[i, j] <- moved[j, i] <- R[i, j] + move
      value(moved, refit(moved, loadings))
    }, 0)
    slope <- (8 * (ends[1] - ends[2]) - (ends[3] - ends[4])) / (12 * step)
    gradient[i, j] <- gradient[j, i] <- slope / 2
  }
  A <- gradient - diag(rowSums(gradient * R))
  error <- sqrt(2 * sum(diag(A %*% R %*% A %*% R)) / (n - 1))
  rest <- 1 - value(R, loadings)
  ends <- 1 - rest * exp(c(1, -1) * Z * error / rest)
  figure(1 - rest, ends[1], ends[2], n)
}

# Leading values above their thresholds: the vote of parallel analysis.
leading <- function(observed, thresholds) {
  above <- observed > unlist(thresholds)
  if (all(above)) length(above) else which(!above)[1] - 1
}

# Most factors that leave no fewer than 0 degrees of freedom.
most_factors <- function(p) {
  m <- 0:(p - 1)
  max(m[(p - m)^2 >= p + m])
}

# Unrotated minres loadings: psych's solution, followed to the last digits.
minres <- function(R, m) {
  criterion <- function(psi) {
    values <- eigen(R - diag(psi), symmetric = TRUE, only.values = TRUE)$values
    sum(values[-(1:m)]^2) / 2
  }
  gradient <- function(psi) {
    found <- eigen(R - diag(psi), symmetric = TRUE)
    drop(-(found$vectors[, -(1:m)]^2) %*% found$values[-(1:m)])
  }
  start <- suppressWarnings(suppressMessages(
    psych::fa(R, m, fm = "minres", rotate = "none")
  ))
  psi <- pmin(pmax(start$uniquenesses, LOWEST_UNIQUENESS), 1)
  for (k in 1:3) {
    psi <- nlminb(psi, criterion, gradient,
      lower = LOWEST_UNIQUENESS, upper = 1,
      control = list(rel.tol = 1e-15, x.tol = 1e-15, iter.max = 2000, eval.max = 4000)
    )$par
  }
  found <- eigen(R - diag(psi), symmetric = TRUE)
  found$vectors[, 1:m, drop = FALSE] %*% diag(sqrt(pmax(found$values[1:m], 0)), m)
}

# Oblimin with gamma 0, not normalized (Jennrich & Sampson 1966): from the unrotated
# loadings and from a small turn away. Factors by variance accounted for, positive sums.
quartimin <- function(A) {
  m <- ncol(A)
  of_unit_length <- function(X) sweep(X, 2, sqrt(colSums(X^2)), "/")
  pattern <- function(T) A %*% t(solve(T))
  value <- function(x) {
    L2 <- pattern(of_unit_length(matrix(x, m)))^2
    sum(L2 * (rowSums(L2) - L2)) / 4
  }
  slope <- function(x) {
    X <- matrix(x, m)
    T <- of_unit_length(X)
    L <- pattern(T)
    G <- -t(t(L) %*% (L * (rowSums(L^2) - L^2)) %*% solve(T))
    along <- G - sweep(T, 2, colSums(T * G), "*")
    c(sweep(along, 2, sqrt(colSums(X^2)), "/"))
  }
  follow <- function(T) {
    x <- c(T)
    for (k in 1:4) {
      found <- optim(x, value, slope,
        method = "BFGS",
        control = list(reltol = 1e-16, maxit = 2000)
      )
      x <- found$par
    }
    found
  }
  T <- diag(m)
  if (m > 1) {
    above <- upper.tri(diag(m)) * .05
    starts <- list(diag(m), qr.Q(qr(diag(m) + above - t(above))))
    found <- lapply(starts, follow)
    lower <- found[[2]]$value < found[[1]]$value - 1e-9
    T <- of_unit_length(matrix(found[[if (lower) 2 else 1]]$par, m))
  }
  L <- pattern(T)
  phi <- crossprod(T)
  order <- order(-diag(phi %*% crossprod(L)))
  signs <- ifelse(colSums(L[, order, drop = FALSE]) < 0, -1, 1)
  list(
    loadings = sweep(L[, order, drop = FALSE], 2, signs, "*"),
    phi = phi[order, order, drop = FALSE] * tcrossprod(signs)
  )
}

# Mean size of correlations between two scales over the roots of those within.
htmt <- function(R, k) {
  size <- abs(R)
  first <- 1:k
  within <- function(part) mean(part[lower.tri(part)])
  mean(size[first, -first]) /
    sqrt(within(size[first, first]) * within(size[-first, -first]))
}

# Pearson with Fisher's interval, and Spearman, over the people who have both.
correlation <- function(x, y) {
  both <- !is.na(x) & !is.na(y)
  x <- x[both]
  y <- y[both]
  r <- cor(x, y)
  ends <- fisher(r, length(x))
  list(
    r = r, estimate = r, low = ends[1], high = ends[2], n = length(x),
    spearman = cor(x, y, method = "spearman")
  )
}

# R squared, Johnson's (2000) weights as shares of it, and n; complete rows.
relative_weights <- function(X, y) {
  both <- complete.cases(X, y)
  R <- cor(X[both, ])
  found <- eigen(R, symmetric = TRUE)
  root <- found$vectors %*% diag(sqrt(found$values)) %*% t(found$vectors)
  weights <- drop(root^2 %*% solve(root, cor(X[both, ], y[both]))^2)
  list(r_squared = sum(weights), shares = weights / sum(weights), n = sum(both))
}

# Promoters (9, 10) less detractors (0 to 6) of 100, adjusted Wald (Rocks 2016).
recommend <- function(x) {
  x <- x[!is.na(x)]
  n <- length(x)
  up <- sum(x >= 9)
  down <- sum(x <= 6)
  p <- (up + .75) / (n + 3)
  d <- (down + .75) / (n + 3)
  half <- Z * sqrt((p + d - (p - d)^2) / (n + 3))
  index <- 100 * (up - down) / n
  figure(
    index, min(max(-100, 100 * (p - d - half)), index),
    max(min(100, 100 * (p - d + half)), index), n
  )
}

# Difference of two scores of the same people, in points and deviations; the interval
# of the latter by the noncentrality of t (Cumming 2012).
paired <- function(x, y) {
  both <- !is.na(x) & !is.na(y)
  x <- x[both]
  y <- y[both]
  n <- length(x)
  test <- t.test(x, y, paired = TRUE)
  t <- unname(test$statistic)
  factor <- sqrt(2 * var(x - y) / (n * (var(x) + var(y))))
  ends <- vapply(c(.975, .025), function(q) {
    uniroot(function(c) pt(t, n - 1, c) - q, t + c(-6, 6), tol = 1e-13)$root
  }, 0)
  list(
    points = mean_with_interval(x - y),
    standardized = figure(t * factor, ends[1] * factor, ends[2] * factor, n),
    p = test$p.value
  )
}
