//! Stored engine checks, and how they affect opening a model.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::*;
use crate::domain::{Deviation, FindingCode, Findings, Quantity, Tensor, Unavailable};
use crate::runtime::{Availability, Embedded, Engine, Library, Origin};
use crate::storage::Places;
use crate::text::detail_in_files;
use crate::workflow::models::{self, LoadedModel};
use crate::workflow::{Class, ImportFlags, ImportReport, import, models as library, verify};

struct Bench {
    home: tempfile::TempDir,
    /// A process with its engines.
    process: fn(Places) -> Context,
    ctx: Context,
}

/// A library with a narrow MobileNet of the fixtures under the id `narrow`.
fn bench() -> (Bench, ImportReport) {
    bench_of(Context::in_places)
}

fn bench_of(process: fn(Places) -> Context) -> (Bench, ImportReport) {
    let home = tempfile::tempdir().unwrap();
    let ctx = process(Places::below(&home.path().join("home")));
    let bench = Bench { home, process, ctx };
    let flags = ImportFlags {
        id: Some("narrow".to_owned()),
        preset: Some(crate::workflow::presets::Preset::JoirMobileNet),
        ..ImportFlags::default()
    };
    let file = fixture("keras2_mobilenet_sigmoid.h5");
    let (cancel, progress) = (Cancel::new(), Progress::new());
    let report = import(&bench.ctx, &file, &flags, None, &cancel, &progress);
    let report = report.map_err(|(e, _)| e).unwrap();
    assert!(progress.steps().0 > 0 && progress.steps().0 <= progress.steps().1);
    (bench, report)
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/keras")
        .join(name)
}

impl Bench {
    fn file(&self) -> PathBuf {
        self.home.path().join("home").join(engine_checks::FILE)
    }

    fn open(&self, device: Device) -> Result<LoadedModel, Error> {
        let (cancel, progress) = (Cancel::new(), Progress::new());
        models::load(&self.ctx, "narrow", device, &cancel, &progress)
    }

    /// Another process: what is not in the file is forgotten.
    fn again(&mut self) {
        self.ctx = (self.process)(self.ctx.places.clone());
    }

    fn checks(&self) -> Vec<EngineCheck> {
        engine_checks::load(&self.file())
    }

    /// Writes another verdict into the file.
    fn change(&mut self, device: &str, change: impl Fn(&mut Verdict)) {
        self.again();
        let mut check = self
            .checks()
            .into_iter()
            .find(|c| c.device == device)
            .unwrap();
        change(&mut check.verdict);
        let same = |other: &EngineCheck| other.is_of(&check);
        engine_checks::add(&self.file(), &check, same).unwrap();
    }

    fn rule(&mut self, device: &str, ruling: Approval) {
        let found = Deviation {
            of: Quantity::Score,
            largest: 0.21,
            allowed: 2e-5,
        };
        self.change(device, |verdict| {
            verdict.ruling = ruling;
            verdict.optimised = Some(found);
            verdict.plain = (ruling == Approval::Refused).then_some(found);
        });
    }

    fn time(&mut self, device: &str, ms: f64) {
        self.change(device, |verdict| verdict.run_ms = Some(ms));
    }

    fn has_library(&self) -> bool {
        self.ctx.engines().library().is_some()
    }
}

/// A library with two devices, in whose place the embedded engine computes.
struct TwoDevices;

/// Its version.
const TWO_DEVICES: &str = "1.24.1";

struct InPlaceOf {
    session: Box<dyn Session>,
    used: EngineUsed,
}

impl Engine for TwoDevices {
    fn open(
        &self,
        how: SessionOptions,
        device: Device,
        model: Model<'_>,
        cancel: &Cancel,
    ) -> Result<Box<dyn Session>, runtime::Error> {
        let session = Embedded.open(how, Device::Embedded, model, cancel)?;
        let used = EngineUsed {
            engine: "onnxruntime".to_owned(),
            provider: device.provider_name().unwrap_or_default().to_owned(),
            version: TWO_DEVICES.to_owned(),
        };
        Ok(Box::new(InPlaceOf { session, used }))
    }

    fn presence(&self, device: Device) -> Availability {
        match device {
            Device::Cpu | Device::OpenVino => Availability::Present,
            _ => Availability::Absent(Unavailable::NotBuiltIn),
        }
    }
}

impl Session for InPlaceOf {
    fn run(
        &mut self,
        inputs: &[(&str, &Tensor)],
        outputs: &[&str],
        cancel: &Cancel,
    ) -> Result<Vec<Tensor>, runtime::Error> {
        self.session.run(inputs, outputs, cancel)
    }

    fn used(&self) -> &EngineUsed {
        &self.used
    }
}

fn two_devices(places: Places) -> Context {
    Context::with_engines(places, |_| {
        let library = Library {
            path: PathBuf::new(),
            origin: Origin::RuntimeFolder,
            version: TWO_DEVICES.to_owned(),
        };
        Engines::of(Arc::new(Embedded), Some((library, Arc::new(TwoDevices))))
    })
}

