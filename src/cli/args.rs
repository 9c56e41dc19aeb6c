//! The words of the command line, as the contract fixes them, turned into what they mean.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Parser, Subcommand, ValueEnum};
use serde::de::DeserializeOwned;

use crate::clinic::{
    ColourOrder, Crop, Head, HeadNorm, HiddenActivation, Landmarks, Laterality, Point, Pooling,
    Resize, Scaling, Task,
};
use crate::drawing::PictureFormat;
use crate::imaging::OpenOptions;
use crate::keras::Architecture;
use crate::runtime::Device;
use crate::saliency::controls::Settings;
use crate::saliency::{Baseline, Method, Recipe};
use crate::workflow::anatomy::{MOST_RANDOMS, RANDOMS, RegionsWanted};
use crate::workflow::explain::{ExplainRequest, MapRequest, Subject};
use crate::workflow::presets::Preset;
use crate::workflow::{
    self, BatchOptions, CheckRequest, DrawRequest, Error, ImportFlags, demonstration,
};

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
    Predict(PredictArgs),
    /// Write the raw map of what moved a score
    Explain(ExplainArgs),
    /// List the models
    Models(JsonArgs),
    /// Try every engine and device
    Devices(JsonArgs),
    /// The ONNX Runtime library
    Runtime(RuntimeArgs),
    /// Import a Keras file into the model library
    Import(ImportArgs),
    /// Find the preprocessing of a model on images with known labels
    CheckImport(CheckImportArgs),
    /// Compare a model with what Keras gave for the same input tensor
    Verify(VerifyArgs),
    /// Draw fundus photographs by computer
    Draw(DrawArgs),
}

