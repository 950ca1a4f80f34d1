# Outside values for careless answers, response rates and weights.
# Run here: Rscript quality.R > quality.json
# Only base R, psych (outlier) and jsonlite; the formulas of R's careless are written out
# as loops, because that package is not at hand.
suppressMessages({library(psych); library(jsonlite)})
x <- read.csv("../data/bfi25_keyed.csv")
names25 <- c(outer(1:5, c("A","C","E","N","O"), function(i, s) paste0(s, i)))
x <- x[, names25]
complete <- x[complete.cases(x), ]
d2 <- mahalanobis(complete, colMeans(complete), cov(complete))
d2psych <- outlier(complete, plot = FALSE)

longest <- function(v) { v <- v[!is.na(v)]; if (!length(v)) 0 else max(rle(v)$lengths) }
spread <- function(v) sd(v, na.rm = TRUE)
halves <- function(v, k = 5, size = 5) {
  even <- odd <- numeric(k)
  for (j in 1:k) {
    s <- v[((j - 1) * size + 1):(j * size)]
    odd[j] <- mean(s[c(1, 3, 5)], na.rm = TRUE); even[j] <- mean(s[c(2, 4)], na.rm = TRUE)
  }
  r <- suppressWarnings(cor(even, odd, use = "pairwise.complete.obs"))
  s <- 2 * r / (1 + r)
  if (!is.na(s) && s < -1) s <- -1
  -s
}
R <- cor(x, use = "pairwise")
R[upper.tri(R, diag = TRUE)] <- NA
pairs <- which(R > .50, arr.ind = TRUE)
within <- function(v) suppressWarnings(cor(v[pairs[, 2]], v[pairs[, 1]], use = "pairwise.complete.obs"))
rows <- 1:200
each <- function(f) apply(as.matrix(x)[rows, ], 1, function(v) { r <- f(unname(v)); if (length(r) == 0 || is.na(r)) NA else r })

invited <- c(24, 31, 18, 40, 12); answered <- c(20, 17, 9, 33, 5)
test <- suppressWarnings(chisq.test(rbind(answered, invited - answered), correct = FALSE))

# raking: proportional fitting by loglin, started at the sample's counts
sample <- matrix(c(20, 30, 10, 5, 15, 20), 2)  # rows x columns
rowpop <- c(.55, .45); colpop <- c(.3, .3, .4)
target <- outer(rowpop, colpop)
fit <- loglin(target, list(1, 2), start = sample, fit = TRUE, eps = 1e-14, iter = 10000, print = FALSE)$fit
rakeweights <- fit / sample * sum(sample)

# post-stratified mean: the textbook's sum over strata, written out
values <- list(c(3, 4, 5, 4), c(2, 2.5, 3), c(6, 5.5, 7, 6.5, 5)); N <- c(30, 50, 20)
W <- N / sum(N); n <- lengths(values)
mean_ps <- sum(W * sapply(values, mean))
se_ps <- sqrt(sum(W^2 * sapply(values, var) / n))
w <- rep(W * sum(n) / n, n)
half <- qt(.975, sum(n) - length(n)) * se_ps
out <- list(
  mahalanobis = list(d2 = unname(d2)[1:200], d2_psych = unname(d2psych)[1:200],
    beyond = sum(d2 > qchisq(.001, ncol(complete), lower.tail = FALSE)), n = nrow(complete)),
  longstring = each(longest), irv = each(spread), even_odd = each(halves),
  synonyms = list(pairs = nrow(pairs), r = each(within)),
  rates = list(invited = invited, answered = answered, chi2 = unname(test$statistic),
    df = unname(test$parameter), p = test$p.value, v = sqrt(unname(test$statistic) / sum(invited)),
    smallest = min(test$expected)),
  rake = list(sample = sample, rows = rowpop, columns = colpop, weights = rakeweights),
  poststratified = list(mean = mean_ps, se = se_ps, low = mean_ps - half, high = mean_ps + half,
    effective = sum(w)^2 / sum(w^2), design_effect = 1 + mean((w - mean(w))^2) / mean(w)^2),
  made_by = list(r = R.version.string, psych = as.character(packageVersion("psych")), date = "2026-11-22")
)
cat(toJSON(out, digits = 17, auto_unbox = TRUE, na = "null"), "\n")
