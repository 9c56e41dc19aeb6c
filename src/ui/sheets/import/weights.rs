//! What a file of weights alone, or one without an input size, cannot tell: it is asked, never guessed.

use egui::{DragValue, Ui};

use crate::app::action::{Action, Library};
use crate::app::state::Import;
use crate::clinic::Head;
use crate::keras::{Architecture, HiddenActivation};
use crate::ui::asked::Asked;
use crate::ui::rows::{Voice, titled_ui, words_ui};
use crate::ui::sheets::choices::choice_ui;
use crate::ui::theme;
use crate::words::window::Texts;
use crate::workflow::ImportFlags;

const HEADS: [Head; 3] = [Head::Sigmoid, Head::Softmax, Head::Linear];

/// Asks for the `open` fields; the file is read again with every answer.
pub fn open_ui(
    ui: &mut Ui,
    size: &mut [u32; 2],
    import: &Import,
    open: &[String],
    t: Texts,
    asked: &mut Asked,
) {
    words_ui(ui, t.weights_only_asks(), Voice::Plain);
    ui.add_space(theme::GAP);
    let mut flags = import.flags.clone();
    let wanted = |name: &str| open.iter().any(|field| field == name);
    if wanted("architecture") || flags.architecture.is_some() {
        let value = (flags.architecture, None);
        let all = &Architecture::ALL;
        let chosen = choice_ui(ui, t.architecture(), value, all, Architecture::as_str, t);
        flags.architecture = chosen.or(flags.architecture);
    }
    if wanted("head") || flags.head.is_some() {
        let value = (flags.head, None);
        let chosen = choice_ui(ui, t.head(), value, &HEADS, |h| t.head_choice(h), t);
        flags.head = chosen.or(flags.head);
    }
    if wanted("hidden_activation") || flags.hidden_activation.is_some() {
        let all = [HiddenActivation::Relu, HiddenActivation::Linear];
        let value = (flags.hidden_activation, None);
        let name = t.hidden_activation();
        let chosen = choice_ui(ui, name, value, &all, HiddenActivation::as_str, t);
        flags.hidden_activation = chosen.or(flags.hidden_activation);
    }
    if wanted("imagenet_rescaling") || flags.imagenet_rescaling.is_some() {
        let value = (flags.imagenet_rescaling, None);
        let word = |on: bool| if on { t.yes() } else { t.no() };
        let chosen = choice_ui(ui, t.imagenet_rescaling(), value, &[true, false], word, t);
        flags.imagenet_rescaling = chosen.or(flags.imagenet_rescaling);
    }
    if wanted("input_size") {
        size_ui(ui, size, &mut flags, t);
    }
    if flags != import.flags {
        asked.action(Action::Library(Library::Flags(Box::new(flags))));
    }
}

fn size_ui(ui: &mut Ui, size: &mut [u32; 2], flags: &mut ImportFlags, t: Texts) {
    titled_ui(ui, t.input_size(), |ui, title| {
        let [height, width] = size;
        for side in [width, height] {
            let drag = DragValue::new(side).range(16..=4096).suffix(" px");
            ui.add(drag).labelled_by(title.id);
        }
        if ui.button(t.read_this()).clicked() {
            flags.input_size = Some(*size);
        }
    });
}
