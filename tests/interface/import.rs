//! The import of a Keras file.

use std::path::Path;

use egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT, Queryable};
use gantei::app::state::Purpose;
use gantei::domain::{CardField, Crop, FieldSource, Head, Pooling, Scaling, Task};
use gantei::text::Lang;
use gantei::text::report::capital;
use gantei::ui::Tab;

use crate::desk::{BOTH, Desk, Scene};
use crate::home::{DEMO, STUDY};

/// Facts stated by `joir.h5`, a small network written by Keras 2.
const FACTS: [&str; 3] = ["90 × 70 px", "9,078", "2.15.0"];

/// The page with a file that was read.
fn read(lang: Lang, file: &str) -> Desk {
    let scene = Scene::new(lang)
        .files(&["a.jpg"])
        .dialog(Purpose::Keras, &[file]);
    scene.put_model(file);
    let mut desk = scene.size([1320.0, 1600.0]).open();
    let t = desk.t;
    desk.menu(t.menu_models());
    desk.pick(t.import_model());
    desk.rest();
    desk.click(t.choose_keras());
    desk.until("the file", |d| {
        let import = d.state().library.import.as_ref();
        import.is_some_and(|i| !i.inspected.is_pending())
    });
    desk.rest();
    desk
}

/// Chooses an option of a combo box.
fn choose(desk: &mut Desk, field: &str, word: &str) {
    desk.combo(field);
    desk.click_last(word);
    desk.rest();
}

/// The name of the button that confirms a field.
fn confirm(desk: &Desk, field: CardField) -> String {
    let title = match field {
        CardField::Labels => desk.t.label_order(),
        field => desk.t.card_field(field.name()),
    };
    format!("{}: {title}", desk.t.confirm())
}

/// Confirms every field that is open, with the value that it has.
fn confirm_all(desk: &mut Desk) {
    while let Some(field) = draft(desk).open().first().copied() {
        let name = confirm(desk, field);
        desk.reach(&name);
        desk.until("the draft", |d| !draft(d).open().contains(&field));
        desk.rest();
    }
}

fn draft(desk: &Desk) -> gantei::workflow::draft::Draft {
    let import = desk.state().library.import.as_ref().unwrap();
    match &import.inspected {
        gantei::app::state::Loadable::Ready(inspected) => inspected.draft.clone(),
        other => panic!("{other:?}"),
    }
}

/// Goes on to the last step and imports the model.
fn store(desk: &mut Desk, id: &str) {
    desk.reach(desk.t.continue_import());
    desk.rest();
    desk.reach(desk.t.import_now());
    desk.until("the message", |d| d.sees(&d.t.imported(id)));
    desk.until("the model", |d| {
        d.state().model().is_some_and(|m| m.id == id)
    });
    desk.rest();
}

#[test]
fn a_window_that_is_started_with_a_model_file_imports_it() {
    for lang in BOTH {
        let scene = Scene::new(lang);
        scene.put_model("joir.h5");
        let mut desk = scene.given("joir.h5").open();
        desk.until("the file", |d| d.state().library.import.is_some());
        desk.rest();
        assert!(desk.sees(desk.t.import_step_file()));
        assert_eq!(desk.state().photographs.len(), 1, "the sample eye");
    }
}

#[test]
fn the_file_comes_first_and_says_what_it_is() {
    for lang in BOTH {
        let mut desk = read(lang, "joir.h5");
        let t = desk.t;
        // A file that can be read leads to the second step by itself; the first one can be looked at again.
        assert!(desk.sees(t.confirm_intro()) && !desk.sees(FACTS[2]));
        desk.click(t.import_step_file());
        desk.rest();
        for fact in FACTS {
            assert!(desk.sees(fact), "{fact}");
        }
        desk.click(t.continue_import());
        desk.rest();
        assert!(desk.sees(t.confirm_intro()));
    }
}

