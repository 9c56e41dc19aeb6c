//! The fields of a model card as rows, for its import and its editor: the value, whether it is confirmed or open, and
//! what an open one would change.

use egui::{Button, DragValue, Response, Role, TextEdit, Ui, WidgetInfo};

use super::choices::{FIELD_WIDTH, combo_ui};
use crate::domain::{
    CardField, ColourOrder, Crop, FieldSource, Head, Resize, Scaling, Severity, Task, ValueScale,
};
use crate::imaging::prepare::IMAGENET;
use crate::text::window::Texts;
use crate::ui::icons;
use crate::ui::rows::{Emphasis, aside_ui, titled_ui, words_ui};
use crate::ui::theme::{self, Palette};
use crate::workflow::draft::Draft;
use crate::workflow::statements::FieldState;

const TASKS: [Task; 3] = [Task::Sex, Task::Age, Task::Other];
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

/// Initial range for a new statement, in years: adults.
const USUAL_RANGE: [f64; 2] = [18.0, 90.0];
/// Space for a value; the states after it are aligned.
const VALUE_WIDTH: f32 = FIELD_WIDTH + theme::GAP + 2.0;
/// Width of one of two labels.
const LABEL_WIDTH: f32 = 104.0;
/// Pages narrower than this show the state below the value.
const WIDE: f32 = 600.0;

/// What the user states about a field, by the one that leads its group.
#[derive(Clone, Debug, PartialEq)]
pub enum Statement {
    /// The value of the field in this draft: another one, or the same, which confirms it.
    Value(CardField, Box<Draft>),
    /// The statement is withdrawn.
    Reopen(CardField),
}

/// The labels being typed: of both outputs, or of each class.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TypedLabels {
    texts: Vec<String>,
    /// The labels that the texts began with.
    of: Option<Vec<String>>,
}

impl TypedLabels {
    /// Begins anew when the labels have changed elsewhere.
    fn follow(&mut self, labels: Option<&Vec<String>>, count: usize) {
        if self.of.as_ref() != labels || self.texts.len() != count {
            let known = |i: usize| labels.and_then(|l| l.get(i)).cloned().unwrap_or_default();
            self.texts = (0..count).map(known).collect();
            self.of = labels.cloned();
        }
    }

    /// The labels as typed, if all are.
    pub fn typed(&self) -> Option<Vec<String>> {
        let texts = self.texts.iter().map(|text| text.trim().to_owned());
        let texts: Vec<String> = texts.collect();
        let whole = !texts.is_empty() && texts.iter().all(|text| !text.is_empty());
        (whole && self.of.as_ref() != Some(&texts)).then_some(texts)
    }

    /// True if something was typed that is not stated yet.
    pub fn is_typed(&self) -> bool {
        let known = |i: usize| self.of.as_ref().and_then(|l| l.get(i)).map_or("", |l| l);
        let texts = self.texts.iter().enumerate();
        texts.into_iter().any(|(i, text)| text.trim() != known(i))
    }
}

/// Every field that the model has. `reopens`: which statements can be withdrawn.
pub fn rows_ui(
    ui: &mut Ui,
    labels: &mut TypedLabels,
    shown: &Draft,
    reopens: impl Fn(CardField) -> bool,
    t: Texts,
) -> Option<Statement> {
    labels.follow(shown.labels.as_ref(), shown.classes.unwrap_or(2));
    let mut stated = None;
    for field in shown.fields() {
        let state = shown.state_of(field);
        // What the file holds itself, and the value without a range.
        if state == FieldState::Absent && field != CardField::ValueRange {
            continue;
        }
        let row = Row {
            field,
            state,
            shown,
            reopens: reopens(field),
        };
        stated = row_ui(ui, &row, labels, t).or(stated);
        ui.add_space(theme::GAP);
    }
    stated
}

struct Row<'a> {
    field: CardField,
    state: FieldState,
    shown: &'a Draft,
    reopens: bool,
}

fn row_ui(ui: &mut Ui, row: &Row, labels: &mut TypedLabels, t: Texts) -> Option<Statement> {
    let is_wide = ui.available_width() >= WIDE;
    let mut stated = titled_ui(ui, title(row.field, t), |ui, title| {
        let full = t.card_field(row.field.name());
        let title = &title.clone().on_hover_text(full);
        let before = ui.cursor().left();
        let stated = value_ui(ui, row, labels, title, t);
        if !is_wide {
            return stated;
        }
        ui.add_space((before + VALUE_WIDTH - ui.cursor().left()).max(0.0));
        state_ui(ui, row, t).or(stated)
    });
    if !is_wide {
        let below = titled_ui(ui, "", |ui, _| state_ui(ui, row, t));
        stated = below.or(stated);
    }
    if row.field == CardField::Scaling && row.shown.input.scaling == Some(Scaling::Custom) {
        stated = custom_ui(ui, row.shown, t).or(stated);
    }
    if row.field == CardField::ValueScale {
        aside_ui(ui, t.value_scale_tip());
    }
    let source = |how: FieldSource| t.as_sentence(t.field_source_word(how));
    let stake = t.field_stake(row.field);
    match row.state {
        FieldState::Confirmed(Some(how)) => aside_ui(ui, &source(how)),
        FieldState::Confirmed(None) => {}
        FieldState::Open(how) => aside_ui(ui, &[&source(how), stake].join(t.between_sentences())),
        FieldState::Missing | FieldState::Absent => aside_ui(ui, stake),
    }
    stated
}

