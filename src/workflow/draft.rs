//! A model card in preparation: known fields, each with its source, and the list of unknown ones.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Error;
use crate::domain::card_field::open_fields;
use crate::domain::{
    Bilingual, ColourOrder, Crop, Detail, FieldSource, Finding, FindingCode, Findings, Head,
    HeadNorm, HiddenActivation, InputSpec, ModelCard, Pooling, Resize, Scaling, Severity, Task,
    ValueScale,
};
use crate::keras::takes_whole_numbers;
use crate::text::failures::CardRule;

/// The input part of a draft.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DraftInput {
    pub size: Option<[u32; 2]>,
    pub colour: Option<ColourOrder>,
    pub scaling: Option<Scaling>,
    pub mean: Option<[f32; 3]>,
    pub std: Option<[f32; 3]>,
    pub resize: Option<Resize>,
    pub crop: Option<Crop>,
}

impl From<&InputSpec> for DraftInput {
    fn from(input: &InputSpec) -> Self {
        Self {
            size: Some(input.size),
            colour: Some(input.colour),
            scaling: Some(input.scaling),
            mean: input.mean,
            std: input.std,
            resize: Some(input.resize),
            crop: Some(input.crop),
        }
    }
}

/// A card with gaps. Its JSON has the names of the finished card; a gap is null.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    pub id: Option<String>,
    pub name: Option<String>,
    pub task: Option<Task>,
    pub labels: Option<Vec<String>>,
    pub input: DraftInput,
    pub head: Option<Head>,
    /// See [`ModelCard::classes`]; read only from the file.
    #[serde(skip)]
    pub classes: Option<usize>,
    pub threshold: Option<f64>,
    pub value_scale: Option<f64>,
    pub value_offset: Option<f64>,
    pub value_range: Option<[f64; 2]>,
    pub aggregation: Option<String>,
    pub citation: Option<String>,
    pub acknowledgment: Option<Bilingual>,
    pub intended_use: Option<Bilingual>,
    pub source_sha256: Option<String>,
    pub architecture: Option<String>,
    /// This and the next four are for weights-only files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pooling: Option<Pooling>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub head_norm: Option<HeadNorm>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub norm_epsilon: Option<f64>,
    /// The activation of hidden dense layers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hidden_activation: Option<HiddenActivation>,
    /// Whether an EfficientNet rescales its input a second time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub imagenet_rescaling: Option<bool>,
    /// See [`ModelCard::grey`]; read only from the file.
    #[serde(skip)]
    pub grey: bool,
    /// See [`ModelCard::view`]; read only from the file.
    #[serde(skip)]
    pub view: Option<[f64; 4]>,
    /// What the network itself does to the picture; read only from the file.
    #[serde(skip)]
    pub preprocessing: Vec<String>,
    /// See [`ModelCard::precisions`]; read only from the file.
    #[serde(skip)]
    pub precisions: Vec<String>,
    /// The evidence of a check for [`ModelCard::evaluation`].
    #[serde(skip)]
    pub evaluation: serde_json::Value,
    pub settled: BTreeMap<String, FieldSource>,
}

