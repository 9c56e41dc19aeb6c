//! Command-line arguments as the contract fixes them, and their conversion to typed requests.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Parser, Subcommand};
use serde::de::DeserializeOwned;
use strum::VariantArray;

use super::check_args::CheckImportArgs;
use super::examples;
use super::explain_args::ExplainArgs;
use super::pages::Page;
use super::study::StudyArgs;
use super::values::{Overlay, Saliency, eye_from_str, persons_from_str};
use crate::domain::{
    CardField, ColourOrder, Crop, Head, HeadNorm, HiddenActivation, Laterality, Persons, Pooling,
    Resize, Scaling, Task, ValueScale,
};
use crate::drawing::PictureFormat;
use crate::imaging::OpenOptions;
use crate::keras::Architecture;
use crate::runtime::Device;
use crate::workflow::presets::Preset;
use crate::workflow::{self, BatchOptions, DrawRequest, Error, ImportFlags, demonstration};

/// Opens fundus photographs, runs published models on them and shows what moved the score.
///
/// Without a command the window opens. Research and teaching only. Not a medical device. Not for diagnosis,
/// identification or administrative decisions about a person.
#[derive(Debug, Parser)]
#[command(name = "gantei", version, args_conflicts_with_subcommands = true)]
pub struct Args {
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Photographs and folders to open in the window
    pub files: Vec<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run models on photographs and folders
    #[command(after_help = examples::PREDICT)]
    Predict(PredictArgs),
    /// Write raw saliency maps
    #[command(after_help = examples::EXPLAIN)]
    Explain(ExplainArgs),
    /// List the models, check what is stored, remove one, or confirm fields of its card
    #[command(after_help = examples::MODELS)]
    Models(ModelsArgs),
    /// Test every engine and device
    #[command(after_help = examples::DEVICES)]
    Devices(JsonArgs),
    /// Manage the ONNX Runtime library
    #[command(after_help = examples::RUNTIME)]
    Runtime(RuntimeArgs),
    /// Import a model into the model library
    #[command(after_help = examples::IMPORT)]
    Import(ImportArgs),
    /// Find the preprocessing of a model from images with known labels
    #[command(after_help = examples::CHECK_IMPORT)]
    CheckImport(CheckImportArgs),
    /// Compare a model with the Keras output for the same input tensor
    #[command(after_help = examples::VERIFY)]
    Verify(VerifyArgs),
    /// Create a study, run it and show how far it is
    #[command(after_help = examples::STUDY)]
    Study(StudyArgs),
    /// Generate computer-drawn fundus photographs
    #[command(after_help = examples::DRAW)]
    Draw(DrawArgs),
    /// Write completions for a shell, or the manual page, to standard output
    #[command(after_help = examples::COMPLETIONS)]
    Completions(CompletionsArgs),
}

#[derive(Debug, clap::Args)]
pub struct CompletionsArgs {
    /// bash, elvish, fish, powershell or zsh; or man
    #[arg(value_name = "SHELL|man", hide_possible_values = true)]
    pub page: Page,
}

