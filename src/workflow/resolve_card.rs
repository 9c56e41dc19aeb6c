//! Resolves the contents of a model file and what the user stated about it into a draft of its card.

use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::json;

use super::Contradicting::{self, Given, OfCard};
use super::Error;
use super::card_file::read_card;
use super::draft::{Draft, DraftInput};
use super::file_id::id_from_file;
use super::presets::{self, Preset};
use crate::domain::{
    ColourOrder, Crop, FieldSource, Head, HeadNorm, HiddenActivation, Pooling, Resize, Scaling,
    Task,
};
use crate::keras::{self, Architecture, FeatureMap};
use crate::text::failures::CardRule;

/// What the user states about a model on the command line or in the import dialog.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ImportFlags {
    pub id: Option<String>,
    /// A card, finished or a completed draft.
    pub card: Option<PathBuf>,
    pub preset: Option<Preset>,
    pub input_size: Option<[u32; 2]>,
    pub head: Option<Head>,
    /// The output to use of a network that has several.
    pub output: Option<String>,
    pub scaling: Option<Scaling>,
    pub mean: Option<[f32; 3]>,
    pub std: Option<[f32; 3]>,
    pub colour: Option<ColourOrder>,
    pub resize: Option<Resize>,
    pub crop: Option<Crop>,
    pub labels: Option<Vec<String>>,
    pub threshold: Option<f64>,
    pub value_scale: Option<f64>,
    pub value_offset: Option<f64>,
    pub value_range: Option<[f64; 2]>,
    pub task: Option<Task>,
    /// This and the next five are for weights-only files.
    pub architecture: Option<Architecture>,
    pub hidden_activation: Option<HiddenActivation>,
    pub imagenet_rescaling: Option<bool>,
    pub pooling: Option<Pooling>,
    pub head_norm: Option<HeadNorm>,
    pub norm_epsilon: Option<f64>,
    /// Which of several models in a folder or archive, which of several configurations next to weights, or both.
    pub members: Vec<String>,
    /// What a check of the preprocessing found, with the source of each field.
    pub checked: Option<Draft>,
    /// Replace a library model that has this id.
    pub replace: bool,
    /// Fill what is still open by convention, each field marked accordingly; for a form that shows the marks to the
    /// user.
    pub guess: bool,
}

/// The contents of a model file.
#[derive(Clone, Debug)]
pub struct FileFacts {
    /// Gives the model's id if none is stated.
    pub name: PathBuf,
    pub sha256: String,
    pub form: &'static str,
    pub architecture: Option<String>,
    pub parameters: u64,
    pub keras_version: Option<String>,
    /// The file that describes the network, if that is not the file of the weights.
    pub configuration: Option<String>,
    pub input_size: [u32; 2],
    pub head: Head,
    /// True if the file ends in logits, and the user stated the last activation.
    pub head_is_applied: bool,
    /// True if the network takes the luminance of the picture.
    pub is_grey: bool,
    /// Layers that change pictures at random in training and do nothing here.
    pub augmentation_layers: Vec<String>,
    pub preprocessing_layers: Vec<String>,
    pub last_feature_map: Option<FeatureMap>,
    /// See [`keras::Imported::view`].
    pub view: Option<[f64; 4]>,
    /// For weights-only files: the pooling, if the file determines it.
    pub pooling: Option<Pooling>,
    /// Length of the output.
    pub units: usize,
    /// Precisions other than float32 that the file states.
    pub precisions: Vec<String>,
}

impl FileFacts {
    /// See [`crate::domain::ModelCard::classes`].
    pub fn classes(&self) -> Option<usize> {
        self.head.classes(self.units)
    }

    /// Whether the network takes pixels as they are: it scales them itself, or takes integers.
    pub fn takes_raw_pixels(&self) -> bool {
        !self.preprocessing_layers.is_empty() || keras::takes_whole_numbers(&self.precisions)
    }
}

/// The importer options that flags, card and preset give, in this order, for what a file leaves open.
pub fn options(flags: &ImportFlags) -> Result<keras::Options, Error> {
    let card = card_of(flags)?.unwrap_or_default();
    let named = card.architecture.as_deref().and_then(|a| a.parse().ok());
    let preset = flags
        .preset
        .map(|p| p.draft(None, false))
        .unwrap_or_default();
    Ok(keras::Options {
        input_size: flags.input_size.or(card.input.size),
        head: flags.head.or(card.head),
        output: flags.output.clone(),
        architecture: flags.architecture.or(named),
        hidden_activation: flags.hidden_activation.or(card.hidden_activation),
        imagenet_rescaling: flags.imagenet_rescaling.or(card.imagenet_rescaling),
        pooling: flags.pooling.or(card.pooling),
        usual_pooling: preset.pooling,
        head_norm: flags.head_norm.or(card.head_norm),
        norm_epsilon: (flags.norm_epsilon)
            .or(card.norm_epsilon)
            .or(preset.norm_epsilon),
    })
}

