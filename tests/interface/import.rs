//! The import of a Keras file.

use std::path::Path;

use egui::Key;
use egui_kittest::kittest::Queryable;
use gantei::app::state::Purpose;
use gantei::domain::{ColourOrder, Crop, FieldSource, Head, Pooling, Resize, Scaling, Task};
use gantei::text::Lang;

use crate::desk::{BOTH, Desk, Scene};
use crate::home::STUDY;

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

#[test]
fn the_form_tells_what_the_file_says_and_marks_what_is_guessed() {
    for lang in BOTH {
        let desk = read(lang, "joir.h5");
        let t = desk.t;
        assert!(desk.sees(t.file_says()) && desk.sees(t.still_open()));
        for fact in FACTS {
            assert!(desk.sees(fact), "{fact}");
        }
        assert!(desk.sees(t.guesses_marked()), "guesses are marked");
        assert!(desk.sees(t.field_source_word(FieldSource::Convention)));
        assert!(!desk.reads(t.missing_fields()));
    }
}

#[test]
fn a_model_is_imported_when_everything_is_said_and_then_chosen() {
    for lang in BOTH {
        let mut desk = read(lang, "mine.onnx");
        let t = desk.t;
        choose(&mut desk, t.task(), t.task_choice(Task::Sex));
        choose(&mut desk, t.scaling(), t.scaling_choice(Scaling::Tf));
        choose(
            &mut desk,
            t.colour_order(),
            t.colour_choice(ColourOrder::Rgb),
        );
        choose(&mut desk, t.resize(), t.resize_choice(Resize::PilBilinear));
        choose(&mut desk, t.crop(), t.crop_choice(Crop::Square));
        desk.type_into(t.label_0(), "female");
        desk.type_into(t.label_1(), "male");
        desk.press(Key::Enter);
        desk.rest();
        let threshold = desk
            .harness
            .get_by_role_and_label(egui::Role::SpinButton, t.threshold());
        threshold.set_value_accesskit(0.4);
        desk.rest();
        desk.until("the form", |d| !d.is_disabled(d.t.import_now()));
        desk.rest();
        assert!(!desk.reads(t.missing_fields()));
        desk.node(t.import_now()).scroll_to_me();
        desk.rest();
        desk.click(t.import_now());
        desk.until("the message", |d| d.sees(&d.t.imported("mine")));
        let card = desk.home.model_folder("mine").card().unwrap();
        assert_eq!((card.task, card.input.scaling), (Task::Sex, Scaling::Tf));
        assert_eq!(card.labels, ["female", "male"]);
        assert_eq!(card.threshold, Some(0.4));
        desk.until("the model", |d| {
            d.state().model().is_some_and(|m| m.id == "mine")
        });
        desk.rest();
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
        desk.until("the file", |d| d.sees(d.t.file_says()));
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
    desk.until("the form", |d| d.sees(d.t.file_says()));
    let flags = &desk.state().library.import.as_ref().unwrap().flags;
    assert_eq!(flags.members, ["b.h5", "d.json"]);
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
fn a_preset_says_what_is_assumed() {
    for lang in BOTH {
        let mut desk = read(lang, "joir.h5");
        let t = desk.t;
        choose(&mut desk, t.preset(), "JOIR EfficientNet-B7");
        desk.until("the draft", |d| !d.is_disabled(d.t.import_now()));
        desk.rest();
        assert!(desk.sees(t.field_source_word(FieldSource::Preset)));
        assert!(desk.sees(t.terms()) && desk.sees(t.acknowledgment()));
    }
}

#[test]
fn what_a_file_of_weights_cannot_tell_is_asked() {
    for lang in BOTH {
        let mut desk = read(lang, "weights.h5");
        let t = desk.t;
        assert!(desk.sees(t.weights_only_asks()));
        // What the kernels reveal is shown, and the usual input size of that network is marked as a guess.
        assert!(desk.sees(t.file_says()) && desk.sees("MobileNet"));
        assert!(desk.sees(t.field_source_word(FieldSource::Convention)));
        assert!(desk.is_disabled(t.import_now()));
        desk.click(&format!("{}: {}", t.apply(), t.input_size()));
        // While the file is read again, the form is hidden, and the guess with it.
        desk.until("the answer", |d| {
            d.sees(d.t.head()) && !d.sees(d.t.field_source_word(FieldSource::Convention))
        });
        let flags = &desk.state().library.import.as_ref().unwrap().flags;
        assert_eq!(flags.input_size, Some([224, 224]));
        choose(&mut desk, t.head(), t.head_choice(Head::Sigmoid));
        desk.until("the pooling", |d| d.sees(d.t.pooling()));
        choose(&mut desk, t.pooling(), t.pooling_choice(Pooling::Avg));
        desk.until("the form", |d| !d.sees(d.t.weights_only_asks()));
        desk.rest();
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
        assert!(desk.is_disabled(desk.t.import_now()));
        desk.click(desk.t.cancel());
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
            "The model has layers that are not supported: LayerNormalization (strange_norm); Conv2DTranspose (strange_conv).",
        ),
        (
            "layers.h5",
            Lang::Ja,
            "対応していない層があります: LayerNormalization (strange_norm)、Conv2DTranspose (strange_conv)。",
        ),
    ] {
        let desk = read(lang, file);
        assert!(desk.sees(why), "{why}");
        assert!(desk.is_disabled(desk.t.import_now()));
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
    desk.until("the form", |d| d.sees(d.t.file_says()));
    desk.rest();
}

/// A file whose id is already taken by a model in the library.
fn taken(lang: Lang) -> Desk {
    let mut desk = read(lang, "mine.onnx");
    let t = desk.t;
    choose(&mut desk, t.preset(), "JOIR EfficientNet-B7");
    desk.until("the draft", |d| !d.is_disabled(d.t.import_now()));
    desk.enter(t.model_id(), STUDY);
    desk.until("the question", |d| d.sees(&d.t.id_taken(STUDY)));
    desk.rest();
    assert!(desk.is_disabled(t.import_now()));
    desk
}

#[test]
fn an_id_that_a_model_has_is_asked_about() {
    let flags = |d: &Desk| d.state().library.import.as_ref().unwrap().flags.clone();
    for lang in BOTH {
        let mut desk = taken(lang);
        let both = desk.t.keep_both_as("study-2");
        desk.click(&both);
        desk.until("another id", |d| !d.is_disabled(d.t.import_now()));
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
        desk.until("the answer", |d| !d.is_disabled(d.t.import_now()));
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
