//! Cosines of many vectors with a few, a block at a time.

use super::vectorised;

/// Numbers that are added in one step. The order of additions is the same on every processor.
const LANES: usize = 16;

/// Vectors that are compared with each vector that comes from memory.
pub const BLOCK: usize = 24;

/// Numbers closer than this share of their mean differ by their rounding alone.
const ROUNDING: f64 = 1.0 / 256.0;

/// Vectors of one length, each scaled to length 1; a vector of zeros stays so.
#[derive(Clone, Debug)]
pub struct Directions {
    /// A multiple of [`LANES`]; the rest are zeros.
    stride: usize,
    values: Vec<f32>,
}

impl Directions {
    /// `None` if there is not enough memory. All vectors have the same length.
    pub fn of<'a, V>(vectors: impl ExactSizeIterator<Item = V>, length: usize) -> Option<Self>
    where
        V: IntoIterator<Item = f32> + 'a,
    {
        let stride = length.checked_next_multiple_of(LANES)?;
        let mut values = Vec::new();
        let count = vectors.len();
        values.try_reserve_exact(stride.checked_mul(count)?).ok()?;
        for vector in vectors {
            let start = values.len();
            values.extend(vector.into_iter().take(length));
            values.resize(start + stride, 0.0);
        }
        Some(Self { stride, values })
    }

    pub fn count(&self) -> usize {
        self.values.len().checked_div(self.stride).unwrap_or(0)
    }

    pub fn is_empty(&self) -> bool {
        self.count() == 0
    }

    /// Gives each place the mean 0 and the standard deviation 1 over all vectors. A place whose numbers are the same up to
    /// rounding becomes 0.
    pub fn standardise(&mut self) {
        let (stride, count) = (self.stride.max(1), self.count().max(1) as f64);
        let mut means = vec![0.0_f64; self.stride];
        for vector in self.values.chunks_exact(stride) {
            for (mean, value) in means.iter_mut().zip(vector) {
                *mean += f64::from(*value) / count;
            }
        }
        let mut variances = vec![0.0_f64; self.stride];
        for vector in self.values.chunks_exact(stride) {
            for ((variance, mean), value) in variances.iter_mut().zip(&means).zip(vector) {
                let apart = f64::from(*value) - mean;
                *variance += apart * apart / count;
            }
        }
        let factor = |(variance, mean): (f64, &f64)| {
            let deviation = variance.sqrt();
            match deviation > mean.abs() * ROUNDING {
                true => 1.0 / deviation,
                false => 0.0,
            }
        };
        let factors: Vec<f64> = variances.into_iter().zip(&means).map(factor).collect();
        for vector in self.values.chunks_exact_mut(stride) {
            for ((value, mean), factor) in vector.iter_mut().zip(&means).zip(&factors) {
                *value = ((f64::from(*value) - mean) * factor) as f32;
            }
        }
    }

    /// Scales each vector to length 1. Those much shorter than the longest are rounding errors, and become zeros.
    pub fn scale(&mut self) {
        let stride = self.stride.max(1);
        let length = |vector: &[f32]| {
            let squares = vector
                .iter()
                .map(|value| f64::from(*value) * f64::from(*value));
            squares.sum::<f64>().sqrt()
        };
        let longest = { self.values.chunks_exact(stride) }
            .map(length)
            .fold(0.0, f64::max);
        for vector in self.values.chunks_exact_mut(stride) {
            let length = length(vector);
            let factor = match length > longest * 1e-6 {
                true => (1.0 / length) as f32,
                false => 0.0,
            };
            vector.iter_mut().for_each(|value| *value *= factor);
        }
    }

    fn at(&self, index: usize) -> &[f32] {
        &self.values[index * self.stride..][..self.stride]
    }

