//! The check of a model's preprocessing.

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;
use gantei::app::state::{CheckedModel, Loadable, Purpose};
use gantei::domain::FieldSource;
use gantei::evaluation::{Meaning, Role, Unused};
use gantei::text::Lang;
use gantei::text::check::{Remark, Verdict};
use gantei::text::labels::not_used;
use gantei::text::report::capital;
use gantei::workflow::check_import::{CheckReport, CheckRow};

use crate::desk::{BOTH, Desk, Scene};
use crate::home::STUDY;

/// Labels for the plain, the green and the broken photographs, as the study model predicts them.
const RIGHT: [&str; 3] = ["male", "female", "male"];
/// The opposite.
const WRONG: [&str; 3] = ["female", "male", "female"];

fn scene(lang: Lang) -> Scene {
    Scene::new(lang)
        .files(&["a.jpg"])
        .dialog(Purpose::CheckLabels, &["study/labels.csv"])
        .dialog(Purpose::CheckImages, &["study/eyes"])
        .dialog(Purpose::Keras, &["mine.onnx"])
        .size([1320.0, 1600.0])
}

/// The page for a model of the list, with labels and photographs chosen.
fn given(lang: Lang, model: &str, labels: [&str; 3]) -> Desk {
    let mut desk = scene(lang).open();
    desk.home.put_study("image_id,patient_sex", labels);
    show(&mut desk, model);
    say_what_is_given(&mut desk);
    desk
}

fn show(desk: &mut Desk, model: &str) {
    let t = desk.t;
    desk.menu(t.menu_models());
    desk.pick(t.models_sheet());
    desk.rest();
    desk.reach(&format!("{}: {model}", t.check_sheet()));
    desk.rest();
}

fn say_what_is_given(desk: &mut Desk) {
    let t = desk.t;
    assert!(desk.is_disabled(t.check_now()), "something is missing");
    desk.click(t.check_choose_labels());
    desk.until("the table", |d| d.sees("labels.csv"));
    desk.rest();
    desk.click(t.check_choose_images());
    desk.until("the folder", |d| d.sees("eyes"));
    desk.rest();
}

fn finish(desk: &mut Desk) -> CheckReport {
    desk.click(desk.t.check_now());
    desk.until("the report", |d| d.sees(d.t.check_verdict()));
    desk.rest();
    CheckReport::clone(desk.state().check.finished().unwrap())
}

/// The table row of a setting.
fn line(desk: &Desk, row: &CheckRow) -> String {
    let [low, high] = row.interval.map(|v| format!("{v:.3}"));
    let figure = desk
        .t
        .check_figure(&format!("{:.3}", row.value), &low, &high);
    format!("{}. {figure}", row.rank)
}

#[test]
fn settings_are_ranked_and_one_goes_into_the_card_after_a_second_word() {
    for lang in BOTH {
        let mut desk = given(lang, "Study model", RIGHT);
        let t = desk.t;
        let report = finish(&mut desk);
        assert_eq!((report.model.as_str(), report.images), (STUDY, 8));
        // The number of images, and in the same sentence what was left out.
        let persons = report.persons_known.then_some(report.persons);
        let not_used = not_used(&[(Unused::Failed, 1)], lang);
        assert!(desk.sees(&t.sentences(&t.check_used(8, persons), &not_used)));
        // The verdict is the first line, and what else was noticed is behind it.
        assert!(desk.sees(report.verdict().wording(lang)));
        let top = |d: &Desk, name: &str| d.harness.get_by_label(name).rect().top();
        let verdict = top(&desk, report.verdict().wording(lang));
        assert!(verdict < top(&desk, t.check_settings()));
        let others = report.remarks.iter();
        let others = others.filter(|r| !matches!(r.0, Remark::Fields { .. }));
        desk.reach(&format!("{} ({})", t.check_remarks(), others.count()));
        desk.rest();
        let columns = [("image", "image_id"), ("sex", "patient_sex")];
        let values = report.table.values.iter();
        let values: Vec<_> = values.map(|u| (&*u.value, u.label.as_deref())).collect();
        assert!(desk.sees(&t.check_read(&columns, &values)));
        assert!(!report.remarks.is_empty());
        for remark in &report.remarks {
            let wording = remark.0.wording(lang);
            assert!(desk.sees(&wording), "{wording}");
        }
        let first = line(&desk, &report.rows[0]);
        assert!(desk.sees(&first), "{first}");
        // In words of the field, without the names in cards.
        let words = t.input_in_words(&report.rows[0].input);
        assert!(desk.sees(&capital(&words)), "{words}");
        for code in ["(tf)", "pil-", "cv2", "(rgb)", "(square)"] {
            assert!(!desk.reads(code), "{code}");
        }
        assert!(desk.reads(t.check_inseparable()));
        desk.reach(&format!("{} (1)", t.check_left_out()));
        desk.until("the list", |d| d.reads("broken0.png ("));
        desk.rest();
        desk.reach(t.check_more_rows());
        desk.until("all rows", |d| d.reads(t.check_of_card()));
        desk.rest();

        let before = desk.home.model_folder(STUDY).card().unwrap();
        desk.reach(&format!("{}: 2", t.check_use()));
        desk.rest();
        assert!(desk.sees(t.check_use_card()));
        desk.reach(t.cancel());
        desk.rest();
        assert!(!desk.sees(t.check_use_card()));
        assert_eq!(desk.home.model_folder(STUDY).card().unwrap(), before);
        desk.reach(&format!("{}: 2", t.check_use()));
        desk.rest();
        desk.reach(t.check_use());
        desk.until("the card", |d| d.sees(d.t.check_in_card()));
        desk.rest();
        assert!(!desk.sees(t.check_swapped()));
        let card = desk.home.model_folder(STUDY).card().unwrap();
        assert_eq!(card.input, report.rows[1].input);
        assert_eq!(card.labels, before.labels);
    }
}

