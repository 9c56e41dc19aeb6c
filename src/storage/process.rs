//! What the system reports about this process.

/// Signal 1: the terminal was closed.
const HANGUP: u32 = 1;

/// Whether the closing of the terminal may be handled. Under `nohup` it is ignored and the process must go on; if the
/// system does not report this, as everywhere except on Linux, the signal is left unchanged.
pub fn may_handle_hangup() -> bool {
    std::fs::read_to_string("/proc/self/status").is_ok_and(|status| !is_ignored(&status, HANGUP))
}

/// The name of the processor, if the system reports it, as on Linux with x86.
pub fn processor() -> Option<String> {
    let text = std::fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("model name"));
    let name = line?.trim_start().strip_prefix(':')?.trim();
    (!name.is_empty()).then(|| name.to_owned())
}

/// From a line such as `SigIgn: 0000000000000001`, one bit per signal.
fn is_ignored(status: &str, signal: u32) -> bool {
    let line = status.lines().find_map(|l| l.strip_prefix("SigIgn:"));
    let mask = line.and_then(|l| u64::from_str_radix(l.trim(), 16).ok());
    mask.is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bit_of_the_signal_counts() {
        let status = |mask: &str| format!("Name:\tgantei\nSigIgn:\t{mask}\nSigCgt:\tffff\n");
        assert!(is_ignored(&status("0000000000000001"), HANGUP));
        assert!(is_ignored(&status("0000000000001003"), HANGUP));
        for mask in ["0000000000000002", "0", "", "x"] {
            assert!(!is_ignored(&status(mask), HANGUP), "{mask}");
        }
        assert!(!is_ignored("", HANGUP));
    }
}
