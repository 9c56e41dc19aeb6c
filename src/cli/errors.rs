//! What the command line adds to the message of an error: the next step, in its own words, and the names of flags where
//! the message needs them. The window has its own wording, in `text`.
//!
//! The table is complete: an error without a row does not compile.

use std::borrow::Cow;

use super::items::{self, flag_name};
use crate::domain::foreign::{escaped, shown};
use crate::domain::{Head, Operation, SystemFailure};
use crate::evaluation::supplement::{CalibrateError, ImputeError};
use crate::evaluation::{self, Question, Unused};
use crate::runtime::wheel::WheelError;
use crate::storage::library::Damage;
use crate::text::Lang;
use crate::text::failures::{CardRule, Fault, LabelsFault, ModelFault, StudyFault};
use crate::workflow::card_file::NotACard;
use crate::workflow::{Class, Contradicting, Error, RelayedError};
use crate::{keras, runtime, storage};

const ANOTHER_HOME: &str = "For example: GANTEI_HOME=FOLDER gantei import FILE. The models that ship with the application still run.";
const MAKE_ROOM: &str = "The answers are on standard output. Free disk space or give another folder with --out; the same command then resumes.";
const AGAIN_WITH_MEMORY: &str = "Usually there is not enough memory. Close other programs, raise the limit of this session (ulimit -v, or that of the container), and run the same command again.";
const SMALLER_FILE: &str = "Close other programs, raise the limit of this session (ulimit -v, or that of the container), or use a smaller file or model.";
const SAY_FIELDS: &str = "Give them as flags (see gantei import --help), with --card FILE or a --preset, or write a draft card with --draft FILE, fill it in and give it with --card.";
const SAVE_AGAIN: &str =
    "Save the model again with Keras as a full .h5 file (model.save(\"model.h5\")).";
const EXPORT_AGAIN: &str = "Export the model again, as ONNX with opset 13 or later or with Keras as a full .h5 file (model.save(\"model.h5\")).";
const OTHER_DEVICE: &str = "List the working devices with: gantei devices. Without --device the fastest one that works is used.";
const FITTING_TENSOR: &str =
    "Give a tensor of the model's input size, which gantei models --json lists as input.";
const NAME_COLUMNS: &str = "Name the columns with --columns, such as --columns image=NAME,sex=NAME; #3 is the third column.";
const SAY_VALUES: &str = "State the label of each value with --values, such as --values 1=LABEL,2=LABEL; VALUE=- leaves its rows out.";
const SAME_NAMES: &str =
    "If they are the same, add --ignore-leading-zeros; otherwise save the names as text.";
const FIRST_LINE: &str = "A table of labels starts with a header line such as: image,person,age,sex. Each further line names an image by its path below the given folder, or by its file name.";

/// The message, with the flags that it concerns.
pub fn message(error: &Error) -> String {
    let more = match error {
        Error::Contradiction {
            what: Contradicting::Given(field),
            reason,
        } => {
            let flag = flag_name(field);
            return escaped(&format!("{flag} contradicts the model file: {reason}"));
        }
        Error::Keras(keras::Error::PoolingStated) => "; leave --pooling out",
        Error::Held => ", or give another folder with --out",
        Error::NotPinned { .. } | Error::Library(WheelError::NotPinned { .. }) => {
            "; repeat with --accept if you trust its source"
        }
        Error::Keras(keras::Error::Outputs(_) | keras::Error::OutputsOfOnnx(_)) => {
            "; choose one with --output NAME"
        }
        Error::CardRule(CardRule::LinearScore) => "; if it is a logit, repeat with --head sigmoid",
        Error::Head {
            head: Head::Linear, ..
        } => "; if they are logits, repeat with --head softmax or --head sigmoid",
        Error::CardRule(CardRule::ClassesTask) => " (--task other)",
        Error::CardRule(CardRule::LabelPerClass) => " (--labels A,B,C ...)",
        Error::CardRule(CardRule::TwoLabels) => " (--labels A,B)",
        Error::CardRule(CardRule::WholeNumbers) => " (--scaling raw, --resize pil-bilinear)",
        Error::Refused(fault, _) => match &**fault {
            Fault::Model(ModelFault::NameTaken { .. }) => "; give another with --id",
            Fault::Model(ModelFault::BadName) => "; give one with --id",
            Fault::Model(ModelFault::BundledCard { .. }) => {
                "; import a copy under another --id to try it"
            }
            _ => "",
        },
        _ => "",
    };
    error.wording() + more
}

