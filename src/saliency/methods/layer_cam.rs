//! LayerCAM: Σ_c max(G_c, 0) · A_c of the feature map A and the target's gradient G with respect to it, cell by cell.

use super::{MethodDescription, Needs, PLAIN};

pub(super) const FACTS: MethodDescription = MethodDescription {
    name: ["LayerCAM", "LayerCAM"],
    authors: &["Jiang", "Zhang", "Hou", "Cheng", "Wei"],
    year: 2021,
    reference: "LayerCAM: exploring hierarchical class activation maps for localization, IEEE Transactions on Image Processing 30, 5875–5888",
    needs: Needs::FeatureGradient(|gradient, _| gradient.max(0.0)),
    ..PLAIN
};