#[test]
fn labels_are_exchanged_only_where_that_is_said() {
    for lang in BOTH {
        let mut desk = given(lang, "Study model", WRONG);
        let t = desk.t;
        let report = finish(&mut desk);
        assert!(report.rows[0].flipped);
        assert_eq!(report.verdict(), Verdict::Reversed);
        assert!(desk.sees(Verdict::Reversed.wording(lang)));
        desk.reach(&format!("{}: 1", t.check_use()));
        desk.rest();
        assert!(desk.sees(t.check_use_flipped()) && desk.sees(t.check_use_keep()));
        desk.reach(t.check_use_swap());
        desk.until("the card", |d| d.sees(d.t.check_swapped()));
        desk.rest();
        let card = desk.home.model_folder(STUDY).card().unwrap();
        assert_eq!(card.labels, ["male", "female"]);
        assert_eq!(card.input, report.rows[0].input);
    }
}

#[test]
fn what_the_table_leaves_open_is_answered_on_the_page() {
    for lang in BOTH {
        let mut desk = scene(lang).open();
        let t = desk.t;
        let rows = ["x,1", "y,2", "x,9"];
        desk.home.put_study("image,sex,gender", rows);
        show(&mut desk, "Study model");
        say_what_is_given(&mut desk);
        desk.click(t.check_now());
        desk.until("the columns", |d| {
            d.sees(&d.t.check_which_column(Role::Sex))
        });
        desk.rest();
        assert!(desk.is_disabled(t.check_now()), "the column is open");
        desk.reach("gender");
        desk.until("an answer", |d| !d.is_disabled(d.t.check_now()));
        desk.rest();
        desk.reach(t.check_now());
        desk.until("the values", |d| {
            d.sees(&d.t.check_which_label("gender", 0))
        });
        desk.rest();
        assert!(desk.sees(&t.check_value("1", 4)) && desk.sees(&t.check_value("9", 1)));
        desk.reach("1: male");
        desk.rest();
        desk.reach("2: female");
        desk.rest();
        assert!(desk.is_disabled(t.check_now()), "9 is open");
        desk.reach(&format!("9: {}", t.check_leave_out()));
        desk.until("all answers", |d| !d.is_disabled(d.t.check_now()));
        desk.rest();
        finish(&mut desk);
        let answers = &desk.state().check.asked.answers;
        assert_eq!(answers.columns, [(Role::Sex, "gender".to_owned())]);
        let label = |word: &str| Meaning::Label(word.to_owned());
        let values = [
            ("1", label("male")),
            ("2", label("female")),
            ("9", Meaning::LeaveOut),
        ];
        let values = values.map(|(value, meaning)| (value.to_owned(), meaning));
        assert_eq!(answers.values, values);
    }
}

#[test]
fn a_check_shows_how_things_stand_and_can_be_stopped() {
    for lang in BOTH {
        let mut desk = given(lang, "Study model", RIGHT);
        let t = desk.t;
        desk.engine.covers().hold();
        desk.engine.maps().hold();
        desk.click(t.check_now());
        // A metric needs photographs of both labels.
        desk.until("the first figures", |d| {
            d.engine.covers().release(4);
            d.engine.maps().release(4);
            let interim = d.state().check.interim.as_ref();
            interim.is_some_and(|i| !i.rows.is_empty())
        });
        assert!(desk.reads(t.check_so_far()));
        let interim = desk.state().check.interim.clone().unwrap();
        let (input, value) = &interim.rows[0];
        let best = format!("{value:.3}  {}", t.input_in_words(input));
        assert!(desk.sees(&best), "{best}");
        assert!(desk.is_disabled(t.check_now()) && desk.is_disabled(t.check_choose_labels()));
        desk.click(t.check_stop());
        desk.until("the end", |d| !d.is_disabled(d.t.check_now()));
        desk.rest();
        // The finished part counts.
        assert!(desk.sees(t.check_verdict()));
        assert!(desk.state().check.finished().unwrap().interrupted);
    }
}

