//! The import of a Keras file: what it says, what a person says where it is silent, and what is only assumed.

use egui::{Button, ComboBox, ProgressBar, TextEdit, Ui, vec2};
use serde::Serialize;

use crate::app::State;
use crate::app::action::{Action, Check, Library};
use crate::app::run::Steps;
use crate::app::state::{Asked as Wanted, CheckSubject, Import};
use crate::app::verbs::Failure;
use crate::clinic::{ColourOrder, Crop, Resize, Scaling, Task};
use crate::ui::asked::Asked;
use crate::ui::messages::sentence;
use crate::ui::path_field::PathField;
use crate::ui::rows::{Voice, titled_ui, value_ui, words_ui};
use crate::ui::theme::{self, Palette};
use crate::words::window::Texts;
use crate::workflow::presets::Preset;
use crate::workflow::{ImportFlags, Inspected};

/// Half-typed figures.
#[derive(Default)]
pub struct Typed {
    id: String,
    labels: [String; 2],
    /// Height and width in pixels.
    size: [u32; 2],
    /// The file that these were typed for.
    file: Option<std::path::PathBuf>,
}

/// True when the preprocessing is to be checked before the import.
pub fn import_ui(
    ui: &mut Ui,
    (path, typed): (&mut PathField, &mut Typed),
    state: &State,
    steps: Option<Steps>,
    t: Texts,
    asked: &mut Asked,
) -> bool {
    words_ui(ui, t.import_intro(), Voice::Plain);
    ui.add_space(theme::GAP);
    let Some(import) = &state.library.import else {
        let button = Button::new(t.choose_keras()).min_size(vec2(220.0, theme::PRIMARY_HEIGHT));
        if ui.add_enabled(!state.asking, button).clicked() {
            asked.action(Action::Library(Library::AskForKeras));
        }
        if state.no_dialog {
            let file = path.path_ui(ui, 460.0, t.keras_field(), t.read_this());
            asked
                .actions
                .extend(file.map(|file| Action::Library(Library::Inspect(file))));
        }
        return false;
    };
    let mut check = false;
    if typed.file.as_ref() != Some(&import.file) {
        *typed = Typed {
            size: [224, 224],
            file: Some(import.file.clone()),
            ..Typed::default()
        };
    }
    words_ui(ui, &import.name, Voice::Plain);
    // Above the form, which is longer than the sheet.
    ui.add_space(theme::GAP);
    ui.horizontal(|ui| {
        let ready = matches!(&import.inspected, Wanted::Ready(i) if i.unknown.is_empty());
        let button = Button::new(t.import_now()).min_size(vec2(140.0, theme::PRIMARY_HEIGHT));
        if ui.add_enabled(ready && !import.storing, button).clicked() {
            asked.action(Action::Library(Library::Store));
        }
        let cancel = Button::new(t.cancel()).min_size(vec2(100.0, theme::PRIMARY_HEIGHT));
        if ui.add(cancel).clicked() {
            asked.action(Action::Library(Library::CancelImport));
        }
        let read = matches!(&import.inspected, Wanted::Ready(_)) && !import.storing;
        let button = Button::new(t.check_sheet()).min_size(vec2(180.0, theme::PRIMARY_HEIGHT));
        if ui.add_enabled(read, button).clicked() {
            let subject = CheckSubject::File(import.file.clone());
            asked.action(Action::Check(Check::Of(subject)));
            check = true;
        }
    });
    match &import.inspected {
        Wanted::Not | Wanted::Pending => progress_ui(ui, t.reading_file(), steps),
        Wanted::Failed(failure) => {
            failure_ui(ui, failure);
            if failure.code == "unknown" {
                size_ui(ui, &mut typed.size, import, t, asked);
            }
        }
        Wanted::Ready(inspected) => form_ui(ui, typed, import, inspected, t, asked),
    }
    if let Some(failure) = &import.failure {
        failure_ui(ui, failure);
    }
    if import.storing {
        progress_ui(ui, t.storing(), steps);
    }
    check
}

