//! Deletion and insertion, Petsiuk 2018: hide a map's cells one after another and watch the output change; show them
//! one after another and watch it return.
//!
//! The order begins with the evidence for the predicted label: with the highest cells for a score at or above the
//! threshold, else with the lowest. For years and for a single output it begins with the highest, which is evidence for
//! a higher value. Hiding then moves the output back, and a good map moves it early.

use super::cells::{Cells, StrongestEnd};
use super::curves::{Curves, MarkedArea, spread};
use crate::domain::Tensor;
use crate::numeric::random::Random;
use crate::saliency::{Target, covered};

/// Shares at which the curves are sampled, between nothing and everything. Symmetric about the middle, so that showing
/// a random share is hiding the rest at random. The first is the marked area.
const SHARES: [f64; 8] = [0.1, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9];
/// Number of random areas of the marked area's size. The map must beat all but one; by chance 2 maps in 21 do.
const AREAS: usize = 20;
/// Number of random orders behind the random curve.
const ORDERS: usize = 10;
/// Maximum number of draws for a random area that overlaps the marked one too much.
const PATIENCE: usize = 100;

/// The output that is watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WatchedOutput {
    /// The score, 0–1.
    Score,
    /// A value such as years.
    Value,
    /// One output before the last activation.
    Output,
}

/// Which cells each pass hides, and how to interpret the outputs.
#[derive(Clone, Debug, PartialEq)]
pub struct DeletionPlan {
    cells: Cells,
    first: StrongestEnd,
    /// Number of cells hidden at each of [`SHARES`].
    counts: [usize; SHARES.len()],
    order: Vec<usize>,
    random: Vec<Vec<usize>>,
    /// The cells of each random area.
    areas: Vec<Vec<usize>>,
}

/// The result of deletion and insertion.
#[derive(Clone, Debug, PartialEq)]
pub struct DeletionInsertion {
    pub answer: WatchedOutput,
    pub first: StrongestEnd,
    /// Rows and columns of the cells.
    pub grid: [usize; 2],
    /// The number of cells that count; the others are mostly outside the field of view.
    pub cells: usize,
    /// In units of the score, value or output.
    pub curves: Curves,
    /// In units of the target; equal to `curves` if the target is watched.
    pub curves_of_target: Curves,
    pub marked: MarkedArea,
    pub marked_of_target: MarkedArea,
}

impl WatchedOutput {
    /// The output watched for a map's target.
    pub fn of(target: Target) -> Self {
        match target {
            Target::Logit | Target::Difference => Self::Score,
            Target::Value(_) => Self::Value,
            Target::Output(_) => Self::Output,
        }
    }

    /// The name used in every file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Score => "score",
            Self::Value => "value",
            Self::Output => "output",
        }
    }

    /// The output at a target; a score is the logistic function of its logit.
    pub fn at(self, target: f64) -> f64 {
        match self {
            Self::Score => 1.0 / (1.0 + libm::exp(-target)),
            Self::Value | Self::Output => target,
        }
    }
}

impl StrongestEnd {
    /// The end with the evidence for the label at a target. A score without a card is compared with 0.5.
    pub fn of(target: Target, at: f64, threshold: Option<f64>) -> Self {
        match WatchedOutput::of(target) {
            WatchedOutput::Score if WatchedOutput::Score.at(at) < threshold.unwrap_or(0.5) => {
                Self::Lowest
            }
            _ => Self::Highest,
        }
    }
}

impl DeletionPlan {
    /// Passes of every plan.
    pub const PASSES: usize = 2 + 2 * SHARES.len() + AREAS + ORDERS * SHARES.len();

    /// `None` if fewer than two cells count.
    pub fn new(cells: Cells, first: StrongestEnd, seed: u64) -> Option<Self> {
        let n = cells.len();
        if n < 2 {
            return None;
        }
        let half = SHARES.len() / 2;
        let counts: [usize; SHARES.len()] = std::array::from_fn(|i| {
            let below = |i: usize| ((SHARES[i] * n as f64).round() as usize).clamp(1, n - 1);
            if i < half {
                below(i)
            } else {
                n - below(SHARES.len() - 1 - i)
            }
        });
        let mut random = Random::new(seed);
        let order = cells.order(first);
        let marked = &order[..counts[0]];
        Some(Self {
            random: (0..ORDERS)
                .map(|_| cells.random_order(first, &mut random))
                .collect(),
            areas: (0..AREAS)
                .map(|_| elsewhere(&cells, first, marked, &mut random))
                .collect(),
            order,
            cells,
            first,
            counts,
        })
    }

