//! The saliency methods, one file each: reference, settings, requirements on the network, and formula.
//!
//! A method runs no engine: it builds inputs, asks a [`Network`] for their outputs and computes a map from them. Adding
//! a method takes one more file, a variant of [`Method`], and its rows in `facts` and [`explain`].

mod grad_cam;
mod hires_cam;
mod input_gradient;
mod integrated_gradients;
mod layer_cam;
mod occlusion;
mod score_cam;
mod smooth_grad;

use super::{Error, Mask, Recipe, SaliencyMap, Stage, Target};
use crate::domain::{Baseline, Method, StepKind, Tensor};

/// A method's reference, settings and cost.
#[derive(Debug)]
pub struct MethodDescription {
    /// Printed name, in English and in Japanese.
    pub name: [&'static str; 2],
    /// Family names, in the order of the paper.
    pub authors: &'static [&'static str],
    pub year: u16,
    /// Title and venue of the paper.
    pub reference: &'static str,
    pub needs: Needs,
    /// The steps, samples or parts that can be set; `None` if there is nothing to count.
    pub steps: Option<Steps>,
    /// Default baseline; `None` if the method uses none.
    pub baseline: Option<Baseline>,
    /// The method draws random numbers.
    pub has_seed: bool,
    /// How many of the requested steps are taken.
    pub steps_taken: fn(&Recipe, Cost) -> usize,
    /// Passes through a network for one photograph.
    pub passes: fn(&Recipe, Cost) -> usize,
}

/// What a method needs from a network in addition to the logit.
#[derive(Clone, Copy, Debug)]
pub enum Needs {
    Nothing,
    /// A layer's feature map.
    Features,
    /// The target's gradient with respect to the input.
    InputGradient,
    /// A layer's feature map and the target's gradient with respect to it, from which a class activation map is
    /// computed.
    FeatureGradient(Weight),
}

/// The weight of one cell of a feature map, from the target's gradient there and the mean gradient of its channel.
pub type Weight = fn(gradient: f64, mean: f64) -> f64;

/// A number of steps, samples or parts chosen by the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Steps {
    pub of: StepKind,
    pub default: usize,
    pub most: usize,
    /// The offered choices.
    pub choices: &'static [usize],
}

/// What the number of passes depends on in addition to the recipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Height and width of the input.
    pub size: [usize; 2],
    /// Channels of the feature map used for a class activation map, if known.
    pub channels: Option<usize>,
    /// Partial maps are requested.
    pub progressive: bool,
}

/// A method with no settings that takes one pass.
const PLAIN: MethodDescription = MethodDescription {
    name: ["", ""],
    authors: &[],
    year: 0,
    reference: "",
    needs: Needs::Nothing,
    steps: None,
    baseline: None,
    has_seed: false,
    steps_taken: |recipe, _| recipe.steps(),
    passes: |_, _| 1,
};

/// Choices for steps and samples: each is cached as a separate map.
const CHOICES: &[usize] = &[10, 20, 50, 100, 200, 500];

impl Method {
    pub fn description(self) -> &'static MethodDescription {
        match self {
            Self::GradCam => &grad_cam::FACTS,
            Self::ScoreCam => &score_cam::FACTS,
            Self::HiresCam => &hires_cam::FACTS,
            Self::LayerCam => &layer_cam::FACTS,
            Self::IntegratedGradients => &integrated_gradients::FACTS,
            Self::SmoothGrad => &smooth_grad::FACTS,
            Self::Occlusion => &occlusion::FACTS,
            Self::InputGradient => &input_gradient::FACTS,
        }
    }

    /// A class activation map, which is computed at a layer.
    pub fn is_of_a_layer(self) -> bool {
        match self.description().needs {
            Needs::Features | Needs::FeatureGradient(_) => true,
            Needs::Nothing | Needs::InputGradient => false,
        }
    }
}

/// The map of one input.
///
/// # Errors
/// Errors of the network, and [`Error`] for outputs that do not fit.
pub fn explain<N: Network>(
    task: &InputToExplain<'_>,
    network: &mut N,
    notify: OnPartialMap<'_>,
) -> Result<Explanation, N::Error> {
    match task.recipe.method {
        Method::GradCam | Method::HiresCam | Method::LayerCam => super::cam::explain(task, network),
        Method::ScoreCam => score_cam::explain(task, network, notify),
        Method::IntegratedGradients => integrated_gradients::explain(task, network),
        Method::SmoothGrad => smooth_grad::explain(task, network, notify),
        Method::Occlusion => occlusion::explain(task, network, notify),
        Method::InputGradient => input_gradient::explain(task, network),
    }
}

