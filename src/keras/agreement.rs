//! Whether weights have the shapes that the configuration of their network states, as Keras demands when it loads them.
//!
//! The axis of the inputs follows from the layers before, and is compared when the network is lowered.

use super::config::{Layer, Network};
use super::kind::Kind;
use super::weight_order::{LayerPosition, inside, variables};
use super::weights::{Weights, missing};
use super::{Error, layer};
use crate::domain::foreign::shown;

impl Weights<'_> {
    /// # Errors
    /// [`Error::Mismatch`] for the first layer whose weights have another shape than its configuration states;
    /// [`Error::Invalid`] for one without its weights.
    pub fn agree_with(&self, network: &Network) -> Result<(), Error> {
        self.agree_below(network, "")
    }

    fn agree_below(&self, network: &Network, models: &str) -> Result<(), Error> {
        for layer in &network.layers {
            if let Some(inner) = &layer.inner {
                self.agree_below(inner, &inside(models, &layer.name))?;
            } else if let Ok(kind) = layer::kind(layer) {
                let place = LayerPosition {
                    models,
                    layer: &layer.name,
                };
                self.layer_agrees(layer, &kind, place)?;
            }
        }
        Ok(())
    }

    fn layer_agrees(&self, layer: &Layer, kind: &Kind, place: LayerPosition) -> Result<(), Error> {
        for (names, _) in variables(layer) {
            let shape = self.shape(place, names)?;
            let shape = shape.ok_or_else(|| missing(&layer.name, names))?;
            let differs = |setting: &'static str, stated: &[usize], found: &[usize]| {
                let text = |sizes: &[usize]| {
                    let sizes: Vec<String> = sizes.iter().map(usize::to_string).collect();
                    sizes.join(" × ")
                };
                Err(Error::Mismatch {
                    layer: shown(&place.name()),
                    setting,
                    weights: text(found),
                    configuration: text(stated),
                })
            };
            let has_window = !matches!(names[0], "bias" | "pointwise_kernel");
            if let Kind::Conv(conv) | Kind::DepthwiseConv(conv) | Kind::SeparableConv(conv) = kind
                && let (true, [height, width, _, _]) = (has_window, shape)
                && conv.window.kernel != [*height, *width]
            {
                return differs("kernel_size", &conv.window.kernel, &[*height, *width]);
            }
            if let Some(setting) = setting_of_last_axis(layer, names[0])
                && let Some(stated) = stated(layer, setting)
                && let Some(found) = shape.last()
                && stated != *found
            {
                return differs(setting, &[stated], &[*found]);
            }
        }
        Ok(())
    }
}

/// The setting that states the last axis of a variable.
fn setting_of_last_axis(layer: &Layer, variable: &str) -> Option<&'static str> {
    match (layer.class.as_str(), variable) {
        ("Conv2D", "kernel" | "bias") | ("SeparableConv2D", "pointwise_kernel" | "bias") => {
            Some("filters")
        }
        ("DepthwiseConv2D" | "SeparableConv2D", "depthwise_kernel") => Some("depth_multiplier"),
        ("Dense", "kernel" | "bias") => Some("units"),
        _ => None,
    }
}

fn stated(layer: &Layer, setting: &str) -> Option<usize> {
    usize::try_from(layer.settings.get(setting)?.as_u64()?).ok()
}
