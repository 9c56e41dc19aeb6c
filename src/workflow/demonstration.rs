//! The two models that ship inside the executable, trained on computer-drawn eyes.
//!
//! They are Keras files like any other and are imported by the same code as a file that a person brings.

use crate::clinic::ModelCard;

/// A model inside the executable.
pub struct Bundled {
    pub id: &'static str,
    /// The Keras file.
    pub keras: &'static [u8],
    card: &'static str,
    reference: &'static str,
    reference_picture: &'static [u8],
}

/// The default model.
pub const DEFAULT: &str = "demo-mobilenet";

/// Every bundled model, the default first.
pub const BUNDLED: [Bundled; 2] = [
    Bundled {
        id: DEFAULT,
        keras: include_bytes!("../../models/demo/demo-mobilenet.h5"),
        card: include_str!("../../models/demo/demo-mobilenet.json"),
        reference: include_str!("../../models/demo/demo-mobilenet.reference.json"),
        reference_picture: include_bytes!("../../models/demo/reference.png"),
    },
    Bundled {
        id: "demo-efficientnet-b0",
        keras: include_bytes!("../../models/demo/demo-efficientnet-b0.h5"),
        card: include_str!("../../models/demo/demo-efficientnet-b0.json"),
        reference: include_str!("../../models/demo/demo-efficientnet-b0.reference.json"),
        reference_picture: include_bytes!("../../models/demo/reference.png"),
    },
];

impl Bundled {
    pub fn find(id: &str) -> Option<&'static Self> {
        static ALL: [Bundled; 2] = BUNDLED;
        ALL.iter().find(|b| b.id == id)
    }

    /// The card; `tests/demonstration.rs` proves that it parses and fits the file.
    pub fn card(&self) -> Result<ModelCard, serde_json::Error> {
        serde_json::from_str(self.card)
    }
}
