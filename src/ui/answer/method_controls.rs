//! Which map: the method with its settings, one button to compute it, and the figures of the current map.

use egui::{Button, CollapsingHeader, ComboBox, DragValue, ProgressBar, Response, TextStyle, Ui};
use strum::IntoEnumIterator;

use crate::app::State;
use crate::app::apply::explain::MakeMap;
use crate::app::apply::{Action, Explain};
use crate::app::state::Loadable;
use crate::runtime::Device;
use crate::saliency::methods::Cost;
use crate::saliency::{Baseline, Method, Recipe};
use crate::text::report::{Report, capital};
use crate::text::window::Texts;
use crate::ui::canvas::tool_ui;
use crate::ui::command::Command;
use crate::ui::rows::{Emphasis, share_of, titled_ui, wide_button_ui, words_ui};
use crate::ui::theme::{self, Palette};
use crate::ui::view::FrameContext;
use crate::workflow::ModelSummary;

/// Height of the list of layers, enough for the usual networks.
const LAYERS_HEIGHT: f32 = 240.0;

pub fn method_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    let Some(model) = state.model() else {
        return;
    };
    let recipe = state.recipe_of(&model.id);
    let mut desired = recipe.clone();
    titled_ui(ui, t.method(), |ui, title| {
        methods_ui(ui, &mut desired, title, t);
    });
    words_ui(ui, &Report(t.0).method_tip(recipe.method), Emphasis::Small);
    settings_ui(ui, model, &mut desired, view);
    if desired != *recipe {
        view.action(Action::Explain(Explain::Recipe(desired)));
    }
    making_ui(ui, view);
    made_ui(ui, state, t);
}

fn methods_ui(ui: &mut Ui, desired: &mut Recipe, title: &Response, t: Texts) {
    let report = Report(t.0);
    let name = |method: Method| capital(report.method(method));
    let chosen = desired.method;
    let combo = ComboBox::from_id_salt("method")
        .width(ui.available_width())
        .height(300.0)
        .truncate();
    // The list contains the name in the other language in brackets; it would be cut here.
    let short = name(chosen);
    let short = short.split('(').next().unwrap_or_default().trim_end();
    let combo = combo.selected_text(short).show_ui(ui, |ui| {
        for method in Method::iter() {
            let choice = ui
                .selectable_label(method == chosen, name(method))
                .on_hover_text(report.method_tip(method));
            if choice.clicked() && method != chosen {
                let layer = desired.layer.take().filter(|_| method.is_of_a_layer());
                *desired = Recipe {
                    layer,
                    ..Recipe::of(method)
                };
            }
        }
    });
    combo.response.labelled_by(title.id);
}

fn settings_ui(
    ui: &mut Ui,
    model: &ModelSummary,
    desired: &mut Recipe,
    view: &mut FrameContext<'_>,
) {
    let t = view.t;
    let method = desired.method;
    if method.is_of_a_layer() {
        titled_ui(ui, t.layer(), |ui, title| {
            layers_ui(ui, model, desired, title, view);
        });
    }
    let facts = method.description();
    if let Some(steps) = facts.steps {
        let [name, tip] = Report(t.0).steps_of(steps.of);
        titled_ui(ui, name, |ui, title| {
            let combo = ComboBox::from_id_salt("steps").width(ui.available_width());
            let chosen = desired.steps();
            let combo = combo.selected_text(chosen.to_string()).show_ui(ui, |ui| {
                for steps in steps.choices {
                    let words = steps.to_string();
                    if ui.selectable_label(*steps == chosen, words).clicked() {
                        desired.steps = Some(*steps);
                    }
                }
            });
            let response = combo.response.labelled_by(title.id);
            if !tip.is_empty() {
                response.on_hover_text(tip);
            }
        });
    }
    if facts.baseline.is_some() {
        titled_ui(ui, t.baseline(), |ui, title| {
            let name = |b: Baseline| capital(Report(t.0).baseline(b));
            let combo = ComboBox::from_id_salt("baseline").width(ui.available_width());
            let chosen = desired.baseline();
            let combo = combo.selected_text(name(chosen)).show_ui(ui, |ui| {
                for baseline in Baseline::iter() {
                    let choice = ui.selectable_label(baseline == chosen, name(baseline));
                    if choice.clicked() {
                        desired.baseline = Some(baseline);
                    }
                }
            });
            let response = combo.response.labelled_by(title.id);
            response.on_hover_text(t.baseline_tip());
        });
    }
    if facts.has_seed {
        titled_ui(ui, t.seed(), |ui, title| {
            let mut seed = desired.seed();
            let field = ui.add(DragValue::new(&mut seed).range(0..=9999));
            if field.labelled_by(title.id).changed() {
                desired.seed = Some(seed);
            }
        });
    }
}

