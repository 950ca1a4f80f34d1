# Recompute the report of this folder from its data and compare every number.
#
#   Rscript reproduce.R
#
# needs R 4 with psych, lavaan and jsonlite, and no network. reach.json says for each
# number of report.json how it is checked and how close it must come, or why it cannot be
# checked. Ends with status 1 where a number, or a file, is not as it should be.

suppressPackageStartupMessages({
  library(psych)
  library(lavaan)
})

here <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
folder <- if (length(here)) dirname(normalizePath(here[1])) else "."
source(file.path(folder, "formulas.R"))
source(file.path(folder, "models.R"))
source(file.path(folder, "parts.R"))

read_json <- function(name) {
  jsonlite::fromJSON(file.path(folder, name), simplifyVector = FALSE)
}

# -- the answers, keyed ---------------------------------------------------------------

read_study <- function() {
  study <- list(report = read_json("report.json"), design = read_json("design.json"))
  study$whole <- study$report
  study$report <- present(study$whole, names(study$design$items))
  study$rules <- read_json("reach.json")
  rows <- read.csv(file.path(folder, study$design$data),
    check.names = FALSE, colClasses = "character", encoding = "UTF-8",
    na.strings = c("", "NA")
  )
  names(rows)[1] <- sub("^\ufeff", "", names(rows)[1])
  study$answers <- sapply(study$design$items, function(item) {
    x <- as.numeric(rows[[item$column]])
    x[x < item$low | x > item$high] <- NA
    if (item$reverse) item$low + item$high - x else x
  })
  spoken <- study$design$language
  study$languages <- if (is.null(spoken)) NULL else rows[[spoken$column]]
  study$scales <- c(study$report$scales, study$report$outcomes)
  study
}

# The report less the scales of which the data hold not every item.
present <- function(report, items) {
  kept <- function(scales) Filter(function(one) all(names(one$items) %in% items), scales)
  for (part in c("scales", "outcomes")) report[[part]] <- kept(report[[part]])
  report$others <- lapply(report$others, function(one) {
    one$scales <- kept(one$scales)
    one
  })
  report
}

items_of <- function(study, scale) names(study$scales[[scale]]$items)

answers_to <- function(study, codes) study$answers[, codes, drop = FALSE]

score_of <- function(study, scale) score(answers_to(study, items_of(study, scale)))

# Scales that have a factor: reflective ones of two items or more.
with_factor <- function(study, codes = names(study$scales)) {
  kept <- Filter(function(code) {
    one <- study$scales[[code]]
    one$model == "reflective" && length(one$items) > 1
  }, codes)
  setNames(lapply(kept, function(code) items_of(study, code)), kept)
}

chosen <- function(study, language) {
  rows <- which(study$languages == study$design$language$codes[[language]]$code)
  study$answers <- study$answers[rows, , drop = FALSE]
  study
}

# Complete answers to the items of some factors, named i1, i2, ... of f1, f2, ...
sample_of <- function(study, named) {
  codes <- unlist(named, use.names = FALSE)
  X <- as.data.frame(answers_to(study, codes))
  names(X) <- paste0("i", seq_along(codes))
  scales <- relist(names(X), named)
  names(scales) <- paste0("f", seq_along(named))
  list(data = X[complete.cases(X), ], scales = lapply(scales, unlist), codes = codes)
}

# -- comparing ------------------------------------------------------------------------

# Every number with its JSON pointer (RFC 6901), as a named vector.
leaves <- function(value, pointer = "") {
  if (is.numeric(value) && length(value) == 1 && is.null(names(value))) {
    return(setNames(as.numeric(value), pointer))
  }
  if (!is.list(value) && !is.numeric(value)) return(numeric())
  keys <- names(value)
  keys <- if (is.null(keys)) seq_along(value) - 1 else gsub("~", "~0", keys)
  keys <- gsub("/", "~1", keys)
  found <- lapply(seq_along(value), function(k) {
    leaves(value[[k]], paste0(pointer, "/", keys[k]))
  })
  do.call(c, c(list(numeric()), found))
}

# Files that are not what SHA256SUMS says, by the digest of the system's tools.
damaged <- function() {
  lines <- readLines(file.path(folder, "SHA256SUMS"), encoding = "UTF-8")
  names <- substring(lines, 67)
  there <- file.exists(file.path(folder, names))
  problems <- paste0(names[!there], rep(": not there", sum(!there)))
  tool <- c(Sys.which("sha256sum"), Sys.which("shasum"))
  arguments <- list(character(), c("-a", "256"))[nzchar(tool)]
  if (!any(nzchar(tool))) {
    cat("Checksums not checked: neither sha256sum nor shasum is here.\n")
    return(problems)
  }
  for (k in which(there)) {
    path <- shQuote(file.path(folder, names[k]))
    told <- system2(tool[nzchar(tool)][1], c(arguments[[1]], path), stdout = TRUE)
    if (sub("^\\\\", "", substr(told[1], 1, 64)) != substr(lines[k], 1, 64)) {
      problems <- c(problems, paste0(names[k], ": changed since it was made"))
    }
  }
  problems
}

PARTS <- list(
  counts = counts, scales = scales, structure = structure_of,
  separability = separability, loyalty = loyalty, confirmed = confirmed,
  groups = groups, instruments = instruments, others = others
)

main <- function() {
  problems <- damaged()
  study <- tryCatch(read_study(), error = function(e) {
    cat(problems, sep = "\n")
    cat("This folder cannot be read:", conditionMessage(e), "\n")
    quit(status = 1)
  })
  found <- numeric()
  failed <- character()
  for (name in names(PARTS)) {
    part <- tryCatch(leaves(PARTS[[name]](study)), error = function(e) {
      failed <<- c(failed, paste0(name, ": ", conditionMessage(e)))
      numeric()
    })
    found[names(part)] <- part
  }
  told <- leaves(study$whole)
  rules <- unlist(study$rules$numbers)[names(told)]
  tolerances <- vapply(study$rules$rules, function(rule) {
    if (is.null(rule$r)) NA_real_ else as.numeric(rule$r)
  }, 0)
  tolerance <- tolerances[rules]
  unlisted <- names(told)[is.na(rules)]
  problems <- c(problems, paste0(
    unlisted, rep(": reach.json does not say how it is checked", length(unlisted))
  ))
  checked <- which(!is.na(tolerance))
  own <- found[names(told)[checked]]
  apart <- abs(own - told[checked]) / pmax(1, abs(told[checked]))
  missed <- which(is.na(apart) | apart > tolerance[checked])
  for (k in missed) {
    problems <- c(problems, sprintf(
      "%s: report %.15g, recomputed %.15g, allowed %g",
      names(told)[checked][k], told[checked][k], own[k], tolerance[checked][k]
    ))
  }
  # without all scales some parts cannot be computed; then nobody asks for them
  if (length(missed)) problems <- c(failed, problems)
  apart[is.na(apart)] <- Inf
  worst <- which.max(apart)
  cat(sprintf("Numbers in the report      %8d\n", length(told)))
  cat(sprintf("Recomputed and equal       %8d\n", length(checked) - length(missed)))
  cat(sprintf("Recomputed, not equal      %8d\n", length(missed)))
  cat(sprintf("Out of reach (reach.json)  %8d\n", length(told) - length(checked)))
  if (length(worst)) {
    cat(sprintf(
      "Largest relative difference %.2e at %s\n", apart[worst],
      names(told)[checked][worst]
    ))
  }
  for (line in problems) cat("FAILED", line, "\n")
  quit(status = if (length(problems)) 1 else 0)
}

main()