/// An open network, extended by the outputs that the method needs.
pub trait Network {
    type Error: From<Error>;

    /// One run with a batch of inputs (n, 3, H, W): these outputs in this order, each with n rows.
    fn run(&mut self, x: &Tensor, outputs: &[Output]) -> Result<Vec<Tensor>, Self::Error>;
}

/// An output of the extended network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    Logit,
    InputGradient,
    /// The feature map of the task's layer.
    Features,
    FeatureGradient,
}

/// Receives unfinished maps.
pub type OnPartialMap<'a> = &'a mut dyn FnMut(SaliencyMap);

/// One input to explain.
#[derive(Clone, Copy, Debug)]
pub struct InputToExplain<'a> {
    pub recipe: &'a Recipe,
    pub target: Target,
    /// (1, 3, H, W), in the network's scale.
    pub x: &'a Tensor,
    /// The layer of a class activation map.
    pub stage: Option<&'a Stage>,
    /// A black pixel in the network's scale, one value per channel.
    pub black: &'a [f32],
    /// The field of view in the input, over which a mean is taken; `None` for the whole input.
    pub inside: Option<&'a Mask>,
    /// Maximum number of inputs per run.
    pub batch: usize,
    /// Partial maps are requested.
    pub progressive: bool,
}

/// The result for one input.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// For display; for attributions the sum over the channels.
    pub map: SaliencyMap,
    /// The values written to a file: (h, w), (H, W, 3) or (rows, columns).
    pub tensor: Tensor,
    /// The target at the input, if computed.
    pub target_value: Option<f64>,
    /// The target at the baseline, if the method needs it.
    pub baseline_value: Option<f64>,
    /// Integrated gradients only.
    pub completeness_gap: Option<f64>,
}

impl Explanation {
    /// For a map whose displayed values are also the written ones.
    pub fn of_map(map: SaliencyMap, target_value: Option<f64>) -> Self {
        Self {
            tensor: map.to_tensor(),
            map,
            target_value,
            baseline_value: None,
            completeness_gap: None,
        }
    }
}

impl InputToExplain<'_> {
    /// The input with all evidence removed.
    fn baseline(&self) -> Tensor {
        let baseline = self.recipe.baseline();
        baseline.within(self.x, self.black, self.inside)
    }

    /// The target at each input of a batch.
    fn targets<N: Network>(&self, network: &mut N, x: &Tensor) -> Result<Vec<f64>, N::Error> {
        let found = one(network, x, Output::Logit)?;
        let count = x.shape.first().copied().unwrap_or(0).max(1);
        let rows = found.values.chunks((found.values.len() / count).max(1));
        let targets: Result<Vec<f64>, Error> = rows.map(|z| self.target.value(z)).collect();
        Ok(targets?)
    }

    /// The target at one input.
    fn target_at<N: Network>(&self, network: &mut N, x: &Tensor) -> Result<f64, N::Error> {
        let found = one(network, x, Output::Logit)?;
        Ok(self.target.value(&found.values)?)
    }
}

/// A single output, since an engine may compute only what is requested.
fn one<N: Network>(network: &mut N, x: &Tensor, output: Output) -> Result<Tensor, N::Error> {
    let found = network.run(x, &[output])?;
    let found = found.into_iter().next();
    Ok(found.ok_or_else(|| Error::Shape(format!("the engine returned no {output:?}")))?)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn every_method_says_after_whom_it_is_and_what_it_costs() {
        let of = |wording: fn(&MethodDescription) -> &str| -> BTreeSet<&str> {
            Method::iter().map(|m| wording(m.description())).collect()
        };
        let count = Method::iter().count();
        for wording in [
            of(|f| f.name[0]),
            of(|f| f.name[1]),
            of(|f| f.reference),
            of(|f| f.authors[0]),
        ] {
            assert_eq!(wording.len(), count, "{wording:?}");
            assert!(wording.iter().all(|text| !text.is_empty()));
        }
        for method in Method::iter() {
            let facts = method.description();
            assert!((2010..2030).contains(&facts.year), "{method}");
            if let Some(steps) = facts.steps {
                assert!(steps.choices.contains(&steps.default), "{method}");
                assert!(steps.choices.iter().all(|n| (1..=steps.most).contains(n)));
            }
        }
    }
}
