# Reference values for graded responses and for items between groups: run in this folder.
# base R, MASS (polr), numDeriv, psych (bfi's gender and education), jsonlite.
suppressMessages({library(MASS); library(numDeriv); library(jsonlite)})
keep <- function(name, value) write(
  toJSON(value, digits = I(17), auto_unbox = TRUE, na = "null", pretty = TRUE),
  paste0(name, ".json"))

# --- marginal likelihood of a graded response model, written down plainly -------------
# the people: the first 500 of bfi, with their gaps; C items with six points
b <- read.csv("../data/bfi25_keyed.csv")
y <- as.matrix(b[1:500, paste0("C", 1:5)])
y[, 5] <- ifelse(y[, 5] > 4, 5, y[, 5])  # one item of five points
K <- c(6, 6, 6, 6, 5)
start <- cumsum(c(0, K))

# Gauss-Hermite by Golub and Welsch, for a standard normal trait
hermite <- function(q) {
  J <- matrix(0, q, q); i <- 1:(q - 1)
  J[cbind(i, i + 1)] <- J[cbind(i + 1, i)] <- sqrt(i)
  e <- eigen(J, symmetric = TRUE)
  list(x = e$values, w = e$vectors[1, ]^2)
}
gh <- hermite(101)

probabilities <- function(par, j, x) {
  a <- par[start[j] + 1]; d <- par[(start[j] + 2):start[j + 1]]
  up <- cbind(1, plogis(outer(a * x, d, "+")), 0)
  up[, 1:K[j]] - up[, 2:(K[j] + 1)]
}
joint <- function(par) {
  L <- matrix(1, nrow(y), length(gh$x))
  for (j in 1:5) {
    p <- t(probabilities(par, j, gh$x))
    seen <- !is.na(y[, j])
    L[seen, ] <- L[seen, ] * p[y[seen, j], ]
  }
  L
}
loglik <- function(par) {
  lik <- joint(par) %*% gh$w
  if (any(!is.finite(lik)) || any(lik <= 0)) return(-1e10)
  sum(log(lik))
}
par <- unlist(lapply(1:5, function(j) {
  s <- cumsum(rev(table(factor(y[, j], levels = 1:K[j])))) / sum(!is.na(y[, j]))
  c(1.3, 1.3 * qlogis(rev(s)[-1]))
}))
fit <- optim(par, function(p) -loglik(p), method = "BFGS",
             control = list(maxit = 1000, reltol = 1e-13))
par <- fit$par
for (i in 1:4) {  # Newton, by Richardson's differences, to the top
  g <- grad(loglik, par); H <- hessian(loglik, par)
  par <- par - solve(H, g)
}
H <- hessian(loglik, par)
V <- solve(-H)
share <- joint(par) * rep(gh$w, each = nrow(y)); share <- share / rowSums(share)
eap <- as.numeric(share %*% gh$x)
psd <- sqrt(as.numeric(share %*% gh$x^2) - eap^2)
items <- lapply(1:5, function(j) {
  own <- (start[j] + 1):start[j + 1]; a <- par[own[1]]; d <- par[own[-1]]
  b_se <- sapply(seq_along(d), function(k) {
    J <- c(d[k] / a^2, -1 / a)
    at <- own[c(1, k + 1)]
    sqrt(as.numeric(t(J) %*% V[at, at] %*% J))
  })
  list(slope = a, slope_se = sqrt(V[own[1], own[1]]), intercepts = d,
       intercept_se = sqrt(diag(V)[own[-1]]), thresholds = -d / a, threshold_se = b_se)
})
theta <- c(-2, -.5, 0, 1.3)
information <- t(sapply(1:5, function(j) {
  # by differences of the probabilities themselves
  sapply(theta, function(t) {
    p <- probabilities(par, j, t)
    dp <- jacobian(function(x) as.numeric(probabilities(par, j, x)), t)
    sum(dp^2 / p)
  })
}))
keep("graded", list(
  R = R.version.string, numDeriv = as.character(packageVersion("numDeriv")),
  n = sum(rowSums(!is.na(y)) > 0), log_likelihood = loglik(par),
  largest_gradient = max(abs(grad(loglik, par))), items = setNames(items, paste0("C", 1:5)),
  vcov_diagonal = diag(V), eap = eap[1:20], psd = psd[1:20], theta = theta,
  information = information))

