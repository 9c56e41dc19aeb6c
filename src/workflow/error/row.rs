//! The table of errors.

use std::borrow::Cow;

use super::items::not_imported;
use super::{Class, Error, device, file, labels, model, photograph};
use crate::domain::foreign::{escaped, shown};
use crate::domain::{DeviceFault, Obstacle, Work};
use crate::drawing;
use crate::text::failures::{CardRule, Fault, FileFault, ModelFault, PhotographFault, TaskFault};
use crate::workflow::card_file::NotACard;

/// What is told of an error beside its sentence.
#[derive(Debug)]
pub(super) struct Row<'a> {
    class: Class,
    code: &'a str,
    hint: Cow<'a, str>,
    fault: Fault,
}

/// A row: its class, a short name for programs, what to do next on the command line (empty where the sentence says it), and
/// its fault.
pub(super) fn row<'a>(
    class: Class,
    code: &'a str,
    hint: impl Into<Cow<'a, str>>,
    fault: Fault,
) -> Row<'a> {
    Row {
        class,
        code,
        hint: hint.into(),
        fault,
    }
}

const ANOTHER_HOME: &str = "For example: GANTEI_HOME=FOLDER gantei import FILE. The models that ship with the application run all the same.";
const MAKE_ROOM: &str = "The answers are on standard output. Make room or give another folder with --out; the same command again goes on from what is finished.";
const AGAIN_WITH_MEMORY: &str = "Mostly there is not enough memory. Close other programs, raise the limit of this session (ulimit -v, or that of the container), and give the same command again.";
const SAY_FIELDS: &str = "Give them as flags (see gantei import --help), with --card FILE or a --preset, or write a draft card with --draft FILE, fill it in and give it with --card.";

impl Error {
    /// Decides the exit status.
    pub fn class(&self) -> Class {
        self.row().class
    }

    /// A short name for programs.
    pub fn code(&self) -> &str {
        self.row().code
    }