    /// The cosines of at most [`BLOCK`] of these vectors with all, given to `take` as (index among `few`, index, cosine),
    /// by rising index.
    pub fn cosines(&self, few: &[usize], mut take: impl FnMut(usize, usize, f32)) {
        for few in few.chunks(BLOCK).enumerate() {
            let (chunk, few) = few;
            let queries: Vec<&[f32]> = few.iter().map(|index| self.at(*index)).collect();
            let mut cosines = [0.0; BLOCK];
            for (index, vector) in self.values.chunks_exact(self.stride.max(1)).enumerate() {
                dots(&queries, vector, &mut cosines);
                for (of, cosine) in cosines.iter().enumerate().take(few.len()) {
                    take(chunk * BLOCK + of, index, *cosine);
                }
            }
        }
    }
}

/// The products of a vector with others of its length, a multiple of [`LANES`].
fn dots(queries: &[&[f32]], vector: &[f32], products: &mut [f32; BLOCK]) {
    vectorised(
        #[inline(always)]
        || {
            for (query, product) in queries.iter().zip(products.iter_mut()) {
                *product = dot(query, vector);
            }
        },
    );
}

#[inline(always)]
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [[0.0_f32; LANES]; 2];
    let (pairs_a, rest_a) = a.as_chunks::<{ 2 * LANES }>();
    let (pairs_b, rest_b) = b.as_chunks::<{ 2 * LANES }>();
    for (a, b) in pairs_a.iter().zip(pairs_b) {
        for (half, sums) in sums.iter_mut().enumerate() {
            for (lane, sum) in sums.iter_mut().enumerate() {
                *sum += a[half * LANES + lane] * b[half * LANES + lane];
            }
        }
    }
    for ((sum, a), b) in sums[0].iter_mut().zip(rest_a).zip(rest_b) {
        *sum += a * b;
    }
    let [first, second] = sums;
    first.iter().zip(second).map(|(a, b)| a + b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::random::Random;

    fn random(count: usize, length: usize) -> Vec<Vec<f32>> {
        let mut random = Random::new(5);
        let mut number = || (random.below(2001) as f32 - 1000.0) / 500.0;
        (0..count)
            .map(|_| (0..length).map(|_| number()).collect())
            .collect()
    }

    #[test]
    fn cosines_are_those_of_plain_arithmetic() {
        for length in [1, 15, 16, 17, 40, 1280] {
            let vectors = random(5, length);
            let mut all =
                Directions::of(vectors.iter().map(|v| v.iter().copied()), length).unwrap();
            all.scale();
            let mut seen = 0;
            all.cosines(&[3, 1], |of, index, cosine| {
                let (a, b) = (&vectors[[3, 1][of]], &vectors[index]);
                let dot = |a: &[f32], b: &[f32]| -> f64 {
                    a.iter().zip(b).map(|(a, b)| f64::from(a * b)).sum()
                };
                let expected = dot(a, b) / (dot(a, a) * dot(b, b)).sqrt();
                assert!(
                    (f64::from(cosine) - expected).abs() < 1e-5,
                    "{length} {of} {index}"
                );
                seen += 1;
            });
            assert_eq!(seen, 10);
        }
    }

    #[test]
    fn copies_of_one_vector_have_no_direction() {
        let vectors = vec![vec![0.1_f32, 0.7, 1.3]; 3];
        let mut all = Directions::of(vectors.iter().map(|v| v.iter().copied()), 3).unwrap();
        all.standardise();
        all.scale();
        all.cosines(&[0], |_, _, cosine| assert_eq!(cosine, 0.0));
        assert_eq!((all.count(), all.is_empty()), (3, false));
        let vectors = [[1.0, 5.0], [3.0, 5.001], [5.0, 5.0]];
        let mut all = Directions::of(vectors.iter().map(|v| v.iter().copied()), 2).unwrap();
        all.standardise();
        let expected = [-1.224_745, 0.0, 1.224_745];
        for (at, expected) in expected.into_iter().enumerate() {
            assert!((all.at(at)[0] - expected).abs() < 1e-5);
            assert_eq!(all.at(at)[1], 0.0);
        }
        let none = Directions::of(std::iter::empty::<Vec<f32>>(), 0).unwrap();
        assert!(none.is_empty());
    }
}
