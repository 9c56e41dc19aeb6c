//! The first step of an import: choosing a file, and what it says; for a file of weights alone, what must be known to
//! read it.

use egui::{Button, Frame, Margin, ScrollArea, Stroke, Ui, vec2};

use super::weights;
use super::{Step, Typed, end_ui, failure_ui, progress_ui};
use crate::app::Failure;
use crate::app::apply::{Action, Library};
use crate::app::state::{Import, Loadable, Purpose};
use crate::domain::Head;
use crate::domain::foreign::{escaped, shown};
use crate::text::window::{Texts, grouped};
use crate::ui::command::Command;
use crate::ui::path_field::{PathField, PathFieldLook, take_path_request};
use crate::ui::rows::{Emphasis, primary_button_ui, value_ui, wide_titles_ui, words_ui};
use crate::ui::theme::{self, Palette};
use crate::ui::view::FrameContext;
use crate::workflow::{ImportFlags, Inspected};

/// No file is chosen yet.
pub fn choose_ui(ui: &mut Ui, path: &mut PathField, view: &mut FrameContext<'_>) {
    let t = view.t;
    done_ui(ui, view);
    words_ui(ui, t.import_intro(), Emphasis::Plain);
    ui.add_space(theme::GAP);
    let line = Palette::of(ui.visuals()).border;
    Frame::new()
        .stroke(Stroke::new(1.0, line))
        .corner_radius(theme::CORNER)
        .inner_margin(Margin::same(20))
        .show(ui, |ui| {
            ui.set_min_width(ui.available_width());
            words_ui(ui, t.drop_model(), Emphasis::Plain);
            ui.add_space(theme::GAP);
            chooser_ui(ui, path, view);
        });
}

/// The result of the last import, and what is still open about it.
fn done_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    let Some(id) = &state.library.imported else {
        return;
    };
    words_ui(ui, &t.imported(id), Emphasis::Plain);
    words_ui(ui, t.imported_hint(), Emphasis::Weak);
    let model = state.installed().iter().find(|m| m.id == *id);
    let open = model.map_or_else(Vec::new, |m| t.open_fields(&m.card));
    if !open.is_empty() {
        let ink = Palette::of(ui.visuals()).caution;
        let words = format!("{} {}", t.assumed_fields(), open.join(t.comma()));
        words_ui(ui, &words, Emphasis::Coloured(ink));
        words_ui(ui, t.confirm_later(), Emphasis::Weak);
    }
    let button = Button::new(t.show_installed()).min_size(vec2(220.0, theme::PRIMARY_HEIGHT));
    if ui.add(button).clicked() {
        view.command(Command::Models);
    }
    ui.add_space(theme::GROUP_GAP);
    ui.heading(t.import_another());
}

/// The buttons for a file and a folder; without a file dialog, the field for their path.
fn chooser_ui(ui: &mut Ui, path: &mut PathField, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    ui.horizontal_wrapped(|ui| {
        let size = vec2(220.0, theme::PRIMARY_HEIGHT);
        if primary_button_ui(ui, !state.asking, t.choose_keras(), size).clicked() {
            view.action(Action::Library(Library::AskForKeras));
        }
        let button = Button::new(t.choose_keras_folder()).min_size(size);
        if ui.add_enabled(!state.asking, button).clicked() {
            view.action(Action::Library(Library::AskForKerasFolder));
        }
    });
    path_ui(ui, path, view);
}

