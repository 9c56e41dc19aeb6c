//! The export dialog: which photographs, which files, the folder, the figure, a preview, and existing files.

use egui::{
    Align, Button, Id, Layout, Modal, ProgressBar, Rect, Role, ScrollArea, Sense, Stroke,
    StrokeKind, Ui, Vec2, WidgetInfo, pos2, vec2,
};
use strum::IntoEnumIterator;

use super::figure_choices::{caption_ui, figure_choices_ui};
use super::{Page, PagePlacement};
use crate::app::State;
use crate::app::apply::export::WriteFiles;
use crate::app::apply::{Action, Export};
use crate::app::state::{
    CoverFailure, ExportDialog, ExportFormat, ExportFormats, IfTaken, Preview, Purpose, Scope,
};
use crate::domain::Pixels;
use crate::text::window::Texts;
use crate::ui::path_field::{PathField, PathFieldLook, take_path_request};
use crate::ui::rows::{Emphasis, share_of, words_ui};
use crate::ui::textures::{Shared, Textures, texture_of};
use crate::ui::theme::{self, Palette};
use crate::ui::view::FrameContext;

/// Number of existing file names that are listed; the rest are counted.
const LISTED: usize = 6;

/// State that only the dialog uses.
#[derive(Default)]
pub struct ExportPage {
    path: PathField,
    preview: Textures<Shared<Pixels>>,
}

impl Page for ExportPage {
    fn place(&self) -> PagePlacement {
        PagePlacement::Anywhere
    }

    fn is_called_for(&self, state: &State) -> bool {
        state.export.is_some()
    }

    fn page_ui(&mut self, ui: &mut Ui, view: &mut FrameContext<'_>) {
        let ctx = ui.ctx();
        let (state, t) = (view.state, view.t);
        let Some(dialog) = &state.export else {
            return;
        };
        let modal = Modal::new(Id::unique("export"))
            .frame(egui::Frame::window(&ctx.global_style()))
            .show(ctx, |ui| {
                let room = ctx.content_rect().size() - vec2(80.0, 150.0);
                let size = theme::SHEET_SIZE.min(room);
                ui.set_width(size.x);
                ui.heading(t.export());
                ui.add_space(theme::GAP);
                ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Min), |ui| {
                    ui.set_min_height(size.y - 90.0);
                    ui.vertical(|ui| {
                        ui.set_width(374.0);
                        // At 200 % the choices need more space than there is.
                        ScrollArea::vertical().max_height(size.y).show(ui, |ui| {
                            ui.set_width(360.0);
                            self.choices_ui(ui, dialog, view);
                        });
                    });
                    ui.separator();
                    ui.vertical(|ui| self.preview_ui(ui, dialog, t));
                });
                ui.separator();
                buttons_ui(ui, dialog, view);
            });
        self.preview.end();
        if modal.should_close() {
            view.action(Action::Export(Export::Close));
        }
    }
}

