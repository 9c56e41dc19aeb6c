//! The window as a person meets it: driven by the names on its controls, in both languages, without a renderer.
//!
//! The verbs behind it are played by the test, which decides when and how they answer.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};

use gantei::app::action::Chosen;
use gantei::app::verbs::{Answer, Failure, Verbs};
use gantei::app::{Settings, State};
use gantei::clinic::{
    Case, Code, ColourOrder, Crop, EngineUsed, EyeSource, FieldOfView, Finding, FundusImage, Head,
    InputSpec, Laterality, ModelCard, Pixels, Quality, Resize, Scaling, Severity, Task,
};
use gantei::imaging::{CropRect, Geometry, Grid};
use gantei::progress::{Cancel, Progress};
use gantei::saliency::{Method, SaliencyMap, Target};
use gantei::ui::picker::{Picker, Question};
use gantei::ui::{Start, Window};
use gantei::words::window::Texts;
use gantei::words::{Lang, finding, research_only};
use gantei::workflow::{ModelSummary, Request, Source};

const BOTH: [Lang; 2] = [Lang::En, Lang::Ja];
const PATIENCE: Duration = Duration::from_secs(20);

/// Verbs that wait for the test before they answer.
#[derive(Default)]
struct Play {
    /// How many runs may answer.
    released: Mutex<usize>,
    changed: Condvar,
    begun: AtomicUsize,
    cancelled: AtomicUsize,
    saved: Mutex<Vec<Settings>>,
}

impl Play {
    fn release(&self) {
        *self.released.lock().unwrap() += 1;
        self.changed.notify_all();
    }

    fn begun(&self) -> usize {
        self.begun.load(Ordering::SeqCst)
    }
}

fn failure(message: &str) -> Failure {
    Failure {
        code: "image".into(),
        message: message.into(),
        hint: "Open another file.".into(),
        cancelled: false,
    }
}

fn card(id: &str, name: &str, demonstration: bool) -> ModelCard {
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
        threshold: 0.5,
        aggregation: "mean-logit".into(),
        citation: String::new(),
        acknowledgment: Default::default(),
        intended_use: Default::default(),
        source_sha256: String::new(),
        settled: Default::default(),
        architecture: "MobileNet".into(),
        demonstration,
        evaluation: serde_json::Value::Null,
    }
}

fn models() -> Vec<ModelSummary> {
    [
        card("demo", "Demonstration", true),
        card("study", "Study model", false),
    ]
    .map(|card| ModelSummary {
        id: card.id.clone(),
        task: card.task,
        architecture: card.architecture.clone(),
        sha256: String::new(),
        input: card.input.clone(),
        labels: card.labels.clone(),
        demonstration: card.demonstration,
        card: Arc::new(card),
    })
    .to_vec()
}

impl Verbs for Play {
    fn models(&self) -> Result<Vec<ModelSummary>, Failure> {
        Ok(models())
    }

    fn prepare_models(&self, _: &Cancel, _: &Progress) -> Result<(), Failure> {
        Ok(())
    }

    /// The name decides: `broken…` cannot be opened, `panic…` is a defect, everything else is a grey eye.
    fn open(&self, source: &Source) -> Result<FundusImage, Failure> {
        let name = source.name();
        assert!(!name.starts_with("panic"), "a defect in decoding");
        if name.starts_with("broken") {
            return Err(failure("the file ends too early"));
        }
        let (width, height) = if name.starts_with("large") {
            (2600, 1300)
        } else {
            (64, 64)
        };
        let image_findings = match name.as_str() {
            "street.jpg" => vec![Finding::new(Code::NotAFundus, Severity::Serious)],
            _ => vec![],
        };
        Ok(FundusImage {
            pixels: Arc::new(
                Pixels::new(width, height, vec![120; (width * height * 3) as usize]).unwrap(),
            ),
            sha256: format!("digest of {name}"),
            pixels_sha256: format!("pixels of {name}"),
            eye: Laterality::Os,
            eye_source: EyeSource::FileName,
            eye_guess: Laterality::Od,
            field_of_view: Some(FieldOfView {
                centre_x: 32.0,
                centre_y: 32.0,
                radius: 30.0,
                completeness: 1.0,
                round: true,
            }),
            quality: if image_findings.is_empty() {
                Quality::Good
            } else {
                Quality::NotAFundus
            },
            findings: image_findings,
        })
    }

