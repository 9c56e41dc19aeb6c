//! Resizing identical to Pillow: nearest, and the antialiased bilinear and bicubic filters in 22-bit fixed point.
//!
//! Weights are computed in f64, normalised, and rounded half away from zero; the horizontal pass comes first and rounds
//! to eight bits, then the vertical one. A pass that does not change the size is skipped, with the same result. This is
//! Pillow up to version 12, which the published networks were trained with; version 13 runs the vertical pass first for
//! some pictures taller than their target's proportions, never for square crops.

use super::Window;
use crate::numeric::vectorised;

/// Fixed-point bits: 32, minus eight for the pixel and two of headroom.
const PRECISION_BITS: u32 = 22;
const HALF: i32 = 1 << (PRECISION_BITS - 1);

/// An interpolation filter: its reach in source pixels and its value at a distance.
#[derive(Clone, Copy)]
pub struct Filter {
    support: f64,
    at: fn(f64) -> f64,
}

/// `Image.BILINEAR`: a triangle.
pub const BILINEAR: Filter = Filter {
    support: 1.0,
    at: |x| (1.0 - x.abs()).max(0.0),
};

/// `Image.BICUBIC`: the cubic convolution of Keys with a = −0.5.
pub const BICUBIC: Filter = Filter {
    support: 2.0,
    at: |x| {
        const A: f64 = -0.5;
        let x = x.abs();
        if x < 1.0 {
            ((A + 2.0) * x - (A + 3.0)) * x * x + 1.0
        } else if x < 2.0 {
            (((x - 5.0) * x + 8.0) * x - 4.0) * A
        } else {
            0.0
        }
    },
};

/// `Image.NEAREST`; RGB rows.
pub fn nearest(window: &Window, width: u32, height: u32) -> Vec<u8> {
    let columns = nearest_indices(window.width(), width);
    let mut rgb = Vec::with_capacity(width as usize * height as usize * 3);
    let mut buffer = Vec::new();
    for y in nearest_indices(window.height(), height) {
        let row = window.row(y, &mut buffer);
        for &x in &columns {
            let i = x as usize * 3;
            rgb.extend_from_slice(&row[i..i + 3]);
        }
    }
    rgb
}

/// An antialiased filter; RGB rows. Between the two passes only rows that show the picture are held: a square around a
/// long thin picture is nearly all black.
pub fn filtered(window: &Window, width: u32, height: u32, filter: Filter) -> Vec<u8> {
    let columns = (window.width() != width).then(|| Taps::new(window.width(), width, filter));
    let rows = (window.height() != height).then(|| Taps::new(window.height(), height, filter));
    let stride = width as usize * 3;
    let lit_rows = window.lit_rows();
    let mut between = vec![0_u8; lit_rows.len() * stride];
    let along = columns.as_ref().map(|taps| (taps, taps.by_byte()));
    for (y, out) in lit_rows.clone().zip(between.chunks_exact_mut(stride)) {
        let (first, lit) = window.lit_row(y);
        match &along {
            Some((taps, by_byte)) => vectorised(
                #[inline(always)]
                || taps.along(by_byte, lit, first, out),
            ),
            None => out[first * 3..first * 3 + lit.len()].copy_from_slice(lit),
        }
    }
    let from = lit_rows.start as usize;
    match rows {
        Some(taps) => vectorised(
            #[inline(always)]
            || taps.across(&between, from, stride),
        ),
        None => {
            let mut whole = vec![0; height as usize * stride];
            whole[from * stride..][..between.len()].copy_from_slice(&between);
            whole
        }
    }
}

/// Source index of every target pixel. Pillow accumulates the scale step by step; multiplying would sometimes differ.
fn nearest_indices(source: u32, target: u32) -> Vec<u32> {
    let scale = f64::from(source) / f64::from(target);
    let mut position = scale * 0.5;
    let mut indices = Vec::with_capacity(target as usize);
    for _ in 0..target {
        indices.push((position as u32).min(source - 1));
        position += scale;
    }
    indices
}

/// Bytes of RGB that are weighted at a time: eight pixels.
const GROUP: usize = 24;

/// For every target pixel, the source pixels and their weights.
struct Taps {
    /// First source pixel, and the range of its weights in `weights`.
    spans: Vec<(usize, std::ops::Range<usize>)>,
    weights: Vec<i32>,
}

impl Taps {
    fn new(source: u32, target: u32, filter: Filter) -> Self {
        let scale = f64::from(source) / f64::from(target);
        let filter_scale = scale.max(1.0);
        let support = filter.support * filter_scale;
        let inverse = 1.0 / filter_scale;
        let mut taps = Self {
            spans: Vec::with_capacity(target as usize),
            weights: Vec::new(),
        };
        let mut exact = Vec::new();
        for i in 0..target {
            let centre = (f64::from(i) + 0.5) * scale;
            // Conversion to an integer truncates towards zero, as in C, and clamps negatives to 0.
            let first = (centre - support + 0.5) as usize;
            let end = ((centre + support + 0.5) as usize).min(source as usize);
            exact.clear();
            exact.extend((first..end).map(|x| (filter.at)((x as f64 - centre + 0.5) * inverse)));
            let sum: f64 = exact.iter().sum();
            let start = taps.weights.len();
            taps.weights.extend(exact.iter().map(|w| {
                let w = if sum == 0.0 { *w } else { w / sum };
                fixed(w)
            }));
            taps.spans.push((first, start..taps.weights.len()));
        }
        taps
    }

