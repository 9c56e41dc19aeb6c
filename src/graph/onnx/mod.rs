//! Converts a graph to ONNX bytes and back: opset 17, IR version 8, weights inline; those of others may be in files
//! beside the model.
//!
//! [`to_onnx`] writes a file that any ONNX engine runs; [`from_onnx`] reads such a file into an equal graph. Every
//! output of the graph is an output of the file under its own name. The value's own name is stored in the output's
//! `doc_string`, and nodes are named `layer:Operator:number`, so that names survive the round trip.

mod border;
mod composed;
mod external;
mod fields;
mod limits;
mod operators;
mod proto;
mod read;
mod shapes;
mod slice;
mod write;

pub use external::Files;
pub use read::{OnnxFile, from_onnx, is_cut_short, looks_like_onnx};
pub use write::to_onnx;

/// Version of the operator set in the files that are written.
pub const OPSET: i64 = 17;
/// Version of the file format in the files that are written.
pub const IR_VERSION: i64 = 8;
/// Name of the symbolic batch axis.
const BATCH: &str = "N";

#[cfg(test)]
mod tests {
    use prost::Message;

    use super::*;
    use crate::domain::Remedy;
    use crate::graph::{Builder, Conv, Error, Graph, Node, Op, Pads, Pool, TensorType};

    fn every_operator() -> Graph {
        let mut b = Builder::new();
        let x = b.input("x", TensorType::batched(&[2, 8, 8])).unwrap();
        let w = b
            .constant(
                "k",
                &[4, 2, 3, 3],
                (0..72).map(|i| i as f32 * 0.01).collect::<Vec<_>>(),
            )
            .unwrap();
        let bias = b
            .constant("bias", &[4], vec![0.5, -0.5, 0.25, 0.0])
            .unwrap();
        let pads = Pads {
            top: 0,
            left: 1,
            bottom: 1,
            right: 2,
        };
        let conv = Conv {
            strides: [2, 1],
            dilations: [1, 1],
            pads,
            groups: 1,
        };
        let mut y = b.node(Op::Conv(conv), "conv", &[x, w, bias]).unwrap();
        b.name(y, "conv");
        for op in [
            Op::Relu,
            Op::LeakyRelu { alpha: 0.2 },
            Op::Clip {
                low: 0.0,
                high: 6.0,
            },
            Op::Sigmoid,
            Op::Tanh,
            Op::Erf,
            Op::Exp,
            Op::Sqrt,
            Op::Log,
        ] {
            y = b.node(op, "act:odd/name", &[y]).unwrap();
        }
        let scale = b
            .constant("scale", &[1, 4, 1, 1], vec![1.0, 2.0, 3.0, 4.0])
            .unwrap();
        for op in [Op::Add, Op::Sub, Op::Mul, Op::Div, Op::Greater] {
            y = b.node(op, "scale", &[y, scale]).unwrap();
        }
        y = b
            .node(
                Op::Pad(Pads {
                    top: 1,
                    left: 0,
                    bottom: 0,
                    right: 1,
                }),
                "pad",
                &[y],
            )
            .unwrap();
        let pool = Pool {
            kernel: [2, 2],
            strides: [1, 1],
            pads: Pads {
                bottom: 1,
                ..Pads::NONE
            },
        };
        let a = b.node(Op::MaxPool(pool), "max", &[y]).unwrap();
        let c = b.node(Op::AveragePool(pool), "mean", &[y]).unwrap();
        let map = b.node(Op::Concat { axis: 1 }, "join", &[a, c]).unwrap();
        b.name(map, "join");
        let turned = b
            .node(
                Op::Transpose {
                    axes: vec![0, 2, 3, 1],
                },
                "turn",
                &[map],
            )
            .unwrap();
        let flat = b.node(Op::Flatten, "flat", &[turned]).unwrap();
        let length = b.ty(flat).vector().unwrap();
        let back = b
            .node(
                Op::Reshape {
                    dims: vec![length, 1, 1],
                },
                "back",
                &[flat],
            )
            .unwrap();
        let top = b.node(Op::GlobalMaxPool, "top", &[back]).unwrap();
        let flat = b.node(Op::Flatten, "top", &[top]).unwrap();
        let mean = b.node(Op::GlobalAveragePool, "gap", &[map]).unwrap();
        let mean = b.node(Op::Flatten, "gap", &[mean]).unwrap();
        let joined = b
            .node(Op::Concat { axis: 1 }, "both", &[flat, mean])
            .unwrap();
        let inputs = b.ty(joined).vector().unwrap();
        let dense = b
            .constant("dense/kernel", &[inputs, 2], vec![0.125; inputs * 2])
            .unwrap();
        let z = b.node(Op::Gemm, "dense", &[joined, dense]).unwrap();
        let p = b.node(Op::Softmax, "dense", &[z]).unwrap();
        b.name(p, "dense");
        b.output("output", p);
        b.output("logit", z);
        b.output("again", z);
        b.output("features", map);
        b.remark("architecture", "none");
        b.finish().unwrap()
    }

