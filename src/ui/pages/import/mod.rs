//! The import of a model file: what it contains, what the user states in addition, and what is only assumed.

mod form;
mod weights;

use egui::{Button, ProgressBar, ScrollArea, Ui, vec2};

use super::{Entries, Page, PageName, PagePlacement};
use crate::app::Failure;
use crate::app::State;
use crate::app::apply::import::InspectFile;
use crate::app::apply::{Action, Check, Library};
use crate::app::state::{CheckedModel, Import, Loadable, Purpose};
use crate::domain::foreign::{escaped, shown};
use crate::text::window::Texts;
use crate::ui::path_field::{PathField, PathFieldLook, take_path_request};
use crate::ui::rows::{Emphasis, share_of, words_ui};
use crate::ui::theme::{self, Palette};
use crate::ui::view::FrameContext;
use crate::workflow::ImportFlags;

/// Figures being typed.
#[derive(Default)]
pub struct Typed {
    id: String,
    labels: [String; 2],
    /// Height and width in pixels.
    size: Option<[u32; 2]>,
    /// Epsilon of the batch norms.
    epsilon: Option<f64>,
    /// The file that these belong to.
    file: Option<std::path::PathBuf>,
}

impl Typed {
    /// True if something was typed for this file.
    fn is_of(&self, import: &Import) -> bool {
        let texts = self.labels.iter().chain([&self.id]);
        let typed = texts
            .map(String::as_str)
            .any(|text| !text.trim().is_empty())
            || self.size.is_some()
            || self.epsilon.is_some();
        typed && self.file.as_ref() == Some(&import.file)
    }
}

/// The path being typed, and the figures typed for the file.
#[derive(Default)]
pub struct ImportPage {
    path: PathField,
    typed: Typed,
}

impl Page for ImportPage {
    fn place(&self) -> PagePlacement {
        PagePlacement::Library(Texts::import_model)
    }

    fn entries(&self, state: &State) -> Entries {
        let import = state.library.import.as_ref();
        match import.is_some_and(|i| i.is_stated() || self.typed.is_of(i)) {
            true => Entries::Kept,
            false => Entries::None,
        }
    }

    fn page_ui(&mut self, ui: &mut Ui, view: &mut FrameContext<'_>) {
        let (state, t) = (view.state, view.t);
        words_ui(ui, t.import_intro(), Emphasis::Plain);
        ui.add_space(theme::GAP);
        let Some(import) = &state.library.import else {
            done_ui(ui, view);
            file_ui(ui, &mut self.path, view);
            return;
        };
        let typed = &mut self.typed;
        if typed.file.as_ref() != Some(&import.file) {
            *typed = Typed {
                file: Some(import.file.clone()),
                ..Typed::default()
            };
        }
        words_ui(ui, &import.name, Emphasis::Plain);
        // Above the form, which is longer than the sheet.
        ui.add_space(theme::GAP);
        ui.horizontal(|ui| {
            let ready = matches!(
                &import.inspected,
                Loadable::Ready(i) if i.unknown.is_empty() && (import.flags.replace || i.taken_id().is_none())
            );
            let button = Button::new(t.import_now()).min_size(vec2(140.0, theme::PRIMARY_HEIGHT));
            if ui.add_enabled(ready && !import.storing, button).clicked() {
                view.action(Action::Library(Library::Store));
            }
            let cancel = Button::new(t.cancel()).min_size(vec2(100.0, theme::PRIMARY_HEIGHT));
            if ui.add(cancel).clicked() {
                view.action(Action::Library(Library::CancelImport));
            }
            // A check takes a path, which alone does not name one of several models.
            let read = matches!(&import.inspected, Loadable::Ready(_))
                && !import.storing
                && import.flags.members.is_empty();
            let button = Button::new(t.check_sheet()).min_size(vec2(180.0, theme::PRIMARY_HEIGHT));
            if ui.add_enabled(read, button).clicked() {
                let subject = CheckedModel::File(import.file.clone());
                view.action(Action::Check(Check::Of(subject)));
                view.page(PageName::Check);
            }
        });
        if let Some(failure) = &import.failure {
            failure_ui(ui, failure, t);
        }
        if import.storing {
            progress_ui(ui, t.storing(), view);
        }
        ui.add_space(theme::GAP);
        match &import.inspected {
            Loadable::NotRequested | Loadable::Pending => progress_ui(ui, t.reading_file(), view),
            Loadable::Failed(failure) if !failure.open.is_empty() => {
                weights::open_ui(ui, typed, import, failure, view);
            }
            Loadable::Failed(failure) => {
                failure_ui(ui, failure, t);
                members_ui(ui, import, failure, view);
            }
            Loadable::Ready(inspected) => {
                ui.add_enabled_ui(!import.storing, |ui| {
                    form::form_ui(ui, typed, import, inspected, view);
                });
            }
        }
    }
}