    /// The weights of every target pixel, one for each byte of its source pixels, and zeros up to a whole group. A row is
    /// then a list of numbers to multiply and add, many at a time.
    fn by_byte(&self) -> Vec<Vec<i32>> {
        let bytes = |(_, span): &(usize, std::ops::Range<usize>)| {
            let weights = self.weights[span.clone()].iter();
            let mut bytes: Vec<i32> = weights.flat_map(|&w| [w; 3]).collect();
            bytes.resize(bytes.len().next_multiple_of(GROUP), 0);
            bytes
        };
        self.spans.iter().map(bytes).collect()
    }

    /// Horizontal pass over one row of RGB: `lit` begins at source pixel `from`, the rest of the row is black.
    #[inline(always)]
    fn along(&self, by_byte: &[Vec<i32>], lit: &[u8], from: usize, out: &mut [u8]) {
        let spans = self.spans.iter().zip(by_byte);
        for (((first, span), weights), out) in spans.zip(out.as_chunks_mut::<3>().0) {
            let inside = first.checked_sub(from).map(|first| first * 3);
            let group = inside.and_then(|first| lit.get(first..first + weights.len()));
            let sum = match group {
                Some(bytes) => weighted(bytes, weights),
                None => self.weighted_at_the_border(*first, span, lit, from),
            };
            *out = sum.map(eight_bits);
        }
    }

    /// The sum of a target pixel whose source pixels, or the bytes up to a whole group, are not all lit.
    fn weighted_at_the_border(
        &self,
        first: usize,
        span: &std::ops::Range<usize>,
        lit: &[u8],
        from: usize,
    ) -> [i32; 3] {
        let lit = lit.as_chunks::<3>().0;
        let begin = first.max(from);
        let end = (first + span.len()).min(from + lit.len());
        let mut sum = [HALF; 3];
        if begin < end {
            let weights = &self.weights[span.start + begin - first..];
            for (weight, pixel) in weights.iter().zip(&lit[begin - from..end - from]) {
                for c in 0..3 {
                    sum[c] += i32::from(pixel[c]) * weight;
                }
            }
        }
        sum
    }

    /// Vertical pass over rows of `stride` bytes; the first is source row `from`, rows before and after are black.
    #[inline(always)]
    fn across(&self, rows: &[u8], from: usize, stride: usize) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.spans.len() * stride);
        let mut sums = vec![HALF; stride];
        let to = from + rows.len() / stride;
        for (first, span) in &self.spans {
            sums.fill(HALF);
            let begin = (*first).max(from);
            let end = (first + span.len()).min(to);
            if begin < end {
                let weights = &self.weights[span.start + begin - first..];
                let rows =
                    rows[(begin - from) * stride..(end - from) * stride].chunks_exact(stride);
                for (weight, row) in weights.iter().zip(rows) {
                    for (sum, &value) in sums.iter_mut().zip(row) {
                        *sum += i32::from(value) * weight;
                    }
                }
            }
            out.extend(sums.iter().map(|&s| eight_bits(s)));
        }
        out
    }
}

/// The weighted sum of each channel; whole groups of bytes, and as many weights.
#[inline(always)]
fn weighted(bytes: &[u8], weights: &[i32]) -> [i32; 3] {
    let mut sums = [0; GROUP];
    let groups = bytes.as_chunks::<GROUP>().0.iter();
    for (bytes, weights) in groups.zip(weights.as_chunks::<GROUP>().0) {
        for i in 0..GROUP {
            sums[i] += i32::from(bytes[i]) * weights[i];
        }
    }
    // Otherwise the compiler sees the pixels, and takes vectors of three.
    let sums = std::hint::black_box(sums);
    let mut channels = [HALF; 3];
    for pixel in sums.as_chunks::<3>().0 {
        for c in 0..3 {
            channels[c] += pixel[c];
        }
    }
    channels
}

/// Rounds half away from zero to fixed point.
fn fixed(weight: f64) -> i32 {
    let half = if weight < 0.0 { -0.5 } else { 0.5 };
    (half + weight * f64::from(1 << PRECISION_BITS)) as i32
}

#[inline(always)]
fn eight_bits(sum: i32) -> u8 {
    (sum >> PRECISION_BITS).clamp(0, 255) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_positions_are_added_up() {
        for (source, target) in [(9000, 1024), (613, 449), (1, 5), (5, 1), (7, 7)] {
            let indices = nearest_indices(source, target);
            assert_eq!(indices.len(), target as usize);
            assert!(indices.is_sorted() && indices.iter().all(|&i| i < source));
        }
    }

    #[test]
    fn weights_sum_to_one() {
        for filter in [BILINEAR, BICUBIC] {
            for (source, target) in [(4000, 224), (224, 600), (3, 2), (1, 9)] {
                let taps = Taps::new(source, target, filter);
                for (first, span) in &taps.spans {
                    let sum: i32 = taps.weights[span.clone()].iter().sum();
                    assert!((sum - (1 << PRECISION_BITS)).abs() <= span.len() as i32);
                    assert!(first + span.len() <= source as usize);
                }
            }
        }
    }
}
