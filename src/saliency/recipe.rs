//! How one map is made: a method with its settings.

use super::{Baseline, Method, Plan};

/// Steps of integrated gradients and samples of SmoothGrad when nobody says otherwise.
const STEPS: usize = 50;
const MOST_STEPS: usize = 1000;
/// Occlusion: patches along the longer side.
const PATCHES: usize = 16;
const MOST_PATCHES: usize = 64;

/// A method with its settings. What is `None` takes the method's own default, or is nothing that the method has.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Recipe {
    pub method: Method,
    /// One output by its number; the model's own target without it.
    pub target: Option<usize>,
    /// Class activation maps: a layer by its name in Keras; the last feature map without it.
    pub layer: Option<String>,
    /// Steps of integrated gradients (50), samples of SmoothGrad (50), or patches along the longer side for occlusion (16).
    pub steps: Option<usize>,
    /// Integrated gradients (black without it) and occlusion (mean without it).
    pub baseline: Option<Baseline>,
    /// Of SmoothGrad's noise; 0 without it.
    pub seed: Option<u64>,
}

/// A setting that does not go with the method, or is out of range.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    #[error("the method {method} has no {setting}; leave it out")]
    NotOfMethod {
        method: Method,
        /// As it is called on the command line.
        setting: &'static str,
    },
    #[error("--steps must be 1 to {most} for {method}")]
    Steps { method: Method, most: usize },
}

impl Recipe {
    /// What every run makes for the price of its own pass: Grad-CAM at the last feature map.
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
    /// [`Misfit`] for the first setting that the method does not have or that is out of range.
    pub fn check(&self) -> Result<(), Misfit> {
        let method = self.method;
        for (setting, given, fits) in [
            ("--layer", self.layer.is_some(), method.is_of_a_layer()),
            ("--steps", self.steps.is_some(), method.has_steps()),
            ("--baseline", self.baseline.is_some(), method.has_baseline()),
            ("--seed", self.seed.is_some(), method == Method::SmoothGrad),
        ] {
            if given && !fits {
                return Err(Misfit::NotOfMethod { method, setting });
            }
        }
        let most = match method {
            Method::Occlusion => MOST_PATCHES,
            _ => MOST_STEPS,
        };
        match self.steps {
            Some(steps) if !(1..=most).contains(&steps) => Err(Misfit::Steps { method, most }),
            _ => Ok(()),
        }
    }

    /// The same recipe in its one form: settings that say what the default says are left out, so that equal maps have equal
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

    pub fn steps(&self) -> usize {
        self.steps.unwrap_or(match self.method {
            Method::Occlusion => PATCHES,
            _ => STEPS,
        })
    }

    pub fn baseline(&self) -> Baseline {
        self.baseline.unwrap_or(match self.method {
            Method::Occlusion => Baseline::Mean,
            _ => Baseline::Black,
        })
    }

    /// Plans of occlusion for an input of H × W: the one that is asked for stands last, behind coarser ones where maps on
    /// the way are wanted.
    pub fn plans(&self, [height, width]: [usize; 2], progressive: bool) -> Vec<Plan> {
        let mut plans = Plan::coarse_to_fine(height, width, self.steps());
        if !progressive {
            plans.drain(..plans.len().saturating_sub(1));
        }
        plans
    }

    /// Passes through a network of this input size (H × W) for one photograph.
    pub fn passes(&self, size: [usize; 2], progressive: bool) -> u64 {
        let count = match self.method {
            Method::IntegratedGradients => self.steps() + 2,
            Method::SmoothGrad => self.steps() + 1,
            Method::Occlusion => {
                let plans = self.plans(size, progressive).into_iter();
                1 + plans.map(Plan::len).sum::<usize>()
            }
            Method::GradCam | Method::HiresCam | Method::LayerCam | Method::InputGradient => 1,
        };
        count as u64
    }

    pub fn seed(&self) -> u64 {
        self.seed.unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_that_a_method_lacks_are_refused_and_defaults_are_its_own() {
        for method in Method::ALL {
            assert_eq!(Recipe::of(method).check(), Ok(()));
        }
        type Change = fn(&mut Recipe);
        let wrong: [(Method, Change); 6] = [
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
        let occlusion = Recipe::of(Method::Occlusion);
        assert_eq!(occlusion.passes([224, 224], false), 1 + 16 * 16);
        let with_coarser = 1 + 4 * 4 + 8 * 8 + 16 * 16;
        assert_eq!(occlusion.passes([224, 224], true), with_coarser);
        assert_eq!(Recipe::of(Method::SmoothGrad).passes([9, 9], true), 51);
        assert_eq!(Recipe::OF_EVERY_RUN.passes([9, 9], true), 1);
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
