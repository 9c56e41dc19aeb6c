//! The installed models: each with its card, a self-test, and what it asks to be cited.

use egui::{CollapsingHeader, Frame, Margin, Ui};

use crate::app::State;
use crate::app::action::{Action, Check, Library, Models as Choose};
use crate::app::state::{Asked as Wanted, CheckSubject, Models};
use crate::ui::answer::about_model::{task_words, unconfirmed};
use crate::ui::asked::Asked;
use crate::ui::messages::sentence;
use crate::ui::rows::{Voice, value_ui, words_ui};
use crate::ui::theme::{self, Palette};
use crate::words::Lang;
use crate::words::window::Texts;
use crate::workflow::{ModelSummary, SelfTest};

/// True when a model's preprocessing is to be checked.
pub fn models_ui(
    ui: &mut Ui,
    removing: &mut Option<String>,
    state: &State,
    t: Texts,
    asked: &mut Asked,
) -> bool {
    let mut check = false;
    match &state.models {
        Models::Pending => {
            words_ui(ui, t.models_loading(), Voice::Weak);
        }
        Models::Failed(failure) => {
            let ink = Palette::of(ui.visuals()).serious;
            words_ui(ui, &sentence(&failure.message), Voice::Coloured(ink));
        }
        Models::Ready(models) => {
            for model in models {
                check |= model_ui(ui, removing, model, state, t, asked);
                ui.add_space(theme::GAP);
            }
        }
    }
    check
}

fn model_ui(
    ui: &mut Ui,
    removing: &mut Option<String>,
    model: &ModelSummary,
    state: &State,
    t: Texts,
    asked: &mut Asked,
) -> bool {
    let mut check = false;
    let palette = Palette::of(ui.visuals());
    Frame::new()
        .fill(palette.window)
        .corner_radius(theme::CORNER)
        .inner_margin(Margin::same(12))
        .show(ui, |ui| {
            ui.set_min_width(ui.available_width());
            words_ui(ui, &t.model_name(&model.card), Voice::Plain);
            if model.demonstration {
                words_ui(
                    ui,
                    t.applies_demonstration(),
                    Voice::Coloured(palette.caution),
                );
            }
            facts_ui(ui, model, t);
            test_ui(ui, state.library.self_tests.get(&model.id), t);
            ui.horizontal_wrapped(|ui| {
                let used = state.chosen_models().iter().any(|m| m.id == model.id);
                let use_it = ui.selectable_label(used, t.use_model());
                let name = format!("{}: {}", t.use_model(), t.model_name(&model.card));
                use_it.widget_info(|| {
                    egui::WidgetInfo::selected(egui::Role::Button, true, used, &name)
                });
                if use_it.clicked() {
                    asked.action(Action::Models(Choose::Choose(model.id.clone())));
                }
                let busy = state.library.self_tests.values().any(Wanted::is_pending);
                let test = egui::Button::new(t.self_test());
                let test = ui.add_enabled(!busy, test).on_hover_text(t.self_test_tip());
                let name = format!("{}: {}", t.self_test(), t.model_name(&model.card));
                test.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, !busy, &name));
                if test.clicked() {
                    asked.action(Action::Library(Library::SelfTest(model.id.clone())));
                }
                check |= check_ui(ui, model, t, asked);
                if !model.demonstration {
                    remove_ui(ui, removing, &model.id, t, asked);
                }
            });
            card_ui(ui, model, t);
        });
    check
}

/// True when the page of the check is to be opened, on this model.
fn check_ui(ui: &mut Ui, model: &ModelSummary, t: Texts, asked: &mut Asked) -> bool {
    let button = ui.button(t.check_sheet());
    let name = format!("{}: {}", t.check_sheet(), t.model_name(&model.card));
    button.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &name));
    if button.clicked() {
        let subject = CheckSubject::Model(model.id.clone());
        asked.action(Action::Check(Check::Of(subject)));
    }
    button.clicked()
}

