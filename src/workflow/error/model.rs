//! Errors of a model file, of its network, and of what its network gave.

use super::Class;
use super::device::out_of_memory;
use super::row::{Row, row};
use crate::domain::DeviceFault;
use crate::domain::foreign::shown;
use crate::text::failures::{Fault, ModelFault, TaskFault};
use crate::{graph, keras, saliency};

const SAVE_AGAIN: &str =
    "Save the model again with Keras as a full .h5 file (model.save(\"model.h5\")).";
const EXPORT_AGAIN: &str = "Export the model again, as ONNX with opset 13 or later or with Keras as a full .h5 file (model.save(\"model.h5\")).";

pub(super) fn of_keras(error: &keras::Error) -> Row<'_> {
    let model = |code, hint, fault| row(Class::Model, code, hint, Fault::Model(fault));
    match error {
        keras::Error::NotAModel => model("model", "", ModelFault::NotAModel),
        keras::Error::Form { .. } => model("model", "", ModelFault::WrongForm),
        keras::Error::Malformed(_) => model(
            "model",
            "Download or copy the file again. If that does not help, save the model again with Keras as a full .h5 file (model.save(\"model.h5\")).",
            ModelFault::Damaged,
        ),
        keras::Error::Unsupported(layers) => {
            let named = |l: &keras::UnsupportedLayer| format!("{} ({})", l.layer, l.class);
            model(
                "unsupported",
                "Save the network with these layers replaced or removed, or ask for their support with this list.",
                ModelFault::Layers(layers.iter().map(named).collect()),
            )
        }
        keras::Error::NotFinite { layer } => model(
            "model",
            "The training went wrong or the file is damaged. Take an earlier state of the model.",
            ModelFault::BrokenWeights {
                layer: shown(layer),
            },
        ),
        keras::Error::Limit(_) => model("model", SAVE_AGAIN, ModelFault::TooLarge),
        keras::Error::Memory { .. } => out_of_memory(Fault::Device(DeviceFault::Memory)),
        keras::Error::SizeNeeded => model("model", SAVE_AGAIN, unknown(&["input_size"])),
        keras::Error::Open(open) => model("model", SAVE_AGAIN, unknown(&open.missing)),
        keras::Error::Cancelled => row(
            Class::Model,
            "model",
            SAVE_AGAIN,
            Fault::Task(TaskFault::Cancelled),
        ),
    }
}

pub(super) fn unknown(fields: &[&str]) -> ModelFault {
    ModelFault::Unknown(fields.iter().map(|f| (*f).to_owned()).collect())
}

pub(super) fn of_graph(error: &graph::Error) -> Row<'_> {
    let fault = match error {
        graph::Error::Malformed { .. } => ModelFault::Damaged,
        graph::Error::Unsupported { place, .. } => ModelFault::Operator {
            place: shown(place),
        },
        graph::Error::Limit(_) => ModelFault::TooLarge,
    };
    row(Class::Model, "model", EXPORT_AGAIN, Fault::Model(fault))
}

pub(super) fn of_saliency(error: &saliency::Error) -> Row<'_> {
    let (class, fault) = match error {
        saliency::Error::Missing(_) | saliency::Error::Unsupported { .. } => {
            (Class::Model, ModelFault::NoMap)
        }
        saliency::Error::Shape(_) => (Class::Model, ModelFault::Unfit),
        saliency::Error::Target { .. } => (Class::Usage, ModelFault::NoSuchTarget),
        saliency::Error::NoSuchLayer { .. } => (Class::Model, ModelFault::NoSuchTarget),
        saliency::Error::NotANumber => (Class::Model, ModelFault::NotFinite),
    };
    row(class, "saliency", "", Fault::Model(fault))
}

/// The card's field behind the name of a flag or of a line of a card file.
pub(super) fn field_of(what: &str) -> String {
    let name = what
        .trim_start_matches("--")
        .trim_start_matches("the card's ");
    name.replace(['-', ' '], "_")
}
