//! How to compute one map: a method with its settings.

use super::methods::{Cost, Steps};
use crate::domain::{Baseline, Method};

/// A method with its settings. `None` means the method's default, or that the method has no such setting.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Recipe {
    pub method: Method,
    /// One output by its index; `None` for the model's own target.
    pub target: Option<usize>,
    /// Class activation maps: a layer by its Keras name; `None` for the last feature map.
    pub layer: Option<String>,
    /// The number of steps, samples or parts, see [`super::methods::MethodDescription::steps`].
    pub steps: Option<usize>,
    /// What the method compares with.
    pub baseline: Option<Baseline>,
    /// Seed of the method's random numbers; `None` for 0.
    pub seed: Option<u64>,
}

/// Settings in addition to the target, for methods that have them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::Display)]
#[strum(serialize_all = "kebab-case")]
pub enum Setting {
    Layer,
    Steps,
    Baseline,
    Seed,
}

/// A setting that the method does not have, or that is out of range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSetting {
    #[error("the method {method} has no {setting}; leave it out")]
    NotOfMethod { method: Method, setting: Setting },
    #[error("the steps must be 1 to {most} for {method}")]
    Steps { method: Method, most: usize },
}

impl Recipe {
    /// The map computed in every run at the cost of its own pass: Grad-CAM at the last feature map.
    pub const OF_EVERY_RUN: Self = Self::of(Method::GradCam);

    /// A method with its defaults.
    pub const fn of(method: Method) -> Self {
        Self {
            method,
            target: None,
            layer: None,
            steps: None,
            baseline: None,
            seed: None,
        }
    }

    /// # Errors
    /// [`InvalidSetting`] for the first setting that the method does not have or that is out of range.
    pub fn check(&self) -> Result<(), InvalidSetting> {
        let (method, facts) = (self.method, self.method.description());
        for (setting, given, fits) in [
            (Setting::Layer, self.layer.is_some(), method.is_of_a_layer()),
            (Setting::Steps, self.steps.is_some(), facts.steps.is_some()),
            (
                Setting::Baseline,
                self.baseline.is_some(),
                facts.baseline.is_some(),
            ),
            (Setting::Seed, self.seed.is_some(), facts.has_seed),
        ] {
            if given && !fits {
                return Err(InvalidSetting::NotOfMethod { method, setting });
            }
        }
        match (self.steps, facts.steps) {
            (Some(steps), Some(Steps { most, .. })) if !(1..=most).contains(&steps) => {
                Err(InvalidSetting::Steps { method, most })
            }
            _ => Ok(()),
        }
    }

    /// The canonical form of the recipe: settings equal to the default are omitted, so that equal maps have equal
    /// recipes.
    pub fn plain(self) -> Self {
        let default = Self::of(self.method);
        Self {
            steps: self.steps.filter(|s| *s != default.steps()),
            baseline: self.baseline.filter(|b| *b != default.baseline()),
            seed: self.seed.filter(|s| *s != default.seed()),
            ..self
        }
    }

    /// 1 for a method without steps.
    pub fn steps(&self) -> usize {
        let own = self.method.description().steps.map(|s| s.default);
        self.steps.or(own).unwrap_or(1)
    }

    /// Black for a method without a baseline.
    pub fn baseline(&self) -> Baseline {
        let own = self.method.description().baseline;
        self.baseline.or(own).unwrap_or(Baseline::Black)
    }

    /// Passes through the network for one photograph.
    pub fn passes(&self, cost: Cost) -> u64 {
        (self.method.description().passes)(self, cost) as u64
    }

    pub fn seed(&self) -> u64 {
        self.seed.unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn settings_that_a_method_lacks_are_refused_and_defaults_are_its_own() {
        for method in Method::iter() {
            assert_eq!(Recipe::of(method).check(), Ok(()));
        }
        type HidingEffect = fn(&mut Recipe);
        let wrong: [(Method, HidingEffect); 6] = [
            (Method::Occlusion, |r| r.layer = Some("x".into())),
            (Method::GradCam, |r| r.steps = Some(5)),
            (Method::SmoothGrad, |r| r.baseline = Some(Baseline::Mean)),
            (Method::InputGradient, |r| r.seed = Some(1)),
            (Method::Occlusion, |r| r.steps = Some(65)),
            (Method::SmoothGrad, |r| r.steps = Some(0)),
        ];
        for (method, change) in wrong {
            let mut recipe = Recipe::of(method);
            change(&mut recipe);
            assert!(recipe.check().is_err(), "{method}");
        }
        assert_eq!(Recipe::of(Method::Occlusion).steps(), 16);
        assert_eq!(Recipe::of(Method::Occlusion).baseline(), Baseline::Mean);
        assert_eq!(Recipe::of(Method::IntegratedGradients).steps(), 50);
    }

    #[test]
    fn the_passes_are_known_beforehand() {
        let cost = |progressive| Cost {
            size: [224, 224],
            channels: None,
            progressive,
        };
        let occlusion = Recipe::of(Method::Occlusion);
        assert_eq!(occlusion.passes(cost(false)), 1 + 16 * 16);
        let with_coarser = 1 + 4 * 4 + 8 * 8 + 16 * 16;
        assert_eq!(occlusion.passes(cost(true)), with_coarser);
        assert_eq!(Recipe::of(Method::SmoothGrad).passes(cost(true)), 51);
        let path = Recipe::of(Method::IntegratedGradients);
        assert_eq!(path.passes(cost(true)), 52);
        assert_eq!(Recipe::OF_EVERY_RUN.passes(cost(true)), 1);
    }

    #[test]
    fn a_default_that_is_spelled_out_is_the_same_recipe() {
        let mut recipe = Recipe::of(Method::IntegratedGradients);
        recipe.steps = Some(50);
        recipe.baseline = Some(Baseline::Black);
        assert_eq!(
            recipe.clone().plain(),
            Recipe::of(Method::IntegratedGradients)
        );
        recipe.steps = Some(20);
        assert_eq!(recipe.clone().plain().steps(), 20);
        recipe.seed = Some(0);
        assert_eq!(recipe.plain().seed, None);
    }
}