fn facts_ui(ui: &mut Ui, model: &ModelSummary, t: Texts) {
    let [height, width] = model.input.size;
    value_ui(ui, t.task(), task_words(model.task, t));
    let network = format!("{}, {width} × {height} px", model.architecture);
    value_ui(ui, t.architecture(), &network);
    let labels: Vec<_> = model.labels.iter().map(|l| t.label(l)).collect();
    if !labels.is_empty() {
        value_ui(
            ui,
            t.labels(),
            &format!("0 {}, 1 {}", labels[0], labels.get(1).map_or("", |l| l)),
        );
    }
}

fn test_ui(ui: &mut Ui, test: Option<&Wanted<SelfTest>>, t: Texts) {
    let palette = Palette::of(ui.visuals());
    match test {
        None | Some(Wanted::Not) => {}
        Some(Wanted::Pending) => {
            words_ui(ui, t.self_test_running(), Voice::Weak);
        }
        Some(Wanted::Ready(test)) => {
            let (words, ink) = if test.within {
                (t.self_test_good(), palette.text)
            } else {
                (t.self_test_bad(), palette.serious)
            };
            words_ui(ui, words, Voice::Coloured(ink));
            let figures = format!(
                "{} {:.1e} (≤ {:.0e}), {} {}, {:.0} ms",
                t.deviation(),
                test.max_abs_error,
                test.tolerance,
                test.engine,
                test.provider,
                test.run_ms
            );
            words_ui(ui, &figures, Voice::Small);
        }
        Some(Wanted::Failed(failure)) => {
            words_ui(
                ui,
                &sentence(&failure.message),
                Voice::Coloured(palette.serious),
            );
        }
    }
}

/// Removing is asked about once more.
fn remove_ui(ui: &mut Ui, removing: &mut Option<String>, id: &str, t: Texts, asked: &mut Asked) {
    if removing.as_deref() != Some(id) {
        if ui.button(t.remove_model()).clicked() {
            *removing = Some(id.to_owned());
        }
        return;
    }
    words_ui(ui, t.remove_really(), Voice::Plain);
    if ui.button(t.remove_model()).clicked() {
        asked.action(Action::Library(Library::RemoveModel(id.to_owned())));
        *removing = None;
    }
    if ui.button(t.keep()).clicked() {
        *removing = None;
    }
}

/// The card in full, folded away.
fn card_ui(ui: &mut Ui, model: &ModelSummary, t: Texts) {
    let card = &model.card;
    CollapsingHeader::new(t.model_card())
        .id_salt(("card", &model.id))
        .show(ui, |ui| {
            let input = &card.input;
            let word = |value: serde_json::Result<serde_json::Value>| {
                let value = value.unwrap_or_default();
                value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned)
            };
            value_ui(ui, t.scaling(), &word(serde_json::to_value(input.scaling)));
            value_ui(
                ui,
                t.colour_order(),
                &word(serde_json::to_value(input.colour)),
            );
            value_ui(ui, t.resize(), &word(serde_json::to_value(input.resize)));
            value_ui(ui, t.crop(), &word(serde_json::to_value(input.crop)));
            value_ui(ui, t.head(), &word(serde_json::to_value(card.head)));
            if !card.labels.is_empty() {
                value_ui(ui, t.threshold(), &format!("{:.2}", card.threshold));
            }
            let unconfirmed: Vec<_> = unconfirmed(model).map(|f| t.card_field(f)).collect();
            if !unconfirmed.is_empty() {
                words_ui(ui, t.assumed_fields(), Voice::Weak);
                words_ui(ui, &unconfirmed.join(", "), Voice::Small);
            }
            words_ui(ui, t.source_file(), Voice::Weak);
            words_ui(ui, &format!("SHA-256 {}", card.source_sha256), Voice::Small);
            let thanks = match t.0 {
                Lang::En => &card.acknowledgment.en,
                Lang::Ja => &card.acknowledgment.ja,
            };
            for (title, text) in [(t.citation(), &card.citation), (t.acknowledgment(), thanks)] {
                if text.is_empty() {
                    continue;
                }
                ui.horizontal(|ui| {
                    words_ui(ui, title, Voice::Weak);
                    let copy = ui.button(t.copy());
                    let name = format!("{}: {title}", t.copy());
                    copy.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &name));
                    if copy.clicked() {
                        ui.ctx().copy_text(text.clone());
                    }
                });
                words_ui(ui, text, Voice::Small);
            }
        });
}
