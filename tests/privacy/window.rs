//! The window without its frame, on the real workflow: what it exports, copies, logs, keeps and shows of failures.

use std::sync::Arc;
use std::time::{Duration, Instant};

use gantei::app::action::{Action, Change, Export, Library, Models, Photographs, Run};
use gantei::app::office::Office;
use gantei::app::run::ForWindow;
use gantei::app::state::{Asked, Clash, Opening, RunEnd, Scope, Wanted, Which};
use gantei::app::{Effect, Failure, Runner, Settings, State, apply};
use gantei::storage::Places;
use gantei::words::Lang;

use crate::planted::{CANARIES, NAMES, Planted};
use crate::watch::{Names, found, is_clean, is_clean_folder};

struct Desk {
    state: State,
    runner: Runner,
    /// Lines of the log and texts for the clipboard.
    told: Vec<String>,
}

impl Desk {
    fn new(planted: &Planted, lang: Lang, names_masked: bool) -> Self {
        let settings = Settings {
            language: lang,
            device: "embedded".into(),
            names_masked,
            export: Wanted {
                overlay: true,
                caption: true,
                figure: true,
                csv: true,
                json: true,
            },
            ..Settings::default()
        };
        let office = Arc::new(Office::in_places(&Places::below(&planted.home)));
        let mut desk = Self {
            state: State::new(settings),
            runner: Runner::start(office, || {}).unwrap(),
            told: Vec::new(),
        };
        desk.act(Action::Models(Models::Load));
        desk.until("the models", |s| !s.installed().is_empty());
        desk
    }

    fn act(&mut self, action: Action) {
        for effect in apply(&mut self.state, action) {
            match &effect {
                // Nobody looks at the preview.
                Effect::Preview(_) => continue,
                Effect::Log(line) => self.told.push(line.to_string()),
                _ => {}
            }
            if let Some(ForWindow::CopyText(text)) = self.runner.perform(effect) {
                self.told.push(text);
            }
        }
    }

