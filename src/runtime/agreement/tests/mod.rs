//! Tests of the examination with deliberately wrong engines.

mod residual;

use std::cell::RefCell;

use super::*;
use crate::domain::{Detail, EngineUsed, FindingCode};

/// What an engine adds to the correct output (score, logit), or how it fails.
type Defect = fn(Device, bool) -> Result<[f32; 2], Error>;

const SCALE: f32 = 1_048_576.0;

/// Engines that compute the mean of the input as score and logit, each with its defect.
struct Wrong {
    defect: Defect,
    /// How much rounding of the input changes the outputs; 0 for no effect.
    gain: f32,
    opened: RefCell<Vec<(Device, bool)>>,
}

struct WrongSession {
    adds: [f32; 2],
    gain: f32,
    used: EngineUsed,
}

impl Session for WrongSession {
    fn run(
        &mut self,
        inputs: &[(&str, &Tensor)],
        outputs: &[&str],
        cancel: &Cancel,
    ) -> Result<Vec<Tensor>, Error> {
        cancel.check()?;
        assert_eq!((inputs[0].0, outputs), (INPUT, &[OUTPUT, LOGIT][..]));
        let values = &inputs[0].1.values;
        let mean = values.iter().sum::<f32>() / values.len() as f32;
        let answer = |adds: f32| Tensor {
            shape: vec![1, 1],
            // The inputs are whole numbers at this scale, their neighbours are not.
            values: vec![mean + (values[0] * SCALE).fract() * self.gain + adds],
        };
        Ok(self.adds.map(answer).to_vec())
    }

    fn used(&self) -> &EngineUsed {
        &self.used
    }
}

impl SessionFactory for Wrong {
    fn open(
        &self,
        device: Device,
        optimised: bool,
        _cancel: &Cancel,
    ) -> Result<Box<dyn Session>, Error> {
        self.opened.borrow_mut().push((device, optimised));
        Ok(Box::new(WrongSession {
            adds: (self.defect)(device, optimised)?,
            gain: self.gain,
            used: EngineUsed {
                engine: device.to_string(),
                provider: device.to_string(),
                version: "0".to_owned(),
            },
        }))
    }
}

fn questions() -> TestInputs {
    let mut random = Random::new(3);
    let mut input = || Tensor {
        shape: vec![1, 3, 8, 8],
        values: (0..192)
            .map(|_| random.below(1 << 20) as f32 / SCALE)
            .collect(),
    };
    TestInputs {
        inputs: vec![input(), input()],
        limit: SCORE_LIMIT,
        is_value: false,
    }
}

fn verdicts(defect: Defect, gain: f32, devices: &[(Device, &[Device])]) -> Vec<Verdict> {
    let bench = Wrong {
        defect,
        gain,
        opened: RefCell::default(),
    };
    let (questions, cancel, progress) = (questions(), Cancel::new(), Progress::new());
    let mut exam = EngineComparison::new(&bench, &questions, &cancel, &progress);
    let partners: Vec<Vec<Device>> = devices.iter().map(|(_, others)| others.to_vec()).collect();
    let names: Vec<Device> = devices.iter().map(|(device, _)| *device).collect();
    let most = exam.runs(&names, &partners);
    let found = devices
        .iter()
        .map(|(device, others)| exam.verdict(*device, others).unwrap())
        .collect();
    assert!(
        progress.steps().0 <= most,
        "the announced number of runs suffices"
    );
    let opened = bench.opened.borrow();
    for session in opened.iter() {
        let times = opened.iter().filter(|other| *other == session).count();
        // In doubt, rounded inputs are run once more without optimisation.
        let most = if session.1 { 1 } else { 2 };
        assert!(times <= most, "{session:?} was opened {times} times");
    }
    found
}

const BOTH: [(Device, &[Device]); 2] = [
    (Device::Cpu, &[Device::Embedded]),
    (Device::Embedded, &[Device::Cpu]),
];

fn wrong_when_optimised(device: Device, optimised: bool) -> Result<[f32; 2], Error> {
    let wrong = device == Device::Cpu && optimised;
    Ok([if wrong { 0.21 } else { 0.0 }; 2])
}

#[test]
fn engines_that_agree_run_as_they_are() {
    for verdict in verdicts(|_, _| Ok([0.0; 2]), 0.0, &BOTH) {
        assert_eq!(verdict.ruling, Approval::Optimised);
        assert_eq!(verdict.finding(Device::Cpu), None);
        assert_eq!(verdict.refusal(Device::Cpu), None);
        assert_eq!(verdict.inputs, 2);
        assert!(verdict.against.is_some());
    }
}

#[test]
fn an_optimisation_that_changes_the_answer_is_switched_off_and_told() {
    let [cpu, embedded] = &verdicts(wrong_when_optimised, 0.0, &BOTH)[..] else {
        panic!()
    };
    assert_eq!(embedded.ruling, Approval::Optimised, "it is not to blame");
    assert_eq!(cpu.ruling, Approval::NotOptimised);
    assert!((cpu.optimised.unwrap().largest - 0.21).abs() < 1e-6);
    assert!(cpu.deviation().unwrap().is_allowed());
    let finding = cpu.finding(Device::Cpu).unwrap();
    assert_eq!(finding.code, FindingCode::EngineDeviation);
    let reported = Detail::Engine {
        device: "cpu".into(),
        is_refused: false,
        found: cpu.optimised,
    };
    assert_eq!(finding.detail, Some(reported));
    assert_eq!(cpu.refusal(Device::Cpu), None);
    // It is detected without a second engine as well.
    let alone = &verdicts(wrong_when_optimised, 0.0, &[(Device::Cpu, &[])])[0];
    assert_eq!(alone.ruling, Approval::NotOptimised);
    assert_eq!((alone.against.as_deref(), alone.plain), (None, None));
}

