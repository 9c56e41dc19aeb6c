//! Fields that a file of weights alone, or one without an input size, does not contain: the user is asked, nothing is
//! guessed.

use egui::{DragValue, Response, Role, Ui, WidgetInfo};
use strum::VariantArray;

use super::Typed;
use crate::app::Failure;
use crate::app::apply::{Action, Library};
use crate::app::state::Import;
use crate::domain::{FieldSource, Head, HeadNorm, HiddenActivation, Pooling};
use crate::keras::Architecture;
use crate::text::window::Texts;
use crate::ui::pages::choices::{choice_ui, mark_ui};
use crate::ui::rows::{Emphasis, titled_ui, value_ui, wide_titles_ui, words_ui};
use crate::ui::theme;
use crate::ui::view::FrameContext;
use crate::workflow::ImportFlags;

/// Default input size, in pixels, while the network itself is still open.
const USUAL_SIZE: u32 = 224;

/// The default of Keras for the epsilon of a batch norm.
const USUAL_EPSILON: f64 = 1e-3;

const HEADS: [Head; 3] = [Head::Sigmoid, Head::Softmax, Head::Linear];

/// Asks for the open fields; the file is read again after every answer.
pub fn open_ui(
    ui: &mut Ui,
    typed: &mut Typed,
    import: &Import,
    failure: &Failure,
    view: &mut FrameContext<'_>,
) {
    let t = view.t;
    let titles = [
        t.architecture(),
        t.head(),
        t.hidden_activation(),
        t.pooling(),
        t.head_norm(),
        t.norm_epsilon(),
        t.imagenet_rescaling(),
        t.input_size(),
    ];
    wide_titles_ui(ui, &titles, |ui| {
        fields_ui(ui, typed, import, failure, view)
    });
}

fn fields_ui(
    ui: &mut Ui,
    typed: &mut Typed,
    import: &Import,
    failure: &Failure,
    view: &mut FrameContext<'_>,
) {
    let t = view.t;
    let mut flags = import.flags.clone();
    let network = failure.network.or(flags.architecture);
    if let Some(found) = failure.network.filter(|_| flags.architecture.is_none()) {
        ui.heading(t.file_says());
        ui.add_space(theme::GAP);
        value_ui(ui, t.architecture(), found.as_str());
        ui.add_space(theme::GAP);
    }
    ui.heading(t.still_open());
    words_ui(ui, t.weights_only_asks(), Emphasis::Plain);
    ui.add_space(theme::GAP);
    let desired = |name: &str| failure.open.iter().any(|field| field == name);
    if desired("head") || flags.head.is_some() {
        let value = (flags.head, None);
        let chosen = choice_ui(ui, t.head(), value, &HEADS, |h| t.head_choice(h), t);
        flags.head = chosen.or(flags.head);
    }
    if desired("hidden_activation") || flags.hidden_activation.is_some() {
        let all = [HiddenActivation::Relu, HiddenActivation::Linear];
        let value = (flags.hidden_activation, None);
        let name = t.hidden_activation();
        let chosen = choice_ui(ui, name, value, &all, HiddenActivation::as_str, t);
        flags.hidden_activation = chosen.or(flags.hidden_activation);
    }
    if desired("pooling") || flags.pooling.is_some() {
        let value = (flags.pooling, None);
        let word = |v| t.pooling_choice(v);
        let chosen = choice_ui(ui, t.pooling(), value, Pooling::VARIANTS, word, t);
        flags.pooling = chosen.or(flags.pooling);
    }
    if desired("head_norm") || flags.head_norm.is_some() {
        let value = (flags.head_norm, None);
        let word = |v| t.head_norm_choice(v);
        let chosen = choice_ui(ui, t.head_norm(), value, HeadNorm::VARIANTS, word, t);
        flags.head_norm = chosen.or(flags.head_norm);
    }
    if desired("norm_epsilon") || flags.norm_epsilon.is_some() {
        epsilon_ui(ui, &mut typed.epsilon, &mut flags, t);
    }
    if desired("imagenet_rescaling") || flags.imagenet_rescaling.is_some() {
        let value = (flags.imagenet_rescaling, None);
        let word = |on: bool| if on { t.yes() } else { t.no() };
        let chosen = choice_ui(ui, t.imagenet_rescaling(), value, &[true, false], word, t);
        flags.imagenet_rescaling = chosen.or(flags.imagenet_rescaling);
    }
    if desired("input_size") {
        let usual = network.map_or(USUAL_SIZE, Architecture::usual_size);
        size_ui(ui, &mut typed.size, [usual; 2], &mut flags, t);
    }
    if flags != import.flags {
        view.action(Action::Library(Library::Flags(Box::new(flags))));
    }
}

