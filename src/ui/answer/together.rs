//! Several photographs of one person taken together: a figure for each eye and for the person, by mean logit.

use egui::Ui;

use super::person_of;
use crate::app::State;
use crate::app::state::Photograph;
use crate::clinic::{Case, Laterality};
use crate::export::together::{Group, groups};
use crate::ui::rows::{Voice, value_ui, words_ui};
use crate::ui::theme;
use crate::words::window::Texts;

/// Nothing while there is one answer only.
pub fn together_ui(ui: &mut Ui, state: &State, photo: &Photograph, t: Texts) {
    let (Some(person), Some(model)) = (person_of(photo), state.model()) else {
        return;
    };
    let cases: Vec<&Case> = state
        .photographs
        .iter()
        .filter(|p| p.person.as_deref() == Some(person))
        .filter_map(|p| p.answers.get(&model.id))
        .map(|a| &a.case)
        .collect();
    if cases.len() < 2 {
        return;
    }
    ui.add_space(theme::GAP);
    ui.separator();
    ui.heading(t.together());
    let shown = if state.settings.names_masked {
        ""
    } else {
        person
    };
    words_ui(
        ui,
        format!("{shown}  {}", t.person_guessed()).trim_start(),
        Voice::Small,
    );
    let mut groups = groups(cases);
    // The right eye first, as it is written; the person last.
    groups.sort_by_key(|g| match g.eye {
        Some(Laterality::Od) => 0,
        Some(Laterality::Os) => 1,
        Some(Laterality::Unknown) => 2,
        None => 3,
    });
    for group in &groups {
        group_ui(ui, group, t);
    }
    words_ui(ui, t.mean_of_logits(), Voice::Small);
}

fn group_ui(ui: &mut Ui, group: &Group, t: Texts) {
    let of = &group.together;
    let name = match group.eye {
        Some(eye) => eye.as_str(),
        None => t.whole_person(),
    };
    let figure = match (of.score, of.value) {
        (Some(score), _) => {
            let label = of.label.as_deref().map(|l| t.label(l)).unwrap_or_default();
            format!("{}  {label}", t.score_figure(score))
        }
        (None, Some(years)) => format!("{} {}", t.signed(format!("{years:.1}")), t.years()),
        (None, None) => return,
    };
    value_ui(ui, name, &figure);
    // The range in the same units as the figure above it; its files hold the logits.
    let number = |v: f64| {
        if of.score.is_some() {
            t.score_figure(1.0 / (1.0 + (-v).exp()))
        } else {
            t.signed(format!("{v:.1}"))
        }
    };
    let mut aside = t.images_range(of.images, &number(of.lowest), &number(of.highest));
    if let Some(spread) = of.spread.filter(|_| of.images > 2) {
        aside.push_str(&format!(
            ", {} {spread:.2}",
            t.spread_of(of.score.is_some())
        ));
    }
    crate::ui::rows::aside_ui(ui, &aside);
}