# --- S-X2 by listing every pattern of answers (small: 4 items of 3 points) -------------
# items of three points: 1-2, 3-4, 5-6 joined; the model of `par3` is given, not fitted
z <- ceiling(b[complete.cases(b[, paste0("A", 2:5)]), paste0("A", 2:5)] / 2)
z <- as.matrix(z)
par3 <- list(c(1.4, 3.2, .9), c(1.9, 3, .6), c(1.1, 2.1, .3), c(1.6, 2.8, .2))
three <- function(q, x) {
  up <- cbind(1, plogis(outer(q[1] * x, q[-1], "+")), 0); up[, 1:3] - up[, 2:4]
}
all <- as.matrix(expand.grid(1:3, 1:3, 1:3, 1:3))
lik <- matrix(1, nrow(all), length(gh$x))
for (j in 1:4) lik <- lik * t(three(par3[[j]], gh$x))[all[, j], ]
prob <- as.numeric(lik %*% gh$w)
scores <- rowSums(all) - 4
shares <- lapply(1:4, function(j) sapply(1:3, function(k) sapply(0:8, function(s)
  sum(prob[scores == s & all[, j] == k]) / sum(prob[scores == s]))))
keep("sum_scores", list(
  R = R.version.string, n = nrow(z), parameters = par3, answers_n = nrow(z),
  p_score = sapply(0:8, function(s) sum(prob[scores == s])),
  shares = shares))

# --- differential functioning by proportional odds --------------------------------------
data(bfi, package = "psych")
stopifnot(all(bfi$N1 == b$N1, na.rm = TRUE))
tight <- list(reltol = 1e-15, maxit = 2000)
r2 <- function(m, none, n) {
  c((1 - exp(2 * (none - m) / n)) / (1 - exp(2 * none / n)), 1 - m / none)
}
study <- function(items, group) {
  x <- b[, items]
  rest_of <- function(j) rowMeans((x[, -j] - 1) / 5, na.rm = TRUE)
  lapply(setNames(seq_along(items), items), function(j) {
    d <- data.frame(y = factor(x[, j], ordered = TRUE), t = rest_of(j), g = group)
    d <- d[complete.cases(d), ]
    d$t <- (d$t - mean(d$t)) / sd(d$t)  # no likelihood depends on it; polr climbs better
    fits <- list(
      polr(y ~ 1, d, method = "logistic", control = tight),
      polr(y ~ t, d, method = "logistic", control = tight),
      polr(y ~ t + g, d, method = "logistic", control = tight, Hess = TRUE),
      polr(y ~ t * g, d, method = "logistic", control = tight))
    l <- sapply(fits, function(f) as.numeric(logLik(f))); n <- nrow(d)
    k <- nlevels(d$g) - 1
    R <- sapply(2:4, function(i) r2(l[i], l[1], n))
    test <- function(small, large, df) list(
      chi2 = 2 * (l[large] - l[small]), df = df,
      p = pchisq(2 * (l[large] - l[small]), df, lower.tail = FALSE),
      nagelkerke = R[1, large - 1] - R[1, small - 1],
      mcfadden = R[2, large - 1] - R[2, small - 1])
    s <- summary(fits[[3]])$coefficients
    list(n = n, total = test(2, 4, 2 * k), uniform = test(2, 3, k),
         nonuniform = test(3, 4, k),
         groups = setNames(lapply(paste0("g", levels(d$g)[-1]), function(r)
           list(estimate = s[r, 1], se = s[r, 2])), levels(d$g)[-1]))
  })
}
gender <- factor(ifelse(bfi$gender == 1, "men", "women"))
age <- cut(bfi$age, c(0, 20, 30, 100), labels = c("a", "b", "c"))
two <- study(paste0("N", 1:5), gender)
three_groups <- study(paste0("E", 1:5), age)
holm <- function(s) as.list(p.adjust(sapply(s, function(i) i$total$p), "holm"))
keep("dif", list(
  R = R.version.string, MASS = as.character(packageVersion("MASS")),
  gender = as.character(gender), age = as.character(age),
  two = two, two_holm = holm(two), three = three_groups, three_holm = holm(three_groups)))
