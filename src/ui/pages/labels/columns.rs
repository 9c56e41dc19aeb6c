//! The columns of a table, what each holds, and its first cells.

use egui::{ComboBox, Grid, Label, Ui};
use strum::IntoEnumIterator;

use crate::app::apply::{Action, Labels as Act};
use crate::domain::Role;
use crate::evaluation::ColumnSeen;
use crate::ui::rows::{Emphasis, words_ui};
use crate::ui::theme;
use crate::ui::view::FrameContext;

pub fn columns_ui(ui: &mut Ui, columns: &[ColumnSeen], view: &mut FrameContext<'_>) {
    let t = view.t;
    if columns.is_empty() {
        return;
    }
    ui.add_space(theme::GAP);
    ui.heading(t.labels_columns());
    Grid::new("columns of the table")
        .num_columns(3)
        .striped(true)
        .show(ui, |ui| {
            for column in columns {
                ui.add(Label::new(&column.name).extend());
                let held = column.role;
                let name = format!("{}: {}", t.labels_holds(), column.name);
                let combo = ComboBox::from_id_salt(("column", &column.name))
                    .width(230.0)
                    .selected_text(t.role(held));
                let shown = combo.show_ui(ui, |ui| {
                    let roles = Role::iter().map(Some);
                    for role in std::iter::once(None).chain(roles) {
                        if ui.selectable_label(role == held, t.role(role)).clicked() {
                            let name = column.name.clone();
                            view.action(Action::Labels(Act::Column(name, role)));
                        }
                    }
                });
                let role = egui::Role::ComboBox;
                shown
                    .response
                    .widget_info(|| egui::WidgetInfo::labeled(role, true, &name));
                words_ui(ui, &column.first.join(t.comma()), Emphasis::Small);
                ui.end_row();
            }
        });
}
