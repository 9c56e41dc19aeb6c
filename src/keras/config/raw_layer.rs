//! A layer as the JSON states it.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::network::Layer;
use crate::domain::{Refusal, Remedy};
use crate::keras::Error;
use crate::keras::error::UNSUPPORTED_CLASS;
use crate::keras::operation;
use crate::keras::own::{Named, quantised, unlike_keras};

#[derive(Deserialize)]
pub(super) struct RawLayer {
    pub class_name: String,
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub config: Value,
    #[serde(default)]
    pub inbound_nodes: Value,
    /// JSON null differs from an absent module.
    #[serde(default, deserialize_with = "present")]
    pub module: Option<Value>,
    #[serde(default)]
    pub registered_name: Option<String>,
    /// Of the outermost model of `model.to_json()`.
    #[serde(default)]
    pub keras_version: Option<String>,
}

fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

impl RawLayer {
    pub fn named(&self) -> Named<'_> {
        Named {
            class: &self.class_name,
            module: self.module.as_ref(),
            registered: self.registered_name.as_deref(),
        }
    }

    /// Why it may compute something other than Keras' own class of this name.
    pub fn refused(&self, is_operation: bool, is_chain: bool, before_2_2: bool) -> Option<Refusal> {
        let named = self.named();
        named.foreign().or_else(|| {
            let settings = self.config.as_object()?;
            let unlike = || unlike_keras(named, settings, before_2_2);
            // In a chain, a call has no arguments that could be read. What only looks like a call is a layer there.
            let is_call = is_chain && operation::is_stated_operation(named);
            let in_a_chain = || is_call.then(|| Remedy::AsOnnx.of(UNSUPPORTED_CLASS));
            quantised(settings)
                .or_else(in_a_chain)
                .or_else(|| (!is_operation || is_chain).then(unlike)?)
        })
    }

    /// The layer at this place of the list, without settings, nested model and calls; its configuration and its calls as
    /// they are stated.
    pub fn into_layer(
        self,
        at: usize,
        refused: Option<Refusal>,
        keras: Option<u32>,
    ) -> Result<(Layer, Value, Value), Error> {
        let own = self.config.get("name").and_then(Value::as_str);
        let own = own.map(str::to_owned);
        let class = self.named().bare().to_owned();
        let is_list = class == "Sequential" && self.config.is_array();
        let by_place = || is_list.then(|| format!("layer {}", at + 1));
        let trainable = self.config.get("trainable").and_then(Value::as_bool) != Some(false);
        let name = self.name.or(own).or_else(by_place);
        let layer = Layer {
            name: name.ok_or_else(|| Error::invalid("a layer without a name"))?,
            class,
            settings: Value::Null,
            calls: Vec::new(),
            inner: None,
            trainable,
            refused,
            operation: None,
            keras,
        };
        Ok((layer, self.config, self.inbound_nodes))
    }
}