    /// What the person can do next; empty where the message says it.
    pub fn hint(&self) -> Cow<'_, str> {
        self.row().hint
    }

    /// What went wrong, as the window says it in both languages.
    pub fn fault(&self) -> Fault {
        self.row().fault
    }

    fn row(&self) -> Row<'_> {
        use Class::{Device, Failed, Interrupted, Model, Usage};
        match self {
            Self::Storage(e) => file::of_storage(e),
            Self::ModelFile(e) => file::of_model_file(e),
            Self::Image(e) => photograph::of_image(e),
            Self::Prepare(e) => photograph::of_prepare(e),
            Self::Keras(e) => model::of_keras(e),
            Self::Graph(e) => model::of_graph(e),
            Self::Saliency(e) => model::of_saliency(e),
            Self::Runtime(e) => device::of_runtime(e),
            Self::Library(e) => row(Device, "library", "", Fault::Device(device::of_wheel(e))),
            Self::Evaluation(e) => labels::of_evaluation(e),
            Self::Refused(fault, _) => labels::of_refusal(fault),
            Self::Relayed(relayed) => row(
                relayed.class,
                &relayed.code,
                &relayed.hint,
                Fault::Task(TaskFault::OtherProcess),
            ),

            // Models and their cards.
            Self::NoSuchModel(name) => row(
                Model,
                "no-such-model",
                "List the models with: gantei models. Import one with: gantei import FILE.",
                Fault::Model(ModelFault::NoSuchModel { name: shown(name) }),
            ),
            Self::NoSuchFile(name) => row(
                Model,
                "no-such-file",
                "Check the path. A model of the library is named by its id: gantei models.",
                Fault::File(FileFault::Unread {
                    name: name.clone(),
                    why: Obstacle::Missing,
                }),
            ),
            Self::IdTaken { id, .. } => row(
                Usage,
                "id-taken",
                "Replace that model with --replace, or give this one another id with --id.",
                Fault::Model(ModelFault::IdTaken { name: id.clone() }),
            ),
            Self::SeveralCards { file, ids } => row(
                Usage,
                "several-cards",
                "Give the id that you mean in place of the file.",
                Fault::Model(ModelFault::SeveralCards {
                    file: shown(file),
                    ids: ids.clone(),
                }),
            ),
            Self::NotImported {
                file,
                fields,
                beside,
            } => row(
                Model,
                "unknown",
                escaped(&not_imported(file, fields, beside.as_deref())),
                Fault::Model(ModelFault::Unknown(fields.clone())),
            ),
            Self::Unknown(fields) => row(
                Model,
                "unknown",
                SAY_FIELDS,
                Fault::Model(ModelFault::Unknown(fields.clone())),
            ),
            Self::Open(open) => row(
                Model,
                "unknown",
                SAY_FIELDS,
                Fault::Model(model::unknown(&open.missing)),
            ),
            Self::Head { head, units } => row(
                Model,
                "head",
                "Save a model that ends in one sigmoid, in a softmax of two, or, for an age, in one number; for example with a new last layer: keras.Model(m.input, keras.layers.Dense(1, activation=\"sigmoid\")(m.layers[-2].output)), trained on your labels. Of features without a head, save the whole model.",
                Fault::Model(ModelFault::Head {
                    head: *head,
                    units: *units,
                }),
            ),
            Self::Contradiction { what, .. } => row(
                Model,
                "contradiction",
                "Leave the flag out; what the file says is used.",
                Fault::Model(ModelFault::Contradiction {
                    field: model::field_of(what),
                }),
            ),
            Self::Card(_) => row(Model, "card", "", Fault::Model(ModelFault::Card)),
            Self::NotACard { name, what } => row(
                Model,
                "card",
                match what {
                    NotACard::Configuration => {
                        "A configuration has no weights and says nothing about cropping, scaling or labels. Import the model file itself (model.save(\"model.h5\")); for a card write a draft with gantei import FILE --draft card.json and fill it in."
                    }
                    NotACard::Other => {
                        "Write a draft with gantei import FILE --draft card.json, fill it in and give it with --card."
                    }
                },
                Fault::Model(ModelFault::NotACard {
                    name: shown(name),
                    configuration: *what == NotACard::Configuration,
                }),
            ),
            Self::CardRule(rule, _) => {
                row(Model, "card", "", Fault::Model(ModelFault::CardRule(*rule)))
            }
            Self::AgeHead => row(
                Model,
                "card",
                "Choose --task sex or other, or another preset. An age needs a network whose last layer is one linear unit.",
                Fault::Model(ModelFault::CardRule(CardRule::AgeHead)),
            ),
            Self::LinearScore => row(
                Model,
                "card",
                "Choose --task age or other, or another preset. A score needs a network that ends in a sigmoid or a softmax.",
                Fault::Model(ModelFault::CardRule(CardRule::LinearScore)),
            ),
            Self::Tensor(_) => row(Model, "tensor", "", Fault::Model(ModelFault::Unfit)),
            Self::NotFinite(_) => row(Model, "tensor", "", Fault::Model(ModelFault::NotFinite)),
            Self::ModelChanged => row(
                Failed,
                "changed",
                "Give the same command again when nobody imports or changes models.",
                Fault::Task(TaskFault::OtherProcess),
            ),

            // Photographs.
            Self::Changed => row(
                Failed,
                "changed",
                "Run the model on it again.",
                Fault::Photograph(PhotographFault::Changed),
            ),
            Self::NotAFundus => row(
                Failed,
                "not-a-fundus",
                "Open a fundus photograph, or use the picture all the same with --accept-any-picture.",
                Fault::Photograph(PhotographFault::NotAFundus),
            ),
            Self::Drawing(drawing::Error::Size { .. } | drawing::Error::Encode(_)) => {
                row(Usage, "drawing", "", Fault::Task(TaskFault::Drawing))
            }

            // Files that are written.
            Self::Picture(_) => row(
                Failed,
                "picture",
                "",
                Fault::File(FileFault::PictureUnwritten),
            ),
            Self::Exists(name) => row(
                Failed,
                "exists",
                "Replace it, keep both, or choose another folder.",
                Fault::File(FileFault::Exists { name: name.clone() }),
            ),
            Self::Held => row(Failed, "held", "", Fault::File(FileFault::FolderHeld)),
            Self::Unwritten { first, .. } => {
                row(Failed, "file", MAKE_ROOM, Fault::File(file::fault(first)))
            }
            Self::Overlays { .. } => row(
                Failed,
                "file",
                MAKE_ROOM,
                Fault::File(FileFault::PictureUnwritten),
            ),
            Self::SettingsUnwritten { kind } => row(
                Failed,
                "file",
                ANOTHER_HOME,
                Fault::File(FileFault::SettingsUnwritten {
                    why: file::obstacle(*kind),
                }),
            ),
            Self::LibraryUnwritten { kind } => row(
                Failed,
                "file",
                ANOTHER_HOME,
                Fault::File(FileFault::LibraryUnwritten {
                    why: file::obstacle(*kind),
                }),
            ),

            // Devices, memory and processes.
            Self::LibraryStore(_) => {
                row(Device, "library", "", Fault::Device(DeviceFault::NotStored))
            }
            Self::NotPinned { .. } => row(
                Device,
                "library",
                "Accept it only if you know where the file came from: it runs as part of the application.",
                Fault::Device(DeviceFault::NotPinned),
            ),
            Self::Memory {
                work,
                need,
                available,
            } => row(
                Device,
                "memory",
                match work {
                    Work::Map => {
                        "Close other programs, take a smaller model, or a method that needs less: grad-cam without --layer, or occlusion."
                    }
                    Work::Network | Work::Reading | Work::Start => {
                        "Close other programs, raise the limit of this session (ulimit -v, or that of the container), or take a smaller model."
                    }
                },
                Fault::Device(DeviceFault::NeedsMemory {
                    work: *work,
                    need: *need,
                    available: *available,
                }),
            ),
            Self::NoProcess(_) | Self::WorkerDied(_) => row(
                Device,
                "worker-died",
                AGAIN_WITH_MEMORY,
                Fault::Task(TaskFault::OtherProcess),
            ),

            // What was asked for, and the application itself.
            Self::Usage(_) => row(Usage, "usage", "", Fault::Task(TaskFault::Request)),
            Self::Defect(_) => row(Failed, "internal", "", Fault::Task(TaskFault::Defect)),
            Self::Cancelled => row(
                Interrupted,
                "cancelled",
                "",
                Fault::Task(TaskFault::Cancelled),
            ),
        }
    }
}
