# Pools a regression over the imputations of `gantei study supplement --outcome`, once with mice and once by Rubin's rules
# written out here, and stops if they differ by more than 1e-8.
#
#     Rscript tests/benchmark/supplement.R imputed.mice.csv outcome sex
#
# Needs the package mice (Debian: r-cran-mice).
suppressMessages(library(mice))

given <- commandArgs(trailingOnly = TRUE)
all <- read.csv(given[1], check.names = FALSE, fileEncoding = "UTF-8-BOM")
for (name in given[2:3]) {
  if (!name %in% names(all)) stop("no column ", name)
  if (!is.numeric(all[[name]])) stop("the column ", name, " holds words: name one of its columns of zeros and ones")
}
model <- as.formula(paste0("`", given[2], "` ~ `", given[3], "`"))

imputed <- suppressWarnings(as.mids(all, .imp = ".imp", .id = ".id"))
pooled <- summary(pool(with(imputed, lm(as.formula(paste0("`", given[2], "` ~ `", given[3], "`"))))))

fits <- lapply(split(all, all$.imp)[-1], function(rows) lm(model, rows))
m <- length(fits)
estimates <- sapply(fits, coef)
within <- rowMeans(sapply(fits, function(fit) diag(vcov(fit))))
between <- apply(estimates, 1, var)
own <- data.frame(estimate = rowMeans(estimates), std.error = sqrt(within + (1 + 1 / m) * between))

difference <- max(abs(own$estimate - pooled$estimate), abs(own$std.error - pooled$std.error))
print(pooled[, c("term", "estimate", "std.error")])
cat("largest difference from Rubin's rules:", difference, "\n")
if (!is.finite(difference)) stop("a regression has no estimate: are outcome and label known for enough persons?")
stopifnot(difference < 1e-8)
