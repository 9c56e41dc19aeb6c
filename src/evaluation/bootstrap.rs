//! Uncertainty by resampling persons: how the figure varies over other samples of similar persons.

use crate::numeric::random::Random;

/// How often a draw without a figure is retried before the number of draws is reduced.
const PATIENCE: usize = 50;

/// Draws of whole persons with replacement; each gives the weight of every case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resamples {
    weights: Vec<Vec<u32>>,
}

impl Resamples {
    /// `count` draws. `clusters` holds a number for each case, the same for cases of one person; `usable` rejects draws
    /// that have no figure, such as those with a single label, which are then drawn again.
    pub fn new(
        clusters: &[usize],
        count: usize,
        seed: u64,
        usable: impl Fn(&[u32]) -> bool,
    ) -> Self {
        let mut draws = PersonDraws::new(clusters, seed);
        let mut weights = Vec::with_capacity(count);
        for _ in 0..count.saturating_mul(PATIENCE) {
            if weights.len() == count {
                break;
            }
            let cases = draws.next_weights();
            if usable(cases) {
                weights.push(cases.to_vec());
            }
        }
        Self { weights }
    }

    pub fn len(&self) -> usize {
        self.weights.len()
    }

    pub fn is_empty(&self) -> bool {
        self.weights.is_empty()
    }

    /// Each draw as the weights of the cases.
    pub fn iter(&self) -> impl Iterator<Item = &[u32]> {
        self.weights.iter().map(Vec::as_slice)
    }
}

/// Draws of whole persons with replacement, one after the other, for many cases.
#[derive(Clone, Debug)]
pub struct PersonDraws<'a> {
    clusters: &'a [usize],
    random: Random,
    /// How often each person is drawn.
    drawn: Vec<u32>,
    weights: Vec<u32>,
}

impl<'a> PersonDraws<'a> {
    /// `clusters` holds a number for each case, the same for cases of one person.
    pub fn new(clusters: &'a [usize], seed: u64) -> Self {
        Self {
            clusters,
            random: Random::new(seed),
            drawn: vec![0; clusters.iter().max().map_or(0, |last| last + 1)],
            weights: vec![0; clusters.len()],
        }
    }

    /// The weight of every case in the next draw.
    pub fn next_weights(&mut self) -> &[u32] {
        self.drawn.fill(0);
        let persons = self.drawn.len();
        for _ in 0..persons {
            self.drawn[self.random.below(persons)] += 1;
        }
        for (weight, &person) in self.weights.iter_mut().zip(self.clusters) {
            *weight = self.drawn[person];
        }
        &self.weights
    }
}

/// The central share of the values, such as 0.95, as its lower and upper end (percentiles with linear interpolation, as
/// in NumPy); `None` for no values.
pub fn interval(values: &[f64], share: f64) -> Option<[f64; 2]> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let last = sorted.len().checked_sub(1)?;
    let at = |quantile: f64| {
        let place = quantile * last as f64;
        let low = place.floor() as usize;
        let high = (low + 1).min(last);
        sorted[low] + (sorted[high] - sorted[low]) * (place - low as f64)
    };
    let tail = (1.0 - share) / 2.0;
    Some([at(tail), at(1.0 - tail)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::{ReferenceValues, Scored};

    #[test]
    fn persons_are_drawn_whole() {
        let clusters = [0, 0, 1, 2, 2, 2];
        let resamples = Resamples::new(&clusters, 200, 1, |_| true);
        assert_eq!(resamples.len(), 200);
        for weights in resamples.iter() {
            assert_eq!(weights[0], weights[1]);
            assert!(weights[3] == weights[4] && weights[4] == weights[5]);
            assert_eq!(weights[0] + weights[2] + weights[3], 3);
        }
        assert_eq!(resamples, Resamples::new(&clusters, 200, 1, |_| true));
        assert_ne!(resamples, Resamples::new(&clusters, 200, 2, |_| true));
    }

    #[test]
    fn draws_without_a_figure_are_drawn_again() {
        let resamples = Resamples::new(&[0, 1], 100, 1, |w| w[0] > 0 && w[1] > 0);
        assert_eq!(resamples.len(), 100);
        assert!(resamples.iter().all(|w| w == [1, 1]));
        assert!(Resamples::new(&[0, 1], 100, 1, |_| false).is_empty());
        assert!(Resamples::new(&[], 10, 1, |w| !w.is_empty()).is_empty());
    }

    #[test]
    fn an_interval_lies_where_numpy_puts_it() {
        let values: Vec<f64> = (0..=100).rev().map(f64::from).collect();
        let [low, high] = interval(&values, 0.95).unwrap();
        assert!((low - 2.5).abs() < 1e-12 && (high - 97.5).abs() < 1e-12);
        assert_eq!(interval(&[3.0], 0.95), Some([3.0, 3.0]));
        assert_eq!(interval(&[], 0.95), None);
    }

    #[test]
    fn the_spread_of_a_mean_is_that_of_theory() {
        // Errors 0 to 99: standard deviation 28.87, so that of a mean of 100 is 2.887, and 95 % are within ± 5.66.
        let truths = ReferenceValues::Values((0..100).map(f64::from).collect());
        let scored = Scored::new(&truths, &[0.0; 100]).unwrap();
        let clusters: Vec<usize> = (0..100).collect();
        let resamples = Resamples::new(&clusters, 4000, 7, |_| true);
        let means: Vec<f64> = resamples
            .iter()
            .filter_map(|w| scored.weighted(w))
            .collect();
        let [low, high] = interval(&means, 0.95).unwrap();
        assert!((low - (49.5 - 5.66)).abs() < 0.3, "{low}");
        assert!((high - (49.5 + 5.66)).abs() < 0.3, "{high}");
    }
}
