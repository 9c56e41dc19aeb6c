//! From errors, which speak English to programs and reports, to faults, which speak the language of the window.
//!
//! Every match is whole: an error without words for the window does not compile.

use std::io::ErrorKind;

use super::Error;
use super::card_file::NotACard;
use crate::domain::foreign::shown;
use crate::domain::{DeviceFault, Obstacle};
use crate::evaluation::{Question, Unclear};
use crate::runtime::wheel::WheelError;
use crate::text::failures::{
    Fault, FileFault, LabelsFault, Measure, ModelFault, PhotographFault, TaskFault,
};
use crate::{drawing, evaluation, graph, imaging, keras, runtime, saliency, storage};

impl Error {
    /// The same for the window.
    pub fn fault(&self) -> Fault {
        match self {
            Self::Storage(e) | Self::ModelFile(e) => Fault::File(of_storage(e)),
            Self::Image(e) => Fault::Photograph(of_image(e)),
            Self::Prepare(e) => Fault::Photograph(of_prepare(e)),
            Self::Keras(e) => of_keras(e),
            Self::Graph(e) => Fault::Model(of_graph(e)),
            Self::Saliency(e) => Fault::Model(of_saliency(e)),
            Self::Runtime(e) => of_runtime(e),
            Self::NoSuchModel(name) => Fault::Model(ModelFault::NoSuchModel { name: shown(name) }),
            Self::NoSuchFile(name) => Fault::File(FileFault::Unread {
                name: name.clone(),
                why: Obstacle::Missing,
            }),
            Self::IdTaken { id, .. } => Fault::Model(ModelFault::IdTaken { name: id.clone() }),
            Self::SeveralCards { file, ids } => Fault::Model(ModelFault::SeveralCards {
                file: shown(file),
                ids: ids.clone(),
            }),
            Self::NotImported { fields, .. } => Fault::Model(ModelFault::Unknown(fields.clone())),
            Self::NotACard { name, what } => Fault::Model(ModelFault::NotACard {
                name: shown(name),
                configuration: *what == NotACard::Configuration,
            }),
            Self::Unknown(fields) => Fault::Model(ModelFault::Unknown(fields.clone())),
            Self::Open(open) => Fault::Model(unknown(&open.missing)),
            Self::Head { head, units } => Fault::Model(ModelFault::Head {
                head: *head,
                units: *units,
            }),
            Self::Contradiction { what, .. } => Fault::Model(ModelFault::Contradiction {
                field: field_of(what),
            }),
            Self::Card(_) => Fault::Model(ModelFault::Card),
            Self::CardRule(rule, _) | Self::WrongTask(rule, _) => {
                Fault::Model(ModelFault::CardRule(*rule))
            }
            Self::Tensor(_) => Fault::Model(ModelFault::Unfit),
            Self::NotFinite(_) => Fault::Model(ModelFault::NotFinite),
            Self::Usage(_) => Fault::Task(TaskFault::Request),
            Self::Refused(fault, _) => fault.clone(),
            Self::Picture(_) => Fault::File(FileFault::PictureUnwritten),
            Self::Library(e) => Fault::Device(of_wheel(e)),
            Self::SettingsUnwritten { kind } => Fault::File(FileFault::SettingsUnwritten {
                why: obstacle(*kind),
            }),
            Self::LibraryUnwritten { kind } => Fault::File(FileFault::LibraryUnwritten {
                why: obstacle(*kind),
            }),
            Self::LibraryStore(_) => Fault::Device(DeviceFault::NotStored),
            Self::NotPinned { .. } => Fault::Device(DeviceFault::NotPinned),
            Self::Exists(name) => Fault::File(FileFault::Exists { name: name.clone() }),
            Self::Memory {
                work,
                need,
                available,
            } => Fault::Device(DeviceFault::NeedsMemory {
                work: *work,
                need: *need,
                available: *available,
            }),
            Self::Defect(_) => Fault::Task(TaskFault::Defect),
            Self::Drawing(drawing::Error::Size { .. } | drawing::Error::Encode(_)) => {
                Fault::Task(TaskFault::Drawing)
            }
            Self::Changed => Fault::Photograph(PhotographFault::Changed),
            Self::NotAFundus => Fault::Photograph(PhotographFault::NotAFundus),
            Self::Evaluation(e) => Fault::Labels(of_evaluation(e)),
            Self::Held => Fault::File(FileFault::FolderHeld),
            Self::Unwritten { first, .. } => Fault::File(of_storage(first)),
            Self::Overlays { .. } => Fault::File(FileFault::PictureUnwritten),
            Self::NoProcess(_) | Self::WorkerDied(_) | Self::ModelChanged | Self::Relayed(_) => {
                Fault::Task(TaskFault::OtherProcess)
            }
            Self::Cancelled => Fault::Task(TaskFault::Cancelled),
        }
    }
}