#[test]
fn every_field_is_confirmed_or_open_and_says_what_it_would_change() {
    for lang in BOTH {
        let desk = read(lang, "joir.h5");
        let t = desk.t;
        let open = draft(&desk).open();
        assert_eq!(open[0], CardField::Labels, "the order of the labels first");
        for field in &open {
            assert!(desk.reads(t.field_stake(*field)), "{field:?}");
            assert!(desk.sees(&confirm(&desk, *field)), "{field:?}");
        }
        // The file itself confirms what it states.
        assert!(!open.contains(&CardField::Head) && desk.sees(t.field_confirmed()));
        assert!(desk.reads(&capital(t.field_source_word(FieldSource::File))));
        assert!(!desk.sees(&confirm(&desk, CardField::Head)));
        assert!(desk.sees(&t.fields_open(open.len())));
        assert!(!desk.reads(t.missing_fields()));
    }
}

#[test]
fn a_right_assumption_is_confirmed_without_a_change_and_can_be_reopened() {
    for lang in BOTH {
        let mut desk = read(lang, "joir.h5");
        let t = desk.t;
        let before = draft(&desk);
        let name = confirm(&desk, CardField::Crop);
        desk.reach(&name);
        desk.until("the draft", |d| {
            draft(d).settled["crop"] == FieldSource::User
        });
        desk.rest();
        assert_eq!(draft(&desk).input, before.input, "no value changed");
        assert_eq!(draft(&desk).open().len(), before.open().len() - 1);
        assert!(!desk.sees(&name));
        desk.reach(&format!("{}: {}", t.reopen(), t.crop()));
        desk.until("the draft", |d| draft(d).open() == before.open());
        desk.rest();
    }
}

#[test]
fn the_mark_of_an_unconfirmed_model_goes_with_its_last_open_field() {
    for lang in BOTH {
        let mut desk = read(lang, "mine.onnx");
        let t = desk.t;
        desk.reach(t.swap_labels());
        desk.until("the draft", |d| {
            draft(d).settled["labels"] == FieldSource::User
        });
        desk.rest();
        desk.reach(t.continue_import());
        desk.rest();
        let open = draft(&desk).open();
        let open: Vec<&str> = open.iter().map(|f| t.card_field(f.name())).collect();
        assert!(desk.sees(&t.imported_as_unconfirmed(&open)));
        desk.reach(t.import_now());
        desk.until("the message", |d| d.sees(&d.t.imported("mine")));
        desk.until("the model", |d| {
            d.state().model().is_some_and(|m| m.id == "mine")
        });
        desk.rest();
        let card = desk.home.model_folder("mine").card().unwrap();
        assert_eq!(card.labels, ["male", "female"]);
        assert_eq!(card.settled["labels"], FieldSource::User);
        assert!(!card.is_confirmed() && desk.reads(t.assumed_fields()));
        desk.press(Key::Escape);
        desk.rest();
        marked_everywhere(&mut desk, true);

        // The editor confirms what is right.
        desk.menu(t.menu_models());
        desk.pick(t.models_sheet());
        desk.rest();
        desk.reach(&format!("{}: {}", t.edit_card(), t.model_name(&card)));
        desk.rest();
        assert!(desk.is_disabled(t.save_card()));
        for field in gantei::workflow::draft::Draft::from(&card).open() {
            let name = confirm(&desk, field);
            desk.reach(&name);
            desk.rest();
        }
        desk.reach(t.save_card());
        desk.until("the card", |d| {
            d.state().model().is_some_and(|m| m.card.is_confirmed())
        });
        desk.rest();
        let after = desk.home.model_folder("mine").card().unwrap();
        assert_eq!(
            (&after.input, after.threshold),
            (&card.input, card.threshold)
        );
        desk.press(Key::Escape);
        desk.rest();
        marked_everywhere(&mut desk, false);
    }
}

