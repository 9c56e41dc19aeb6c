//! The settings of an operation: in the configuration of a class of `keras.ops`, among the arguments of a function of
//! TensorFlow.

use std::cell::RefCell;
use std::collections::HashSet;

use serde_json::Value;

use super::arguments::{Argument, Arguments};
use crate::domain::Refusal;
use crate::domain::foreign::shown;
use crate::keras::precision;

pub struct Settings<'a> {
    stated: &'a Value,
    arguments: &'a Arguments,
    /// Names that were asked for.
    asked: RefCell<HashSet<String>>,
}

impl<'a> Settings<'a> {
    pub fn new(stated: &'a Value, arguments: &'a Arguments) -> Self {
        Self {
            stated,
            arguments,
            asked: RefCell::default(),
        }
    }

    /// The argument at this place or with one of these names, or else the setting with one; JSON null counts as absent.
    pub fn get(&self, place: usize, names: &[&str]) -> Result<Option<Value>, Refusal> {
        let stated = self.all(names);
        match self.arguments.get(place, names) {
            Some(Argument::Value(value)) => Ok(Some(value.clone())),
            Some(Argument::Tensor(_) | Argument::List(_)) => {
                let name = names.first().copied().unwrap_or("setting");
                Err(format!("its {} is the result of another layer", shown(name)).into())
            }
            None => {
                let found = names.iter().find_map(|name| stated.get(*name));
                Ok(found.filter(|value| !value.is_null()).cloned())
            }
        }
    }

    /// The configuration, of which these settings are read.
    pub fn all(&self, names: &[&str]) -> &'a Value {
        let names = names.iter().map(|name| (*name).to_owned());
        self.asked.borrow_mut().extend(names);
        self.stated
    }

    /// A setting that was not asked for and is not off.
    pub fn unread(&self) -> Option<String> {
        let asked = self.asked.borrow();
        let is_off = |name: &str, value: &Value| match (name, value) {
            ("name" | "trainable", _) | (_, Value::Null | Value::Bool(false)) => true,
            ("dtype", policy) => {
                let name = precision::name_of(policy);
                name.is_some_and(|name| name == "float32" || precision::OTHERS.contains(&name))
            }
            _ => false,
        };
        let mut stated = self.stated.as_object()?.iter();
        let found = stated.find(|(name, value)| !asked.contains(*name) && !is_off(name, value));
        found.map(|(name, _)| name.clone())
    }
}