fn card_of(flags: &ImportFlags) -> Result<Option<Draft>, Error> {
    flags.card.as_deref().map(read_card).transpose()
}

/// The draft of a file that leaves more open than a card: what flags, card and preset give, and only the architecture
/// from the file.
pub fn list_open_settings(
    open: &keras::Open,
    sha256: &str,
    flags: &ImportFlags,
    name: &Path,
) -> Result<Draft, Error> {
    let mut draft = Draft {
        source_sha256: Some(sha256.to_owned()),
        architecture: open.architecture.map(|a| a.as_str().to_owned()),
        ..Draft::default()
    };
    draft.fill_from(&Draft::from(flags), FieldSource::User);
    if let Some(card) = card_of(flags)? {
        draft.fill_from(&card, FieldSource::User);
    }
    fill_by_convention(
        &mut draft,
        flags,
        open.architecture.map(Architecture::as_str),
        false,
        (name, sha256),
    );
    draft.check_task()?;
    Ok(draft)
}

/// Resolves what is known of a model: the file first, then flags, then a card, then a preset. The model file itself is
/// not read again.
pub fn resolve_card(facts: &FileFacts, flags: &ImportFlags) -> Result<Draft, Error> {
    gives_an_answer(facts)?;
    contradiction(
        Given("input_size"),
        Some(facts.input_size),
        flags.input_size,
    )?;
    contradiction(Given("head"), Some(facts.head), flags.head)?;
    // The luminance is defined for red, green and blue in this order.
    let colour = facts.is_grey.then_some(ColourOrder::Rgb);
    contradiction(Given("colour"), colour, flags.colour)?;
    contradiction(
        Given("architecture"),
        facts.architecture.as_deref(),
        flags.architecture.map(Architecture::as_str),
    )?;
    let rescaled = facts
        .architecture
        .as_deref()
        .filter(|a| a.starts_with("EfficientNet") && facts.form != keras::Form::Onnx.as_str())
        .map(|_| {
            let rescalings = facts.preprocessing_layers.iter();
            rescalings.filter(|l| l.ends_with("(Rescaling)")).count() > 1
        });
    contradiction(
        Given("imagenet_rescaling"),
        rescaled,
        flags.imagenet_rescaling,
    )?;
    let weights_only = facts.form == keras::Form::WeightsOnly.as_str();
    if !weights_only {
        of_weights_alone(flags)?;
    }
    let mut draft = Draft {
        source_sha256: Some(facts.sha256.clone()),
        architecture: facts.architecture.clone(),
        classes: facts.classes(),
        grey: facts.is_grey,
        view: facts.view,
        preprocessing: facts.preprocessing_layers.clone(),
        precisions: facts.precisions.clone(),
        ..Draft::default()
    };
    let mut reported = Draft {
        pooling: facts.pooling,
        ..Draft::default()
    };
    reported.input.colour = colour;
    if !weights_only {
        // For a weights-only file they come from flags or card.
        reported.head = Some(facts.head).filter(|_| !facts.head_is_applied);
        reported.input.size = Some(facts.input_size);
    }
    draft.fill_from(&reported, FieldSource::File);
    draft.fill_from(&Draft::from(flags), FieldSource::User);
    if let Some(card) = card_of(flags)? {
        contradiction(
            OfCard("input_size"),
            Some(facts.input_size),
            card.input.size,
        )?;
        contradiction(OfCard("head"), Some(facts.head), card.head)?;
        contradiction(OfCard("colour"), colour, card.input.colour)?;
        let other = card
            .source_sha256
            .as_deref()
            .filter(|s| !s.is_empty() && *s != facts.sha256);
        if other.is_some() {
            return Err(Error::Contradiction {
                what: Contradicting::Card,
                reason: "it was written for a file with another SHA-256; empty its source_sha256 to use it for this one"
                    .to_owned(),
            });
        }
        draft.fill_from(&card, FieldSource::User);
    }
    if let Some(checked) = &flags.checked {
        draft.fill_from(checked, FieldSource::Labels);
    }
    fill_by_convention(
        &mut draft,
        flags,
        facts.architecture.as_deref(),
        facts.takes_raw_pixels(),
        (&facts.name, &facts.sha256),
    );
    if !weights_only {
        // The whole model holds them; those of a preset are for weights-only files.
        (draft.pooling, draft.norm_epsilon) = (None, None);
        draft.settled.remove("pooling");
        draft.settled.remove("norm_epsilon");
    }
    if let Some(checked) = &flags.checked {
        // The evidence goes with the setting that was found, not with another one stated since.
        let mut found = checked.settled.iter();
        if found.all(|(field, how)| draft.settled.get(field) == Some(how)) {
            draft.evaluation.clone_from(&checked.evaluation);
        }
    }
    if facts.classes().is_some() && draft.task.is_some_and(|task| task != Task::Other) {
        return Err(CardRule::ClassesTask.into());
    }
    draft.check_task()?;
    Ok(draft)
}

