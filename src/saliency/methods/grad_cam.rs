//! Grad-CAM: Σ_c mean(G_c) · A_c of the feature map A and the target's gradient G with respect to it; signed, no ReLU.
//!
//! With a global average pooling and a single dense layer after the feature map this is the class activation map of Zhou
//! 2016, and the cells sum to the target less its bias.

use super::{MethodDescription, Needs, PLAIN};

pub(super) const FACTS: MethodDescription = MethodDescription {
    name: ["Grad-CAM", "Grad-CAM"],
    authors: &[
        "Selvaraju",
        "Cogswell",
        "Das",
        "Vedantam",
        "Parikh",
        "Batra",
    ],
    year: 2017,
    reference: "Grad-CAM: visual explanations from deep networks via gradient-based localization, IEEE International Conference on Computer Vision, 618–626",
    needs: Needs::FeatureGradient(|_, mean| mean),
    ..PLAIN
};
