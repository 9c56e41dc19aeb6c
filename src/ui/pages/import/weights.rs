//! Fields that a file of weights alone, or one without an input size, does not contain: the user is asked, nothing is
//! guessed. The file is read again with all answers at once.

use egui::{DragValue, Ui};
use strum::VariantArray;

use crate::app::Failure;
use crate::domain::{Head, HeadNorm, HiddenActivation, Pooling};
use crate::keras::Architecture;
use crate::text::window::Texts;
use crate::ui::pages::choices::choice_ui;
use crate::ui::rows::{Emphasis, titled_ui, value_ui, wide_titles_ui, words_ui};
use crate::ui::theme;
use crate::workflow::ImportFlags;

/// Default input size, in pixels, while the network itself is still open.
const USUAL_SIZE: u32 = 224;

/// The default of Keras for the epsilon of a batch norm.
const USUAL_EPSILON: f64 = 1e-3;

const HEADS: [Head; 3] = [Head::Sigmoid, Head::Softmax, Head::Linear];

/// Asks for the open fields; returns the titles of those without an answer.
pub fn open_ui<'t>(
    ui: &mut Ui,
    answers: &mut ImportFlags,
    failure: &Failure,
    t: Texts,
) -> Vec<&'t str> {
    let titles: Vec<&str> = asked(answers, failure, t).collect();
    wide_titles_ui(ui, &titles, |ui| fields_ui(ui, answers, failure, t))
}

/// The titles of the fields that the page shows.
fn asked(answers: &ImportFlags, failure: &Failure, t: Texts) -> impl Iterator<Item = &'static str> {
    let desired = |name: &str| failure.open.iter().any(|field| field == name);
    let fields = [
        (answers.head.is_some(), "head"),
        (answers.hidden_activation.is_some(), "hidden_activation"),
        (answers.pooling.is_some(), "pooling"),
        (answers.head_norm.is_some(), "head_norm"),
        (answers.imagenet_rescaling.is_some(), "imagenet_rescaling"),
        (answers.norm_epsilon.is_some(), "norm_epsilon"),
        (answers.input_size.is_some(), "input_size"),
    ];
    let shown = fields.map(|(is_answered, name)| (is_answered || desired(name)).then_some(name));
    shown
        .into_iter()
        .flatten()
        .map(move |name| t.card_field(name))
}

fn fields_ui<'t>(
    ui: &mut Ui,
    answers: &mut ImportFlags,
    failure: &Failure,
    t: Texts,
) -> Vec<&'t str> {
    let network = failure.network.or(answers.architecture);
    if let Some(found) = failure.network.filter(|_| answers.architecture.is_none()) {
        ui.heading(t.file_says());
        ui.add_space(theme::GAP);
        value_ui(ui, t.architecture(), found.as_str());
        ui.add_space(theme::GAP);
    }
    ui.heading(t.still_open());
    words_ui(ui, t.weights_only_asks(), Emphasis::Plain);
    ui.add_space(theme::GAP);
    let desired = |name: &str| failure.open.iter().any(|field| field == name);
    let mut unanswered = Vec::new();
    let mut ask = |ui: &mut Ui, name: &str, title, field: &mut dyn Field| {
        if desired(name) || field.is_answered() {
            field.ask_ui(ui, title, t);
            if !field.is_answered() {
                unanswered.push(title);
            }
        }
    };
    ask(ui, "head", t.head(), &mut answers.head);
    let (hidden, title) = (&mut answers.hidden_activation, t.hidden_activation());
    ask(ui, "hidden_activation", title, hidden);
    ask(ui, "pooling", t.pooling(), &mut answers.pooling);
    ask(ui, "head_norm", t.head_norm(), &mut answers.head_norm);
    let (rescaling, title) = (&mut answers.imagenet_rescaling, t.imagenet_rescaling());
    ask(ui, "imagenet_rescaling", title, rescaling);
    if desired("norm_epsilon") || answers.norm_epsilon.is_some() {
        epsilon_ui(ui, &mut answers.norm_epsilon, t);
    }
    if desired("input_size") || answers.input_size.is_some() {
        size_ui(ui, &mut answers.input_size, network, t);
    }
    unanswered
}

/// The answers with the usual values that were left as they are.
pub fn completed(answers: &ImportFlags, failure: &Failure) -> ImportFlags {
    let desired = |name: &str| failure.open.iter().any(|field| field == name);
    let network = failure.network.or(answers.architecture);
    let usual = [network.map_or(USUAL_SIZE, Architecture::usual_size); 2];
    ImportFlags {
        input_size: (answers.input_size).or(desired("input_size").then_some(usual)),
        norm_epsilon: (answers.norm_epsilon).or(desired("norm_epsilon").then_some(USUAL_EPSILON)),
        ..answers.clone()
    }
}

