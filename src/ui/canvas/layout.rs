//! The panes of each layout.

use std::sync::Arc;

use super::pane::Pane;
use crate::app::State;
use crate::app::state::{Layout, Photograph};
use crate::text::window::Texts;
use crate::workflow::{Answer, ModelSummary};

/// Why a pane is empty.
pub struct Missing {
    pub what: &'static str,
    pub hint: &'static str,
}

/// The panes from left to right.
pub fn panes_of<'a>(state: &'a State, t: Texts) -> Vec<Result<Pane<'a>, Missing>> {
    let Some(photo) = state.selected() else {
        return vec![Err(Missing {
            what: t.nothing_selected(),
            hint: t.drop_hint(),
        })];
    };
    match state.layout {
        Layout::Single | Layout::Table => {
            vec![Ok(with_map(state, photo, whose(state, photo, t)))]
        }
        Layout::SideBySide => side_by_side(state, photo, t).map(Ok).into(),
        Layout::Models => models(state, photo, t),
        Layout::Eyes => eyes(state, photo, t),
    }
}

/// A photograph with the map of the model in view.
fn with_map<'a>(state: &'a State, photo: &'a Photograph, title: String) -> Pane<'a> {
    let shown = state.model().map(|m| m.id.as_str());
    Pane {
        photo,
        answer: overlay_of(state, photo, shown),
        model: shown,
        covers: true,
        title,
    }
}

fn is_answered(state: &State, photo: &Photograph) -> bool {
    let shown = state.model();
    shown.is_some_and(|m| photo.answers.contains_key(&m.id))
}

/// With two models the title names the map's model.
fn whose(state: &State, photo: &Photograph, t: Texts) -> String {
    let several = state.chosen_models().len() > 1
        && state.settings.overlay_shown
        && is_answered(state, photo);
    let model = state.model().filter(|_| several);
    model.map_or_else(String::new, |m| t.model_name_short(&m.card))
}

/// The unchanged photograph, and the photograph with its map.
fn side_by_side<'a>(state: &'a State, photo: &'a Photograph, t: Texts) -> [Pane<'a>; 2] {
    let title = if !is_answered(state, photo) {
        t.not_run_pane()
    } else if state.settings.overlay_shown {
        t.overlay()
    } else {
        t.original()
    };
    let plain = Pane {
        photo,
        answer: None,
        model: None,
        covers: false,
        title: t.original().to_owned(),
    };
    let title = format!("{title}   {}", whose(state, photo, t));
    [plain, with_map(state, photo, title.trim_end().to_owned())]
}

fn models<'a>(state: &'a State, photo: &'a Photograph, t: Texts) -> Vec<Result<Pane<'a>, Missing>> {
    let pane = |model: &'a ModelSummary| {
        Ok(Pane {
            photo,
            answer: overlay_of(state, photo, Some(&model.id)),
            model: Some(model.id.as_str()),
            covers: true,
            title: titled(photo, model, t),
        })
    };
    let mut panes: Vec<_> = state.chosen_models().into_iter().map(pane).collect();
    if panes.len() < 2 {
        panes.push(Err(Missing {
            what: t.layout_models(),
            hint: t.second_model_hint(),
        }));
    }
    panes
}

fn eyes<'a>(state: &'a State, photo: &'a Photograph, t: Texts) -> Vec<Result<Pane<'a>, Missing>> {
    let both = state
        .pair()
        .and_then(|(od, os)| Some([state.photograph(od)?, state.photograph(os)?]));
    let Some(both) = both else {
        let missing = Missing {
            what: t.no_fellow(),
            hint: t.no_fellow_hint(),
        };
        return vec![Ok(with_map(state, photo, String::new())), Err(missing)];
    };
    let title = |photo| {
        state
            .model()
            .map(|m| titled(photo, m, t))
            .unwrap_or_default()
    };
    let pane = |photo| Ok(with_map(state, photo, title(photo)));
    both.map(pane).into()
}

/// The answer whose map is drawn over a photograph, while overlays are shown.
fn overlay_of<'a>(
    state: &'a State,
    photo: &'a Photograph,
    model: Option<&str>,
) -> Option<&'a Arc<Answer>> {
    state
        .seen_on(photo, model?)
        // A map of the whole photograph does not apply to the covered one.
        .filter(|_| state.settings.overlay_shown && state.brush_on(photo.id).is_none())
}

/// A model's name with its score on a photograph.
fn titled(photo: &Photograph, model: &ModelSummary, t: Texts) -> String {
    let case = photo.answers.get(&model.id).map(|a| &a.case);
    let figure = match case.map(|c| (c.score, c.value)) {
        Some((Some(score), _)) => t.score_figure(score),
        Some((None, Some(value))) => t.value_words(model.card.task, value),
        _ => t.not_run_pane().to_owned(),
    };
    format!("{figure}   {}", t.model_name_short(&model.card))
}