fn of_storage(error: &storage::Error) -> FileFault {
    match error {
        storage::Error::Read { name, source } => FileFault::Unread {
            name: name.clone(),
            why: obstacle(source.kind()),
        },
        storage::Error::Write { name, source } => FileFault::Unwritten {
            name: name.clone(),
            why: obstacle(source.kind()),
        },
        storage::Error::TooLarge { name, bytes, limit } => FileFault::TooLarge {
            name: name.clone(),
            bytes: *bytes,
            limit: *limit,
        },
        storage::Error::Damaged { name, .. } => FileFault::Damaged { name: name.clone() },
        storage::Error::NotAsStored(damage) => FileFault::NotAsStored {
            id: damage.id.clone(),
            file: damage.file.clone(),
        },
        storage::Error::Show { name, .. } => FileFault::NotShown { name: name.clone() },
        storage::Error::NoHome => FileFault::NoHome,
    }
}

impl Error {
    /// What stood in the way where a file could not be written or read.
    pub fn obstacle(&self) -> Option<Obstacle> {
        match self {
            Self::Storage(
                storage::Error::Read { source, .. } | storage::Error::Write { source, .. },
            ) => Some(obstacle(source.kind())),
            _ => None,
        }
    }
}

pub(super) fn obstacle(kind: ErrorKind) -> Obstacle {
    match kind {
        ErrorKind::NotFound => Obstacle::Missing,
        ErrorKind::PermissionDenied => Obstacle::Forbidden,
        ErrorKind::ReadOnlyFilesystem => Obstacle::ReadOnly,
        ErrorKind::InvalidFilename => Obstacle::Name,
        ErrorKind::NotADirectory | ErrorKind::AlreadyExists => Obstacle::InTheWay,
        ErrorKind::IsADirectory => Obstacle::IsFolder,
        ErrorKind::NotSeekable | ErrorKind::WouldBlock => Obstacle::IsStream,
        ErrorKind::OutOfMemory => Obstacle::NoMemory,
        ErrorKind::StorageFull => Obstacle::Full,
        ErrorKind::QuotaExceeded => Obstacle::Quota,
        _ => Obstacle::Other,
    }
}

fn of_image(error: &imaging::Error) -> PhotographFault {
    match error {
        imaging::Error::Empty => PhotographFault::Empty,
        imaging::Error::NotAnImage => PhotographFault::NotAPicture,
        imaging::Error::Malformed { format, .. } => PhotographFault::Damaged { format },
        imaging::Error::Unsupported(_) => PhotographFault::Unsupported,
        imaging::Error::Memory { .. } => PhotographFault::NeedsMemory,
        imaging::Error::NotAPhotograph(_) => PhotographFault::NotAPhotograph,
        imaging::Error::Limit { what, found, limit } => PhotographFault::Beyond {
            what: match what {
                imaging::Limited::FileBytes => Measure::FileBytes,
                imaging::Limited::Pixels => Measure::Pixels,
                imaging::Limited::Side => Measure::Side,
                imaging::Limited::Memory => Measure::Memory,
                imaging::Limited::ScannedBytes => Measure::ScannedBytes,
                imaging::Limited::ScannedPixels => Measure::ScannedPixels,
            },
            found: *found,
            limit: *limit,
        },
        imaging::Error::FrameOutOfRange { asked, frames } => PhotographFault::NoSuchFrame {
            asked: *asked,
            frames: *frames,
        },
    }
}

