//! Models that TensorFlow wrote: the folder of a SavedModel, and checkpoints.
//!
//! Both keep weights in the same form: `bundle` reads it, an index (`table`) and raw values with checksums (`crc32c`).
//! Which layer a value belongs to is in a graph of objects (`object_graph`, in protocol buffers: `proto`), from which
//! `layers` assigns the values to a network; in checkpoints of TensorFlow 1 it is in their names (`variable_names`). The
//! network itself comes from what a SavedModel states of its layers (`saved_layers`), from a configuration beside a
//! checkpoint, or from the shapes of the kernels. Graph functions are skipped and nothing is executed.

mod bundle;
pub mod checkpoint;
mod crc32c;
mod layers;
mod object_graph;
mod proto;
mod saved_layers;
pub mod saved_model;
mod table;
mod variable_names;