fn progress_ui(ui: &mut Ui, words: &str, steps: Option<Steps>) {
    words_ui(ui, words, Voice::Weak);
    if let Some((done, total)) = steps.filter(|(_, total)| *total > 0) {
        let share = (done as f32 / total as f32).clamp(0.0, 1.0);
        ui.add(ProgressBar::new(share).desired_height(5.0).corner_radius(2));
    }
}

fn failure_ui(ui: &mut Ui, failure: &Failure) {
    let ink = Palette::of(ui.visuals()).serious;
    words_ui(ui, &sentence(&failure.message), Voice::Coloured(ink));
    if !failure.hint.is_empty() {
        words_ui(ui, &failure.hint, Voice::Small);
    }
}

fn form_ui(
    ui: &mut Ui,
    typed: &mut Typed,
    import: &Import,
    inspected: &Inspected,
    t: Texts,
    asked: &mut Asked,
) {
    file_says_ui(ui, inspected, t);
    ui.add_space(theme::GAP);
    ui.heading(t.to_be_said());
    let mut flags = import.flags.clone();
    preset_ui(ui, &mut flags, t);
    text_ui(
        ui,
        t.model_id(),
        &mut typed.id,
        inspected.draft.id.as_deref(),
        |text| {
            flags.id = text;
        },
    );
    let input = &inspected.draft.input;
    choice_ui(
        ui,
        t.task(),
        &mut flags.task,
        inspected.draft.task,
        &[Task::Sex, Task::Age, Task::Other],
        t,
    );
    let scalings = [Scaling::Raw, Scaling::Unit, Scaling::Tf, Scaling::Torch];
    choice_ui(
        ui,
        t.scaling(),
        &mut flags.scaling,
        input.scaling,
        &scalings,
        t,
    );
    let colours = [ColourOrder::Rgb, ColourOrder::Bgr];
    choice_ui(
        ui,
        t.colour_order(),
        &mut flags.colour,
        input.colour,
        &colours,
        t,
    );
    let kernels = [
        Resize::PilNearest,
        Resize::PilBilinear,
        Resize::PilBicubic,
        Resize::TfBilinear,
        Resize::Cv2Linear,
    ];
    choice_ui(ui, t.resize(), &mut flags.resize, input.resize, &kernels, t);
    let crops = [Crop::Stretch, Crop::Pad, Crop::Square, Crop::Masked];
    choice_ui(ui, t.crop(), &mut flags.crop, input.crop, &crops, t);
    if inspected.facts.head != crate::clinic::Head::Linear {
        labels_ui(ui, typed, &mut flags, inspected, t);
        threshold_ui(ui, &mut flags, inspected, t);
    }
    let words = |fields: &[String]| {
        let said: Vec<_> = fields.iter().map(|f| t.card_field(f)).collect();
        said.join(", ")
    };
    let palette = Palette::of(ui.visuals());
    if !inspected.unknown.is_empty() {
        let text = format!("{} {}", t.missing_fields(), words(&inspected.unknown));
        words_ui(ui, &text, Voice::Coloured(palette.caution));
    }
    if !inspected.unconfirmed.is_empty() {
        let text = format!("{} {}", t.assumed_fields(), words(&inspected.unconfirmed));
        words_ui(ui, &text, Voice::Small);
    }
    if flags != import.flags {
        asked.action(Action::Library(Library::Flags(Box::new(flags))));
    }
}

/// For a file that leaves its input size open.
fn size_ui(ui: &mut Ui, size: &mut [u32; 2], import: &Import, t: Texts, asked: &mut Asked) {
    titled_ui(ui, t.input_size(), |ui, title| {
        let [height, width] = size;
        for side in [width, height] {
            let drag = egui::DragValue::new(side).range(16..=4096).suffix(" px");
            ui.add(drag).labelled_by(title.id);
        }
        if ui.button(t.read_this()).clicked() {
            let flags = ImportFlags {
                input_size: Some(*size),
                ..import.flags.clone()
            };
            asked.action(Action::Library(Library::Flags(Box::new(flags))));
        }
    });
}