    #[test]
    fn a_graph_survives_the_round_trip() {
        let graph = every_operator();
        let bytes = to_onnx(&graph).unwrap();
        let back = from_onnx(&bytes).unwrap();
        assert_eq!(back.outputs().len(), 4);
        let nodes = |graph: &Graph| -> Vec<String> {
            let named = |id| (&graph.value(id).name, graph.ty(id));
            let text = |node: &Node| {
                let inputs: Vec<_> = node.inputs.iter().map(|&id| named(id)).collect();
                format!(
                    "{:?} {:?} {:?} {inputs:?}",
                    named(node.output),
                    node.op,
                    node.layer
                )
            };
            graph.nodes().iter().map(text).collect()
        };
        assert_eq!(nodes(&back), nodes(&graph));
        assert_eq!(to_onnx(&back).unwrap(), bytes);
        assert_eq!(back.metadata, graph.metadata);
        assert!(looks_like_onnx(&bytes));
    }

    /// What helps with the file after a change to it.
    fn remedy_after(change: impl Fn(&mut proto::Model)) -> Option<Remedy> {
        let bytes = to_onnx(&every_operator()).unwrap();
        let mut model = proto::Model::decode(bytes.as_slice()).unwrap();
        change(&mut model);
        match from_onnx(&model.encode_to_vec()) {
            Err(Error::Unsupported(parts)) => parts.first().map(|part| part.remedy),
            _ => None,
        }
    }

    #[test]
    fn what_an_export_with_other_settings_would_avoid_is_told() {
        for version in [9, 11, 99] {
            let found = remedy_after(|model| model.opset_import[0].version = version);
            assert_eq!(found, Some(Remedy::OperatorSet), "{version}");
            // Refused before the size of its input is asked for.
            let mut model =
                proto::Model::decode(to_onnx(&every_operator()).unwrap().as_slice()).unwrap();
            model.opset_import[0].version = version;
            assert!(OnnxFile::decode(&model.encode_to_vec()).is_err());
        }
        const DOUBLE: i32 = 11;
        let found = remedy_after(|model| {
            let input = model
                .graph
                .as_mut()
                .and_then(|graph| graph.inputs.first_mut());
            let ty = input.and_then(|input| input.ty.as_mut());
            let tensor = ty.and_then(|ty| ty.tensor.as_mut());
            tensor.unwrap().element = DOUBLE;
        });
        assert_eq!(found, Some(Remedy::Float32));
    }

    #[test]
    fn damaged_bytes_are_refused_without_a_panic() {
        let bytes = to_onnx(&every_operator()).unwrap();
        for length in 0..bytes.len() {
            let _ = from_onnx(&bytes[..length]);
        }
        for at in 0..bytes.len() {
            let mut harmed = bytes.clone();
            harmed[at] ^= 0xff;
            let _ = from_onnx(&harmed);
        }
    }

    #[test]
    fn a_file_of_empty_messages_is_refused_before_they_are_built() {
        let mut inner = Vec::new();
        for _ in 0..3_000_000 {
            inner.extend_from_slice(&[0x0a, 0x00]);
        }
        let mut bytes = vec![0x3a];
        prost::encode_length_delimiter(inner.len(), &mut bytes).unwrap();
        bytes.extend(inner);
        assert!(matches!(from_onnx(&bytes), Err(Error::Limit(_))));
    }
}
