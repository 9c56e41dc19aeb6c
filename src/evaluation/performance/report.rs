//! The evaluation of several models on one set of labelled photographs.

use std::collections::HashMap;
use std::sync::Arc;

use strum::{EnumIter, IntoStaticStr};

use super::{
    AgeFigure, Comparison, Estimate, EvaluationOptions, LabelledAges, LabelledScores, Measure,
    evaluate, evaluate_ages,
};
use crate::domain::replay::ReplaySource;
use crate::domain::{Bilingual, Exclusion, Grade, Laterality, RecordDecision, masked};
use crate::progress::{Cancel, Cancelled};

/// Below this number of cases of a label, figures of a subgroup say little.
pub const FEW: usize = 30;

/// What counts as one case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Unit {
    Photograph,
    /// An eye of a known person, with the mean of its photographs' logits.
    Eye,
    /// A known person, with the mean of all photographs' logits.
    Person,
}

impl Unit {
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Why a photograph belongs to no case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LeftOut {
    /// The photograph was not run yet, or failed.
    NoAnswer,
    /// The model gives a score for each of several classes, for which there are no figures.
    SeveralClasses,
    /// It does not count, for the first of its reasons.
    Excluded(Exclusion),
    /// The user left it out.
    ByUser,
    /// The table states nothing about it.
    NoLabel,
    /// What is recorded is none of the labels, cannot be read, or was left out by the user.
    NeitherLabel,
    /// Its person is not known, so it belongs to no eye or person.
    NoPerson,
    /// It is not known which eye it shows.
    NoEye,
    /// The photographs of its eye or person have different labels.
    Contradicting,
}

impl LeftOut {
    /// The name used in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoAnswer => "no-answer",
            Self::SeveralClasses => "several-classes",
            Self::Excluded(exclusion) => exclusion.as_str(),
            Self::ByUser => "left-out-by-user",
            Self::NoLabel => "no-label",
            Self::NeitherLabel => "neither-label",
            Self::NoPerson => "no-person",
            Self::NoEye => "no-eye",
            Self::Contradicting => "contradicting-labels",
        }
    }
}

/// The cases of a model, of the kind that its task asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Cases {
    Labels(LabelledScores),
    Ages(LabelledAges),
}

impl Cases {
    pub fn len(&self) -> usize {
        match self {
            Self::Labels(cases) => cases.len(),
            Self::Ages(cases) => cases.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The figures, at the operating threshold of a model with two labels.
    pub fn figures(
        &self,
        threshold: f64,
        prevalence: Option<f64>,
        options: &EvaluationOptions,
        cancel: &Cancel,
    ) -> Result<Vec<(AnyFigure, Estimate)>, Cancelled> {
        Ok(match self {
            Self::Labels(cases) => {
                let figures = evaluate(cases, threshold, prevalence, options, cancel)?;
                figures
                    .into_iter()
                    .map(|(of, e)| (AnyFigure::Label(of), e))
                    .collect()
            }
            Self::Ages(cases) => {
                let figures = evaluate_ages(cases, options, cancel)?;
                figures
                    .into_iter()
                    .map(|(of, e)| (AnyFigure::Age(of), e))
                    .collect()
            }
        })
    }

    /// The cases at these places.
    pub fn chosen(&self, places: &[usize]) -> Option<Self> {
        Some(match self {
            Self::Labels(cases) => Self::Labels(cases.chosen(places)?),
            Self::Ages(cases) => Self::Ages(cases.chosen(places)?),
        })
    }

    /// Whether a label has fewer than [`FEW`] cases; of ages, whether all have.
    pub fn are_few(&self) -> bool {
        match self {
            Self::Labels(cases) => cases.positives().min(cases.len() - cases.positives()) < FEW,
            Self::Ages(cases) => cases.len() < FEW,
        }
    }
}

/// A figure of a model of either kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AnyFigure {
    Label(Measure),
    Age(AgeFigure),
}

impl AnyFigure {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Label(measure) => measure.as_str(),
            Self::Age(figure) => figure.as_str(),
        }
    }

    /// The figure that subgroups and models are compared by.
    pub fn is_main(self) -> bool {
        matches!(
            self,
            Self::Label(Measure::Auc) | Self::Age(AgeFigure::MeanAbsoluteError)
        )
    }
}

/// Cases that share a value.
#[derive(Clone, Debug, PartialEq)]
pub struct Subgroup {
    /// The column, such as `camera`, or `eye`, `quality`, `age`.
    pub by: String,
    pub value: String,
    /// The main figure.
    pub figure: AnyFigure,
    pub estimate: Estimate,
    /// Indices of its cases.
    pub places: Vec<usize>,
    /// There are too few cases for it to say much.
    pub is_small: bool,
}

