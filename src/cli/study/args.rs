//! Arguments of `gantei study`.

use std::path::PathBuf;
use std::str::FromStr;

use clap::Subcommand;

use super::evaluate::StudyEvaluateArgs;
use super::labels::StudyLabelsArgs;
use super::records::StudyRecordsArgs;
use super::replay::StudyReplayArgs;
use super::supplement::StudySupplementArgs;
use crate::cli::values::{Overlay, Saliency, eye_from_str, persons_from_str};
use crate::domain::{Laterality, Persons, Shard, StudySettings};
use crate::imaging::NamePattern;
use crate::runtime::Device;
use crate::workflow::study::{NewStudy, StudyRunOptions};
use crate::workflow::{Error, demonstration};

#[derive(Debug, clap::Args)]
pub struct StudyArgs {
    #[command(subcommand)]
    pub command: StudyCommand,
}

#[derive(Debug, Subcommand)]
pub enum StudyCommand {
    /// Create a study: a folder that refers to photographs and keeps what has been answered
    New(StudyNewArgs),
    /// Read a table of labels, and keep in the study how it is read
    Labels(StudyLabelsArgs),
    /// Run the models of a study on every photograph that has no answer yet
    Run(StudyRunArgs),
    /// Compare the answers of a study with its labels: figures with intervals, subgroups, plots
    Evaluate(StudyEvaluateArgs),
    /// List photographs whose recorded label a model contradicts, with the photographs most like them
    Records(StudyRecordsArgs),
    /// Supply what stands in for labels that are not recorded: calibrated probabilities, and labels drawn several times
    Supplement(StudySupplementArgs),
    /// Make an export of a study again and say what is different
    Replay(StudyReplayArgs),
    /// Show how far a study is; it may be running meanwhile
    Status(StudyStatusArgs),
}

/// What the answers of a study depend on.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct SettingsArgs {
    /// Saliency map to compute
    #[arg(long)]
    saliency: Option<Saliency>,
    /// Eye of every photograph: OD (right) or OS (left); none takes it from each photograph
    #[arg(long, value_name = "OD|OS|none", value_parser = stated(eye_from_str))]
    eye: Option<Stated<Laterality>>,
    /// Frame of multi-frame DICOM files, from 1; none takes the first
    #[arg(long, value_name = "N|none", value_parser = stated(frame_from_str))]
    frame: Option<Stated<u32>>,
    /// Use pictures even if they do not look like fundus photographs; =no takes it back
    #[arg(long, value_name = "yes|no", value_parser = yes_from_str, num_args = 0..=1, require_equals = true,
          default_missing_value = "yes")]
    accept_any_picture: Option<bool>,
    /// How photographs are grouped by person, as for predict; dicom, as without it, by DICOM tags alone
    #[arg(long, value_name = "dicom|none|file-names", value_parser = persons_of_study)]
    persons: Option<Persons>,
    /// Where file names have person and eye, such as {person}_{eye}; * stands for anything, {number} for digits; none for
    /// the usual guesses
    #[arg(long, value_name = "PATTERN|none", value_parser = stated(NamePattern::from_str))]
    file_name_pattern: Option<Stated<NamePattern>>,
}

/// Persons by DICOM tags alone.
pub const DICOM: &str = "dicom";

/// A setting that may be taken back.
#[derive(Clone, Debug)]
pub struct Stated<T>(Option<T>);

/// Reads a value, or `none`.
fn stated<T, E: ToString>(
    value: fn(&str) -> Result<T, E>,
) -> impl Fn(&str) -> Result<Stated<T>, String> + Clone {
    move |text| match text {
        "none" => Ok(Stated(None)),
        text => {
            let read = value(text).map_err(|e| format!("{}, or none", e.to_string()))?;
            Ok(Stated(Some(read)))
        }
    }
}

fn frame_from_str(text: &str) -> Result<u32, &'static str> {
    let number = text.parse().ok().filter(|number| *number > 0);
    number.ok_or("give a number from 1")
}

fn persons_of_study(text: &str) -> Result<Persons, String> {
    match text {
        DICOM => Ok(Persons::Dicom),
        text => persons_from_str(text).map_err(|e| format!("{e}, or {DICOM}")),
    }
}

fn yes_from_str(text: &str) -> Result<bool, &'static str> {
    match text {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err("give yes or no"),
    }
}

