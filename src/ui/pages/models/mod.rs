//! The installed models: each with its card, a self-test, and its actions.

mod card;
mod edit;

use egui::{Frame, Margin, RichText, Ui};

use super::{Entries, Page, PageName, PagePlacement};
use crate::app::State;
use crate::app::apply::{Action, Check, Library, Models as Choose};
use crate::app::state::{CheckedModel, Loadable, Models, Purpose};
use crate::domain::{Approval, Severity};
use crate::text::window::Texts;
use crate::ui::answer::about_model::task_words;
use crate::ui::icons;
use crate::ui::pages::choices::size_words;
use crate::ui::path_field::{PathField, PathFieldLook, take_path_request};
use crate::ui::rows::{Emphasis, toggle_ui, value_ui, words_ui};
use crate::ui::theme::{self, Palette};
use crate::ui::view::FrameContext;
use crate::workflow::{Damaged, ModelFile, ModelSummary, SelfTest};

/// State that only this page uses.
#[derive(Default)]
pub struct ModelsPage {
    /// The model for which removal awaits confirmation.
    removing: Option<String>,
    /// The card that is being edited.
    editing: Option<edit::Editing>,
    folder: PathField,
}

impl Page for ModelsPage {
    fn place(&self) -> PagePlacement {
        PagePlacement::Library(Texts::installed_models)
    }

    fn entries(&self, state: &State) -> Entries {
        match self.editing.as_ref().is_some_and(|e| e.is_changed(state)) {
            true => Entries::Loose,
            false => Entries::None,
        }
    }

    fn closed(&mut self) {
        *self = Self::default();
    }

    fn page_ui(&mut self, ui: &mut Ui, view: &mut FrameContext<'_>) {
        let (state, t) = (view.state, view.t);
        match &state.models {
            Models::Pending => {
                words_ui(ui, t.models_loading(), Emphasis::Weak);
            }
            Models::Failed(failure) => {
                let ink = Palette::of(ui.visuals()).serious;
                words_ui(ui, &failure.message(t.0), Emphasis::Coloured(ink));
            }
            Models::Ready(models) => {
                for model in &state.library.damaged {
                    damaged_ui(ui, self, model, view);
                    ui.add_space(theme::GAP);
                }
                for model in models {
                    model_ui(ui, self, model, view);
                    ui.add_space(theme::GAP);
                }
            }
        }
    }
}

fn model_ui(ui: &mut Ui, page: &mut ModelsPage, model: &ModelSummary, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    let palette = Palette::of(ui.visuals());
    Frame::new()
        .fill(palette.window)
        .corner_radius(theme::CORNER)
        .inner_margin(Margin::same(12))
        .show(ui, |ui| {
            ui.set_min_width(ui.available_width());
            ui.horizontal_wrapped(|ui| {
                let name = t.bare_name(&model.card);
                ui.label(RichText::new(name).size(theme::MODEL_NAME_SIZE));
                if !model.card.is_confirmed() {
                    icons::severity_ui(ui, Severity::Caution, t.unconfirmed());
                    ui.colored_label(palette.caution, t.unconfirmed());
                }
            });
            let open = t.open_fields(&model.card);
            if !open.is_empty() {
                let words = format!("{} {}", t.assumed_fields(), open.join(t.comma()));
                words_ui(ui, &words, Emphasis::Small);
            }
            if model.demonstration {
                words_ui(
                    ui,
                    t.applies_demonstration(),
                    Emphasis::Coloured(palette.caution),
                );
            }
            let test = state.library.self_tests.get(&model.id);
            facts_ui(ui, model, test, t);
            test_ui(ui, test, t);
            engines_ui(ui, model, t);
            ui.horizontal_wrapped(|ui| {
                let used = state.chosen_models().iter().any(|m| m.id == model.id);
                let word = if used { t.in_use() } else { t.use_model() };
                let use_it = toggle_ui(ui, used, word);
                let name = format!("{word}: {}", t.model_name(&model.card));
                use_it.widget_info(|| {
                    egui::WidgetInfo::selected(egui::Role::Button, true, used, &name)
                });
                if use_it.clicked() {
                    view.action(Action::Models(Choose::Choose(model.id.clone())));
                }
                let busy = state.library.self_tests.values().any(Loadable::is_pending);
                let test = egui::Button::new(t.self_test());
                let test = ui.add_enabled(!busy, test).on_hover_text(t.self_test_tip());
                let name = format!("{}: {}", t.self_test(), t.model_name(&model.card));
                test.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, !busy, &name));
                if test.clicked() {
                    view.action(Action::Library(Library::SelfTest(model.id.clone())));
                }
                check_ui(ui, model, view);
                files_ui(ui, model, view);
                if !model.ships {
                    edit::button_ui(ui, &mut page.editing, model, view);
                    remove_ui(ui, &mut page.removing, &model.id, view);
                }
            });
            folder_ui(ui, &mut page.folder, model, view);
            if !edit::edit_ui(ui, &mut page.editing, model, view) {
                card::card_ui(ui, model, t);
            }
        });
}

/// A model that cannot be used, and what to do about it.
fn damaged_ui(ui: &mut Ui, page: &mut ModelsPage, model: &Damaged, view: &mut FrameContext<'_>) {
    let t = view.t;
    let palette = Palette::of(ui.visuals());
    Frame::new()
        .fill(palette.window)
        .corner_radius(theme::CORNER)
        .inner_margin(Margin::same(12))
        .show(ui, |ui| {
            ui.set_min_width(ui.available_width());
            words_ui(ui, &model.id, Emphasis::Plain);
            words_ui(ui, t.damaged_model(), Emphasis::Coloured(palette.serious));
            ui.horizontal_wrapped(|ui| remove_ui(ui, &mut page.removing, &model.id, view));
        });
}