/// A model by one unit.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitReport {
    pub unit: Unit,
    /// `None` if no case is left.
    pub cases: Option<Cases>,
    /// Name of each case: its photograph, or its person and eye.
    pub names: Vec<String>,
    /// Of each case the indices of its photographs, in the order of the study.
    pub members: Vec<Vec<usize>>,
    /// The photographs that belong to no case, by reason; their indices in the order of the study.
    pub left_out: Vec<(LeftOut, Vec<usize>)>,
    /// How many photographs the cases consist of.
    pub photographs: usize,
    /// How many cases are of a person who is not known; each counts as a person.
    pub unknown_persons: usize,
    /// How many cases belong to no subgroup of a column, which states nothing or several values for them.
    pub without_value: Vec<(String, usize)>,
    pub figures: Vec<(AnyFigure, Estimate)>,
    pub subgroups: Vec<Subgroup>,
}

/// A photograph whose recorded label a model contradicts. Either may be wrong: the record is to be looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordToCheck {
    pub image: String,
    /// SHA-256 of its file.
    pub sha256: Option<String>,
    pub person: Option<String>,
    pub eye: Laterality,
    /// Whether the recorded label is that of output 1.
    pub recorded: bool,
    /// Model score, 0–1.
    pub score: f64,
    pub logit: f64,
    pub applicability: Option<Grade>,
    /// What a reader decided about it.
    pub decision: Option<RecordDecision>,
}

/// A model.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelReport {
    pub id: String,
    /// It ships with the application and was trained on computer-drawn eyes.
    pub is_demonstration: bool,
    /// Settings of its card are assumed and were not confirmed.
    pub is_unconfirmed: bool,
    /// It estimates the recorded sex.
    pub is_of_sex: bool,
    /// It estimates the age in years, rather than another number.
    pub is_of_age: bool,
    /// Of outputs 0 and 1; `None` of a model that estimates a value.
    pub labels: Option<[String; 2]>,
    /// Operating threshold, 0–1, as the model card had it when the study was set up.
    pub threshold: Option<f64>,
    /// Size of the model file in megabytes (10⁶ bytes), where it is known.
    pub megabytes: Option<f64>,
    pub units: Vec<UnitReport>,
    /// The strongest contradiction first; none of a model that estimates a value.
    pub records_to_check: Vec<RecordToCheck>,
}

impl ModelReport {
    pub fn by_unit(&self, unit: Unit) -> Option<&UnitReport> {
        self.units.iter().find(|of| of.unit == unit)
    }
}

/// Two models on the cases that both have.
#[derive(Clone, Debug, PartialEq)]
pub struct PairReport {
    pub unit: Unit,
    pub first: String,
    pub second: String,
    pub cases: usize,
    pub comparison: Comparison,
}

/// The evaluation of a study.
#[derive(Clone, Debug, PartialEq)]
pub struct EvaluationReport {
    /// Photographs of the study.
    pub photographs: usize,
    pub models: Vec<ModelReport>,
    pub pairs: Vec<PairReport>,
    pub options: EvaluationOptions,
    /// The columns of its subgroups.
    pub by: Vec<String>,
    /// Share of positive cases for predictive values, if stated.
    pub prevalence: Option<f64>,
    /// How the answers were computed: paragraphs of a methods section, separated by empty lines.
    pub computed: Bilingual,
    /// SHA-256 of the table of labels; `None` if only DICOM files state any.
    pub labels_sha256: Option<String>,
    /// The person of each photograph, where it is known.
    pub persons: Vec<Option<String>>,
    /// Numbers replace the names of photographs and persons.
    pub is_masked: bool,
    /// What it was computed from.
    pub source: Arc<ReplaySource>,
}

impl EvaluationReport {
    /// With numbers for the names of photographs and persons: those of photographs are their places in the study.
    pub fn masked(mut self) -> Self {
        let numbers = |names: &mut dyn Iterator<Item = &String>| -> HashMap<String, usize> {
            let mut numbers = HashMap::new();
            for name in names {
                let next = numbers.len() + 1;
                numbers.entry(name.clone()).or_insert(next);
            }
            numbers
        };
        let images = numbers(&mut self.source.photographs.iter());
        let persons = numbers(&mut self.persons.iter().flatten());
        let image = |name: &str| masked::photograph(images.get(name).copied().unwrap_or(0));
        let person = |name: &str| masked::person(persons.get(name).copied().unwrap_or(0));
        for model in &mut self.models {
            for unit in &mut model.units {
                for name in &mut unit.names {
                    *name = match unit.unit {
                        Unit::Photograph => image(name),
                        Unit::Person => person(name),
                        Unit::Eye => match name.rsplit_once(' ') {
                            Some((of, eye)) => format!("{} {eye}", person(of)),
                            None => person(name),
                        },
                    };
                }
            }
            for record in &mut model.records_to_check {
                record.image = image(&record.image);
                record.person = record.person.as_deref().map(person);
            }
        }
        self.persons = { self.persons.iter() }
            .map(|name| name.as_deref().map(person))
            .collect();
        self.is_masked = true;
        self
    }
}
