//! Verbs that wait for the test before they answer, and a file dialog that answers at once.
//!
//! A file's name decides what becomes of it: `broken…` cannot be opened, `gone…` is not there, `panic…` is a defect, `street…` is no fundus,
//! `hazy…` has one caution and `dull…` two, `refused…` and `undriven…` cannot be run, `b…` has a low score, `z…` with the study model; `OD` in it makes a right eye, everything else is a left one.

use std::collections::{HashMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use gantei::app::Settings;
use gantei::app::action::{Chosen, Purpose};
use gantei::app::state::{ExportOrder, Exported};
use gantei::app::verbs::{
    Answer, ControlsOrder, CoverOrder, CoverRegionsOrder, ExplainOrder, Failure, FoundFiles,
    FoundPhotograph, Installed, ManyNews, ManyOrder, ManyRow, Measured, PredictOrder, RegionsOrder,
    TraceOrder, Verbs,
};
use gantei::domain::Figures;
use gantei::domain::{
    self, Case, Code, ColourOrder, Crop, DeviceFault, EngineUsed, EyeSource, FieldOfView, Finding,
    Found, FundusImage, Head, InputSpec, Laterality, MarkSource, ModelCard, Pixels, Point,
    Proposal, Quality, Region, Resize, Scaling, Settled, Severity, Skipped, Task, Unavailable, Why,
};
use gantei::imaging::overlay::Rgba;
use gantei::imaging::{Anatomy, CropRect, Geometry, Grid};
use gantei::progress::{Cancel, Gate, Progress};
use gantei::runtime::wheel::WheelError;
use gantei::runtime::{Device, DevicesReport, EngineReport, ProviderReport};
use gantei::saliency::controls::{
    Cells, Controls, Depth, First, Flaw, HidingPlan, Likeness, Part, Randomised, Stability, Variant,
};
use gantei::saliency::{
    Baseline, Change, CoveredRegion, CoveredRegions, Made, Method, RegionShare, Regions,
    SaliencyMap, Share, Stage, Target, painted,
};
use gantei::text::notes::Note;
use gantei::text::window::Texts;
use gantei::ui::picker::{Picker, Question};
use gantei::workflow::check_import::{
    Applied, CheckReport, CheckRequest, Choice, Interim, LabelOrder,
};
use gantei::workflow::cover::Covered;
use gantei::workflow::draft::DraftInput;
use gantei::workflow::trace::{Features, Trace};
use gantei::workflow::{
    Damaged, Facts, ImportFlags, ImportReport, Inspected, Keep, ModelFile, ModelSummary, SelfTest,
    Source, Unexported, settle,
};
use gantei::{evaluation, imaging, keras, runtime, storage, workflow};

/// Longest time that work is waited for, however busy the machine is; no test takes a tenth of it.
pub const PATIENCE: Duration = Duration::from_secs(120);

#[derive(Default)]
struct Queue {
    released: usize,
    /// Who waits: the turn, and what cancels it.
    waiting: Vec<(usize, Cancel)>,
}

/// A counter that threads wait for.
#[derive(Default)]
pub struct Turns {
    queue: Mutex<Queue>,
    changed: Condvar,
    begun: AtomicUsize,
    cancelled: AtomicUsize,
}

impl Turns {
    pub fn release(&self, count: usize) {
        self.queue.lock().unwrap().released += count;
        self.changed.notify_all();
    }

    /// Whoever comes from now on waits for a new release.
    pub fn hold(&self) {
        self.queue.lock().unwrap().released = self.begun();
    }

    pub fn begun(&self) -> usize {
        self.begun.load(Ordering::SeqCst)
    }

    pub fn cancelled(&self) -> usize {
        self.cancelled.load(Ordering::SeqCst)
    }

    /// How many wait and will go on waiting until the test says something.
    fn held(&self) -> usize {
        let queue = self.queue.lock().unwrap();
        let waits =
            |(turn, cancel): &&(usize, Cancel)| *turn >= queue.released && !cancel.is_cancelled();
        queue.waiting.iter().filter(waits).count()
    }

    /// Waits for its turn; a cancel counts and is told.
    fn take(&self, cancel: &Cancel) -> Result<(), Failure> {
        let turn = self.begun.fetch_add(1, Ordering::SeqCst);
        let end = Instant::now() + PATIENCE;
        let mut queue = self.queue.lock().unwrap();
        queue.waiting.push((turn, cancel.clone()));
        while queue.released <= turn && !cancel.is_cancelled() && Instant::now() < end {
            let waited = self.changed.wait_timeout(queue, Duration::from_millis(5));
            queue = waited.unwrap().0;
        }
        queue.waiting.retain(|(waiting, _)| *waiting != turn);
        let released = queue.released > turn;
        drop(queue);
        if !released && cancel.is_cancelled() {
            self.cancelled.fetch_add(1, Ordering::SeqCst);
            return Err(stopped());
        }
        assert!(released, "nobody released the turn");
        Ok(())
    }
}

/// The verbs.
#[derive(Default)]
pub struct Play {
    pub installed: Mutex<Vec<ModelSummary>>,
    pub models_fail: AtomicBool,
    /// The models are read a second time, as it happens when those that ship are unpacked, only when it is let.
    pub models_wait: AtomicBool,
    pub models_read: AtomicUsize,
    pub model_turns: Turns,
    /// Runs on one photograph.
    pub runs: Turns,
    /// Maps that were asked for.
    pub maps: Turns,
    /// Bytes that maps and controls say they take; 0 says nothing.
    pub memory: AtomicU64,
    /// Parts of a map's controls, told one a turn.
    pub controls: Turns,
    /// Regions that were hidden.
    pub region_covers: Turns,
    /// Runs on covered photographs.
    pub covers: Turns,
    /// Rows of runs over many.
    pub rows: Turns,
    /// How the answers of the last of them are kept.
    pub kept: Mutex<Option<Keep>>,
    /// Why those of the next one cannot be.
    pub keeping_fails: Mutex<Option<Failure>>,
    /// The run that the last session left.
    pub unexported: Mutex<Option<Unexported>>,
    /// What the application did on its own.
    pub notes: Mutex<Vec<Note>>,
    /// Where the run over many waits while it is paused.
    gate: Mutex<Option<(Gate, Cancel)>>,
    /// The broken files were mended.
    pub mended: AtomicBool,
    /// The next files have other bytes under the same names.
    pub edition: AtomicUsize,
    pub saved: Mutex<Vec<Settings>>,
    pub recent: Mutex<Vec<PathBuf>>,
    /// What exports were asked for, and what they come to; the files of the order where nothing is said.
    pub exports: Mutex<Vec<ExportOrder>>,
    pub export_says: Mutex<VecDeque<Result<Exported, Failure>>>,
    /// Exports wait for their turn; otherwise they go on at once.
    pub export_waits: AtomicBool,
    pub export_turns: Turns,
    /// File dialogs, where they wait for their turn.
    pub dialogs: Arc<Turns>,
    pub folders_shown: Mutex<Vec<PathBuf>>,
    /// The runtime library is there.
    pub has_library: AtomicBool,
    pub installs: Mutex<Vec<(PathBuf, bool)>>,
    pub stored: Mutex<Vec<ImportFlags>>,
    pub damaged: Mutex<Vec<Damaged>>,
    /// Models written out: id, what, folder.
    pub given_away: Mutex<Vec<(String, ModelFile, PathBuf)>>,
    /// Photographs of a check, and what it comes to; a failure where nothing is said.
    pub checks: Turns,
    /// Ways through the network that were computed.
    pub traces: AtomicUsize,
    pub check_says: Mutex<Option<CheckReport>>,
    /// What a check without a report asks, in turn.
    pub check_asks: Mutex<VecDeque<evaluation::Question>>,
    pub check_requests: Mutex<Vec<CheckRequest>>,
    pub settings_used: Mutex<Vec<(String, Choice)>>,
}

/// A file that the system does not hand over, in words of its own.
pub fn storage(error: storage::Error) -> Failure {
    workflow::Error::from(error).into()
}

/// What the controls of a map find: hiding its first cells takes the logit from 1 to −1, random areas hardly move it; the
/// last block's weights do not matter, without all weights there is no map.
fn parts(map: &SaliencyMap) -> Vec<Part> {
    let cells = Cells::of(&map.grid, None);
    let plan = HidingPlan::new(cells, First::Highest, 0).unwrap();
    let mut values = vec![0.9; HidingPlan::PASSES];
    (values[0], values[1], values[2]) = (1.0, -2.0, -1.0);
    let likeness = |signed| Likeness {
        signed: Some(signed),
        absolute: Some(0.1),
    };
    vec![
        Part::Outside(Share {
            evidence: 0.12,
            area: 0.21,
        }),
        Part::Hiding(Box::new(plan.read(Target::Logit, &values).unwrap())),
        Part::Randomised(Randomised {
            depth: Depth::LastBlock,
            tensors: 4,
            flaw: None,
            likeness: likeness(0.62),
        }),
        Part::Randomised(Randomised {
            depth: Depth::All,
            tensors: 60,
            flaw: Some(Flaw::Constant),
            likeness: Likeness::default(),
        }),
        Part::Stability(Stability {
            variant: Variant::Jpeg,
            likeness: likeness(0.97),
            change: Some(-0.004),
        }),
    ]
}

fn stopped() -> Failure {
    workflow::Error::Cancelled.into()
}

pub fn card(id: &str, name: &str, demonstration: bool) -> ModelCard {
    ModelCard {
        id: id.into(),
        name: name.into(),
        task: Task::Sex,
        labels: vec!["female".into(), "male".into()],
        input: InputSpec {
            size: [224, 224],
            colour: ColourOrder::Rgb,
            scaling: Scaling::Tf,
            mean: None,
            std: None,
            resize: Resize::PilBilinear,
            crop: Crop::Square,
        },
        head: Head::Sigmoid,
        threshold: Some(0.5),
        value_scale: None,
        value_offset: None,
        value_range: None,
        aggregation: "mean-logit".into(),
        citation: String::new(),
        acknowledgment: Default::default(),
        intended_use: Default::default(),
        source_sha256: "ab".repeat(32),
        settled: [("crop".to_owned(), Settled::Preset)].into(),
        architecture: "MobileNet".into(),
        pooling: None,
        head_norm: None,
        norm_epsilon: None,
        hidden_activation: None,
        imagenet_rescaling: None,
        preprocessing: Vec::new(),
        demonstration,
        evaluation: serde_json::Value::Null,
    }
}

/// A demonstration model and one of a study.
pub fn models() -> Vec<ModelSummary> {
    [
        card("demo", "Demonstration", true),
        card("study", "Study model", false),
    ]
    .map(|card| ModelSummary {
        ships: card.demonstration,
        ..card.into()
    })
    .to_vec()
}

/// What a model says: the demonstration model by the file's name, the study model always that it is female, of `z…` more so.
pub fn score_of(model: &str, name: &str) -> f64 {
    match (model, name.starts_with('b')) {
        ("demo", false) => 0.87,
        ("demo", true) => 0.25,
        _ if name.starts_with('z') => 0.05,
        _ => 0.31,
    }
}

impl Play {
    /// How many jobs wait for a word of the test: for their turn, or at the gate of a paused run. Read by the thread of
    /// the test, which alone gives such words, so that none of them goes on meanwhile.
    pub fn held(&self) -> usize {
        let turns = [
            &self.runs,
            &self.maps,
            &self.controls,
            &self.region_covers,
            &self.covers,
            &self.rows,
            &self.checks,
            &self.export_turns,
            &self.model_turns,
            &*self.dialogs,
        ];
        let gate = self.gate.lock().unwrap();
        let shut = gate
            .iter()
            .filter(|(g, c)| g.is_shut() && !c.is_cancelled());
        turns.map(Turns::held).iter().sum::<usize>() + shut.count()
    }

    /// Waits at the gate of a run over many.
    fn pass(&self, gate: &Gate, cancel: &Cancel) -> Result<(), Failure> {
        *self.gate.lock().unwrap() = Some((gate.clone(), cancel.clone()));
        let passed = gate.wait(cancel);
        *self.gate.lock().unwrap() = None;
        passed.map_err(|_| stopped())
    }

    fn answer(&self, image: &FundusImage, name: &str, model: &str) -> Result<Answer, Failure> {
        if name.starts_with("refused") {
            return Err(
                workflow::Error::from(runtime::Error::Memory("ran out of memory".into())).into(),
            );
        }
        if name.starts_with("undriven") {
            let reason = Unavailable::Engine("no driver".to_owned());
            let device = Device::Cuda;
            return Err(workflow::Error::from(runtime::Error::Device { device, reason }).into());
        }
        let installed = self.installed.lock().unwrap();
        let card = installed.iter().find(|m| m.id == model).map(|m| &m.card);
        let card =
            card.ok_or_else(|| Failure::from(workflow::Error::NoSuchModel(model.to_owned())))?;
        let mut case = Case::of_image(name, image, Arc::clone(card));
        let (width, height) = (image.pixels.width, image.pixels.height);
        if image.is_refused() {
            let whole = CropRect::from((0, 0, width, height));
            let geometry = Geometry::new([width, height], whole, [224, 224]).unwrap();
            return Ok(Answer::of_run(case, None, geometry));
        }
        let score = score_of(model, name);
        case.score = Some(score);
        case.logit = Some((score / (1.0 - score)).ln());
        case.label = card.label_of(score).map(str::to_owned);
        case.used = Some(EngineUsed {
            engine: "rten".into(),
            provider: "embedded".into(),
            version: "0.27".into(),
        });
        if card.demonstration {
            case.findings
                .push(Finding::new(Code::DemonstrationModel, Severity::Serious));
        }
        case.findings
            .push(Finding::new(Code::Uncalibrated, Severity::Note));
        let crop = CropRect {
            x: 0,
            y: 0,
            width,
            height,
        };
        let map = SaliencyMap {
            method: Method::GradCam,
            layer: None,
            target: Target::Logit,
            grid: Grid::new(7, 7, (0..49_i8).map(|i| f32::from(i) - 20.0).collect()).unwrap(),
        };
        let geometry = Geometry::new([width, height], crop, [224, 224]).unwrap();
        Ok(Answer::of_run(case, Some(map), geometry))
    }
}

impl Verbs for Play {
    fn models(&self) -> Result<Vec<ModelSummary>, Failure> {
        if self.models_fail.load(Ordering::SeqCst) {
            return Err(storage(storage::Error::NoHome));
        }
        let again = self.models_read.fetch_add(1, Ordering::SeqCst) > 0;
        if again && self.models_wait.load(Ordering::SeqCst) {
            self.model_turns.take(&Cancel::new())?;
        }
        Ok(self.installed.lock().unwrap().clone())
    }

    fn damaged_models(&self) -> Vec<Damaged> {
        self.damaged.lock().unwrap().clone()
    }

    fn prepare_models(&self, _: &Cancel, _: &Progress) -> Result<(), Failure> {
        Ok(())
    }

    /// `folder` holds both eyes of a person, a broken file and a note; `empty` holds nothing.
    fn find(&self, paths: &[PathBuf], _: &Cancel) -> Result<FoundFiles, Failure> {
        let mut found = FoundFiles::default();
        for path in paths {
            match path.to_str() {
                Some("folder") => {
                    for name in ["p1_OD.jpg", "p1_OS.jpg", "broken.jpg"] {
                        let source = Source::File(path.join(name));
                        found.photographs.push(FoundPhotograph::named(source));
                    }
                    found.skipped.push(Skipped {
                        name: "notes.txt".into(),
                        why: Why::NotAPicture,
                    });
                }
                Some("empty") => {}
                Some(nothing) if nothing.starts_with("nothing") => {
                    found.absent.push(nothing.to_owned());
                }
                _ => {
                    let source = Source::File(path.clone());
                    found.photographs.push(FoundPhotograph::named(source));
                }
            }
        }
        Ok(found)
    }

    fn open(&self, source: &Source, eye: Option<Laterality>) -> Result<FundusImage, Failure> {
        let name = source.name();
        assert!(!name.starts_with("panic"), "a defect in decoding");
        if name.starts_with("gone") {
            let source = std::io::ErrorKind::NotFound.into();
            return Err(storage(storage::Error::Read { name, source }));
        }
        if name.starts_with("broken") && !self.mended.load(Ordering::SeqCst) {
            let reason = "it ends too early".into();
            let format = "JPEG";
            let error = imaging::Error::Malformed { format, reason };
            return Err(workflow::Error::from(error).into());
        }
        let (width, height) = if name.starts_with("large") {
            (2600, 1300)
        } else {
            (64, 64)
        };
        let street = name.starts_with("street");
        let caution = |code| Finding::new(code, Severity::Caution);
        let findings = match () {
            () if street => vec![Finding::new(Code::NotAFundus, Severity::Serious)],
            () if name.starts_with("hazy") => vec![caution(Code::LowContrast)],
            () if name.starts_with("dull") => {
                vec![caution(Code::LowContrast), caution(Code::UnderExposed)]
            }
            () => vec![],
        };
        let edition = self.edition.load(Ordering::SeqCst);
        let rgb = vec![120; (width * height * 3) as usize];
        let image = FundusImage {
            pixels: Arc::new(Pixels::new(width, height, rgb).unwrap()),
            sha256: format!("digest {edition} of {name}"),
            pixels_sha256: format!("pixels {edition} of {name}"),
            eye: if name.contains("OD") {
                Laterality::Od
            } else {
                Laterality::Os
            },
            eye_source: EyeSource::FileName,
            eye_guess: Laterality::Od,
            patient: None,
            field_of_view: Some(FieldOfView {
                centre_x: 32.0,
                centre_y: 32.0,
                radius: 30.0,
                completeness: 1.0,
                round: true,
            }),
            quality: if street {
                Quality::NotAFundus
            } else {
                Quality::Good
            },
            findings,
        };
        Ok(domain::with_eye(&image, eye))
    }

    fn predict(
        &self,
        order: &PredictOrder,
        cancel: &Cancel,
        _: &Progress,
        tell: &dyn Fn(String, Result<Answer, Failure>),
    ) {
        let turn = self.runs.take(cancel);
        for model in &order.models {
            let answer = |()| self.answer(&order.image, &order.name, model);
            tell(model.clone(), turn.clone().and_then(answer));
        }
    }

    fn stages(&self, _: &str, _: &Cancel, _: &Progress) -> Result<Vec<Stage>, Failure> {
        let stage = |layer: &str, side, channels| Stage::new(layer, channels, [side, side]);
        Ok(vec![
            stage("conv_pw_5_relu", 28, 256),
            stage("conv_pw_11_relu", 14, 512),
            stage("conv_pw_13_relu", 7, 1024),
        ])
    }

    /// Tells one coarse map, then waits for its turn.
    fn explain(
        &self,
        order: &ExplainOrder,
        cancel: &Cancel,
        progress: &Progress,
        tell: &mut dyn FnMut(SaliencyMap),
    ) -> Result<Answer, Failure> {
        let recipe = &order.key.recipe;
        progress.start(20);
        progress.will_take(self.memory.load(Ordering::SeqCst));
        let map = |rows: usize, columns: usize| SaliencyMap {
            method: recipe.method,
            layer: recipe.layer.clone(),
            target: Target::Logit,
            grid: Grid::new(
                rows,
                columns,
                (0..rows * columns).map(|i| i as f32 - 3.0).collect(),
            )
            .unwrap(),
        };
        tell(map(2, 2));
        self.maps.take(cancel)?;
        let mut answer = self.answer(&order.image, &order.name, &order.key.model)?;
        let is_attribution = recipe.method == Method::IntegratedGradients;
        answer.map = Some(map(4, 4));
        answer.made = Some(Made {
            recipe: recipe.clone(),
            target_value: answer.case.logit,
            baseline_value: is_attribution.then_some(0.0),
            completeness_gap: is_attribution.then_some(0.019),
            passes: 20,
            ms: 1500.0,
        });
        Ok(answer)
    }

    /// Tells one part a turn: evidence outside, hiding, two shuffles, one changed photograph.
    fn controls(
        &self,
        order: &ControlsOrder,
        cancel: &Cancel,
        progress: &Progress,
        tell: &mut dyn FnMut(Part),
    ) -> Result<Controls, Failure> {
        let parts = parts(order.answer.map.as_ref().unwrap());
        progress.start(parts.len() as u64);
        progress.will_take(self.memory.load(Ordering::SeqCst));
        let mut controls = Controls {
            of_photograph: true,
            ..Controls::default()
        };
        for part in parts {
            self.controls.take(cancel)?;
            controls.take(part.clone());
            tell(part);
            progress.advance();
        }
        Ok(controls)
    }

    /// Disc and fovea of `blank…` are not found; elsewhere they lie side by side.
    fn regions(&self, order: &RegionsOrder, cancel: &Cancel) -> Result<Measured, Failure> {
        cancel.check().map_err(|_| stopped())?;
        let at = |x| Point { x, y: 32.0 };
        let found = |x, sureness| {
            Some(Found {
                at: at(x),
                sureness,
            })
        };
        let proposal = match order.image.sha256.contains("blank") {
            true => Proposal::default(),
            false => Proposal {
                disc: found(44.0, 0.9),
                fovea: found(20.0, 0.5),
            },
        };
        let taken = order.marks.map(|(landmarks, _)| landmarks);
        let taken = taken.or(proposal.both().map(|(landmarks, _)| landmarks));
        let image = &order.image;
        let lay_out = |landmarks| {
            let field = image.field_of_view.as_ref();
            Anatomy::new(&image.pixels, field, landmarks)
                .map(Arc::new)
                .unwrap()
        };
        let share = |region| RegionShare {
            region,
            raising: 0.1,
            lowering: 0.0667,
            area: 1.0 / 6.0,
        };
        let has_map = taken.is_some() && order.map.is_some();
        Ok(Measured {
            regions: Regions {
                landmarks: taken,
                source: order
                    .marks
                    .map_or(MarkSource::Proposed, |(_, source)| source),
                proposal: order.marks.is_none().then_some(proposal),
                shares: has_map.then(|| Region::ALL.map(share)),
                covered: None,
            },
            layout: taken.map(lay_out),
        })
    }

    fn cover_regions(
        &self,
        _: &CoverRegionsOrder,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<CoveredRegions, Failure> {
        progress.start(10);
        self.region_covers.take(cancel)?;
        let change = |score| Change {
            score: Some(score),
            ..Change::default()
        };
        let region = |region| CoveredRegion {
            region,
            area: 1.0 / 6.0,
            change: change(-0.31),
            random: Some([change(-0.02), change(0.021)]),
        };
        Ok(CoveredRegions {
            fill: Baseline::Blur,
            randoms: 5,
            regions: Region::ALL.map(region).to_vec(),
        })
    }

    fn trace(&self, order: &TraceOrder, _: &Cancel, _: &Progress) -> Result<Trace, Failure> {
        self.traces.fetch_add(1, Ordering::SeqCst);
        let answer = self.answer(&order.image, &order.name, &order.model)?;
        let grey = |side: u32| {
            let rgb = vec![80; (side * side * 3) as usize];
            Arc::new(Pixels::new(side, side, rgb).unwrap())
        };
        Ok(Trace {
            geometry: answer.geometry,
            original: Arc::clone(&order.image.pixels),
            crop: grey(64),
            input: grey(224),
            scaled: grey(224),
            range: (-1.0, 0.5),
            features: Some(Features {
                channels: 1024,
                energy: Grid::new(7, 7, vec![1.0; 49]).unwrap(),
            }),
            map: answer.map,
            case: answer.case,
        })
    }

    /// The score falls by the covered share of the field.
    fn cover(&self, order: &CoverOrder, cancel: &Cancel) -> Result<Vec<Covered>, Failure> {
        self.covers.take(cancel)?;
        let of_model = |model: &String| {
            let answer = self.answer(&order.image, "a", model)?;
            let mask = painted(&answer.geometry, &order.request.strokes);
            let before = Figures {
                logit: answer.case.logit,
                score: answer.case.score,
                value: None,
            };
            let after = Figures {
                score: answer.case.score.map(|s| s * (1.0 - mask.area())),
                ..before
            };
            let pixels = mask.values.iter();
            Ok(Covered {
                card: Arc::clone(&answer.case.card),
                fill: order.request.fill,
                hides: !mask.hides_nothing(),
                area_share: mask.area(),
                before,
                after,
                picture: Rgba {
                    width: mask.columns,
                    height: mask.rows,
                    rgba: pixels
                        .flat_map(|m| [90, 60, 40, (m * 255.0) as u8])
                        .collect(),
                },
                geometry: answer.geometry,
            })
        };
        order.request.models.iter().map(of_model).collect()
    }

    fn run_many(
        &self,
        order: &ManyOrder,
        gate: &Gate,
        cancel: &Cancel,
        _: &Progress,
        tell: &mut dyn FnMut(ManyNews),
    ) -> Result<(), Failure> {
        *self.kept.lock().unwrap() = order.keep.clone();
        if let Some(failure) = self.keeping_fails.lock().unwrap().take() {
            tell(ManyNews::NotKept(failure));
        }
        for (index, item) in order.items.iter().enumerate() {
            self.pass(gate, cancel)?;
            self.rows.take(cancel)?;
            let photograph = self.open(&item.source, item.eye);
            let photograph = photograph.map(|i| domain::with_acceptance(&i, item.accepted));
            let answer = |model: &String| {
                let answer = match &photograph {
                    Ok(image) => self.answer(image, &item.name, model),
                    Err(failure) => Err(failure.clone()),
                };
                (model.clone(), answer)
            };
            let answers = order.models.iter().map(answer).collect();
            let recalled = order.keep.is_some() && item.name.starts_with("kept");
            tell(ManyNews::Row(Box::new(ManyRow {
                index,
                photograph,
                answers,
                recalled,
            })));
        }
        Ok(())
    }

    fn unexported(&self) -> Option<Unexported> {
        self.unexported.lock().unwrap().clone()
    }

    fn forget_run(&self, _: &Path) -> Result<(), Failure> {
        *self.unexported.lock().unwrap() = None;
        Ok(())
    }

    fn forget_inputs(&self) -> Result<(), Failure> {
        Ok(())
    }

    fn notes(&self) -> Vec<Note> {
        std::mem::take(&mut self.notes.lock().unwrap())
    }

    fn preview(&self, _: &ExportOrder, longest: u32, _: &Cancel) -> Result<Pixels, Failure> {
        let (width, height) = (longest.min(90), longest.min(60));
        let rgb = vec![70; (width * height * 3) as usize];
        Ok(Pixels::new(width, height, rgb).unwrap())
    }

    fn export(
        &self,
        order: &ExportOrder,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<Exported, Failure> {
        self.exports.lock().unwrap().push(order.clone());
        progress.start(order.rows.len() as u64);
        if self.export_waits.load(Ordering::SeqCst) {
            self.export_turns.take(cancel)?;
        }
        let said = self.export_says.lock().unwrap().pop_front();
        said.unwrap_or_else(|| {
            let files = order.rows.iter().map(|row| row.name.clone()).collect();
            Ok(Exported::Written {
                files,
                problems: vec![],
            })
        })
    }

    fn show_folder(&self, folder: &Path) -> Result<(), Failure> {
        self.folders_shown.lock().unwrap().push(folder.to_owned());
        Ok(())
    }

    /// The demonstration model agrees with its reference, the study model does not.
    fn self_test(
        &self,
        model: &str,
        _: Device,
        _: &Cancel,
        _: &Progress,
    ) -> Result<SelfTest, Failure> {
        let within = model == "demo";
        Ok(SelfTest {
            max_abs_error: if within { 1e-6 } else { 0.2 },
            tolerance: 1e-4,
            within,
            engine: "rten".into(),
            provider: "embedded".into(),
            version: "0.27".into(),
            run_ms: 12.0,
        })
    }

    fn inspect(
        &self,
        file: &Path,
        flags: &ImportFlags,
        _: &Cancel,
        _: &Progress,
    ) -> Result<Inspected, Failure> {
        if file.starts_with("weights.h5") {
            let given = [flags.input_size.is_some(), flags.head.is_some()];
            let missing = ["input_size", "head"].into_iter().zip(given);
            let missing: Vec<_> = missing.filter(|m| !m.1).map(|m| m.0).collect();
            if !missing.is_empty() {
                let open = keras::Open {
                    architecture: Some(keras::Architecture::Xception),
                    parameters: 20_861_480,
                    missing,
                };
                return Err(workflow::Error::Open(Box::new(open)).into());
            }
        }
        if file.starts_with("cut.h5") {
            let error = keras::Error::Malformed("it ends too early".into());
            return Err(workflow::Error::from(error).into());
        }
        if file.starts_with("layers.h5") {
            let layer = keras::UnsupportedLayer {
                layer: "volume".into(),
                class: "Conv3D".into(),
                reason: "it is not computed".into(),
            };
            return Err(workflow::Error::from(keras::Error::Unsupported(vec![layer])).into());
        }
        if file.starts_with("broken.h5") {
            return Err(workflow::Error::from(keras::Error::NotAModel).into());
        }
        let age = file.starts_with("age.h5");
        let facts = Facts {
            sha256: "cd".repeat(32),
            form: "full",
            architecture: Some("EfficientNetB7".into()),
            parameters: 64_097_687,
            keras_version: Some("2.4.0".into()),
            input_size: [600, 600],
            head: if age { Head::Linear } else { Head::Sigmoid },
            preprocessing_layers: vec!["rescaling".into()],
            last_feature_map: None,
            pooling: None,
            units: 1,
        };
        let draft = settle(&facts, flags, file).map_err(Failure::from)?;
        Ok(Inspected {
            unknown: draft.unknown(),
            unconfirmed: draft.unconfirmed(),
            facts,
            draft,
            in_library: vec![],
            taken: ["taken".to_owned()].into(),
        })
    }

    fn resettle(
        &self,
        inspected: &Inspected,
        file: &Path,
        flags: &ImportFlags,
    ) -> Result<Inspected, Failure> {
        let settled = inspected.resettled(flags, file);
        settled.map_err(Failure::from)
    }

    fn store(
        &self,
        _: &Path,
        flags: &ImportFlags,
        _: &Cancel,
        _: &Progress,
    ) -> Result<ImportReport, Failure> {
        self.stored.lock().unwrap().push(flags.clone());
        let imported = card("imported", "Imported model", false);
        self.installed.lock().unwrap().push(imported.into());
        Ok(ImportReport {
            id: "imported".into(),
            sha256: "cd".repeat(32),
            form: "full",
            architecture: None,
            parameters: 1,
            keras_version: None,
            input: DraftInput::default(),
            head: Some(Head::Sigmoid),
            preprocessing_layers: vec![],
            last_feature_map: None,
            unknown: vec![],
            unsupported: vec![],
            unconfirmed: vec![],
            findings: vec![],
            same_file_as: vec![],
            replaced: false,
            engine_checks: vec![],
        })
    }

    fn edit_card(&self, card: &ModelCard) -> Result<(), Failure> {
        let mut installed = self.installed.lock().unwrap();
        let model = installed.iter_mut().find(|m| m.id == card.id).unwrap();
        *model = card.clone().into();
        Ok(())
    }

    fn export_model(
        &self,
        id: &str,
        what: ModelFile,
        folder: &Path,
    ) -> Result<Vec<String>, Failure> {
        let written = (id.to_owned(), what, folder.to_owned());
        self.given_away.lock().unwrap().push(written);
        Ok(vec![format!("{id}.card.json")])
    }

    /// Tells how things stand after the first photograph, then waits for its turn.
    fn check_import(
        &self,
        request: &CheckRequest,
        cancel: &Cancel,
        progress: &Progress,
        tell: &mut dyn FnMut(Interim),
    ) -> Result<CheckReport, Failure> {
        self.check_requests.lock().unwrap().push(request.clone());
        progress.start(50);
        let said = self.check_says.lock().unwrap().clone();
        if let Some(report) = &said {
            let best = &report.rows[0];
            tell(Interim {
                image: "00000_OD.png".into(),
                images: 2,
                figure: report.figure,
                rows: vec![(best.input.clone(), best.value)],
            });
        }
        self.checks.take(cancel)?;
        said.ok_or_else(|| {
            let question = self.check_asks.lock().unwrap().pop_front();
            let error = question.map_or(evaluation::Error::NoRows, evaluation::Error::Question);
            workflow::Error::from(error).into()
        })
    }

    fn apply_setting(&self, report: &CheckReport, choice: Choice) -> Result<Applied, Failure> {
        let used = (report.model.clone(), choice);
        self.settings_used.lock().unwrap().push(used);
        Ok(Applied {
            rank: choice.row.unwrap_or(1),
            text: "checked".into(),
            changed: vec!["scaling".into()],
            settled: vec!["scaling".into()],
            open: vec![],
            swapped: choice.order == Some(LabelOrder::Swap),
        })
    }

    fn remove_model(&self, id: &str) -> Result<(), Failure> {
        self.installed.lock().unwrap().retain(|m| m.id != id);
        Ok(())
    }

    fn devices(&self, _: &Cancel, _: &Progress) -> Result<DevicesReport, Failure> {
        let provider = |name, works: bool| ProviderReport {
            checks: vec![],
            name,
            provider: None,
            works,
            reason: (!works).then(|| "its library is not built in".to_owned()),
            fault: (!works).then_some(DeviceFault::Absent),
            deviation: works.then_some(2e-6),
            run_ms: works.then_some(41.5),
        };
        let library = self.has_library.load(Ordering::SeqCst);
        let onnx = EngineReport {
            engine: "onnxruntime",
            version: library.then(|| "1.24.1".to_owned()),
            library: None,
            providers: vec![provider(Device::Cpu, true), provider(Device::Cuda, false)],
            refused: vec![],
        };
        let own = EngineReport {
            engine: "rten",
            version: Some("0.27".into()),
            library: None,
            providers: vec![provider(Device::Embedded, true)],
            refused: vec![],
        };
        Ok(DevicesReport {
            engines: vec![onnx, own],
        })
    }

    fn install_runtime(&self, file: &Path, accept: bool) -> Result<Installed, Failure> {
        self.installs
            .lock()
            .unwrap()
            .push((file.to_owned(), accept));
        if file.ends_with("broken.whl") {
            let damaged = WheelError::Damaged("it ends too early".into());
            return Err(workflow::Error::Library(damaged).into());
        }
        if !accept {
            let sha256 = "ef".repeat(32);
            return Ok(Installed::NotPinned { sha256 });
        }
        self.has_library.store(true, Ordering::SeqCst);
        Ok(Installed::Done {
            refused: None,
            restart_needed: false,
        })
    }

    fn save_settings(&self, settings: &Settings) -> Result<(), Failure> {
        self.saved.lock().unwrap().push(settings.clone());
        Ok(())
    }

    fn recent(&self) -> Vec<PathBuf> {
        self.recent.lock().unwrap().clone()
    }

    fn save_recent(&self, files: &[PathBuf]) -> Result<(), Failure> {
        *self.recent.lock().unwrap() = files.to_vec();
        Ok(())
    }
}

/// A file dialog that answers for each purpose its own: at once, or when it is let.
#[derive(Default)]
pub struct Answers {
    pub chosen: HashMap<&'static str, Chosen>,
    /// The dialog waits for its turn.
    pub turns: Option<Arc<Turns>>,
}

/// The word of a purpose.
pub fn word(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Photographs => "photographs",
        Purpose::Folder => "folder",
        Purpose::ExportFolder | Purpose::ModelFolder => "export folder",
        Purpose::Keras => "keras",
        Purpose::Runtime => "runtime",
        Purpose::CheckLabels => "check labels",
        Purpose::CheckImages => "check images",
    }
}

impl Picker for Answers {
    fn ask(&self, purpose: Purpose, _: Texts) -> Question {
        let chosen = self.chosen.get(word(purpose)).cloned();
        let turns = self.turns.clone();
        Box::new(move || {
            if let Some(turns) = turns {
                let never = Cancel::new();
                drop(turns.take(&never));
            }
            chosen.unwrap_or(Chosen::Nothing)
        })
    }
}
