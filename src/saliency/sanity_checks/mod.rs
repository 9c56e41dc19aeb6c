//! Sanity checks that a map should pass before it is interpreted.
//!
//! - [`Depth`]: the same method on a network with randomised weights. A map that does not change shows the photograph,
//!   not what was learned (Adebayo 2018).
//! - [`DeletionPlan`]: cells are hidden or shown in the map's order and compared with random areas of the same size and
//!   shape. If the marked area moves the output no more than those, the map does not show what moved it (Petsiuk 2018).
//! - [`Perturbation`]: the photograph shifted slightly, lit differently, or re-encoded. A map that changes completely
//!   then is not stable.
//! - [`outside_field`](super::outside_field): evidence outside the eye.
//!
//! Everything here is pure: the inputs to run and the interpretation of the outputs. `workflow::sanity_checks` runs
//! them.

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

/// Minimum rank correlation with the map of a randomised network at which a warning is issued.
pub const MAX_RANDOMISED_CORRELATION: f64 = 0.3;

/// Settings of the sanity checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Settings {
    /// Seed of the randomised weights and the random areas.
    pub seed: u64,
    /// What replaces hidden cells. Blurred by default, which keeps the local light and colour. A flat colour has an
    /// edge that the network never saw, and its response to the edge is mistaken for the effect of hiding (Hooker
    /// 2019).
    pub fill: Baseline,
    /// Which parts are run; evidence outside the eye costs nothing and is always computed.
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

/// The map of a network with randomised weights, compared with the original map inside the field of view.
#[derive(Clone, Debug, PartialEq)]
pub struct RandomisedMap {
    pub depth: Depth,
    /// The number of weight tensors that were randomised.
    pub tensors: usize,
    /// Why the randomised network's map cannot be compared.
    pub not_comparable: Option<NotComparable>,
    pub correlation: RankCorrelation,
}

/// A perturbed photograph compared with the original. The results are empty if JPEG cannot encode it.
#[derive(Clone, Debug, PartialEq)]
pub struct Stability {
    pub perturbation: Perturbation,
    pub correlation: RankCorrelation,
    /// Change of the model's output: score or value.
    pub change: Option<f64>,
}

/// Results of the sanity checks; filled part by part.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SanityChecks {
    pub settings: Settings,
    /// The input is a photograph; otherwise nothing is outside the field, and nothing can be shifted or relit.
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
    /// True if the field of view is known: only cells inside it were hidden and compared, and a mean is taken over the
    /// field.
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