/// The last feature map, or another suitable layer of the model; the layers are read when the list is opened.
fn layers_ui(
    ui: &mut Ui,
    model: &ModelSummary,
    desired: &mut Recipe,
    title: &Response,
    view: &mut FrameContext<'_>,
) {
    let (state, t) = (view.state, view.t);
    let loaded = state.stages.get(&model.id);
    let stages = match loaded {
        Some(Loadable::Ready(stages)) => stages.as_slice(),
        Some(Loadable::NotRequested | Loadable::Pending | Loadable::Failed(_)) | None => &[],
    };
    let of = |layer: &str| {
        let stage = stages.iter().find(|s| s.layer == layer);
        let named = stage.map(|s| t.layer_of(layer, s.columns, s.rows));
        named.unwrap_or_else(|| layer.to_owned())
    };
    let chosen = desired.layer.clone();
    let shown = chosen.as_deref().map_or(t.last_layer().to_owned(), of);
    let combo = ComboBox::from_id_salt("layer")
        .width(ui.available_width())
        .height(LAYERS_HEIGHT)
        .truncate();
    let combo = combo.selected_text(shown).show_ui(ui, |ui| {
        if loaded.is_none() {
            view.action(Action::Explain(Explain::AskForStages));
        }
        // A list that opens small does not grow when the layers arrive.
        if !matches!(loaded, Some(Loadable::Ready(_) | Loadable::Failed(_))) {
            ui.set_min_height(LAYERS_HEIGHT);
        }
        if ui
            .selectable_label(chosen.is_none(), t.last_layer())
            .clicked()
        {
            desired.layer = None;
        }
        // The last of these is the last feature map, which is listed above under its plain name.
        let earlier = stages.len().saturating_sub(1);
        for stage in stages[..earlier].iter().rev() {
            let on = chosen.as_deref() == Some(&stage.layer);
            if ui.selectable_label(on, of(&stage.layer)).clicked() {
                desired.layer = Some(stage.layer.clone());
            }
        }
        match loaded {
            Some(Loadable::Failed(failure)) => {
                words_ui(ui, &failure.message(t.0), Emphasis::Small);
            }
            Some(Loadable::Ready(_)) => {}
            Some(Loadable::NotRequested | Loadable::Pending) | None => {
                words_ui(ui, t.layers_loading(), Emphasis::Small);
            }
        }
    });
    combo
        .response
        .labelled_by(title.id)
        .on_hover_text(t.layers_tip());
}

/// One button: Compute, or Cancel while the map is computed.
fn making_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    let work = view.runner.work::<MakeMap>();
    if state.explaining.is_some() {
        let (done, total) = work.steps.unwrap_or_default();
        let button = Button::new(t.cancel_map());
        if wide_button_ui(ui, true, button, theme::CONTROL_HEIGHT).clicked() {
            view.action(Action::Explain(Explain::Cancel));
        }
        let bar = ProgressBar::new(share_of(ui, work.steps))
            .desired_height(4.0)
            .corner_radius(2)
            .fill(Palette::of(ui.visuals()).bar_fill);
        ui.add(bar).accessible_name(t.cancel_map());
        let mut wording = t.passes_done(done, total);
        if let Some(memory) = super::memory_of(work, t) {
            wording.push_str(t.comma());
            wording.push_str(&memory);
        }
        words_ui(ui, &wording, Emphasis::Small);
        if runs_embedded(state) {
            words_ui(ui, t.cancel_embedded(), Emphasis::Small);
        }
    }
    if !state.is_explaining_here() {
        compute_ui(ui, view);
    }
    failures_ui(ui, state, t);
}