/// The models of which one must be chosen, or its configurations.
fn members_ui(ui: &mut Ui, import: &Import, failure: &Failure, view: &mut FrameContext<'_>) {
    /// Lines in view; the others are scrolled to.
    const LINES: f32 = 12.0;
    if failure.members.is_empty() {
        return;
    }
    ui.add_space(theme::GAP);
    let height = theme::CONTROL_HEIGHT;
    let area = ScrollArea::vertical().max_height(LINES * (height + theme::GAP));
    area.show_rows(ui, height, failure.members.len(), |ui, range| {
        for member in &failure.members[range] {
            let button = Button::new(shown(member)).min_size(vec2(0.0, height));
            if ui.add(button).on_hover_text(escaped(member)).clicked() {
                let flags = ImportFlags {
                    members: failure.choice_of(member, &import.flags.members),
                    ..import.flags.clone()
                };
                view.action(Action::Library(Library::Flags(Box::new(flags))));
            }
        }
    });
}

/// The result of the last import.
fn done_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    let Some(id) = &state.library.imported else {
        return;
    };
    words_ui(ui, &t.imported(id), Emphasis::Plain);
    words_ui(ui, t.imported_hint(), Emphasis::Weak);
    let button = Button::new(t.show_installed()).min_size(vec2(220.0, theme::PRIMARY_HEIGHT));
    if ui.add(button).clicked() {
        view.page(PageName::Models);
    }
    ui.add_space(theme::GROUP_GAP);
    ui.heading(t.import_another());
}

fn file_ui(ui: &mut Ui, path: &mut PathField, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    let button = Button::new(t.choose_keras()).min_size(vec2(220.0, theme::PRIMARY_HEIGHT));
    if ui.add_enabled(!state.asking, button).clicked() {
        view.action(Action::Library(Library::AskForKeras));
    }
    ui.add_space(theme::GAP);
    let button = Button::new(t.choose_keras_folder()).min_size(vec2(220.0, theme::PRIMARY_HEIGHT));
    if ui.add_enabled(!state.asking, button).clicked() {
        view.action(Action::Library(Library::AskForKerasFolder));
    }
    if state.no_dialog {
        let look = PathFieldLook {
            width: 460.0,
            name: t.keras_field(),
            go: t.read_this(),
            desired: take_path_request(&[Purpose::Keras, Purpose::KerasFolder], view),
            on_sight: true,
        };
        let file = path.path_ui(ui, look);
        view.requested
            .actions
            .extend(file.map(|file| Action::Library(Library::Inspect(file))));
    }
}

fn progress_ui(ui: &mut Ui, words: &str, view: &FrameContext<'_>) {
    let steps = view.runner.work::<InspectFile>().steps;
    words_ui(ui, words, Emphasis::Weak);
    let bar = ProgressBar::new(share_of(ui, steps))
        .desired_height(5.0)
        .corner_radius(2);
    ui.add(bar);
}

fn failure_ui(ui: &mut Ui, failure: &Failure, t: Texts) {
    let ink = Palette::of(ui.visuals()).serious;
    words_ui(ui, &failure.message(t.0), Emphasis::Coloured(ink));
    words_ui(ui, &failure.hint(t.0), Emphasis::Small);
}
