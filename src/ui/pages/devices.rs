//! Engines and providers: which work here, their accuracy and speed, and how to install ONNX Runtime.

use egui::{Button, CollapsingHeader, Grid, Role, Ui, WidgetInfo, vec2};

use super::{Page, PagePlacement};
use crate::app::apply::{Action, Library, SettingChange};
use crate::app::state::{Loadable, Purpose, RuntimeInstall};
use crate::runtime::{DevicesReport, EngineReport, ProviderReport};
use crate::text::failures::Fault;
use crate::text::window::Texts;
use crate::ui::messages::sentence;
use crate::ui::path_field::{PathField, PathFieldLook, take_path_request};
use crate::ui::rows::{Emphasis, words_ui};
use crate::ui::theme::{self, Palette};
use crate::ui::view::FrameContext;

/// Space for the report of one engine and a sentence about the other.
const REPORT_HEIGHT: f32 = 150.0;

/// The half-typed path of a runtime library.
#[derive(Default)]
pub struct DevicesPage {
    path: PathField,
}

impl Page for DevicesPage {
    fn place(&self) -> PagePlacement {
        PagePlacement::Library(Texts::devices_sheet)
    }

    fn page_ui(&mut self, ui: &mut Ui, view: &mut FrameContext<'_>) {
        let (state, t) = (view.state, view.t);
        words_ui(ui, t.devices_intro(), Emphasis::Plain);
        let devices = &state.library.devices;
        if matches!(devices, Loadable::NotRequested) {
            // Shown for the first time.
            view.action(Action::Library(Library::TryDevices));
        }
        ui.horizontal(|ui| {
            let button = Button::new(t.try_devices());
            if ui.add_enabled(!devices.is_pending(), button).clicked() {
                view.action(Action::Library(Library::TryDevices));
            }
            if devices.is_pending() {
                words_ui(ui, t.trying(), Emphasis::Weak);
            }
        });
        ui.add_space(theme::GAP);
        let top = ui.cursor().top();
        match devices {
            Loadable::Ready(report) => report_ui(ui, report, view),
            Loadable::Failed(failure) => {
                let ink = Palette::of(ui.visuals()).serious;
                words_ui(ui, &failure.message(t.0), Emphasis::Coloured(ink));
            }
            Loadable::NotRequested | Loadable::Pending => {}
        }
        // What follows stays in place when the table arrives.
        ui.add_space((REPORT_HEIGHT - (ui.cursor().top() - top)).max(theme::GROUP_GAP));
        ui.heading(t.how_to_get());
        words_ui(ui, t.how_to_get_text(), Emphasis::Plain);
        install_ui(ui, &mut self.path, view);
    }
}

/// What works on this machine first; the rest is folded away, with the reasons in full.
fn report_ui(ui: &mut Ui, report: &DevicesReport, view: &mut FrameContext<'_>) {
    let t = view.t;
    let all = report.engines.iter().flat_map(|engine| {
        let providers = engine.providers.iter();
        providers.map(move |provider| (engine, provider))
    });
    let (working, others): (Vec<_>, Vec<_>) = all.partition(|(_, provider)| provider.works);
    for engine in &report.engines {
        match (engine.engine, &engine.version) {
            ("onnxruntime", Some(version)) => {
                words_ui(ui, &format!("ONNX Runtime {version}"), Emphasis::Weak);
            }
            ("onnxruntime", None) => {
                words_ui(ui, t.no_library(), Emphasis::Weak);
                for refused in &engine.refused {
                    words_ui(ui, &sentence(&refused.reason), Emphasis::Small);
                }
            }
            _ => {}
        }
    }
    ui.add_space(theme::GAP);
    ui.heading(t.works_here());
    working_ui(ui, &working, view);
    if others.is_empty() {
        return;
    }
    ui.add_space(theme::GAP);
    CollapsingHeader::new(t.other_devices())
        .id_salt("other devices")
        .show(ui, |ui| {
            others_ui(ui, &others, t);
        });
}