fn file_says_ui(ui: &mut Ui, inspected: &Inspected, t: Texts) {
    let facts = &inspected.facts;
    ui.heading(t.file_says());
    let [height, width] = facts.input_size;
    let architecture = facts.architecture.as_deref().unwrap_or("–");
    value_ui(ui, t.architecture(), architecture);
    value_ui(ui, t.input_size(), &format!("{width} × {height} px"));
    value_ui(ui, t.head(), &word(facts.head));
    value_ui(ui, t.parameters(), &facts.parameters.to_string());
    if let Some(version) = &facts.keras_version {
        value_ui(ui, t.keras_version(), version);
    }
    if !facts.preprocessing_layers.is_empty() {
        words_ui(ui, t.in_file_scaling(), Voice::Small);
    }
}

/// The word of a value in files.
fn word(value: impl Serialize) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

fn preset_ui(ui: &mut Ui, flags: &mut ImportFlags, t: Texts) {
    titled_ui(ui, t.preset(), |ui, title| {
        let chosen = flags.preset.map_or(t.preset_none(), Preset::as_str);
        let combo = ComboBox::from_id_salt("preset")
            .width(240.0)
            .selected_text(chosen);
        let combo = combo.show_ui(ui, |ui| {
            ui.selectable_value(&mut flags.preset, None, t.preset_none());
            for preset in Preset::ALL {
                ui.selectable_value(&mut flags.preset, Some(preset), preset.as_str());
            }
        });
        combo.response.labelled_by(title.id);
    });
}

/// One of several words; what a preset or the file gave is shown until the person says something else.
fn choice_ui<T: Copy + PartialEq + Serialize>(
    ui: &mut Ui,
    name: &str,
    said: &mut Option<T>,
    settled: Option<T>,
    choices: &[T],
    t: Texts,
) {
    titled_ui(ui, name, |ui, title| {
        let shown = said
            .or(settled)
            .map_or_else(|| t.not_said().to_owned(), word);
        let combo = ComboBox::from_id_salt(name)
            .width(240.0)
            .selected_text(shown);
        let combo = combo.show_ui(ui, |ui| {
            for choice in choices {
                let on = said.or(settled) == Some(*choice);
                if ui.selectable_label(on, word(choice)).clicked() {
                    *said = Some(*choice);
                }
            }
        });
        combo.response.labelled_by(title.id);
    });
}

/// A text that counts when the field is left.
fn text_ui(
    ui: &mut Ui,
    name: &str,
    text: &mut String,
    settled: Option<&str>,
    say: impl FnOnce(Option<String>),
) {
    titled_ui(ui, name, |ui, _| {
        let field = TextEdit::singleline(text)
            .hint_text(settled.unwrap_or_default())
            .margin(theme::FIELD_MARGIN)
            .desired_width(240.0);
        let response = ui.add(field);
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, name));
        if response.lost_focus() {
            say(Some(text.trim().to_owned()).filter(|s| !s.is_empty()));
        }
    });
}

fn labels_ui(
    ui: &mut Ui,
    typed: &mut Typed,
    flags: &mut ImportFlags,
    inspected: &Inspected,
    t: Texts,
) {
    let settled = inspected.draft.labels.clone().unwrap_or_default();
    let mut left = false;
    for (i, name) in [t.label_0(), t.label_1()].into_iter().enumerate() {
        let known = settled.get(i).map(String::as_str);
        text_ui(ui, name, &mut typed.labels[i], known, |_| left = true);
    }
    if left {
        let given = typed.labels.iter().enumerate().map(|(i, text)| {
            let text = text.trim();
            let known = settled.get(i).cloned().unwrap_or_default();
            if text.is_empty() {
                known
            } else {
                text.to_owned()
            }
        });
        let given: Vec<String> = given.collect();
        let typed_any = typed.labels.iter().any(|l| !l.trim().is_empty());
        if typed_any && given.iter().all(|l| !l.is_empty()) {
            flags.labels = Some(given);
        }
    }
}

fn threshold_ui(ui: &mut Ui, flags: &mut ImportFlags, inspected: &Inspected, t: Texts) {
    titled_ui(ui, t.threshold(), |ui, title| {
        let mut value = flags.threshold.or(inspected.draft.threshold).unwrap_or(0.5);
        let drag = egui::DragValue::new(&mut value)
            .range(0.0..=1.0)
            .speed(0.005)
            .fixed_decimals(2);
        if ui.add(drag).labelled_by(title.id).changed() {
            flags.threshold = Some(value);
        }
    });
}
