//! The two sheets: keys, and what this application is.

use egui::{Align, Context, Grid, Id, Layout, Modal, RichText, Ui, vec2};
use egui_extras::{Column, TableBuilder};

use super::command::Command;
use super::rows::{Voice, words_ui};
use super::theme;
use crate::words::research_only;
use crate::words::window::Texts;

/// Which sheet is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sheet {
    Shortcuts,
    About,
}

/// Draws the open sheet and closes it on its button, on Escape or on a click beside it.
pub fn sheet_ui(ctx: &Context, open: &mut Option<Sheet>, t: Texts) {
    let Some(sheet) = *open else {
        return;
    };
    let modal = Modal::new(Id::unique("sheet"))
        .frame(egui::Frame::window(&ctx.global_style()))
        .show(ctx, |ui| {
            ui.set_width(match sheet {
                Sheet::Shortcuts => 680.0,
                Sheet::About => 460.0,
            });
            match sheet {
                Sheet::Shortcuts => shortcuts_ui(ui, t),
                Sheet::About => about_ui(ui, t),
            }
            ui.add_space(theme::GROUP_GAP);
            ui.vertical_centered(|ui| {
                let close =
                    egui::Button::new(t.close()).min_size(vec2(120.0, theme::CONTROL_HEIGHT));
                ui.add(close).clicked()
            })
            .inner
        });
    if modal.inner || modal.should_close() {
        *open = None;
    }
}

fn shortcuts_ui(ui: &mut Ui, t: Texts) {
    ui.heading(t.shortcuts());
    ui.add_space(theme::GAP);
    let commands = Command::ALL
        .into_iter()
        .filter_map(|c| Some((c.text(t), c.key_words(ui.ctx())?)));
    let mouse = [
        (t.zoom_at_pointer(), t.mouse_wheel()),
        (t.move_view(), t.mouse_drag()),
        (t.fit(), t.mouse_double_click()),
    ];
    let rows: Vec<(&str, String)> = commands
        .chain(mouse.map(|(what, how)| (what, how.to_owned())))
        .collect();
    let half = rows.len().div_ceil(2);
    ui.spacing_mut().item_spacing.x = 36.0;
    ui.columns(2, |columns| {
        for (i, (column, rows)) in columns.iter_mut().zip(rows.chunks(half)).enumerate() {
            column.push_id(i, |ui| keys_ui(ui, rows));
        }
    });
}

/// What is done, and the keys for it.
fn keys_ui(ui: &mut Ui, rows: &[(&str, String)]) {
    TableBuilder::new(ui)
        // Two of these stand side by side.
        .id_salt(rows.first().map(|(what, _)| *what))
        .vscroll(false)
        .cell_layout(Layout::left_to_right(Align::Center))
        .column(Column::remainder().clip(true))
        .column(Column::auto())
        .body(|mut body| {
            for (what, key) in rows {
                body.row(theme::CONTROL_HEIGHT, |mut row| {
                    row.col(|ui| {
                        ui.label(*what);
                    });
                    row.col(|ui| {
                        ui.weak(key);
                    });
                });
            }
        });
}

fn about_ui(ui: &mut Ui, t: Texts) {
    ui.label(RichText::new("Gantei 眼底").font(theme::figure_font()));
    ui.weak(format!("{} {}", t.version(), env!("CARGO_PKG_VERSION")));
    ui.add_space(theme::GAP);
    words_ui(ui, t.about_text(), Voice::Plain);
    ui.add_space(theme::GAP);
    words_ui(ui, research_only(t.0), Voice::Plain);
    ui.add_space(theme::GROUP_GAP);
    Grid::new("about")
        .num_columns(2)
        .spacing(vec2(16.0, 4.0))
        .show(ui, |ui| {
            ui.weak(t.licence());
            ui.label("Apache-2.0 OR MIT");
            ui.end_row();
            ui.weak(t.typeface());
            ui.label("BIZ UDPGothic (SIL OFL 1.1)");
            ui.end_row();
            ui.weak(t.sample_eye());
            ui.label("Mikael Häggström (CC0 1.0)");
            ui.end_row();
        });
}