    fn predict(
        &self,
        image: &FundusImage,
        name: &str,
        request: &Request,
        cancel: &Cancel,
        _: &Progress,
    ) -> Result<Answer, Failure> {
        let turn = self.begun.fetch_add(1, Ordering::SeqCst);
        let end = Instant::now() + PATIENCE;
        let mut released = self.released.lock().unwrap();
        while *released <= turn {
            if cancel.is_cancelled() {
                self.cancelled.fetch_add(1, Ordering::SeqCst);
                return Err(Failure {
                    cancelled: true,
                    ..failure("cancelled")
                });
            }
            assert!(Instant::now() < end, "nobody released the run");
            released = self
                .changed
                .wait_timeout(released, Duration::from_millis(5))
                .unwrap()
                .0;
        }
        drop(released);
        if name.starts_with("refused") {
            return Err(failure("the provider ran out of memory"));
        }
        let model = models()
            .into_iter()
            .find(|m| m.id == request.model)
            .unwrap();
        let mut case = Case::of_image(name, image, Arc::clone(&model.card));
        let score = if name.starts_with('b') { 0.25 } else { 0.87 };
        case.score = Some(score);
        case.logit = Some((score / (1.0 - score)).ln());
        case.label = Some(if score >= 0.5 { "male" } else { "female" }.into());
        case.used = Some(EngineUsed {
            engine: "rten".into(),
            provider: "embedded".into(),
            version: "0.27".into(),
        });
        if model.demonstration {
            case.findings
                .push(Finding::new(Code::DemonstrationModel, Severity::Serious));
        }
        case.findings
            .push(Finding::new(Code::Uncalibrated, Severity::Note));
        let (width, height) = (image.pixels.width, image.pixels.height);
        let crop = CropRect {
            x: 0,
            y: 0,
            width,
            height,
        };
        Ok(Answer {
            case,
            map: Some(SaliencyMap {
                method: Method::GradCam,
                layer: None,
                target: Target::Logit,
                grid: Grid::new(7, 7, (0..49_i8).map(|i| f32::from(i) - 20.0).collect()).unwrap(),
            }),
            geometry: Geometry::new([width, height], crop, [224, 224]).unwrap(),
        })
    }

    fn save_settings(&self, settings: &Settings) -> Result<(), Failure> {
        self.saved.lock().unwrap().push(settings.clone());
        Ok(())
    }
}

/// A file dialog that answers at once.
struct Answers(Chosen);

impl Picker for Answers {
    fn photographs(&self, _: Texts) -> Question {
        let chosen = self.0.clone();
        Box::new(move || chosen)
    }
}

struct Desk {
    harness: Harness<'static, Window>,
    play: Arc<Play>,
    t: Texts,
}

impl Desk {
    fn new(lang: Lang, files: &[&str]) -> Self {
        Self::with_dialog(lang, files, Chosen::Nothing)
    }

    fn with_dialog(lang: Lang, files: &[&str], chosen: Chosen) -> Self {
        let play = Arc::new(Play::default());
        let start = Start {
            verbs: play.clone(),
            picker: Box::new(Answers(chosen)),
            settings: Settings {
                language: lang,
                ..Settings::default()
            },
            files: files.iter().map(Into::into).collect(),
        };
        let harness = Harness::builder()
            .with_size([1320.0, 1200.0])
            .with_pixels_per_point(1.0)
            .with_os(egui::os::OperatingSystem::Nix)
            .build_eframe(|cc| Window::new(&cc.egui_ctx, start).unwrap());
        let t = Texts(lang);
        let mut desk = Self { harness, play, t };
        desk.until("the models", |d| d.state().model().is_some());
        desk
    }

    fn state(&self) -> &State {
        self.harness.state().state()
    }

    /// Jobs run in real time: draws frames until it has happened.
    fn until(&mut self, what: &str, done: impl Fn(&Self) -> bool) {
        let end = Instant::now() + PATIENCE;
        loop {
            self.harness.step();
            if done(self) {
                self.harness.step();
                return;
            }
            assert!(Instant::now() < end, "timed out waiting for {what}");
            std::thread::sleep(Duration::from_millis(3));
        }
    }