impl ExportPage {
    fn choices_ui(&mut self, ui: &mut Ui, dialog: &ExportDialog, view: &mut FrameContext<'_>) {
        let (state, t) = (view.state, view.t);
        words_ui(ui, t.export_scope(), Emphasis::Weak);
        let marked = match state.marked.is_empty() {
            true => 0,
            false => state.exported_count(Scope::Marked),
        };
        for (scope, text) in [
            (Scope::Shown, t.scope_shown().to_owned()),
            (Scope::Marked, t.scope_marked(marked)),
            (Scope::All, t.scope_all(state.exported_count(Scope::All))),
        ] {
            let enabled = scope != Scope::Marked || !state.marked.is_empty();
            let radio = egui::RadioButton::new(dialog.scope == scope, text);
            if ui.add_enabled(enabled, radio).clicked() {
                view.action(Action::Export(Export::Scope(scope)));
            }
        }
        ui.add_space(theme::GAP);
        words_ui(ui, t.export_what(), Emphasis::Weak);
        formats_ui(ui, &state.export_formats(), view);
        ui.add_space(theme::GAP);
        words_ui(ui, t.export_folder(), Emphasis::Weak);
        let button = Button::new(t.choose_folder());
        if ui.add_enabled(!state.asking, button).clicked() {
            view.action(Action::Export(Export::AskForFolder));
        }
        if state.no_dialog {
            let look = PathFieldLook {
                width: 350.0,
                name: t.folder_field(),
                go: t.apply(),
                desired: take_path_request(&[Purpose::ExportFolder], view),
                on_sight: state.export_folder.is_none(),
            };
            let typed = self.path.path_ui(ui, look);
            view.requested
                .actions
                .extend(typed.map(|folder| Action::Export(Export::Folder(folder))));
        }
        let folder = state
            .export_folder
            .as_ref()
            .map(|f| f.display().to_string());
        words_ui(ui, folder.as_deref().unwrap_or(" "), Emphasis::Small);
        figure_ui(ui, &state.export_formats(), view);
        words_ui(ui, t.folder_keeps_answers(), Emphasis::Small);
        let names = if state.settings.names_masked {
            t.names_are_masked()
        } else {
            t.names_are_written()
        };
        words_ui(ui, names, Emphasis::Small);
        if !state.display.is_plain() {
            words_ui(ui, t.as_it_is(), Emphasis::Small);
        }
        let missing = state.exported_without_map();
        if missing > 0 && state.export_formats().pictures() {
            words_ui(ui, &t.maps_missing(missing), Emphasis::Small);
        }
        if let Some((CoverFailure::Failed, _)) = state.cover_failure_in_export() {
            let ink = Palette::of(ui.visuals()).serious;
            let wording = format!("{} {}", t.cover_failed(), t.cover_failed_hint());
            words_ui(ui, &wording, Emphasis::Coloured(ink));
        }
        clashes_ui(ui, dialog, t);
        if let Some(failure) = &dialog.failure {
            let ink = Palette::of(ui.visuals()).serious;
            let wording = format!("{} {}", t.export_failed(), failure.message(t.0));
            words_ui(ui, &wording, Emphasis::Coloured(ink));
            words_ui(ui, &failure.hint(t.0), Emphasis::Small);
        }
    }

    fn preview_ui(&mut self, ui: &mut Ui, dialog: &ExportDialog, t: Texts) {
        words_ui(ui, t.preview(), Emphasis::Weak);
        let (rect, response) = ui.allocate_exact_size(ui.available_size(), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, t.preview()));
        ui.painter().rect_filled(rect, theme::CORNER, theme::CANVAS);
        match (&dialog.preview, dialog.preview.picture()) {
            (_, Some(pixels)) => {
                let texture = self.preview.get(Shared::of(pixels), || {
                    texture_of(ui.ctx(), "preview", pixels)
                });
                let size = texture.size_vec2();
                let fit = (rect.width() / size.x).min(rect.height() / size.y).min(1.0);
                let uv = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
                let at = Rect::from_center_size(rect.center(), size * fit);
                ui.painter()
                    .image(texture.id(), at, uv, egui::Color32::WHITE);
                // A black figure ends somewhere, too.
                let line = Stroke::new(1.0, theme::ON_CANVAS_WEAK);
                ui.painter().rect_stroke(at, 0, line, StrokeKind::Outside);
            }
            (Preview::Failed(failure), _) => {
                say(ui, rect, &failure.message(t.0));
            }
            (Preview::Pending { .. }, None) => say(ui, rect, t.opening()),
            (Preview::None | Preview::Ready(_), None) => say(ui, rect, t.no_preview()),
        }
    }
}

fn say(ui: &Ui, rect: Rect, text: &str) {
    let font = egui::FontId::proportional(13.5);
    let width = (rect.width() - 30.0).max(40.0);
    let line_height = font.size * theme::LINE_HEIGHT;
    let mut job =
        egui::text::LayoutJob::simple(text.to_owned(), font, theme::ON_CANVAS_WEAK, width);
    for section in &mut job.sections {
        section.format.line_height = Some(line_height);
    }
    let galley = ui.painter().layout_job(job);
    let at = rect.center() - galley.size() / 2.0;
    ui.painter().galley(at, galley, theme::ON_CANVAS_WEAK);
}