#[derive(Debug, clap::Args)]
pub struct JsonArgs {
    /// One JSON document on standard output
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, clap::Args)]
pub struct PredictArgs {
    /// Photographs and folders
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    /// Id of a model in the library, or a Keras file; may be repeated
    #[arg(long = "model", value_name = "ID|FILE")]
    models: Vec<String>,
    /// What moved the score
    #[arg(long, default_value = "grad-cam")]
    saliency: Saliency,
    /// auto, embedded, cpu, cuda, tensorrt, directml, coreml, openvino, webgpu, migraphx or xnnpack
    #[arg(long, default_value = "auto", value_name = "DEVICE", value_parser = Device::from_str)]
    device: Device,
    /// The eye of every photograph given: OD (right) or OS (left)
    #[arg(long, value_name = "OD|OS", value_parser = eye_from_str)]
    eye: Option<Laterality>,
    /// Frame of a multi-frame DICOM file, from 1
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    frame: Option<u32>,
    /// Use pictures that do not look like fundus photographs all the same
    #[arg(long)]
    accept_any_picture: bool,
    /// Folder for results.csv, results.json and overlays; nothing is written without it
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// One JSON document on standard output
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Saliency {
    GradCam,
    None,
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
            out: self.out,
            ..BatchOptions::default()
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ControlPart {
    /// Hide and show the map's cells against random areas
    Hiding,
    /// The map of networks with shuffled weights
    Weights,
    /// The map of slightly changed photographs
    Stability,
}

#[derive(Debug, clap::Args)]
pub struct ExplainArgs {
    /// Photographs and folders
    #[arg(
        required_unless_present = "tensor",
        conflicts_with = "tensor",
        value_name = "INPUT"
    )]
    inputs: Vec<PathBuf>,
    /// A network input as Keras takes it: NHWC float32, any batch
    #[arg(long, value_name = "X.npy")]
    tensor: Option<PathBuf>,
    /// Id of a model in the library, or a Keras file
    #[arg(long, default_value = demonstration::DEFAULT, value_name = "ID|FILE")]
    model: String,
    /// grad-cam, hires-cam, layer-cam, integrated-gradients, smooth-grad, occlusion or input-gradient
    #[arg(long, default_value = "grad-cam", value_name = "METHOD", value_parser = method_from_str)]
    method: Method,
    /// Layer of a class activation map by its name in Keras; the last feature map without it
    #[arg(long, value_name = "NAME")]
    layer: Option<String>,
    /// One output by its number, from 0, before the last activation
    #[arg(long, value_name = "K")]
    target: Option<usize>,
    /// Steps of integrated-gradients and samples of smooth-grad (50), or patches along the longer side for occlusion (16)
    #[arg(long, value_name = "N")]
    steps: Option<usize>,
    /// black, blur or mean: where integrated-gradients start (black) and what occlusion hides with (mean)
    #[arg(long, value_name = "BASELINE", value_parser = Baseline::from_str)]
    baseline: Option<Baseline>,
    /// Seed of smooth-grad's noise, and of the controls' shuffles and random areas (0)
    #[arg(long, value_name = "S")]
    seed: Option<u64>,
    /// Run the controls on the map: all, or some of hiding, weights and stability
    #[arg(long, value_name = "PARTS", num_args = 0..=1, require_equals = true, value_delimiter = ',')]
    controls: Option<Vec<ControlPart>>,
    /// Evidence by anatomy: the share of disc, peripapillary ring, macula, arcades, rest and outside, and the answer with
    /// each of them hidden; into the field regions of the JSON
    ///
    /// Disc and fovea are those of --disc and --fovea, or else found in the photograph, which is a finding. Every region
    /// takes a pass through the network, and each of its random areas another. For comparison: the attention weights of
    /// another model for recorded sex were macula 0.408, disc 0.383, vessels 0.209 (openreview.net, fGqcPjO8vt); attention
    /// is no share of evidence, and which label a region speaks for is a trait of a model, no rule of anatomy.
    #[arg(long)]
    regions: bool,
    /// Centre of the optic disc in pixels of the upright photograph
    #[arg(long, value_name = "X,Y", requires_all = ["regions", "fovea"], value_parser = point_from_str, allow_hyphen_values = true)]
    disc: Option<Point>,
    /// The fovea in pixels of the upright photograph
    #[arg(long, value_name = "X,Y", requires_all = ["regions", "disc"], value_parser = point_from_str, allow_hyphen_values = true)]
    fovea: Option<Point>,
    /// Random areas of equal size that are hidden beside each region
    #[arg(long, value_name = "N", requires = "regions", default_value_t = RANDOMS, value_parser = random_areas)]
    random_areas: usize,
    /// What the controls hide with: blur, mean or black
    #[arg(long, default_value = "blur", value_name = "BASELINE", value_parser = Baseline::from_str, requires = "controls")]
    fill: Baseline,
    /// Device, as for predict
    #[arg(long, default_value = "auto", value_name = "DEVICE", value_parser = Device::from_str)]
    device: Device,
    /// Use pictures that do not look like fundus photographs all the same
    #[arg(long)]
    accept_any_picture: bool,
    /// Folder for the maps
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// One JSON document on standard output
    #[arg(long)]
    json: bool,
}

