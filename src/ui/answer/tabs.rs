//! The tabs below the result card.

use egui::{Button, Role, Sense, Ui, WidgetInfo, vec2};
use strum::{EnumIter, IntoEnumIterator};

use crate::text::window::Texts;
use crate::ui::theme::{self, Palette};

/// What the panel shows below the result card.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, EnumIter)]
pub enum Tab {
    /// Findings, figures of both eyes, copies and export.
    #[default]
    Result,
    /// The saliency method, and the contribution by region.
    Map,
    /// Sanity checks of the map.
    Checks,
    /// The photograph itself: eye, quality, size.
    Photograph,
    /// The model, its device and the details of the run.
    Model,
}

impl Tab {
    pub fn title(self, t: Texts) -> &'static str {
        match self {
            Self::Result => t.tab_result(),
            Self::Map => t.tab_map(),
            Self::Checks => t.tab_checks(),
            Self::Photograph => t.tab_photograph(),
            Self::Model => t.tab_model(),
        }
    }
}

/// One line of tabs; the one in view is underlined.
pub fn tabs_ui(ui: &mut Ui, shown: &mut Tab, t: Texts) {
    let palette = Palette::of(ui.visuals());
    let count = Tab::iter().count() as f32;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        ui.spacing_mut().button_padding.x = 2.0;
        let font = egui::TextStyle::Button.resolve(ui.style());
        let natural = |tab: Tab| {
            let text = tab.title(t).to_owned();
            let galley = ui
                .painter()
                .layout_no_wrap(text, font.clone(), palette.text);
            galley.size().x
        };
        let widths: Vec<f32> = Tab::iter().map(natural).collect();
        // Each tab is as wide as its word, and what is left is shared.
        let spare = (ui.available_width() - widths.iter().sum::<f32>()).max(0.0) / count;
        for (tab, width) in Tab::iter().zip(widths) {
            let on = *shown == tab;
            let title = tab.title(t);
            let size = vec2((width + spare).floor(), theme::CONTROL_HEIGHT);
            let ink = if on { palette.text } else { palette.weak };
            let button = Button::new(egui::RichText::new(title).color(ink))
                .frame(false)
                .wrap_mode(egui::TextWrapMode::Extend)
                .sense(Sense::click());
            let response = ui.add_sized(size, button);
            response.widget_info(|| WidgetInfo::selected(Role::Tab, true, on, title));
            if on || response.hovered() {
                let line = if on { palette.bar_fill } else { palette.line };
                let rect = response.rect;
                let stroke = egui::Stroke::new(2.0, line);
                ui.painter()
                    .hline(rect.x_range(), rect.bottom() - 1.0, stroke);
            }
            if response.clicked() {
                *shown = tab;
            }
        }
    });
    ui.separator();
}
