# Reference values for what goes with an outcome: run in this folder.
# base R (lm, p.adjust, quantile), MASS (polr), lavaan (sem), jsonlite.
suppressMessages({library(MASS); library(lavaan); library(jsonlite)})
b <- read.csv("../data/bfi25_keyed.csv")
b <- b[complete.cases(b), ]
scales <- c("A", "C", "E", "N", "O")
s <- as.data.frame(sapply(scales, function(k) rowMeans(b[, paste0(k, 1:5)])))
z <- as.data.frame(scale(s))
keep <- function(name, value) write(
  toJSON(value, digits = I(17), auto_unbox = TRUE, na = "null", pretty = TRUE),
  paste0(name, ".json"))

# least squares, raw and per standard deviation; variance inflation by regressions
raw <- lm(E ~ A + C + O, s); std <- lm(E ~ A + C + O, z)
vif <- function(of, on) 1 / (1 - summary(lm(reformulate(on, of), s))$r.squared)
named <- function(x) as.list(setNames(as.numeric(x), names(x)))
rows <- function(fit) lapply(c(A = "A", C = "C", O = "O"), function(k) list(
  estimate = coef(fit)[[k]], se = summary(fit)$coefficients[k, 2],
  t = summary(fit)$coefficients[k, 3], p = summary(fit)$coefficients[k, 4],
  low = confint(fit)[k, 1], high = confint(fit)[k, 2]))
f <- summary(raw)$fstatistic
keep("regression", list(
  R = R.version.string, n = nrow(s), r_squared = summary(raw)$r.squared,
  adjusted = summary(raw)$adj.r.squared, f = f[[1]], df = f[[2]], df_error = f[[3]],
  p = pf(f[[1]], f[[2]], f[[3]], lower.tail = FALSE), raw = rows(raw),
  standardized = rows(std),
  vif = list(A = vif("A", c("C", "O")), C = vif("C", c("A", "O")),
             O = vif("O", c("A", "C")))))

# proportional odds, per standard deviation of the predictors
d <- data.frame(y = factor(b$N1, ordered = TRUE), z[, c("A", "C", "E")])
tight <- list(reltol = 1e-15, maxit = 1000, ndeps = rep(1e-5, 8))
m <- polr(y ~ A + C + E, d, Hess = TRUE, method = "logistic", control = tight)
none <- polr(y ~ 1, d, Hess = TRUE, method = "logistic",
             control = list(reltol = 1e-15, maxit = 1000))
q <- summary(m)$coefficients
keep("ordinal_logit", list(
  R = R.version.string, MASS = as.character(packageVersion("MASS")), n = nrow(d),
  coefficients = lapply(c(A = "A", C = "C", E = "E"), function(k) list(
    estimate = q[k, 1], se = q[k, 2])),
  thresholds = as.numeric(m$zeta), threshold_se = as.numeric(q[names(m$zeta), 2]),
  log_likelihood = as.numeric(logLik(m)), log_likelihood_none = as.numeric(logLik(none)),
  chi2 = as.numeric(2 * (logLik(m) - logLik(none))),
  p = pchisq(as.numeric(2 * (logLik(m) - logLik(none))), 3, lower.tail = FALSE)))

# A -> E -> N: least squares, lavaan's own, and resampled people (the first 300)
standard <- function(x) { u <- as.data.frame(scale(x))
  a <- coef(lm(E ~ A, u))[["A"]]; two <- coef(lm(N ~ E + A, u))
  c(a = a, b = two[["E"]], indirect = a * two[["E"]], direct = two[["A"]],
    total = coef(lm(N ~ A, u))[["A"]]) }
fit <- sem("E ~ a*A\nN ~ b*E + c*A\nindirect := a*b\ntotal := c + a*b", s)
sl <- standardizedSolution(fit)
few <- s[1:300, c("A", "E", "N")]
set.seed(1); R <- 1000
draws <- t(replicate(R, standard(few[sample(300, replace = TRUE), ])))
point <- standard(few)
perc <- apply(draws, 2, quantile, probs = c(.025, .975), type = 7)
corrected <- sapply(colnames(draws), function(k) {
  z0 <- qnorm(mean(draws[, k] < point[[k]]))
  quantile(draws[, k], pnorm(2 * z0 + qnorm(c(.025, .975))), type = 7) })
keep("mediation", list(
  R = R.version.string, lavaan = as.character(packageVersion("lavaan")), n = nrow(s),
  all = as.list(standard(s)),
  lavaan_standardized = list(
    a = sl$est.std[sl$label == "a"], b = sl$est.std[sl$label == "b"],
    direct = sl$est.std[sl$label == "c"], indirect = sl$est.std[sl$label == "indirect"],
    total = sl$est.std[sl$label == "total"]),
  first_300 = list(
    seed = 1, resamples = R, point = as.list(point), draws = draws[, "indirect"],
    percentile = as.list(as.data.frame(perc)),
    bias_corrected = as.list(as.data.frame(corrected)))))

# a marker, Lindell & Whitney (2001), and p values of a grid
r <- cor(s); small <- min(abs(r[lower.tri(r)]))
grid <- r["E", c("A", "C", "N", "O")]; n <- nrow(s)
adjusted <- sign(grid) * (abs(grid) - small) / (1 - small)
t <- adjusted / sqrt((1 - adjusted^2) / (n - 3))
p <- c(0.001, 0.011, 0.02, 0.04, 0.05, 0.2, 0.03, 0.0004, 1, 0.012)
keep("marker", list(
  R = R.version.string, n = n, smallest = small, r = as.list(grid),
  adjusted = as.list(adjusted), t = as.list(t), p = as.list(2 * pt(-abs(t), n - 3)),
  # the same as holding a variable constant that goes with both at sqrt(smallest)
  partial = as.list((abs(grid) - small) / sqrt((1 - small) * (1 - small)) * sign(grid)),
  grid = list(p = p, holm = p.adjust(p, "holm"), BH = p.adjust(p, "BH"))))

# the same split with factors: three scale scores, five items, five items
w <- cbind(s[, c("A", "C", "O")], b[, c(paste0("E", 1:5), paste0("N", 1:5))])
fit <- sem(paste("trust =~ A + C + O", "sat =~ E1 + E2 + E3 + E4 + E5",
                 "out =~ N1 + N2 + N3 + N4 + N5", "sat ~ a*trust",
                 "out ~ b*sat + c*trust", "indirect := a*b", "total := c + a*b",
                 sep = "\n"), w)
sl <- standardizedSolution(fit)
pick <- function(label) { row <- sl[sl$label == label, ][1, ]
  list(estimate = row$est.std, se = row$se, low = row$ci.lower, high = row$ci.upper) }
m <- fitMeasures(fit)
keep("latent_split", list(
  R = R.version.string, lavaan = as.character(packageVersion("lavaan")), n = nrow(w),
  paths = list(first = pick("a"), second = pick("b"), direct = pick("c"),
               indirect = pick("indirect"), total = pick("total")),
  cfi = m[["cfi"]], srmr = m[["srmr"]]))
