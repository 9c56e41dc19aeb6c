//! The window without its frame, on the real workflow: what it exports, copies, logs, stores and shows of failures.

use std::time::Duration;

use gantei::app::apply::{Action, Export, Library, Photographs, Run, SettingChange};
use gantei::app::state::{ExportFormat, IfTaken, Loadable, Opening, RunEnd, RunSelection, Scope};
use gantei::app::{Failure, Settings, State};
use gantei::text::Lang;
use strum::IntoEnumIterator;

use crate::desk::Desk;
use crate::planted::{CANARIES, NAMES, Planted};
use crate::watch::{Names, found, is_clean, is_clean_folder};

fn desk(planted: &Planted, lang: Lang, names_masked: bool) -> Desk {
    let settings = Settings {
        language: lang,
        names_masked,
        ..Settings::default()
    };
    Desk::new(&planted.home, settings)
}

/// Every failure as the window shows it.
fn failures(state: &State) -> Vec<String> {
    let lang = state.settings.language;
    let wording = |failure: &Failure| {
        [
            failure.to_string(),
            failure.message(lang),
            failure.hint(lang),
        ]
    };
    let mut all = Vec::new();
    for photo in &state.photographs {
        let mut failures = Vec::new();
        if let Opening::Failed(failure) = &photo.opening {
            failures.push(failure);
        }
        if let Some(RunEnd::Failed(of_models)) = &photo.run_end {
            failures.extend(of_models.values());
        }
        for sentence in failures.into_iter().flat_map(wording) {
            all.push(state.shown_sentence(photo, &sentence));
        }
    }
    for message in &state.messages {
        for sentence in message.failure.iter().flat_map(wording) {
            all.push(state.shown_message(&sentence));
        }
    }
    all
}

#[test]
fn exports_log_settings_and_failures_of_the_window_tell_nothing() {
    let planted = Planted::new();
    for (lang, names) in [(Lang::En, Names::Masked), (Lang::Ja, Names::Allowed)] {
        let masked = names == Names::Masked;
        let mut desk = desk(&planted, lang, masked);
        let given = vec![
            planted.photographs.clone(),
            planted.root.join("absent/Hanako.jpg"),
        ];
        desk.act(Action::Photographs(Photographs::Add(given)));
        desk.until("the folder", |s| s.photographs.len() == 13);
        desk.act(Action::Photographs(Photographs::Persons(
            gantei::domain::Persons::FileNames,
        )));
        let ids: Vec<_> = desk.state.photographs.iter().map(|p| p.id).collect();
        desk.act(Action::Run(Run::StartMany(RunSelection::All)));
        desk.until("the run", |s| {
            s.many.as_ref().is_some_and(|m| !m.is_going_on())
        });
        // One of each kind is selected, so that its failure to open is shown.
        for id in ids {
            desk.act(Action::Photographs(Photographs::Select(id)));
            desk.until("the photograph", |s| {
                let opening = s.selected().map(|p| &p.opening);
                matches!(opening, Some(Opening::Ready(_) | Opening::Failed(_)))
            });
        }
        let failures = failures(&desk.state);
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
        // The camera is known for the screen, and told by nothing else: not by the export below, nor by debug output.
        let mut cameras = desk.state.photographs.iter().filter_map(|p| {
            let known = p.known.as_ref()?;
            Some((known.camera.as_ref()?, known))
        });
        let (camera, known) = cameras.next().expect("a DICOM file names it");
        assert!(camera.name().contains("KANARI42"));
        is_clean("debug output", format!("{camera:?}").as_bytes(), names);
        assert!(!format!("{known:?}").contains("KANARI4"));
        desk.act(Action::Photographs(Photographs::Select(answered)));
        desk.act(Action::Export(Export::CopyResult));
        desk.act(Action::Export(Export::CopyMethods(lang)));
        let results = planted.results.join(format!("{lang:?}"));
        let mut formats = desk.state.settings.export.clone();
        ExportFormat::iter().for_each(|format| formats.set(format, true));
        desk.act(Action::Export(Export::Formats(formats)));
        for scope in [Scope::Shown, Scope::All] {
            desk.act(Action::Export(Export::Open));
            desk.act(Action::Export(Export::Folder(results.clone())));
            desk.act(Action::Export(Export::Scope(scope)));
            desk.act(Action::Export(Export::Write(IfTaken::Replace)));
            desk.until("the export", |s| {
                let failure = s.export.as_ref().and_then(|d| d.failure.as_ref());
                assert!(failure.is_none(), "{failure:?}");
                s.export.is_none()
            });
        }
        assert!(results.join("results_full.csv").exists());
        let written = std::fs::read_dir(&results).unwrap().flatten();
        let names_of_files = written.map(|entry| entry.file_name().into_string().unwrap());
        let reports = names_of_files.filter(|name| name.ends_with(".report.pdf"));
        assert_eq!(reports.count(), 13, "failed ones have one too");
        is_clean_folder(&results, names);
        // A path that is not a folder: the failure names no path.
        let file = planted.root.join("photographs/Letter-to-Hanako.txt");
        desk.act(Action::Export(Export::Open));
        desk.act(Action::Export(Export::Folder(file.join("below"))));
        desk.act(Action::Export(Export::Write(IfTaken::Replace)));
        desk.until("the failed export", |s| {
            s.export.as_ref().is_some_and(|d| d.failure.is_some())
        });
        let dialog = desk.state.export.as_ref().unwrap();
        let failure = dialog.failure.as_ref().unwrap();
        for wording in [failure.to_string(), failure.message(lang)] {
            is_clean("the failed export", wording.as_bytes(), names);
        }
        desk.act(Action::Export(Export::Close));
        // A file that is not a model, and one that does not exist.
        for file in [file, planted.root.join("absent.h5")] {
            desk.act(Action::Library(Library::Inspect(file)));
            desk.until("the refusal", |s| {
                let import = s.library.import.as_ref();
                import.is_some_and(|i| matches!(i.inspected, Loadable::Failed(_)))
            });
            let import = desk.state.library.import.as_ref().unwrap();
            let Loadable::Failed(failure) = &import.inspected else {
                unreachable!("it was waited for");
            };
            let wording = format!("{failure} {}", failure.message(lang));
            is_clean("a refused model", wording.as_bytes(), Names::Allowed);
        }
        desk.act(Action::Settings(SettingChange::OverlayOpacity(0.25)));
        let settings = planted.home.join("settings/window.json");
        desk.until("the settings", |_| {
            std::fs::read_to_string(&settings).is_ok_and(|text| text.contains("0.25"))
        });
        assert!(desk.reported.iter().any(|line| line.starts_with("opened ")));
        for reported in &desk.reported {
            is_clean("the log or the clipboard", reported.as_bytes(), names);
        }
        desk.runner.close(Duration::from_secs(60));
        is_clean_folder(&planted.home, Names::Masked);
        assert!(!planted.home.join("settings/recent.json").exists());
        std::fs::remove_file(&settings).unwrap();
    }
    // The search itself works.
    assert_eq!(found(b"x KANARI05 Hanako", &CANARIES).len(), 1);
    assert_eq!(found("x Hanako".as_bytes(), &NAMES).len(), 1);
}