fn compute_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    // The button stays once every map in view exists.
    let missing = state.maps_missing();
    let desired = |model: &&&ModelSummary| {
        missing.is_empty() || missing.iter().any(|key| key.model == model.id)
    };
    let passes = |model: &&ModelSummary| {
        let recipe = state.recipe_of(&model.id);
        recipe.passes(Cost {
            size: model.card.input.size.map(|s| s as usize),
            channels: state.channels_of(&model.id, recipe),
            progressive: true,
        })
    };
    let models = state.models_in_view();
    let passes = models.iter().filter(desired).map(passes).sum();
    let button = Button::new(t.compute_map(passes));
    if wide_button_ui(ui, state.can_explain(), button, theme::CONTROL_HEIGHT).clicked() {
        view.action(Action::Explain(Explain::Compute));
    }
}

/// If two models are in view, a failure is shown with the name of its model.
fn failures_ui(ui: &mut Ui, state: &State, t: Texts) {
    let ink = Palette::of(ui.visuals()).serious;
    let is_alone = state.models_in_view().len() < 2;
    for (model, failure) in state.map_failures() {
        let failed = match is_alone {
            true => t.map_failed().to_owned(),
            false => t.map_failed_of(&t.model_name(&model.card)),
        };
        let wording = format!("{failed} {}", failure.message(t.0));
        words_ui(ui, &wording, Emphasis::Coloured(ink));
        words_ui(ui, &failure.hint(t.0), Emphasis::Small);
    }
}

/// As far as known: from the requested device or from the last answer.
fn runs_embedded(state: &State) -> bool {
    let asked_for = state.settings.device.parse() == Ok(Device::Embedded);
    let ran = state.answer().and_then(|a| a.case.used.as_ref());
    asked_for || ran.is_some_and(|used| used.provider == "embedded")
}

/// The properties of the map in view: method and grid, layer, cost, and the completeness gap of integrated gradients.
fn made_ui(ui: &mut Ui, state: &State, t: Texts) {
    let answer = state.answer();
    let Some((map, answer)) = answer.and_then(|a| Some((a.map.as_ref()?, a))) else {
        let why = if answer.is_some() {
            t.map_not_made()
        } else {
            t.no_map()
        };
        two_lines_ui(ui, [why, ""]);
        return;
    };
    let grid = t.grid_of(map.method, map.grid.columns(), map.grid.rows());
    let Some(made) = &answer.made else {
        two_lines_ui(ui, [&grid, t.map_unfinished()]);
        return;
    };
    let cost = two_lines_ui(ui, [&grid, &t.passes_took(made.passes, made.ms)]);
    if let Some(layer) = &map.layer {
        cost.on_hover_text(t.at_layer(layer));
    }
    if let Some(gap) = made.completeness_gap {
        let wording = capital(&Report(t.0).completeness(gap, made.gap_share()));
        words_ui(ui, &t.signed(wording), Emphasis::Small).on_hover_text(t.gap_tip());
    }
}

/// Small texts in the space of two lines, so that nothing moves when a map arrives.
fn two_lines_ui(ui: &mut Ui, texts: [&str; 2]) -> Response {
    let line = TextStyle::Small.resolve(ui.style()).size * theme::LINE_HEIGHT;
    let wording = ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        for text in texts.into_iter().filter(|text| !text.is_empty()) {
            words_ui(ui, text, Emphasis::Small);
        }
    });
    ui.add_space((2.0 * line - wording.response.rect.height()).max(0.0));
    wording.response
}

/// Other ways to see what the network uses: covering parts by hand, and the steps through the network.
pub fn other_ways_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    ui.horizontal_wrapped(|ui| {
        for command in [Command::CoverBrush, Command::WhatItSees] {
            tool_ui(ui, command, view);
        }
    });
}

/// How to interpret maps, and which method is not offered.
pub fn about_ui(ui: &mut Ui, t: Texts) {
    CollapsingHeader::new(t.about_methods())
        .id_salt("about the methods")
        .show(ui, |ui| {
            for method in Method::iter() {
                let report = Report(t.0);
                let name = capital(report.method(method));
                words_ui(ui, &name, Emphasis::Plain);
                words_ui(ui, &report.method_tip(method), Emphasis::Small);
            }
            words_ui(ui, t.methods_differ(), Emphasis::Small);
            words_ui(ui, t.no_guided_backprop(), Emphasis::Small);
        });
}
