//! Rows for choosing the values of a model card, each with a mark for the source of its current value.

use egui::{ComboBox, DragValue, RichText, Role, TextEdit, TextStyle, Ui, WidgetInfo};

use crate::domain::{ColourOrder, Crop, FieldSource, Resize, Scaling, ValueScale};
use crate::imaging::prepare::IMAGENET;
use crate::text::window::Texts;
use crate::ui::rows::{Emphasis, titled_ui, words_ui};
use crate::ui::theme::{self, Palette};
use crate::workflow::draft::DraftInput;

/// Width of every field of a form, so that the marks next to them are aligned.
pub const FIELD_WIDTH: f32 = 300.0;

const SCALINGS: [Scaling; 5] = [
    Scaling::Raw,
    Scaling::Unit,
    Scaling::Tf,
    Scaling::Torch,
    Scaling::Custom,
];
const COLOURS: [ColourOrder; 2] = [ColourOrder::Rgb, ColourOrder::Bgr];
const KERNELS: [Resize; 5] = [
    Resize::PilNearest,
    Resize::PilBilinear,
    Resize::PilBicubic,
    Resize::TfBilinear,
    Resize::Cv2Linear,
];
const CROPS: [Crop; 4] = [Crop::Stretch, Crop::Pad, Crop::Square, Crop::Masked];

/// How a value became known; unconfirmed values are highlighted.
pub fn mark_ui(ui: &mut Ui, how: Option<FieldSource>, t: Texts) {
    let Some(how) = how else {
        return;
    };
    let palette = Palette::of(ui.visuals());
    let ink = if how.is_unconfirmed() {
        palette.caution
    } else {
        palette.weak
    };
    let text = RichText::new(t.field_source_word(how)).text_style(TextStyle::Small);
    ui.label(text.color(ink));
}

/// One of several values. Returns the value chosen in this frame.
pub fn choice_ui<T: Copy + PartialEq>(
    ui: &mut Ui,
    name: &str,
    (value, how): (Option<T>, Option<FieldSource>),
    choices: &[T],
    word: impl Fn(T) -> &'static str,
    t: Texts,
) -> Option<T> {
    let mut chosen = None;
    titled_ui(ui, name, |ui, title| {
        let combo = ComboBox::from_id_salt(name)
            .width(FIELD_WIDTH)
            .truncate()
            .selected_text(value.map_or(t.not_said(), &word));
        let combo = combo.show_ui(ui, |ui| {
            for choice in choices {
                let on = value == Some(*choice);
                if ui.selectable_label(on, word(*choice)).clicked() {
                    chosen = Some(*choice);
                }
            }
        });
        combo.response.labelled_by(title.id);
        mark_ui(ui, how, t);
    });
    chosen
}

/// A text, returned when the field loses the focus; it may be empty.
pub fn text_ui(
    ui: &mut Ui,
    name: &str,
    text: &mut String,
    (hint, how): (&str, Option<FieldSource>),
    t: Texts,
) -> Option<String> {
    titled_ui(ui, name, |ui, _| {
        let field = TextEdit::singleline(text)
            .hint_text(hint)
            .margin(theme::FIELD_MARGIN)
            .desired_width(FIELD_WIDTH);
        let response = ui.add(field);
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, name));
        mark_ui(ui, how, t);
        response.lost_focus().then(|| text.trim().to_owned())
    })
}

/// The operating threshold, 0 to 1. Returns a new value.
pub fn threshold_ui(
    ui: &mut Ui,
    (value, how): (f64, Option<FieldSource>),
    t: Texts,
) -> Option<f64> {
    titled_ui(ui, t.threshold(), |ui, title| {
        let mut value = value;
        let drag = DragValue::new(&mut value)
            .range(0.0..=1.0)
            .speed(0.005)
            .fixed_decimals(2);
        let changed = ui.add(drag).labelled_by(title.id).changed();
        mark_ui(ui, how, t);
        changed.then_some(value)
    })
}

/// How the value of a linear output is read; `None` if not stated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ValueFields {
    pub scale: Option<f64>,
    pub offset: Option<f64>,
    /// Lowest and highest.
    pub range: Option<[f64; 2]>,
}

/// Initial range for a new statement, in years: adults.
const USUAL_RANGE: [f64; 2] = [18.0, 90.0];