/// The next step for the user; empty if the message states it.
pub fn hint(error: &Error) -> Cow<'_, str> {
    let wording = match error {
        Error::Storage(storage::Error::NotAsStored(Damage { id, .. })) => {
            return format!(
                "Import it again with: gantei import FILE --id {id} --replace. Or remove it with: gantei models --remove {id}."
            )
            .into();
        }
        // A file too large for the available memory.
        Error::Storage(_) | Error::ModelFile(_) if error.class() == Class::Device => SMALLER_FILE,
        Error::Storage(_) | Error::ModelFile(_) => "",
        Error::Keras(e) => return of_keras(e),
        Error::Graph(_) => EXPORT_AGAIN,
        Error::Runtime(e) => of_runtime(e),
        Error::Evaluation(e) => of_evaluation(e),
        Error::Study(fault) => of_study(fault),
        Error::Refused(fault, _) => of_refusal(fault),
        Error::Relayed(relayed) => &relayed.hint,

        // Models and their cards.
        Error::NoSuchModel(_) => {
            "List the models with: gantei models. Import one with: gantei import FILE."
        }
        Error::NoSuchFile(_) => {
            "Check the path. A model of the library is named by its id: gantei models."
        }
        Error::NoSuchMember { members, .. } if members.is_empty() => "Leave --member out.",
        Error::NoSuchMember { .. } => "Choose one of them with --member NAME.",
        Error::MembersOfOneKind(_) => {
            "Give --member at most twice: once for the weights and once for the configuration."
        }
        Error::NotBeside { members, .. } => match members.is_empty() {
            true => "Copy the configuration into the folder of the weights.",
            false => {
                "Choose one of them with --member NAME, or copy the configuration into the folder of the weights."
            }
        },
        Error::IdTaken { .. } => {
            "Replace that model with --replace, or give this one another id with --id."
        }
        Error::SeveralCards { .. } => "Give the id of the model instead of the file.",
        Error::NotImported {
            file,
            fields,
            beside,
        } => return escaped(&not_imported(file, fields, beside.as_deref())).into(),
        Error::Unknown(_) | Error::Open(_) => SAY_FIELDS,
        &Error::Head { head, units } => {
            let fault = Fault::Model(ModelFault::Head { head, units });
            return fault.hint(Lang::En).into();
        }
        Error::Contradiction { what, .. } => match what {
            Contradicting::Given(_) => "Leave the flag out; the value in the file is used.",
            Contradicting::OfCard(_) => {
                "Remove the field from the card; the value in the file is used."
            }
            Contradicting::Card => "",
        },
        Error::NotACard { what, .. } => match what {
            NotACard::Configuration => {
                "A configuration holds neither weights nor cropping, scaling or labels. Import the model file itself (model.save(\"model.h5\")); for a card write a draft with gantei import FILE --draft card.json and fill it in."
            }
            NotACard::Other => {
                "Write a draft with gantei import FILE --draft card.json, fill it in and give it with --card."
            }
        },
        Error::CardRule(CardRule::AgeHead) => {
            "Choose --task sex or other, or another preset. If the score times 100 is the age, make it the output, in Keras: keras.Sequential([model, keras.layers.Rescaling(100.0)]).save(\"model.keras\")."
        }
        Error::CardRule(CardRule::LinearScore) => {
            "If the value is a logit, add the sigmoid: keras.Sequential([model, keras.layers.Activation(\"sigmoid\")]).save(\"model.keras\") in Keras, torch.nn.Sequential(model, torch.nn.Sigmoid()) in PyTorch before the export. Otherwise choose --task age or other, or another preset."
        }
        Error::ModelChanged => {
            "Run the same command again while no models are imported or changed."
        }

        // Photographs, and files that are written.
        Error::Changed => "Run the model on it again.",
        Error::NotAFundus => {
            "Open a fundus photograph, or use the picture anyway with --accept-any-picture."
        }
        Error::Exists(_) => "Replace it, keep both, or choose another folder.",
        Error::Unwritten { .. } | Error::Overlays { .. } => MAKE_ROOM,
        Error::SettingsUnwritten { .. } | Error::LibraryUnwritten { .. } => ANOTHER_HOME,

        // Devices, memory and processes.
        Error::NotPinned { .. } => "It runs as part of the application.",
        Error::Memory { work, .. } => match work {
            Operation::Map => {
                "Close other programs, or use a smaller model or a method that needs less memory: grad-cam without --layer, or occlusion."
            }
            Operation::Network | Operation::Reading | Operation::Start => {
                "Close other programs, raise the limit of this session (ulimit -v, or that of the container), or use a smaller model."
            }
        },
        Error::NoProcess(_) | Error::WorkerDied(_) => AGAIN_WITH_MEMORY,

        // The message states it.
        Error::Image(_)
        | Error::Prepare(_)
        | Error::Saliency(_)
        | Error::Library(_)
        | Error::LibraryStore(_)
        | Error::Card(_)
        | Error::CardRule(
            CardRule::InputSize
            | CardRule::Threshold
            | CardRule::ValueOfScore
            | CardRule::ValueScale
            | CardRule::ValueRange
            | CardRule::ClassesTask
            | CardRule::LabelPerClass
            | CardRule::TwoLabels
            | CardRule::CustomScaling
            | CardRule::WholeNumbers,
        )
        | Error::Tensor(_)
        | Error::NotFinite(_)
        | Error::Usage(_)
        | Error::Picture(_)
        | Error::Figure(_)
        | Error::Drawing(_)
        | Error::Held
        | Error::Defect(_)
        | Error::Cancelled => "",
    };
    wording.into()
}

