//! Figures that the JOIR release states for its models of the recorded sex, from internal validation.

/// What is published about a model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Published {
    pub model: &'static str,
    /// 0–1.
    pub accuracy: f64,
    /// Area under the ROC curve, where it is stated.
    pub auc: Option<f64>,
}

/// The models of the release.
pub const PUBLISHED: [Published; 2] = [
    Published {
        model: "EfficientNet-B7",
        accuracy: 0.920,
        auc: Some(0.971),
    },
    Published {
        model: "MobileNet",
        accuracy: 0.912,
        auc: None,
    },
];