fn title(field: CardField, t: Texts) -> &'static str {
    match field {
        CardField::Labels => t.label_order(),
        CardField::Pooling => t.pooling_short(),
        CardField::HeadNorm => t.head_norm_short(),
        CardField::NormEpsilon => t.norm_epsilon_short(),
        CardField::HiddenActivation => t.hidden_activation_short(),
        CardField::ImagenetRescaling => t.imagenet_rescaling_short(),
        CardField::ValueRange => t.value_range_short(),
        field => t.card_field(field.name()),
    }
}

/// Confirmed or open, and the button for the opposite.
fn state_ui(ui: &mut Ui, row: &Row, t: Texts) -> Option<Statement> {
    let palette = Palette::of(ui.visuals());
    let named = |button: Response, word: &str| {
        let name = format!("{word}: {}", title(row.field, t));
        button.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
        button
    };
    match row.state {
        FieldState::Confirmed(_) => {
            icons::passed_ui(ui, t.field_confirmed());
            ui.label(t.field_confirmed());
            let again = row.reopens && named(ui.button(t.reopen()), t.reopen()).clicked();
            again.then_some(Statement::Reopen(row.field))
        }
        FieldState::Open(_) => {
            icons::severity_ui(ui, Severity::Caution, t.field_open());
            ui.colored_label(palette.caution, t.field_open());
            let confirmed = named(ui.button(t.confirm()), t.confirm()).clicked();
            confirmed.then(|| Statement::Value(row.field, Box::new(row.shown.clone())))
        }
        FieldState::Missing => {
            icons::severity_ui(ui, Severity::Serious, t.field_missing());
            ui.colored_label(palette.serious, t.field_missing());
            None
        }
        FieldState::Absent => {
            words_ui(ui, t.field_absent(), Emphasis::Weak);
            None
        }
    }
}

/// The control of a field, or its value if it is part of the network.
fn value_ui(
    ui: &mut Ui,
    row: &Row,
    labels: &mut TypedLabels,
    title: &Response,
    t: Texts,
) -> Option<Statement> {
    let shown = row.shown;
    let mut to = shown.clone();
    let chosen = match row.field {
        CardField::Labels if shown.classes.is_some() => class_labels_ui(ui, labels, &mut to, t),
        CardField::Labels => labels_ui(ui, labels, &mut to, t),
        CardField::Task => {
            let word = |v| t.task_choice(v);
            let tasks: Vec<Task> = TASKS
                .into_iter()
                .filter(|task| match shown.head {
                    _ if shown.classes.is_some() => *task == Task::Other,
                    Some(Head::Linear) => *task != Task::Sex,
                    _ => *task != Task::Age,
                })
                .collect();
            let chosen = combo_ui(ui, title, "task", shown.task, &tasks, word, t);
            keep(&mut to.task, chosen)
        }
        CardField::Scaling => {
            let word = |v| t.scaling_choice(v);
            let value = shown.input.scaling;
            let chosen = combo_ui(ui, title, "scaling", value, &SCALINGS, word, t);
            if let Some(scaling) = chosen {
                // Start with the values of ImageNet.
                let own = (scaling == Scaling::Custom).then_some(IMAGENET);
                (to.input.mean, to.input.std) = (own.map(|o| o[0]), own.map(|o| o[1]));
            }
            keep(&mut to.input.scaling, chosen)
        }
        CardField::Colour => {
            let word = |v| t.colour_choice(v);
            let value = shown.input.colour;
            let chosen = combo_ui(ui, title, "colour", value, &COLOURS, word, t);
            keep(&mut to.input.colour, chosen)
        }
        CardField::Crop => {
            let word = |v| t.crop_choice(v);
            let chosen = combo_ui(ui, title, "crop", shown.input.crop, &CROPS, word, t);
            keep(&mut to.input.crop, chosen)
        }
        CardField::Resize => {
            let word = |v| t.resize_choice(v);
            let value = shown.input.resize;
            let chosen = combo_ui(ui, title, "resize", value, &KERNELS, word, t);
            keep(&mut to.input.resize, chosen)
        }
        CardField::Threshold => {
            let mut value = shown.threshold.unwrap_or(0.5);
            let drag = DragValue::new(&mut value).range(0.0..=1.0).speed(0.005);
            let changed = ui.add(drag.fixed_decimals(2)).labelled_by(title.id);
            keep(&mut to.threshold, changed.changed().then_some(value))
        }
        CardField::ValueScale => scale_ui(ui, &mut to, t),
        CardField::ValueRange => range_ui(ui, &mut to, title, t),
        // Stated with the scaling, and with the scale of the value.
        CardField::Mean | CardField::Std | CardField::ValueOffset => false,
        CardField::Size
        | CardField::Head
        | CardField::Pooling
        | CardField::HeadNorm
        | CardField::NormEpsilon
        | CardField::HiddenActivation
        | CardField::ImagenetRescaling => {
            ui.label(of_network(row.field, shown, t));
            false
        }
    };
    chosen.then(|| Statement::Value(row.field, Box::new(to)))
}

