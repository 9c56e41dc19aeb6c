//! The frames around pages: a sheet with a close button, alone or with the page titles on the left.

use egui::{Align, Button, Id, Layout, Modal, RichText, ScrollArea, Ui, vec2};

use super::PageName;
use crate::ui::theme;
use crate::ui::view::FrameContext;

/// A sheet as high as its page if there is space, and at most `width` points wide.
pub fn sheet_ui(
    ui: &Ui,
    width: f32,
    view: &mut FrameContext<'_>,
    page: impl FnOnce(&mut Ui, &mut FrameContext<'_>),
) {
    let room = ui.ctx().content_rect().size();
    modal_ui(ui, view, |ui, view| {
        ui.set_width(width.min(room.x - 80.0));
        let height = room.y - 110.0;
        ScrollArea::vertical()
            .max_height(height)
            // The final height at once; otherwise the sheet grows from frame to frame.
            .min_scrolled_height(height)
            .show(ui, |ui| page(ui, view));
    });
}

/// The sheet for several pages, with all titles on the left and the current one above the page.
pub fn library_ui(
    ui: &Ui,
    (in_view, titles): (PageName, &[(PageName, &str)]),
    view: &mut FrameContext<'_>,
    page: impl FnOnce(&mut Ui, &mut FrameContext<'_>),
) {
    let room = ui.ctx().content_rect().size() - vec2(80.0, 140.0);
    let size = theme::SHEET_SIZE.min(room);
    modal_ui(ui, view, |ui, view| {
        ui.set_width(size.x);
        ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Min), |ui| {
            ui.set_min_height(size.y);
            ui.vertical(|ui| {
                ui.set_width(190.0);
                for (name, title) in titles {
                    let button =
                        Button::selectable(*name == in_view, RichText::new(*title).size(14.0))
                            .min_size(vec2(190.0, theme::CONTROL_HEIGHT));
                    if ui.add(button).clicked() {
                        view.page(*name);
                    }
                }
            });
            ui.separator();
            let title = titles.iter().find(|(name, _)| *name == in_view);
            let title = title.map_or("", |(_, title)| *title);
            ui.vertical(|ui| {
                ui.set_width(ui.available_width());
                ui.heading(title);
                ui.add_space(theme::GAP);
                ScrollArea::vertical()
                    .id_salt(("page", title))
                    .auto_shrink([false, false])
                    .show(ui, |ui| {
                        ui.set_width(ui.available_width() - 14.0);
                        page(ui, view);
                    });
            });
        });
    });
}

/// Shared by both: closed by its button, by Escape, or by a click outside.
fn modal_ui(
    ui: &Ui,
    view: &mut FrameContext<'_>,
    content: impl FnOnce(&mut Ui, &mut FrameContext<'_>),
) {
    let ctx = ui.ctx();
    let modal = Modal::new(Id::unique("sheet"))
        .frame(egui::Frame::window(&ctx.global_style()))
        .show(ctx, |ui| {
            content(ui, view);
            ui.add_space(theme::GROUP_GAP);
            ui.vertical_centered(|ui| {
                let close =
                    Button::new(view.t.close()).min_size(vec2(120.0, theme::CONTROL_HEIGHT));
                ui.add(close).clicked()
            })
            .inner
        });
    if modal.inner || modal.should_close() {
        view.close_page();
    }
}
