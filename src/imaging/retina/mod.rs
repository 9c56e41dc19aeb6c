//! Analysis of the retina in a photograph: the field of view, whether it is a fundus photograph at all, its quality,
//! vessels, optic disc and fovea, and the anatomy derived from these two.

pub mod anatomy;
mod arcades;
pub(super) mod assess;
mod circle;
mod disc;
mod features;
mod field_of_view;
mod fingerprint;
mod is_fundus;
mod labels;
pub mod landmarks;
mod quality;
mod vessels;
mod working_copy;