fn details(findings: &Findings, code: FindingCode) -> Vec<String> {
    let own = findings.iter().filter(|f| f.code == code);
    own.filter_map(|f| f.detail.as_ref().map(detail_in_files))
        .collect()
}

#[test]
fn an_import_checks_every_engine_and_the_next_process_reads_what_came_out() {
    let (mut bench, report) = bench();
    let devices: Vec<&str> = report.engine_checks.iter().map(|c| &*c.device).collect();
    let desired: &[&str] = match bench.has_library() {
        true => &["cpu", "embedded"],
        false => &["embedded"],
    };
    assert_eq!(devices, desired);
    for check in &report.engine_checks {
        assert_eq!(check.ruling(), Approval::Optimised, "{check:?}");
        assert_eq!((check.network_sha256.len(), check.verdict.inputs), (64, 5));
    }
    bench.again();
    let before = std::fs::read(bench.file()).unwrap();
    assert!(
        details(
            &bench.open(Device::Embedded).unwrap().findings,
            FindingCode::EngineDeviation
        )
        .is_empty()
    );
    assert_eq!(
        std::fs::read(bench.file()).unwrap(),
        before,
        "nothing is checked again"
    );
    let listed = library(&bench.ctx);
    let narrow = listed.iter().find(|m| m.id == "narrow").unwrap();
    assert_eq!(narrow.engine_checks.len(), desired.len());
    let words = narrow
        .engine_checks
        .last()
        .unwrap()
        .words(crate::text::Lang::En);
    assert!(words.starts_with("rten "), "{words}");
}

#[test]
fn a_file_that_is_damaged_or_gone_is_made_anew_at_the_next_opening() {
    let (mut bench, _) = bench();
    for text in [Some("{"), None] {
        bench.again();
        match text {
            Some(text) => std::fs::write(bench.file(), text).unwrap(),
            None => std::fs::remove_file(bench.file()).unwrap(),
        }
        bench.open(Device::Embedded).unwrap();
        let checks = bench.checks();
        assert_eq!(checks.len(), 1);
        assert_eq!(checks[0].device, "embedded");
    }
}

#[test]
fn where_nothing_can_be_written_a_process_checks_once() {
    let (mut bench, _) = bench();
    bench.again();
    std::fs::remove_file(bench.file()).unwrap();
    std::fs::create_dir(bench.file()).unwrap();
    let runs = |bench: &Bench| {
        let (cancel, progress) = (Cancel::new(), Progress::new());
        models::load(&bench.ctx, "narrow", Device::Embedded, &cancel, &progress).unwrap();
        progress.steps().0
    };
    assert!(runs(&bench) > 0);
    assert_eq!(runs(&bench), 0);
}

#[test]
fn an_optimisation_that_is_off_is_told_with_every_result() {
    let (mut bench, _) = bench();
    bench.rule("embedded", Approval::NotOptimised);
    let opened = bench.open(Device::Embedded).unwrap();
    assert_eq!(
        details(&opened.findings, FindingCode::EngineDeviation),
        ["embedded optimised: score 2.1e-1 > 2.0e-5"]
    );
}

#[test]
fn a_refused_device_does_not_run_and_auto_passes_it_over() {
    let (mut bench, _) = bench();
    bench.rule("embedded", Approval::Refused);
    let refused = bench.open(Device::Embedded).err().unwrap();
    assert_eq!(refused.class(), Class::Device);
    assert!(
        refused.to_string().contains("score 2.1e-1 > 2.0e-5"),
        "{refused}"
    );
    if !bench.has_library() {
        assert_eq!(
            bench.open(Device::Auto).err().unwrap().class(),
            Class::Device
        );
        return;
    }
    assert!(bench.open(Device::Auto).unwrap().findings.is_empty());
    bench.rule("embedded", Approval::Optimised);
    bench.rule("cpu", Approval::Refused);
    assert_eq!(
        bench.open(Device::Cpu).err().unwrap().class(),
        Class::Device
    );
    let opened = bench.open(Device::Auto).unwrap();
    assert_eq!(opened.session.used().engine, "rten");
    assert_eq!(
        details(&opened.findings, FindingCode::EngineFallback),
        ["cpu → embedded: score 2.1e-1 > 2.0e-5"]
    );
    assert!(
        details(&opened.findings, FindingCode::EngineDeviation)
            .contains(&"cpu refused: score 2.1e-1 > 2.0e-5".to_owned())
    );
}