/// Whether the imported model is marked in its choice, on the result card, in the table, in the list of models and on its
/// own tab.
fn marked_everywhere(desk: &mut Desk, marked: bool) {
    let t = desk.t;
    let card = desk.state().model().unwrap().card.clone();
    let name = t.model_name(&card);
    assert_eq!(name.contains(t.unconfirmed()), marked);
    let chosen = |d: &Desk| {
        let combo = d
            .harness
            .get_by_role_and_label(egui::Role::ComboBox, t.model());
        combo.accesskit_node().value()
    };
    assert_eq!(chosen(desk).as_deref(), Some(&*name));
    desk.combo(t.model());
    assert!(desk.sees(&name), "in the choice of models");
    desk.press(Key::Escape);
    desk.rest();
    desk.tab(Tab::Model);
    assert!(desk.sees(&name), "on its tab");
    desk.tab(Tab::Result);
    desk.press(Key::F6);
    desk.rest();
    assert!(desk.sees(&t.model_name_short(&card)), "in the table");
    desk.press(Key::F2);
    desk.rest();
    let other = desk.state().installed().iter().find(|m| m.id == DEMO);
    let other = t.model_name(&other.unwrap().card);
    let together = format!("{}: {other}", t.also_run());
    for _ in 0..2 {
        desk.combo(t.model());
        desk.click(&together);
        desk.press(Key::Escape);
        desk.rest();
        if desk.state().chosen_models().len() == 2 {
            assert!(chosen(desk).is_some_and(|c| c.contains(t.unconfirmed()) == marked));
            assert!(desk.sees(&name), "on the result card");
        }
    }
    desk.menu(t.menu_models());
    desk.pick(t.models_sheet());
    desk.rest();
    assert_eq!(desk.sees(t.unconfirmed()), marked, "in the list of models");
    desk.press(Key::Escape);
    desk.rest();
}

#[test]
fn a_model_is_imported_when_everything_is_said_and_then_chosen() {
    for lang in BOTH {
        let mut desk = read(lang, "mine.onnx");
        let t = desk.t;
        choose(&mut desk, t.scaling(), t.scaling_choice(Scaling::Unit));
        choose(&mut desk, t.crop(), t.crop_choice(Crop::Square));
        let threshold = desk
            .harness
            .get_by_role_and_label(egui::Role::SpinButton, t.threshold());
        threshold.set_value_accesskit(0.4);
        desk.rest();
        confirm_all(&mut desk);
        assert!(desk.sees(t.all_confirmed()));
        store(&mut desk, "mine");
        let card = desk.home.model_folder("mine").card().unwrap();
        assert_eq!((card.task, card.input.scaling), (Task::Sex, Scaling::Unit));
        assert_eq!(card.input.crop, Crop::Square);
        assert_eq!(card.labels, ["female", "male"]);
        assert_eq!(card.threshold, Some(0.4));
        assert!(card.is_confirmed());
    }
}

#[test]
fn the_button_that_leads_on_stands_at_the_end_and_says_why_it_waits() {
    for lang in BOTH {
        let mut desk = read(lang, "mine.onnx");
        let t = desk.t;
        choose(&mut desk, t.task(), t.task_choice(Task::Other));
        desk.until("the draft", |d| draft(d).labels.is_none());
        desk.rest();
        desk.node(t.continue_import()).scroll_to_me();
        desk.rest();
        let below = |d: &Desk, name: &str| d.node(name).rect().top();
        assert!(below(&desk, t.continue_import()) > below(&desk, &confirm(&desk, CardField::Crop)));
        assert!(desk.is_disabled(t.continue_import()));
        assert!(desk.is_disabled(t.import_step_trial()));
        let missing = format!("{} {}", t.missing_fields(), t.labels());
        assert!(desk.sees(&missing) && desk.sees(t.field_missing()));
        for (name, label) in [(t.label_0(), "none"), (t.label_1(), "referable")] {
            desk.type_into(name, label);
        }
        desk.press(Key::Enter);
        desk.until("the labels", |d| draft(d).labels.is_some());
        desk.rest();
        assert!(!desk.is_disabled(t.continue_import()) && !desk.sees(&missing));
    }
}

