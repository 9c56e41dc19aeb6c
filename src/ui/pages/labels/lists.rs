//! What a table and the photographs leave without the other: lists that open and can be saved.

use egui::{CollapsingHeader, Ui};
use strum::IntoEnumIterator;

use crate::app::apply::{Action, Labels as Act};
use crate::domain::listed::and_more;
use crate::ui::rows::{Emphasis, words_ui};
use crate::ui::theme;
use crate::ui::view::FrameContext;
use crate::workflow::study::labels::{LabelList, LabelLists};

/// Entries of a list that are shown.
const SHOWN: usize = 50;

pub fn lists_ui(ui: &mut Ui, lists: &LabelLists, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    ui.add_space(theme::GAP);
    for list in LabelList::iter() {
        let count = lists.count(list);
        if count == 0 {
            continue;
        }
        let title = format!("{} ({count})", t.label_list(list));
        CollapsingHeader::new(title)
            .id_salt(("list", list))
            .show(ui, |ui| {
                let name = format!("{}: {}", t.labels_save(), t.label_list(list));
                let button = ui.add_enabled(!state.asking, egui::Button::new(t.labels_save()));
                button.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &name));
                if button.clicked() {
                    view.action(Action::Labels(Act::SaveList(list)));
                }
                for place in 0..count.min(SHOWN) {
                    words_ui(ui, &lists.entry(list, place, t.0), Emphasis::Small);
                }
                if count > SHOWN {
                    words_ui(ui, &and_more(count - SHOWN, t.0), Emphasis::Small);
                }
            });
    }
}