#[derive(Debug, clap::Args)]
pub struct JsonArgs {
    /// Print one JSON document to standard output
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, clap::Args)]
pub struct ModelsArgs {
    /// Verify the checksums of every stored model; damaged models that ship with the application are restored
    #[arg(long)]
    pub check: bool,
    /// Remove an imported model from the library
    #[arg(long, value_name = "ID", conflicts_with = "check")]
    pub remove: Option<String>,
    /// Confirm fields of an imported model's card that were assumed and are right
    #[arg(long, value_name = "ID", requires = "fields", conflicts_with_all = ["check", "remove"])]
    pub confirm: Option<String>,
    /// The fields to confirm, such as labels,crop
    #[arg(long, value_name = "FIELD,...", value_delimiter = ',', value_parser = card_field, requires = "confirm")]
    pub fields: Vec<CardField>,
    /// Print one JSON document to standard output
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, clap::Args)]
pub struct PredictArgs {
    /// Photographs and folders
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    /// Id of a model in the library, or its file, folder or archive; may be repeated
    #[arg(long = "model", value_name = "ID|FILE")]
    models: Vec<String>,
    /// Saliency map to compute
    #[arg(long, default_value = "grad-cam")]
    saliency: Saliency,
    /// auto, embedded, cpu, cuda, tensorrt, directml, coreml, openvino, webgpu, migraphx or xnnpack
    #[arg(long, default_value = "auto", value_name = "DEVICE", value_parser = Device::from_str)]
    device: Device,
    /// Eye of every given photograph: OD (right) or OS (left)
    #[arg(long, value_name = "OD|OS", value_parser = eye_from_str)]
    eye: Option<Laterality>,
    /// Frame of a multi-frame DICOM file, from 1
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    frame: Option<u32>,
    /// Use pictures even if they do not look like fundus photographs
    #[arg(long)]
    accept_any_picture: bool,
    /// How photographs are grouped by person: none turns grouping off, file-names uses the persons that file names
    /// suggest; by default persons come from DICOM files, and file names give only person_guess
    #[arg(long, value_name = "none|file-names", value_parser = persons_from_str)]
    persons: Option<Persons>,
    /// Replace file names with numbers everywhere
    #[arg(long)]
    mask_names: bool,
    /// File format of overlays: png-fast takes less time and more space, jpeg loses some colour
    #[arg(long, default_value = "png")]
    overlay: Overlay,
    /// Output folder for results.csv, results_full.csv, people.csv, results.json and overlays; without it nothing is
    /// written
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Start over even if a stopped run of the same command could be resumed
    #[arg(long)]
    again: bool,
    /// Print one JSON document to standard output
    #[arg(long)]
    pub json: bool,
}

impl PredictArgs {
    pub fn options(self) -> Result<BatchOptions, Error> {
        let mut models = self.models;
        if models.is_empty() {
            models.push(demonstration::DEFAULT.to_owned());
        }
        Ok(BatchOptions {
            inputs: self.inputs,
            models,
            device: self.device,
            saliency: self.saliency == Saliency::GradCam,
            open: OpenOptions {
                eye: self.eye,
                frame: self.frame,
                accept_any_picture: self.accept_any_picture,
                ..OpenOptions::default()
            },
            persons: self.persons.unwrap_or_default(),
            mask_names: self.mask_names,
            overlay_format: self.overlay.into(),
            out: self.out,
            again: self.again,
            in_worker: true,
            ..BatchOptions::default()
        })
    }
}

#[derive(Debug, clap::Args)]
pub struct RuntimeArgs {
    #[command(subcommand)]
    pub command: RuntimeCommand,
}

#[derive(Debug, Subcommand)]
pub enum RuntimeCommand {
    /// Install an ONNX Runtime library where the application looks for it
    Install(InstallArgs),
}

