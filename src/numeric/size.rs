//! Readable sizes of files and memory.

/// Bytes as gigabytes with one decimal place, `3.2 GB`; below a tenth, in megabytes.
pub fn gigabytes(bytes: u64) -> String {
    match bytes as f64 {
        few if few < 0.95e8 => format!("{:.0} MB", few / 1e6),
        many => format!("{:.1} GB", many / 1e9),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_has_the_unit_that_suits_it() {
        assert_eq!(gigabytes(3_200_000_000), "3.2 GB");
        assert_eq!(gigabytes(100_000_000), "0.1 GB");
        assert_eq!(gigabytes(94_000_000), "94 MB");
    }
}