/// Most classes of a network: each is a column of the tables.
pub const MAX_CLASSES: usize = 100;

/// Refuses an output that is neither a score between two labels or for each of several, nor one value.
fn gives_an_answer(facts: &FileFacts) -> Result<(), Error> {
    match (facts.head, facts.units) {
        (Head::Linear, 1) | (Head::Sigmoid, 1..=MAX_CLASSES) | (Head::Softmax, 2..=MAX_CLASSES) => {
            Ok(())
        }
        (head, units) => Err(Error::Head { head, units }),
    }
}

/// Refuses flags for fields that the file itself holds.
fn of_weights_alone(flags: &ImportFlags) -> Result<(), Error> {
    let given = [
        ("pooling", flags.pooling.is_some()),
        ("head_norm", flags.head_norm.is_some()),
        ("norm_epsilon", flags.norm_epsilon.is_some()),
        ("hidden_activation", flags.hidden_activation.is_some()),
    ];
    match given.iter().find(|(_, is_given)| *is_given) {
        None => Ok(()),
        Some((field, _)) => Err(Error::Contradiction {
            what: Given(field),
            reason: "it applies only to weights-only files, and this file holds the whole model"
                .to_owned(),
        }),
    }
}

/// Fills what is still open from the preset, then by convention if requested, and the id from the file's name.
fn fill_by_convention(
    draft: &mut Draft,
    flags: &ImportFlags,
    architecture: Option<&str>,
    in_graph: bool,
    (file, sha256): (&Path, &str),
) {
    if let Some(preset) = flags.preset {
        draft.fill_from(&preset.draft(architecture, in_graph), FieldSource::Preset);
    }
    if flags.guess {
        let guess = presets::guess(draft, architecture, in_graph);
        draft.fill_from(&guess, FieldSource::Convention);
    }
    let own = Draft {
        id: Some(id_from_file(file, sha256)),
        ..Draft::default()
    };
    draft.fill_from(&own, FieldSource::Convention);
    draft.settled.remove("id");
    draft.settled.remove("name");
}

impl From<&ImportFlags> for Draft {
    fn from(flags: &ImportFlags) -> Self {
        Self {
            id: flags.id.clone(),
            task: flags.task,
            labels: flags.labels.clone(),
            head: flags.head,
            threshold: flags.threshold,
            value_scale: flags.value_scale,
            value_offset: flags.value_offset,
            value_range: flags.value_range,
            input: DraftInput {
                size: flags.input_size,
                colour: flags.colour,
                scaling: flags.scaling,
                mean: flags.mean,
                std: flags.std,
                resize: flags.resize,
                crop: flags.crop,
            },
            architecture: flags.architecture.map(|a| a.as_str().to_owned()),
            hidden_activation: flags.hidden_activation,
            imagenet_rescaling: flags.imagenet_rescaling,
            pooling: flags.pooling,
            head_norm: flags.head_norm,
            norm_epsilon: flags.norm_epsilon,
            ..Self::default()
        }
    }
}

fn contradiction<T: PartialEq + Serialize>(
    what: Contradicting,
    file: Option<T>,
    given: Option<T>,
) -> Result<(), Error> {
    match (file, given) {
        (Some(file), Some(given)) if file != given => Err(Error::Contradiction {
            what,
            reason: format!(
                "the file has {}, but {} was given",
                json!(file),
                json!(given)
            ),
        }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_contradicts_the_file_is_refused() {
        assert!(contradiction(Given("head"), Some(Head::Sigmoid), Some(Head::Softmax)).is_err());
        assert!(contradiction(Given("head"), Some(Head::Sigmoid), Some(Head::Sigmoid)).is_ok());
        assert!(contradiction(Given("head"), None, Some(Head::Softmax)).is_ok());
    }
}