fn of_prepare(error: &imaging::prepare::Error) -> PhotographFault {
    use imaging::prepare::Error as Prepare;
    match *error {
        Prepare::InputSize(height, width) => PhotographFault::InputSize { height, width },
        Prepare::CustomScaling => PhotographFault::CustomScaling,
        Prepare::FieldOfView => PhotographFault::FieldOfView,
        Prepare::Pixels => PhotographFault::Pixels,
    }
}

fn of_keras(error: &keras::Error) -> Fault {
    Fault::Model(match error {
        keras::Error::NotAModel => ModelFault::NotAModel,
        keras::Error::Form { .. } => ModelFault::WrongForm,
        keras::Error::Malformed(_) => ModelFault::Damaged,
        keras::Error::Unsupported(layers) => {
            let named = |l: &keras::UnsupportedLayer| format!("{} ({})", l.layer, l.class);
            ModelFault::Layers(layers.iter().map(named).collect())
        }
        keras::Error::NotFinite { layer } => ModelFault::BrokenWeights {
            layer: shown(layer),
        },
        keras::Error::Limit(_) => ModelFault::TooLarge,
        keras::Error::Memory { .. } => return Fault::Device(DeviceFault::Memory),
        keras::Error::SizeNeeded => ModelFault::Unknown(vec!["input_size".to_owned()]),
        keras::Error::Open(open) => unknown(&open.missing),
        keras::Error::Cancelled => return Fault::Task(TaskFault::Cancelled),
    })
}

fn unknown(fields: &[&str]) -> ModelFault {
    ModelFault::Unknown(fields.iter().map(|f| (*f).to_owned()).collect())
}

fn of_graph(error: &graph::Error) -> ModelFault {
    match error {
        graph::Error::Malformed { .. } => ModelFault::Damaged,
        graph::Error::Unsupported { place, .. } => ModelFault::Operator {
            place: shown(place),
        },
        graph::Error::Limit(_) => ModelFault::TooLarge,
    }
}

fn of_saliency(error: &saliency::Error) -> ModelFault {
    match error {
        saliency::Error::Missing(_) | saliency::Error::Unsupported { .. } => ModelFault::NoMap,
        saliency::Error::Shape(_) => ModelFault::Unfit,
        saliency::Error::Target { .. } | saliency::Error::NoSuchLayer { .. } => {
            ModelFault::NoSuchTarget
        }
        saliency::Error::NotANumber => ModelFault::NotFinite,
    }
}

fn of_runtime(error: &runtime::Error) -> Fault {
    Fault::Device(match error {
        runtime::Error::Cancelled => return Fault::Task(TaskFault::Cancelled),
        runtime::Error::Model(_) => return Fault::Model(ModelFault::Refused),
        runtime::Error::Device { device, .. } => DeviceFault::Unavailable {
            device: device.to_string(),
        },
        runtime::Error::Deviates {
            device, against, ..
        } => DeviceFault::Disagrees {
            device: device.to_string(),
            against: against.clone(),
        },
        runtime::Error::Memory(_) => DeviceFault::Memory,
        runtime::Error::Input(_) => DeviceFault::Input,
        runtime::Error::Run(_) => DeviceFault::Run,
        runtime::Error::NoOutput(_) => DeviceFault::NoOutput,
    })
}

fn of_wheel(error: &WheelError) -> DeviceFault {
    match error {
        WheelError::TooLarge(limit) | WheelError::Limit(limit) => {
            DeviceFault::LibraryTooLarge { limit: *limit }
        }
        WheelError::NeitherWheelNorLibrary => DeviceFault::NotALibrary,
        WheelError::LibraryName => DeviceFault::LibraryName,
        WheelError::OtherPlatform { os, arch } => DeviceFault::OtherPlatform { os, arch },
        WheelError::Checksum { .. } => DeviceFault::Checksum,
        WheelError::NotPinned { .. } => DeviceFault::NotPinned,
        WheelError::Damaged(_) | WheelError::UnsafeName => DeviceFault::LibraryDamaged,
        WheelError::NoLibrary => DeviceFault::NoLibrary,
    }
}

