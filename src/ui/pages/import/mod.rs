//! The import of a model in three steps: the file, what is assumed about it, and a trial on photographs with known labels.

mod fields;
mod file;
mod trial;
mod weights;

use std::path::PathBuf;

use egui::{Align, Button, ProgressBar, Ui, vec2};

use super::card_rows::TypedLabels;
use super::check::CheckForm;
use super::{Entries, Page, PageChange, PagePlacement};
use crate::app::apply::import::InspectFile;
use crate::app::state::{Import, Loadable};
use crate::app::{Failure, State};
use crate::text::window::Texts;
use crate::ui::path_field::PathField;
use crate::ui::rows::{Emphasis, primary_button_ui, share_of, words_ui};
use crate::ui::theme::{self, Palette};
use crate::ui::view::FrameContext;
use crate::workflow::{ImportFlags, Inspected};

/// A step of the import.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    #[default]
    File,
    Fields,
    Trial,
}

impl Step {
    const ALL: [Self; 3] = [Self::File, Self::Fields, Self::Trial];

    fn title(self, t: Texts) -> &'static str {
        match self {
            Self::File => t.import_step_file(),
            Self::Fields => t.import_step_fields(),
            Self::Trial => t.import_step_trial(),
        }
    }
}

/// What is being typed for a file.
#[derive(Default)]
pub struct Typed {
    id: String,
    labels: TypedLabels,
    /// Answers about a file of weights that it was not read with yet.
    answers: Option<ImportFlags>,
    /// The file that these belong to.
    file: Option<PathBuf>,
}

impl Typed {
    /// True if something was typed for this file.
    fn is_of(&self, import: &Import) -> bool {
        let answered = self.answers.as_ref().is_some_and(|a| *a != import.flags);
        let typed = !self.id.trim().is_empty() || self.labels.is_typed() || answered;
        typed && self.file.as_ref() == Some(&import.file)
    }
}

#[derive(Default)]
pub struct ImportPage {
    path: PathField,
    typed: Typed,
    step: Step,
    /// The file was read when the page was last drawn.
    was_read: bool,
    check: CheckForm,
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
        let import = view.state.library.import.as_ref();
        self.follow(ui, import);
        // The step is left after it was drawn: what was typed in it is entered first.
        let asked = self.steps_ui(ui, import, view.t);
        ui.add_space(theme::GAP);
        let Some(import) = import else {
            file::choose_ui(ui, &mut self.path, view);
            return;
        };
        if let Some(failure) = &import.failure {
            failure_ui(ui, failure, view.t);
        }
        let next = match (self.step, read(import)) {
            (Step::Fields, Some(inspected)) => {
                fields::fields_ui(ui, (&mut self.typed, asked), import, inspected, view)
            }
            (Step::Trial, Some(inspected)) => {
                trial::trial_ui(ui, &mut self.check, import, inspected, view).or(asked)
            }
            (_, inspected) => {
                let (typed, path) = (&mut self.typed, &mut self.path);
                file::file_ui(ui, (typed, path), import, inspected, view).or(asked)
            }
        };
        if let Some(step) = next {
            self.step = step;
            ui.ctx().request_repaint();
        }
    }
}

/// What the file says, once it was read.
fn read(import: &Import) -> Option<&Inspected> {
    match &import.inspected {
        Loadable::Ready(inspected) => Some(inspected),
        Loadable::NotRequested | Loadable::Pending | Loadable::Failed(_) => None,
    }
}

impl ImportPage {
    /// Begins anew with another file, and goes on by itself when the file was read.
    fn follow(&mut self, ui: &Ui, import: Option<&Import>) {
        let file = import.map(|i| &i.file);
        if self.typed.file.as_ref() != file {
            *self = Self {
                typed: Typed {
                    file: file.cloned(),
                    ..Typed::default()
                },
                path: std::mem::take(&mut self.path),
                ..Self::default()
            };
        }
        let is_read = import.is_some_and(|i| read(i).is_some());
        let before = self.step;
        self.step = match (is_read, self.was_read) {
            (false, _) => Step::File,
            (true, false) => Step::Fields,
            (true, true) => self.step,
        };
        self.was_read = is_read;
        if self.step != before {
            ui.scroll_to_cursor(Some(Align::TOP));
        }
    }

    /// The steps; those that can be taken now are buttons. Returns the one that was clicked.
    fn steps_ui(&self, ui: &mut Ui, import: Option<&Import>, t: Texts) -> Option<Step> {
        let inspected = import.and_then(|i| Some((i, read(i)?)));
        let waits = |(import, inspected)| fields::waits_for(&self.typed, import, inspected, t);
        let ready = inspected.is_some_and(|both| waits(both).is_none());
        let mut asked = None;
        ui.horizontal_wrapped(|ui| {
            for step in Step::ALL {
                let enabled = match step {
                    Step::File => true,
                    Step::Fields => inspected.is_some(),
                    Step::Trial => ready,
                };
                let button = Button::selectable(self.step == step, step.title(t))
                    .min_size(vec2(0.0, theme::CONTROL_HEIGHT));
                if ui.add_enabled(enabled, button).clicked() {
                    asked = Some(step).filter(|step| *step != self.step);
                }
            }
        });
        ui.separator();
        asked
    }
}

/// The end of a step: the button that leads on, the reason while it cannot be used, and the ways back. Returns whether
/// the button was clicked.
fn end_ui(
    ui: &mut Ui,
    word: &str,
    reason: Option<&str>,
    view: &mut FrameContext<'_>,
    back: Option<&mut bool>,
) -> bool {
    let t = view.t;
    ui.add_space(theme::GAP);
    ui.separator();
    ui.add_space(theme::GAP);
    let mut clicked = false;
    ui.horizontal(|ui| {
        let size = vec2(150.0, theme::PRIMARY_HEIGHT);
        clicked = primary_button_ui(ui, reason.is_none(), word, size).clicked();
        if let Some(back) = back {
            let button = Button::new(t.back()).min_size(vec2(90.0, theme::PRIMARY_HEIGHT));
            *back = ui.add(button).clicked();
        }
        let cancel = Button::new(t.cancel_import()).min_size(vec2(110.0, theme::PRIMARY_HEIGHT));
        if ui.add(cancel).clicked() {
            view.requested.turn = Some(PageChange::CancelImport);
        }
    });
    if let Some(reason) = reason {
        let ink = Palette::of(ui.visuals()).caution;
        words_ui(ui, reason, Emphasis::Coloured(ink));
    }
    clicked
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