fn of_keras(error: &keras::Error) -> Cow<'static, str> {
    let wording = match error {
        // The same sentence as in the window, which names no place of the window.
        keras::Error::NotAModel(_)
        | keras::Error::Malformed(_)
        | keras::Error::Invalid(_)
        | keras::Error::TooLarge { .. }
        | keras::Error::FilesTooLarge { .. }
        | keras::Error::ArchiveTooLarge { .. }
        | keras::Error::TooManyFiles { .. }
        | keras::Error::TooManyTexts { .. }
        | keras::Error::Mismatch { .. }
        | keras::Error::Link { .. }
        | keras::Error::Part { .. }
        | keras::Error::Inputs(_)
        | keras::Error::Outputs(_)
        | keras::Error::OutputsOfOnnx(_)
        | keras::Error::Unsupported(_) => return Fault::Keras(error.clone()).hint(Lang::En).into(),
        keras::Error::PoolingStated => "",
        keras::Error::NotFinite { .. } => {
            "The training diverged or the file is damaged. Use an earlier checkpoint of the model."
        }
        keras::Error::MissingFile { .. } => {
            "Copy it into the folder of the model, next to the file that you named."
        }
        keras::Error::Unreadable {
            why: SystemFailure::NoMemory,
            ..
        }
        | keras::Error::Memory { .. } => SMALLER_FILE,
        keras::Error::Several(_) => {
            "Choose one with --member NAME, in addition to a --member already given (gantei import, gantei verify). Other commands take the id of the imported model."
        }
        keras::Error::Unreadable { .. } => "Copy the model to a folder of your own.",
        keras::Error::Limit(_)
        | keras::Error::SizeNeeded
        | keras::Error::Open(_)
        | keras::Error::Cancelled => SAVE_AGAIN,
    };
    wording.into()
}

fn of_runtime(error: &runtime::Error) -> &'static str {
    match error {
        runtime::Error::Memory(_) => SMALLER_FILE,
        runtime::Error::Input(_) => FITTING_TENSOR,
        runtime::Error::Cancelled
        | runtime::Error::Model(_)
        | runtime::Error::NoOutput(_)
        | runtime::Error::Device { .. }
        | runtime::Error::Deviates { .. }
        | runtime::Error::Run(_) => OTHER_DEVICE,
    }
}

fn of_evaluation(error: &evaluation::Error) -> &'static str {
    match error {
        evaluation::Error::NoRows | evaluation::Error::NoHeader { .. } => FIRST_LINE,
        evaluation::Error::Question(Question::Column { .. }) => NAME_COLUMNS,
        evaluation::Error::Question(Question::Values(_)) => SAY_VALUES,
        evaluation::Error::Question(Question::LeadingZeros { .. }) => SAME_NAMES,
        evaluation::Error::Question(Question::Sheet { .. })
        | evaluation::Error::NoSuchSheet { .. } => "Choose one with --sheet NAME.",
        evaluation::Error::Question(Question::RowsPer(_)) => {
            "If that is right, add --rows-per person (or eye); otherwise name the column of the photographs with --columns image=NAME."
        }
        evaluation::Error::OneLabel(_)
        | evaluation::Error::Empty
        | evaluation::Error::NotFinite
        | evaluation::Error::Lengths { .. }
        | evaluation::Error::NotText
        | evaluation::Error::Document(_)
        | evaluation::Error::BrokenWorkbook(_)
        | evaluation::Error::TooManyRows
        | evaluation::Error::TooManyCells
        | evaluation::Error::OpenQuote { .. }
        | evaluation::Error::NoSuchColumn { .. }
        | evaluation::Error::NoSuchLabel { .. } => "",
    }
}

