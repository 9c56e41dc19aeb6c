//! The same photograph at several sizes, such as the copies that a NAS makes for its own display.

use std::collections::HashSet;

use super::PhotographFacts;
use crate::domain::Fingerprint;

/// Copies with at least this share of the pixels may be two exports of one photograph: neither is a thumbnail.
const MUCH: f64 = 0.95;

/// For each photograph, the place of the largest one in the run of which it is a smaller copy.
pub(super) fn smaller_copies(shots: &[PhotographFacts]) -> Vec<Option<usize>> {
    let mut found = vec![None; shots.len()];
    let mut known: Vec<Candidate> = shots
        .iter()
        .enumerate()
        .filter_map(|(at, shot)| {
            let seen = shot.seen.as_ref()?;
            let fingerprint = seen.fingerprint?;
            Some(Candidate {
                at,
                size: seen.size,
                sum: fingerprint.sum(),
                fingerprint,
            })
        })
        .collect();
    // Most runs hold photographs of one size.
    let sizes: HashSet<[u32; 2]> = known.iter().map(|c| c.size).collect();
    if sizes.len() < 2 {
        return found;
    }
    known.sort_by_key(|c| (c.sum, c.at));
    let mut from = 0;
    for (order, small) in known.iter().enumerate() {
        while known[from].sum + Fingerprint::SUM_APART < small.sum {
            from += 1;
        }
        let near = known[from..]
            .iter()
            .take_while(|c| c.sum <= small.sum + Fingerprint::SUM_APART);
        let larger = near
            .enumerate()
            .filter(|(place, _)| from + place != order)
            .map(|(_, c)| c)
            .filter(|large| small.is_copy_of(large));
        // The first of equally large ones.
        let largest = larger.max_by_key(|c| (c.pixels(), std::cmp::Reverse(c.at)));
        found[small.at] = largest.map(|c| c.at);
    }
    found
}

struct Candidate<'a> {
    at: usize,
    size: [u32; 2],
    sum: usize,
    fingerprint: &'a Fingerprint,
}

impl Candidate<'_> {
    fn pixels(&self) -> u64 {
        u64::from(self.size[0]) * u64::from(self.size[1])
    }

    fn is_copy_of(&self, large: &Candidate) -> bool {
        (self.pixels() as f64) < MUCH * large.pixels() as f64
            && self.has_shape_of(large)
            && self.fingerprint.is_same(large.fingerprint)
    }

    /// The same shape, as far as sides in whole pixels allow.
    fn has_shape_of(&self, large: &Candidate) -> bool {
        let [width, height] = self.size.map(f64::from);
        let [large_width, large_height] = large.size.map(f64::from);
        let expected = width * large_height / large_width;
        (expected - height).abs() <= 1.5
    }
}
