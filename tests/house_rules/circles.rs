//! Cycles of files in the graph of what each file names.

use std::collections::{BTreeMap, BTreeSet};

/// What each file names.
pub type Arrows = BTreeMap<String, BTreeSet<String>>;

/// Strongly connected sets of more than one file.
pub fn circles(arrows: &Arrows) -> Vec<BTreeSet<&str>> {
    let files: Vec<&str> = arrows.keys().map(String::as_str).collect();
    let reached = reached(arrows, &files);
    let leads = |from: usize, to: usize| reached[from][to / 64] >> (to % 64) & 1 == 1;
    let mut seen = vec![false; files.len()];
    let mut found = Vec::new();
    for start in 0..files.len() {
        if seen[start] || !leads(start, start) {
            continue;
        }
        let on_it = |file: &usize| leads(start, *file) && leads(*file, start);
        let circle: Vec<usize> = (0..files.len()).filter(on_it).collect();
        circle.iter().for_each(|&file| seen[file] = true);
        if circle.len() > 1 {
            found.push(circle.into_iter().map(|file| files[file]).collect());
        }
    }
    found
}

/// For each file a bit for every file that it reaches (Warshall). A file without edges reaches nothing.
fn reached(arrows: &Arrows, files: &[&str]) -> Vec<Vec<u64>> {
    let mut reached = vec![vec![0_u64; files.len().div_ceil(64)]; files.len()];
    for (row, targets) in reached.iter_mut().zip(arrows.values()) {
        for to in targets
            .iter()
            .filter_map(|to| files.binary_search(&to.as_str()).ok())
        {
            row[to / 64] |= 1 << (to % 64);
        }
    }
    for by in 0..files.len() {
        let further = reached[by].clone();
        for row in reached
            .iter_mut()
            .filter(|row| row[by / 64] >> (by % 64) & 1 == 1)
        {
            row.iter_mut()
                .zip(&further)
                .for_each(|(bits, more)| *bits |= more);
        }
    }
    reached
}

#[test]
fn a_circle_is_found_and_a_chain_is_none() {
    let arrows = [("a", "b"), ("b", "c"), ("c", "b"), ("c", "d"), ("e", "a")];
    let mut all = Arrows::new();
    for (from, to) in arrows {
        all.entry(from.into()).or_default().insert(to.into());
    }
    assert_eq!(circles(&all), [BTreeSet::from(["b", "c"])]);
}