#[test]
fn models_that_ship_are_checked_and_keep_their_cards() {
    for lang in BOTH {
        let name = Desk::new(lang, &["a.jpg"]).demonstration();
        let mut desk = given(lang, &name, RIGHT);
        let t = desk.t;
        finish(&mut desk);
        assert!(desk.sees(t.check_bundled()));
        assert!(!desk.reads(t.check_use()));
    }
}

#[test]
fn a_file_is_checked_before_its_import_and_the_form_takes_the_setting() {
    for lang in BOTH {
        let mut desk = scene(lang).open();
        let t = desk.t;
        desk.home.put_study("image_id,patient_sex", RIGHT);
        desk.home.put_model("mine.onnx");
        desk.menu(t.menu_models());
        desk.pick(t.import_model());
        desk.rest();
        desk.click(t.choose_keras());
        desk.until("the file", |d| d.sees(d.t.confirm_intro()));
        desk.rest();
        desk.reach(t.continue_import());
        desk.rest();
        assert!(desk.sees(t.trial_intro()));
        say_what_is_given(&mut desk);
        let report = finish(&mut desk);
        // The library holds the same file; what the form says about it counts.
        assert_eq!(report.model, "mine");
        desk.reach(&format!("{}: 1", t.check_use()));
        desk.rest();
        assert!(desk.sees(t.check_use_form()));
        desk.reach(t.check_use());
        desk.until("the form", |d| d.sees(d.t.check_in_form()));
        desk.rest();
        // Fields that the photographs determine are confirmed by them; the others stay open.
        let import = desk.state().library.import.as_ref().unwrap();
        let Loadable::Ready(inspected) = &import.inspected else {
            panic!();
        };
        let draft = &inspected.draft;
        assert_eq!(draft.input.scaling, Some(report.rows[0].input.scaling));
        let by_labels = draft
            .settled
            .values()
            .filter(|h| **h == FieldSource::Labels);
        assert!(by_labels.count() > 0);
        let open = draft.open();
        let open: Vec<&str> = open.iter().map(|f| t.card_field(f.name())).collect();
        assert!(open.is_empty() || desk.sees(&t.imported_as_unconfirmed(&open)));
        desk.reach(t.import_now());
        desk.until("the message", |d| d.sees(&d.t.imported("mine")));
        desk.rest();
        let card = desk.home.model_folder("mine").card().unwrap();
        assert_eq!(card.input.scaling, report.rows[0].input.scaling);
    }
}

#[test]
fn the_check_is_reached_from_the_menu_and_by_its_words_for_the_model_in_view() {
    for lang in BOTH {
        let mut desk = scene(lang).open();
        let t = desk.t;
        desk.menu(t.menu_models());
        desk.pick(t.check_sheet());
        desk.rest();
        assert!(desk.sees(t.check_intro()));
        let missing = t.choose_first(&[t.check_labels(), t.check_images()]);
        assert!(desk.sees(&missing) && desk.is_disabled(t.check_now()));
        let model = desk.state().model().unwrap().id.clone();
        let subject = desk.state().check.subject.clone();
        assert_eq!(subject, Some(CheckedModel::Model(model)));
        desk.press(Key::Escape);
        desk.rest();
        for (page, seen) in [
            (t.check_sheet(), t.check_intro()),
            (t.get_joir(), t.joir_step_1()),
        ] {
            desk.press_with(Modifiers::COMMAND, Key::K);
            desk.rest();
            desk.type_into(t.palette(), page);
            desk.press(Key::Enter);
            desk.rest();
            assert!(desk.sees(seen));
            desk.press(Key::Escape);
            desk.rest();
        }
    }
}

#[test]
fn a_table_that_cannot_be_read_says_why() {
    for lang in BOTH {
        let mut desk = given(lang, "Study model", RIGHT);
        let table = desk.home.path("study/labels.csv");
        std::fs::write(table, "image,sex\n").unwrap();
        desk.click(desk.t.check_now());
        desk.until("the reason", |d| {
            d.sees(match lang {
                Lang::En => "The table of labels is empty.",
                Lang::Ja => "ラベルの表が空です。",
            })
        });
        desk.rest();
    }
}

#[test]
fn without_a_file_dialog_the_paths_are_typed() {
    let mut desk = scene(Lang::En).no_dialog().open();
    let t = desk.t;
    desk.home.put_study("image_id,patient_sex", RIGHT);
    show(&mut desk, "Study model");
    desk.click(t.check_choose_labels());
    desk.until("the field", |d| d.sees(d.t.check_labels_field()));
    desk.rest();
    let [labels, images] = ["study/labels.csv", "study/eyes"].map(|p| desk.home.path(p));
    desk.enter(t.check_labels_field(), labels.to_str().unwrap());
    desk.enter(t.check_images_field(), images.to_str().unwrap());
    desk.until("both", |d| !d.is_disabled(d.t.check_now()));
    desk.rest();
}