/// Preset with the default of Keras and marked as a guess until the user states a value. The file is read again with a
/// finished number, never while one is being typed.
fn epsilon_ui(ui: &mut Ui, epsilon: &mut Option<f64>, flags: &mut ImportFlags, t: Texts) {
    titled_ui(ui, t.norm_epsilon(), |ui, title| {
        let before = epsilon.or(flags.norm_epsilon);
        let mut shown = before.unwrap_or(USUAL_EPSILON);
        let drag = DragValue::new(&mut shown)
            .range(1e-12..=1.0)
            .speed(1e-4)
            .max_decimals(12);
        ui.add(drag).labelled_by(title.id);
        if shown != before.unwrap_or(USUAL_EPSILON) {
            *epsilon = Some(shown);
        }
        let read = ui.button(t.apply());
        named(&read, t.norm_epsilon(), t);
        if read.clicked() {
            flags.norm_epsilon = Some(shown);
        }
        mark_ui(ui, before.is_none().then_some(FieldSource::Convention), t);
    });
}

/// Names the button after its field, for screen readers.
fn named(read: &Response, field: &str, t: Texts) {
    let name = format!("{}: {field}", t.apply());
    read.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
}

/// Preset with the usual input size of the network and marked as a guess until the user states a value.
fn size_ui(
    ui: &mut Ui,
    size: &mut Option<[u32; 2]>,
    usual: [u32; 2],
    flags: &mut ImportFlags,
    t: Texts,
) {
    titled_ui(ui, t.input_size(), |ui, title| {
        let mut shown = size.unwrap_or(usual);
        let [height, width] = &mut shown;
        for side in [width, height] {
            let drag = DragValue::new(side).range(16..=4096).suffix(" px");
            ui.add(drag).labelled_by(title.id);
        }
        if shown != size.unwrap_or(usual) {
            *size = Some(shown);
        }
        let read = ui.button(t.apply());
        named(&read, t.input_size(), t);
        if read.clicked() {
            flags.input_size = Some(shown);
        }
        mark_ui(ui, size.is_none().then_some(FieldSource::Convention), t);
    });
}

#[cfg(test)]
mod tests {
    use egui_kittest::Harness;
    use egui_kittest::kittest::Queryable;

    use super::*;
    use crate::text::Lang;

    #[derive(Default)]
    struct Page {
        typed: Option<f64>,
        flags: ImportFlags,
    }

    #[test]
    fn a_number_counts_when_it_is_finished_and_never_while_it_is_typed() {
        let t = Texts(Lang::En);
        let page = move |ui: &mut Ui, page: &mut Page| {
            epsilon_ui(ui, &mut page.typed, &mut page.flags, t);
        };
        let mut harness = Harness::new_ui_state(page, Page::default());
        harness.get_by_role(Role::SpinButton).focus();
        harness.run();
        for (typed, shown) in [("1", 1.0), ("e-5", 1e-5)] {
            harness.event(egui::Event::Text(typed.to_owned()));
            harness.run();
            assert_eq!(harness.state().flags.norm_epsilon, None, "{typed}");
            assert_eq!(harness.state().typed, Some(shown), "{typed}");
        }
        let read = format!("{}: {}", t.apply(), t.norm_epsilon());
        harness.get_by_label(&read).click();
        harness.run();
        assert_eq!(harness.state().flags.norm_epsilon, Some(1e-5));
    }
}
