//! What moved the score: maps of signed evidence, computed from the outputs of an engine.
//!
//! A [`SaliencyMap`] is a small grid of values that are neither normalised nor clipped: positive where the photograph
//! raised the target, negative where it lowered it. Colour and opacity are display choices and are handled in
//! `imaging::overlay`. Grad-CAM at the last feature map needs no gradient of the network: everything after that map is
//! a small vector function, [`HeadFunction`], differentiated here. Every other map takes gradients from
//! `graph::gradient` or only forward passes; the functions here define the inputs and interpret the outputs.
//!
//! ```text
//! let head = HeadFunction::from_graph(&graph)?;
//! let map = grad_cam(&features, &head, Target::of(card.head, card.value_scale()))?;
//! let outside = outside_field(&map.grid, &prepared.geometry, &field);
//! ```

mod agreement;
mod attribution;
mod baseline;
mod blocks;
mod cam;
mod cover;
mod evidence;
mod head;
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
pub use evidence::{Share, cells_in_field, outside_field, share_where};
pub use head::HeadFunction;
pub use map::SaliencyMap;
pub use method_run::MethodRun;
pub use methods::{Explanation, OnPartialMap, grad_cam, grad_cams};
pub use recipe::{InvalidSetting, Recipe, Setting};
pub use regions::{mask_of, random_patch, region_shares};
pub use stages::{Stage, stage, stages};
pub use strokes::{Stroke, painted, seen};
pub use target::Target;

pub use crate::domain::{
    Baseline, CoveredRegion, CoveredRegions, Fill, HidingEffect, Method, RegionShare, Regions,
};

use crate::domain::foreign::shown;
use crate::domain::{Detail, Finding, FindingCode, NetworkPart, Severity};

/// Why a map cannot be computed.
#[derive(Clone, Debug, PartialEq, Eq, strum::EnumCount, thiserror::Error)]
pub enum Error {
    /// The network lacks something that every map needs.
    #[error("the network has no {0}, so its last feature map cannot be explained")]
    Missing(NetworkPart),
    /// An operator after the last feature map that is not supported here.
    #[error(
        "the network's head cannot be differentiated: {operator} in layer {}: {reason}",
        shown(layer)
    )]
    Unsupported {
        operator: &'static str,
        layer: String,
        reason: &'static str,
    },
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
    /// An overflow in the network, or corrupt weights.
    #[error("the network returned a value that is not a number")]
    NotANumber,
}

impl Error {
    /// The finding reported with the results of a network whose last feature map cannot be explained.
    pub fn finding(&self) -> Finding {
        let detail = match self {
            Self::Missing(part) => Some(Detail::Lacks(*part)),
            Self::Unsupported {
                operator,
                layer,
                reason,
            } => Some(Detail::NoGradient {
                operator: (*operator).to_owned(),
                layer: shown(layer),
                reason: (*reason).to_owned(),
            }),
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