#[test]
fn giving_up_an_import_asks_if_something_was_entered() {
    for lang in BOTH {
        let mut desk = read(lang, "joir.h5");
        let t = desk.t;
        desk.reach(t.cancel_import());
        desk.rest();
        assert!(desk.state().library.import.is_none(), "nothing was entered");
        desk.click(t.choose_keras());
        desk.until("the file", |d| d.sees(d.t.confirm_intro()));
        desk.rest();
        let name = confirm(&desk, CardField::Crop);
        desk.reach(&name);
        desk.until("the draft", |d| !d.sees(&name));
        desk.rest();
        desk.reach(t.cancel_import());
        desk.rest();
        assert!(desk.sees(t.cancel_import_really()));
        desk.click(t.keep_editing());
        assert!(!desk.sees(t.cancel_import_really()));
        assert_eq!(draft(&desk).settled["crop"], FieldSource::User);
        // Closing the sheet keeps what was entered.
        desk.press(Key::Escape);
        desk.rest();
        desk.menu(t.menu_models());
        desk.pick(t.import_model());
        desk.rest();
        assert!(desk.sees(t.confirm_intro()) && !desk.sees(&name));
        desk.reach(t.cancel_import());
        desk.rest();
        desk.click_last(t.discard_edits());
        desk.rest();
        assert!(desk.state().library.import.is_none());
        assert!(desk.sees(t.drop_model()));
    }
}

#[test]
fn of_several_models_in_a_folder_one_is_chosen() {
    for lang in BOTH {
        let scene = Scene::new(lang).files(&["a.jpg"]);
        for name in ["joir.h5", "mine.onnx"] {
            scene.put_model(name);
        }
        let mut desk = scene.size([1320.0, 1600.0]).open();
        let t = desk.t;
        let models = desk.home.put("models");
        for name in ["joir.h5", "mine.onnx"] {
            std::fs::rename(desk.home.path(name), models.join(name)).unwrap();
        }
        desk.menu(t.menu_models());
        desk.pick(t.import_model());
        desk.rest();
        assert!(desk.sees(t.choose_keras_folder()));
        // On this page a folder is no folder of photographs.
        desk.drop_files(&["models"]);
        desk.until("the question", |d| d.sees("joir.h5") && d.sees("mine.onnx"));
        desk.rest();
        desk.click("joir.h5");
        desk.until("the file", |d| d.sees(d.t.confirm_intro()));
        desk.rest();
        assert!(desk.sees("90 × 70 px"));
    }
}

/// Each question used to forget the answer to the other.
#[test]
fn weights_and_their_configuration_are_chosen_one_after_the_other() {
    let fixture = "tests/fixtures/keras/several_files_2.zip";
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join(fixture);
    let mut zip = zip::ZipArchive::new(std::fs::File::open(fixture).unwrap()).unwrap();
    let scene = Scene::new(Lang::En).files(&["a.jpg"]);
    let mut desk = scene.size([1320.0, 1600.0]).open();
    let models = desk.home.put("models");
    for (name, from) in [
        ("a.h5", "model_weights.h5"),
        ("b.h5", "model_weights.h5"),
        ("c.json", "model.json"),
        ("d.json", "model.json"),
    ] {
        let mut file = std::fs::File::create(models.join(name)).unwrap();
        std::io::copy(&mut zip.by_name(from).unwrap(), &mut file).unwrap();
    }
    desk.menu(desk.t.menu_models());
    desk.pick(desk.t.import_model());
    desk.rest();
    desk.drop_files(&["models"]);
    for (seen, chosen) in [("a.h5", "b.h5"), ("c.json", "d.json")] {
        desk.until("the question", |d| d.sees(seen) && d.sees(chosen));
        desk.rest();
        desk.click(chosen);
    }
    desk.until("the form", |d| d.sees(d.t.confirm_intro()));
    let flags = &desk.state().library.import.as_ref().unwrap().flags;
    assert_eq!(flags.members, ["b.h5", "d.json"]);
}

/// The answers about the weights used to forget which file was chosen.
#[test]
fn weights_are_chosen_and_then_asked_about() {
    let scene = Scene::new(Lang::En).files(&["a.jpg"]);
    scene.put_model("weights.h5");
    let mut desk = scene.size([1320.0, 1600.0]).open();
    let t = desk.t;
    let models = desk.home.put("models");
    for name in ["a.h5", "b.h5"] {
        std::fs::copy(desk.home.path("weights.h5"), models.join(name)).unwrap();
    }
    desk.menu(t.menu_models());
    desk.pick(t.import_model());
    desk.rest();
    desk.drop_files(&["models"]);
    desk.until("the question", |d| d.sees("a.h5") && d.sees("b.h5"));
    desk.rest();
    desk.click("b.h5");
    desk.until("the open fields", |d| d.sees(d.t.weights_only_asks()));
    desk.rest();
    choose(&mut desk, t.head(), t.head_choice(Head::Sigmoid));
    choose(&mut desk, t.pooling(), t.pooling_choice(Pooling::Avg));
    desk.click(t.read_file());
    desk.until("the second step", |d| d.sees(d.t.confirm_intro()));
    let flags = &desk.state().library.import.as_ref().unwrap().flags;
    assert_eq!(flags.members, ["b.h5"]);
}

