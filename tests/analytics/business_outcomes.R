# Reference values of tests/analytics/test_criteria.py: base R only.
# Rscript business_outcomes.R > business_outcomes.json
i <- 0:59
x <- ((i * 7) %% 11) / 2
y <- as.integer(((i * 5) %% 13) + x > 8)
z <- (i * 3) %% 17 - 2 * x
r <- cor.test(x, y)
s <- cor.test(x, z)
fit <- glm(y ~ scale(x), family = binomial, control = glm.control(epsilon = 1e-14))
b <- coef(fit)[[2]]
e <- sqrt(diag(vcov(fit)))[[2]]
q <- qnorm(0.975)
n <- function(v) format(v, digits = 15)
cat(sprintf(
  '{"R": "%s", "r": [%s, %s, %s, %s], "number": [%s, %s, %s, %s], "odds": [%s, %s, %s]}\n',
  R.version.string,
  n(r$estimate), n(r$conf.int[1]), n(r$conf.int[2]), n(r$p.value),
  n(s$estimate), n(s$conf.int[1]), n(s$conf.int[2]), n(s$p.value),
  n(b), n(b - q * e), n(b + q * e)
))
