# Models of ordered items beyond reference.R: full WLS, plain ULS, items of 2 to 7 points,
# a label and a derived quantity, strict invariance in theta. Run in this folder.
suppressMessages({library(lavaan); library(jsonlite)})
cf <- function(fit) list(
  npar = fitMeasures(fit)["npar"][[1]],
  fit = as.list(unclass(fitMeasures(fit))),
  parameters = as.data.frame(lapply(as.data.frame(unclass(parameterEstimates(fit))), function(x)
    if (is.numeric(x)) as.numeric(x) else as.character(x))))
bg <- read.csv("../data/bfi25_keyed_gender_complete.csv")
N <- paste0("N", 1:5)
one <- "N=~N1+N2+N3+N4+N5"
out <- list(version = as.character(packageVersion("lavaan")), date = as.character(Sys.Date()))
out$wls <- cf(cfa(one, bg, ordered = N, estimator = "WLS"))
out$uls <- cf(cfa(one, bg, ordered = N, estimator = "ULS"))
mixed <- read.csv("mixed.csv")
out$mixed_items <- names(mixed)
items <- names(mixed)[1:4]
out$mixed <- cf(cfa(paste("f=~", paste(items, collapse = "+")), mixed[complete.cases(mixed[items]), items],
  ordered = items, estimator = "WLSMV", std.lv = TRUE))
two <- "N=~N1+a*N2+a*N3\nC=~C1+C2+C3\nN~b*C\nN1~~N2\nhalf:=b/2"
out$path <- cf(sem(two, bg, ordered = c(N[1:3], paste0("C", 1:3)), estimator = "WLSMV"))
cuts <- paste(unlist(lapply(N, function(i) paste0(i, "|", paste0("c(", i, "t", 1:5, ",", i, "t", 1:5, ")*t", 1:5, collapse = "+")))), collapse = "\n")
strict <- paste0(
  "N=~c(l1,l1)*N1+c(l2,l2)*N2+c(l3,l3)*N3+c(l4,l4)*N4+c(l5,l5)*N5\n",
  "N~~c(1,NA)*N\nN~c(0,NA)*1\n", cuts, "\n",
  paste0(N, "~c(0,0)*1", collapse = "\n"), "\n", paste0(N, "~~c(1,1)*", N, collapse = "\n"))
out$strict <- cf(cfa(strict, bg, ordered = N, estimator = "WLSMV", group = "gender",
  parameterization = "theta", std.lv = TRUE))
scalar <- gsub("c\\(1,1\\)", "c(1,NA)", strict)
fs <- cfa(scalar, bg, ordered = N, estimator = "WLSMV", group = "gender", parameterization = "theta", std.lv = TRUE)
out$scalar_theta <- cf(fs)
f0 <- cfa(strict, bg, ordered = N, estimator = "WLSMV", group = "gender", parameterization = "theta", std.lv = TRUE)
lrt <- as.data.frame(lavTestLRT(fs, f0))
out$lrt <- list(chisq.diff = lrt[2, "Chisq diff"], df.diff = lrt[2, "Df diff"])
m1 <- cfa(one, bg, ordered = N, estimator = "WLSM", std.lv = TRUE)
m0 <- cfa("N=~a*N1+a*N2+a*N3+a*N4+a*N5", bg, ordered = N, estimator = "WLSM", std.lv = TRUE)
lrt <- as.data.frame(lavTestLRT(m1, m0, method = "satorra.bentler.2001"))
out$wlsm_lrt <- list(chisq.diff = lrt[2, "Chisq diff"], df.diff = lrt[2, "Df diff"])
write(toJSON(out, digits = I(17), auto_unbox = TRUE, na = "null", pretty = TRUE, dataframe = "rows"), "models.json")
