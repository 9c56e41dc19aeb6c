//! Applicability: a line on the result card, before the number, and a table of aspects with the measured figures.

use egui::{Align, Label, Layout, RichText, Sense, Ui, vec2};

use crate::app::State;
use crate::app::state::Photograph;
use crate::domain::{Applicability, Aspect, Grade, Severity, Task};
use crate::text::applicability::source;
use crate::text::window::Texts;
use crate::ui::icons;
use crate::ui::rows::{Emphasis, words_ui};
use crate::ui::theme::{self, Palette};

/// The grade of the photograph in view, with the aspects that lower it.
pub fn line_ui(ui: &mut Ui, state: &State, t: Texts) {
    let Some(all) = state.selected().and_then(|photo| of(state, photo)) else {
        return;
    };
    let Some(overall) = all.overall() else {
        return;
    };
    let lowered = |(aspect, grade): &(Aspect, Grade)| (*grade == overall).then_some(*aspect);
    let lowered: Vec<Aspect> = match overall {
        Grade::Good => vec![],
        Grade::Limited | Grade::Outside => all.grades().iter().filter_map(lowered).collect(),
    };
    let line = t.applicability_line(overall, &lowered);
    words_ui(ui, &line, Emphasis::Small).on_hover_text(t.applicability_tip());
}

/// Each aspect with its grade and the measured figure; its tooltip says what is published, what is inferred from that,
/// and whose the threshold is.
pub fn aspects_ui(ui: &mut Ui, state: &State, photo: &Photograph, t: Texts) {
    let (Some(all), Some(known)) = (of(state, photo), &photo.known) else {
        return;
    };
    ui.heading(t.applicability())
        .on_hover_text(t.applicability_tip());
    let citation = state.model().map_or("", |m| m.card.citation.as_str());
    for (aspect, grade) in all.grades() {
        let figure = match aspect {
            Aspect::Age => photo.age.map(|age| t.value_words(Task::Age, age)),
            aspect => known.measured.and_then(|m| t.measured(*aspect, &m)),
        };
        aspect_ui(ui, figure, (*aspect, *grade), citation, t);
    }
}

/// For the model in view.
fn of(state: &State, photo: &Photograph) -> Option<Applicability> {
    photo.applicability(state.model().map(|model| &*model.card))
}

fn aspect_ui(
    ui: &mut Ui,
    figure: Option<String>,
    (aspect, grade): (Aspect, Grade),
    citation: &str,
    t: Texts,
) {
    let name = t.aspect(aspect);
    let word = t.grade(grade);
    let why = t.why_applicable(aspect);
    let why = match source(aspect, citation) {
        Some(source) => format!("{why} ({source})"),
        None => why.to_owned(),
    };
    let tip = [
        t.figure_of(aspect).to_owned(),
        why,
        t.inferred(aspect).to_owned(),
        t.threshold_of(aspect).to_owned(),
    ];
    let tip = tip.map(|line| line.trim().to_owned());
    let tip = tip.into_iter().filter(|line| !line.is_empty());
    let tip = tip.collect::<Vec<_>>().join("\n");
    let palette = Palette::of(ui.visuals());
    let ink = match grade {
        Grade::Good => palette.weak,
        Grade::Limited => palette.severity(Severity::Caution),
        Grade::Outside => palette.severity(Severity::Serious),
    };
    let row = ui.horizontal(|ui| {
        ui.spacing_mut().interact_size.y = theme::SIGN_SIDE;
        match grade {
            Grade::Good => icons::passed_ui(ui, word),
            Grade::Limited => icons::severity_ui(ui, Severity::Caution, word),
            Grade::Outside => icons::severity_ui(ui, Severity::Serious, word),
        };
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let word = RichText::new(word).color(ink).small();
            let size = vec2(52.0, theme::SIGN_SIDE);
            ui.allocate_ui_with_layout(size, Layout::right_to_left(Align::Center), |ui| {
                ui.set_min_width(size.x);
                ui.add(Label::new(word));
            });
            if let Some(figure) = figure {
                ui.add(Label::new(figure).truncate());
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.add(Label::new(RichText::new(name).weak()).truncate());
            });
        });
    });
    row.response.interact(Sense::hover()).on_hover_text(tip);
}
