//! Quantiles, probabilities, and the interval of a proportion.

use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

use super::estimate::SHARE;

/// Upper quantile of the standard normal distribution for a 95 % interval: 1.959964….
pub(super) fn normal_quantile() -> f64 {
    Normal::standard().inverse_cdf(0.5 + SHARE / 2.0)
}

/// Two-sided probability of a standard normal value at least as far from 0.
pub(super) fn two_sided(z: f64) -> f64 {
    2.0 * Normal::standard().cdf(-z.abs())
}

/// Upper quantile of Student's t for a 95 % interval; `None` without degrees of freedom.
pub(super) fn t_quantile(degrees: usize) -> Option<f64> {
    let t = StudentsT::new(0.0, 1.0, degrees as f64).ok()?;
    Some(t.inverse_cdf(0.5 + SHARE / 2.0))
}

/// Wilson's 95 % score interval of a proportion; `None` for no cases.
pub fn wilson(successes: usize, cases: usize) -> Option<[f64; 2]> {
    if cases == 0 || successes > cases {
        return None;
    }
    let (n, z) = (cases as f64, normal_quantile());
    let share = successes as f64 / n;
    let scale = 1.0 + z * z / n;
    let centre = (share + z * z / (2.0 * n)) / scale;
    let half = z / scale * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
    // Rounding must not exclude the share itself where it is 0 or 1.
    let low = if successes == 0 { 0.0 } else { centre - half };
    let high = if successes == cases {
        1.0
    } else {
        centre + half
    };
    Some([low, high])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_the_tables() {
        assert!((normal_quantile() - 1.959_963_984_540_054).abs() < 1e-9);
        assert!((two_sided(1.959_963_984_540_054) - 0.05).abs() < 1e-9);
        assert!((t_quantile(9).unwrap() - 2.262_157_162_8).abs() < 1e-6);
        assert_eq!(t_quantile(0), None);
    }

    #[test]
    fn a_proportion_of_nothing_has_no_interval_and_the_ends_include_the_share() {
        assert_eq!(wilson(0, 0), None);
        let [low, high] = wilson(0, 10).unwrap();
        assert_eq!(low, 0.0);
        assert!((high - 0.277_532_799_1).abs() < 1e-6, "{high}");
        assert_eq!(wilson(10, 10).unwrap()[1], 1.0);
        // Newcombe, Stat Med 1998;17:857–872, table I.
        let [low, high] = wilson(81, 263).unwrap();
        assert!(
            (low - 0.2553).abs() < 5e-5 && (high - 0.3662).abs() < 5e-5,
            "{low} {high}"
        );
    }
}
