//! The check of a model's preprocessing.

use egui_kittest::kittest::Queryable;
use gantei::app::action::Purpose;
use gantei::domain::{EngineUsed, Scaling, Task};
use gantei::evaluation::{
    Figure, Meaning, Options, Question, Role, Unclear, Unused, Used, ValuesQuestion,
};
use gantei::text::Lang;
use gantei::text::check::Remark;
use gantei::text::labels::not_used;
use gantei::workflow::check_import::{
    CheckReport, CheckRow, Choice, ColumnRead, Failed, LabelOrder, LeftOut, Said, TableRead, Tried,
};

use crate::desk::{BOTH, Desk, Scene};
use crate::play;

/// Three settings; the second is the card's, the third is told apart.
fn report(model: &str) -> CheckReport {
    let card = play::card(model, "", false);
    let row = |rank: usize, scaling: Scaling, value: f64| {
        let mut input = card.input.clone();
        input.scaling = scaling;
        CheckRow {
            rank,
            input,
            same: vec![],
            value,
            interval: [value - 0.04, value + 0.02],
            flipped: false,
            behind_best: 0.95 - value,
            behind_best_interval: [0.0, 0.1],
            inseparable: rank < 3,
            training_distance: Some(0.05 * rank as f64),
            of_card: rank == 2,
        }
    };
    CheckReport {
        schema: 1,
        research_only: "",
        model: model.into(),
        model_sha256: card.source_sha256.clone(),
        task: Task::Sex,
        figure: Figure::Auc,
        images: 50,
        persons: 25,
        persons_known: true,
        label_counts: vec![],
        card_input: card.input.clone(),
        rows: vec![
            row(1, Scaling::Unit, 0.95),
            row(2, Scaling::Tf, 0.94),
            row(3, Scaling::Raw, 0.61),
        ],
        unusable: vec![],
        chance: 0.001,
        usable: true,
        tried: Tried {
            settings: 48,
            of: 160,
            followed: 4,
        },
        remarks: vec![
            Said(Remark::Inseparable { count: 2 }),
            Said(Remark::Optimistic),
        ],
        bootstrap: Options::default(),
        table: TableRead {
            encoding: "UTF-8",
            delimiter: ",".into(),
            columns: vec![
                ColumnRead {
                    holds: "image",
                    name: "image_id".into(),
                },
                ColumnRead {
                    holds: "sex",
                    name: "patient_sex".into(),
                },
            ],
            values: vec![Used {
                value: "1".into(),
                label: Some("male".into()),
                rows: 4,
            }],
        },
        left_out: LeftOut {
            failed_images: vec![Failed {
                image: "broken.png".into(),
                error: "it ends too early".into(),
            }],
            ..LeftOut::default()
        },
        opened_again: 0,
        interrupted: false,
        engine: EngineUsed {
            engine: "rten".into(),
            provider: "embedded".into(),
            version: "0.27".into(),
        },
        findings: vec![],
        scores: vec![],
        applied: None,
    }
}

fn scene(lang: Lang) -> Scene {
    Scene::new(lang)
        .dialog(Purpose::CheckLabels, &["study/labels.csv"])
        .dialog(Purpose::CheckImages, &["study/eyes"])
        .dialog(Purpose::Keras, &["mine.h5"])
        .size([1320.0, 1600.0])
}

