//! HiResCAM: Σ_c G_c · A_c of the feature map A and the target's gradient G with respect to it, cell by cell.

use super::{MethodDescription, Needs, PLAIN};

pub(super) const FACTS: MethodDescription = MethodDescription {
    name: ["HiResCAM", "HiResCAM"],
    authors: &["Draelos", "Carin"],
    year: 2020,
    reference: "Use HiResCAM instead of Grad-CAM for faithful explanations of convolutional neural networks, arXiv:2011.08891",
    needs: Needs::FeatureGradient(|gradient, _| gradient),
    ..PLAIN
};
