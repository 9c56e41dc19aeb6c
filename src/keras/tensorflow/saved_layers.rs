//! What a SavedModel states of its objects: the name, class and configuration of every layer.
//!
//! Keras 2 writes this as JSON: from TensorFlow 2.5 on in `keras_metadata.pb`, before that among the objects in
//! `saved_model.pb`, whose graph functions are skipped.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use serde::Deserialize;
use serde_json::Value;

use super::object_graph::{Node, ObjectGraph, ROOT};
use super::proto::Message;
use crate::keras::config::MAX_DEPTH;
use crate::keras::limits::MAX_VERSION;
use crate::keras::{Error, FileKind};
use crate::progress::Cancel;

/// Fields of `SavedMetadata` and of its nodes (`keras/protobuf/saved_metadata.proto`).
const METADATA_NODES: u64 = 1;
const METADATA_PATH: u64 = 3;
const METADATA_IDENTIFIER: u64 = 4;
const METADATA_JSON: u64 = 5;
/// Fields of `SavedModel`, `MetaGraphDef`, `SavedObject` and `SavedUserObject` (`tensorflow/core/protobuf`).
const MODEL_META_GRAPHS: u64 = 2;
const META_GRAPH_OBJECTS: u64 = 7;
const OBJECT_USER_OBJECT: u64 = 4;
const USER_OBJECT_IDENTIFIER: u64 = 1;
const USER_OBJECT_METADATA: u64 = 3;

/// Maximum number of described objects; EfficientNet-B7 has 815 layers.
const MAX_OBJECTS: usize = 20_000;
/// Maximum length of what is stated of the whole model, which includes its configuration twice.
const MAX_MODEL_BYTES: usize = 8 << 20;
/// Maximum length of all descriptions. A nested model is described again inside each model around it.
const MAX_BYTES: usize = 64 << 20;

/// A layer or model as the SavedModel describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedLayer {
    pub name: String,
    pub class: String,
}

/// The outermost model as the SavedModel describes it.
#[derive(Debug)]
pub struct SavedRoot {
    pub class: String,
    /// As `model_config` would state it.
    pub config: Value,
    pub keras_version: Option<String>,
}

/// All objects that a SavedModel describes.
pub struct SavedModel {
    pub root: SavedRoot,
    pub layers: SavedLayers,
}

/// The layers, by path from the outermost model: `layer-1/layer_with_weights-0`.
pub struct SavedLayers(Vec<(String, SavedLayer)>);

#[derive(Deserialize)]
struct Described {
    name: String,
    #[serde(default)]
    class_name: String,
}

#[derive(Deserialize)]
struct DescribedModel {
    #[serde(default)]
    class_name: Option<String>,
    #[serde(default)]
    config: Option<Value>,
    #[serde(default)]
    keras_version: Option<String>,
}

/// An object's JSON, before it is read.
struct Description<'a> {
    path: String,
    identifier: &'a str,
    json: &'a str,
}

impl SavedModel {
    /// From `keras_metadata.pb`.
    pub fn of_metadata(bytes: &[u8]) -> Result<Self, Error> {
        let mut found = Vec::new();
        for node in Message::parse(bytes)?.all(METADATA_NODES) {
            let node = Message::parse(node)?;
            let path = node.text(METADATA_PATH)?;
            // Other paths are of no object below the model.
            let Some(path) = below_root(path) else {
                continue;
            };
            found.push(Description {
                path: path.replace('.', "/"),
                identifier: node.text(METADATA_IDENTIFIER)?,
                json: node.text(METADATA_JSON)?,
            });
        }
        Self::read(found)
    }

    /// From `saved_model.pb`.
    pub fn of_saved_model(bytes: &[u8], cancel: &Cancel) -> Result<Self, Error> {
        let mut graphs = Message::parse(bytes)?.all(MODEL_META_GRAPHS);
        let graph = graphs.next().ok_or(ONLY_FUNCTIONS)?;
        let objects = Message::parse(graph)?.bytes(META_GRAPH_OBJECTS);
        let objects = ObjectGraph::parse(objects.ok_or(ONLY_FUNCTIONS)?, cancel)?;
        let mut found = Vec::new();
        describe(&objects, ROOT, String::new(), 0, &mut found)?;
        let is_of_keras = objects
            .node(ROOT)?
            .bytes(OBJECT_USER_OBJECT)
            .map(Message::parse);
        let is_of_keras = is_of_keras
            .transpose()?
            .map(|root| root.text(USER_OBJECT_IDENTIFIER));
        match is_of_keras.transpose()? {
            Some(identifier) if found.is_empty() && identifier.starts_with(OF_KERAS) => {
                Err(Error::NotAModel(FileKind::WithoutMetadata))
            }
            _ => Self::read(found),
        }
    }