impl SettingsArgs {
    /// The settings with what was given.
    pub fn changed(&self, settings: &StudySettings) -> StudySettings {
        StudySettings {
            saliency: self
                .saliency
                .map_or(settings.saliency, |s| s == Saliency::GradCam),
            eye: self.eye.as_ref().map_or(settings.eye, |eye| eye.0),
            frame: self.frame.as_ref().map_or(settings.frame, |frame| frame.0),
            accept_any_picture: { self.accept_any_picture }.unwrap_or(settings.accept_any_picture),
            persons: match (self.persons, &self.file_name_pattern) {
                (Some(persons), _) => persons,
                // What was stated is confirmed.
                (None, Some(Stated(Some(_)))) => Persons::FileNames,
                (None, _) => settings.persons,
            },
            file_name_pattern: match &self.file_name_pattern {
                Some(Stated(pattern)) => pattern.as_ref().map(|p| p.as_str().to_owned()),
                None => settings.file_name_pattern.clone(),
            },
        }
    }

    fn is_given(&self) -> bool {
        let Self {
            saliency,
            eye,
            frame,
            accept_any_picture,
            persons,
            file_name_pattern,
        } = self;
        saliency.is_some()
            || eye.is_some()
            || frame.is_some()
            || persons.is_some()
            || file_name_pattern.is_some()
            || accept_any_picture.is_some()
    }
}

#[derive(Debug, clap::Args)]
pub struct StudyNewArgs {
    /// Folder of the study, which is created if it is missing
    #[arg(value_name = "FOLDER")]
    pub folder: PathBuf,
    /// Folders, photographs, and tables (CSV) that list photographs; they are referred to and not copied
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    /// Id of a model in the library; may be repeated
    #[arg(long = "model", value_name = "ID")]
    models: Vec<String>,
    #[command(flatten)]
    settings: SettingsArgs,
    /// Print one JSON document to standard output
    #[arg(long)]
    json: bool,
}

impl StudyNewArgs {
    pub fn study(&self) -> NewStudy {
        let mut models = self.models.clone();
        if models.is_empty() {
            models.push(demonstration::DEFAULT.to_owned());
        }
        NewStudy {
            inputs: self.inputs.clone(),
            models,
            settings: self.settings.changed(&StudySettings::default()),
        }
    }
}

#[derive(Debug, clap::Args)]
pub struct StudyRunArgs {
    /// Folder of the study
    #[arg(value_name = "FOLDER")]
    pub folder: PathBuf,
    /// Run one part of several, such as 2/8: for processes that run side by side; a run without --shard joins them and
    /// writes the tables
    #[arg(long, value_name = "I/N", value_parser = Shard::from_str)]
    pub shard: Option<Shard>,
    /// Run only photographs whose last attempt failed
    #[arg(long)]
    failed_only: bool,
    /// Compute everything again; the answers so far are set aside
    #[arg(long, conflicts_with_all = ["shard", "failed_only"])]
    again: bool,
    /// Id of a model in the library; given once for each, they replace all models of the study
    #[arg(long = "model", value_name = "ID", conflicts_with = "shard")]
    pub models: Vec<String>,
    #[command(flatten)]
    pub settings: SettingsArgs,
    /// Photographs were moved: a path as the study refers to it, and where it is now
    #[arg(long, value_name = "OLD=NEW", value_parser = moved_from_str, conflicts_with = "shard")]
    pub moved: Vec<(String, PathBuf)>,
    /// Leave photographs that are missing out of the study
    #[arg(long, conflicts_with = "shard")]
    pub forget_missing: bool,
    /// Device, as for predict
    #[arg(long, default_value = "auto", value_name = "DEVICE", value_parser = Device::from_str)]
    device: Device,
    /// Replace file names with numbers in tables and messages
    #[arg(long)]
    mask_names: bool,
    /// File format of overlays, as for predict
    #[arg(long, default_value = "png")]
    overlay: Overlay,
    /// Print one JSON document to standard output
    #[arg(long)]
    pub json: bool,
}

impl StudyRunArgs {
    pub fn options(&self) -> Result<StudyRunOptions, Error> {
        if self.shard.is_some() && self.settings.is_given() {
            return Err(Error::Usage(
                "the parts of a run have the settings of the study; change these in a run without --shard"
                    .to_owned(),
            ));
        }
        Ok(StudyRunOptions {
            device: self.device,
            shard: self.shard,
            failed_only: self.failed_only,
            again: self.again,
            mask_names: self.mask_names,
            overlay_format: self.overlay.into(),
            in_worker: true,
            ..StudyRunOptions::default()
        })
    }
}

#[derive(Debug, clap::Args)]
pub struct StudyStatusArgs {
    /// Folder of the study
    #[arg(value_name = "FOLDER")]
    pub folder: PathBuf,
    /// Print one JSON document to standard output
    #[arg(long)]
    json: bool,
}

/// The old path may contain an equals sign; the last one precedes the new.
fn moved_from_str(text: &str) -> Result<(String, PathBuf), String> {
    match text.rsplit_once('=') {
        Some((old, new)) if !old.is_empty() && !new.is_empty() => {
            Ok((old.to_owned(), PathBuf::from(new)))
        }
        _ => {
            Err("give the path in the study and the new one, such as ../eyes=/data/eyes".to_owned())
        }
    }
}
