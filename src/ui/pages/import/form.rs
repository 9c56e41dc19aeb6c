//! The form for a file that was read: its facts, and a field for everything it does not state, with guesses marked.

use egui::{CollapsingHeader, ComboBox, Ui};
use strum::IntoEnumIterator;

use super::Typed;
use crate::app::apply::{Action, Library};
use crate::app::state::Import;
use crate::domain::{FieldSource, FindingCode, Head, Task};
use crate::text::window::{Texts, grouped};
use crate::text::{Lang, finding};
use crate::ui::pages::choices::{
    FIELD_WIDTH, ValueFields, choice_ui, input_ui, text_ui, threshold_ui, value_fields_ui,
};
use crate::ui::rows::{Emphasis, titled_ui, toggle_ui, value_ui, words_ui};
use crate::ui::theme::{self, Palette};
use crate::ui::view::FrameContext;
use crate::workflow::presets::Preset;
use crate::workflow::{ImportFlags, Inspected};

const TASKS: [Task; 3] = [Task::Sex, Task::Age, Task::Other];

pub fn form_ui(
    ui: &mut Ui,
    typed: &mut Typed,
    import: &Import,
    inspected: &Inspected,
    view: &mut FrameContext<'_>,
) {
    let t = view.t;
    file_says_ui(ui, inspected, t);
    ui.add_space(theme::GAP);
    ui.heading(t.still_open());
    if !inspected.unconfirmed.is_empty() {
        words_ui(ui, t.guesses_marked(), Emphasis::Small);
    }
    ui.add_space(theme::GAP);
    let mut flags = import.flags.clone();
    preset_ui(ui, &mut flags, t);
    let id = inspected.draft.id.as_deref().unwrap_or_default();
    if let Some(id) = text_ui(ui, t.model_id(), &mut typed.id, (id, None), t) {
        flags.id = Some(id).filter(|id| !id.is_empty());
    }
    if (&flags.id, flags.preset) != (&import.flags.id, import.flags.preset) {
        // The statement was about the model with the former id.
        flags.replace = false;
    }
    id_taken_ui(ui, typed, &mut flags, inspected, t);
    let how = |field: &str| inspected.draft.settled.get(field).copied();
    let task = (inspected.draft.task, how("task"));
    let task = choice_ui(ui, t.task(), task, &TASKS, |v| t.task_choice(v), t);
    flags.task = task.or(flags.task);
    input_fields_ui(ui, &mut flags, inspected, t);
    if inspected.draft.scales_twice() {
        let ink = Palette::of(ui.visuals()).serious;
        let wording = finding(FindingCode::ScalingTwice, t.0);
        words_ui(ui, wording.message, Emphasis::Coloured(ink));
        words_ui(ui, wording.hint, Emphasis::Small);
    }
    if inspected.facts.head != Head::Linear {
        labels_ui(ui, typed, &mut flags, inspected, t);
        let threshold = inspected.draft.threshold.unwrap_or(0.5);
        let threshold = threshold_ui(ui, (threshold, how("threshold")), t);
        flags.threshold = threshold.or(flags.threshold);
    } else {
        value_form_ui(ui, &mut flags, inspected, t);
    }
    if !inspected.unknown.is_empty() {
        let fields: Vec<_> = inspected.unknown.iter().map(|f| t.card_field(f)).collect();
        let text = format!("{} {}", t.missing_fields(), fields.join(t.comma()));
        let ink = Palette::of(ui.visuals()).caution;
        words_ui(ui, &text, Emphasis::Coloured(ink));
    }
    terms_ui(ui, inspected, t);
    if flags != import.flags {
        view.action(Action::Library(Library::Flags(Box::new(flags))));
    }
}

fn file_says_ui(ui: &mut Ui, inspected: &Inspected, t: Texts) {
    let facts = &inspected.facts;
    ui.heading(t.file_says());
    ui.add_space(theme::GAP);
    let [height, width] = facts.input_size;
    let architecture = facts.architecture.as_deref().unwrap_or("–");
    value_ui(ui, t.architecture(), architecture);
    value_ui(ui, t.file_form(), t.file_form_word(facts.form));
    value_ui(ui, t.input_size(), &format!("{width} × {height} px"));
    value_ui(ui, t.head(), t.head_choice(facts.head));
    value_ui(ui, t.parameters(), &grouped(facts.parameters));
    if let Some(version) = &facts.keras_version {
        value_ui(ui, t.keras_version(), version);
    }
    if !facts.preprocessing_layers.is_empty() {
        value_ui(
            ui,
            t.in_file_scaling(),
            &facts.preprocessing_layers.join(t.comma()),
        );
    }
    if !inspected.in_library.is_empty() {
        let ids = inspected.in_library.join(t.comma());
        words_ui(ui, &t.known_already(&ids), Emphasis::Small);
    }
}