impl ExplainArgs {
    pub fn request(self) -> Result<ExplainRequest, Error> {
        // With controls the seed may be theirs alone.
        let of_the_method = self.controls.is_none() || self.method == Method::SmoothGrad;
        Ok(ExplainRequest {
            subject: match self.tensor {
                Some(tensor) => Subject::Tensor(tensor),
                None => Subject::Photographs(self.inputs),
            },
            map: MapRequest {
                model: self.model,
                recipe: Recipe {
                    method: self.method,
                    target: self.target,
                    layer: self.layer,
                    steps: self.steps,
                    baseline: self.baseline,
                    seed: self.seed.filter(|_| of_the_method),
                },
                device: self.device,
            },
            controls: self.controls.map(|parts| {
                let wanted = |part| parts.is_empty() || parts.contains(&part);
                Settings {
                    seed: self.seed.unwrap_or(0),
                    fill: self.fill,
                    hiding: wanted(ControlPart::Hiding),
                    weights: wanted(ControlPart::Weights),
                    stability: wanted(ControlPart::Stability),
                }
            }),
            regions: self.regions.then_some(RegionsWanted {
                marks: marks(self.disc, self.fovea),
                randoms: self.random_areas,
            }),
            open: OpenOptions {
                accept_any_picture: self.accept_any_picture,
                ..OpenOptions::default()
            },
            out: self.out,
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
    /// Put an ONNX Runtime library where the application looks for it
    Install(InstallArgs),
}

#[derive(Debug, clap::Args)]
pub struct InstallArgs {
    /// The official wheel of Python's package onnxruntime, or a library
    #[arg(value_name = "WHEEL|LIBRARY")]
    pub file: PathBuf,
    /// Take a file whose checksum is not pinned
    #[arg(long)]
    pub accept: bool,
    /// One JSON document on standard output
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub struct ImportArgs {
    /// A model file: Keras .h5, .keras or .weights.h5, or ONNX
    pub file: PathBuf,
    #[command(flatten)]
    flags: ModelFlags,
    /// Write what is known as a card draft and store nothing
    #[arg(long, value_name = "FILE")]
    pub draft: Option<PathBuf>,
    /// One JSON document on standard output
    #[arg(long)]
    json: bool,
}

impl ImportArgs {
    pub fn flags(&self) -> Result<ImportFlags, Error> {
        self.flags.clone().meant()
    }
}

/// What a person can say about a model.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct ModelFlags {
    /// Name of the model in the library
    #[arg(long)]
    id: Option<String>,
    /// A model card or a filled-in draft
    #[arg(long, value_name = "FILE")]
    card: Option<PathBuf>,
    /// joir-efficientnet-b7, joir-mobilenet, joir-age or joir-other
    #[arg(long, value_parser = Preset::from_str)]
    preset: Option<Preset>,
    /// Height and width of the network's input, where the file leaves them open
    #[arg(long, value_name = "HxW", value_parser = size_from_str)]
    input_size: Option<[u32; 2]>,
    /// sigmoid, softmax or linear
    #[arg(long, value_parser = word::<Head>)]
    head: Option<Head>,
    /// For weights alone whose network is not recognised: its name in Keras applications, such as EfficientNetB7
    #[arg(long, value_name = "NAME", value_parser = Architecture::from_str)]
    architecture: Option<Architecture>,
    /// For weights alone: activation of the dense layers before the last, relu or linear
    #[arg(long, value_parser = word::<HiddenActivation>)]
    hidden_activation: Option<HiddenActivation>,
    /// For the weights of an EfficientNet alone: whether it began with the weights of ImageNet, yes or no
    #[arg(long, value_name = "yes|no", value_parser = yes_or_no)]
    imagenet_rescaling: Option<bool>,
    /// For weights alone: what stands behind the last feature map, avg, max or flatten
    #[arg(long, value_parser = word::<Pooling>)]
    pooling: Option<Pooling>,
    /// For weights alone with a batch norm behind a hidden dense layer: before-activation or after-activation
    #[arg(long, value_parser = word::<HeadNorm>)]
    head_norm: Option<HeadNorm>,
    /// For weights alone with a batch norm in the head: its epsilon (Keras: 0.001)
    #[arg(long, value_name = "E", value_parser = epsilon_from_str)]
    norm_epsilon: Option<f64>,
    /// raw, unit, tf, torch or custom
    #[arg(long, value_parser = word::<Scaling>)]
    scaling: Option<Scaling>,
    /// For custom scaling: three means on the scale 0–1
    #[arg(long, value_name = "A,B,C", value_parser = three_from_str, allow_hyphen_values = true)]
    mean: Option<[f32; 3]>,
    /// For custom scaling: three standard deviations on the scale 0–1
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
    /// Labels of output 0 and output 1
    #[arg(long, value_name = "A,B")]
    labels: Option<String>,
    /// Operating threshold on the score, 0–1
    #[arg(long, value_name = "T")]
    threshold: Option<f64>,
    /// sex, age or other
    #[arg(long, value_parser = word::<Task>)]
    task: Option<Task>,
}

impl ModelFlags {
    fn meant(self) -> Result<ImportFlags, Error> {
        let labels = self.labels.map(|text| {
            let labels: Vec<String> = text.split(',').map(|l| l.trim().to_owned()).collect();
            match labels.len() {
                2 => Ok(labels),
                n => Err(Error::Usage(format!(
                    "--labels takes two labels, for output 0 and output 1; {n} were given"
                ))),
            }
        });
        Ok(ImportFlags {
            id: self.id,
            card: self.card,
            preset: self.preset,
            input_size: self.input_size,
            head: self.head,
            scaling: self.scaling,
            mean: self.mean,
            std: self.std,
            colour: self.colour,
            resize: self.resize,
            crop: self.crop,
            labels: labels.transpose()?,
            threshold: self.threshold,
            task: self.task,
            architecture: self.architecture,
            hidden_activation: self.hidden_activation,
            imagenet_rescaling: self.imagenet_rescaling,
            pooling: self.pooling,
            head_norm: self.head_norm,
            norm_epsilon: self.norm_epsilon,
            // Where nobody sees a mark, nothing is guessed.
            guess: false,
        })
    }
}

#[derive(Debug, clap::Args)]
pub struct CheckImportArgs {
    /// Id of a model in the library, or a Keras file
    #[arg(value_name = "MODEL")]
    model: String,
    /// Table of labels (CSV): columns image and sex, age or label; person, where known
    #[arg(long, value_name = "FILE")]
    labels: PathBuf,
    /// Photographs and folders
    #[arg(required = true, value_name = "IMAGES")]
    images: Vec<PathBuf>,
    /// Run every setting; without it resize kernels are tried for the best few only
    #[arg(long)]
    full: bool,
    /// Write the best setting, or that of another row, into the card of a model in the library
    #[arg(long, value_name = "ROW", num_args = 0..=1, require_equals = true, default_missing_value = "1")]
    pub apply: Option<usize>,
    /// Folder for check.json, check.csv and check-scores.csv; nothing is written without it
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Use pictures that do not look like fundus photographs all the same
    #[arg(long)]
    accept_any_picture: bool,
    /// Device, as for predict
    #[arg(long, default_value = "auto", value_name = "DEVICE", value_parser = Device::from_str)]
    device: Device,
    /// One JSON document on standard output
    #[arg(long)]
    json: bool,
}

impl CheckImportArgs {
    pub fn request(&self) -> CheckRequest {
        CheckRequest {
            model: self.model.clone(),
            labels: self.labels.clone(),
            images: self.images.clone(),
            device: self.device,
            full: self.full,
            accept_any_picture: self.accept_any_picture,
        }
    }
}

#[derive(Debug, clap::Args)]
pub struct VerifyArgs {
    /// A Keras file, or the id of a model in the library
    #[arg(value_name = "FILE_OR_ID")]
    model: String,
    /// The network's input as Keras takes it: NHWC float32
    #[arg(long, value_name = "X.npy")]
    input: PathBuf,
    /// What Keras gave for it
    #[arg(long, value_name = "Y.npy")]
    expected: PathBuf,
    /// Largest absolute error
    #[arg(long, default_value_t = 2e-5)]
    tolerance: f64,
    /// Device, as for predict
    #[arg(long, default_value = "auto", value_name = "DEVICE", value_parser = Device::from_str)]
    device: Device,
    #[command(flatten)]
    flags: ModelFlags,
    /// One JSON document on standard output
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
    /// Seed: the same seed gives the same bytes
    #[arg(long)]
    seed: u64,
    /// Side in pixels, or width and height
    #[arg(long, default_value = "512", value_name = "PX|WxH")]
    size: String,
    /// png or jpg
    #[arg(long, default_value = "png", value_parser = ["png", "jpg"])]
    format: String,
    /// Folder for images, labels.csv and signs.json
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// One JSON document on standard output
    #[arg(long)]
    json: bool,
}

impl DrawArgs {
    pub fn request(&self) -> Result<DrawRequest, Error> {
        // Sizes of pictures are written width first, sizes of network inputs height first.
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

/// Reads an enumeration by the words of its serialised form.
fn word<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_value(serde_json::Value::String(text.to_owned())).map_err(|e| {
        // serde lists the words: "unknown variant `x`, expected one of `a`, `b`".
        e.to_string()
    })
}

/// Of the contract's methods, those that are computed.
fn method_from_str(text: &str) -> Result<Method, String> {
    text.parse().map_err(|e| {
        let all = Method::ALL.map(Method::as_str).join(", ");
        format!("{e}; use one of {all}")
    })
}

fn eye_from_str(text: &str) -> Result<Laterality, String> {
    match text.to_ascii_uppercase().as_str() {
        "OD" => Ok(Laterality::Od),
        "OS" => Ok(Laterality::Os),
        _ => Err("give OD (right eye) or OS (left eye)".to_owned()),
    }
}

fn yes_or_no(text: &str) -> Result<bool, String> {
    match text {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err("give yes or no".to_owned()),
    }
}

fn epsilon_from_str(text: &str) -> Result<f64, String> {
    let epsilon = text.trim().parse::<f64>().ok();
    epsilon
        .filter(|e| e.is_finite() && (0.0..=1.0).contains(e))
        .ok_or_else(|| "give a number from 0 to 1 such as 0.001".to_owned())
}

/// `HxW`, or one number for both.
fn size_from_str(text: &str) -> Result<[u32; 2], String> {
    let (a, b) = text.split_once(['x', 'X', '×']).unwrap_or((text, text));
    match (a.trim().parse(), b.trim().parse()) {
        (Ok(a), Ok(b)) => Ok([a, b]),
        _ => Err("give two numbers such as 224x224".to_owned()),
    }
}

/// `X,Y` in pixels.
fn point_from_str(text: &str) -> Result<Point, String> {
    let numbers: Result<Vec<f64>, _> = text.split(',').map(|n| n.trim().parse()).collect();
    match numbers.as_deref() {
        Ok(&[x, y]) => Ok(Point { x, y }),
        _ => Err("give two numbers of pixels such as 712.5,423".to_owned()),
    }
}

fn marks(disc: Option<Point>, fovea: Option<Point>) -> Option<Landmarks> {
    Some(Landmarks {
        disc: disc?,
        fovea: fovea?,
    })
}

fn random_areas(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|n| *n <= MOST_RANDOMS);
    number.ok_or_else(|| format!("give a number from 0 to {MOST_RANDOMS}"))
}

fn three_from_str(text: &str) -> Result<[f32; 3], String> {
    let numbers: Result<Vec<f32>, _> = text.split(',').map(|n| n.trim().parse()).collect();
    numbers
        .ok()
        .and_then(|n| n.try_into().ok())
        .ok_or_else(|| "give three numbers such as 0.485,0.456,0.406".to_owned())
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
        assert!(three_from_str("1,2").is_err());
    }

    #[test]
    fn controls_are_all_or_some_and_take_the_seed() {
        let request = |more: &[&str]| {
            let words = [&["gantei", "explain", "a.png", "--out", "o"], more].concat();
            match Args::try_parse_from(words).unwrap().command {
                Some(Command::Explain(args)) => args.request().unwrap(),
                _ => unreachable!("explain was asked for"),
            }
        };
        assert_eq!(request(&[]).controls, None);
        let all = request(&["--controls", "--seed", "3", "--fill", "mean"]);
        let settings = all.controls.unwrap();
        assert!(settings.hiding && settings.weights && settings.stability);
        assert_eq!((settings.seed, settings.fill), (3, Baseline::Mean));
        // Grad-CAM has no seed of its own.
        assert_eq!(all.map.recipe.seed, None);
        let some = request(&["--controls=hiding,weights"]).controls.unwrap();
        assert!(some.hiding && some.weights && !some.stability);
        let alone = ["gantei", "explain", "a.png", "--out", "o", "--fill", "mean"];
        assert!(Args::try_parse_from(alone).is_err());
    }

    #[test]
    fn a_file_without_a_command_opens_the_window() {
        let args = Args::try_parse_from(["gantei", "../some.jpg"]).unwrap();
        assert!(args.command.is_none());
        assert_eq!(args.files, [PathBuf::from("../some.jpg")]);
    }
}
