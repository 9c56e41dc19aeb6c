//! A small version of ResNet50V2's structure on the real engines: zero padding before a max pooling over negative
//! values, and pre-activation blocks.

use super::*;
use crate::graph::reference::{Array, output};
use crate::graph::{Builder, Conv, Graph, Op, Pads, Pool, TensorType, ValueId, onnx};
use crate::runtime::onnx_runtime::{self, without_disabled_optimisers};
use crate::runtime::tests::with_library;
use crate::runtime::{Engines, Model, Purpose, SessionOptions};

const SIDE: usize = 32;
const CHANNELS: usize = 6;

const ALL_SIDES: Pads = Pads {
    top: 1,
    left: 1,
    bottom: 1,
    right: 1,
};

struct Network {
    b: Builder,
    random: Random,
}

impl Network {
    fn number(&mut self) -> f32 {
        self.random.below(1 << 20) as f32 / SCALE * 2.0 - 1.0
    }

    fn constant(&mut self, name: &str, sizes: &[usize], scale: f32, centre: f32) -> ValueId {
        let count = sizes.iter().product();
        let numbers: Vec<f32> = (0..count).map(|_| centre + scale * self.number()).collect();
        self.b.constant(name, sizes, numbers).unwrap()
    }

    fn node(&mut self, op: Op, layer: &str, inputs: &[ValueId]) -> ValueId {
        self.b.node(op, layer, inputs).unwrap()
    }

    fn conv(&mut self, layer: &str, x: ValueId, kernel: usize, stride: usize) -> ValueId {
        let channels = self.b.ty(x).picture().unwrap()[0];
        let weights = [CHANNELS, channels, kernel, kernel];
        let weights = self.constant(&format!("{layer}/kernel"), &weights, 0.3, 0.0);
        // Negative from the first layer on, as in the network that was off by 0.21.
        let centre = if layer == "conv1_conv" { -1.0 } else { 0.0 };
        let bias = self.constant(&format!("{layer}/bias"), &[CHANNELS], 0.1, centre);
        let side = kernel / 2;
        let conv = Conv {
            strides: [stride; 2],
            pads: Pads {
                top: side,
                left: side,
                bottom: side,
                right: side,
            },
            ..Conv::default()
        };
        self.node(Op::Conv(conv), layer, &[x, weights, bias])
    }

    fn normalised(&mut self, layer: &str, x: ValueId) -> ValueId {
        let factor = self.constant(&format!("{layer}/factor"), &[1, CHANNELS, 1, 1], 0.2, 1.0);
        let offset = self.constant(&format!("{layer}/offset"), &[1, CHANNELS, 1, 1], 0.2, 0.1);
        let scaled = self.node(Op::Mul, layer, &[x, factor]);
        let shifted = self.node(Op::Add, layer, &[scaled, offset]);
        self.node(Op::Relu, layer, &[shifted])
    }

    fn block(&mut self, name: &str, x: ValueId, projects: bool, stride: usize) -> ValueId {
        let before = self.normalised(&format!("{name}_preact"), x);
        let one = Pool {
            kernel: [1, 1],
            strides: [stride; 2],
            pads: Pads::NONE,
        };
        let shortcut = match (projects, stride) {
            (true, _) => self.conv(&format!("{name}_0_conv"), before, 1, stride),
            (false, 1) => x,
            (false, _) => self.node(Op::MaxPool(one), &format!("{name}_pool"), &[x]),
        };
        let y = self.conv(&format!("{name}_1_conv"), before, 1, 1);
        let y = self.normalised(&format!("{name}_1_bn"), y);
        let y = self.conv(&format!("{name}_2_conv"), y, 3, stride);
        let y = self.normalised(&format!("{name}_2_bn"), y);
        let y = self.conv(&format!("{name}_3_conv"), y, 1, 1);
        self.node(Op::Add, &format!("{name}_out"), &[shortcut, y])
    }
}

fn residual() -> Graph {
    let mut net = Network {
        b: Builder::new(),
        random: Random::new(9),
    };
    let size = TensorType::batched(&[3, SIDE, SIDE]);
    let x = net.b.input(INPUT, size).unwrap();
    let y = net.conv("conv1_conv", x, 7, 2);
    let y = net.node(Op::Pad(ALL_SIDES), "pool1_pad", &[y]);
    let pool = Pool {
        kernel: [3, 3],
        strides: [2, 2],
        pads: Pads::NONE,
    };
    let y = net.node(Op::MaxPool(pool), "pool1_pool", &[y]);
    let y = net.block("conv2_block1", y, true, 1);
    let y = net.block("conv2_block2", y, false, 1);
    let y = net.block("conv2_block3", y, false, 2);
    let y = net.normalised("post", y);
    let y = net.node(Op::GlobalAveragePool, "avg_pool", &[y]);
    let y = net.node(Op::Flatten, "avg_pool", &[y]);
    let weights = net.constant("predictions/kernel", &[CHANNELS, 1], 1.0, 0.0);
    let z = net.node(Op::Gemm, "predictions", &[y, weights]);
    let p = net.node(Op::Sigmoid, "predictions", &[z]);
    net.b.output(OUTPUT, p);
    net.b.output(LOGIT, z);
    net.b.finish().unwrap()
}