impl Draft {
    /// Fills the gaps of `self` from `other` and records the source of each field filled here.
    pub fn fill_from(&mut self, other: &Self, how: FieldSource) {
        let mut settled = std::mem::take(&mut self.settled);
        let mut note = |name: &str, filled: bool| {
            if filled {
                let reported = other.settled.get(name).copied().unwrap_or(how);
                settled.insert(name.to_owned(), reported);
            }
        };
        note("id", fill(&mut self.id, &other.id));
        note("name", fill(&mut self.name, &other.name));
        note("task", fill(&mut self.task, &other.task));
        note(
            "labels",
            fill(
                &mut self.labels,
                &other.labels.clone().filter(|l| !l.is_empty()),
            ),
        );
        note("size", fill(&mut self.input.size, &other.input.size));
        note("colour", fill(&mut self.input.colour, &other.input.colour));
        note(
            "scaling",
            fill(&mut self.input.scaling, &other.input.scaling),
        );
        note("mean", fill(&mut self.input.mean, &other.input.mean));
        note("std", fill(&mut self.input.std, &other.input.std));
        note("resize", fill(&mut self.input.resize, &other.input.resize));
        note("crop", fill(&mut self.input.crop, &other.input.crop));
        note("head", fill(&mut self.head, &other.head));
        note("threshold", fill(&mut self.threshold, &other.threshold));
        note(
            "value_scale",
            fill(&mut self.value_scale, &other.value_scale),
        );
        note(
            "value_offset",
            fill(&mut self.value_offset, &other.value_offset),
        );
        note(
            "value_range",
            fill(&mut self.value_range, &other.value_range),
        );
        fill(&mut self.aggregation, &other.aggregation);
        fill(&mut self.citation, &other.citation);
        fill(&mut self.acknowledgment, &other.acknowledgment);
        fill(&mut self.intended_use, &other.intended_use);
        fill(&mut self.source_sha256, &other.source_sha256);
        fill(&mut self.architecture, &other.architecture);
        note("pooling", fill(&mut self.pooling, &other.pooling));
        note("head_norm", fill(&mut self.head_norm, &other.head_norm));
        note(
            "norm_epsilon",
            fill(&mut self.norm_epsilon, &other.norm_epsilon),
        );
        note(
            "hidden_activation",
            fill(&mut self.hidden_activation, &other.hidden_activation),
        );
        note(
            "imagenet_rescaling",
            fill(&mut self.imagenet_rescaling, &other.imagenet_rescaling),
        );
        self.settled = settled;
    }

    /// Names of the required fields that are unknown, in the order of the contract's flags.
    pub fn unknown(&self) -> Vec<String> {
        let scored = self.head != Some(Head::Linear);
        let custom = self.input.scaling == Some(Scaling::Custom);
        let holes = [
            ("input_size", self.input.size.is_none()),
            ("head", self.head.is_none()),
            ("scaling", self.input.scaling.is_none()),
            ("mean", custom && self.input.mean.is_none()),
            ("std", custom && self.input.std.is_none()),
            ("colour", self.input.colour.is_none()),
            ("resize", self.input.resize.is_none()),
            ("crop", self.input.crop.is_none()),
            ("labels", scored && self.labels.is_none()),
            (
                "threshold",
                scored && self.classes.is_none() && self.threshold.is_none(),
            ),
            ("task", self.task.is_none()),
        ];
        holes
            .iter()
            .filter(|(_, hole)| *hole)
            .map(|(name, _)| (*name).to_owned())
            .collect()
    }

    /// Names of the fields that rest only on a preset or a convention and lack evidence.
    pub fn unconfirmed(&self) -> Vec<String> {
        open_fields(&self.settled).map(str::to_owned).collect()
    }

    /// Whether the picture is scaled by the card and again by the network.
    pub fn scales_twice(&self) -> bool {
        let scales = self.input.scaling.is_some_and(|s| s != Scaling::Raw);
        scales && !self.preprocessing.is_empty()
    }

    /// The findings on its settings that go with every score.
    pub fn findings(&self) -> Findings {
        let twice = self.scales_twice().then_some(self.preprocessing.as_slice());
        let mut findings = findings_of_settings(twice, &self.unconfirmed());
        findings.extend(finding_of_precisions(&self.precisions));
        findings
    }

