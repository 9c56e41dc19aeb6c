//! Filters by the properties of photographs: a submenu for each, and a line of those that are active.

use std::sync::Arc;

use egui::{Button, Id, RichText, Role, Ui, WidgetInfo};

use crate::app::State;
use crate::app::apply::{Action, List};
use crate::app::state::{EvaluatedWords, FilterChoices, Only};
use crate::domain::foreign::shown;
use crate::domain::{FindingCode, Grade, Laterality, Quality};
use crate::text;
use crate::text::evaluation::left_out;
use crate::text::window::Texts;
use crate::ui::command::Command;
use crate::ui::view::FrameContext;

/// Submenus of the filter's menu.
pub fn submenus_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    let only = &state.list.only;
    let choices = choices(ui, state);
    let mut chosen = only.clone();
    let eyes = [Laterality::Od, Laterality::Os, Laterality::Unknown];
    let eyes = eyes.map(|eye| (eye, t.laterality(eye).to_owned()));
    submenu_ui(ui, t, t.eye(), &mut chosen.eye, eyes.into());
    let qualities = [
        Quality::Good,
        Quality::Usable,
        Quality::Bad,
        Quality::NotAFundus,
    ];
    let qualities = qualities.map(|quality| (quality, t.quality_word(quality).to_owned()));
    submenu_ui(ui, t, t.quality(), &mut chosen.quality, qualities.into());
    let grades = [Grade::Good, Grade::Limited, Grade::Outside];
    let grades = grades.map(|grade| (grade, t.grade(grade).to_owned()));
    submenu_ui(
        ui,
        t,
        t.applicability(),
        &mut chosen.applicability,
        grades.into(),
    );
    let models = choices.models.iter().cloned();
    let models = models.map(|id| (id.clone(), model_name(state, &id, t)));
    submenu_ui(ui, t, t.model(), &mut chosen.model, models.collect());
    let labels = choices.labels.iter().cloned();
    let labels = labels.map(|label| (label.clone(), t.label(&label)));
    submenu_ui(ui, t, t.model_label(), &mut chosen.label, labels.collect());
    let findings = choices.findings.iter().copied();
    let findings = findings.map(|code| (code, finding_words(code, t)));
    submenu_ui(
        ui,
        t,
        t.filter_finding(),
        &mut chosen.finding,
        findings.collect(),
    );
    let used = [true, false].map(|used| (used, t.counted(used).to_owned()));
    submenu_ui(ui, t, t.filter_used(), &mut chosen.used, used.into());
    if chosen != *only {
        view.action(Action::List(List::Only(chosen)));
        ui.close();
    }
}

/// What there is to choose from, gone through again only when the list has changed: the menu is drawn in every frame.
fn choices(ui: &Ui, state: &State) -> Arc<FilterChoices> {
    let id = Id::unique("choices of the filters");
    let known = ui.data(|data| data.get_temp::<(u64, Arc<FilterChoices>)>(id));
    if let Some((_, choices)) = known.filter(|(of, _)| *of == state.revision) {
        return choices;
    }
    let choices = Arc::new(state.filter_choices());
    let known = (state.revision, Arc::clone(&choices));
    ui.data_mut(|data| data.insert_temp(id, known));
    choices
}

/// One property: any, or one of these values. Without values there is nothing to choose.
fn submenu_ui<T: Clone + PartialEq>(
    ui: &mut Ui,
    t: Texts,
    title: &str,
    chosen: &mut Option<T>,
    values: Vec<(T, String)>,
) {
    let now = values
        .iter()
        .find(|(value, _)| chosen.as_ref() == Some(value));
    let words = match now {
        Some((_, words)) => format!("{title}: {words}"),
        None => title.to_owned(),
    };
    ui.add_enabled_ui(!values.is_empty(), |ui| {
        ui.menu_button(words, |ui| {
            if ui.selectable_label(chosen.is_none(), t.any()).clicked() {
                *chosen = None;
            }
            for (value, words) in values {
                let on = chosen.as_ref() == Some(&value);
                if ui.selectable_label(on, words).clicked() {
                    *chosen = Some(value);
                }
            }
        });
    });
}

/// The active filters, each with a click to remove it.
pub fn active_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    let only = &state.list.only;
    if *only == Only::default() {
        return;
    }
    let mut left = only.clone();
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = egui::vec2(4.0, 4.0);
        let mut chip = |title: &str, words: Option<String>| {
            words.is_some_and(|words| chip_ui(ui, title, &words, t))
        };
        if chip(t.eye(), only.eye.map(|eye| t.laterality(eye).to_owned())) {
            left.eye = None;
        }
        let quality = only.quality.map(|q| t.quality_word(q).to_owned());
        if chip(t.quality(), quality) {
            left.quality = None;
        }
        let grade = only.applicability.map(|grade| t.grade(grade).to_owned());
        if chip(t.applicability(), grade) {
            left.applicability = None;
        }
        let model = only.model.as_ref().map(|id| model_name(state, id, t));
        if chip(t.model(), model) {
            left.model = None;
        }
        if chip(t.model_label(), only.label.as_ref().map(|l| t.label(l))) {
            left.label = None;
        }
        let finding = only.finding.map(|code| finding_words(code, t));
        if chip(t.filter_finding(), finding) {
            left.finding = None;
        }
        if chip(t.filter_used(), only.used.map(|u| t.counted(u).to_owned())) {
            left.used = None;
        }
        let part = only.evaluated.as_ref();
        let part = part.map(|part| evaluated_words(&part.words, state, t));
        if chip(t.evaluated(), part) {
            left.evaluated = None;
        }
        let can_go_back = only.evaluated.is_some() && state.study.evaluation.ready().is_some();
        if can_go_back && ui.small_button(t.evaluation_back()).clicked() {
            view.command(Command::Evaluate);
        }
    });
    if left != *only {
        view.action(Action::List(List::Only(left)));
    }
}

fn chip_ui(ui: &mut Ui, title: &str, words: &str, t: Texts) -> bool {
    let text = format!("{title}: {words}");
    let cross = RichText::new(format!("{words}  ×")).small();
    let response = ui.add(Button::new(cross).truncate());
    let name = t.remove_filter(&text);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    response.on_hover_text(name).clicked()
}

/// What the photographs of a part of an evaluation have in common.
fn evaluated_words(words: &EvaluatedWords, state: &State, t: Texts) -> String {
    match words {
        EvaluatedWords::Labels { recorded, given } => t.evaluated_labels(recorded, given),
        EvaluatedWords::Scores { recorded, percent } => {
            t.evaluated_scores(recorded.as_deref(), *percent)
        }
        EvaluatedWords::Case(_) if state.settings.names_masked => t.one_case().to_owned(),
        EvaluatedWords::Case(name) => shown(name),
        EvaluatedWords::Subgroup { by, value } => format!(
            "{}: {}",
            shown(&t.subgroup_column_name(by)),
            shown(&t.subgroup_value(by, value))
        ),
        EvaluatedWords::LeftOut(why) => left_out(*why, t.0).to_owned(),
        EvaluatedWords::Model(id) => model_name(state, id, t),
    }
}

fn model_name(state: &State, id: &str, t: Texts) -> String {
    let installed = state.installed().iter().find(|m| m.id == id);
    installed.map_or_else(|| id.to_owned(), |m| t.model_name_short(&m.card))
}

/// Its sentence, without the full stop.
fn finding_words(code: FindingCode, t: Texts) -> String {
    let message = text::finding(code, t.0).message;
    message.trim_end_matches(['.', '。']).to_owned()
}
