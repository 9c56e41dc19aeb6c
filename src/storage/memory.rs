//! How much memory the machine has left.

/// Bytes that programs can still take without pushing others out, as Linux states it; `None` where the system does not.
pub fn available() -> Option<u64> {
    let said = std::fs::read_to_string("/proc/meminfo").ok()?;
    read(&said)
}

/// From lines such as `MemAvailable:   12345678 kB`.
fn read(said: &str) -> Option<u64> {
    let line = said.lines().find_map(|l| l.strip_prefix("MemAvailable:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kilobytes.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_found_among_others_and_nonsense_is_no_number() {
        let said = "MemTotal:       24000000 kB\nMemAvailable:   12000 kB\nBuffers: 1 kB\n";
        assert_eq!(read(said), Some(12_288_000));
        for nonsense in [
            "",
            "MemTotal: 5 kB",
            "MemAvailable: much",
            "MemAvailable: 5 MB",
        ] {
            assert_eq!(read(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn linux_states_it() {
        assert_eq!(available().is_some(), cfg!(target_os = "linux"));
        assert!(available().is_none_or(|bytes| bytes > 1 << 20));
    }
}
