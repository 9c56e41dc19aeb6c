//! Assigns the variables of a TensorFlow 1 checkpoint to layers by name: `conv1/kernel` is the kernel of `conv1`.
//!
//! Such a checkpoint states no structure, so every name must fit exactly one layer, possibly behind names of models and
//! scopes.

use std::collections::{HashMap, HashSet};

use super::bundle::Bundle;
use crate::domain::foreign::shown;
use crate::keras::Error;
use crate::keras::config::{Layer, Network};
use crate::keras::weight_order::{LayerPosition, inside, variables};
use crate::keras::weights::{OF_TRAINING, Weights, missing, numbers};

/// Maximum number of names in front of a layer's name that are looked behind.
const MAX_SCOPES: usize = 8;

/// The weights of a network.
///
/// # Errors
/// [`Error::Unsupported`] if a name fits several variables, or a variable no layer.
pub fn weights<'a, B: AsRef<[u8]>>(
    bundle: &'a Bundle<B>,
    network: &Network,
) -> Result<Weights<'a>, Error> {
    let mut by_ending: HashMap<&str, Vec<&str>> = HashMap::new();
    for key in bundle.keys().filter(|key| bundle.is_real(key)) {
        by_ending.entry(key).or_default().push(key);
        for (slash, _) in key.match_indices('/').take(MAX_SCOPES) {
            by_ending.entry(&key[slash + 1..]).or_default().push(key);
        }
    }
    let mut named = Named {
        bundle,
        by_ending,
        weights: Weights::empty(bundle),
        read: HashSet::new(),
    };
    named.model(network, "")?;
    named.set_training_aside();
    named.refuse_unknown()?;
    Ok(named.weights)
}

struct Named<'a, B> {
    bundle: &'a Bundle<B>,
    /// Keys by what is behind any of their slashes.
    by_ending: HashMap<&'a str, Vec<&'a str>>,
    weights: Weights<'a>,
    read: HashSet<&'a str>,
}

impl<'a, B: AsRef<[u8]>> Named<'a, B> {
    fn model(&mut self, network: &Network, models: &str) -> Result<(), Error> {
        for layer in &network.layers {
            if let Some(inner) = &layer.inner {
                self.model(inner, &inside(models, &layer.name))?;
                continue;
            }
            for (names, _) in variables(layer) {
                self.variable(layer, models, names)?;
            }
        }
        Ok(())
    }

    fn variable(
        &mut self,
        layer: &Layer,
        models: &str,
        names: &'static [&'static str],
    ) -> Result<(), Error> {
        let place = LayerPosition {
            models,
            layer: &layer.name,
        };
        let endings = |start: &str| -> Vec<&str> {
            let endings = names.iter().map(|name| format!("{start}/{name}"));
            let found = endings.filter_map(|ending| self.by_ending.get(ending.as_str()));
            found.flatten().copied().collect()
        };
        let mut found = endings(&place.name());
        if found.is_empty() {
            found = endings(&layer.name);
        }
        // A name without a model or scope in front of it is exactly the one sought.
        if let Some(&whole) = found.iter().min_by_key(|key| key.len())
            && names
                .iter()
                .any(|name| whole == format!("{}/{name}", layer.name))
        {
            found = vec![whole];
        }
        let key = match found.as_slice() {
            [] => return Err(missing(&layer.name, names)),
            &[key] => key,
            several => {
                let count = several.len();
                let reason = format!(
                    "{count} weights of the checkpoint could be its {}",
                    names[0]
                );
                return Err(Error::unsupported(&layer.name, &layer.class, reason));
            }
        };
        let shape = self.bundle.shape(key).unwrap_or_default();
        if !self.read.insert(key) {
            let reason = format!("{} in the checkpoint is of another layer", shown(key));
            return Err(Error::unsupported(&layer.name, &layer.class, reason));
        }
        self.weights.give(place, names[0], key, shape);
        Ok(())
    }

    /// Sets aside the variables that only training uses, which are named beside those that a layer reads.
    fn set_training_aside(&mut self) {
        let layer_of = |key: &'a str| key.rsplit_once('/').unwrap_or(("", key));
        let layers: HashSet<&str> = self.read.iter().map(|key| layer_of(key).0).collect();
        let mut aside = 0_u64;
        for key in self.bundle.keys() {
            let (layer, variable) = layer_of(key);
            if OF_TRAINING.contains(&variable) && layers.contains(layer) {
                aside = aside.saturating_add(numbers(self.bundle.shape(key).unwrap_or_default()));
                self.read.insert(key);
            }
        }
        self.weights.set_aside(aside);
    }

    /// Refuses variables that no layer reads. An optimizer appends its own names to that of a variable (`conv1/kernel/Adam`);
    /// single numbers count its steps or are powers of its rates.
    fn refuse_unknown(&self) -> Result<(), Error> {
        let is_read = |key: &str| {
            let before = key.match_indices('/').map(|(slash, _)| &key[..slash]);
            self.read.contains(key) || before.into_iter().any(|key| self.read.contains(key))
        };
        let is_unknown = |key: &&str| {
            let is_one_number = self.bundle.shape(key).is_some_and(<[usize]>::is_empty);
            self.bundle.is_real(key) && !is_one_number && !is_read(key)
        };
        match self.bundle.keys().find(is_unknown) {
            None => Ok(()),
            Some(key) => {
                let reason = format!("it has a weight that no layer reads, {}", shown(key));
                Err(Error::unsupported("model", "Model", reason))
            }
        }
    }
}