/// The page on a model of the list, with labels and photographs given.
fn given(lang: Lang, model: &str) -> Desk {
    let mut desk = scene(lang).open();
    let t = desk.t;
    desk.menu(t.menu_models());
    desk.pick(t.models_sheet());
    desk.rest();
    desk.click(&format!("{}: {model}", t.check_sheet()));
    desk.rest();
    say_what_is_given(&mut desk);
    desk
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

/// Clicks what may lie below the lower edge of the page.
fn click(desk: &mut Desk, name: &str) {
    desk.node(name).scroll_to_me();
    desk.rest();
    desk.click(name);
}

fn finish(desk: &mut Desk, model: &str) {
    finish_with(desk, report(model));
}

fn finish_with(desk: &mut Desk, report: CheckReport) {
    *desk.play.check_says.lock().unwrap() = Some(report);
    desk.play.checks.release(1);
    desk.click(desk.t.check_now());
    desk.until("the report", |d| d.sees(d.t.check_verdict()));
    desk.rest();
}

#[test]
fn settings_are_ranked_and_one_goes_into_the_card_after_a_second_word() {
    for lang in BOTH {
        let mut desk = given(lang, "Study model");
        let t = desk.t;
        finish(&mut desk, "study");
        {
            let requests = desk.play.check_requests.lock().unwrap();
            assert_eq!(requests[0].model, "study");
            assert_eq!(requests[0].labels, std::path::Path::new("study/labels.csv"));
        }
        // How many images there were, and in the same breath what was left out.
        let not_used = not_used(&[(Unused::Failed, 1)], lang);
        assert!(desk.sees(&t.sentences(&t.check_used(50, Some(25)), &not_used)));
        let columns = [("image", "image_id"), ("sex", "patient_sex")];
        assert!(desk.sees(&t.check_read(&columns, &[("1", Some("male"))])));
        assert!(desk.sees(&Remark::Inseparable { count: 2 }.said(lang)));
        assert!(desk.sees(&Remark::Optimistic.said(lang)));
        let figure = t.check_figure("0.950", "0.910", "0.970");
        assert!(desk.sees(&format!("1. unit square rgb pil-bilinear   {figure}")));
        assert!(desk.reads(t.check_inseparable()) && desk.reads(t.check_of_card()));
        click(&mut desk, &format!("{} (1)", t.check_left_out()));
        desk.until("the list", |d| d.reads("broken.png (it ends too early)"));
        desk.rest();

        click(&mut desk, &format!("{}: 2", t.check_use()));
        desk.rest();
        assert!(desk.sees(t.check_use_card()));
        assert!(desk.play.settings_used.lock().unwrap().is_empty());
        click(&mut desk, t.cancel());
        desk.rest();
        assert!(!desk.sees(t.check_use_card()));
        click(&mut desk, &format!("{}: 2", t.check_use()));
        desk.rest();
        click(&mut desk, t.check_use());
        desk.until("the card", |d| d.sees(d.t.check_in_card()));
        desk.rest();
        assert!(!desk.sees(t.check_swapped()));
        let used = desk.play.settings_used.lock().unwrap().clone();
        assert_eq!(used, [("study".to_owned(), Choice::row(2))]);
    }
}

#[test]
fn labels_are_exchanged_only_where_that_is_said() {
    for lang in BOTH {
        let mut desk = given(lang, "Study model");
        let t = desk.t;
        let mut flipped = report("study");
        flipped.rows[0].flipped = true;
        finish_with(&mut desk, flipped);
        click(&mut desk, &format!("{}: 1", t.check_use()));
        desk.rest();
        assert!(desk.sees(t.check_use_flipped()) && desk.sees(t.check_use_keep()));
        click(&mut desk, t.check_use_swap());
        desk.until("the card", |d| d.sees(d.t.check_swapped()));
        desk.rest();
        let used = desk.play.settings_used.lock().unwrap().clone();
        let order = Some(LabelOrder::Swap);
        let choice = Choice {
            row: Some(1),
            order,
        };
        assert_eq!(used, [("study".to_owned(), choice)]);
    }
}

#[test]
fn what_the_table_leaves_open_is_answered_on_the_page() {
    for lang in BOTH {
        let mut desk = given(lang, "Study model");
        let t = desk.t;
        desk.play.check_asks.lock().unwrap().extend([
            Question::Column {
                role: Role::Sex,
                found: vec!["sex".into(), "gender".into()],
                why: Unclear::Several,
            },
            Question::Values(ValuesQuestion {
                column: "gender".into(),
                labels: ["female".into(), "male".into()],
                values: vec![("1".into(), 4), ("2".into(), 3), ("9".into(), 1)],
                more: 0,
            }),
        ]);
        desk.play.checks.release(1);
        desk.click(t.check_now());
        desk.until("the columns", |d| {
            d.sees(&d.t.check_which_column(Role::Sex))
        });
        desk.rest();
        assert!(desk.is_disabled(t.check_now()), "the column is open");
        click(&mut desk, "gender");
        desk.until("an answer", |d| !d.is_disabled(d.t.check_now()));
        desk.rest();
        desk.play.checks.release(1);
        click(&mut desk, t.check_now());
        desk.until("the values", |d| {
            d.sees(&d.t.check_which_label("gender", 0))
        });
        desk.rest();
        assert!(desk.sees(&t.check_value("1", 4)) && desk.sees(&t.check_value("9", 1)));
        click(&mut desk, "1: male");
        desk.rest();
        click(&mut desk, "2: female");
        desk.rest();
        assert!(desk.is_disabled(t.check_now()), "9 is open");
        click(&mut desk, &format!("9: {}", t.check_leave_out()));
        desk.until("all answers", |d| !d.is_disabled(d.t.check_now()));
        desk.rest();
        finish_with(&mut desk, report("study"));
        let requests = desk.play.check_requests.lock().unwrap();
        let answers = &requests[2].answers;
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
        let mut desk = given(lang, "Study model");
        let t = desk.t;
        *desk.play.check_says.lock().unwrap() = Some(report("study"));
        desk.click(t.check_now());
        desk.until("the first figures", |d| d.reads(d.t.check_so_far()));
        assert!(desk.sees("0.950  unit square rgb pil-bilinear"));
        assert!(desk.is_disabled(t.check_now()) && desk.is_disabled(t.check_choose_labels()));
        desk.click(t.check_stop());
        desk.until("the end", |d| !d.is_disabled(d.t.check_now()));
        desk.rest();
        assert_eq!(desk.play.checks.cancelled(), 1);
        assert!(!desk.sees(t.check_verdict()));
    }
}

#[test]
fn models_that_ship_are_checked_and_keep_their_cards() {
    for lang in BOTH {
        let name = Desk::new(lang, &[]).demonstration();
        let mut desk = given(lang, &name);
        let t = desk.t;
        finish(&mut desk, "demo");
        assert!(desk.sees(t.check_bundled()));
        assert!(!desk.reads(t.check_use()));
    }
}

#[test]
fn a_file_is_checked_before_its_import_and_the_form_takes_the_setting() {
    for lang in BOTH {
        let mut desk = scene(lang).open();
        let t = desk.t;
        desk.menu(t.menu_models());
        desk.pick(t.import_model());
        desk.rest();
        desk.click(t.choose_keras());
        desk.until("the file", |d| d.sees(d.t.file_says()));
        desk.rest();
        // The page in the column of titles has the same name.
        let both = desk.harness.query_all_by_label(t.check_sheet());
        both.max_by(|a, b| a.rect().left().total_cmp(&b.rect().left()))
            .unwrap()
            .click();
        desk.rest();
        say_what_is_given(&mut desk);
        finish(&mut desk, "mine");
        assert_eq!(desk.play.check_requests.lock().unwrap()[0].model, "mine.h5");
        click(&mut desk, &format!("{}: 1", t.check_use()));
        desk.rest();
        assert!(desk.sees(t.check_use_form()));
        click(&mut desk, t.check_use());
        desk.until("the form", |d| d.sees(d.t.check_in_form()));
        desk.rest();
        let flags = &desk.state().library.import.as_ref().unwrap().flags;
        assert_eq!(flags.scaling, Some(Scaling::Unit));
    }
}

#[test]
fn a_table_that_cannot_be_read_says_why() {
    for lang in BOTH {
        let mut desk = given(lang, "Study model");
        desk.play.checks.release(1);
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
    desk.menu(t.menu_models());
    desk.pick(t.models_sheet());
    desk.rest();
    desk.click(&format!("{}: Study model", t.check_sheet()));
    desk.rest();
    desk.click(t.check_choose_labels());
    desk.until("the field", |d| d.sees(d.t.check_labels_field()));
    desk.rest();
    desk.enter(t.check_labels_field(), "study/labels.csv");
    desk.enter(t.check_images_field(), "study/eyes");
    desk.until("both", |d| !d.is_disabled(d.t.check_now()));
    desk.rest();
}
