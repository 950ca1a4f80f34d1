# What lavaan does with 200 samples of 150 people of a mediation model:
#   Rscript monte_carlo.R > monte_carlo.json
# Its samples are R's own; another program can agree within Monte-Carlo error only.
suppressMessages({library(lavaan); library(jsonlite)})
set.seed(20261122)
loadings <- c(0.8, 0.7, 0.6, 0.7, 0.7, 0.8, 0.6, 0.9, 0.7)
# three factors of variance one: m = .5 x + u, y = .4 m + .2 x + v
xm <- 0.5; xy <- 0.4 * 0.5 + 0.2; my <- 0.4 + 0.2 * 0.5
between <- matrix(c(1, xm, xy, xm, 1, my, xy, my, 1), 3)
sigma <- outer(loadings, loadings) * between[rep(1:3, each = 3), rep(1:3, each = 3)]
diag(sigma) <- 1
root <- chol(sigma)
analysis <- "
  x =~ x1 + x2 + x3
  m =~ m1 + m2 + m3
  y =~ y1 + y2 + y3
  m ~ a*x
  y ~ b*m + x
  indirect := a*b
"
n <- 150
replications <- 200
rows <- NULL
rejected <- converged <- 0
for (i in seq_len(replications)) {
  data <- as.data.frame(matrix(rnorm(n * 9), n) %*% root)
  names(data) <- paste0(rep(c("x", "m", "y"), each = 3), 1:3)
  fit <- tryCatch(sem(analysis, data, std.lv = TRUE, baseline = FALSE), error = function(e) NULL)
  if (is.null(fit) || !lavInspect(fit, "converged")) next
  converged <- converged + 1
  rejected <- rejected + (fit@test[[1]]$pvalue < 0.05)
  table <- parameterEstimates(fit)
  table <- table[!is.na(table$se) & table$se > 0, ]
  table$name <- ifelse(table$op == ":=", table$lhs, paste0(table$lhs, table$op, table$rhs))
  rows <- rbind(rows, table[, c("name", "est", "se", "pvalue", "ci.lower", "ci.upper")])
}
summaries <- lapply(split(rows, rows$name), function(one) list(
  mean = mean(one$est), sd = sd(one$est), mean_se = mean(one$se),
  power = mean(one$pvalue < 0.05)))
cat(toJSON(list(
  made_with = paste("R", getRversion(), "lavaan", packageVersion("lavaan")),
  n = n, replications = replications, converged = converged,
  rejected = rejected / converged, parameters = summaries),
  auto_unbox = TRUE, digits = NA, pretty = TRUE), "\n")
