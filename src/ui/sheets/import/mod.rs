//! The import of a model file: what it says, what a person says where it is silent, and what is only assumed.

mod form;
mod weights;

use egui::{Button, ProgressBar, Ui, vec2};

use super::Sheet;
use crate::app::State;
use crate::app::action::{Action, Check, Library, Purpose};
use crate::app::run::Steps;
use crate::app::state::{Asked as Wanted, CheckSubject};
use crate::app::verbs::Failure;
use crate::text::window::Texts;
use crate::ui::asked::Asked;
use crate::ui::path_field::{Look, PathField, take_wanted};
use crate::ui::rows::{Voice, words_ui};
use crate::ui::theme::{self, Palette};

/// Half-typed figures.
#[derive(Default)]
pub struct Typed {
    id: String,
    labels: [String; 2],
    /// Height and width in pixels.
    size: Option<[u32; 2]>,
    /// Epsilon of the batch norms.
    epsilon: Option<f64>,
    /// The file that these were typed for.
    file: Option<std::path::PathBuf>,
}

/// The page that the person wants to see next, if any.
pub fn import_ui(
    ui: &mut Ui,
    (path, typed): (&mut PathField, &mut Typed),
    state: &State,
    steps: Option<Steps>,
    t: Texts,
    asked: &mut Asked,
) -> Option<Sheet> {
    words_ui(ui, t.import_intro(), Voice::Plain);
    ui.add_space(theme::GAP);
    let Some(import) = &state.library.import else {
        let shown = done_ui(ui, state, t);
        file_ui(ui, path, state, t, asked);
        return shown.then_some(Sheet::Models);
    };
    if typed.file.as_ref() != Some(&import.file) {
        *typed = Typed {
            file: Some(import.file.clone()),
            ..Typed::default()
        };
    }
    let mut check = false;
    words_ui(ui, &import.name, Voice::Plain);
    // Above the form, which is longer than the sheet.
    ui.add_space(theme::GAP);
    ui.horizontal(|ui| {
        let ready = matches!(
            &import.inspected,
            Wanted::Ready(i) if i.unknown.is_empty() && (import.flags.replace || i.taken_id().is_none())
        );
        let button = Button::new(t.import_now()).min_size(vec2(140.0, theme::PRIMARY_HEIGHT));
        if ui.add_enabled(ready && !import.storing, button).clicked() {
            asked.action(Action::Library(Library::Store));
        }
        let cancel = Button::new(t.cancel()).min_size(vec2(100.0, theme::PRIMARY_HEIGHT));
        if ui.add(cancel).clicked() {
            asked.action(Action::Library(Library::CancelImport));
        }
        let read = matches!(&import.inspected, Wanted::Ready(_)) && !import.storing;
        let button = Button::new(t.check_sheet()).min_size(vec2(180.0, theme::PRIMARY_HEIGHT));
        if ui.add_enabled(read, button).clicked() {
            let subject = CheckSubject::File(import.file.clone());
            asked.action(Action::Check(Check::Of(subject)));
            check = true;
        }
    });
    if let Some(failure) = &import.failure {
        failure_ui(ui, failure, t);
    }
    if import.storing {
        progress_ui(ui, t.storing(), steps);
    }
    ui.add_space(theme::GAP);
    match &import.inspected {
        Wanted::Not | Wanted::Pending => progress_ui(ui, t.reading_file(), steps),
        Wanted::Failed(failure) if !failure.open.is_empty() => {
            weights::open_ui(ui, typed, import, failure, t, asked);
        }
        Wanted::Failed(failure) => failure_ui(ui, failure, t),
        Wanted::Ready(inspected) => {
            ui.add_enabled_ui(!import.storing, |ui| {
                form::form_ui(ui, typed, import, inspected, t, asked);
            });
        }
    }
    check.then_some(Sheet::Check)
}

/// What became of the last file.
fn done_ui(ui: &mut Ui, state: &State, t: Texts) -> bool {
    let Some(id) = &state.library.imported else {
        return false;
    };
    words_ui(ui, &t.imported(id), Voice::Plain);
    words_ui(ui, t.imported_hint(), Voice::Weak);
    let button = Button::new(t.show_installed()).min_size(vec2(220.0, theme::PRIMARY_HEIGHT));
    let shown = ui.add(button).clicked();
    ui.add_space(theme::GROUP_GAP);
    ui.heading(t.import_another());
    shown
}

fn file_ui(ui: &mut Ui, path: &mut PathField, state: &State, t: Texts, asked: &mut Asked) {
    let button = Button::new(t.choose_keras()).min_size(vec2(220.0, theme::PRIMARY_HEIGHT));
    if ui.add_enabled(!state.asking, button).clicked() {
        asked.action(Action::Library(Library::AskForKeras));
    }
    if state.no_dialog {
        let look = Look {
            width: 460.0,
            name: t.keras_field(),
            go: t.read_this(),
            wanted: take_wanted(state, &[Purpose::Keras], asked),
            on_sight: true,
        };
        let file = path.path_ui(ui, look);
        asked
            .actions
            .extend(file.map(|file| Action::Library(Library::Inspect(file))));
    }
}

fn progress_ui(ui: &mut Ui, words: &str, steps: Option<Steps>) {
    words_ui(ui, words, Voice::Weak);
    let bar = ProgressBar::new(crate::ui::rows::share_of(ui, steps))
        .desired_height(5.0)
        .corner_radius(2);
    ui.add(bar);
}

fn failure_ui(ui: &mut Ui, failure: &Failure, t: Texts) {
    let ink = Palette::of(ui.visuals()).serious;
    words_ui(ui, &failure.message(t.0), Voice::Coloured(ink));
    words_ui(ui, &failure.hint(t.0), Voice::Small);
}