#[test]
fn of_very_many_models_every_one_can_be_chosen() {
    let scene = Scene::new(Lang::En).files(&["a.jpg"]);
    let mut desk = scene.size([1320.0, 1600.0]).open();
    let models = desk.home.put("models");
    for at in 0..25 {
        std::fs::write(models.join(format!("{at:02}.h5")), b"x").unwrap();
    }
    desk.menu(desk.t.menu_models());
    desk.pick(desk.t.import_model());
    desk.rest();
    desk.drop_files(&["models"]);
    desk.until("the question", |d| d.sees("00.h5"));
    desk.rest();
    assert!(!desk.sees("24.h5"));
    let names: Vec<String> = (0..25).map(|at| format!("{at:02}.h5")).collect();
    for name in &names {
        desk.node(name).scroll_to_me();
        desk.rest();
    }
    desk.click("24.h5");
    let flags = &desk.state().library.import.as_ref().unwrap().flags;
    assert_eq!(flags.members, ["24.h5"]);
}

#[test]
fn an_output_and_its_last_activation_are_chosen() {
    for lang in BOTH {
        let mut desk = read(lang, "heads.onnx");
        let t = desk.t;
        assert!(desk.sees("sex") && desk.sees(&t.choose_first(&[t.output()])));
        desk.click("grade");
        let softmax = t.activation_of_logits(Head::Softmax, 5);
        desk.until("the five logits", |d| d.sees(&softmax));
        desk.rest();
        assert!(desk.sees(&t.choose_first(&[t.last_activation()])));
        desk.click(&softmax);
        desk.until("the draft", |d| d.sees(t.confirm_intro()));
        desk.rest();
        assert_eq!(draft(&desk).classes, Some(5));
        let sigmoid = t.activation_of_logits(Head::Sigmoid, 5);
        choose(&mut desk, t.last_activation(), &sigmoid);
        desk.until("five sigmoids", |d| {
            d.sees(t.confirm_intro()) && draft(d).head == Some(Head::Sigmoid)
        });
        desk.rest();

        desk.click(t.other_output());
        desk.until("the outputs", |d| d.sees("sex"));
        desk.rest();
        desk.click("sex");
        desk.until("a value", |d| d.sees(t.confirm_intro()));
        desk.rest();
        assert_eq!(draft(&desk).head, Some(Head::Linear));
        let sigmoid = t.activation_of_logits(Head::Sigmoid, 1);
        choose(&mut desk, t.last_activation(), &sigmoid);
        desk.until("a score", |d| {
            d.sees(t.confirm_intro()) && draft(d).head == Some(Head::Sigmoid)
        });
        desk.rest();
        store(&mut desk, "heads");
        let card = desk.home.model_folder("heads").card().unwrap();
        assert_eq!((card.head, card.task), (Head::Sigmoid, Task::Sex));
    }
}

#[test]
fn a_preset_says_what_is_assumed() {
    for lang in BOTH {
        let mut desk = read(lang, "joir.h5");
        let t = desk.t;
        choose(&mut desk, t.preset(), "JOIR EfficientNet-B7");
        desk.until("the draft", |d| d.sees(d.t.terms()));
        desk.rest();
        assert!(
            draft(&desk)
                .settled
                .values()
                .any(|how| *how == FieldSource::Preset)
        );
        assert!(desk.reads(t.field_stake(CardField::Labels)));
        assert!(desk.sees(t.terms()) && desk.sees(t.acknowledgment()));
    }
}