/// A model of the library has this id: replace it, or give the new one another id.
fn id_taken_ui(
    ui: &mut Ui,
    typed: &mut Typed,
    flags: &mut ImportFlags,
    inspected: &Inspected,
    t: Texts,
) {
    let Some(id) = inspected.taken_id() else {
        return;
    };
    let ink = Palette::of(ui.visuals()).caution;
    words_ui(ui, &t.id_taken(id), Emphasis::Coloured(ink));
    ui.horizontal_wrapped(|ui| {
        let replace = toggle_ui(ui, flags.replace, t.replace_model());
        let name = format!("{}: {id}", t.replace_model());
        replace.widget_info(|| {
            egui::WidgetInfo::selected(egui::Role::Button, true, flags.replace, &name)
        });
        if replace.clicked() {
            flags.replace = !flags.replace;
        }
        let free = inspected.free_id();
        if ui.button(t.keep_both_as(&free)).clicked() {
            typed.id.clone_from(&free);
            flags.id = Some(free);
            flags.replace = false;
        }
    });
}

/// How the value is read, and the age range that the model covers.
fn value_form_ui(ui: &mut Ui, flags: &mut ImportFlags, inspected: &Inspected, t: Texts) {
    let draft = &inspected.draft;
    let shown = ValueFields {
        scale: draft.value_scale,
        offset: draft.value_offset,
        range: draft.value_range,
    };
    let mut value = shown;
    value_fields_ui(ui, &mut value, |f| draft.settled.get(f).copied(), t);
    // The draft may be resolved again: unchanged fields keep the values of the flags.
    if value.scale != shown.scale {
        flags.value_scale = value.scale;
    }
    if value.offset != shown.offset {
        flags.value_offset = value.offset;
    }
    if value.range != shown.range {
        flags.value_range = value.range;
    }
}

fn preset_name(preset: Preset, t: Texts) -> &'static str {
    match preset {
        Preset::JoirEfficientNetB7 => "JOIR EfficientNet-B7",
        Preset::JoirMobileNet => "JOIR MobileNet",
        Preset::JoirAge => t.preset_joir_age(),
        Preset::JoirOther => t.preset_joir_other(),
    }
}

fn preset_ui(ui: &mut Ui, flags: &mut ImportFlags, t: Texts) {
    titled_ui(ui, t.preset(), |ui, title| {
        let chosen = flags
            .preset
            .map_or(t.preset_none(), |preset| preset_name(preset, t));
        let combo = ComboBox::from_id_salt("preset")
            .width(FIELD_WIDTH)
            .selected_text(chosen);
        let combo = combo.show_ui(ui, |ui| {
            ui.selectable_value(&mut flags.preset, None, t.preset_none());
            for preset in Preset::iter() {
                ui.selectable_value(&mut flags.preset, Some(preset), preset_name(preset, t));
            }
        });
        combo.response.labelled_by(title.id);
    });
}

/// How pixels become the network's input.
fn input_fields_ui(ui: &mut Ui, flags: &mut ImportFlags, inspected: &Inspected, t: Texts) {
    let how = |field: &str| inspected.draft.settled.get(field).copied();
    let chosen = input_ui(ui, &inspected.draft.input, how, t);
    if chosen.scaling.is_some() {
        (flags.mean, flags.std) = (None, None);
    }
    flags.scaling = chosen.scaling.or(flags.scaling);
    flags.mean = chosen.mean.or(flags.mean);
    flags.std = chosen.std.or(flags.std);
    flags.colour = chosen.colour.or(flags.colour);
    flags.resize = chosen.resize.or(flags.resize);
    flags.crop = chosen.crop.or(flags.crop);
}

fn labels_ui(
    ui: &mut Ui,
    typed: &mut Typed,
    flags: &mut ImportFlags,
    inspected: &Inspected,
    t: Texts,
) {
    let settled = inspected.draft.labels.clone().unwrap_or_default();
    let how: Option<FieldSource> = inspected.draft.settled.get("labels").copied();
    let mut left = false;
    for (i, name) in [t.label_0(), t.label_1()].into_iter().enumerate() {
        let known = settled.get(i).map_or("", String::as_str);
        left |= text_ui(ui, name, &mut typed.labels[i], (known, how), t).is_some();
    }
    if !left {
        return;
    }
    let given = typed.labels.iter().enumerate().map(|(i, text)| {
        let known = settled.get(i).cloned().unwrap_or_default();
        match text.trim() {
            "" => known,
            text => text.to_owned(),
        }
    });
    let given: Vec<String> = given.collect();
    let typed_any = typed.labels.iter().any(|l| !l.trim().is_empty());
    if typed_any && given.iter().all(|l| !l.is_empty()) {
        flags.labels = Some(given);
    }
}

/// The citation and notices that the preset requires, before anything is stored.
fn terms_ui(ui: &mut Ui, inspected: &Inspected, t: Texts) {
    let draft = &inspected.draft;
    let in_words = |b: &crate::domain::Bilingual| match t.0 {
        Lang::En => b.en.clone(),
        Lang::Ja => b.ja.clone(),
    };
    let texts = [
        (t.intended_use(), draft.intended_use.as_ref().map(in_words)),
        (t.citation(), draft.citation.clone()),
        (
            t.acknowledgment(),
            draft.acknowledgment.as_ref().map(in_words),
        ),
    ];
    if texts.iter().all(|(_, text)| text.is_none()) {
        return;
    }
    CollapsingHeader::new(t.terms())
        .default_open(true)
        .show(ui, |ui| {
            for (title, text) in texts {
                if let Some(text) = text.filter(|text| !text.is_empty()) {
                    words_ui(ui, title, Emphasis::Weak);
                    words_ui(ui, &text, Emphasis::Small);
                }
            }
        });
}
