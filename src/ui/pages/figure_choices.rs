//! The choices about exported figures (format, width, ground, panels), and the caption of figures and overlays.

use egui::{ComboBox, DragValue, Role, TextEdit, Ui, WidgetInfo};
use strum::IntoEnumIterator;

use crate::export::figure::{
    DEFAULT_TEMPLATE, FigureFormat, FigureOptions, LONGEST_CAPTION, NARROWEST_MM, ONE_COLUMN_MM,
    Panels, TWO_COLUMNS_MM, WIDEST_MM,
};
use crate::export::page::Ground;
use crate::text::window::Texts;
use crate::ui::rows::{Emphasis, titled_ui, words_ui};
use crate::ui::theme::Palette;

/// Shows the choices but the caption, and changes them.
pub fn figure_choices_ui(ui: &mut Ui, figure: &mut FigureOptions, t: Texts) {
    titled_ui(ui, t.figure_format(), |ui, _| {
        for format in FigureFormat::iter() {
            let name = format.extension().to_uppercase();
            ui.selectable_value(&mut figure.format, format, name);
        }
    });
    titled_ui(ui, t.figure_width(), |ui, title| {
        let width = DragValue::new(&mut figure.width)
            .range(NARROWEST_MM..=WIDEST_MM)
            .speed(0.5)
            .fixed_decimals(0)
            .suffix(" mm");
        ui.add(width).labelled_by(title.id);
    });
    titled_ui(ui, "", |ui, _| {
        for (width, name) in [
            (ONE_COLUMN_MM, t.one_column()),
            (TWO_COLUMNS_MM, t.two_columns()),
        ] {
            ui.selectable_value(&mut figure.width, width, name);
        }
    });
    titled_ui(ui, t.figure_ground(), |ui, _| {
        for ground in Ground::iter() {
            let name = match ground {
                Ground::White => t.white(),
                Ground::Black => t.black(),
            };
            ui.selectable_value(&mut figure.ground, ground, name);
        }
    });
    titled_ui(ui, t.figure_panels(), |ui, title| {
        let name = |panels| match panels {
            Panels::All => t.panels_all(),
            Panels::Overlays => t.panels_overlays(),
            Panels::Photograph => t.panels_photograph(),
        };
        let combo = ComboBox::from_id_salt("figure panels")
            .width(190.0)
            .truncate()
            .selected_text(name(figure.panels));
        let combo = combo.show_ui(ui, |ui| {
            for panels in Panels::iter() {
                ui.selectable_value(&mut figure.panels, panels, name(panels));
            }
        });
        combo.response.labelled_by(title.id);
    });
    ui.checkbox(&mut figure.letters, t.figure_letters());
    ui.checkbox(&mut figure.scale_bar, t.figure_scale_bar());
}

/// The template of the caption, with what it may name and what is wrong with it.
pub fn caption_ui(ui: &mut Ui, figure: &mut FigureOptions, t: Texts) {
    ui.horizontal(|ui| {
        words_ui(ui, t.figure_caption(), Emphasis::Weak);
        if figure.caption.is_some() && ui.small_button(t.default_caption()).clicked() {
            figure.caption = None;
        }
    });
    let mut text = figure
        .caption
        .clone()
        .unwrap_or_else(|| DEFAULT_TEMPLATE.to_owned());
    let field = TextEdit::multiline(&mut text)
        .desired_rows(3)
        .desired_width(f32::INFINITY)
        .char_limit(LONGEST_CAPTION);
    let response = ui.add(field);
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::MultilineTextInput, true, t.figure_caption());
        info.current_text_value = Some(text.clone());
        info
    });
    if response.changed() {
        figure.caption = (text != DEFAULT_TEMPLATE).then_some(text);
    }
    match figure.template() {
        Ok(_) => {
            words_ui(ui, t.caption_hint(), Emphasis::Small);
        }
        Err(unknown) => {
            let ink = Palette::of(ui.visuals()).serious;
            words_ui(
                ui,
                &t.unknown_placeholder(&unknown.0),
                Emphasis::Coloured(ink),
            );
        }
    }
}
