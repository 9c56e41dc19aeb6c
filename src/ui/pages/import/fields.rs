//! The second step of an import: every field of the model card, confirmed or open, with what it would change.

use egui::{CollapsingHeader, ComboBox, Ui};
use strum::IntoEnumIterator;

use super::file::facts_ui;
use super::{Step, Typed, end_ui};
use crate::app::apply::{Action, Library};
use crate::app::state::Import;
use crate::domain::foreign::shown;
use crate::domain::{Bilingual, CardField, FieldSource, FindingCode, Head};
use crate::keras::Form;
use crate::text::window::Texts;
use crate::text::{Lang, finding};
use crate::ui::pages::card_rows::{Statement, rows_ui};
use crate::ui::pages::choices::{FIELD_WIDTH, text_ui};
use crate::ui::rows::{Emphasis, aside_ui, titled_ui, toggle_ui, words_ui};
use crate::ui::theme::{self, Palette};
use crate::ui::view::FrameContext;
use crate::workflow::presets::Preset;
use crate::workflow::statements::FieldState;
use crate::workflow::{ImportFlags, Inspected};

/// `asked`: another step that was clicked.
pub fn fields_ui(
    ui: &mut Ui,
    (typed, asked): (&mut Typed, Option<Step>),
    import: &Import,
    inspected: &Inspected,
    view: &mut FrameContext<'_>,
) -> Option<Step> {
    let (t, draft) = (view.t, &inspected.draft);
    let mut flags = import.flags.clone();
    ui.add_enabled_ui(!import.storing, |ui| {
        ui.heading(&import.name);
        CollapsingHeader::new(t.file_says()).show(ui, |ui| facts_ui(ui, inspected, t));
        ui.add_space(theme::GAP);
        words_ui(ui, t.confirm_intro(), Emphasis::Plain);
        ui.add_space(theme::GAP);
        name_ui(ui, typed, &mut flags, inspected, t);
        preset_ui(ui, &mut flags, t);
        end_of_network_ui(ui, &mut flags, inspected, t);
        ui.add_space(theme::GAP);
        ui.separator();
        ui.add_space(theme::GAP);
        // The network of a file of weights is stated in the first step.
        let reopens = |field: CardField| {
            let by_user = FieldState::Confirmed(Some(FieldSource::User));
            let can_be_open = field.can_be_open() && !field.is_of_network();
            can_be_open && draft.state_of(field) == by_user
        };
        match rows_ui(ui, &mut typed.labels, draft, reopens, t) {
            Some(Statement::Value(field, draft)) => flags.state(field, &draft),
            Some(Statement::Reopen(field)) => flags.reopen(field),
            None => {}
        }
        if draft.scales_twice() {
            let ink = Palette::of(ui.visuals()).serious;
            let wording = finding(FindingCode::ScalingTwice, t.0);
            words_ui(ui, wording.message, Emphasis::Coloured(ink));
            words_ui(ui, wording.hint, Emphasis::Small);
        }
        terms_ui(ui, inspected, t);
    });
    words_ui(ui, &t.fields_open(draft.open().len()), Emphasis::Weak);
    let reason = waits_for(typed, import, inspected, t);
    let (word, reason) = (t.continue_import(), reason.as_deref());
    let mut back = false;
    let leads_on = end_ui(ui, word, reason, view, Some(&mut back));
    let next = match (leads_on, back) {
        (true, _) => Some(Step::Trial),
        (false, true) => Some(Step::File),
        (false, false) => asked,
    };
    if next.is_some() {
        // What is being typed is a statement once the step is left.
        flags.id = Some(typed.id.trim().to_owned()).filter(|id| !id.is_empty());
        flags.labels = typed.labels.typed().or(flags.labels);
    }
    if (&flags.id, flags.preset) != (&import.flags.id, import.flags.preset) {
        // The statement was about the model with the former id.
        flags.replace = false;
    }
    if flags != import.flags {
        view.action(Action::Library(Library::Flags(Box::new(flags))));
    }
    next
}

/// Why the last step cannot be taken, half typed labels included.
pub fn waits_for(
    typed: &Typed,
    import: &Import,
    inspected: &Inspected,
    t: Texts,
) -> Option<String> {
    let half = typed.labels.is_typed() && typed.labels.typed().is_none();
    reason(import, inspected, t).or(half.then(|| t.label_needed().to_owned()))
}

/// Why the import cannot go on.
pub fn reason(import: &Import, inspected: &Inspected, t: Texts) -> Option<String> {
    if !inspected.unknown.is_empty() {
        let fields: Vec<_> = inspected.unknown.iter().map(|f| t.card_field(f)).collect();
        return Some(format!("{} {}", t.missing_fields(), fields.join(t.comma())));
    }
    let is_taken = inspected.taken_id().is_some() && !import.flags.replace;
    is_taken.then(|| t.name_first().to_owned())
}

/// The name of the model, and the question about another one of this name.
fn name_ui(
    ui: &mut Ui,
    typed: &mut Typed,
    flags: &mut ImportFlags,
    inspected: &Inspected,
    t: Texts,
) {
    let id = inspected.draft.id.as_deref().unwrap_or_default();
    if let Some(id) = text_ui(ui, t.model_id(), &mut typed.id, (id, None), t) {
        flags.id = Some(id).filter(|id| !id.is_empty());
    }
    id_taken_ui(ui, typed, flags, inspected, t);
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

/// The output that was chosen, and the last activation of a network that ends without one.
fn end_of_network_ui(ui: &mut Ui, flags: &mut ImportFlags, inspected: &Inspected, t: Texts) {
    if let Some(output) = flags.output.clone() {
        titled_ui(ui, t.output(), |ui, _| {
            ui.label(shown(&output));
            if ui.button(t.other_output()).clicked() {
                (flags.output, flags.head) = (None, None);
            }
        });
    }
    let facts = &inspected.facts;
    if facts.form == Form::WeightsOnly.as_str()
        || !(facts.head == Head::Linear || facts.head_is_applied)
    {
        return;
    }
    let heads: &[Head] = match facts.units {
        1 => &[Head::Linear, Head::Sigmoid],
        _ => &[Head::Softmax, Head::Sigmoid],
    };
    titled_ui(ui, t.last_activation(), |ui, title| {
        let word = |head| t.activation_of_logits(head, facts.units);
        let combo = ComboBox::from_id_salt("last activation").width(FIELD_WIDTH);
        let combo = combo.selected_text(word(facts.head)).show_ui(ui, |ui| {
            for &head in heads {
                if ui
                    .selectable_label(facts.head == head, word(head))
                    .clicked()
                {
                    flags.head = Some(head).filter(|head| *head != Head::Linear);
                }
            }
        });
        combo.response.labelled_by(title.id);
    });
    aside_ui(ui, t.last_activation_tip());
}

/// The citation and notices that the preset requires, before anything is stored.
fn terms_ui(ui: &mut Ui, inspected: &Inspected, t: Texts) {
    let draft = &inspected.draft;
    let in_words = |b: &Bilingual| match t.0 {
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