/// Opens the check page for this model.
fn check_ui(ui: &mut Ui, model: &ModelSummary, view: &mut FrameContext<'_>) {
    let t = view.t;
    let button = ui.button(t.check_sheet());
    let name = format!("{}: {}", t.check_sheet(), t.model_name(&model.card));
    button.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &name));
    if button.clicked() {
        let subject = CheckedModel::Model(model.id.clone());
        view.action(Action::Check(Check::Of(subject)));
        view.page(PageName::Check);
    }
}

fn facts_ui(ui: &mut Ui, model: &ModelSummary, test: Option<&Loadable<SelfTest>>, t: Texts) {
    let [height, width] = model.input.size;
    value_ui(ui, t.task(), task_words(model.task, t));
    let size = format!("{width} × {height} px");
    // A network of no known family has no name.
    let network = if model.architecture.is_empty() {
        size
    } else {
        format!("{}{}{size}", model.architecture, t.comma())
    };
    value_ui(ui, t.architecture(), &network);
    let labels = model.labels.iter().enumerate();
    let labels: Vec<_> = labels.map(|(i, l)| format!("{i} {}", t.label(l))).collect();
    if !labels.is_empty() {
        value_ui(ui, t.labels(), &labels.join(t.comma()));
    }
    if let Some(bytes) = model.bytes {
        value_ui(ui, t.size_on_disk(), &size_words(bytes));
    }
    match test {
        Some(Loadable::Ready(test)) => {
            let speed = format!("{:.0} ms ({})", test.run_ms, test.provider);
            value_ui(ui, t.speed(), &speed);
        }
        Some(Loadable::NotRequested | Loadable::Pending | Loadable::Failed(_)) | None => {
            value_ui(ui, t.speed(), t.speed_unknown());
        }
    }
}

/// Card and network as files to pass on.
fn files_ui(ui: &mut Ui, model: &ModelSummary, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    // A bundled model is unpacked on first use.
    let enabled = model.bytes.is_some() && !state.asking;
    for (what, text, tip) in [
        (ModelFile::Card, t.export_card(), ""),
        (
            ModelFile::Network,
            t.export_network(),
            t.export_network_tip(),
        ),
    ] {
        let button = ui.add_enabled(enabled, egui::Button::new(text));
        let button = if tip.is_empty() {
            button
        } else {
            button.on_hover_text(tip)
        };
        let name = format!("{text}: {}", t.model_name(&model.card));
        button.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, enabled, &name));
        if button.clicked() {
            let ask = Library::AskForModelFolder(model.id.clone(), what);
            view.action(Action::Library(ask));
        }
    }
}

/// If there is no file dialog, the folder is typed.
fn folder_ui(
    ui: &mut Ui,
    folder: &mut PathField,
    model: &ModelSummary,
    view: &mut FrameContext<'_>,
) {
    let (state, t) = (view.state, view.t);
    let Some((id, what)) = &state.library.exporting else {
        return;
    };
    if !state.no_dialog || *id != model.id {
        return;
    }
    if *what == ModelFile::Network {
        words_ui(ui, t.export_network_tip(), Emphasis::Small);
    }
    let look = PathFieldLook {
        width: 460.0,
        name: t.folder_field(),
        go: t.apply(),
        desired: take_path_request(&[Purpose::ModelFolder], view),
        on_sight: false,
    };
    if let Some(folder) = folder.path_ui(ui, look) {
        view.action(Action::Library(Library::ExportModel {
            model: model.id.clone(),
            what: *what,
            folder,
        }));
    }
}

fn test_ui(ui: &mut Ui, test: Option<&Loadable<SelfTest>>, t: Texts) {
    let palette = Palette::of(ui.visuals());
    match test {
        None | Some(Loadable::NotRequested) => {}
        Some(Loadable::Pending) => {
            words_ui(ui, t.self_test_running(), Emphasis::Weak);
        }
        Some(Loadable::Ready(test)) => {
            let (words, ink) = if test.within {
                (t.self_test_good(), palette.text)
            } else {
                (t.self_test_bad(), palette.serious)
            };
            words_ui(ui, words, Emphasis::Coloured(ink));
            let figures = format!(
                "{}{}{} {}",
                t.deviation_allowed(test.max_abs_error, test.tolerance),
                t.comma(),
                test.engine,
                test.provider
            );
            words_ui(ui, &figures, Emphasis::Small);
        }
        Some(Loadable::Failed(failure)) => {
            words_ui(
                ui,
                &failure.message(t.0),
                Emphasis::Coloured(palette.serious),
            );
        }
    }
}

/// The measured accuracy of each engine of this machine with the model.
fn engines_ui(ui: &mut Ui, model: &ModelSummary, t: Texts) {
    let palette = Palette::of(ui.visuals());
    for check in &model.engine_checks {
        let voice = match check.ruling() {
            Approval::Optimised => Emphasis::Small,
            Approval::NotOptimised => Emphasis::Coloured(palette.caution),
            Approval::Refused => Emphasis::Coloured(palette.serious),
        };
        words_ui(ui, &t.signed(check.words(t.0)), voice);
    }
}

/// Removing requires confirmation.
fn remove_ui(ui: &mut Ui, removing: &mut Option<String>, id: &str, view: &mut FrameContext<'_>) {
    let t = view.t;
    if removing.as_deref() != Some(id) {
        if ui.button(t.remove_model()).clicked() {
            *removing = Some(id.to_owned());
        }
        return;
    }
    words_ui(ui, t.remove_really(), Emphasis::Plain);
    if ui.button(t.remove_model()).clicked() {
        view.action(Action::Library(Library::RemoveModel(id.to_owned())));
        *removing = None;
    }
    if ui.button(t.keep()).clicked() {
        *removing = None;
    }
}
