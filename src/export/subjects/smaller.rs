//! The same photograph at several sizes, such as the copies that a NAS makes for its own display.

use std::cmp::Reverse;

use super::{PhotographFacts, of_itself};
use crate::domain::Fingerprint;

/// Copies with at least this share of the pixels may be two exports of one photograph: neither is a thumbnail.
const MUCH: f64 = 0.95;

/// For each photograph, the place of the largest one in the run of which it is a smaller copy, among those that are not
/// excluded for themselves. Photographs without structure, such as black ones, are not compared.
pub(super) fn smaller_copies(shots: &[PhotographFacts]) -> Vec<Option<usize>> {
    let mut found = vec![None; shots.len()];
    let mut known: Vec<Candidate> = shots
        .iter()
        .enumerate()
        .filter_map(|(at, shot)| {
            let seen = shot.seen.as_ref()?;
            let fingerprint = seen.fingerprint.filter(|f| f.has_structure())?;
            let [width, height] = seen.size.map(u64::from);
            Some(Candidate {
                at,
                size: seen.size,
                pixels: width * height,
                sum: fingerprint.sum(),
                fingerprint,
            })
        })
        .collect();
    // Most runs hold photographs of one size: those are compared with nothing, and thumbnails are originals of nothing.
    let pixels = known.iter().map(|c| c.pixels);
    let (Some(least), Some(most)) = (pixels.clone().min(), pixels.max()) else {
        return found;
    };
    known.sort_by_key(|c| (c.sum, c.at));
    let originals: Vec<&Candidate> = known
        .iter()
        .filter(|c| is_much_smaller(least, c.pixels))
        .filter(|c| counts_for_itself(&shots[c.at]))
        .collect();
    let mut from = 0;
    for small in known.iter().filter(|c| is_much_smaller(c.pixels, most)) {
        let is_below = |c: &&Candidate| c.sum + Fingerprint::SUM_APART < small.sum;
        from += originals[from..]
            .iter()
            .copied()
            .take_while(is_below)
            .count();
        let near = originals[from..]
            .iter()
            .take_while(|c| c.sum <= small.sum + Fingerprint::SUM_APART);
        let larger = near.filter(|large| small.is_copy_of(large));
        // The first of equally large ones.
        let largest = larger.max_by_key(|c| (c.pixels, Reverse(c.at)));
        found[small.at] = largest.map(|c| c.at);
    }
    found
}

/// True if nothing but other photographs excludes it, or the user includes it.
fn counts_for_itself(shot: &PhotographFacts) -> bool {
    match (shot.by_user, &shot.seen) {
        (Some(counts), _) => counts,
        (None, Some(seen)) => of_itself(seen).is_empty(),
        (None, None) => false,
    }
}

fn is_much_smaller(pixels: u64, than: u64) -> bool {
    (pixels as f64) < MUCH * than as f64
}

struct Candidate<'a> {
    at: usize,
    size: [u32; 2],
    pixels: u64,
    sum: usize,
    fingerprint: &'a Fingerprint,
}

impl Candidate<'_> {
    fn is_copy_of(&self, large: &Candidate) -> bool {
        is_much_smaller(self.pixels, large.pixels)
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