#[derive(Debug, clap::Args)]
pub struct InstallArgs {
    /// Official wheel of the Python package onnxruntime, or a library file
    #[arg(value_name = "WHEEL|LIBRARY")]
    pub file: PathBuf,
    /// Accept a file whose checksum is not pinned
    #[arg(long)]
    pub accept: bool,
    /// Print one JSON document to standard output
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub struct ImportArgs {
    /// Model: a file (.h5, .keras, .weights.h5, .onnx, the model.json of weights), a folder, or a downloaded archive
    /// (.zip, .tar.gz, .gz)
    pub file: PathBuf,
    #[command(flatten)]
    flags: ModelFlags,
    /// Replace the library model that has this id
    #[arg(long)]
    replace: bool,
    /// Write the known fields as a draft card and store nothing
    #[arg(long, value_name = "FILE")]
    pub draft: Option<PathBuf>,
    /// Print one JSON document to standard output
    #[arg(long)]
    json: bool,
}

impl ImportArgs {
    pub fn flags(&self) -> Result<ImportFlags, Error> {
        Ok(ImportFlags {
            checked: None,
            replace: self.replace,
            ..self.flags.clone().meant()?
        })
    }
}

/// What the user can state about a model.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct ModelFlags {
    /// Id of the model in the library
    #[arg(long)]
    id: Option<String>,
    /// Model card or completed draft
    #[arg(long, value_name = "FILE")]
    card: Option<PathBuf>,
    /// joir-efficientnet-b7, joir-mobilenet, joir-age or joir-other
    #[arg(long, value_parser = Preset::from_str)]
    preset: Option<Preset>,
    /// Which model, if a folder or archive holds several; repeat it to choose the configuration
    #[arg(long, value_name = "NAME")]
    member: Vec<String>,
    /// Height and width of the network's input, if the file leaves them open
    #[arg(long, value_name = "HxW", value_parser = size_from_str)]
    input_size: Option<[u32; 2]>,
    /// sigmoid, softmax or linear; for a network that ends in logits, what is to be applied to them
    #[arg(long, value_parser = word::<Head>)]
    head: Option<Head>,
    /// Which output, if the network has several
    #[arg(long, value_name = "NAME")]
    output: Option<String>,
    /// For weights-only files whose network is not recognised: its name in Keras Applications, such as EfficientNetB7
    #[arg(long, value_name = "NAME", value_parser = Architecture::from_str)]
    architecture: Option<Architecture>,
    /// For weights-only files: activation of the dense layers before the last, relu or linear
    #[arg(long, value_parser = word::<HiddenActivation>)]
    hidden_activation: Option<HiddenActivation>,
    /// For weights-only EfficientNet files: whether training started from ImageNet weights, yes or no
    #[arg(long, value_name = "yes|no", value_parser = yes_or_no)]
    imagenet_rescaling: Option<bool>,
    /// For weights-only files: what follows the last feature map, avg, max or flatten
    #[arg(long, value_parser = word::<Pooling>)]
    pooling: Option<Pooling>,
    /// For weights-only files with a batch norm after a hidden dense layer: before-activation or after-activation
    #[arg(long, value_parser = word::<HeadNorm>)]
    head_norm: Option<HeadNorm>,
    /// For weights-only files with a batch norm in the head: its epsilon (Keras: 0.001)
    #[arg(long, value_name = "E", value_parser = epsilon_from_str)]
    norm_epsilon: Option<f64>,
    /// raw, unit, tf, torch or custom
    #[arg(long, value_parser = word::<Scaling>)]
    scaling: Option<Scaling>,
    /// For custom scaling: three means on the 0–1 scale
    #[arg(long, value_name = "A,B,C", value_parser = three_from_str, allow_hyphen_values = true)]
    mean: Option<[f32; 3]>,
    /// For custom scaling: three standard deviations on the 0–1 scale
    #[arg(long, value_name = "A,B,C", value_parser = three_from_str)]
    std: Option<[f32; 3]>,
    /// rgb or bgr
    #[arg(long, value_parser = word::<ColourOrder>)]
    colour: Option<ColourOrder>,
    /// pil-nearest, pil-bilinear, pil-bicubic, tf-bilinear or cv2-linear
    #[arg(long, value_parser = word::<Resize>)]
    resize: Option<Resize>,
    /// stretch, pad, square or masked
    #[arg(long, value_parser = word::<Crop>)]
    crop: Option<Crop>,
    /// Labels of output 0 and output 1, or of each class
    #[arg(long, value_name = "A,B")]
    labels: Option<String>,
    /// Operating threshold on the score, 0–1
    #[arg(long, value_name = "T", value_parser = share_from_str)]
    threshold: Option<f64>,
    /// sex, age or other
    #[arg(long, value_parser = word::<Task>)]
    task: Option<Task>,
    /// For a network trained on transformed values: value = A × output + offset, such as 100 for ages in hundreds
    #[arg(long, value_name = "A", value_parser = scale_from_str, allow_hyphen_values = true)]
    value_scale: Option<f64>,
    /// For a network trained on transformed values: value = scale × output + B
    #[arg(long, value_name = "B", value_parser = offset_from_str, allow_hyphen_values = true)]
    value_offset: Option<f64>,
    /// Lowest and highest value the model was trained on; values outside get a finding
    #[arg(long, value_name = "LOW,HIGH", value_parser = range_from_str, allow_hyphen_values = true)]
    value_range: Option<[f64; 2]>,
}

impl ModelFlags {
    fn meant(self) -> Result<ImportFlags, Error> {
        let labels = self.labels.map(|text| {
            let labels: Vec<String> = text.split(',').map(|l| l.trim().to_owned()).collect();
            match labels.len() {
                2.. => Ok(labels),
                _ => Err(Error::Usage(
                    "--labels takes the labels of output 0 and output 1, or of each class; one was given".to_owned(),
                )),
            }
        });
        Ok(ImportFlags {
            checked: None,
            id: self.id,
            card: self.card,
            preset: self.preset,
            members: self.member,
            input_size: self.input_size,
            head: self.head,
            output: self.output,
            scaling: self.scaling,
            mean: self.mean,
            std: self.std,
            colour: self.colour,
            resize: self.resize,
            crop: self.crop,
            labels: labels.transpose()?,
            threshold: self.threshold,
            value_scale: self.value_scale,
            value_offset: self.value_offset,
            value_range: self.value_range,
            task: self.task,
            architecture: self.architecture,
            hidden_activation: self.hidden_activation,
            imagenet_rescaling: self.imagenet_rescaling,
            pooling: self.pooling,
            head_norm: self.head_norm,
            norm_epsilon: self.norm_epsilon,
            replace: false,
            // Nothing is guessed when no user sees the marks.
            guess: false,
        })
    }
}

