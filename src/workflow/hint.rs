//! What a person can do next where a verb refused.

use std::borrow::Cow;

use super::Error;
use super::card_file::NotACard;
use super::error::{flag, is_out_of_memory};
use crate::domain::Work;
use crate::domain::foreign::{escaped, shown};
use crate::evaluation::Unused;
use crate::evaluation::{self, Question};
use crate::storage::library::Damage;
use crate::text::failures::{CardRule, Fault, LabelsFault};
use crate::{keras, runtime};

impl Error {
    /// What the person can do next; empty where the message says it.
    pub fn hint(&self) -> Cow<'static, str> {
        if let Self::NotImported {
            file,
            fields,
            beside,
        } = self
        {
            return escaped(&not_imported(file, fields, beside.as_deref())).into();
        }
        if let Self::Relayed(relayed) = self {
            return relayed.hint.clone().into();
        }
        if let Some(Damage { id, .. }) = self.damage() {
            return format!(
                "Import it again with: gantei import FILE --id {id} --replace. Or remove it with: gantei models --remove {id}."
            )
            .into();
        }
        self.fixed_hint().into()
    }

    fn fixed_hint(&self) -> &'static str {
        match self {
            _ if is_out_of_memory(self) => {
                "Close other programs, raise the limit of this session (ulimit -v, or that of the container), or take a smaller file or model."
            }
            Self::Keras(keras::Error::Unsupported(_)) => {
                "Save the network with these layers replaced or removed, or ask for their support with this list."
            }
            Self::Keras(keras::Error::NotAModel | keras::Error::Form { .. }) => "",
            Self::Keras(keras::Error::NotFinite { .. }) => {
                "The training went wrong or the file is damaged. Take an earlier state of the model."
            }
            Self::Keras(keras::Error::Malformed(_)) => {
                "Download or copy the file again. If that does not help, save the model again with Keras as a full .h5 file (model.save(\"model.h5\"))."
            }
            Self::Graph(_) => {
                "Export the model again, as ONNX with opset 13 or later or with Keras as a full .h5 file (model.save(\"model.h5\"))."
            }
            Self::Keras(_) => {
                "Save the model again with Keras as a full .h5 file (model.save(\"model.h5\"))."
            }
            Self::Runtime(runtime::Error::Input(_)) => {
                "Give a tensor in the size that the model takes: gantei models --json names it as input."
            }
            Self::Runtime(_) => {
                "See which devices work with: gantei devices. Without --device the best working one is taken."
            }
            Self::Memory {
                work: Work::Map, ..
            } => {
                "Close other programs, take a smaller model, or a method that needs less: grad-cam without --layer, or occlusion."
            }
            Self::Memory { .. } => {
                "Close other programs, raise the limit of this session (ulimit -v, or that of the container), or take a smaller model."
            }
            Self::LibraryUnwritten { .. } | Self::SettingsUnwritten { .. } => {
                "For example: GANTEI_HOME=FOLDER gantei import FILE. The models that ship with the application run all the same."
            }
            Self::NoSuchModel(_) => {
                "List the models with: gantei models. Import one with: gantei import FILE."
            }
            Self::NoSuchFile(_) => {
                "Check the path. A model of the library is named by its id: gantei models."
            }
            Self::IdTaken { .. } => {
                "Replace that model with --replace, or give this one another id with --id."
            }
            Self::WrongTask(CardRule::AgeHead, _) => {
                "Choose --task sex or other, or another preset. An age needs a network whose last layer is one linear unit."
            }
            Self::WrongTask(..) => {
                "Choose --task age or other, or another preset. A score needs a network that ends in a sigmoid or a softmax."
            }
            Self::SeveralCards { .. } => "Give the id that you mean in place of the file.",
            Self::NotACard {
                what: NotACard::Configuration,
                ..
            } => {
                "A configuration has no weights and says nothing about cropping, scaling or labels. Import the model file itself (model.save(\"model.h5\")); for a card write a draft with gantei import FILE --draft card.json and fill it in."
            }
            Self::NotACard { .. } => {
                "Write a draft with gantei import FILE --draft card.json, fill it in and give it with --card."
            }
            Self::Unknown(_) | Self::Open(_) => {
                "Give them as flags (see gantei import --help), with --card FILE or a --preset, or write a draft card with --draft FILE, fill it in and give it with --card."
            }
            Self::NotPinned { .. } => {
                "Accept it only if you know where the file came from: it runs as part of the application."
            }
            Self::Unwritten { .. } | Self::Overlays { .. } => {
                "The answers are on standard output. Make room or give another folder with --out; the same command again goes on from what is finished."
            }
            Self::NoProcess(_) | Self::WorkerDied(_) => {
                "Mostly there is not enough memory. Close other programs, raise the limit of this session (ulimit -v, or that of the container), and give the same command again."
            }
            Self::ModelChanged => {
                "Give the same command again when nobody imports or changes models."
            }
            Self::Changed => "Run the model on it again.",
            Self::NotAFundus => {
                "Open a fundus photograph, or use the picture all the same with --accept-any-picture."
            }
            Self::Evaluation(evaluation::Error::Question(Question::Values(_))) => {
                "Say which label each value means with --values, such as --values 1=LABEL,2=LABEL; VALUE=- leaves its rows out."
            }
            Self::Evaluation(evaluation::Error::Question(Question::Column { .. })) => {
                "Name the columns with --columns, such as --columns image=NAME,sex=NAME; #3 is the third column."
            }
            Self::Evaluation(evaluation::Error::Question(Question::LeadingZeros { .. })) => {
                "If they are the same, add --ignore-leading-zeros; else save the names as text."
            }
            Self::Refused(Fault::Labels(LabelsFault::OrderFlipped), _) => {
                "Exchange the labels with --label-order swap, or leave them with --label-order keep."
            }
            Self::Refused(
                Fault::Labels(LabelsFault::NoPairs { .. } | LabelsFault::NoneReadable { .. }),
                _,
            ) => {
                "The column of images names each photograph by its path below the folder given, or by its file name. Other columns are named with --columns image=NAME,sex=NAME (or age, label)."
            }
            Self::Refused(Fault::Labels(LabelsFault::TooFew { unused }), _)
                if unused.iter().any(|(what, _)| *what == Unused::NotAFundus) =>
            {
                "Pictures that do not look like fundus photographs are used with --accept-any-picture."
            }
            Self::Evaluation(evaluation::Error::NoRows | evaluation::Error::NoHeader { .. }) => {
                "A table of labels starts with a line of names such as: image,person,age,sex. Each further line names an image as it is found below the folder that was given."
            }
            Self::Head { .. } => {
                "Save a model that ends in one sigmoid, in a softmax of two, or, for an age, in one number; for example with a new last layer: keras.Model(m.input, keras.layers.Dense(1, activation=\"sigmoid\")(m.layers[-2].output)), trained on your labels. Of features without a head, save the whole model."
            }
            Self::Exists(_) => "Replace it, keep both, or choose another folder.",
            Self::Contradiction { .. } => "Leave the flag out; what the file says is used.",
            _ => "",
        }
    }
}

fn not_imported(file: &str, fields: &[String], beside: Option<&str>) -> String {
    let flags: Vec<String> = fields.iter().map(|f| flag(f)).collect();
    let quoted = match file.contains(char::is_whitespace) {
        true => format!("\"{file}\""),
        false => file.to_owned(),
    };
    let beside = beside.map_or(String::new(), |name| {
        format!(
            " {} beside it is no model card and was not read.",
            shown(name)
        )
    });
    format!(
        "Import the file and say them there: gantei import {quoted} {} (values: gantei import --help). Then give its id in place of the file.{beside}",
        flags.join(" ")
    )
}