    /// The finished card; the error lists what is still unknown or states what is invalid.
    pub fn finish(self) -> Result<ModelCard, Error> {
        let unknown = self.unknown();
        let (
            Some(size),
            Some(head),
            Some(scaling),
            Some(colour),
            Some(resize),
            Some(crop),
            Some(task),
        ) = (
            self.input.size,
            self.head,
            self.input.scaling,
            self.input.colour,
            self.input.resize,
            self.input.crop,
            self.task,
        )
        else {
            return Err(Error::Unknown(unknown));
        };
        if !unknown.is_empty() {
            return Err(Error::Unknown(unknown));
        }
        let id = self.id.unwrap_or_else(|| "model".to_owned());
        let card = ModelCard {
            name: self.name.unwrap_or_else(|| id.clone()),
            id,
            task,
            labels: self.labels.unwrap_or_default(),
            input: InputSpec {
                size,
                colour,
                scaling,
                mean: self.input.mean,
                std: self.input.std,
                resize,
                crop,
            },
            head,
            classes: self.classes,
            threshold: self.threshold.filter(|_| self.classes.is_none()),
            value_scale: self.value_scale,
            value_offset: self.value_offset,
            value_range: self.value_range,
            aggregation: self.aggregation.unwrap_or_else(|| {
                if head == Head::Linear {
                    "mean"
                } else {
                    "mean-logit"
                }
                .to_owned()
            }),
            citation: self.citation.unwrap_or_default(),
            acknowledgment: self.acknowledgment.unwrap_or_default(),
            intended_use: self.intended_use.unwrap_or_default(),
            source_sha256: self.source_sha256.unwrap_or_default(),
            settled: self.settled,
            architecture: self.architecture.unwrap_or_default(),
            pooling: self.pooling,
            head_norm: self.head_norm,
            norm_epsilon: self.norm_epsilon,
            hidden_activation: self.hidden_activation,
            imagenet_rescaling: self.imagenet_rescaling,
            grey: self.grey,
            view: self.view,
            preprocessing: self.preprocessing,
            precisions: self.precisions,
            // Only the models that ship with the application have this mark.
            demonstration: false,
            evaluation: self.evaluation,
        }
        .without_idle_threshold();
        check(&card)?;
        Ok(card)
    }

    /// Refuses an invalid scale, offset or range.
    pub fn check_value(&self) -> Result<(), Error> {
        check_value(self.value_scale, self.value_offset, self.value_range)
    }

    /// Refuses a task that the last layer cannot answer, before other fields are requested.
    pub fn check_task(&self) -> Result<(), Error> {
        match (self.head, self.task) {
            (Some(head), Some(task)) => check_task(head, task),
            _ => Ok(()),
        }
    }
}

fn check_value(
    scale: Option<f64>,
    offset: Option<f64>,
    range: Option<[f64; 2]>,
) -> Result<(), Error> {
    if ValueScale::new(scale.unwrap_or(1.0), offset.unwrap_or(0.0)).is_none() {
        return Err(CardRule::ValueScale.into());
    }
    let is_range = |[low, high]: [f64; 2]| low.is_finite() && high.is_finite() && low < high;
    if !range.is_none_or(is_range) {
        return Err(CardRule::ValueRange.into());
    }
    Ok(())
}

fn check_task(head: Head, task: Task) -> Result<(), Error> {
    match (head, task) {
        (Head::Linear, Task::Sex) => Err(CardRule::LinearScore.into()),
        (Head::Sigmoid | Head::Softmax, Task::Age) => Err(CardRule::AgeHead.into()),
        _ => Ok(()),
    }
}

/// The findings on a model's settings that go with every score. `scaled_twice` names the layers that scale what the
/// card has scaled already.
pub fn findings_of_settings(scaled_twice: Option<&[String]>, unconfirmed: &[String]) -> Findings {
    let mut findings = Findings::new();
    if let Some(layers) = scaled_twice {
        let layers = Detail::Layers(layers.to_vec());
        let finding = Finding::with_detail(FindingCode::ScalingTwice, Severity::Serious, layers);
        findings.push(finding);
    }
    if !unconfirmed.is_empty() {
        let fields = Detail::Fields(unconfirmed.to_vec());
        let finding =
            Finding::with_detail(FindingCode::UnconfirmedSettings, Severity::Caution, fields);
        findings.push(finding);
    }
    findings
}

