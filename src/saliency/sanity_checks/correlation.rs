//! Whether two maps rank their cells alike.

/// Rank correlations of two maps, −1 to 1; `None` if one is constant or contains NaN or infinity.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RankCorrelation {
    /// Of the signed values.
    pub signed: Option<f64>,
    /// Of the absolute values: a map that only changed its sign is still the same picture.
    pub absolute: Option<f64>,
}

/// Why a map cannot be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotComparable {
    /// The same value everywhere.
    Constant,
    /// The network overflowed.
    NotANumber,
}

impl RankCorrelation {
    /// Of two lists of the same cells. Cells outside the eye should be excluded beforehand: both maps are mostly near
    /// zero there, which alone would correlate them.
    pub fn of(a: &[f32], b: &[f32]) -> Self {
        let far = |values: &[f32]| -> Vec<f32> { values.iter().map(|v| v.abs()).collect() };
        Self {
            signed: spearman(a, b),
            absolute: spearman(&far(a), &far(b)),
        }
    }

    /// The larger of both.
    pub fn highest(&self) -> Option<f64> {
        let both = [self.signed, self.absolute];
        both.into_iter().flatten().reduce(f64::max)
    }
}

impl NotComparable {
    /// The name used in every file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Constant => "constant",
            Self::NotANumber => "not-a-number",
        }
    }
}

/// The reason why a map cannot be compared, if any.
pub fn not_comparable(values: &[f32]) -> Option<NotComparable> {
    if values.iter().any(|v| !v.is_finite()) {
        return Some(NotComparable::NotANumber);
    }
    let even = values.windows(2).all(|pair| pair[0] == pair[1]);
    even.then_some(NotComparable::Constant)
}

/// Spearman 1904: Pearson correlation of the ranks; equal values share the mean of their ranks.
///
/// `None` for different lengths, and if one side is constant or contains NaN or infinity.
pub fn spearman(a: &[f32], b: &[f32]) -> Option<f64> {
    if a.len() != b.len() || not_comparable(a).or(not_comparable(b)).is_some() {
        return None;
    }
    let (a, b) = (ranks(a), ranks(b));
    // The mean rank does not depend on ties.
    let mean = (a.len() + 1) as f64 / 2.0;
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (a, b) in a.iter().zip(&b) {
        let (a, b) = (a - mean, b - mean);
        (ab, aa, bb) = (ab + a * b, aa + a * a, bb + b * b);
    }
    Some((ab / (aa * bb).sqrt()).clamp(-1.0, 1.0))
}

/// Ranks from 1.
fn ranks(values: &[f32]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&i, &j| values[i].total_cmp(&values[j]));
    let mut ranks = vec![0.0; values.len()];
    let mut before = 0;
    for tied in order.chunk_by(|&i, &j| values[i] == values[j]) {
        let shared = before as f64 + (tied.len() + 1) as f64 / 2.0;
        tied.iter().for_each(|&i| ranks[i] = shared);
        before += tied.len();
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_share_their_rank() {
        // numpy.corrcoef([2, 3.5, 3.5, 5, 6, 1], [3, 1, 4.5, 4.5, 6, 2])[0, 1]
        let a = [1.0, 2.0, 2.0, 4.0, 5.0, 0.0];
        let b = [3.0, 1.0, 4.0, 4.0, 9.0, 2.0];
        assert!((spearman(&a, &b).unwrap() - 0.720_588_235_294_117_6).abs() < 1e-12);
        assert_eq!(ranks(&a), [2.0, 3.5, 3.5, 5.0, 6.0, 1.0]);
    }

    #[test]
    fn only_the_order_counts_and_a_turned_sign_is_seen_by_the_absolute_one() {
        let a = [-3.0, -1.0, 0.5, 2.0, 10.0];
        let cubes = a.map(|v: f32| v * v * v);
        assert_eq!(spearman(&a, &cubes), Some(1.0));
        let turned = a.map(|v| -v);
        let correlation = RankCorrelation::of(&a, &turned);
        assert_eq!(correlation.signed, Some(-1.0));
        assert_eq!(correlation.absolute, Some(1.0));
        assert_eq!(correlation.highest(), Some(1.0));
    }

    #[test]
    fn what_cannot_be_ranked_has_no_correlation() {
        let a = [1.0, 2.0, 3.0];
        assert_eq!(spearman(&a, &[5.0; 3]), None);
        assert_eq!(spearman(&a, &[1.0, f32::NAN, 2.0]), None);
        assert_eq!(spearman(&a, &[1.0, 2.0]), None);
        assert_eq!(spearman(&[], &[]), None);
        assert_eq!(not_comparable(&[5.0; 3]), Some(NotComparable::Constant));
        assert_eq!(
            not_comparable(&[1.0, f32::INFINITY]),
            Some(NotComparable::NotANumber)
        );
        assert_eq!(not_comparable(&a), None);
        // The first list varies with its sign but is constant in absolute value.
        let correlation = RankCorrelation::of(&[1.0, -1.0], &[2.0, 3.0]);
        assert_eq!(
            (correlation.signed, correlation.absolute),
            (Some(-1.0), None)
        );
    }
}
