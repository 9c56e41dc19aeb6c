//! Deletion and insertion curves, the areas between them, and the summary shown to the reader.

/// The output while an increasing share of the cells is hidden or shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Curves {
    /// Share of the cells, from 0 to 1; hidden for `deletion` and `random`, shown for `insertion`.
    pub shares: Vec<f64>,
    /// The output with this share hidden in the map's order.
    pub deletion: Vec<f64>,
    /// The output with only this share shown, in the map's order.
    pub insertion: Vec<f64>,
    /// Mean output over random areas with this share hidden.
    pub random: Vec<f64>,
    /// Standard deviation over random areas.
    pub random_sd: Vec<f64>,
    /// 1 if hiding should lower the output, −1 if it should raise it.
    pub(super) sign: f64,
}

/// The effect of hiding the marked area, and of hiding random areas of the same size elsewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct MarkedArea {
    /// Share of the cells that is hidden, about 0.1.
    pub share: f64,
    pub cells: usize,
    /// Output with the marked area hidden minus the original output.
    pub change: f64,
    /// The same for each random area.
    pub random: Vec<f64>,
    /// 1 if hiding should lower the output, −1 if it should raise it.
    pub(super) sign: f64,
}

impl Curves {
    /// Area under the deletion curve: the mean output along it.
    pub fn deletion_area(&self) -> f64 {
        self.area(&self.deletion)
    }

    /// Area under the insertion curve.
    pub fn insertion_area(&self) -> f64 {
        self.area(&self.insertion)
    }

    /// Area under the random curve, which is the same for deletion and insertion.
    pub fn random_area(&self) -> f64 {
        self.area(&self.random)
    }

    /// Area between the random curve and the deletion curve; positive if the map does better than random areas.
    pub fn deletion_gain(&self) -> f64 {
        self.sign * (self.random_area() - self.deletion_area())
    }

    /// Area between the insertion curve and the random curve; positive if the map does better than random areas.
    pub fn insertion_gain(&self) -> f64 {
        self.sign * (self.insertion_area() - self.random_area())
    }

    /// The random curve over the share shown: showing a random share is hiding the rest at random.
    pub fn random_shown(&self) -> Vec<f64> {
        self.random.iter().rev().copied().collect()
    }

    /// By the trapezoidal rule.
    fn area(&self, answers: &[f64]) -> f64 {
        let steps = self.shares.windows(2).zip(answers.windows(2));
        steps
            .map(|(share, answer)| (share[1] - share[0]) * (answer[0] + answer[1]) / 2.0)
            .sum()
    }
}

impl MarkedArea {
    /// Mean and standard deviation over the random areas.
    pub fn chance(&self) -> [f64; 2] {
        spread(&self.random)
    }

    /// The number of random areas that move the output back at least as far as the marked area.
    pub fn reached_by(&self) -> usize {
        let back = |change: f64| -self.sign * change;
        let reach = self
            .random
            .iter()
            .filter(|&&r| back(r) >= back(self.change));
        reach.count()
    }

    /// True if the marked area moves the output back, and at most 1 random area in 20 moves it as far.
    pub fn beats_chance(&self) -> bool {
        self.sign * self.change < 0.0 && self.reached_by() * 20 <= self.random.len()
    }
}

/// Mean and sample standard deviation; the latter is 0 for fewer than two values.
pub(super) fn spread(values: &[f64]) -> [f64; 2] {
    let n = values.len() as f64;
    if values.is_empty() {
        return [0.0; 2];
    }
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|v| (v - mean) * (v - mean)).sum();
    let deviation = if values.len() > 1 {
        (squares / (n - 1.0)).sqrt()
    } else {
        0.0
    };
    [mean, deviation]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curves(sign: f64) -> Curves {
        Curves {
            shares: vec![0.0, 0.25, 1.0],
            deletion: vec![1.0, 0.2, 0.0],
            insertion: vec![0.0, 0.9, 1.0],
            random: vec![1.0, 0.8, 0.0],
            random_sd: vec![0.0, 0.1, 0.0],
            sign,
        }
    }

    #[test]
    fn areas_are_those_of_trapezia_and_their_difference_speaks_for_the_map() {
        let c = curves(1.0);
        assert!((c.deletion_area() - (0.25 * 0.6 + 0.75 * 0.1)).abs() < 1e-12);
        assert!((c.random_area() - (0.25 * 0.9 + 0.75 * 0.4)).abs() < 1e-12);
        assert!((c.deletion_gain() - 0.3).abs() < 1e-12);
        assert!((c.insertion_gain() - (0.25 * 0.45 + 0.75 * 0.95 - 0.525)).abs() < 1e-12);
        assert_eq!(c.random_shown(), [0.0, 0.8, 1.0]);
        // With evidence that lowers the output the same curves speak against the map.
        assert!((curves(-1.0).deletion_gain() + 0.3).abs() < 1e-12);
    }

    #[test]
    fn the_marked_area_must_beat_the_random_ones_in_the_right_direction() {
        let marked = |change: f64, sign: f64| MarkedArea {
            share: 0.1,
            cells: 4,
            change,
            random: vec![-0.1, 0.0, 0.1],
            sign,
        };
        assert!(marked(-0.2, 1.0).beats_chance());
        assert!(!marked(-0.1, 1.0).beats_chance());
        assert!(!marked(0.2, 1.0).beats_chance());
        assert!(marked(0.2, -1.0).beats_chance());
        assert_eq!(marked(-0.05, 1.0).reached_by(), 1);
        // One in twenty may reach as far.
        let among = |reaching: usize| MarkedArea {
            random: [vec![-0.3; reaching], vec![0.0; 20 - reaching]].concat(),
            ..marked(-0.2, 1.0)
        };
        assert!(among(1).beats_chance() && !among(2).beats_chance());
        let only_worse = MarkedArea {
            random: vec![0.5; 3],
            ..marked(0.1, 1.0)
        };
        assert_eq!(only_worse.reached_by(), 0);
        assert!(!only_worse.beats_chance());
        let [mean, sd] = marked(0.0, 1.0).chance();
        assert!(mean.abs() < 1e-12 && (sd - 0.1).abs() < 1e-12);
        assert_eq!(spread(&[3.0]), [3.0, 0.0]);
    }
}