    fn read(found: Vec<Description>) -> Result<Self, Error> {
        let lengths = found.iter().map(|d| d.json.len());
        if found.len() > MAX_OBJECTS || lengths.fold(0, usize::saturating_add) > MAX_BYTES {
            return Err(Error::Limit(
                "more described layers than any model has".into(),
            ));
        }
        let mut root = None;
        let mut layers = Vec::new();
        for description in found {
            if description.path.is_empty() {
                root = Some(model(&description)?);
            } else if description
                .path
                .split('/')
                .all(|part| part.starts_with("layer"))
            {
                let read: Described = json(description.json)?;
                let layer = SavedLayer {
                    name: read.name,
                    class: read.class_name,
                };
                layers.push((description.path, layer));
            }
        }
        Ok(Self {
            root: root.ok_or(ONLY_FUNCTIONS)?,
            layers: SavedLayers(layers),
        })
    }
}

impl SavedLayers {
    /// The descriptions by the nodes that they are of, in the graph of the checkpoint, where objects know each other by
    /// the same names.
    pub fn by_node(&self, graph: &ObjectGraph) -> Result<HashMap<Node, SavedLayer>, Error> {
        let mut children: HashMap<Node, HashMap<&str, Node>> = HashMap::new();
        let mut found = HashMap::new();
        for (path, layer) in &self.0 {
            let mut node = ROOT;
            for part in path.split('/') {
                let names = match children.entry(node) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(place) => {
                        place.insert(graph.children(node)?.into_iter().collect())
                    }
                };
                let child = names.get(part);
                node = *child.ok_or_else(|| {
                    Error::invalid("the SavedModel describes a layer that the checkpoint lacks")
                })?;
            }
            if found
                .insert(node, layer.clone())
                .is_some_and(|other| other != *layer)
            {
                return Err(Error::invalid("the SavedModel describes a layer twice"));
            }
        }
        Ok(found)
    }
}

/// `root.layer-1` is the object `layer-1` of the outermost one, and `root` is that one itself.
fn below_root(path: &str) -> Option<&str> {
    match path.strip_prefix("root")? {
        "" => Some(""),
        path => path.strip_prefix('.'),
    }
}

fn json<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, Error> {
    serde_json::from_str(text)
        .map_err(|e| Error::invalid(format!("the description of a layer: {e}")))
}

/// The descriptions of an object and of the layers below it.
fn describe<'a>(
    objects: &ObjectGraph<'a>,
    node: Node,
    path: String,
    depth: usize,
    found: &mut Vec<Description<'a>>,
) -> Result<(), Error> {
    if depth > MAX_DEPTH || found.len() > MAX_OBJECTS {
        return Err(Error::Limit("models nested too deeply, or too many".into()));
    }
    for (number, child) in objects.layers(node)?.into_iter().flatten().enumerate() {
        let path = match path.as_str() {
            "" => format!("layer-{number}"),
            path => format!("{path}/layer-{number}"),
        };
        describe(objects, child, path, depth + 1, found)?;
    }
    let Some(object) = objects.node(node)?.bytes(OBJECT_USER_OBJECT) else {
        return Ok(());
    };
    let object = Message::parse(object)?;
    let description = Description {
        path,
        identifier: object.text(USER_OBJECT_IDENTIFIER)?,
        json: object.text(USER_OBJECT_METADATA)?,
    };
    if description.identifier.starts_with(OF_KERAS) && !description.json.is_empty() {
        found.push(description);
    }
    Ok(())
}

/// How the identifiers of what Keras 2 writes begin.
const OF_KERAS: &str = "_tf_keras_";

/// The outermost model.
fn model(description: &Description) -> Result<SavedRoot, Error> {
    if description.json.len() > MAX_MODEL_BYTES {
        return Err(Error::Limit(
            "a longer configuration than any model has".into(),
        ));
    }
    let read: DescribedModel = json(description.json)?;
    let (Some(class), Some(config)) = (read.class_name, read.config) else {
        return Err(SUBCLASSED);
    };
    match description.identifier {
        "_tf_keras_network" | "_tf_keras_sequential" => {}
        // A functional model up to TensorFlow 2.2, and later a model of a class of its own.
        "_tf_keras_model" if class == "Model" && config.get("layers").is_some() => {}
        _ => return Err(SUBCLASSED),
    }
    Ok(SavedRoot {
        class,
        config: with_lists(config),
        keras_version: read
            .keras_version
            .map(|version| version.chars().take(MAX_VERSION).collect()),
    })
}