    /// The cells that each pass hides.
    fn hidden(&self) -> Vec<&[usize]> {
        let (order, counts) = (&self.order, &self.counts);
        let mut hidden: Vec<&[usize]> = vec![&[], order];
        hidden.extend(counts.iter().map(|&k| &order[..k]));
        hidden.extend(counts.iter().map(|&k| &order[k..]));
        hidden.extend(self.areas.iter().map(Vec::as_slice));
        for order in &self.random {
            hidden.extend(counts.iter().map(|&k| &order[..k]));
        }
        hidden
    }

    /// The input of each pass: x (1, C, H, W) with cells replaced by those of `fill`.
    pub fn inputs<'a>(
        &'a self,
        x: &'a Tensor,
        fill: &'a Tensor,
    ) -> impl Iterator<Item = Tensor> + 'a {
        let [height, width] = match x.shape.as_slice() {
            &[_, _, height, width] => [height, width],
            _ => [0, 0],
        };
        let hidden = self.hidden().into_iter();
        hidden.map(move |cells| covered(x, fill, &self.cells.mask(cells, height, width)))
    }

    /// Interprets the target at each input; `None` if the number of passes differs.
    pub fn read(&self, target: Target, values: &[f64]) -> Option<DeletionInsertion> {
        if values.len() != Self::PASSES {
            return None;
        }
        let answer = WatchedOutput::of(target);
        let answers: Vec<f64> = values.iter().map(|&v| answer.at(v)).collect();
        let (curves, marked) = self.figures(&answers);
        let (curves_of_target, marked_of_target) = self.figures(values);
        Some(DeletionInsertion {
            answer,
            first: self.first,
            grid: [self.cells.rows(), self.cells.columns()],
            cells: self.cells.len(),
            curves,
            curves_of_target,
            marked,
            marked_of_target,
        })
    }

    fn figures(&self, values: &[f64]) -> (Curves, MarkedArea) {
        let n = SHARES.len();
        let (whole, nothing) = (values[0], values[1]);
        let (deletion, rest) = values[2..].split_at(n);
        let (insertion, rest) = rest.split_at(n);
        let (areas, rest) = rest.split_at(AREAS);
        let column =
            |i: usize| -> Vec<f64> { (0..ORDERS).map(|order| rest[order * n + i]).collect() };
        let random: Vec<[f64; 2]> = (0..n).map(|i| spread(&column(i))).collect();
        let between = |start: f64, middle: &[f64], end: f64| -> Vec<f64> {
            let ends = std::iter::once(start).chain(middle.iter().copied());
            ends.chain([end]).collect()
        };
        let means: Vec<f64> = random.iter().map(|r| r[0]).collect();
        let deviations: Vec<f64> = random.iter().map(|r| r[1]).collect();
        let inner: Vec<f64> = self.counts.iter().map(|&k| self.share(k)).collect();
        let curves = Curves {
            shares: between(0.0, &inner, 1.0),
            deletion: between(whole, deletion, nothing),
            insertion: between(nothing, insertion, whole),
            random: between(whole, &means, nothing),
            random_sd: between(0.0, &deviations, 0.0),
            sign: self.first.sign(),
        };
        let marked = MarkedArea {
            share: self.share(self.counts[0]),
            cells: self.counts[0],
            change: deletion[0] - whole,
            random: areas.iter().map(|v| v - whole).collect(),
            sign: self.first.sign(),
        };
        (curves, marked)
    }

    fn share(&self, count: usize) -> f64 {
        count as f64 / self.cells.len() as f64
    }
}

