//! Sizes of files and of memory as a person reads them.

/// Bytes as gigabytes with one digit, `3.2 GB`; less than a tenth in megabytes.
pub fn gigabytes(bytes: u64) -> String {
    match bytes as f64 {
        few if few < 0.95e8 => format!("{:.0} MB", few / 1e6),
        many => format!("{:.1} GB", many / 1e9),
    }
}