#[test]
fn auto_takes_the_device_that_was_measured_as_the_fastest_for_the_model() {
    let (mut bench, _) = bench_of(two_devices);
    bench.open(Device::Auto).unwrap();
    let checks = bench.checks();
    let devices: Vec<&str> = checks.iter().map(|check| &*check.device).collect();
    assert_eq!(devices, ["cpu", "embedded", "openvino"]);
    assert!(checks.iter().all(|check| check.verdict.run_ms > Some(0.0)));
    let (cpu, openvino) = ("CPUExecutionProvider", "OpenVINOExecutionProvider");
    for (ms, taken) in [([4.0, 3.0], openvino), ([4.0, 3.8], cpu), ([3.0, 4.0], cpu)] {
        bench.time("cpu", ms[0]);
        bench.time("openvino", ms[1]);
        for _ in 0..2 {
            bench.again();
            let opened = bench.open(Device::Auto).unwrap();
            assert_eq!(opened.session.used().provider, taken, "{ms:?}");
            assert_eq!(
                details(&opened.findings, FindingCode::EngineFallback).len(),
                0
            );
        }
    }
    bench.time("openvino", 1.0);
    bench.rule("openvino", Approval::Refused);
    let opened = bench.open(Device::Auto).unwrap();
    assert_eq!(opened.session.used().provider, cpu);
    assert_eq!(
        details(&opened.findings, FindingCode::EngineFallback),
        ["openvino → cpu: score 2.1e-1 > 2.0e-5"]
    );
}

#[test]
fn checks_without_times_are_read_and_repeated_only_for_a_choice() {
    let (mut bench, _) = bench_of(two_devices);
    bench.open(Device::OpenVino).unwrap();
    let text = std::fs::read_to_string(bench.file()).unwrap();
    let timed = |line: &&str| line.contains("\"run_ms\"");
    assert_eq!(text.lines().filter(timed).count(), 3);
    let mut old: serde_json::Value = serde_json::from_str(&text).unwrap();
    for check in old["checks"].as_array_mut().unwrap() {
        check.as_object_mut().unwrap().remove("run_ms");
    }
    std::fs::write(bench.file(), old.to_string()).unwrap();
    bench.again();
    for device in [Device::Cpu, Device::OpenVino, Device::Embedded] {
        bench.open(device).unwrap();
    }
    assert!(
        bench
            .checks()
            .iter()
            .all(|check| check.verdict.run_ms.is_none())
    );
    bench.open(Device::Auto).unwrap();
    let is_timed = |device: &str| {
        let checks = bench.checks();
        let check = checks.iter().find(|check| check.device == device);
        check.unwrap().verdict.run_ms.is_some()
    };
    assert!(is_timed("cpu") && is_timed("openvino") && !is_timed("embedded"));
}

#[test]
fn verify_of_a_file_is_held_to_the_same_check() {
    let (mut bench, _) = bench();
    let request = |device| verify::Request {
        model: fixture("keras2_mobilenet_sigmoid.h5")
            .to_string_lossy()
            .into_owned(),
        input: fixture("input_96x96_tf.npy"),
        expected: fixture("keras2_mobilenet_sigmoid.expected.npy"),
        tolerance: 2e-5,
        device,
        flags: ImportFlags::default(),
    };
    let reported = |bench: &Bench| {
        let (cancel, progress) = (Cancel::new(), Progress::new());
        verify::verify(&bench.ctx, &request(Device::Embedded), &cancel, &progress)
    };
    let good = reported(&bench).unwrap();
    assert!(good.within && good.findings.is_empty());
    bench.rule("embedded", Approval::NotOptimised);
    let plain = reported(&bench).unwrap();
    assert!(plain.within);
    assert_eq!(plain.findings[0]["code"], "engine-deviation");
    bench.rule("embedded", Approval::Refused);
    assert_eq!(reported(&bench).unwrap_err().class(), Class::Device);
}

#[test]
fn the_models_that_ship_are_not_checked_in_the_embedded_engine() {
    let home = tempfile::tempdir().unwrap();
    let ctx = Context::in_places(Places::below(home.path()));
    let (cancel, progress) = (Cancel::new(), Progress::new());
    let id = crate::workflow::demonstration::DEFAULT;
    models::load(&ctx, id, Device::Embedded, &cancel, &progress).unwrap();
    assert_eq!(engine_checks(&ctx), []);
    if ctx.engines().library().is_some() {
        models::load(&ctx, id, Device::Cpu, &cancel, &progress).unwrap();
        assert_eq!(engine_checks(&ctx).len(), 1);
    }
}

#[test]
fn a_stop_during_the_check_leaves_nothing_and_stores_nothing() {
    let home = tempfile::tempdir().unwrap();
    let ctx = Context::in_places(Places::below(home.path()));
    let (cancel, progress) = (Cancel::new(), Progress::new());
    let stop = cancel.clone();
    progress.on_step(move |done, total| {
        // The check alone has this many steps; reading the file has more.
        if total < 40 && done == 2 {
            stop.cancel();
        }
    });
    let flags = ImportFlags {
        id: Some("narrow".to_owned()),
        preset: Some(crate::workflow::presets::Preset::JoirMobileNet),
        ..ImportFlags::default()
    };
    let file = fixture("keras2_mobilenet_sigmoid.h5");
    let stopped = import(&ctx, &file, &flags, None, &cancel, &progress);
    assert!(matches!(stopped, Err((Error::Cancelled, _))));
    assert_eq!(engine_checks(&ctx), []);
    assert!(library(&ctx).iter().all(|m| m.id != "narrow"));
}