#[test]
fn what_a_file_of_weights_cannot_tell_is_asked_and_read_with_one_button() {
    for lang in BOTH {
        let mut desk = read(lang, "weights.h5");
        let t = desk.t;
        assert!(desk.sees(t.weights_only_asks()));
        // What the kernels reveal is shown, and the usual input size of that network with names of its sides.
        assert!(desk.sees(t.file_says()) && desk.sees("MobileNet"));
        assert!(desk.sees(t.width()) && desk.sees(t.height()));
        assert!(desk.sees(&t.usual_of("MobileNet")));
        assert!(desk.is_disabled(t.import_step_fields()));
        // The steps are named, and the button that reads the file says what it waits for.
        assert!(desk.is_disabled(t.read_file()));
        assert!(desk.sees(&t.choose_first(&[t.head(), t.pooling()])));
        choose(&mut desk, t.head(), t.head_choice(Head::Sigmoid));
        assert!(desk.sees(&t.choose_first(&[t.pooling()])));
        choose(&mut desk, t.pooling(), t.pooling_choice(Pooling::Avg));
        desk.click(t.read_file());
        desk.until("the second step", |d| d.sees(d.t.confirm_intro()));
        desk.rest();
        let flags = &desk.state().library.import.as_ref().unwrap().flags;
        assert_eq!(flags.input_size, Some([224, 224]));
        assert_eq!(flags.head, Some(Head::Sigmoid));
        // What was stated to read it is confirmed.
        assert!(desk.sees(t.confirm_intro()));
        assert!(!draft(&desk).open().contains(&CardField::Head));
    }
}

#[test]
fn own_figures_of_scaling_are_typed() {
    let mut desk = read(Lang::En, "mine.onnx");
    let t = desk.t;
    assert!(!desk.sees(t.mean()));
    let custom = t.scaling_choice(Scaling::Custom);
    choose(&mut desk, t.scaling(), custom);
    desk.until("the figures", |d| d.sees(d.t.mean()));
    desk.rest();
    let flags = &desk.state().library.import.as_ref().unwrap().flags;
    assert_eq!(flags.mean, Some([0.485, 0.456, 0.406]));
    assert_eq!(flags.std, Some([0.229, 0.224, 0.225]));
}

#[test]
fn a_file_that_is_none_says_so_and_can_be_left() {
    for lang in BOTH {
        let mut desk = read(lang, "broken.h5");
        assert!(desk.sees(match lang {
            Lang::En => {
                "The file is text (a table, a program or notes), not a model."
            }
            Lang::Ja => {
                "このファイルはモデルではなくテキスト(表、プログラム、メモなど)です。"
            }
        }));
        assert!(desk.is_disabled(desk.t.continue_import()));
        assert!(desk.sees(desk.t.choose_file_first()));
        desk.click(desk.t.cancel_import());
        desk.rest();
        assert!(desk.sees(desk.t.choose_keras()));
    }
}

#[test]
fn a_damaged_model_file_and_layers_that_are_not_supported_are_told_in_both_languages() {
    for (file, lang, why) in [
        (
            "cut.h5",
            Lang::En,
            "The model file is damaged: bytes are missing or were changed.",
        ),
        (
            "cut.h5",
            Lang::Ja,
            "モデルファイルが壊れています。データが欠けているか、書き換わっています。",
        ),
        (
            "layers.h5",
            Lang::En,
            "The model has layers that are not supported: Conv2DTranspose (strange_conv).",
        ),
        (
            "layers.h5",
            Lang::Ja,
            "対応していない層があります: Conv2DTranspose (strange_conv)。",
        ),
    ] {
        let desk = read(lang, file);
        assert!(desk.sees(why), "{why}");
        assert!(desk.is_disabled(desk.t.continue_import()));
    }
}

#[test]
fn without_a_file_dialog_the_path_is_typed() {
    let mut desk = Scene::new(Lang::En).no_dialog().open();
    desk.menu(desk.t.menu_models());
    desk.pick(desk.t.import_model());
    desk.rest();
    desk.click(desk.t.choose_keras());
    desk.until("the field", |d| d.sees(d.t.keras_field()));
    let path = desk.home.put_model("mine.onnx");
    desk.enter(desk.t.keras_field(), path.to_str().unwrap());
    desk.until("the form", |d| d.sees(d.t.confirm_intro()));
    desk.rest();
}