#[derive(Debug, clap::Args)]
pub struct VerifyArgs {
    /// A model: its file, folder or archive, or its id in the library
    #[arg(value_name = "FILE_OR_ID")]
    model: String,
    /// Network input as Keras takes it: NHWC float32
    #[arg(long, value_name = "X.npy")]
    input: PathBuf,
    /// Output of Keras for this input
    #[arg(long, value_name = "Y.npy")]
    expected: PathBuf,
    /// Largest allowed absolute error
    #[arg(long, default_value_t = 2e-5, value_name = "E", value_parser = tolerance_from_str, allow_negative_numbers = true)]
    tolerance: f64,
    /// Device, as for predict
    #[arg(long, default_value = "auto", value_name = "DEVICE", value_parser = Device::from_str)]
    device: Device,
    #[command(flatten)]
    flags: ModelFlags,
    /// Print one JSON document to standard output
    #[arg(long)]
    json: bool,
}

impl VerifyArgs {
    pub fn request(&self) -> Result<workflow::verify::Request, Error> {
        Ok(workflow::verify::Request {
            model: self.model.clone(),
            input: self.input.clone(),
            expected: self.expected.clone(),
            tolerance: self.tolerance,
            device: self.device,
            flags: self.flags.clone().meant()?,
        })
    }
}

#[derive(Debug, clap::Args)]
pub struct DrawArgs {
    /// Number of eyes
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    pub count: u64,
    /// Seed; the same seed gives the same bytes
    #[arg(long)]
    seed: u64,
    /// Side length in pixels, or width and height
    #[arg(long, default_value = "512", value_name = "PX|WxH")]
    size: String,
    /// png or jpg
    #[arg(long, default_value = "png", value_parser = ["png", "jpg"])]
    format: String,
    /// Output folder for images, labels.csv and signs.json
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Print one JSON document to standard output
    #[arg(long)]
    json: bool,
}

impl DrawArgs {
    pub fn request(&self) -> Result<DrawRequest, Error> {
        // Picture sizes are written width first, network input sizes height first.
        let [width, height] = size_from_str(&self.size).map_err(Error::Usage)?;
        Ok(DrawRequest {
            count: self.count,
            seed: self.seed,
            size: (width, height),
            format: if self.format == "jpg" {
                PictureFormat::Jpeg
            } else {
                PictureFormat::Png
            },
            out: self.out.clone(),
        })
    }
}

/// Parses an enumeration by its serialised names.
fn word<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_value(serde_json::Value::String(text.to_owned())).map_err(|e| {
        // serde lists the names: "unknown variant `x`, expected one of `a`, `b`".
        e.to_string()
    })
}

fn yes_or_no(text: &str) -> Result<bool, String> {
    match text {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err("give yes or no".to_owned()),
    }
}

fn epsilon_from_str(text: &str) -> Result<f64, String> {
    from_0_to_1(text, "0.001")
}

fn share_from_str(text: &str) -> Result<f64, String> {
    from_0_to_1(text, "0.5")
}

fn from_0_to_1(text: &str, example: &str) -> Result<f64, String> {
    let number = text.trim().parse::<f64>().ok();
    number
        .filter(|number| (0.0..=1.0).contains(number))
        .ok_or_else(|| format!("give a number from 0 to 1 such as {example}"))
}

fn tolerance_from_str(text: &str) -> Result<f64, String> {
    let tolerance = text.trim().parse::<f64>().ok();
    tolerance
        .filter(|t| t.is_finite() && *t >= 0.0)
        .ok_or_else(|| "give a number of at least 0 such as 2e-5".to_owned())
}

