//! Arguments of `gantei explain`.

use std::path::PathBuf;
use std::str::FromStr;

use clap::ValueEnum;
use strum::IntoEnumIterator;

use super::errors;
use super::figure_args::{FigureArgs, lang_from_str};
use crate::domain::{Landmarks, Point};
use crate::imaging::OpenOptions;
use crate::runtime::Device;
use crate::saliency::sanity_checks::Settings;
use crate::saliency::{Baseline, InvalidSetting, Method, Recipe};
use crate::text::Lang;
use crate::text::report::{Report, capital};
use crate::workflow::anatomy::{MOST_RANDOMS, RANDOMS, RegionOptions};
use crate::workflow::explain::{ExplainInput, ExplainRequest, MapRequest};
use crate::workflow::{Error, demonstration};

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum SanityCheckPart {
    /// Deletion and insertion of the map's cells against random areas
    Hiding,
    /// Maps of networks with randomised weights
    Weights,
    /// Maps of slightly perturbed photographs
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
    /// Network input as Keras takes it: NHWC float32, any batch size
    #[arg(long, value_name = "X.npy")]
    tensor: Option<PathBuf>,
    /// Id of a model in the library, or its file, folder or archive
    #[arg(long, default_value = demonstration::DEFAULT, value_name = "ID|FILE")]
    model: String,
    #[arg(long, help = methods(), default_value = "grad-cam", value_name = "METHOD", value_parser = method_from_str)]
    method: Method,
    /// Layer of a class activation map by its Keras name; by default the last feature map
    #[arg(long, value_name = "NAME")]
    layer: Option<String>,
    /// Index of the output to explain, from 0, before the last activation
    #[arg(long, value_name = "K")]
    target: Option<usize>,
    #[arg(long, help = steps(), value_name = "N")]
    steps: Option<usize>,
    #[arg(long, help = baselines(), value_name = "BASELINE", value_parser = baseline_from_str)]
    baseline: Option<Baseline>,
    /// Seed of smooth-grad's noise, and of the sanity checks' randomised weights and random areas (0)
    #[arg(long, value_name = "S")]
    seed: Option<u64>,
    /// Run the sanity checks on the map: all, or some of hiding, weights and stability
    #[arg(long = "controls", value_name = "PARTS", num_args = 0..=1, require_equals = true, value_delimiter = ',')]
    sanity_checks: Option<Vec<SanityCheckPart>>,
    /// Contribution by region: the shares of disc, peripapillary ring, macula, arcades, rest and outside, and the answer
    /// with each of them hidden; written to the field regions of the JSON
    ///
    /// Disc and fovea come from --disc and --fovea; otherwise they are found in the photograph, which is a finding.
    /// Every region takes a pass through the network, and each of its random areas another. For comparison: the
    /// attention weights of another model for recorded sex were macula 0.408, disc 0.383, vessels 0.209
    /// (openreview.net, fGqcPjO8vt); attention is not a share of evidence, and which label a region supports is a
    /// property of a model, not a rule of anatomy.
    #[arg(long)]
    regions: bool,
    /// Centre of the optic disc in pixels of the upright photograph
    #[arg(long, value_name = "X,Y", requires_all = ["regions", "fovea"], value_parser = point_from_str, allow_hyphen_values = true)]
    disc: Option<Point>,
    /// Fovea in pixels of the upright photograph
    #[arg(long, value_name = "X,Y", requires_all = ["regions", "disc"], value_parser = point_from_str, allow_hyphen_values = true)]
    fovea: Option<Point>,
    /// Random areas of equal size hidden for comparison with each region
    #[arg(long, value_name = "N", requires = "regions", default_value_t = RANDOMS, value_parser = random_areas)]
    random_areas: usize,
    /// Fill of hidden cells in the sanity checks: blur, mean or black
    #[arg(long, default_value = "blur", value_name = "BASELINE", value_parser = baseline_from_str, requires = "sanity_checks")]
    fill: Baseline,
    #[command(flatten)]
    figure: FigureArgs,
    /// Also write a case report about each photograph as PDF, in English (en) or Japanese (ja)
    #[arg(long, value_name = "LANG", num_args = 0..=1, require_equals = true, default_missing_value = "en", conflicts_with = "tensor", value_parser = lang_from_str)]
    report: Option<Lang>,
    /// Device, as for predict
    #[arg(long, default_value = "auto", value_name = "DEVICE", value_parser = Device::from_str)]
    device: Device,
    /// Use pictures even if they do not look like fundus photographs
    #[arg(long)]
    accept_any_picture: bool,
    /// Replace file names with numbers everywhere
    #[arg(long)]
    mask_names: bool,
    /// Output folder for the maps
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Print one JSON document to standard output
    #[arg(long)]
    json: bool,
}

impl ExplainArgs {
    /// # Errors
    /// [`Error::Usage`] for conflicting flags.
    pub fn request(self) -> Result<ExplainRequest, Error> {
        let request = self.requested();
        let refuse = |why: String| Err(Error::Usage(why));
        match (request.map.recipe.check(), &request.subject) {
            (Err(InvalidSetting::NotOfMethod { method, setting }), _) => refuse(format!(
                "the method {method} has no --{setting}; leave it out"
            )),
            (Err(InvalidSetting::Steps { method, most }), _) => {
                refuse(format!("--steps must be 1 to {most} for {method}"))
            }
            (Ok(()), ExplainInput::Tensor(_)) if request.regions.is_some() => {
                refuse("regions need a photograph; leave --regions out with --tensor".to_owned())
            }
            (Ok(()), ExplainInput::Tensor(_)) if request.figure.is_some() => {
                refuse("a figure needs a photograph; leave --figure out with --tensor".to_owned())
            }
            (Ok(()), _) => Ok(request),
        }
    }

