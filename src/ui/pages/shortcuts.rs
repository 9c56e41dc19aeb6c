//! The page of keys: every command with a shortcut.

use egui::{Align, Layout, Ui};
use egui_extras::{Column, TableBuilder};

use super::{Page, PagePlacement};
use crate::ui::command::Command;
use crate::ui::theme;
use crate::ui::view::FrameContext;

/// Width in points from which on there are three columns: in less, names would be cut.
const THREE_COLUMNS: f32 = 960.0;

#[derive(Default)]
pub struct ShortcutsPage;

impl Page for ShortcutsPage {
    fn place(&self) -> PagePlacement {
        PagePlacement::Sheet(1080.0)
    }

    fn page_ui(&mut self, ui: &mut Ui, view: &mut FrameContext<'_>) {
        let t = view.t;
        ui.heading(t.shortcuts());
        ui.add_space(theme::GAP);
        let commands = Command::ALL
            .into_iter()
            .filter_map(|c| Some((c.text(t), c.key_words(ui.ctx())?)));
        let other = [
            (t.next_photograph(), t.arrow_down()),
            (t.previous_photograph(), t.arrow_up()),
            (t.zoom_at_pointer(), t.mouse_wheel()),
            (t.move_view(), t.mouse_drag()),
            (t.fit(), t.mouse_double_click()),
            (t.mark_one(), t.ctrl_click()),
            (t.mark_range(), t.shift_click()),
        ];
        let rows: Vec<(&str, String)> = commands
            .chain(other.map(|(what, how)| (what, how.to_owned())))
            .collect();
        let count = match ui.available_width() < THREE_COLUMNS {
            true => 2,
            false => 3,
        };
        let part = rows.len().div_ceil(count);
        ui.spacing_mut().item_spacing.x = 28.0;
        ui.columns(count, |columns| {
            for (i, (column, rows)) in columns.iter_mut().zip(rows.chunks(part)).enumerate() {
                column.push_id(i, |ui| keys_ui(ui, rows));
            }
        });
    }
}

/// A command and its keys per row.
fn keys_ui(ui: &mut Ui, rows: &[(&str, String)]) {
    TableBuilder::new(ui)
        // Several of these tables are placed side by side.
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