fn of_evaluation(error: &evaluation::Error) -> LabelsFault {
    match error {
        evaluation::Error::OneLabel(_) => LabelsFault::OneLabel {
            label: None,
            unused: Vec::new(),
        },
        evaluation::Error::Empty => LabelsFault::NoneLabelled,
        evaluation::Error::NotFinite => LabelsFault::NotFinite,
        evaluation::Error::Lengths { .. } => LabelsFault::Lengths,
        evaluation::Error::NotText => LabelsFault::NotText,
        evaluation::Error::Document(what) => LabelsFault::Document { what: *what },
        evaluation::Error::OpenQuote { line } => LabelsFault::OpenQuote { line: *line },
        evaluation::Error::NoRows => LabelsFault::NoRows,
        evaluation::Error::NoHeader { image } => LabelsFault::NoHeader {
            image: image.clone(),
        },
        evaluation::Error::NoSuchColumn { wanted, .. } => LabelsFault::NoSuchColumn {
            wanted: wanted.clone(),
        },
        evaluation::Error::NoSuchLabel { word, .. } => {
            LabelsFault::NoSuchLabel { word: word.clone() }
        }
        evaluation::Error::Question(question) => of_question(question),
    }
}

fn of_question(question: &Question) -> LabelsFault {
    match question {
        Question::Column { role, why, .. } => LabelsFault::Column {
            role: *role,
            several: *why != Unclear::Missing,
        },
        Question::Values(values) => LabelsFault::Values {
            column: values.column.clone(),
        },
        Question::LeadingZeros {
            photographs,
            example,
        } => LabelsFault::LeadingZeros {
            photographs: *photographs,
            example: example.clone(),
        },
    }
}

/// The card's field behind the name of a flag or of a line of a card file.
fn field_of(what: &str) -> String {
    let name = what
        .trim_start_matches("--")
        .trim_start_matches("the card's ");
    name.replace(['-', ' '], "_")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Lang;

    #[test]
    fn what_the_system_says_becomes_an_obstacle() {
        let told = |kind: ErrorKind| {
            let source = kind.into();
            let name = "眼.jpg".to_owned();
            Error::from(storage::Error::Read { name, source }).fault()
        };
        let missing = told(ErrorKind::NotFound);
        assert_eq!(
            missing.message(Lang::En),
            "眼.jpg could not be read: there is no such file."
        );
        assert_eq!(
            missing.message(Lang::Ja),
            "眼.jpg を読み込めませんでした: ファイルが見つかりません。"
        );
        assert_ne!(missing, told(ErrorKind::PermissionDenied));
    }

    #[test]
    fn foreign_names_in_a_fault_are_short_and_steer_nothing() {
        let name = format!("a\u{1b}[31m{}", "b".repeat(300));
        for error in [
            Error::NoSuchModel(name.clone()),
            Error::NoSuchFile(name.clone()),
            Error::from(keras::Error::NotFinite {
                layer: name.clone(),
            }),
            Error::from(graph::Error::unsupported(name, "")),
        ] {
            for text in [error.fault().message(Lang::En), error.said()] {
                assert!(text.contains("a\\u{1b}[31mbbb"), "{text}");
                assert!(text.len() < 200, "{text}");
            }
        }
    }

    #[test]
    fn a_contradiction_names_the_field_as_the_window_calls_it() {
        for what in ["--input-size", "the card's input size"] {
            let error = Error::Contradiction {
                what: what.to_owned(),
                reason: String::new(),
            };
            assert_eq!(
                error.fault().message(Lang::En),
                "Input contradicts the model file."
            );
        }
    }

    #[test]
    fn no_words_of_a_library_reach_the_window() {
        let said = "cudaErrorUnknown 999";
        for error in [
            Error::Runtime(runtime::Error::Run(said.to_owned())),
            Error::Image(imaging::Error::malformed("PNG", said)),
            Error::Keras(keras::Error::Malformed(said.to_owned())),
        ] {
            assert!(error.to_string().contains(said));
            for lang in [Lang::En, Lang::Ja] {
                assert!(!error.fault().message(lang).contains("999"));
            }
        }
    }
}
