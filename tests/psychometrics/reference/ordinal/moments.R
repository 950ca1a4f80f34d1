# Outside values for thresholds, polychoric correlations and their covariance.
# Run here: Rscript moments.R (writes mixed.csv and moments.json)
suppressMessages({library(lavaan); library(jsonlite)})
set.seed(9)
n <- 600
trait <- rnorm(n)
cuts <- list(two = 0.4, three = c(-0.9, 0.6), five = c(-1.4, -0.6, 0.3, 1.2),
             seven = c(-1.5, -1, -0.4, 0.1, 0.7, 1.4))
loading <- c(two = 0.6, three = 0.5, five = 0.8, seven = 0.7)
mixed <- as.data.frame(lapply(names(cuts), function(v) {
  y <- loading[v] * trait + sqrt(1 - loading[v]^2) * rnorm(n)
  findInterval(y, cuts[[v]]) + 1L
}), col.names = names(cuts))
for (v in names(cuts)) mixed[sample(n, 60), v] <- NA
mixed[17, ] <- NA
mixed$group <- rep(1:2, c(350, 250))
write.csv(mixed, "mixed.csv", row.names = FALSE, na = "")
bfi <- read.csv("../data/bfi25_keyed.csv")[, paste0("N", 1:5)]

moments <- function(data, missing, group = NULL) {
  items <- setdiff(names(data), "group")
  fit <- cfa(paste("f =~", paste(items, collapse = "+")), data, ordered = items,
             estimator = "WLSMV", missing = missing, group = group, do.fit = FALSE)
  one <- function(n, stats, gamma) list(
    n = n, thresholds = as.list(setNames(as.numeric(stats$th), names(stats$th))),
    correlations = unname(unclass(stats$cov)), gamma = unname(unclass(gamma)))
  n <- lavInspect(fit, "nobs"); s <- lavInspect(fit, "sampstat"); g <- lavInspect(fit, "gamma")
  if (is.null(group)) one(n, s, g) else Map(one, n, s, g)
}
write(toJSON(list(
  made = list(R = R.version.string, lavaan = as.character(packageVersion("lavaan"))),
  bfi_listwise = moments(bfi, "listwise"), bfi_pairwise = moments(bfi, "pairwise"),
  mixed_listwise = moments(mixed[1:4], "listwise"),
  mixed_pairwise = moments(mixed[1:4], "pairwise"),
  mixed_groups_pairwise = moments(mixed, "pairwise", "group"),
  mixed_groups_listwise = moments(mixed, "listwise", "group")
), auto_unbox = TRUE, digits = NA), "moments.json")