/// A random area of the marked area's size, for comparison. Its overlap is at most the expected number of cells,
/// rounded up; if none is found, the one with the least overlap is used.
fn elsewhere(
    cells: &Cells,
    first: StrongestEnd,
    marked: &[usize],
    random: &mut Random,
) -> Vec<usize> {
    let k = marked.len();
    let enough = (k * k).div_ceil(cells.len());
    let mut best: Option<(usize, Vec<usize>)> = None;
    for _ in 0..PATIENCE {
        let mut area = cells.random_order(first, random);
        area.truncate(k);
        let shared = area.iter().filter(|c| marked.contains(c)).count();
        if best.as_ref().is_none_or(|(fewest, _)| shared < *fewest) {
            best = Some((shared, area));
        }
        if shared <= enough {
            break;
        }
    }
    best.map(|(_, area)| area).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ValueScale;
    use crate::imaging::Grid;

    /// A weighted sum of the pixels, whose true map is known: weight × value.
    fn weights() -> Vec<f32> {
        let mut weights = vec![0.0; 100];
        (weights[11], weights[12], weights[55], weights[77]) = (8.0, 6.0, 1.0, -4.0);
        weights
    }

    fn of_map(values: Vec<f32>, first: StrongestEnd) -> DeletionInsertion {
        let map = Grid::new(10, 10, values).unwrap();
        let plan = DeletionPlan::new(Cells::of(&map, None), first, 0).unwrap();
        let x = Tensor::new(vec![1, 1, 10, 10], vec![1.0; 100]).unwrap();
        let fill = Tensor::new(vec![1, 1, 10, 10], vec![0.0; 100]).unwrap();
        let target = |x: Tensor| -> f64 {
            let terms = x.values.iter().zip(weights());
            terms.map(|(x, w)| f64::from(x * w)).sum()
        };
        let values: Vec<f64> = plan.inputs(&x, &fill).map(target).collect();
        plan.read(Target::Value(ValueScale::default()), &values)
            .unwrap()
    }

    #[test]
    fn the_true_map_moves_the_answer_early_and_beats_chance() {
        let found = of_map(weights(), StrongestEnd::Highest);
        assert_eq!((found.cells, found.marked.cells), (100, 10));
        assert_eq!(found.marked.change, -15.0);
        assert!(found.marked.beats_chance(), "{:?}", found.marked);
        let curves = &found.curves;
        assert_eq!(curves.deletion[..2], [11.0, -4.0]);
        assert_eq!(curves.insertion[..2], [0.0, 15.0]);
        assert_eq!((curves.deletion[9], curves.insertion[9]), (0.0, 11.0));
        assert!(curves.deletion_gain() > 2.0 && curves.insertion_gain() > 2.0);
        // Inverted, the map is as bad as it was good.
        let turned = of_map(
            weights().iter().map(|w| -w).collect(),
            StrongestEnd::Highest,
        );
        assert!(turned.curves.deletion_gain() < -2.0 && !turned.marked.beats_chance());
    }

    #[test]
    fn random_areas_lie_elsewhere() {
        let blob = |i: usize| if i % 10 < 4 && i / 10 < 3 { 1.0 } else { 0.0 };
        let map = Grid::new(10, 10, (0..100).map(blob).collect()).unwrap();
        let plan = DeletionPlan::new(Cells::of(&map, None), StrongestEnd::Highest, 5).unwrap();
        let marked = &plan.order[..10];
        for area in &plan.areas {
            assert_eq!(area.len(), 10);
            let shared = area.iter().filter(|c| marked.contains(c)).count();
            assert!(shared <= 1, "{shared}");
        }
        assert_eq!(plan.hidden().len(), DeletionPlan::PASSES);
    }

    #[test]
    fn evidence_against_is_hidden_from_the_lowest_and_counts_upwards() {
        let found = of_map(weights(), StrongestEnd::Lowest);
        assert_eq!(found.marked.change, 4.0);
        assert!(found.marked.beats_chance());
    }

    #[test]
    fn a_map_of_something_else_does_no_better_than_chance() {
        let found = of_map(
            (0..100).map(|i| (i % 7) as f32).collect(),
            StrongestEnd::Highest,
        );
        assert!(!found.marked.beats_chance(), "{:?}", found.marked);
        let even = of_map(vec![1.0; 100], StrongestEnd::Highest);
        assert!(!even.marked.beats_chance());
    }

    #[test]
    fn a_score_is_read_from_its_logit_and_the_label_decides_the_end() {
        assert_eq!(
            StrongestEnd::of(Target::Logit, 0.1, Some(0.5)),
            StrongestEnd::Highest
        );
        assert_eq!(
            StrongestEnd::of(Target::Difference, -0.1, Some(0.5)),
            StrongestEnd::Lowest
        );
        assert_eq!(
            StrongestEnd::of(Target::Difference, -0.1, Some(0.3)),
            StrongestEnd::Highest
        );
        assert_eq!(
            StrongestEnd::of(Target::Output(1), -5.0, Some(0.5)),
            StrongestEnd::Highest
        );
        assert_eq!(
            StrongestEnd::of(Target::Value(ValueScale::default()), 40.0, None),
            StrongestEnd::Highest
        );
        let map = Grid::new(2, 3, vec![0.0; 6]).unwrap();
        let plan = DeletionPlan::new(Cells::of(&map, None), StrongestEnd::Highest, 0).unwrap();
        let values = vec![0.0; DeletionPlan::PASSES];
        let found = plan.read(Target::Logit, &values).unwrap();
        assert_eq!(found.curves.deletion[0], 0.5);
        assert_eq!(found.curves_of_target.deletion[0], 0.0);
        assert_eq!(plan.read(Target::Logit, &values[1..]), None);
        let one = Grid::new(1, 1, vec![0.0]).unwrap();
        assert_eq!(
            DeletionPlan::new(Cells::of(&one, None), StrongestEnd::Highest, 0),
            None
        );
    }
}