/// Devices that do not work here. Without a library the reason is the same for all of them.
fn others_ui(ui: &mut Ui, others: &[(&EngineReport, &ProviderReport)], t: Texts) {
    let lacks_library = |engine: &EngineReport| engine.version.is_none();
    if others.iter().all(|(engine, _)| lacks_library(engine)) {
        let names = others.iter();
        let names: Vec<_> = names
            .map(|(_, p)| t.device_short(p.name.as_str()))
            .collect();
        words_ui(ui, t.need_runtime(), Emphasis::Plain);
        words_ui(ui, &names.join(t.comma()), Emphasis::Weak);
        return;
    }
    for (_, provider) in others {
        let name = t.device_name(provider.name.as_str());
        words_ui(ui, &name, Emphasis::Plain);
        let fault = provider.fault.clone().map(Fault::Device);
        let fault = fault.map(|fault| fault.message(t.0));
        // The library's own message, for a report.
        let reason = provider.reason.as_deref().map(sentence);
        for words in [fault, reason].into_iter().flatten() {
            words_ui(ui, &words, Emphasis::Small);
        }
        ui.add_space(theme::GAP);
    }
}

/// One line for each device that works, with its accuracy and speed, and a button that chooses it.
fn working_ui(
    ui: &mut Ui,
    working: &[(&EngineReport, &ProviderReport)],
    view: &mut FrameContext<'_>,
) {
    let (state, t) = (view.state, view.t);
    let figure = |value: Option<String>| value.unwrap_or_else(|| "–".to_owned());
    Grid::new("working devices")
        .num_columns(4)
        .spacing(vec2(2.0 * theme::GROUP_GAP, theme::GAP))
        .show(ui, |ui| {
            for title in [t.device(), t.deviation(), t.run_ms(), ""] {
                ui.weak(title);
            }
            ui.end_row();
            for (_, provider) in working {
                let word = provider.name.as_str();
                let name = t.device_name(word);
                ui.label(&name);
                let deviation = provider.deviation.map(|d| t.signed(format!("{d:.1e}")));
                ui.label(figure(deviation));
                ui.label(figure(provider.run_ms.map(|ms| format!("{ms:.1} ms"))));
                let used = state.settings.device == word;
                let text = if used { t.in_use() } else { t.use_model() };
                let button = ui.add(Button::new(text).selected(used));
                let full = format!("{text}: {name}");
                button.widget_info(|| WidgetInfo::selected(Role::Button, true, used, &full));
                if button.clicked() && !used {
                    let device = SettingChange::Device(word.to_owned());
                    view.action(Action::Settings(device));
                }
                ui.end_row();
            }
        });
}

fn install_ui(ui: &mut Ui, path: &mut PathField, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    let palette = Palette::of(ui.visuals());
    let installing = state.library.installing.as_ref();
    let busy = matches!(installing, Some(RuntimeInstall::Pending));
    let button = Button::new(t.install_runtime());
    if ui.add_enabled(!busy && !state.asking, button).clicked() {
        view.action(Action::Library(Library::AskForRuntime));
    }
    if state.no_dialog {
        let look = PathFieldLook {
            width: 420.0,
            name: t.runtime_field(),
            go: t.install_this(),
            desired: take_path_request(&[Purpose::Runtime], view),
            on_sight: false,
        };
        let typed = path.path_ui(ui, look);
        if let Some(file) = typed {
            let accept = false;
            view.action(Action::Library(Library::InstallRuntime { file, accept }));
        }
    }
    match installing {
        None => {}
        Some(RuntimeInstall::Pending) => {
            words_ui(ui, t.installing(), Emphasis::Weak);
        }
        Some(RuntimeInstall::Done {
            refused: Some(reason),
            ..
        }) => {
            words_ui(
                ui,
                t.installed_refused(),
                Emphasis::Coloured(palette.serious),
            );
            words_ui(ui, &sentence(reason), Emphasis::Small);
        }
        Some(RuntimeInstall::Done { restart_needed, .. }) => {
            let words = if *restart_needed {
                t.installed_restart()
            } else {
                t.installed_now()
            };
            words_ui(ui, words, Emphasis::Plain);
        }
        Some(RuntimeInstall::Failed(failure)) => {
            words_ui(
                ui,
                &failure.message(t.0),
                Emphasis::Coloured(palette.serious),
            );
            words_ui(ui, &failure.hint(t.0), Emphasis::Small);
        }
        Some(RuntimeInstall::NotPinned { file, sha256 }) => {
            words_ui(ui, t.not_pinned(), Emphasis::Coloured(palette.caution));
            words_ui(ui, &format!("SHA-256 {sha256}"), Emphasis::Small);
            ui.horizontal(|ui| {
                if ui.button(t.install_anyway()).clicked() {
                    let (file, accept) = (file.clone(), true);
                    view.action(Action::Library(Library::InstallRuntime { file, accept }));
                }
                if ui.button(t.accept_cancel()).clicked() {
                    view.action(Action::Library(Library::CancelRuntimeInstall));
                }
            });
        }
    }
}