    fn requested(self) -> ExplainRequest {
        // With sanity checks the seed may be theirs alone.
        let of_the_method = self.sanity_checks.is_none() || self.method.description().has_seed;
        ExplainRequest {
            subject: match self.tensor {
                Some(tensor) => ExplainInput::Tensor(tensor),
                None => ExplainInput::Photographs(self.inputs),
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
            sanity_checks: self.sanity_checks.map(|parts| {
                let desired = |part| parts.is_empty() || parts.contains(&part);
                Settings {
                    seed: self.seed.unwrap_or(0),
                    fill: self.fill,
                    deletion: desired(SanityCheckPart::Hiding),
                    weights: desired(SanityCheckPart::Weights),
                    stability: desired(SanityCheckPart::Stability),
                }
            }),
            regions: self.regions.then_some(RegionOptions {
                marks: marks(self.disc, self.fovea),
                randoms: self.random_areas,
            }),
            figure: self.figure.request(),
            open: OpenOptions {
                accept_any_picture: self.accept_any_picture,
                ..OpenOptions::default()
            },
            mask_names: self.mask_names,
            report: self.report,
            advice: |error| errors::hint(error).into_owned(),
            out: self.out,
        }
    }
}

/// The methods by name.
fn methods() -> String {
    listed(Method::iter().map(Method::as_str), "or")
}

/// What each method counts, with its default number.
fn steps() -> String {
    let report = Report(Lang::En);
    let each = Method::iter().filter_map(|method| {
        let steps = method.description().steps?;
        let [what, more] = report.steps_of(steps.of).map(str::to_lowercase);
        let more = Some(more).filter(|more| !more.is_empty());
        let more = more.map(|more| format!(" {more}")).unwrap_or_default();
        Some(format!("{what}{more} for {method} ({})", steps.default))
    });
    let each: Vec<String> = each.collect();
    capital(&listed(each.iter().map(String::as_str), "or"))
}

fn baselines() -> String {
    let names = listed(Baseline::iter().map(Baseline::as_str), "or");
    let each = Method::iter().filter_map(|method| {
        let own = method.description().baseline?;
        Some(format!("{method} ({own})"))
    });
    let each: Vec<String> = each.collect();
    let methods = listed(each.iter().map(String::as_str), "and");
    format!("{names}: baseline input, for {methods}")
}

/// `a, b or c`.
fn listed<'a>(words: impl Iterator<Item = &'a str>, join: &str) -> String {
    let words: Vec<&str> = words.collect();
    match words.split_last() {
        Some((last, others)) if !others.is_empty() => {
            format!("{} {join} {last}", others.join(", "))
        }
        _ => words.concat(),
    }
}

fn method_from_str(text: &str) -> Result<Method, String> {
    let all = Method::iter().map(Method::as_str).collect::<Vec<_>>();
    let unknown = |_| format!("unknown saliency method; use one of {}", all.join(", "));
    text.parse().map_err(unknown)
}

fn baseline_from_str(text: &str) -> Result<Baseline, String> {
    let names = listed(Baseline::iter().map(Baseline::as_str), "or");
    text.parse()
        .map_err(|_| format!("unknown baseline; use {names}"))
}

/// `X,Y` in pixels.
fn point_from_str(text: &str) -> Result<Point, String> {
    let numbers: Result<Vec<f64>, _> = text.split(',').map(|n| n.trim().parse()).collect();
    match numbers.as_deref() {
        Ok(&[x, y]) if x.is_finite() && y.is_finite() => Ok(Point { x, y }),
        _ => Err("give two pixel coordinates such as 712.5,423".to_owned()),
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

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::args::{Args, Command};

    #[test]
    fn controls_are_all_or_some_and_take_the_seed() {
        let request = |more: &[&str]| {
            let words = [&["gantei", "explain", "a.png", "--out", "o"], more].concat();
            match Args::try_parse_from(words).unwrap().command {
                Some(Command::Explain(args)) => args.request().unwrap(),
                _ => unreachable!("the command is explain"),
            }
        };
        assert_eq!(request(&[]).sanity_checks, None);
        let all = request(&["--controls", "--seed", "3", "--fill", "mean"]);
        let settings = all.sanity_checks.unwrap();
        assert!(settings.deletion && settings.weights && settings.stability);
        assert_eq!((settings.seed, settings.fill), (3, Baseline::Mean));
        // Grad-CAM has no seed of its own.
        assert_eq!(all.map.recipe.seed, None);
        let some = request(&["--controls=hiding,weights"])
            .sanity_checks
            .unwrap();
        assert!(some.deletion && some.weights && !some.stability);
        let refused = |more: &[&str]| {
            let words = [&["gantei", "explain", "--out", "o"], more].concat();
            match Args::try_parse_from(words).unwrap().command {
                Some(Command::Explain(args)) => args.request().unwrap_err().to_string(),
                _ => unreachable!("the command is explain"),
            }
        };
        let unfit = refused(&["a.png", "--steps", "3"]);
        assert_eq!(unfit, "the method grad-cam has no --steps; leave it out");
        let many = refused(&["a.png", "--method", "occlusion", "--steps", "65"]);
        assert_eq!(many, "--steps must be 1 to 64 for occlusion");
        let flat = refused(&["--tensor", "x.npy", "--regions"]);
        assert!(flat.contains("leave --regions out"), "{flat}");
        let alone = ["gantei", "explain", "a.png", "--out", "o", "--fill", "mean"];
        assert!(Args::try_parse_from(alone).is_err());
    }
}