fn path_ui(ui: &mut Ui, path: &mut PathField, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    if !state.no_dialog {
        return;
    }
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

/// The chosen file: what it says, or what keeps it from being read.
pub fn file_ui(
    ui: &mut Ui,
    (typed, path): (&mut Typed, &mut PathField),
    import: &Import,
    inspected: Option<&Inspected>,
    view: &mut FrameContext<'_>,
) -> Option<Step> {
    let (state, t) = (view.state, view.t);
    ui.heading(&import.name);
    ui.add_space(theme::GAP);
    let mut reason = None;
    let mut word = t.continue_import();
    let answers = typed.answers.get_or_insert_with(|| import.flags.clone());
    // The model is chosen below, not among the answers.
    answers.members.clone_from(&import.flags.members);
    match &import.inspected {
        Loadable::NotRequested | Loadable::Pending => {
            progress_ui(ui, t.reading_file(), view);
            reason = Some(t.reading_file().to_owned());
        }
        Loadable::Failed(failure) if !failure.open.is_empty() => {
            let unanswered = weights::open_ui(ui, answers, failure, t);
            word = t.read_file();
            if !unanswered.is_empty() {
                reason = Some(t.choose_first(&unanswered));
            }
        }
        Loadable::Failed(failure) => {
            failure_ui(ui, failure, t);
            choices_ui(ui, import, failure, view);
            ui.add_space(theme::GAP);
            let another = Button::new(t.another_file());
            if ui.add_enabled(!state.asking, another).clicked() {
                view.action(Action::Library(Library::AskForKeras));
            }
            path_ui(ui, path, view);
            reason = Some(match failure {
                f if !f.members.is_empty() => t.choose_first(&[t.model()]),
                f if !f.outputs().is_empty() => t.choose_first(&[t.output()]),
                f if f.logits().is_some() => t.choose_first(&[t.last_activation()]),
                _ => t.choose_file_first().to_owned(),
            });
        }
        Loadable::Ready(_) => {
            if let Some(inspected) = inspected {
                facts_ui(ui, inspected, t);
            }
        }
    }
    let leads_on = end_ui(ui, word, reason.as_deref(), view, None);
    if !leads_on {
        return None;
    }
    if inspected.is_some() {
        return Some(Step::Fields);
    }
    if let Loadable::Failed(failure) = &import.inspected {
        let flags = Box::new(weights::completed(answers, failure));
        view.action(Action::Library(Library::Flags(flags)));
    }
    None
}

/// What the file states about itself.
pub fn facts_ui(ui: &mut Ui, inspected: &Inspected, t: Texts) {
    let facts = &inspected.facts;
    let [height, width] = facts.input_size;
    let size = format!("{width} × {height} px");
    let parameters = grouped(facts.parameters);
    let layers = facts.preprocessing_layers.join(t.comma());
    let rows = [
        (
            t.architecture(),
            facts.architecture.as_deref().unwrap_or("–"),
        ),
        (t.file_form(), t.file_form_word(facts.form)),
        (t.input_size(), &size),
        (t.head(), t.head_choice(facts.head)),
        (t.parameters(), &parameters),
        (
            t.keras_version(),
            facts.keras_version.as_deref().unwrap_or(""),
        ),
        (t.in_file_scaling(), &layers),
    ];
    let rows = rows.into_iter().filter(|(_, value)| !value.is_empty());
    let rows: Vec<(&str, &str)> = rows.collect();
    let titles: Vec<&str> = rows.iter().map(|(title, _)| *title).collect();
    wide_titles_ui(ui, &titles, |ui| {
        for (title, value) in rows {
            value_ui(ui, title, value);
        }
    });
    if !inspected.in_library.is_empty() {
        let ids = inspected.in_library.join(t.comma());
        words_ui(ui, &t.known_already(&ids), Emphasis::Small);
    }
}

/// The models of which one must be chosen, its configurations, the outputs of a network or its last activation: a button
/// each.
fn choices_ui(ui: &mut Ui, import: &Import, failure: &Failure, view: &mut FrameContext<'_>) {
    /// Lines in view; the others are scrolled to.
    const LINES: f32 = 12.0;
    let with_member = |name: &String| ImportFlags {
        members: failure.choice_of(name, &import.flags.members),
        ..import.flags.clone()
    };
    let with_output = |name: &String| ImportFlags {
        output: Some(name.clone()),
        ..import.flags.clone()
    };
    let with_head = |head: Head| ImportFlags {
        head: Some(head),
        ..import.flags.clone()
    };
    let named = |names: &[String], flags: &dyn Fn(&String) -> ImportFlags| {
        let choice = |name: &String| (shown(name), escaped(name).to_string(), flags(name));
        names.iter().map(choice).collect::<Vec<_>>()
    };
    let t = view.t;
    let mut choices = named(&failure.members, &with_member);
    choices.extend(named(failure.outputs(), &with_output));
    choices.extend(failure.logits().into_iter().flat_map(|count| {
        [Head::Softmax, Head::Sigmoid].map(|head| {
            let word = t.activation_of_logits(head, count);
            (word.clone(), word, with_head(head))
        })
    }));
    if choices.is_empty() {
        return;
    }
    ui.add_space(theme::GAP);
    let height = theme::CONTROL_HEIGHT;
    let area = ScrollArea::vertical().max_height(LINES * (height + theme::GAP));
    area.show_rows(ui, height, choices.len(), |ui, range| {
        for (word, whole, flags) in &choices[range] {
            let button = Button::new(word).min_size(vec2(0.0, height));
            if ui.add(button).on_hover_text(whole).clicked() {
                let flags = Box::new(flags.clone());
                view.action(Action::Library(Library::Flags(flags)));
            }
        }
    });
}