#[test]
fn a_device_that_deviates_without_optimisation_too_is_refused_with_the_figure() {
    let cuda: [(Device, &[Device]); 1] = [(Device::Cuda, &[Device::Embedded, Device::Cpu])];
    let defect: Defect = |device, _| Ok([if device == Device::Cuda { 0.03 } else { 0.0 }; 2]);
    let verdict = &verdicts(defect, 0.0, &cuda)[0];
    assert_eq!(verdict.ruling, Approval::Refused);
    let refusal = verdict.refusal(Device::Cuda).unwrap();
    assert!(refusal.is_unavailable());
    assert_eq!(
        refusal.to_string(),
        "the device cuda is not used for this model: its outputs differ from those of embedded (score 3.0e-2 > 2.0e-5)"
    );
    let detail = verdict.finding(Device::Cuda).unwrap().detail;
    let reported = Detail::Engine {
        device: "cuda".into(),
        is_refused: true,
        found: verdict.deviation(),
    };
    assert_eq!(detail, Some(reported));
}

#[test]
fn a_second_engine_that_is_wrong_itself_accuses_nobody_where_a_third_agrees() {
    let cuda: [(Device, &[Device]); 1] = [(Device::Cuda, &[Device::Embedded, Device::Cpu])];
    let defect: Defect = |device, _| {
        Ok([if device == Device::Embedded {
            0.03
        } else {
            0.0
        }; 2])
    };
    let verdict = &verdicts(defect, 0.0, &cuda)[0];
    assert_eq!(verdict.ruling, Approval::Optimised);
    assert_eq!(verdict.against.as_deref(), Some("cpu"));
    // If two disagree, neither can be trusted.
    for verdict in verdicts(defect, 0.0, &BOTH) {
        assert_eq!(verdict.ruling, Approval::Refused);
    }
}

#[test]
fn a_saturated_score_hides_nothing() {
    let defect: Defect = |device, _| {
        let wrong = device == Device::Cpu;
        Ok([0.0, if wrong { 2.4 } else { 0.0 }])
    };
    let verdict = &verdicts(defect, 0.0, &BOTH[..1])[0];
    assert_eq!(verdict.ruling, Approval::Refused);
    assert_eq!(verdict.deviation().unwrap().of, Quantity::Logit);
}

#[test]
fn a_network_that_magnifies_rounding_accuses_no_engine() {
    let defect: Defect = |device, _| Ok([if device == Device::Cpu { 4e-5 } else { 0.0 }; 2]);
    assert_eq!(
        verdicts(defect, 0.0, &BOTH[..1])[0].ruling,
        Approval::Refused
    );
    let magnified = &verdicts(defect, 1e-2, &BOTH[..1])[0];
    assert_eq!(magnified.ruling, Approval::Optimised, "{magnified:?}");
    assert!(magnified.optimised.unwrap().allowed > 4e-5);
}

#[test]
fn what_is_no_number_in_one_engine_alone_is_an_infinite_deviation() {
    let defect: Defect = |device, _| Ok([if device == Device::Cpu { f32::NAN } else { 0.0 }; 2]);
    let verdict = &verdicts(defect, 0.0, &BOTH[..1])[0];
    assert_eq!(verdict.ruling, Approval::Refused);
    assert!(verdict.deviation().unwrap().largest.is_infinite());
    let text = serde_json::to_string(verdict).unwrap();
    assert_eq!(&serde_json::from_str::<Verdict>(&text).unwrap(), verdict);
    let both = &verdicts(|_, _| Ok([f32::NAN; 2]), 0.0, &BOTH[..1])[0];
    assert_eq!(both.ruling, Approval::Optimised);
}

#[test]
fn a_second_engine_that_cannot_run_the_network_is_passed_over() {
    let defect: Defect = |device, optimised| match device {
        Device::Embedded => Err(Error::Model("no such operator".to_owned())),
        _ => wrong_when_optimised(device, optimised),
    };
    let verdict = &verdicts(defect, 0.0, &BOTH[..1])[0];
    assert_eq!(verdict.ruling, Approval::NotOptimised);
    assert_eq!(verdict.against, None);
    // The device itself must run it.
    let bench = Wrong {
        defect,
        gain: 0.0,
        opened: RefCell::default(),
    };
    let (questions, cancel, progress) = (questions(), Cancel::new(), Progress::new());
    let mut exam = EngineComparison::new(&bench, &questions, &cancel, &progress);
    let failed = exam.verdict(Device::Embedded, &[Device::Cpu]);
    assert!(matches!(failed, Err(Error::Model(_))));
}

#[test]
fn a_stop_ends_the_examination_at_the_next_run() {
    let bench = Wrong {
        defect: |_, _| Ok([0.0; 2]),
        gain: 0.0,
        opened: RefCell::default(),
    };
    let (questions, cancel, progress) = (questions(), Cancel::new(), Progress::new());
    let stop = cancel.clone();
    progress.on_step(move |done, _| {
        if done == 3 {
            stop.cancel();
        }
    });
    let mut exam = EngineComparison::new(&bench, &questions, &cancel, &progress);
    let stopped = exam.verdict(Device::Cpu, &[Device::Embedded]);
    assert_eq!(stopped, Err(Error::Cancelled));
    assert_eq!(progress.steps().0, 3);
}