/// A file whose id is already taken by a model in the library.
fn taken(lang: Lang) -> Desk {
    let mut desk = read(lang, "mine.onnx");
    let t = desk.t;
    choose(&mut desk, t.preset(), "JOIR EfficientNet-B7");
    desk.until("the draft", |d| !d.is_disabled(d.t.continue_import()));
    desk.enter(t.model_id(), STUDY);
    desk.until("the question", |d| d.sees(&d.t.id_taken(STUDY)));
    desk.rest();
    assert!(desk.is_disabled(t.continue_import()) && desk.sees(t.name_first()));
    desk
}

#[test]
fn an_id_that_a_model_has_is_asked_about() {
    let flags = |d: &Desk| d.state().library.import.as_ref().unwrap().flags.clone();
    for lang in BOTH {
        let mut desk = taken(lang);
        let both = desk.t.keep_both_as("study-2");
        desk.click(&both);
        desk.until("another id", |d| !d.is_disabled(d.t.continue_import()));
        desk.rest();
        assert!(!desk.sees(&desk.t.id_taken(STUDY)));
        let wording = flags(&desk);
        assert_eq!(
            (wording.id.as_deref(), wording.replace),
            (Some("study-2"), false)
        );

        let mut desk = taken(lang);
        let replace = format!("{}: {STUDY}", desk.t.replace_model());
        desk.click(&replace);
        desk.until("the answer", |d| !d.is_disabled(d.t.continue_import()));
        desk.rest();
        assert!(flags(&desk).replace);
        // Replacing was confirmed for one model only.
        desk.enter(desk.t.model_id(), "x");
        desk.until("another id", |d| !d.sees(&d.t.id_taken(STUDY)));
        desk.rest();
        let wording = flags(&desk);
        assert_eq!(
            (wording.id.as_deref(), wording.replace),
            (Some("studyx"), false)
        );
    }
}

/// A click on another step used to lose what was being typed.
#[test]
fn what_is_being_typed_is_entered_when_the_step_is_left() {
    for lang in BOTH {
        let mut desk = read(lang, "mine.onnx");
        let t = desk.t;
        desk.type_into(t.label_0(), "x");
        desk.type_into(t.model_id(), "ours");
        desk.click(t.import_step_trial());
        desk.rest();
        assert!(desk.sees(t.trial_intro()));
        let labels = ["femalex", "male"];
        desk.until("the draft", |d| {
            draft(d).labels.is_some_and(|known| known == labels)
        });
        assert_eq!(draft(&desk).id.as_deref(), Some("ours"));
        desk.reach(t.import_step_fields());
        desk.rest();
        // Half of the labels is no order of labels.
        desk.type_into(t.label_1(), "");
        desk.press_with(Modifiers::COMMAND, Key::A);
        desk.press(Key::Backspace);
        assert!(desk.is_disabled(t.import_step_trial()) && desk.sees(t.label_needed()));
    }
}

#[test]
fn the_scale_and_the_range_of_an_age_are_said_in_the_form() {
    for lang in BOTH {
        let mut desk = read(lang, "age.h5");
        let t = desk.t;
        assert!(!desk.sees(t.threshold()), "an age has none");
        assert!(desk.sees(t.value_scale_tip()));
        for (name, number) in [(t.value_scale(), 12.5), (t.value_offset(), 55.0)] {
            let role = egui::Role::SpinButton;
            let field = desk.harness.get_by_role_and_label(role, name);
            field.set_value_accesskit(number);
            desk.rest();
        }
        desk.node(t.value_range()).scroll_to_me();
        desk.rest();
        desk.click(t.value_range());
        desk.until("the draft", |d| {
            let import = d.state().library.import.as_ref().unwrap();
            import.flags.value_range.is_some()
        });
        desk.rest();
        let flags = &desk.state().library.import.as_ref().unwrap().flags;
        assert_eq!(
            (flags.value_scale, flags.value_offset),
            (Some(12.5), Some(55.0))
        );
        assert_eq!(flags.value_range, Some([18.0, 90.0]));
    }
    // A score has neither.
    let desk = read(Lang::En, "mine.onnx");
    assert!(!desk.sees(desk.t.value_scale_tip()) && desk.sees(desk.t.threshold()));
}
