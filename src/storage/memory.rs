//! How much memory this process can still allocate.

use std::path::Path;

/// Bytes that this process can still allocate, as Linux states it: the minimum of the machine's available memory
/// without swapping out other programs, the limits of the process (`ulimit -v`, `ulimit -d`) and those of its control
/// group (containers, batch systems). `None` if the system states nothing.
pub fn available() -> Option<u64> {
    let machine = read_text("/proc/meminfo").and_then(|text| kilobytes(&text, "MemAvailable:"));
    let limits = read_text("/proc/self/limits").zip(read_text("/proc/self/status"));
    let process = limits.and_then(|(limits, status)| left_by_limits(&limits, &status));
    let parts = [machine, process, left_by_groups()];
    parts.into_iter().flatten().min()
}

fn read_text(path: impl AsRef<Path>) -> Option<String> {
    std::fs::read_to_string(path).ok()
}

/// From lines such as `MemAvailable:   12345678 kB`.
fn kilobytes(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|l| l.strip_prefix(name))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kilobytes.checked_mul(1024)
}

/// From lines such as `Max address space   3584000000   unlimited   bytes`, the soft limit first.
fn left_by_limits(limits: &str, status: &str) -> Option<u64> {
    let left = |limit: &str, taken: &str| {
        let line = limits.lines().find_map(|l| l.strip_prefix(limit))?;
        let most: u64 = line.split_whitespace().next()?.parse().ok()?;
        Some(most.saturating_sub(kilobytes(status, taken)?))
    };
    let space = left("Max address space", "VmSize:");
    let data = left("Max data size", "VmData:");
    space.into_iter().chain(data).min()
}

/// The files of a control group, versions 2 and 1: limit, use, and two lines of `memory.stat` that count file pages.
/// Pages of tmpfs are not among them: they cannot be reclaimed.
const VERSION_2: [&str; 4] = [
    "memory.max",
    "memory.current",
    "active_file ",
    "inactive_file ",
];
const VERSION_1: [&str; 4] = [
    "memory.limit_in_bytes",
    "memory.usage_in_bytes",
    "total_active_file ",
    "total_inactive_file ",
];

/// Memory left by the control group of this process and its ancestors. File cache pages count as free: they are
/// reclaimed first.
fn left_by_groups() -> Option<u64> {
    let groups = read_text("/proc/self/cgroup")?;
    let mut lines = groups.lines();
    let of_2 = lines.clone().find_map(|l| l.strip_prefix("0::/"));
    let of_1 = lines.find_map(|l| Some(l.split_once(":memory:/")?.1));
    let of_2 = of_2.and_then(|own| left_up_from("/sys/fs/cgroup", own, VERSION_2));
    let of_1 = of_1.and_then(|own| left_up_from("/sys/fs/cgroup/memory", own, VERSION_1));
    of_2.into_iter().chain(of_1).min()
}

/// The minimum over a group and its ancestors. In a container its own group may be mounted as the root.
fn left_up_from(root: &str, own: &str, names: [&str; 4]) -> Option<u64> {
    let folder = Path::new(root).join(own);
    let up = folder.ancestors().take_while(|f| f.starts_with(root));
    up.filter_map(|f| left_by_group(f, names)).min()
}

fn left_by_group(folder: &Path, [most, taken, active, inactive]: [&str; 4]) -> Option<u64> {
    let number = |name: &str| read_text(folder.join(name))?.trim().parse::<u64>().ok();
    let (most, taken) = (number(most)?, number(taken)?);
    let statistics = read_text(folder.join("memory.stat")).unwrap_or_default();
    let pages = |name: &str| {
        let line = statistics.lines().find_map(|l| l.strip_prefix(name));
        line.and_then(|l| l.trim().parse::<u64>().ok()).unwrap_or(0)
    };
    let files = pages(active).saturating_add(pages(inactive));
    Some(most.saturating_sub(taken.saturating_sub(files)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_found_among_others_and_nonsense_is_no_number() {
        let read = |text: &str| kilobytes(text, "MemAvailable:");
        let text = "MemTotal:       24000000 kB\nMemAvailable:   12000 kB\nBuffers: 1 kB\n";
        assert_eq!(read(text), Some(12_288_000));
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

    #[test]
    fn a_limit_of_the_process_leaves_what_it_has_not_taken() {
        let limits = |space: &str, data: &str| {
            format!(
                "Limit                     Soft Limit           Hard Limit           Units\n\
                 Max data size             {data:<20} unlimited            bytes\n\
                 Max address space         {space:<20} unlimited            bytes\n"
            )
        };
        let status = "Name:\tgantei\nVmSize:\t    1000 kB\nVmData:\t     300 kB\n";
        for (space, data, left) in [
            ("unlimited", "unlimited", None),
            ("2048000", "unlimited", Some(1_024_000)),
            ("unlimited", "409600", Some(102_400)),
            ("2048000", "409600", Some(102_400)),
            ("1000", "unlimited", Some(0)),
        ] {
            let found = left_by_limits(&limits(space, data), status);
            assert_eq!(found, left, "{space} {data}");
        }
    }

    #[test]
    fn a_control_group_leaves_what_is_not_taken_but_for_pages_of_files() {
        let folder = tempfile::tempdir().unwrap();
        let names = VERSION_2;
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text);
        assert_eq!(left_by_group(folder.path(), names), None);
        write("memory.max", "max\n").unwrap();
        write("memory.current", "700\n").unwrap();
        assert_eq!(left_by_group(folder.path(), names), None);
        write("memory.max", "1000\n").unwrap();
        assert_eq!(left_by_group(folder.path(), names), Some(300));
        write(
            "memory.stat",
            "anon 200\nactive_file 200\ninactive_file 300\nshmem 90\n",
        )
        .unwrap();
        assert_eq!(left_by_group(folder.path(), names), Some(800));
    }
}