/// The finding on a network that its file states in other precisions than the one in which it is computed. An input of
/// whole numbers is none of them: float32 holds the values of a pixel exactly.
pub fn finding_of_precisions(precisions: &[String]) -> Option<Finding> {
    let is_rounded = |name: &&String| !takes_whole_numbers(std::slice::from_ref(*name));
    let rounded: Vec<String> = precisions.iter().filter(is_rounded).cloned().collect();
    let (code, severity) = (FindingCode::WeightsInFloat32, Severity::Note);
    let any = !rounded.is_empty();
    let names = Detail::Precisions(rounded);
    any.then(|| Finding::with_detail(code, severity, names))
}

/// Refuses a card whose fields contradict each other or are out of range.
pub fn check(card: &ModelCard) -> Result<(), Error> {
    let refuse = |rule: CardRule| Err(Error::from(rule));
    let [height, width] = card.input.size;
    if !(16..=4096).contains(&height) || !(16..=4096).contains(&width) {
        return refuse(CardRule::InputSize);
    }
    check_task(card.head, card.task)?;
    let scored = card.head != Head::Linear;
    let is_threshold = |t: f64| (0.0..=1.0).contains(&t);
    if scored && card.classes.is_none() && !card.threshold.is_some_and(is_threshold) {
        return refuse(CardRule::Threshold);
    }
    let of_value = card.value_scale.is_some() || card.value_offset.is_some();
    if scored && (of_value || card.value_range.is_some()) {
        return refuse(CardRule::ValueOfScore);
    }
    check_value(card.value_scale, card.value_offset, card.value_range)?;
    let has_empty_label = card.labels.iter().any(|l| l.trim().is_empty());
    match card.classes {
        Some(_) if card.task != Task::Other => return refuse(CardRule::ClassesTask),
        Some(classes) if card.labels.len() != classes || has_empty_label => {
            return refuse(CardRule::LabelPerClass);
        }
        None if scored && (card.labels.len() != 2 || has_empty_label) => {
            return refuse(CardRule::TwoLabels);
        }
        _ => {}
    }
    if card.input.scaling == Scaling::Custom {
        let sound = |v: Option<[f32; 3]>, positive: bool| {
            v.is_some_and(|v| v.iter().all(|x| x.is_finite() && (!positive || *x > 0.0)))
        };
        if !sound(card.input.mean, false) || !sound(card.input.std, true) {
            return refuse(CardRule::CustomScaling);
        }
    }
    if takes_whole_numbers(&card.precisions) && !card.input.has_whole_numbers() {
        return refuse(CardRule::WholeNumbers);
    }
    Ok(())
}

