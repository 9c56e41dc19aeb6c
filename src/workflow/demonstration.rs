//! The two models that ship inside the executable, trained on computer-drawn eyes.
//!
//! They are ordinary Keras files and are imported by the same code as the user's files.

use serde::Deserialize;

use super::Error;
use crate::domain::{Crop, InputSpec, ModelCard, Tensor};
use crate::imaging::prepare::prepare;
use crate::imaging::{self, OpenOptions};

/// A model inside the executable.
pub struct Bundled {
    pub id: &'static str,
    /// The Keras file.
    pub keras: &'static [u8],
    card: &'static str,
    reference: &'static str,
}

/// The drawn eye whose outputs the reference files hold, cropped and resized to 224 × 224.
const REFERENCE_PICTURE: &[u8] = include_bytes!("../../models/demo/reference.png");

/// The default model.
pub const DEFAULT: &str = "demo-mobilenet";

/// Every bundled model, the default first.
pub static BUNDLED: [Bundled; 2] = [
    Bundled {
        id: DEFAULT,
        keras: include_bytes!("../../models/demo/demo-mobilenet.h5"),
        card: include_str!("../../models/demo/demo-mobilenet.json"),
        reference: include_str!("../../models/demo/demo-mobilenet.reference.json"),
    },
    Bundled {
        id: "demo-efficientnet-b0",
        keras: include_bytes!("../../models/demo/demo-efficientnet-b0.h5"),
        card: include_str!("../../models/demo/demo-efficientnet-b0.json"),
        reference: include_str!("../../models/demo/demo-efficientnet-b0.reference.json"),
    },
];

/// The output of Keras for the reference picture.
#[derive(Deserialize)]
struct Reference {
    probability: f64,
}

/// The cards of the bundled models, the default's first.
pub fn cards() -> impl Iterator<Item = ModelCard> {
    BUNDLED.iter().filter_map(|bundled| bundled.card().ok())
}

/// The card of the file with this SHA-256, if it ships with the application, whatever its name.
pub fn card_of(sha256: &str) -> Option<ModelCard> {
    cards().find(|card| card.source_sha256 == sha256)
}

impl Bundled {
    pub fn find(id: &str) -> Option<&'static Self> {
        BUNDLED.iter().find(|b| b.id == id)
    }

    pub fn card(&self) -> Result<ModelCard, Error> {
        serde_json::from_str(self.card).map_err(|e| self.unfit(e.to_string()))
    }

    /// The network's input for the reference picture, and the output of Keras for it.
    pub fn reference(&self, card: &ModelCard) -> Result<(Tensor, Tensor), Error> {
        let picture = imaging::open(REFERENCE_PICTURE, "reference.png", &OpenOptions::default())?;
        let whole = InputSpec {
            crop: Crop::Stretch,
            ..card.input.clone()
        };
        let input = prepare(&picture.pixels, None, &whole)?.tensor;
        let known: Reference =
            serde_json::from_str(self.reference).map_err(|e| self.unfit(e.to_string()))?;
        let output = Tensor {
            shape: vec![1, 1],
            values: vec![known.probability as f32],
        };
        Ok((input, output))
    }

    fn unfit(&self, reason: String) -> Error {
        Error::Card(format!("{}: {reason}", self.id))
    }
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::workflow::draft;

    #[test]
    fn cards_are_valid_and_name_their_file() {
        for bundled in &BUNDLED {
            let card = bundled.card().unwrap();
            assert_eq!(card.id, bundled.id);
            assert!(card.demonstration);
            assert!(
                card.intended_use.en.contains("computer-drawn"),
                "{}",
                card.intended_use.en
            );
            draft::check(&card).unwrap();
            assert_eq!(
                card.source_sha256,
                crate::numeric::hex::sha256(bundled.keras),
                "{}",
                bundled.id
            );
        }
    }
}
