//! The list of photographs on the left: opening, filter and order, and rows.

mod filters;
mod row;
pub use row::paint_thumbnail;
pub mod table;
mod tools;

use egui::{Align, Label, Layout, Modifiers, Response, RichText, ScrollArea, TextStyle, Ui};

use super::canvas::icon_command_ui;
use super::command::Command;
use super::icons;
use super::path_field::{OPENING, PathField, PathFieldLook, take_path_request};
use super::photograph_menu::row_menu_ui;
use super::rows::{Emphasis, words_ui};
use super::textures::{Shared, Textures};
use super::theme;
use super::view::FrameContext;
use crate::app::State;
use crate::app::apply::{Action, List as Mark, Photographs};
use crate::app::state::{Opening, PhotoId, Photograph, RunEnd};
use crate::domain::{Laterality, Pixels, Quality};
use crate::text::window::Texts;

/// Thumbnails of visible rows and of some that were visible.
pub type Thumbnails = Textures<Shared<Pixels>, 256>;

/// Thumbnails that are read at a time.
const GLANCES: usize = 12;

/// State that only the list uses.
#[derive(Default)]
pub struct List {
    thumbnails: Thumbnails,
    path: PathField,
    /// The photograph in view and its place in the list in the last frame: another one, or another place after a filter
    /// is cleared, is scrolled to.
    scrolled_to: Option<(PhotoId, usize)>,
    /// The rows whose thumbnails were requested last.
    requested: Vec<PhotoId>,
}

impl List {
    pub fn list_ui(&mut self, ui: &mut Ui, view: &mut FrameContext<'_>) {
        self.ways_in_ui(ui, view);
        tools::tools_ui(ui, view);
        self.rows_ui(ui, view);
    }

    /// The title with the number of photographs, and the ways to open more.
    fn ways_in_ui(&mut self, ui: &mut Ui, view: &mut FrameContext<'_>) {
        let (state, t) = (view.state, view.t);
        ui.horizontal(|ui| {
            // There is space for only one of them.
            let title = if state.marked.len() > 1 {
                t.selected_count(state.marked.len())
            } else if state.list.hides() {
                t.of(state.rows.len(), state.photographs.len())
            } else {
                t.photographs_count(state.photographs.len())
            };
            let style = if theme::is_narrow(ui.ctx()) {
                TextStyle::Body
            } else {
                TextStyle::Heading
            };
            let title = Label::new(RichText::new(title).text_style(style)).truncate();
            let buttons = 2.0 * (theme::CONTROL_HEIGHT + ui.spacing().item_spacing.x);
            ui.scope(|ui| {
                ui.set_max_width((ui.available_width() - buttons).max(0.0));
                ui.add(title);
            });
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.spacing_mut().item_spacing.x = 4.0;
                for (command, icon) in [
                    (Command::OpenFolder, icons::FOLDER),
                    (Command::Open, icons::OPEN),
                ] {
                    icon_command_ui(ui, command, icon, view);
                }
            });
        });
        if state.no_dialog {
            // If nothing is open, the page in the middle has such a field too.
            let is_only_one = !state.photographs.is_empty();
            let look = PathFieldLook {
                width: ui.available_width(),
                name: t.path_field(),
                go: t.path_open(),
                desired: is_only_one && take_path_request(&OPENING, view),
                on_sight: false,
            };
            if let Some(path) = self.path.path_ui(ui, look) {
                view.action(Action::Photographs(Photographs::Add(vec![path])));
            }
        }
        if state.finding {
            words_ui(ui, t.finding(), Emphasis::Small);
        }
    }

    /// Only visible rows are drawn, and only their thumbnails are requested.
    fn rows_ui(&mut self, ui: &mut Ui, view: &mut FrameContext<'_>) {
        let (state, t) = (view.state, view.t);
        if state.rows.is_empty() {
            self.none_ui(ui, view);
            return;
        }
        ui.spacing_mut().item_spacing.y = 2.0;
        let height = theme::ROW_HEIGHT;
        let mut area = ScrollArea::vertical().auto_shrink([false, false]);
        let in_view = state.rows.iter().position(|id| Some(*id) == state.selected);
        let in_view = state.selected.zip(in_view);
        if in_view != self.scrolled_to {
            self.scrolled_to = in_view;
            if let Some((_, place)) = in_view {
                // Scrolls the row to the middle unless it is in view already.
                let top = place as f32 * (height + 2.0);
                area = self.scroll(ui, area, top, height);
            }
        }
        let mut bare = Vec::new();
        let output = area.show_rows(ui, height, state.rows.len(), |ui, range| {
            for id in &state.rows[range] {
                let Some(photo) = state.photograph(*id) else {
                    continue;
                };
                if photo.lacks_thumbnail() {
                    bare.push(*id);
                }
                let response = row::row_ui(ui, &mut self.thumbnails, state, photo, t);
                clicked(ui, &response, photo.id, view);
                response.context_menu(|ui| row_menu_ui(ui, photo, view));
            }
        });
        self.thumbnails.end();
        let seen = (output.state.clamped_offset().y, output.inner_rect.height());
        ui.data_mut(|d| d.insert_temp(scroll_id(), seen));
        let waiting = bare.iter().any(|id| {
            state
                .photograph(*id)
                .is_some_and(|p| !p.glancing && matches!(p.opening, Opening::Closed))
        });
        // Only what was requested can be pending: a frame does not go through a long list.
        let is_pending = |id: &&PhotoId| state.photograph(**id).is_some_and(|p| p.glancing);
        let pending: Vec<_> = self.requested.iter().filter(is_pending).collect();
        let scrolled_away = pending.iter().any(|id| !bare.contains(id));
        if waiting && pending.len() < GLANCES || scrolled_away {
            self.requested.clone_from(&bare);
            view.action(Action::Photographs(Photographs::Seen(bare)));
        }
    }

    fn scroll(&self, ui: &Ui, area: ScrollArea, top: f32, height: f32) -> ScrollArea {
        let last: Option<(f32, f32)> = ui.data(|d| d.get_temp(scroll_id()));
        match last {
            Some((offset, view)) if top < offset || top + height > offset + view => {
                area.vertical_scroll_offset((top - (view - height) / 2.0).max(0.0))
            }
            _ => area,
        }
    }

    fn none_ui(&self, ui: &mut Ui, view: &mut FrameContext<'_>) {
        let (state, t) = (view.state, view.t);
        if state.photographs.is_empty() {
            words_ui(ui, t.drop_hint(), Emphasis::Small);
            return;
        }
        words_ui(ui, t.none_match(), Emphasis::Weak);
        if ui.button(t.show_everything()).clicked() {
            view.action(Action::List(Mark::ShowAll));
        }
    }
}