fn fill<T: Clone>(hole: &mut Option<T>, from: &Option<T>) -> bool {
    if hole.is_none() && from.is_some() {
        hole.clone_from(from);
        return true;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Draft {
        Draft {
            id: Some("m".into()),
            task: Some(Task::Sex),
            labels: Some(vec!["F".into(), "M".into()]),
            head: Some(Head::Sigmoid),
            threshold: Some(0.5),
            input: DraftInput {
                size: Some([224, 224]),
                colour: Some(ColourOrder::Rgb),
                scaling: Some(Scaling::Tf),
                mean: None,
                std: None,
                resize: Some(Resize::PilBilinear),
                crop: Some(Crop::Stretch),
            },
            ..Draft::default()
        }
    }

    #[test]
    fn holes_are_listed_and_refused() {
        let mut draft = known();
        draft.input.scaling = None;
        draft.labels = None;
        assert_eq!(draft.unknown(), ["scaling", "labels"]);
        assert!(matches!(draft.finish(), Err(Error::Unknown(f)) if f.len() == 2));
    }

    #[test]
    fn a_network_of_whole_numbers_takes_the_values_of_pixels_as_they_are() {
        let with = |scaling, resize, precision: &str| {
            let mut draft = known();
            draft.input.scaling = Some(scaling);
            draft.input.resize = Some(resize);
            draft.precisions = vec![precision.to_owned()];
            draft.finish().map(drop)
        };
        for (scaling, resize, precision) in [
            (Scaling::Unit, Resize::PilBilinear, "uint8"),
            (Scaling::Tf, Resize::Cv2Linear, "int32"),
            (Scaling::Raw, Resize::TfBilinear, "uint8"),
        ] {
            let refused = with(scaling, resize, precision);
            let is_rule = matches!(refused, Err(Error::CardRule(CardRule::WholeNumbers)));
            assert!(is_rule, "{scaling:?} {resize:?} {precision}");
        }
        assert!(with(Scaling::Raw, Resize::PilBilinear, "uint8").is_ok());
        assert!(with(Scaling::Tf, Resize::TfBilinear, "float16").is_ok());
    }

    #[test]
    fn an_earlier_source_wins_and_is_remembered() {
        let mut draft = Draft {
            input: DraftInput {
                scaling: Some(Scaling::Raw),
                ..DraftInput::default()
            },
            ..Draft::default()
        };
        draft.fill_from(&known(), FieldSource::Preset);
        assert_eq!(draft.input.scaling, Some(Scaling::Raw));
        assert_eq!(draft.settled.get("scaling"), None);
        assert_eq!(draft.settled["crop"], FieldSource::Preset);
        assert_eq!(draft.finish().unwrap().input.crop, Crop::Stretch);
    }

    #[test]
    fn cards_that_contradict_themselves_are_refused() {
        let mut draft = known();
        draft.threshold = Some(f64::NAN);
        assert!(matches!(draft.finish(), Err(Error::CardRule(..))));
        let mut draft = known();
        draft.head = Some(Head::Linear);
        assert!(matches!(
            draft.finish(),
            Err(Error::CardRule(CardRule::LinearScore))
        ));
        let mut draft = known();
        draft.input.scaling = Some(Scaling::Custom);
        assert_eq!(draft.unknown(), ["mean", "std"]);
        let mut draft = known();
        draft.value_scale = Some(100.0);
        let rule = draft.finish().unwrap_err();
        assert!(matches!(rule, Error::CardRule(CardRule::ValueOfScore)));
    }

    #[test]
    fn an_age_has_a_scale_and_a_range_and_no_threshold() {
        let age = || Draft {
            task: Some(Task::Age),
            labels: None,
            head: Some(Head::Linear),
            value_scale: Some(100.0),
            value_offset: Some(-5.0),
            value_range: Some([17.0, 94.0]),
            ..known()
        };
        let card = age().finish().unwrap();
        assert_eq!(card.threshold, None);
        assert_eq!(card.value_scale().value(0.5), 45.0);
        assert_eq!(card.value_range, Some([17.0, 94.0]));
        let refused = |harm: fn(&mut Draft)| {
            let mut draft = age();
            harm(&mut draft);
            matches!(draft.finish(), Err(Error::CardRule(..)))
        };
        assert!(refused(|d| d.value_scale = Some(0.0)));
        assert!(refused(|d| d.value_scale = Some(f64::NAN)));
        assert!(refused(|d| d.value_offset = Some(f64::INFINITY)));
        assert!(refused(|d| d.value_range = Some([94.0, 17.0])));
        assert!(refused(|d| d.value_range = Some([f64::NAN, 17.0])));
        // Impossible values are reported before missing ones.
        let holes = Draft {
            head: Some(Head::Softmax),
            task: Some(Task::Age),
            ..Draft::default()
        };
        let wording = holes.check_task().unwrap_err().to_string();
        assert!(wording.contains("outputs a score, not an age"), "{wording}");
    }

    #[test]
    fn a_draft_survives_json() {
        let draft = known();
        let text = serde_json::to_string(&draft).unwrap();
        assert_eq!(serde_json::from_str::<Draft>(&text).unwrap(), draft);
    }

    #[test]
    fn whole_numbers_are_no_precision_that_is_rounded() {
        let of = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
            finding_of_precisions(&names).and_then(|finding| finding.detail)
        };
        assert_eq!(of(&[]), None);
        assert_eq!(of(&["uint8"]), None);
        let half = Detail::Precisions(vec!["mixed_float16".to_owned()]);
        assert_eq!(of(&["uint8", "mixed_float16"]), Some(half));
    }
}