fn formats_ui(ui: &mut Ui, before: &ExportFormats, view: &mut FrameContext<'_>) {
    let t = view.t;
    let mut formats = before.clone();
    for format in ExportFormat::iter() {
        let mut desired = formats.desired.contains(&format);
        ui.checkbox(&mut desired, (format.row().words)(t));
        formats.set(format, desired);
        if format == ExportFormat::Overlay {
            ui.horizontal(|ui| {
                ui.add_space(24.0);
                ui.add_enabled_ui(desired, |ui| {
                    ui.checkbox(&mut formats.caption, t.want_caption());
                });
            });
        }
    }
    if formats != *before {
        view.action(Action::Export(Export::Formats(formats)));
    }
}

/// The choices about figures if some are wanted, and the caption, which overlays may have, too.
fn figure_ui(ui: &mut Ui, before: &ExportFormats, view: &mut FrameContext<'_>) {
    if !before.captions() {
        return;
    }
    let t = view.t;
    let mut formats = before.clone();
    if before.desired.contains(&ExportFormat::Figure) {
        words_ui(ui, t.figure_choices(), Emphasis::Weak);
        figure_choices_ui(ui, &mut formats.figure, t);
    }
    caption_ui(ui, &mut formats.figure, t);
    ui.add_space(theme::GAP);
    if formats != *before {
        view.action(Action::Export(Export::Formats(formats)));
    }
}

/// Names of existing files; the buttons are at the bottom, in view however long the list is.
fn clashes_ui(ui: &mut Ui, dialog: &ExportDialog, t: Texts) {
    if dialog.clashes.is_empty() {
        return;
    }
    let ink = Palette::of(ui.visuals()).caution;
    words_ui(ui, t.clashes_title(), Emphasis::Coloured(ink));
    for name in dialog.clashes.iter().take(LISTED) {
        words_ui(ui, name, Emphasis::Small);
    }
    if dialog.clashes.len() > LISTED {
        words_ui(
            ui,
            &t.and_more(dialog.clashes.len() - LISTED),
            Emphasis::Small,
        );
    }
}

/// What is missing before anything can be written.
fn why_not(state: &State, t: Texts) -> Option<&'static str> {
    if !state.can_export() {
        Some(t.nothing_to_export())
    } else if !state.export_formats().anything() {
        Some(t.no_file_selected())
    } else if state.export_formats().has_wrong_caption() {
        Some(t.caption_invalid())
    } else if state.export_folder.is_none() {
        Some(t.no_folder())
    } else {
        // The button is enabled once the answer arrives.
        state
            .cover_failure_in_export()
            .map(|(cover_failure, _)| match cover_failure {
                CoverFailure::Computing => t.cover_computing(),
                CoverFailure::Failed => t.cover_failed(),
            })
    }
}

fn buttons_ui(ui: &mut Ui, dialog: &ExportDialog, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    let size: Vec2 = vec2(130.0, theme::PRIMARY_HEIGHT);
    ui.horizontal(|ui| {
        ui.set_min_height(theme::PRIMARY_HEIGHT);
        if dialog.writing {
            words_ui(ui, t.writing(), Emphasis::Weak);
            let steps = view.runner.work::<WriteFiles>().steps;
            let bar = ProgressBar::new(share_of(ui, steps));
            ui.add(
                bar.desired_width(220.0)
                    .desired_height(5.0)
                    .corner_radius(2),
            );
        }
        let why = why_not(state, t);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let mut writes = vec![(t.write(), IfTaken::Ask)];
            if !dialog.clashes.is_empty() {
                writes = vec![
                    (t.keep_both(), IfTaken::KeepBoth),
                    (t.replace(), IfTaken::Replace),
                ];
            }
            let ready = why.is_none() && !dialog.writing;
            for (text, clash) in writes {
                let button = Button::new(text).min_size(size);
                if ui.add_enabled(ready, button).clicked() {
                    view.action(Action::Export(Export::Write(clash)));
                }
            }
            let (text, action) = if dialog.writing {
                (t.cancel(), Export::Cancel)
            } else {
                (t.close(), Export::Close)
            };
            if ui.add(Button::new(text).min_size(size)).clicked() {
                view.action(Action::Export(action));
            }
            if let Some(why) = why {
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    words_ui(ui, why, Emphasis::Weak);
                });
            }
        });
    });
}
