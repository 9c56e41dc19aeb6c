//! Which array of the file is which variable of which layer. Found by name, never by order.
//!
//! The file has one group per layer of the outermost model, with a list of weight names. A weight name ends with the
//! variable (`kernel:0` in Keras 2, `kernel` in Keras 3); inside a nested model the rest names the inner layer.

use std::collections::HashMap;

use super::Error;
use super::archive::{Archive, Array};
use crate::progress::Cancel;

const ROOT: &str = "model_weights";

struct Entry {
    /// Path of the array from the root of the file.
    path: String,
    /// Path without the variable and its `:0`.
    inner: String,
    variable: String,
    shape: Vec<usize>,
}

/// Every weight of a file by name, with shapes; numbers are read on demand.
pub struct Weights<'a> {
    archive: &'a Archive,
    layers: HashMap<String, Vec<Entry>>,
    kernel_shapes: Vec<Vec<usize>>,
    parameters: u64,
}

/// Where a layer stands: its own name and, inside a nested model, the name of the outermost one.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    pub outer: Option<&'a str>,
    pub layer: &'a str,
}

impl<'a> Weights<'a> {
    /// Reads names and shapes.
    pub fn index(archive: &'a Archive, cancel: &Cancel) -> Result<Self, Error> {
        let missing = || Error::malformed("the file lists no layers with weights");
        let names = archive
            .group(ROOT)?
            .names("layer_names")?
            .ok_or_else(missing)?;
        let mut weights = Self {
            archive,
            layers: HashMap::new(),
            kernel_shapes: Vec::new(),
            parameters: 0,
        };
        for layer in names {
            cancel.check()?;
            let folder = archive.group(&format!("{ROOT}/{layer}"))?;
            let mut entries = Vec::new();
            for name in folder.names("weight_names")?.unwrap_or_default() {
                let path = format!("{ROOT}/{layer}/{name}");
                let shape = archive.array(&path)?.shape().to_vec();
                let count: u64 = shape.iter().map(|&s| s as u64).product();
                weights.parameters = weights.parameters.saturating_add(count);
                let (inner, last) = name.rsplit_once('/').unwrap_or(("", &name));
                let variable = last
                    .split_once(':')
                    .map_or(last, |(name, _)| name)
                    .to_owned();
                if shape.len() == 4 {
                    weights.kernel_shapes.push(shape.clone());
                }
                entries.push(Entry {
                    inner: inner.to_owned(),
                    variable,
                    shape,
                    path,
                });
            }
            weights.layers.insert(layer, entries);
        }
        Ok(weights)
    }

    /// Shapes of all arrays with four axes, in the order of the file.
    pub fn kernel_shapes(&self) -> impl Iterator<Item = &[usize]> {
        self.kernel_shapes.iter().map(Vec::as_slice)
    }

    /// Numbers in all weights together.
    pub fn parameters(&self) -> u64 {
        self.parameters
    }

    /// Shape of a layer's variable, under the first of several possible names; `None` when the file has none of them.
    pub fn shape(&self, place: Place, variables: &[&str]) -> Result<Option<&[usize]>, Error> {
        Ok(self
            .find(place, variables)?
            .map(|entry| entry.shape.as_slice()))
    }

    /// Reads a layer's variable, under one of several possible names.
    pub fn read(&self, place: Place, variables: &[&str]) -> Result<Array, Error> {
        let entry = self.find(place, variables)?.ok_or_else(|| {
            Error::malformed(format!(
                "the layer {} has no weight called {}",
                place.layer,
                variables.join(" or ")
            ))
        })?;
        self.archive.array(&entry.path)?.read()
    }

    fn find(&self, place: Place, variables: &[&str]) -> Result<Option<&Entry>, Error> {
        let group = place.outer.unwrap_or(place.layer);
        let entries = self.layers.get(group).map_or(&[][..], Vec::as_slice);
        let belongs = |entry: &&Entry| {
            variables.contains(&entry.variable.as_str())
                && (place.outer.is_none() || is_or_ends_with(&entry.inner, place.layer))
        };
        let mut hits = entries.iter().filter(belongs);
        let first = hits.next();
        if hits.next().is_some() {
            let variable = variables.join(" or ");
            return Err(Error::malformed(format!(
                "the layer {} has {variable} twice",
                place.layer
            )));
        }
        Ok(first)
    }
}

/// Equal, or the last parts of the path.
fn is_or_ends_with(path: &str, name: &str) -> bool {
    path.strip_suffix(name)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inner_layer_is_found_by_whole_names_only() {
        assert!(is_or_ends_with("conv1", "conv1"));
        assert!(is_or_ends_with("backbone/conv1", "conv1"));
        assert!(is_or_ends_with("backbone/conv1/bn", "conv1/bn"));
        assert!(!is_or_ends_with("preconv1", "conv1"));
        assert!(!is_or_ends_with("conv1/bn", "conv1"));
    }
}