    fn until_open(&mut self) {
        self.until("the photograph", |d| d.state().can_run());
    }

    fn click(&mut self, label: &str) {
        self.harness.get_by_label(label).click();
        self.harness.step();
        self.harness.step();
    }

    fn sees(&self, label: &str) -> bool {
        self.harness.query_all_by_label(label).next().is_some()
    }

    fn reads(&self, part: &str) -> bool {
        self.harness
            .query_all_by_label_contains(part)
            .next()
            .is_some()
    }

    fn run_and_wait(&mut self) {
        self.click(self.t.run_now());
        self.play.release();
        self.until("the answer", |d| {
            d.state().answer().is_some() && d.state().running.is_none()
        });
        self.harness.run();
    }
}

#[test]
fn the_sample_eye_is_there_at_once_and_a_run_shows_its_score() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &[]);
        desk.until_open();
        let t = desk.t;
        assert!(desk.sees(t.image_view()));
        assert!(desk.sees(t.result_empty()));
        desk.click(t.run_now());
        desk.until("the run", |d| d.play.begun() == 1);
        assert!(desk.sees(t.cancel()), "{lang:?}");
        desk.play.release();
        desk.until("the score", |d| d.state().answer().is_some());
        desk.harness.run();
        assert!(desk.sees(&t.score_name(0.87)), "{lang:?}");
        assert!(desk.sees(&t.label("male")));
        assert!(desk.reads(t.embedded_engine()));
        assert!(desk.sees(t.run_now()));
    }
}

#[test]
fn the_research_line_and_the_demonstration_warning_are_in_view() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &[]);
        desk.until_open();
        assert!(desk.sees(research_only(lang)));
        desk.run_and_wait();
        assert!(desk.sees(research_only(lang)));
        assert!(desk.sees(finding(Code::DemonstrationModel, lang).message));
        assert!(desk.sees(finding(Code::Uncalibrated, lang).message));
    }
}

#[test]
fn a_published_model_carries_no_demonstration_warning() {
    let mut desk = Desk::new(Lang::En, &[]);
    desk.until_open();
    desk.click("Model");
    desk.click("Study model");
    assert_eq!(desk.state().model().unwrap().id, "study");
    desk.run_and_wait();
    assert!(!desk.sees(finding(Code::DemonstrationModel, Lang::En).message));
}

#[test]
fn cancelling_stops_the_run_and_says_so() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &[]);
        desk.until_open();
        desk.click(desk.t.run_now());
        desk.until("the run", |d| d.play.begun() == 1);
        desk.click(desk.t.cancel());
        desk.until("the end", |d| d.play.cancelled.load(Ordering::SeqCst) == 1);
        desk.harness.run();
        assert!(desk.sees(desk.t.result_cancelled()));
        assert!(desk.state().answer().is_none());
        assert!(desk.state().messages.is_empty());
    }
}

#[test]
fn an_answer_lands_on_its_own_photograph_when_another_is_in_view() {
    let mut desk = Desk::new(Lang::En, &["a.jpg", "b.jpg"]);
    desk.until_open();
    desk.click(desk.t.run_now());
    desk.until("the run", |d| d.play.begun() == 1);
    desk.harness.key_press(egui::Key::PageDown);
    desk.until("the other photograph", |d| {
        d.state().selected().is_some_and(|p| p.name == "b.jpg")
    });
    desk.play.release();
    desk.until("the answer", |d| d.state().running.is_none());
    desk.harness.run();
    assert!(
        !desk.sees(&desk.t.score_name(0.87)),
        "the score of a.jpg stands beside b.jpg"
    );
    assert!(
        desk.reads("a.jpg, OS, Model score 0.87"),
        "the list tells the score of a.jpg"
    );
    desk.harness.key_press(egui::Key::PageUp);
    desk.harness.run();
    assert!(desk.sees(&desk.t.score_name(0.87)));
}

