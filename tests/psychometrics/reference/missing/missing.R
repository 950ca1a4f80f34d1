# Values for answers with gaps, beside the files that reference.R makes: rerun with
# Rscript missing.R in this folder. lavaan's EM is told to go on to 1e-12.
suppressMessages({library(lavaan); library(jsonlite)})
hm <- read.csv("../data/hs1939_missing.csv")
full <- read.csv("../data/hs1939.csv")
pd <- read.csv("../data/politicaldemocracy.csv")
items <- paste0("x", 1:9)
model <- "visual=~x1+x2+x3\ntextual=~x4+x5+x6\nspeed=~x7+x8+x9"
run <- function(...) suppressWarnings(cfa(..., missing = "fiml", em.h1.tol = 1e-12,
  em.h1.iter.max = 20000))
rows <- function(fit) {
  p <- parameterEstimates(fit, ci = FALSE)
  if (is.null(p$group)) p$group <- 1
  data.frame(lhs = p$lhs, op = p$op, rhs = p$rhs, group = p$group, est = p$est, se = p$se)
}
told <- function(fit) list(fit = as.list(unclass(fitMeasures(fit))), parameters = rows(fit))

pairs <- outer(items, items, paste, sep = "~~")
unrestricted <- paste(c(pairs[lower.tri(pairs, diag = TRUE)], paste0(items, "~1")), collapse = "\n")
saturated <- list(ML = rows(run(unrestricted, hm)), MLR = rows(run(unrestricted, hm, estimator = "MLR")))

hm$school <- full$school
levels <- list(configural = "", metric = "loadings",
  scalar = c("loadings", "intercepts"), strict = c("loadings", "intercepts", "residuals"))
schools <- list()
for (estimator in c("ML", "MLR")) {
  fits <- lapply(levels, function(equal) run(model, hm, group = "school", group.equal = equal, estimator = estimator))
  lrt <- do.call(lavTestLRT, unname(c(list(fits[[1]]), fits[-1])))
  schools[[estimator]] <- list(levels = lapply(fits, told),
    difference = list(chisq = lrt[["Chisq diff"]], df = lrt[["Df diff"]], p = lrt[["Pr(>Chisq)"]]))
}
scalar <- run(model, hm, group = "school", group.equal = c("loadings", "intercepts"))
score <- lavTestScore(scalar)$uni

democracy <- "ind60=~x1+x2+x3\ndem60=~y1+a*y2+y3+y4\ndem65=~y5+a*y6+y7+y8\ndem60~b*ind60\ndem65~ind60+c*dem60\ny1~~y5\ny4~~y8\nindirect:=b*c"
set.seed(7)
for (name in names(pd)) pd[sample(75, 9), name] <- NA
write.csv(pd, "democracy_missing.csv", row.names = FALSE, na = "")
paths <- list(ML = told(run(democracy, pd)), MLR = told(run(democracy, pd, estimator = "MLR")))

# two forms without a pair between their own items
two <- full[items]
two[1:150, c("x3", "x6")] <- NA
two[151:301, c("x2", "x9")] <- NA
apart <- run(model, two)

write(toJSON(list(R = as.character(getRversion()), lavaan = as.character(packageVersion("lavaan")),
  date = as.character(Sys.Date()), saturated = saturated, schools = schools,
  score = data.frame(lhs = score$lhs, X2 = score$X2), paths = paths,
  apart = list(parameters = rows(apart), logl = as.numeric(logLik(apart)))),
  digits = I(17), auto_unbox = TRUE, na = "null", pretty = TRUE), "missing.json")