fn of_study(fault: &StudyFault) -> &'static str {
    match fault {
        StudyFault::Exists => {
            "Give another folder for the new study, or run the study that is there with: gantei study run FOLDER."
        }
        StudyFault::TablesThere { .. } => {
            "Give another folder for the study, such as a new one beside the photographs, or move these files elsewhere."
        }
        StudyFault::Absent { .. } => {
            "Give the folder that holds gantei-study.json, or create a study with: gantei study new FOLDER INPUT."
        }
        StudyFault::Held => {
            "Close it there, or wait until the run has ended. Its status can be read meanwhile: gantei study status FOLDER."
        }
        StudyFault::Damaged { .. } => {
            "Put an earlier copy of the file back. The answers in the folder are not affected."
        }
        StudyFault::Newer => "Install the newest version of Gantei.",
        StudyFault::UnknownField { .. } => {
            "Correct it if you added it. Otherwise install the newest version of Gantei."
        }
        StudyFault::Changed => "Run the same command again.",
        StudyFault::ReadOnly => {
            "Copy the folder to a place with write permission and run the copy. Its status can be read: gantei study status FOLDER."
        }
        StudyFault::Moved { .. } => {
            "Connect their disk or network drive. If they were moved, say where with: gantei study run FOLDER --moved OLD=NEW."
        }
        StudyFault::NotText { .. } => "Rename the file or folder.",
        StudyFault::NoModel | StudyFault::ModelsMissing { .. } => {
            "Choose models with: gantei study run FOLDER --model ID. List them with: gantei models."
        }
        StudyFault::NoSuchModel { .. } => {
            "Name one with: --model ID. The study's models are listed by: gantei study status FOLDER."
        }
        StudyFault::ColumnNotKept { .. } => {
            "Name one of these, or keep the column with: gantei study labels FOLDER --labels TABLE --columns covariate=NAME."
        }
        StudyFault::ManySubgroups { .. } => {
            "Choose another column with --by, or put its values into groups in the table."
        }
        StudyFault::NotReferredTo { .. } => {
            "Name the folder as the study has it; see: gantei study status FOLDER."
        }
        StudyFault::AllMissing => "Connect their disk, or create another study.",
        StudyFault::ListsNone { .. } => {
            "One column must hold their paths, from the folder of the table."
        }
        StudyFault::ListsTooMany { .. } => "Split the table.",
        StudyFault::NoReplay { .. } => {
            "Write one with: gantei study evaluate FOLDER --out DIR. Then: gantei study replay DIR."
        }
        StudyFault::AmongPhotographs { .. } | StudyFault::OtherExport { .. } => {
            "Give another folder with: --out DIR."
        }
        StudyFault::ReplayDamaged { .. } => {
            "Write the export again: gantei study evaluate FOLDER --out DIR."
        }
        StudyFault::NoCalibration {
            why: CalibrateError::NotRun,
        } => "Run the study with: gantei study run FOLDER.",
        StudyFault::NoCalibration {
            why: CalibrateError::OtherLabels,
        } => "Name the model whose labels were read with: --model ID.",
        StudyFault::NoCalibration { .. } => {
            "Record the label of more persons, then: gantei study labels FOLDER --labels TABLE."
        }
        StudyFault::NoDraws {
            why: ImputeError::OneValue { .. },
        } => "Leave that column out of --outcome and --covariate, or give its values fewer words.",
        StudyFault::NoDraws { .. } => {
            "Name fewer columns with --covariate, or record the label of more persons."
        }
        StudyFault::NoLabels => "Read a table with: gantei study labels FOLDER --labels TABLE.",
        StudyFault::ModelsReplaced { .. } => {
            "Use them as they are now with: gantei study run FOLDER --model ID, once for each model of the study, also for those that are as they were. Earlier answers are kept but do not count for them."
        }
    }
}

