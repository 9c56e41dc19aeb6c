//! Which array of the file is which variable of which layer. Found by name, never by order.
//!
//! Weights are filed under the layer of the outermost model and, inside a nested model, under the inner layer.

use std::collections::HashMap;

use super::Error;
use super::archive::{Archive, Array};
use super::stored::Variable;
use crate::progress::Cancel;

/// Group that holds the weights of a file with the whole model.
const ROOT: &str = "model_weights";
/// Most parts of a path by which a weight can be found.
const MAX_PARTS: usize = 16;

struct Entry {
    /// Path of the array from the root of the file.
    path: String,
    variable: String,
    shape: Vec<usize>,
}

/// Every weight of a file by name, with shapes; numbers are read on demand.
pub struct Weights<'a> {
    archive: &'a Archive,
    groups: HashMap<String, Group>,
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
    /// No weights yet.
    pub fn empty(archive: &'a Archive) -> Self {
        Self {
            archive,
            groups: HashMap::new(),
            kernel_shapes: Vec::new(),
            parameters: 0,
        }
    }

    /// Reads names and shapes of a file with the whole model, in the layout of Keras 2.
    pub fn index(archive: &'a Archive, cancel: &Cancel) -> Result<Self, Error> {
        let missing = || Error::malformed("the file lists no layers with weights");
        let names = archive
            .group(ROOT)?
            .names("layer_names")?
            .ok_or_else(missing)?;
        let mut weights = Self::empty(archive);
        for layer in names {
            cancel.check()?;
            let folder = archive.group(&format!("{ROOT}/{layer}"))?;
            for name in folder.names("weight_names")?.unwrap_or_default() {
                let path = format!("{ROOT}/{layer}/{name}");
                let shape = archive.array(&path)?.shape().to_vec();
                let (inner, last) = name.rsplit_once('/').unwrap_or(("", &name));
                let variable = last.split_once(':').map_or(last, |(name, _)| name);
                let entry = Entry {
                    path,
                    variable: variable.to_owned(),
                    shape,
                };
                weights.file(&layer, inner, entry);
            }
        }
        Ok(weights)
    }

    /// Files a weight under a layer; `outer` names the outermost nested model, if the layer stands in one.
    pub fn give(&mut self, outer: Option<&str>, layer: &str, name: &str, variable: &Variable) {
        let entry = Entry {
            path: variable.path.clone(),
            variable: name.to_owned(),
            shape: variable.shape.clone(),
        };
        self.file(outer.unwrap_or(layer), layer, entry);
    }

    fn file(&mut self, outer: &str, inner: &str, entry: Entry) {
        let count = entry
            .shape
            .iter()
            .fold(1_u64, |n, &s| n.saturating_mul(s as u64));
        self.parameters = self.parameters.saturating_add(count);
        if entry.shape.len() == 4 {
            self.kernel_shapes.push(entry.shape.clone());
        }
        self.groups
            .entry(outer.to_owned())
            .or_default()
            .push(inner, entry);
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
        let Some(group) = self.groups.get(place.outer.unwrap_or(place.layer)) else {
            return Ok(None);
        };
        let mut hits = group
            .of_layer(place)
            .filter(|e| variables.contains(&e.variable.as_str()));
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

/// The weights of one layer of the outermost model.
#[derive(Default)]
struct Group {
    entries: Vec<Entry>,
    /// Places in `entries` by the name of an inner layer; a path `a/b` is filed under `a/b` and under `b`.
    by_layer: HashMap<String, Vec<usize>>,
}

impl Group {
    fn push(&mut self, inner: &str, entry: Entry) {
        let starts = std::iter::once(0).chain(inner.match_indices('/').map(|(at, _)| at + 1));
        for start in starts.take(MAX_PARTS) {
            self.by_layer
                .entry(inner[start..].to_owned())
                .or_default()
                .push(self.entries.len());
        }
        self.entries.push(entry);
    }

    fn of_layer(&self, place: Place) -> Box<dyn Iterator<Item = &Entry> + '_> {
        if place.outer.is_none() {
            return Box::new(self.entries.iter());
        }
        let found = self
            .by_layer
            .get(place.layer)
            .map_or(&[][..], Vec::as_slice);
        Box::new(found.iter().map(|&at| &self.entries[at]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inner_layer_is_found_by_whole_names_only() {
        let mut group = Group::default();
        for inner in ["conv1", "backbone/conv2", "backbone/conv1/bn", "preconv3"] {
            let entry = Entry {
                path: inner.into(),
                variable: "kernel".into(),
                shape: Vec::new(),
            };
            group.push(inner, entry);
        }
        let found = |layer: &str| {
            let place = Place {
                outer: Some("model"),
                layer,
            };
            group
                .of_layer(place)
                .map(|e| e.path.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(found("conv1"), ["conv1"]);
        assert_eq!(found("conv2"), ["backbone/conv2"]);
        assert_eq!(found("conv1/bn"), ["backbone/conv1/bn"]);
        assert!(found("conv3").is_empty());
        assert_eq!(found("bn"), ["backbone/conv1/bn"]);
    }
}