    fn until(&mut self, what: &str, is_so: impl Fn(&State) -> bool) {
        let limit = Instant::now() + Duration::from_secs(300);
        while !is_so(&self.state) {
            assert!(Instant::now() < limit, "waited for {what}");
            for action in self.runner.drain() {
                self.act(action);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Every failure that the window shows, as it shows it.
    fn failures(&self) -> Vec<String> {
        let lang = self.state.settings.language;
        let said = |failure: &Failure| {
            [
                failure.to_string(),
                failure.message(lang),
                failure.hint(lang),
            ]
        };
        let mut all = Vec::new();
        for photo in &self.state.photographs {
            let mut failures = Vec::new();
            if let Opening::Failed(failure) = &photo.opening {
                failures.push(failure);
            }
            if let Some(RunEnd::Failed(of_models)) = &photo.run_end {
                failures.extend(of_models.values());
            }
            for sentence in failures.into_iter().flat_map(said) {
                all.push(self.state.shown_sentence(photo, &sentence));
            }
        }
        for message in &self.state.messages {
            for sentence in message.failure.iter().flat_map(said) {
                all.push(self.state.shown_message(&sentence));
            }
        }
        all
    }
}

#[test]
fn exports_log_settings_and_failures_of_the_window_tell_nothing() {
    let planted = Planted::new();
    for (lang, names) in [(Lang::En, Names::Masked), (Lang::Ja, Names::Allowed)] {
        let masked = names == Names::Masked;
        let mut desk = Desk::new(&planted, lang, masked);
        let given = vec![
            planted.photographs.clone(),
            planted.root.join("absent/Hanako.jpg"),
        ];
        desk.act(Action::Photographs(Photographs::Add(given)));
        desk.until("the folder", |s| s.photographs.len() == 13);
        desk.act(Action::Photographs(Photographs::Persons(
            gantei::clinic::Persons::FileNames,
        )));
        let ids: Vec<_> = desk.state.photographs.iter().map(|p| p.id).collect();
        desk.act(Action::Run(Run::StartMany(Which::All)));
        desk.until("the run", |s| {
            s.many.as_ref().is_some_and(|m| !m.is_going_on())
        });
        // One of each kind is looked at, so that its failure to open is shown.
        for id in ids {
            desk.act(Action::Photographs(Photographs::Select(id)));
            desk.until("the photograph", |s| {
                let opening = s.selected().map(|p| &p.opening);
                matches!(opening, Some(Opening::Ready(_) | Opening::Failed(_)))
            });
        }
        let failures = desk.failures();
        assert!(failures.len() >= 8, "{failures:?}");
        for failure in failures {
            is_clean("a failure", failure.as_bytes(), names);
        }
        let answered = desk
            .state
            .photographs
            .iter()
            .find(|p| !p.answers.is_empty());
        let answered = answered.expect("one was answered").id;
        desk.act(Action::Photographs(Photographs::Select(answered)));
        desk.act(Action::Export(Export::CopyResult));
        desk.act(Action::Export(Export::CopyMethods(lang)));
        let results = planted.results.join(format!("{lang:?}"));
        for scope in [Scope::Shown, Scope::All] {
            desk.act(Action::Export(Export::Open));
            desk.act(Action::Export(Export::Folder(results.clone())));
            desk.act(Action::Export(Export::Scope(scope)));
            desk.act(Action::Export(Export::Write(Clash::Replace)));
            desk.until("the export", |s| {
                let failure = s.export.as_ref().and_then(|d| d.failure.as_ref());
                assert!(failure.is_none(), "{failure:?}");
                s.export.is_none()
            });
        }
        assert!(results.join("results_full.csv").exists());
        is_clean_folder(&results, names);
        // A folder that is none: the failure names no path.
        let file = planted.root.join("photographs/Letter-to-Hanako.txt");
        desk.act(Action::Export(Export::Open));
        desk.act(Action::Export(Export::Folder(file.join("below"))));
        desk.act(Action::Export(Export::Write(Clash::Replace)));
        desk.until("the failed export", |s| {
            s.export.as_ref().is_some_and(|d| d.failure.is_some())
        });
        let dialog = desk.state.export.as_ref().unwrap();
        let failure = dialog.failure.as_ref().unwrap();
        for said in [failure.to_string(), failure.message(lang)] {
            is_clean("the failed export", said.as_bytes(), names);
        }
        desk.act(Action::Export(Export::Close));
        // A file that is no model, and one that is not there.
        for file in [file, planted.root.join("absent.h5")] {
            desk.act(Action::Library(Library::Inspect(file)));
            desk.until("the refusal", |s| {
                let import = s.library.import.as_ref();
                import.is_some_and(|i| matches!(i.inspected, Asked::Failed(_)))
            });
            let import = desk.state.library.import.as_ref().unwrap();
            let Asked::Failed(failure) = &import.inspected else {
                unreachable!("it was waited for");
            };
            let said = format!("{failure} {}", failure.message(lang));
            is_clean("a refused model", said.as_bytes(), Names::Allowed);
        }
        desk.act(Action::Settings(Change::OverlayOpacity(0.25)));
        let settings = planted.home.join("settings/window.json");
        desk.until("the settings", |_| {
            std::fs::read_to_string(&settings).is_ok_and(|text| text.contains("0.25"))
        });
        assert!(desk.told.iter().any(|line| line.starts_with("opened ")));
        for told in &desk.told {
            is_clean("the log or the clipboard", told.as_bytes(), names);
        }
        desk.runner.close(Duration::from_secs(60));
        is_clean_folder(&planted.home, Names::Masked);
        assert!(!planted.home.join("settings/recent.json").exists());
        std::fs::remove_file(&settings).unwrap();
    }
    // The search itself finds what is there.
    assert_eq!(found(b"x KANARI05 Hanako", &CANARIES).len(), 1);
    assert_eq!(found("x Hanako".as_bytes(), &NAMES).len(), 1);
}
