//! The table of errors: class, code and fault of each.

use super::{Class, Error, device, file, labels, model, photograph, study};
use crate::domain::foreign::shown;
use crate::domain::{DeviceFault, SystemFailure};
use crate::export::figure;
use crate::text::failures::{Fault, FileFault, ModelFault, PhotographFault, TaskFault};
use crate::workflow::card_file::NotACard;
use crate::{drawing, keras};

/// The properties of an error in addition to its message.
#[derive(Debug)]
pub(super) struct Row<'a> {
    class: Class,
    code: &'a str,
    fault: Fault,
}

/// A row: its class, a short name for programs, and its fault.
pub(super) fn row(class: Class, code: &str, fault: Fault) -> Row<'_> {
    Row { class, code, fault }
}

impl Error {
    /// Decides the exit status.
    pub fn class(&self) -> Class {
        self.row().class
    }

    /// A short name for programs.
    pub fn code(&self) -> &str {
        self.row().code
    }

    /// What went wrong, as the window shows it in both languages.
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
            Self::Graph(e) => row(Model, "model", Fault::Graph(e.clone())),
            Self::Saliency(e) => model::of_saliency(e),
            Self::Runtime(e) => device::of_runtime(e),
            Self::Library(e) => row(Device, "library", Fault::Device(device::of_wheel(e))),
            Self::Evaluation(e) => labels::of_evaluation(e),
            Self::Refused(fault, _) => labels::of_refusal(fault),
            Self::Relayed(relayed) => row(
                relayed.class,
                &relayed.code,
                Fault::Task(TaskFault::OtherProcess),
            ),

            Self::Study(fault) => study::of_study(fault),

            // Models and their cards.
            Self::NoSuchModel(name) => row(
                Model,
                "no-such-model",
                Fault::Model(ModelFault::NoSuchModel { name: shown(name) }),
            ),
            Self::NoSuchFile(name) => row(
                Model,
                "no-such-file",
                Fault::File(FileFault::Unread {
                    name: name.clone(),
                    why: SystemFailure::Missing,
                }),
            ),
            Self::NoSuchMember { name, .. } => row(
                Usage,
                "no-such-member",
                Fault::Model(ModelFault::NoSuchModel { name: shown(name) }),
            ),
            Self::MembersOfOneKind(_) | Self::NotBeside { .. } => {
                row(Usage, "members", Fault::Task(TaskFault::Request))
            }
            Self::IdTaken { id, .. } => row(
                Usage,
                "id-taken",
                Fault::Model(ModelFault::IdTaken { name: id.clone() }),
            ),
            Self::SeveralCards { file, ids } => row(
                Usage,
                "several-cards",
                Fault::Model(ModelFault::SeveralCards {
                    file: shown(file),
                    ids: ids.clone(),
                }),
            ),
            Self::NotImported { fields, .. } | Self::Unknown(fields) => row(
                Model,
                "unknown",
                Fault::Model(ModelFault::Unknown(fields.clone())),
            ),
            Self::Open(open) => row(
                Model,
                "unknown",
                Fault::Keras(keras::Error::Open(open.clone())),
            ),
            Self::Head { head, units } => row(
                Model,
                "head",
                Fault::Model(ModelFault::Head {
                    head: *head,
                    units: *units,
                }),
            ),
            Self::Contradiction { what, .. } => row(
                Model,
                "contradiction",
                Fault::Model(model::contradiction(*what)),
            ),
            Self::Card(_) => row(Model, "card", Fault::Model(ModelFault::Card)),
            Self::NotACard { name, what } => row(
                Model,
                "card",
                Fault::Model(ModelFault::NotACard {
                    name: shown(name),
                    configuration: *what == NotACard::Configuration,
                }),
            ),
            Self::CardRule(rule) => row(Model, "card", Fault::Model(ModelFault::CardRule(*rule))),
            Self::Tensor(_) => row(Model, "tensor", Fault::Model(ModelFault::Unfit)),
            Self::NotFinite(_) => row(Model, "tensor", Fault::Model(ModelFault::NotFinite)),
            Self::ModelChanged => row(Failed, "changed", Fault::Task(TaskFault::OtherProcess)),

            // Photographs.
            Self::Changed => row(
                Failed,
                "changed",
                Fault::Photograph(PhotographFault::Changed),
            ),
            Self::NotAFundus => row(
                Failed,
                "not-a-fundus",
                Fault::Photograph(PhotographFault::NotAFundus),
            ),
            Self::Drawing(drawing::Error::Size { .. } | drawing::Error::Encode(_)) => {
                row(Usage, "drawing", Fault::Task(TaskFault::Drawing))
            }

            // Files that are written.
            Self::Picture(_) | Self::Figure(figure::Error::Png(_) | figure::Error::Pdf(_)) => {
                row(Failed, "picture", Fault::File(FileFault::PictureUnwritten))
            }
            Self::Figure(figure::Error::Template(_)) => {
                row(Usage, "caption", Fault::Task(TaskFault::Caption))
            }
            Self::Exists(name) => row(
                Failed,
                "exists",
                Fault::File(FileFault::Exists { name: name.clone() }),
            ),
            Self::Held => row(Failed, "held", Fault::File(FileFault::FolderHeld)),
            Self::Unwritten { first, .. } => row(Failed, "file", Fault::File(file::fault(first))),
            Self::Overlays { .. } => row(Failed, "file", Fault::File(FileFault::PictureUnwritten)),
            Self::SettingsUnwritten { kind } => row(
                Failed,
                "file",
                Fault::File(FileFault::SettingsUnwritten {
                    why: (*kind).into(),
                }),
            ),
            Self::LibraryUnwritten { kind } => row(
                Failed,
                "file",
                Fault::File(FileFault::LibraryUnwritten {
                    why: (*kind).into(),
                }),
            ),

            // Devices, memory and processes.
            Self::LibraryStore(_) => row(Device, "library", Fault::Device(DeviceFault::NotStored)),
            Self::NotPinned { .. } => row(Device, "library", Fault::Device(DeviceFault::NotPinned)),
            Self::Memory {
                work,
                need,
                available,
            } => row(
                Device,
                "memory",
                Fault::Device(DeviceFault::NeedsMemory {
                    work: *work,
                    need: *need,
                    available: *available,
                }),
            ),
            Self::NoProcess(_) | Self::WorkerDied(_) => {
                row(Device, "worker-died", Fault::Task(TaskFault::OtherProcess))
            }

            // Requests, and the application itself.
            Self::Usage(_) => row(Usage, "usage", Fault::Task(TaskFault::Request)),
            Self::Defect(_) => row(Failed, "internal", Fault::Task(TaskFault::Defect)),
            Self::Cancelled => row(Interrupted, "cancelled", Fault::Task(TaskFault::Cancelled)),
        }
    }
}
