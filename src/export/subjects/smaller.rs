//! The same photograph at several sizes, such as the copies that a NAS makes for its own display.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use super::{PhotographFacts, of_itself};
use crate::domain::Fingerprint;

/// Copies with at least this share of the pixels may be two exports of one photograph: neither is a thumbnail.
const MUCH: f64 = 0.95;

/// For each photograph, the place of the largest one in the run of which it is a smaller copy, among those that are not
/// excluded for themselves. Photographs without structure, such as black ones, are not compared.
pub(super) fn smaller_copies(shots: &[PhotographFacts]) -> Vec<Option<usize>> {
    let mut found = vec![None; shots.len()];
    let mut sizes: BTreeMap<[u32; 2], Vec<usize>> = BTreeMap::new();
    for (at, shot) in shots.iter().enumerate() {
        if let Some(seen) = shot.seen.filter(|seen| seen.fingerprint.is_some()) {
            sizes.entry(seen.size).or_default().push(at);
        }
    }
    let all: Vec<[u32; 2]> = sizes.keys().copied().collect();
    let mut known: HashMap<[u32; 2], Vec<Candidate>> = HashMap::new();
    for (size, places) in &sizes {
        // Cameras have few sizes, and most photographs of a run are compared with nothing.
        let larger = all
            .iter()
            .copied()
            .filter(|large| is_smaller_form(*size, *large));
        let larger: Vec<[u32; 2]> = larger.collect();
        if larger.is_empty() {
            continue;
        }
        for size in &larger {
            let originals = || {
                let places = sizes[size].iter().copied();
                candidates(shots, places.filter(|at| counts_for_itself(&shots[*at])))
            };
            known.entry(*size).or_insert_with(originals);
        }
        for small in candidates(shots, places.iter().copied()) {
            let copies = larger
                .iter()
                .flat_map(|size| small.copies_among(&known[size]));
            // The first of equally large ones.
            let largest = copies.max_by_key(|c| (c.pixels, Reverse(c.at)));
            found[small.at] = largest.map(|c| c.at);
        }
    }
    found
}

/// By the sums of their fingerprints.
fn candidates<'a>(
    shots: &'a [PhotographFacts],
    places: impl Iterator<Item = usize>,
) -> Vec<Candidate<'a>> {
    let candidate = |at: usize| {
        let seen = shots[at].seen.as_ref()?;
        let fingerprint = seen.fingerprint.filter(|f| f.has_structure())?;
        Some(Candidate {
            at,
            pixels: pixels(seen.size),
            sum: fingerprint.sum(),
            fingerprint,
        })
    };
    let mut known: Vec<Candidate> = places.filter_map(candidate).collect();
    known.sort_by_key(|c| (c.sum, c.at));
    known
}

fn pixels([width, height]: [u32; 2]) -> u64 {
    u64::from(width) * u64::from(height)
}

/// True if nothing but other photographs excludes it, or the user includes it.
fn counts_for_itself(shot: &PhotographFacts) -> bool {
    match (shot.by_user, &shot.seen) {
        (Some(counts), _) => counts,
        (None, Some(seen)) => of_itself(seen).is_empty(),
        (None, None) => false,
    }
}

/// True for a much smaller size of the same shape, as far as sides in whole pixels allow.
fn is_smaller_form(small: [u32; 2], large: [u32; 2]) -> bool {
    if pixels(small) as f64 >= MUCH * pixels(large) as f64 {
        return false;
    }
    let [width, height] = small.map(f64::from);
    let [large_width, large_height] = large.map(f64::from);
    let expected = width * large_height / large_width;
    (expected - height).abs() <= 1.5
}

struct Candidate<'a> {
    at: usize,
    pixels: u64,
    sum: usize,
    fingerprint: &'a Fingerprint,
}

impl Candidate<'_> {
    /// Those of which it is a copy by its fingerprint.
    fn copies_among<'b>(
        &self,
        known: &'b [Candidate<'b>],
    ) -> impl Iterator<Item = &'b Candidate<'b>> {
        let (low, high) = (
            self.sum.saturating_sub(Fingerprint::SUM_APART),
            self.sum + Fingerprint::SUM_APART,
        );
        let from = known.partition_point(|c| c.sum < low);
        let near = known[from..].iter().take_while(move |c| c.sum <= high);
        near.filter(|c| self.fingerprint.is_same(c.fingerprint))
    }
}