/// SavedModels keep tuples and shapes apart from lists: `{"class_name": "__tuple__", "items": [3, 3]}`.
///
/// The depth is bounded by the JSON parser.
fn with_lists(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(with_lists).collect(),
        Value::Object(mut map) => {
            let class = map.get("class_name").and_then(Value::as_str);
            if matches!(class, Some("__tuple__" | "TensorShape"))
                && let Some(Value::Array(items)) = map.remove("items")
            {
                return items.into_iter().map(with_lists).collect();
            }
            let fields = map.into_iter().map(|(key, value)| (key, with_lists(value)));
            Value::Object(fields.collect())
        }
        other => other,
    }
}

pub const ONLY_FUNCTIONS: Error = Error::NotAModel(FileKind::GraphFunctions);

const SUBCLASSED: Error = Error::NotAModel(FileKind::SubclassedModel);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keras::tensorflow::table::tests::field;
    use serde_json::json;

    /// A node of `keras_metadata.pb`.
    fn node(path: &str, json: &str) -> Vec<u8> {
        let parts = [
            field(METADATA_PATH, path.as_bytes()),
            field(METADATA_IDENTIFIER, b"_tf_keras_network"),
            field(METADATA_JSON, json.as_bytes()),
        ];
        field(METADATA_NODES, &parts.concat())
    }

    #[test]
    fn only_the_root_and_what_is_below_it_is_of_the_model() {
        let model = |name: &str| {
            let config = json!({ "name": name });
            json!({ "name": name, "class_name": "Functional", "config": config }).to_string()
        };
        let mut bytes = node("root", &model("outermost"));
        for path in ["other", "", "roots", "rooted.layer-0", "keras_api.layer-0"] {
            bytes.extend(node(path, &model("another")));
        }
        bytes.extend(node("root.layer-1.layer-0", &model("inner")));
        let read = SavedModel::of_metadata(&bytes).unwrap();
        assert_eq!(read.root.config, json!({ "name": "outermost" }));
        let paths: Vec<&str> = read
            .layers
            .0
            .iter()
            .map(|(path, _)| path.as_str())
            .collect();
        assert_eq!(paths, ["layer-1/layer-0"]);
    }

    #[test]
    fn a_functional_model_of_tensorflow_2_2_is_told_from_one_of_another_class() {
        let read = |class: &str, config: Value| {
            let stated = json!({ "name": "m", "class_name": class, "config": config });
            let object = [
                field(USER_OBJECT_IDENTIFIER, b"_tf_keras_model"),
                field(USER_OBJECT_METADATA, stated.to_string().as_bytes()),
            ];
            // The graph of objects has one node.
            let node = field(1, &field(OBJECT_USER_OBJECT, &object.concat()));
            let graph = field(MODEL_META_GRAPHS, &field(META_GRAPH_OBJECTS, &node));
            SavedModel::of_saved_model(&graph, &Cancel::new()).map(|found| found.root.class)
        };
        let layers = json!({ "name": "m", "layers": [] });
        assert_eq!(read("Model", layers.clone()), Ok("Model".to_owned()));
        for (class, config) in [
            ("Model", Value::Null),
            ("Model", json!({})),
            ("Mine", layers),
        ] {
            assert_eq!(read(class, config).err(), Some(SUBCLASSED), "{class}");
        }
    }

    #[test]
    fn objects_of_keras_without_descriptions_are_told_from_functions() {
        let kind = |identifier: &[u8]| {
            let object = field(USER_OBJECT_IDENTIFIER, identifier);
            let node = field(1, &field(OBJECT_USER_OBJECT, &object));
            let graph = field(MODEL_META_GRAPHS, &field(META_GRAPH_OBJECTS, &node));
            SavedModel::of_saved_model(&graph, &Cancel::new()).err()
        };
        let without = Error::NotAModel(FileKind::WithoutMetadata);
        assert_eq!(kind(b"_tf_keras_network"), Some(without));
        assert_eq!(kind(b"_generic_user_object"), Some(ONLY_FUNCTIONS));
    }

    #[test]
    fn a_description_that_cannot_be_read_is_called_what_it_is() {
        for path in ["root", "root.layer-0"] {
            let error = SavedModel::of_metadata(&node(path, "{")).err().unwrap();
            let text = error.to_string();
            assert!(text.contains("the description of a layer: EOF"), "{text}");
        }
    }

    #[test]
    fn tuples_and_shapes_become_lists_at_any_depth() {
        let tuple = |items: Value| json!({ "class_name": "__tuple__", "items": items });
        let config = json!({
            "kernel_size": tuple(json!([3, 3])),
            "layers": [{ "class_name": "Conv2D", "config": { "padding": tuple(json!([tuple(json!([0, 1])), 2])) } }],
            "shape": { "class_name": "TensorShape", "items": [null, 8] },
        });
        assert_eq!(
            with_lists(config),
            json!({
                "kernel_size": [3, 3],
                "layers": [{ "class_name": "Conv2D", "config": { "padding": [[0, 1], 2] } }],
                "shape": [null, 8],
            })
        );
    }
}
