//! The arguments of a call of an operation, as Keras 2 and Keras 3 write them.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashSet};

use serde_json::{Map, Value};

/// Marks a number or text in place of a tensor in the calls of Keras 2.
pub const CONSTANT: &str = "_CONSTANT_VALUE";

/// One argument.
#[derive(Clone, Debug, PartialEq)]
pub enum Argument {
    /// A result of another layer: its place among the tensors of the call.
    Tensor(usize),
    List(Vec<Argument>),
    /// Anything without a tensor.
    Value(Value),
}

/// The arguments of one call.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Arguments {
    pub positional: Vec<Argument>,
    pub named: BTreeMap<String, Argument>,
    /// What was asked for.
    asked: RefCell<Asked>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Asked {
    places: HashSet<usize>,
    names: HashSet<String>,
}

impl Arguments {
    /// Arguments without names.
    pub fn of(positional: Vec<Argument>) -> Self {
        Self {
            positional,
            ..Self::default()
        }
    }

    /// The argument at this place or with one of these names; JSON null counts as absent.
    pub fn get(&self, place: usize, names: &[&str]) -> Option<&Argument> {
        let mut asked = self.asked.borrow_mut();
        let found = match self.positional.get(place) {
            Some(found) => {
                asked.places.insert(place);
                found
            }
            None => {
                let name = names.iter().find(|name| self.named.contains_key(**name))?;
                asked.names.insert((*name).to_owned());
                self.named.get(*name)?
            }
        };
        Some(found).filter(|argument| **argument != Argument::Value(Value::Null))
    }

    /// An argument that was not asked for and is not off: its name or its place.
    pub fn unread(&self) -> Option<String> {
        let asked = self.asked.borrow();
        let mut places = self.positional.iter().enumerate();
        let place = places.find(|(at, given)| !asked.places.contains(at) && !is_off(given));
        let mut names = self.named.iter();
        let mut name = || {
            names.find(|(name, given)| {
                !asked.names.contains(*name) && *name != "name" && !is_off(given)
            })
        };
        let place = place.map(|(at, _)| (at + 1).to_string());
        place.or_else(|| name().map(|(name, _)| name.clone()))
    }

    /// Reads a call: `["name", 0, 0, {…}]` or a list of such of Keras 2, `{"args": […], "kwargs": {…}}` of Keras 3.
    ///
    /// `tensor` takes name, call and result, and returns the place among the tensors of the call; `None` if no layer
    /// has the name.
    pub fn read<E>(
        node: &Value,
        tensor: &mut impl FnMut(&[Value]) -> Result<Option<usize>, E>,
    ) -> Result<Self, E> {
        let mut arguments = Self::default();
        let mut named = None;
        match node {
            Value::Object(call) => {
                for given in call
                    .get("args")
                    .and_then(Value::as_array)
                    .into_iter()
                    .flatten()
                {
                    arguments.positional.push(argument(given, tensor)?);
                }
                named = call.get("kwargs").and_then(Value::as_object);
            }
            Value::Array(items) if matches!(items.first(), Some(Value::String(_))) => {
                arguments.positional.push(of_keras_2(items, tensor)?);
                named = named_of_keras_2(items);
            }
            Value::Array(all) => {
                let mut list = Vec::with_capacity(all.len());
                for items in all.iter().filter_map(Value::as_array) {
                    list.push(of_keras_2(items, tensor)?);
                    named = named.or_else(|| named_of_keras_2(items));
                }
                arguments.positional.push(Argument::List(list));
            }
            _ => {}
        }
        for (name, given) in named.into_iter().flatten() {
            let given = argument(given, tensor)?;
            arguments.named.insert(name.clone(), given);
        }
        Ok(arguments)
    }
}

fn is_off(given: &Argument) -> bool {
    matches!(given, Argument::Value(Value::Null | Value::Bool(false)))
}

/// The first argument of a call of Keras 2, which the others follow as an object.
fn of_keras_2<E>(
    items: &[Value],
    tensor: &mut impl FnMut(&[Value]) -> Result<Option<usize>, E>,
) -> Result<Argument, E> {
    match items {
        [Value::String(name), _, value, ..] if name == CONSTANT => argument(value, tensor),
        [history @ .., _] if history.len() == 3 => {
            let found = tensor(history)?;
            Ok(found.map_or(Argument::Value(Value::Null), Argument::Tensor))
        }
        history => argument(&Value::Array(history.to_vec()), tensor),
    }
}

fn named_of_keras_2(items: &[Value]) -> Option<&Map<String, Value>> {
    items.get(3).and_then(Value::as_object)
}

/// The depth is bounded by the JSON parser.
fn argument<E>(
    given: &Value,
    tensor: &mut impl FnMut(&[Value]) -> Result<Option<usize>, E>,
) -> Result<Argument, E> {
    match given {
        Value::Object(map) => {
            let config = map.get("config");
            if let Some(Value::Array(history)) = config.and_then(|c| c.get("keras_history"))
                && let Some(place) = tensor(history)?
            {
                return Ok(Argument::Tensor(place));
            }
            let items = map
                .get("items")
                .filter(|_| class_of(map) == Some("__tuple__"));
            items.map_or_else(
                || Ok(Argument::Value(given.clone())),
                |items| argument(items, tensor),
            )
        }
        Value::Array(items) => {
            if let [Value::String(_), Value::Number(_), Value::Number(_)] = items.as_slice()
                && let Some(place) = tensor(items)?
            {
                return Ok(Argument::Tensor(place));
            }
            let mut list = Vec::with_capacity(items.len());
            for item in items {
                list.push(argument(item, tensor)?);
            }
            let has_tensor = list.iter().any(|item| !matches!(item, Argument::Value(_)));
            Ok(match has_tensor {
                true => Argument::List(list),
                false => Argument::Value(given.clone()),
            })
        }
        other => Ok(Argument::Value(other.clone())),
    }
}

/// The class that an object of the configuration states.
pub fn class_of(map: &Map<String, Value>) -> Option<&str> {
    map.get("class_name").and_then(Value::as_str)
}
