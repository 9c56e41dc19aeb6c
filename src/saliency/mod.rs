//! What moved the score: maps of signed evidence, computed from the outputs of an engine.
//!
//! A [`SaliencyMap`] is a small grid of values that are neither normalised nor clipped: positive where the photograph
//! raised the target, negative where it lowered it. Colour and opacity are display choices and are handled in
//! `imaging::overlay`. Gradients come from `graph::gradient`; the functions here define the inputs of each method and
//! interpret the outputs.
//!
//! ```text
//! let target = Target::of(card.head, card.value_scale());
//! let maps = class_activation_maps(Method::GradCam, &features, &gradient, layer, target)?;
//! let outside = outside_field(&maps[0].grid, &prepared.geometry, &field);
//! ```

mod agreement;
mod attribution;
mod baseline;
mod blocks;
mod cam;
mod cover;
mod evidence;
mod map;
mod method_run;
pub mod methods;
mod recipe;
mod regions;
pub mod sanity_checks;
mod stages;
mod strokes;
mod target;

pub use agreement::{Agreement, PlacedMap, agreement};
pub use attribution::{Attribution, MeanGradient};
pub use baseline::inside_field;
pub use cam::class_activation_maps;
pub use cover::{Mask, covered};
pub use evidence::{Share, beyond_photograph, cells_in_field, outside_field, share_where};
pub use map::SaliencyMap;
pub use method_run::MethodRun;
pub use methods::{Explanation, OnPartialMap};
pub use recipe::{InvalidSetting, Recipe, Setting};
pub use regions::{mask_of, random_patch, region_shares};
pub use stages::{Stage, stage, stages};
pub use strokes::{Stroke, painted, seen};
pub use target::Target;

pub use crate::domain::{
    Baseline, CoveredRegion, CoveredRegions, Fill, HidingEffect, Method, RegionShare, Regions,
};

use crate::domain::foreign::{escaped, shown};
use crate::domain::{Detail, Finding, FindingCode, NetworkPart, Severity};
use crate::graph;

/// Why a map cannot be computed.
#[derive(Clone, Debug, PartialEq, Eq, strum::EnumCount, thiserror::Error)]
pub enum Error {
    /// The network lacks something that every map needs.
    #[error("the network has no {0}, so its last feature map cannot be explained")]
    Missing(NetworkPart),
    /// An operation after the last feature map that has no gradient here.
    #[error(
        "the network's head cannot be differentiated, at {}: {}",
        shown(layer),
        escaped(reason)
    )]
    Unsupported { layer: String, reason: String },
    /// Values from an engine that do not belong to this network.
    #[error("the values do not fit the network: {0}")]
    Shape(String),
    /// A target that the network does not have.
    #[error("the network has {units} outputs before its last activation, so {target} cannot be explained; choose an output from 0 to {}", .units.saturating_sub(1))]
    Target { target: Target, units: usize },
    /// A layer that does not exist or has no feature map.
    #[error(
        "the network has no feature map called {}; a convolution is computed together with the batch norm after it, under the norm's name; suggested layers: {sensible}",
        shown(layer)
    )]
    NoSuchLayer { layer: String, sensible: String },
    /// Not enough memory for the gradient of the network's head.
    #[error("there is not enough memory to compute a saliency map")]
    Memory,
    /// An overflow in the network, or corrupt weights.
    #[error("the network returned a value that is not a number")]
    NotANumber,
}

impl From<graph::Error> for Error {
    fn from(error: graph::Error) -> Self {
        match error {
            graph::Error::Malformed { place, reason } => Self::Unsupported {
                layer: place,
                reason,
            },
            graph::Error::Unsupported(parts) => match parts.into_iter().next() {
                Some(part) => Self::Unsupported {
                    layer: part.place,
                    reason: part.reason,
                },
                None => Self::Missing(NetworkPart::Gradient),
            },
            graph::Error::Damaged(_) | graph::Error::Limit(_) => {
                Self::Missing(NetworkPart::Gradient)
            }
        }
    }
}

impl Error {
    /// The finding reported with the results of a network whose last feature map cannot be explained.
    pub fn finding(&self) -> Finding {
        let detail = match self {
            Self::Missing(part) => Some(Detail::Lacks(*part)),
            Self::Unsupported { layer, reason } => Some(Detail::NoGradient {
                layer: shown(layer),
                reason: escaped(reason),
            }),
            Self::Memory => Some(Detail::NoMemory),
            // These concern one map; the network may have others.
            Self::Shape(_) | Self::Target { .. } | Self::NoSuchLayer { .. } | Self::NotANumber => {
                None
            }
        };
        Finding {
            code: FindingCode::NoSaliencyMap,
            severity: Severity::Note,
            detail,
        }
    }
}
