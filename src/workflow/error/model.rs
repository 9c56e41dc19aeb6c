//! Errors of a model file, of its network, and of what its network gave.

use super::device::out_of_memory;
use super::row::{Row, row};
use super::{Class, Contradicting};
use crate::domain::DeviceFault;
use crate::domain::foreign::shown;
use crate::text::failures::{Fault, ModelFault, TaskFault};
use crate::{graph, keras, saliency};

pub(super) fn of_keras(error: &keras::Error) -> Row<'_> {
    let model = |fault| row(Class::Model, "model", Fault::Model(fault));
    match error {
        keras::Error::NotAModel => model(ModelFault::NotAModel),
        keras::Error::Form { .. } => model(ModelFault::WrongForm),
        keras::Error::PoolingTold => model(ModelFault::Contradiction { field: "pooling" }),
        keras::Error::Malformed(_) => model(ModelFault::Damaged),
        keras::Error::Unsupported(layers) => {
            let named = |l: &keras::UnsupportedLayer| format!("{} ({})", l.layer, l.class);
            let layers = ModelFault::Layers(layers.iter().map(named).collect());
            row(Class::Model, "unsupported", Fault::Model(layers))
        }
        keras::Error::NotFinite { layer } => model(ModelFault::BrokenWeights {
            layer: shown(layer),
        }),
        keras::Error::Limit(_) => model(ModelFault::TooLarge),
        keras::Error::Memory { .. } => out_of_memory(Fault::Device(DeviceFault::Memory)),
        keras::Error::SizeNeeded => model(unknown(&["input_size"])),
        keras::Error::Open(open) => model(unknown(&open.missing)),
        keras::Error::Cancelled => row(Class::Model, "model", Fault::Task(TaskFault::Cancelled)),
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
    row(Class::Model, "model", Fault::Model(fault))
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
    row(class, "saliency", Fault::Model(fault))
}

pub(super) fn contradiction(what: Contradicting) -> ModelFault {
    match what {
        Contradicting::Given(field) | Contradicting::OfCard(field) => {
            ModelFault::Contradiction { field }
        }
        Contradicting::Card => ModelFault::OtherCard,
    }
}