/// Refusals with their own message have a hint only if they concern labels.
fn of_refusal(fault: &Fault) -> &'static str {
    let Fault::Labels(fault) = fault else {
        return "";
    };
    match fault {
        LabelsFault::OrderFlipped => {
            "Swap the labels with --label-order swap, or keep them with --label-order keep."
        }
        LabelsFault::NoPairs { .. } | LabelsFault::NoneReadable { .. } => {
            "The image column gives each photograph by its path below the given folder, or by its file name. Name other columns with --columns image=NAME,sex=NAME (or age, label)."
        }
        LabelsFault::TooFew { unused }
            if unused.iter().any(|(what, _)| *what == Unused::NotAFundus) =>
        {
            "To use pictures that do not look like fundus photographs, add --accept-any-picture."
        }
        LabelsFault::OneLabel { .. }
        | LabelsFault::NoPhotographs
        | LabelsFault::TooFew { .. }
        | LabelsFault::Replaced
        | LabelsFault::NoSuchRow
        | LabelsFault::NoChoice => "",
        LabelsFault::TableChanged => "Confirm it again with gantei study labels.",
    }
}

/// The hint for a model given as a file that leaves fields open.
fn not_imported(file: &str, fields: &[String], beside: Option<&str>) -> String {
    let flags: Vec<String> = fields.iter().map(|f| items::flag(f)).collect();
    let quoted = match file.contains(char::is_whitespace) {
        true => format!("\"{file}\""),
        false => file.to_owned(),
    };
    let beside = beside.map_or(String::new(), |name| {
        format!(
            " {} next to it is not a model card and was not read.",
            shown(name)
        )
    });
    format!(
        "Import the file with these flags: gantei import {quoted} {} (values: gantei import --help). Then give its id instead of the file.{beside}",
        flags.join(" ")
    )
}

/// The error as another process of the command line reports it.
pub fn relayed(error: &Error) -> RelayedError {
    RelayedError {
        class: error.class(),
        code: error.code().to_owned(),
        message: message(error),
        hint: hint(error).into_owned(),
        items: items::items(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::{Ambiguity, Role};

    fn refused(fault: ModelFault, english: &str) -> Error {
        Error::refused(Fault::Model(fault), english.to_owned())
    }

    #[test]
    fn a_message_names_the_flag_that_it_is_about_and_the_window_does_not() {
        let name = || "m".to_owned();
        let errors = [
            Error::Contradiction {
                what: Contradicting::Given("input_size"),
                reason: "the file has [224,224], but [64,64] was given".to_owned(),
            },
            Error::Held,
            Error::NotPinned { sha256: name() },
            Error::CardRule(CardRule::TwoLabels),
            Error::CardRule(CardRule::WholeNumbers),
            Error::Keras(keras::Error::PoolingStated),
            refused(ModelFault::NameTaken { name: name() }, "m is a name"),
            refused(ModelFault::BadName, "a model id has 1 to 64 characters"),
            refused(ModelFault::BundledCard { name: name() }, "m ships"),
        ];
        for error in errors {
            let reported = message(&error);
            assert!(reported.contains("--"), "{reported}");
            assert!(!error.wording().contains("--"), "{}", error.wording());
            assert!(!error.fault().message(Lang::En).contains("--"));
        }
    }

    #[test]
    fn of_a_card_no_flag_is_named() {
        let error = Error::Contradiction {
            what: Contradicting::OfCard("input_size"),
            reason: "the file has [224,224], but [64,64] was given".to_owned(),
        };
        assert_eq!(
            message(&error),
            "the card's input size contradicts the model file: the file has [224,224], but [64,64] was given"
        );
    }

    #[test]
    fn a_question_about_a_table_is_answered_by_a_flag() {
        let column = Question::Column {
            role: Role::Image,
            found: Vec::new(),
            why: Ambiguity::Missing,
        };
        let zeros = Question::LeadingZeros {
            photographs: 8,
            example: ("12".into(), "00012.jpg".into()),
        };
        let sheet = Question::Sheet { found: Vec::new() };
        for (question, flag) in [
            (column, "--columns"),
            (zeros, "--ignore-leading-zeros"),
            (sheet, "--sheet"),
        ] {
            let error = Error::from(evaluation::Error::Question(question));
            assert!(hint(&error).contains(flag), "{}", hint(&error));
        }
        let empty = Error::from(evaluation::Error::NoRows);
        assert!(hint(&empty).contains("image,person"));
    }

    #[test]
    fn another_process_is_told_what_this_one_would_say() {
        let reported = relayed(&Error::IdTaken {
            id: "mine".to_owned(),
            same_file: true,
        });
        assert_eq!(
            (reported.class, reported.code.as_str()),
            (Class::Usage, "id-taken")
        );
        assert!(reported.hint.contains("--replace"));
        let again = Error::from(reported.clone());
        assert_eq!(message(&again), reported.message);
        assert_eq!(hint(&again), reported.hint);
        assert_eq!(items::items(&again), reported.items);
    }
}
