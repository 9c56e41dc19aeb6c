//! A study: photographs that are referred to, labels, models and settings, kept together in one folder.
//!
//! The folder holds `gantei-study.json`, which is a [`Study`], the journals of its runs, which hold what has been
//! answered, and the tables.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::label_mapping::LabelMapping;
use super::{Laterality, ModelCard, Persons, RecordDecision};

/// The form of the study file that this version writes. A file of a higher one is refused.
pub const SCHEMA: u32 = 1;

/// The contents of a study file.
///
/// Paths are relative to the study's folder, with `/`, if both are on one volume, else absolute.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Study {
    /// [`SCHEMA`] of the version that wrote it.
    pub schema: u32,
    /// Name and version of the application that wrote it.
    #[serde(default)]
    pub application: String,
    /// The sentence that limits the use to research and teaching.
    #[serde(default)]
    pub research_only: String,
    /// Paths of folders of photographs, of photographs, and of tables that list photographs, in the user's order.
    pub inputs: Vec<String>,
    /// Paths of the photographs that were last found in folders and tables, in their order: one that is missing later
    /// is known to be missing.
    #[serde(default)]
    pub photographs: Vec<String>,
    /// The models, in the order of the tables.
    #[serde(default)]
    pub models: Vec<StudyModel>,
    #[serde(default)]
    pub settings: StudySettings,
    /// How the table of labels is read, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub labels: Option<LabelMapping>,
    /// What readers decided about records that a model contradicts; at most one for each photograph.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decisions: Vec<RecordDecision>,
}

/// A model of a study, as it was when it was chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StudyModel {
    /// Id in the model library.
    pub id: String,
    /// SHA-256 of the model file, 64 hexadecimal digits.
    pub sha256: String,
    /// How photographs are prepared and scores read.
    pub card: ModelCard,
}

impl From<&ModelCard> for StudyModel {
    fn from(card: &ModelCard) -> Self {
        Self {
            id: card.id.clone(),
            sha256: card.source_sha256.clone(),
            card: card.clone(),
        }
    }
}

/// What the answers of a study depend on, besides photographs and models. The device is not part of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StudySettings {
    /// Whether Grad-CAM overlays are written.
    pub saliency: bool,
    /// The eye of every photograph, if the user stated it.
    pub eye: Option<Laterality>,
    /// The frame of multi-frame DICOM files, from 1; the first if none is stated.
    pub frame: Option<u32>,
    /// Whether pictures are used that do not look like fundus photographs.
    pub accept_any_picture: bool,
    /// How photographs are grouped by person.
    pub persons: Persons,
    /// The pattern by which file names give person and eye, once the user has accepted it.
    pub file_name_pattern: Option<String>,
}

impl Default for StudySettings {
    fn default() -> Self {
        Self {
            saliency: true,
            eye: None,
            frame: None,
            accept_any_picture: false,
            persons: Persons::default(),
            file_name_pattern: None,
        }
    }
}

/// One of several equal parts of a study, each run by its own process: `2/8` is the second of eight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Shard {
    /// From 1 to `count`.
    number: u32,
    count: u32,
}

impl Shard {
    /// Most parts of one study.
    pub const MOST: u32 = 10_000;

    /// `None` unless `number` is from 1 to `count`, and `count` at most [`Self::MOST`].
    pub fn new(number: u32, count: u32) -> Option<Self> {
        let is_valid = (1..=count).contains(&number) && count <= Self::MOST;
        is_valid.then_some(Self { number, count })
    }

    pub fn number(self) -> u32 {
        self.number
    }

    pub fn count(self) -> u32 {
        self.count
    }

    /// Whether the photograph at this index of the study belongs to it. Neighbours, which are alike in size, are spread
    /// over all parts.
    pub fn has(self, index: usize) -> bool {
        index % self.count as usize == self.number as usize - 1
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.count)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers = text.split_once('/').and_then(|(number, count)| {
            Self::new(number.trim().parse().ok()?, count.trim().parse().ok()?)
        });
        numbers.ok_or_else(|| "give the part and the number of parts, such as 1/8".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_photograph_belongs_to_one_shard() {
        for count in 1..=5 {
            let shards: Vec<Shard> = (1..=count).map(|n| Shard::new(n, count).unwrap()).collect();
            for index in 0..20 {
                let of = shards.iter().filter(|shard| shard.has(index)).count();
                assert_eq!(of, 1);
            }
        }
    }

    #[test]
    fn a_shard_is_read_as_it_is_written() {
        let shard: Shard = "2/8".parse().unwrap();
        assert_eq!((shard.number(), shard.count()), (2, 8));
        assert_eq!(shard.to_string(), "2/8");
        for text in [
            "0/8", "9/8", "1/0", "1", "a/b", "-1/2", "1/10001", "1/2/3", "",
        ] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_study_is_read_as_it_is_written_and_unknown_fields_are_not() {
        let study = Study {
            schema: SCHEMA,
            inputs: vec!["../eyes".into()],
            models: vec![(&super::super::model_card::example()).into()],
            ..Study::default()
        };
        let text = serde_json::to_string(&study).unwrap();
        assert_eq!(serde_json::from_str::<Study>(&text).unwrap(), study);
        for (known, unknown) in [("\"inputs\"", "\"input\""), ("\"saliency\"", "\"maps\"")] {
            let text = text.replace(known, unknown);
            assert!(serde_json::from_str::<Study>(&text).is_err(), "{unknown}");
        }
    }
}