/// A question with a few answers.
trait Field {
    fn is_answered(&self) -> bool;
    fn ask_ui(&mut self, ui: &mut Ui, title: &str, t: Texts);
}

impl<T: Answer> Field for Option<T> {
    fn is_answered(&self) -> bool {
        self.is_some()
    }

    fn ask_ui(&mut self, ui: &mut Ui, title: &str, t: Texts) {
        let word = |value: T| value.word(t);
        let chosen = choice_ui(ui, title, (*self, None), T::ALL, word, t);
        *self = chosen.or(*self);
    }
}

trait Answer: Copy + PartialEq + 'static {
    const ALL: &'static [Self];
    fn word(self, t: Texts) -> &'static str;
}

impl Answer for Head {
    const ALL: &'static [Self] = &HEADS;

    fn word(self, t: Texts) -> &'static str {
        t.head_choice(self)
    }
}

impl Answer for HiddenActivation {
    const ALL: &'static [Self] = &[Self::Relu, Self::Linear];

    fn word(self, _: Texts) -> &'static str {
        self.as_str()
    }
}

impl Answer for Pooling {
    const ALL: &'static [Self] = Self::VARIANTS;

    fn word(self, t: Texts) -> &'static str {
        t.pooling_choice(self)
    }
}

impl Answer for HeadNorm {
    const ALL: &'static [Self] = Self::VARIANTS;

    fn word(self, t: Texts) -> &'static str {
        t.head_norm_choice(self)
    }
}

impl Answer for bool {
    const ALL: &'static [Self] = &[true, false];

    fn word(self, t: Texts) -> &'static str {
        if self { t.yes() } else { t.no() }
    }
}

/// Begins with the default of Keras.
fn epsilon_ui(ui: &mut Ui, epsilon: &mut Option<f64>, t: Texts) {
    titled_ui(ui, t.norm_epsilon(), |ui, title| {
        let mut shown = epsilon.unwrap_or(USUAL_EPSILON);
        let drag = DragValue::new(&mut shown)
            .range(1e-12..=1.0)
            .speed(1e-4)
            .max_decimals(12);
        if ui.add(drag).labelled_by(title.id).changed() {
            *epsilon = Some(shown);
        }
        if shown == USUAL_EPSILON {
            ui.weak(t.usual_of("Keras"));
        }
    });
}

/// Begins with the usual input size of the network.
fn size_ui(ui: &mut Ui, size: &mut Option<[u32; 2]>, network: Option<Architecture>, t: Texts) {
    let usual = network.map_or(USUAL_SIZE, Architecture::usual_size);
    titled_ui(ui, t.input_size(), |ui, _| {
        let mut shown = size.unwrap_or([usual; 2]);
        let [height, width] = &mut shown;
        for (name, side) in [(t.width(), width), (t.height(), height)] {
            let label = ui.weak(name);
            let drag = DragValue::new(side).range(16..=4096).suffix(" px");
            if ui.add(drag).labelled_by(label.id).changed() {
                *size = Some([0; 2]);
            }
        }
        if size.is_some() {
            *size = Some(shown);
        }
        if let Some(network) = network.filter(|_| shown == [usual; 2]) {
            ui.weak(t.usual_of(network.as_str()));
        }
    });
}

#[cfg(test)]
mod tests {
    use egui::Role;
    use egui_kittest::Harness;
    use egui_kittest::kittest::Queryable;

    use super::*;
    use crate::text::Lang;

    #[test]
    fn a_small_number_can_be_typed() {
        let t = Texts(Lang::En);
        let page = move |ui: &mut Ui, epsilon: &mut Option<f64>| epsilon_ui(ui, epsilon, t);
        let mut harness = Harness::new_ui_state(page, None);
        harness.get_by_role(Role::SpinButton).focus();
        harness.run();
        for (typed, shown) in [("1", 1.0), ("e-5", 1e-5)] {
            harness.event(egui::Event::Text(typed.to_owned()));
            harness.run();
            assert_eq!(*harness.state(), Some(shown), "{typed}");
        }
    }

    #[test]
    fn width_and_height_have_names() {
        let t = Texts(Lang::En);
        let page = move |ui: &mut Ui, size: &mut Option<[u32; 2]>| {
            size_ui(ui, size, Some(Architecture::MobileNet), t);
        };
        let mut harness = Harness::new_ui_state(page, None);
        harness.run();
        for name in [t.width(), t.height()] {
            harness.get_by_role_and_label(Role::SpinButton, name);
        }
        harness.get_by_label(&t.usual_of("MobileNet"));
        assert_eq!(*harness.state(), None, "nothing is stated by looking at it");
    }
}
