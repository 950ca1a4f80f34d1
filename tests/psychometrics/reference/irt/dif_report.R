# Reference values for items between groups on the score of a graded response model: run
# in this folder after irt.R. base R, MASS (polr), jsonlite.
# The people of `graded.json` (the first 500 of bfi, C items, C5 of five points), each
# twice, so that both groups are large enough for a report; gender of the second 500 is
# that of the people who follow in the file, so that no two rows need be alike in it.
suppressMessages({library(MASS); library(jsonlite)})
b <- read.csv("../data/bfi25_keyed.csv")
y <- as.matrix(b[1:500, paste0("C", 1:5)])
y[, 5] <- ifelse(y[, 5] > 4, 5, y[, 5])
model <- fromJSON("graded.json", simplifyVector = TRUE)$items
# Answers doubled leave the top of the likelihood where it is: the same parameters.
hermite <- function(q) {
  J <- matrix(0, q, q); i <- 1:(q - 1)
  J[cbind(i, i + 1)] <- J[cbind(i + 1, i)] <- sqrt(i)
  e <- eigen(J, symmetric = TRUE)
  list(x = e$values, w = e$vectors[1, ]^2)
}
gh <- hermite(101)
L <- matrix(1, nrow(y), length(gh$x))
for (j in 1:5) {
  m <- model[[paste0("C", j)]]
  up <- cbind(1, plogis(outer(m$slope * gh$x, m$intercepts, "+")), 0)
  p <- t(up[, -ncol(up)] - up[, -1])
  seen <- !is.na(y[, j])
  L[seen, ] <- L[seen, ] * p[y[seen, j], ]
}
share <- L * rep(gh$w, each = nrow(y)); share <- share / rowSums(share)
eap <- as.numeric(share %*% gh$x)
theta <- rep(eap, 2)
twice <- rbind(y, y)
gender <- factor(fromJSON("dif.json")$gender[1:1000])
tight <- list(reltol = 1e-15, maxit = 2000)
result <- lapply(setNames(1:5, paste0("C", 1:5)), function(j) {
  d <- data.frame(y = factor(twice[, j], ordered = TRUE), t = theta, g = gender)
  d <- d[complete.cases(d), ]
  d$t <- (d$t - mean(d$t)) / sd(d$t)
  fits <- list(
    polr(y ~ 1, d, method = "logistic", control = tight),
    polr(y ~ t, d, method = "logistic", control = tight),
    polr(y ~ t + g, d, method = "logistic", control = tight, Hess = TRUE),
    polr(y ~ t * g, d, method = "logistic", control = tight))
  l <- sapply(fits, function(f) as.numeric(logLik(f))); n <- nrow(d)
  r2 <- function(m) (1 - exp(2 * (l[1] - m) / n)) / (1 - exp(2 * l[1] / n))
  test <- function(small, large, df) {
    chi2 <- 2 * (l[large] - l[small])
    list(chi2 = chi2, df = df, p = pchisq(chi2, df, lower.tail = FALSE),
         nagelkerke = r2(l[large]) - r2(l[small]),
         mcfadden = (l[small] - l[large]) / l[1])
  }
  list(n = n, total = test(2, 4, 2), uniform = test(2, 3, 1),
       nonuniform = test(3, 4, 1),
       women = list(estimate = summary(fits[[3]])$coefficients["gwomen", 1],
                    se = summary(fits[[3]])$coefficients["gwomen", 2]))
})
holm <- p.adjust(sapply(result, function(i) i$total$p), "holm")
write(toJSON(list(
  R = R.version.string, MASS = as.character(packageVersion("MASS")),
  counts = as.list(table(gender)), items = result, holm = as.list(holm)),
  digits = I(17), auto_unbox = TRUE, pretty = TRUE), "dif_report.json")