fn requested() -> TestInputs {
    let mut random = Random::new(4);
    let mut noise = |lowest: f32, span: f32| Tensor {
        shape: vec![1, 3, SIDE, SIDE],
        values: (0..3 * SIDE * SIDE)
            .map(|_| lowest + span * random.below(1 << 20) as f32 / SCALE)
            .collect(),
    };
    TestInputs {
        inputs: vec![noise(-1.0, 2.0), noise(-1.0, 0.5)],
        limit: SCORE_LIMIT,
        is_value: false,
    }
}

/// The real engines; ONNX Runtime with every optimiser if `all` is set.
struct Real<'a> {
    engines: &'a Engines,
    model: &'a [u8],
    all: bool,
}

impl SessionFactory for Real<'_> {
    fn open(
        &self,
        device: Device,
        optimised: bool,
        cancel: &Cancel,
    ) -> Result<Box<dyn Session>, Error> {
        let model = Model::Bytes(self.model);
        if self.all && device == Device::Cpu && optimised {
            let library = self.engines.library().unwrap();
            let runtime = onnx_runtime::load(&library.path, &[], 0).unwrap();
            return without_disabled_optimisers(&runtime, self.model);
        }
        let purpose = Purpose::Forward;
        self.engines
            .open_named(SessionOptions { purpose, optimised }, device, model, cancel)
    }
}

#[test]
fn a_residual_network_with_zeros_around_negative_numbers_is_right_in_every_engine() {
    let graph = residual();
    let written = onnx::to_onnx(&graph).unwrap();
    assert!(
        written.windows(13).any(|w| w == b"pool1_pad:Pad"),
        "the zeros count and stay"
    );
    let questions = requested();
    let expected = |input: &Tensor| {
        let numbers = input.values.iter().map(|v| f64::from(*v)).collect();
        output(&graph, &[Array::new(&input.shape, numbers)], OUTPUT).numbers[0]
    };
    let expected: Vec<f64> = questions.inputs.iter().map(expected).collect();
    let mut devices = vec![Device::Embedded];
    let engines = match with_library() {
        Some(engines) => {
            devices.push(Device::Cpu);
            engines.clone()
        }
        None => Engines::embedded_only(),
    };
    let bench = Real {
        engines: &engines,
        model: &written,
        all: false,
    };
    let (cancel, progress) = (Cancel::new(), Progress::new());
    for &device in &devices {
        for optimised in [true, false] {
            let mut session = bench.open(device, optimised, &cancel).unwrap();
            for (input, expected) in questions.inputs.iter().zip(&expected) {
                let found = session.run(&[(INPUT, input)], &[OUTPUT], &cancel).unwrap();
                let apart = (f64::from(found[0].values[0]) - expected).abs();
                assert!(apart < 2e-6, "{device} {optimised}: {apart}");
            }
        }
    }
    let mut exam = EngineComparison::new(&bench, &questions, &cancel, &progress);
    for &device in &devices {
        let others: Vec<Device> = devices.iter().copied().filter(|d| *d != device).collect();
        let verdict = exam.verdict(device, &others).unwrap();
        assert_eq!(verdict.ruling, Approval::Optimised, "{device}: {verdict:?}");
    }
}

/// The examination would detect the optimiser that is disabled in every session.
#[test]
fn the_examination_finds_what_the_padding_optimiser_does() {
    let Some(engines) = with_library() else {
        return;
    };
    let written = onnx::to_onnx(&residual()).unwrap();
    let bench = Real {
        engines,
        model: &written,
        all: true,
    };
    let (questions, cancel, progress) = (requested(), Cancel::new(), Progress::new());
    let mut scores = Vec::new();
    for optimised in [true, false] {
        let mut session = bench.open(Device::Cpu, optimised, &cancel).unwrap();
        let input = [(INPUT, &questions.inputs[0])];
        scores.push(session.run(&input, &[OUTPUT], &cancel).unwrap()[0].values[0]);
    }
    let apart = (scores[0] - scores[1]).abs();
    println!("with every optimiser: off by {apart:.1e}");
    let mut exam = EngineComparison::new(&bench, &questions, &cancel, &progress);
    let verdict = exam.verdict(Device::Cpu, &[Device::Embedded]).unwrap();
    // A library without this defect changes nothing, and must pass.
    let desired = if apart > 1e-4 {
        Approval::NotOptimised
    } else {
        Approval::Optimised
    };
    assert_eq!(verdict.ruling, desired, "{verdict:?}");
}