#[test]
fn a_newer_run_supersedes_an_older_one() {
    let mut desk = Desk::new(Lang::En, &["a.jpg", "b.jpg"]);
    desk.until_open();
    desk.harness.key_press(egui::Key::R);
    desk.until("the first run", |d| d.play.begun() == 1);
    desk.harness.key_press(egui::Key::PageDown);
    desk.until_open();
    desk.harness.key_press(egui::Key::R);
    desk.until("the second run", |d| d.play.begun() == 2);
    desk.until("the first to end", |d| {
        d.play.cancelled.load(Ordering::SeqCst) == 1
    });
    desk.play.release();
    desk.play.release();
    desk.until("the answer", |d| d.state().running.is_none());
    desk.harness.run();
    assert!(desk.sees(&desk.t.score_name(0.25)));
    assert!(desk.state().photographs[0].answers.is_empty());
}

#[test]
fn a_failed_run_is_told_with_details_to_copy() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &["refused.jpg"]);
        desk.until_open();
        desk.click(desk.t.run_now());
        desk.play.release();
        desk.until("the message", |d| !d.state().messages.is_empty());
        desk.harness.run();
        assert!(desk.sees("The provider ran out of memory."));
        desk.harness.get_by_label(desk.t.copy_details()).click();
        desk.harness.step();
        let copied = copied_text(&desk.harness);
        desk.harness.step();
        let copied = copied
            .or_else(|| copied_text(&desk.harness))
            .expect("something is on the clipboard");
        assert!(
            copied.contains("ran out of memory") && copied.starts_with("image: "),
            "{copied}"
        );
        desk.click(desk.t.dismiss());
        assert!(desk.state().messages.is_empty());
    }
}

fn copied_text(harness: &Harness<'_, Window>) -> Option<String> {
    harness
        .output()
        .platform_output
        .commands
        .iter()
        .find_map(|command| match command {
            egui::OutputCommand::CopyText(text) => Some(text.clone()),
            _ => None,
        })
}

#[test]
fn a_file_that_cannot_be_opened_says_why_and_offers_no_run() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &["broken.png"]);
        desk.until("the failure", |d| {
            !d.state().photographs.is_empty() && d.reads(d.t.could_not_open())
        });
        assert!(!desk.state().can_run());
        assert!(desk.reads(&format!("broken.png, {}", desk.t.could_not_open())));
        desk.harness.key_press(egui::Key::R);
        desk.harness.run();
        assert_eq!(desk.play.begun(), 0);
    }
}

#[test]
fn a_defect_in_a_job_becomes_a_message_and_the_window_goes_on() {
    let mut desk = Desk::new(Lang::En, &["panic.jpg", "a.jpg"]);
    desk.until("the message", |d| d.sees(d.t.internal_error()));
    desk.harness.key_press(egui::Key::PageDown);
    desk.until_open();
    desk.run_and_wait();
    assert!(desk.sees(&desk.t.score_name(0.87)));
}

#[test]
fn a_street_is_flagged_before_any_score() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &["street.jpg"]);
        desk.until_open();
        assert!(desk.sees(finding(Code::NotAFundus, lang).message));
        assert!(desk.sees(desk.t.severity(Severity::Serious)));
        assert!(desk.sees(desk.t.quality_word(Quality::NotAFundus)));
    }
}

#[test]
fn the_eye_is_told_with_its_source_and_the_guess_apart() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &["01L.jpg"]);
        desk.until_open();
        assert!(desk.reads(desk.t.eye_source(EyeSource::FileName)));
        assert!(desk.sees(&desk.t.guess_differs(desk.t.laterality(Laterality::Od))));
    }
}

#[test]
fn the_overlay_is_switched_coloured_and_faded_by_its_controls() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &[]);
        desk.until_open();
        assert!(opacity_slider(&desk).accesskit_node().is_disabled());
        desk.run_and_wait();
        assert!(desk.state().settings.overlay_shown);
        desk.click(desk.t.show_overlay());
        assert!(!desk.state().settings.overlay_shown);
        desk.harness.key_press(egui::Key::S);
        desk.harness.run();
        assert!(desk.state().settings.overlay_shown);
        desk.click(desk.t.smooth());
        assert_eq!(
            desk.state().settings.overlay.style,
            gantei::imaging::overlay::Style::Smooth
        );
        opacity_slider(&desk).set_value_accesskit(25.0);
        desk.harness.run();
        assert!((desk.state().settings.overlay.opacity - 0.25).abs() < 0.01);
        desk.until("the settings", |d| {
            d.play
                .saved
                .lock()
                .unwrap()
                .last()
                .is_some_and(|s| (s.overlay.opacity - 0.25).abs() < 0.01)
        });
    }
}