fn card_field(word: &str) -> Result<CardField, String> {
    CardField::of_name(word.trim()).ok_or_else(|| {
        let fields = CardField::VARIANTS.iter().filter(|f| f.can_be_open());
        let names: Vec<&str> = fields.map(|f| f.name()).collect();
        format!("unknown field; choose from {}", names.join(", "))
    })
}

/// `HxW`, or one number for both.
fn size_from_str(text: &str) -> Result<[u32; 2], String> {
    let (a, b) = text.split_once(['x', 'X', '×']).unwrap_or((text, text));
    match (a.trim().parse(), b.trim().parse()) {
        (Ok(a), Ok(b)) => Ok([a, b]),
        _ => Err("give two numbers such as 224x224".to_owned()),
    }
}

fn three_from_str(text: &str) -> Result<[f32; 3], String> {
    let numbers: Result<Vec<f32>, _> = text.split(',').map(|n| n.trim().parse()).collect();
    numbers
        .ok()
        .filter(|numbers| numbers.iter().all(|n| n.is_finite()))
        .and_then(|n| n.try_into().ok())
        .ok_or_else(|| "give three numbers such as 0.485,0.456,0.406".to_owned())
}

fn scale_from_str(text: &str) -> Result<f64, String> {
    let [least, most] = ValueScale::SCALES;
    let number = text
        .trim()
        .parse()
        .ok()
        .filter(|n| ValueScale::is_scale(*n));
    number
        .ok_or_else(|| format!("give a number whose absolute value is between {least} and {most}"))
}

fn offset_from_str(text: &str) -> Result<f64, String> {
    let most = ValueScale::LARGEST_OFFSET;
    let number = text
        .trim()
        .parse()
        .ok()
        .filter(|n| ValueScale::is_offset(*n));
    number.ok_or_else(|| format!("give a number between -{most} and {most}"))
}

fn range_from_str(text: &str) -> Result<[f64; 2], String> {
    let numbers: Result<Vec<f64>, _> = text.split(',').map(|n| n.trim().parse()).collect();
    match numbers.as_deref() {
        Ok(&[low, high]) if low.is_finite() && high.is_finite() && low < high => Ok([low, high]),
        _ => Err("give two numbers, the lower first, such as 18,90".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        Args::command().debug_assert();
    }

    #[test]
    fn words_and_numbers_are_read() {
        assert_eq!(word::<Resize>("cv2-linear"), Ok(Resize::Cv2Linear));
        assert!(
            word::<Resize>("lanczos")
                .unwrap_err()
                .contains("tf-bilinear")
        );
        assert_eq!(size_from_str("300x224"), Ok([300, 224]));
        assert_eq!(size_from_str("224"), Ok([224, 224]));
        assert_eq!(three_from_str("0.5, 0.25,-1"), Ok([0.5, 0.25, -1.0]));
        for text in ["1,2", "1,2,inf", "nan,1,1", "1,2,1e40"] {
            assert!(three_from_str(text).is_err(), "{text}");
        }
        assert_eq!(tolerance_from_str("0"), Ok(0.0));
        assert_eq!(tolerance_from_str("1e-5"), Ok(1e-5));
        for text in ["inf", "-inf", "nan", "1e400", "-1", "-1e-9", "", "x"] {
            assert!(tolerance_from_str(text).is_err(), "{text}");
        }
        assert_eq!(share_from_str("1"), Ok(1.0));
        for text in ["inf", "nan", "1.01", "-0.1", "50%"] {
            assert!(share_from_str(text).is_err(), "{text}");
        }
        assert_eq!(scale_from_str("-12.5"), Ok(-12.5));
        assert_eq!(offset_from_str("0"), Ok(0.0));
        for text in ["0", "nan", "inf", "1e9", "x", ""] {
            assert!(scale_from_str(text).is_err(), "{text}");
        }
        for text in ["nan", "-inf", "1e9", ""] {
            assert!(offset_from_str(text).is_err(), "{text}");
        }
        assert_eq!(range_from_str("17, 94"), Ok([17.0, 94.0]));
        for text in ["94,17", "17", "17,nan", "17,17", "1,2,3"] {
            assert!(range_from_str(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_file_without_a_command_opens_the_window() {
        let args = Args::try_parse_from(["gantei", "../some.jpg"]).unwrap();
        assert!(args.command.is_none());
        assert_eq!(args.files, [PathBuf::from("../some.jpg")]);
    }
}