/// Scale, offset and range of a value. Invalid scales are ignored, and the range stays ascending.
pub fn value_fields_ui(
    ui: &mut Ui,
    fields: &mut ValueFields,
    how: impl Fn(&str) -> Option<FieldSource>,
    t: Texts,
) {
    let number_ui = |ui: &mut Ui, name: &str, value: f64, how: Option<FieldSource>| {
        titled_ui(ui, name, |ui, title| {
            let mut value = value;
            let drag = DragValue::new(&mut value)
                .range(-ValueScale::LARGEST_OFFSET..=ValueScale::LARGEST_OFFSET)
                .speed(0.1)
                .max_decimals(6)
                .update_while_editing(false);
            let changed = ui.add(drag).labelled_by(title.id).changed();
            mark_ui(ui, how, t);
            changed.then_some(value)
        })
    };
    let scale = fields.scale.unwrap_or(1.0);
    let scale = number_ui(ui, t.value_scale(), scale, how("value_scale"));
    fields.scale = scale.filter(|s| ValueScale::is_scale(*s)).or(fields.scale);
    let offset = fields.offset.unwrap_or(0.0);
    let offset = number_ui(ui, t.value_offset(), offset, how("value_offset"));
    fields.offset = offset.or(fields.offset);
    words_ui(ui, t.value_scale_tip(), Emphasis::Small);
    titled_ui(ui, t.value_range(), |ui, title| {
        let mut on = fields.range.is_some();
        let box_ui = ui.checkbox(&mut on, "");
        box_ui.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, on, t.value_range()));
        if box_ui.changed() {
            fields.range = on.then_some(USUAL_RANGE);
        }
        if let Some([low, high]) = &mut fields.range {
            for end in [&mut *low, &mut *high] {
                let drag = DragValue::new(end).speed(0.5).update_while_editing(false);
                ui.add(drag).labelled_by(title.id);
            }
            // Entered in the wrong order.
            if low >= high {
                *high = *low + 1.0;
            }
        }
        mark_ui(ui, how("value_range"), t);
    });
}

/// How pixels become the network's input, field by field. `shown` contains the current values, `how` their sources;
/// returns the fields chosen in this frame. Mean and standard deviation belong to custom scaling: choosing another
/// scaling returns neither.
pub fn input_ui(
    ui: &mut Ui,
    shown: &DraftInput,
    how: impl Fn(&str) -> Option<FieldSource>,
    t: Texts,
) -> DraftInput {
    let mut chosen = DraftInput::default();
    let value = (shown.scaling, how("scaling"));
    let word = |v| t.scaling_choice(v);
    chosen.scaling = choice_ui(ui, t.scaling(), value, &SCALINGS, word, t);
    if chosen.scaling == Some(Scaling::Custom) {
        // Start with the values of ImageNet.
        (chosen.mean, chosen.std) = (Some(IMAGENET[0]), Some(IMAGENET[1]));
    } else if chosen.scaling.is_none() && shown.scaling == Some(Scaling::Custom) {
        chosen.mean = channels_ui(ui, t.mean(), shown.mean.unwrap_or_default());
        chosen.std = channels_ui(ui, t.deviation_of(), shown.std.unwrap_or([1.0; 3]));
    }
    let value = (shown.colour, how("colour"));
    let word = |v| t.colour_choice(v);
    chosen.colour = choice_ui(ui, t.colour_order(), value, &COLOURS, word, t);
    let value = (shown.resize, how("resize"));
    chosen.resize = choice_ui(ui, t.resize(), value, &KERNELS, |v| t.resize_choice(v), t);
    let value = (shown.crop, how("crop"));
    chosen.crop = choice_ui(ui, t.crop(), value, &CROPS, |v| t.crop_choice(v), t);
    chosen
}

/// Three figures, one per channel. Returns them if one changed.
fn channels_ui(ui: &mut Ui, name: &str, values: [f32; 3]) -> Option<[f32; 3]> {
    titled_ui(ui, name, |ui, title| {
        let mut values = values;
        let mut changed = false;
        for value in &mut values {
            let drag = DragValue::new(value)
                .range(-1000.0..=1000.0)
                .speed(0.005)
                .fixed_decimals(4);
            changed |= ui.add(drag).labelled_by(title.id).changed();
        }
        changed.then_some(values)
    })
}

/// Human-readable size.
pub fn size_words(bytes: u64) -> String {
    let mib = bytes as f64 / (1024.0 * 1024.0);
    if mib < 10.0 {
        format!("{mib:.1} MiB")
    } else {
        format!("{mib:.0} MiB")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_told_in_mebibytes() {
        assert_eq!(size_words(13_000_000), "12 MiB");
        assert_eq!(size_words(1_500_000), "1.4 MiB");
    }
}
