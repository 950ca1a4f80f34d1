# A step in a series with dependent waves: nlme's gls with continuous-time AR(1) by
# restricted maximum likelihood, and the exact Durbin-Watson test of lmtest.
# Run in this folder: Rscript series.R. Writes series.json.
suppressMessages({library(nlme); library(lmtest); library(jsonlite)})
one <- function(time, y, event) {
  d <- data.frame(y = y, after = as.numeric(time >= event), time = time,
    gaps = time / median(diff(time)))
  fit <- gls(y ~ after + time, d, correlation = corCAR1(.3, form = ~ gaps),
    method = "REML", control = glsControl(tolerance = 1e-12, msTol = 1e-14,
      msMaxIter = 1000, opt = "nlminb"))
  plain <- lm(y ~ after + time, d)
  r <- resid(plain)
  test <- dwtest(plain, alternative = "greater", exact = TRUE)
  list(time = time, y = y, event = event,
    phi = unname(coef(fit$modelStruct$corStruct, unconstrained = FALSE)),
    gls = list(est = unname(coef(fit)), se = unname(sqrt(diag(vcov(fit))))),
    lm = list(est = unname(coef(plain)), se = unname(sqrt(diag(vcov(plain))))),
    lag_one = sum(r[-1] * r[-length(r)]) / sum(r^2),
    dw = unname(test$statistic), p = test$p.value)
}
set.seed(68)
errors <- function(n, phi) { e <- rnorm(n); for (i in 2:n) e[i] <- phi * e[i - 1] +
  sqrt(1 - phi^2) * e[i]; e }
months <- cumsum(c(0, rep(c(3, 3, 4, 3, 2), 5)))[1:24]
out <- list(
  uneven = one(months, 3.8 + .2 * (months >= 40) + .15 * errors(24, .7), 40),
  monthly = one(1:30, 3.5 - .3 * (1:30 >= 18) + .01 * (1:30) + .2 * errors(30, .6), 18),
  negative = one(1:16, 3 + .1 * errors(16, -.7), 9),
  versions = list(R = R.version.string, nlme = as.character(packageVersion("nlme")),
    lmtest = as.character(packageVersion("lmtest")), date = "2026-11-22"))
write(toJSON(out, digits = I(17), auto_unbox = TRUE, pretty = TRUE), "series.json")
