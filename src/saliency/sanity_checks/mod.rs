//! What can break a map: controls that a map should stand up to before anybody reads it.
//!
//! - [`Depth`]: the same method on a network whose weights were shuffled. A map that looks the same then shows the
//!   photograph, not what was learned (Adebayo 2018).
//! - [`DeletionPlan`]: cells hidden or shown in the map's own order against random areas of the same size and shape. A map
//!   whose marked area moves the answer no more than those does not show what moved it (Petsiuk 2018).
//! - [`Perturbation`]: the photograph moved a little, lit a little otherwise, encoded once more. A map that turns over then
//!   rests on none of them.
//! - [`outside_field`](super::outside_field): evidence where there is no eye.
//!
//! Everything here is pure: which inputs to run, and what the answers mean. `workflow::sanity_checks` runs them.

mod cells;
mod correlation;
mod curves;
mod deletion;
mod findings;
mod perturbation;
mod randomise;

pub use cells::{Cells, StrongestEnd};
pub use correlation::{NotComparable, RankCorrelation, not_comparable, spearman};
pub use curves::{Curves, MarkedArea};
pub use deletion::{DeletionInsertion, DeletionPlan, WatchedOutput};
pub use perturbation::{Perturbation, Shift, aligned};
pub use randomise::{Depth, RandomisedNetwork, randomised_network};

use super::{Baseline, Share};

/// A rank correlation with the map of a shuffled network from which on the map is warned of.
pub const MAX_RANDOMISED_CORRELATION: f64 = 0.3;

/// How the controls are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Settings {
    /// Of the shuffles and the random areas.
    pub seed: u64,
    /// What hides. Blurred by default: light and colour stay what a photograph has there. One flat colour has an edge that
    /// the network never saw, and answers to the edge pass for answers to what it hides (Hooker 2019).
    pub fill: Baseline,
    /// Which parts are run; evidence outside the eye costs nothing and always is.
    pub deletion: bool,
    pub weights: bool,
    pub stability: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            seed: 0,
            fill: Baseline::Blur,
            deletion: true,
            weights: true,
            stability: true,
        }
    }
}

/// The map of a network with shuffled weights, held against the map inside the field of view.
#[derive(Clone, Debug, PartialEq)]
pub struct RandomisedMap {
    pub depth: Depth,
    /// How many tensors of weights were shuffled.
    pub tensors: usize,
    /// Why the shuffled network's map cannot be compared.
    pub not_comparable: Option<NotComparable>,
    pub correlation: RankCorrelation,
}

/// A slightly changed photograph, held against the photograph. Nothing was found where JPEG does not take it.
#[derive(Clone, Debug, PartialEq)]
pub struct Stability {
    pub perturbation: Perturbation,
    pub correlation: RankCorrelation,
    /// By how much the model's own answer changed: score, or value.
    pub change: Option<f64>,
}

/// What the controls found; grows part by part.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SanityChecks {
    pub settings: Settings,
    /// There is a photograph: without one nothing is outside, and nothing can be moved or lit otherwise.
    pub of_photograph: bool,
    pub outside: Option<Share>,
    pub deletion: Option<DeletionInsertion>,
    /// The last block, then all layers.
    pub randomised: Vec<RandomisedMap>,
    pub stability: Vec<Stability>,
}

/// One finished part.
#[derive(Clone, Debug, PartialEq)]
pub enum SanityCheckPart {
    Outside(Share),
    DeletionInsertion(Box<DeletionInsertion>),
    RandomisedMap(RandomisedMap),
    Stability(Stability),
}

impl SanityChecks {
    /// The field of view is known: only cells inside it were hidden and compared, and a mean is that of the field.
    pub fn in_field(&self) -> bool {
        self.outside.is_some()
    }

    pub fn take(&mut self, part: SanityCheckPart) {
        match part {
            SanityCheckPart::Outside(share) => self.outside = Some(share),
            SanityCheckPart::DeletionInsertion(deletion) => self.deletion = Some(*deletion),
            SanityCheckPart::RandomisedMap(one) => self.randomised.push(one),
            SanityCheckPart::Stability(one) => self.stability.push(one),
        }
    }
}