fn scroll_id() -> egui::Id {
    egui::Id::unique("place of the list")
}

/// A click shows the photograph, Ctrl marks one, Shift marks a range.
fn clicked(ui: &Ui, response: &Response, id: PhotoId, view: &mut FrameContext<'_>) {
    if !response.clicked() {
        return;
    }
    let modifiers = ui.input(|i| i.modifiers);
    view.action(if modifiers.shift {
        Action::List(Mark::Extend(id))
    } else if modifiers.matches_logically(Modifiers::COMMAND) {
        Action::List(Mark::Toggle(id))
    } else {
        Action::Photographs(Photographs::Select(id))
    });
}

/// The figures of the chosen models in a row, shortened for the narrow column.
fn figures(state: &State, photo: &Photograph, t: Texts) -> Vec<String> {
    let answers = state.chosen_models().into_iter();
    let mut answers = answers.filter_map(|m| photo.answers.get(&m.id)).peekable();
    if answers.peek().is_some_and(|a| a.case.is_refused()) {
        // A number here would look meaningful.
        return vec![t.quality_word(Quality::NotAFundus).to_owned()];
    }
    answers
        .filter_map(|a| match (a.case.score, a.case.value) {
            (Some(score), _) => Some(t.score_figure(score)),
            (None, Some(value)) => Some(t.value_words(a.case.card.task, value)),
            (None, None) => None,
        })
        .collect()
}

/// The painted forms of [`state_words`], from long to short: a score with its label, without the label, how many
/// results there are.
fn notes_from_long_to_short(state: &State, photo: &Photograph, t: Texts) -> Vec<String> {
    let (words, _) = state_words(state, photo, t);
    for (long, short) in [
        (t.could_not_open(), t.unreadable()),
        (t.not_run(), t.not_run_pane()),
        (t.quality_word(Quality::NotAFundus), t.not_a_fundus_short()),
    ] {
        if words == long {
            return vec![short.to_owned()];
        }
    }
    let figures = figures(state, photo, t);
    let is_figure = |figure: &String| words.ends_with(figure.as_str());
    let mut notes = Vec::new();
    match figures.as_slice() {
        [one] if is_figure(one) => {
            let label = state.chosen_models().into_iter().find_map(|m| {
                let case = &photo.answers.get(&m.id)?.case;
                t.estimate(case)
            });
            let with_label = format!("{one}  {}", label.unwrap_or_default());
            notes.push(with_label.trim_end().to_owned());
            notes.push(one.clone());
        }
        [_, _, ..] => {
            notes.push(words);
            notes.push(t.results_count(figures.len()));
        }
        _ => notes.push(words),
    }
    notes
}

/// The second line of a row, and whether it is a problem.
pub fn state_words(state: &State, photo: &Photograph, t: Texts) -> (String, bool) {
    if state.running.as_ref().is_some_and(|r| r.photo == photo.id) {
        return (t.running().to_owned(), false);
    }
    match (&photo.opening, &photo.run_end) {
        (Opening::Failed(_), _) => return (t.could_not_open().to_owned(), true),
        (_, Some(RunEnd::Failed(_))) => return (t.result_failed().to_owned(), true),
        _ if state.is_waiting(photo.id) => return (t.waiting().to_owned(), false),
        (Opening::Pending, _) if photo.known.is_none() => {
            return (t.opening().to_owned(), false);
        }
        (
            Opening::Closed | Opening::Pending | Opening::Ready(_),
            None | Some(RunEnd::Cancelled),
        ) => {}
    }
    let figures = figures(state, photo, t);
    match figures.as_slice() {
        [] => (t.not_run().to_owned(), false),
        [one] if one.contains('.') && !one.contains(' ') => {
            (format!("{} {one}", t.model_score()), false)
        }
        several => (several.join(" · "), false),
    }
}

/// Why a photograph or its run failed, for the row's tooltip.
pub fn failure_words(state: &State, photo: &Photograph, t: Texts) -> Option<String> {
    let failure = photo.failure()?;
    let why = state.shown_sentence(photo, &failure.message(t.0));
    Some(format!("{why}\n{}", failure.hint(t.0)))
}

pub fn eye_mark(photo: &Photograph) -> &'static str {
    match photo.eye() {
        Laterality::Od => "OD",
        Laterality::Os => "OS",
        Laterality::Unknown => "",
    }
}