fn opacity_slider(desk: &Desk) -> egui_kittest::Node<'_> {
    desk.harness
        .get_by_role_and_label(egui::Role::Slider, desk.t.opacity())
}

#[test]
fn the_language_changes_at_once_and_is_saved() {
    let mut desk = Desk::new(Lang::En, &[]);
    desk.until_open();
    desk.click("日本語");
    desk.harness.run();
    assert!(desk.sees(research_only(Lang::Ja)));
    assert!(!desk.sees(research_only(Lang::En)));
    desk.until("the settings", |d| {
        d.play
            .saved
            .lock()
            .unwrap()
            .last()
            .is_some_and(|s| s.language == Lang::Ja)
    });
    desk.click("English");
    assert!(desk.sees(research_only(Lang::En)));
}

#[test]
fn files_come_in_by_dialog_and_by_dropping() {
    let mut desk = Desk::with_dialog(Lang::En, &[], Chosen::Files(vec!["b.png".into()]));
    desk.until_open();
    desk.click(desk.t.open_files());
    desk.until("the file", |d| {
        d.state().selected().is_some_and(|p| p.name == "b.png")
    });
    let dropped: egui::DroppedFileHandle = Arc::new(Dropped("眼底 01.png".into()));
    desk.harness.input_mut().dropped_files.push(dropped);
    desk.until("the drop", |d| {
        d.state()
            .selected()
            .is_some_and(|p| p.name == "眼底 01.png")
    });
    assert_eq!(desk.state().photographs.len(), 3);
}

#[derive(Debug)]
struct Dropped(std::path::PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        Err("read by path".into())
    }
}

#[test]
fn a_system_without_file_dialogs_is_told_what_to_do_instead() {
    for lang in BOTH {
        let mut desk = Desk::with_dialog(lang, &[], Chosen::NoDialog);
        desk.until_open();
        desk.click(desk.t.open_files());
        desk.until("the message", |d| d.sees(d.t.dialog_missing()));
        assert!(desk.sees(desk.t.dialog_missing_hint()));
    }
}

#[test]
fn the_sheets_open_and_close_by_key() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &[]);
        desk.until_open();
        desk.harness.key_press(egui::Key::F1);
        desk.harness.run();
        assert!(desk.sees(desk.t.zoom_at_pointer()));
        desk.harness.key_press(egui::Key::Escape);
        desk.harness.run();
        assert!(!desk.sees(desk.t.zoom_at_pointer()));
        desk.click(desk.t.menu_help());
        desk.click(desk.t.about());
        desk.harness.run();
        assert!(desk.sees(desk.t.about_text()));
        desk.click(desk.t.close());
        desk.harness.run();
        assert!(!desk.sees(desk.t.about_text()));
    }
}

#[test]
fn at_rest_no_frame_is_asked_for() {
    let mut desk = Desk::new(Lang::En, &[]);
    desk.until_open();
    // `run` fails when frames are asked for without end.
    desk.harness.run();
    desk.run_and_wait();
    desk.harness.run();
}

#[test]
fn a_photograph_larger_than_a_tile_is_drawn_zoomed_and_moved() {
    let mut desk = Desk::new(Lang::En, &["large.png"]);
    desk.until_open();
    desk.harness.key_press(egui::Key::Num1);
    desk.harness.run();
    let view = desk.harness.get_by_label("Image view").rect();
    desk.harness.hover_at(view.center());
    desk.harness.event(egui::Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: egui::vec2(0.0, 240.0),
        modifiers: egui::Modifiers::NONE,
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Wheel,
    });
    desk.harness.run();
    desk.harness.drag_at(view.center());
    desk.harness.step();
    desk.harness
        .hover_at(view.center() + egui::vec2(-200.0, 60.0));
    desk.harness.step();
    desk.harness
        .drop_at(view.center() + egui::vec2(-200.0, 60.0));
    desk.harness.run();
    desk.harness.key_press(egui::Key::F);
    desk.harness.run();
    assert!(desk.sees("Image view"));
}