fn keep<T>(to: &mut Option<T>, chosen: Option<T>) -> bool {
    let any = chosen.is_some();
    if any {
        *to = chosen;
    }
    any
}

/// The value of a field that is part of the network.
fn of_network(field: CardField, shown: &Draft, t: Texts) -> String {
    let words = match field {
        CardField::Size => {
            let size = shown.input.size;
            return size.map_or_else(String::new, |[height, width]| {
                format!("{width} × {height} px")
            });
        }
        CardField::NormEpsilon => {
            let epsilon = shown.norm_epsilon;
            return epsilon.map_or_else(String::new, |e| e.to_string());
        }
        CardField::Head => shown.head.map(|h| t.head_choice(h)),
        CardField::Pooling => shown.pooling.map(|p| t.pooling_choice(p)),
        CardField::HeadNorm => shown.head_norm.map(|n| t.head_norm_choice(n)),
        CardField::HiddenActivation => shown.hidden_activation.map(|a| a.as_str()),
        CardField::ImagenetRescaling => {
            let on = shown.imagenet_rescaling;
            on.map(|on| if on { t.yes() } else { t.no() })
        }
        _ => None,
    };
    words.unwrap_or_default().to_owned()
}

/// The label of each class, one below the other.
fn class_labels_ui(ui: &mut Ui, labels: &mut TypedLabels, to: &mut Draft, t: Texts) -> bool {
    let mut left = false;
    ui.vertical(|ui| {
        for (i, text) in labels.texts.iter_mut().enumerate() {
            ui.horizontal(|ui| {
                ui.weak(i.to_string());
                let field = TextEdit::singleline(text)
                    .margin(theme::FIELD_MARGIN)
                    .desired_width(LABEL_WIDTH);
                let response = ui.add(field);
                let name = format!("{} {i}", t.labels());
                response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, &name));
                left |= response.lost_focus();
            });
        }
    });
    let typed = labels.typed().filter(|_| left);
    keep(&mut to.labels, typed)
}

/// The labels of both outputs, and a button that exchanges them.
fn labels_ui(ui: &mut Ui, labels: &mut TypedLabels, to: &mut Draft, t: Texts) -> bool {
    let mut left = false;
    for (i, name) in [t.label_0(), t.label_1()].into_iter().enumerate() {
        ui.weak(i.to_string());
        let field = TextEdit::singleline(&mut labels.texts[i])
            .margin(theme::FIELD_MARGIN)
            .desired_width(LABEL_WIDTH - 36.0);
        let response = ui.add(field).on_hover_text(name);
        response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, name));
        left |= response.lost_focus();
    }
    let known = to.labels.clone();
    let swap = Button::new(t.swap_labels());
    if ui.add_enabled(known.is_some(), swap).clicked() {
        to.labels = known.map(|labels| labels.into_iter().rev().collect());
        return true;
    }
    match labels.typed().filter(|_| left) {
        Some(typed) => {
            to.labels = Some(typed);
            true
        }
        None => false,
    }
}

