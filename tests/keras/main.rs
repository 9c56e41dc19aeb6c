//! Model files through the importer, the engines and the saliency methods, against what Keras and TensorFlow compute.

mod configurations;
mod families;
mod grad_cam;
mod keras_forms;
mod keras_import;
mod keras_strict;
mod keras_versions;
mod model_sources;
mod onnx_forms;
mod operations;
mod saliency;
mod saliency_reference;
mod tensorflow_models;
mod zero_border;

#[path = "../home/mod.rs"]
mod home;
#[path = "../keras_fixtures/mod.rs"]
mod keras_fixtures;
