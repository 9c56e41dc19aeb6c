//! Engines and providers: which work here, their accuracy and speed, and how to install ONNX Runtime.

use egui::{Align, Button, Layout, RichText, Ui};
use egui_extras::{Column, TableBuilder};

use super::{Page, PagePlacement};
use crate::app::apply::{Action, Library};
use crate::app::state::{Loadable, Purpose, RuntimeInstall};
use crate::runtime::DevicesReport;
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
            Loadable::Ready(report) => report_ui(ui, report, t),
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

fn report_ui(ui: &mut Ui, report: &DevicesReport, t: Texts) {
    for engine in &report.engines {
        let name = match (engine.engine, &engine.version) {
            ("onnxruntime", Some(version)) => format!("ONNX Runtime {version}"),
            ("onnxruntime", None) => {
                words_ui(ui, t.no_library(), Emphasis::Weak);
                for refused in &engine.refused {
                    words_ui(ui, &sentence(&refused.reason), Emphasis::Small);
                }
                continue;
            }
            (_, version) => format!(
                "{} ({} {})",
                t.device_embedded(),
                engine.engine,
                version.as_deref().unwrap_or_default()
            ),
        };
        words_ui(ui, &name, Emphasis::Plain);
        providers_ui(ui, engine, t);
        ui.add_space(theme::GAP);
    }
}

fn providers_ui(ui: &mut Ui, engine: &crate::runtime::EngineReport, t: Texts) {
    let palette = Palette::of(ui.visuals());
    TableBuilder::new(ui)
        .id_salt(engine.engine)
        .vscroll(false)
        .striped(true)
        .cell_layout(Layout::left_to_right(Align::Center))
        .column(Column::exact(100.0))
        .column(Column::exact(70.0))
        .column(Column::exact(90.0))
        .column(Column::exact(90.0))
        .column(Column::remainder().clip(true))
        .header(theme::CONTROL_HEIGHT, |mut header| {
            for title in [t.provider(), "", t.deviation(), t.run_ms(), t.reason()] {
                header.col(|ui| {
                    ui.weak(title);
                });
            }
        })
        .body(|mut body| {
            for provider in &engine.providers {
                body.row(theme::CONTROL_HEIGHT, |mut row| {
                    let cell = |ui: &mut Ui, text: String| {
                        ui.add(egui::Label::new(text).truncate());
                    };
                    row.col(|ui| cell(ui, provider.name.to_string()));
                    row.col(|ui| {
                        let (word, ink) = if provider.works {
                            (t.works(), palette.good)
                        } else {
                            (t.does_not_work(), palette.weak)
                        };
                        ui.label(RichText::new(word).color(ink));
                    });
                    row.col(|ui| {
                        cell(
                            ui,
                            provider
                                .deviation
                                .map_or(String::new(), |d| t.signed(format!("{d:.1e}"))),
                        )
                    });
                    row.col(|ui| {
                        cell(
                            ui,
                            provider
                                .run_ms
                                .map_or(String::new(), |ms| format!("{ms:.1} ms")),
                        )
                    });
                    row.col(|ui| {
                        let Some(fault) = provider.fault.clone().map(Fault::Device) else {
                            return;
                        };
                        let why = fault.message(t.0);
                        // The library's own message, for a report.
                        let wording = provider.reason.as_deref().unwrap_or_default();
                        let label = egui::Label::new(RichText::new(&why).weak()).truncate();
                        ui.add(label).on_hover_text(format!("{why}\n{wording}"));
                    });
                });
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