/// Mean and SD of a scaling of the user's own.
fn custom_ui(ui: &mut Ui, shown: &Draft, t: Texts) -> Option<Statement> {
    let mut to = shown.clone();
    let mean = channels_ui(ui, t.mean(), shown.input.mean.unwrap_or_default());
    let std = channels_ui(ui, t.deviation_of(), shown.input.std.unwrap_or([1.0; 3]));
    let changed = keep(&mut to.input.mean, mean) | keep(&mut to.input.std, std);
    changed.then(|| Statement::Value(CardField::Scaling, Box::new(to)))
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

/// How the output becomes the value: `scale × output + offset`. Invalid scales are ignored.
fn scale_ui(ui: &mut Ui, to: &mut Draft, t: Texts) -> bool {
    let number_ui = |ui: &mut Ui, name: &str, value: f64| {
        let mut value = value;
        let drag = DragValue::new(&mut value)
            .range(-ValueScale::LARGEST_OFFSET..=ValueScale::LARGEST_OFFSET)
            .speed(0.1)
            .max_decimals(6)
            .update_while_editing(false);
        let response = ui.add(drag).on_hover_text(name);
        let response = response.accessible_name(name);
        response.changed().then_some(value)
    };
    let scale = number_ui(ui, t.value_scale(), to.value_scale.unwrap_or(1.0));
    ui.label(t.times_output());
    let offset = number_ui(ui, t.value_offset(), to.value_offset.unwrap_or(0.0));
    let scale = scale.filter(|scale| ValueScale::is_scale(*scale));
    keep(&mut to.value_scale, scale) | keep(&mut to.value_offset, offset)
}

/// The range of the values in training, which stays ascending.
fn range_ui(ui: &mut Ui, to: &mut Draft, title: &Response, t: Texts) -> bool {
    let before = to.value_range;
    let mut on = before.is_some();
    let tick = ui.checkbox(&mut on, "");
    tick.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, on, t.value_range()));
    if tick.changed() {
        to.value_range = on.then_some(USUAL_RANGE);
    }
    if let Some([low, high]) = &mut to.value_range {
        for end in [&mut *low, &mut *high] {
            let drag = DragValue::new(end).speed(0.5).update_while_editing(false);
            ui.add(drag).labelled_by(title.id);
        }
        // Entered in the wrong order.
        if low >= high {
            *high = *low + 1.0;
        }
    }
    to.value_range != before
}

#[cfg(test)]
mod tests {
    use egui_kittest::Harness;
    use egui_kittest::kittest::Queryable;

    use super::*;
    use crate::domain::model_card;
    use crate::text::Lang;
    use crate::ui::fonts;

    struct Page {
        labels: TypedLabels,
        draft: Draft,
        stated: Option<Statement>,
        /// The typefaces are there from the second frame on.
        has_fonts: bool,
    }

    fn page(draft: Draft, lang: Lang) -> Harness<'static, Page> {
        let page = Page {
            labels: TypedLabels::default(),
            draft,
            stated: None,
            has_fonts: false,
        };
        let show = move |ui: &mut Ui, page: &mut Page| {
            fonts::show(ui.ctx(), lang);
            if !std::mem::replace(&mut page.has_fonts, true) {
                return;
            }
            let all = |_| true;
            let stated = rows_ui(ui, &mut page.labels, &page.draft, all, Texts(lang));
            page.stated = stated.or(page.stated.take());
        };
        let builder = Harness::builder().with_size([760.0, 900.0]);
        builder.build_ui_state(show, page)
    }

    fn open() -> Draft {
        let mut card = model_card::example();
        for field in ["labels", "crop"] {
            card.settled.insert(field.into(), FieldSource::Convention);
        }
        card.settled.insert("scaling".into(), FieldSource::File);
        Draft::from(&card)
    }

    #[test]
    fn a_right_assumption_is_confirmed_without_changing_its_value() {
        let t = Texts(Lang::En);
        let mut harness = page(open(), Lang::En);
        harness.run();
        let confirm = format!("{}: {}", t.confirm(), t.crop());
        harness.get_by_label(&confirm).click();
        harness.run();
        let stated = harness.state().stated.clone();
        let same = Statement::Value(CardField::Crop, Box::new(open()));
        assert_eq!(stated, Some(same));
        // What the file states needs no confirmation.
        let scaling = format!("{}: {}", t.confirm(), t.scaling());
        assert!(harness.query_by_label(&scaling).is_none());
    }

    #[test]
    fn the_order_of_the_labels_comes_first_and_says_what_it_would_change() {
        for lang in [Lang::En, Lang::Ja] {
            let t = Texts(lang);
            let mut harness = page(open(), lang);
            harness.run();
            let top = |name: &str| harness.get_by_label(name).rect().top();
            assert!(top(t.label_order()) < top(t.crop()));
            let stake = t.field_stake(CardField::Labels);
            assert!(harness.query_all_by_label_contains(stake).next().is_some());
        }
    }

    #[test]
    fn labels_are_swapped_by_a_button() {
        let t = Texts(Lang::En);
        let mut harness = page(open(), Lang::En);
        harness.run();
        harness.get_by_label(t.swap_labels()).click();
        harness.run();
        let Some(Statement::Value(CardField::Labels, draft)) = &harness.state().stated else {
            panic!("{:?}", harness.state().stated);
        };
        assert_eq!(draft.labels, Some(vec!["male".into(), "female".into()]));
    }
}
