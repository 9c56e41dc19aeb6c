//! The evaluation of a study in the window: figures by model and unit, photographs behind a cell, a moved threshold, files,
//! and what cannot be evaluated.

use std::fs;

use gantei::app::apply::study::evaluation::EvaluateStudy;
use gantei::app::apply::{Action, Evaluation as Act, apply};
use gantei::app::state::{EvaluatedPart, Evaluation, Loadable, Purpose};
use gantei::evaluation::performance::{LeftOut, Undefined, Unit};
use gantei::text::Lang;
use gantei::text::performance::undefined;

use crate::desk::{BOTH, Desk, Scene};
use crate::home::STUDY;
use crate::study::created;

/// Two kinds of eyes that the model tells apart; the third of the first kind is recorded as the other.
const EYES: [&str; 6] = [
    "eyes/a0_OD.png",
    "eyes/a1_OS.png",
    "eyes/a2_OD.png",
    "eyes/z0_OD.png",
    "eyes/z1_OS.png",
    "eyes/z2_OD.png",
];
pub const TABLE: &str =
    "image,sex,person\na0_OD,F,p\na1_OS,F,p\na2_OD,M,q\nz0_OD,M,r\nz1_OS,M,r\nz2_OD,M,s\n";

fn evaluation(desk: &Desk) -> &Evaluation {
    &desk.state().study.evaluation
}

/// A study of these eyes.
pub fn study(lang: Lang) -> Desk {
    let scene = Scene::new(lang)
        .files(&EYES)
        .dialog(Purpose::StudyFolder, &["my study"])
        .dialog(Purpose::Labels, &["labels.csv"])
        .dialog(Purpose::EvaluationFolder, &["out"])
        .size([1320.0, 1700.0])
        .with(|s| s.models = vec![STUDY.into()]);
    scene.put_text("labels.csv", TABLE);
    let mut desk = scene.open();
    created(&mut desk);
    desk
}

pub fn run(desk: &mut Desk) {
    desk.click(desk.t.study_run());
    desk.until("the run", |d| {
        let open = d.state().study.open.as_ref().unwrap();
        open.run.as_ref().is_some_and(|run| run.end.is_some())
    });
    desk.rest();
}

pub fn label(desk: &mut Desk, table: &str) {
    fs::write(desk.home.path("labels.csv"), table).unwrap();
    let t = desk.t;
    desk.click(t.labels_open());
    desk.rest();
    desk.click(t.check_choose_labels());
    desk.until("what was found", |d| d.sees(d.t.labels_found()));
    desk.rest();
    desk.reach(t.labels_confirm());
    desk.until("the labels", |d| {
        let open = d.state().study.open.as_ref().unwrap();
        open.study.labels.is_some()
    });
    desk.rest();
    desk.press(egui::Key::Escape);
}

fn evaluate(desk: &mut Desk) {
    let t = desk.t;
    desk.menu(t.menu_study());
    desk.pick(t.evaluate());
    desk.until("the evaluation", |d| {
        matches!(
            evaluation(d).report,
            Loadable::Ready(_) | Loadable::Failed(_)
        )
    });
    desk.rest();
}

fn evaluated(lang: Lang, table: &str) -> Desk {
    let mut desk = study(lang);
    run(&mut desk);
    label(&mut desk, table);
    evaluate(&mut desk);
    desk
}

#[test]
fn figures_are_shown_by_unit_and_nothing_moves_at_rest() {
    for lang in BOTH {
        let mut desk = evaluated(lang, TABLE);
        let t = desk.t;
        assert!(desk.sees(&t.evaluation_of("my study")));
        let words = t.evaluated_cases(Unit::Photograph, 6, 6);
        assert!(desk.reads(&words), "{words}");
        // Another figure without meaning has its sentence.
        desk.click(t.unit(Unit::Person));
        desk.rest();
        assert_eq!(evaluation(&desk).view.unit, Unit::Person);
        assert!(desk.reads(&t.evaluated_cases(Unit::Person, 4, 6)));
        for tab in [
            t.evaluation_curves(),
            t.evaluation_subgroups(),
            t.evaluation_models(),
            t.evaluation_figures(),
        ] {
            desk.click(tab);
            desk.rest();
        }
    }
}

#[test]
fn a_cell_lists_its_photographs_and_leads_back() {
    for lang in BOTH {
        let mut desk = evaluated(lang, TABLE);
        let t = desk.t;
        desk.click(t.evaluation_curves());
        desk.rest();
        // The model tells the two kinds apart: the eye with the wrong label is alone in its cell.
        let scores = evaluation(&desk).scores().unwrap();
        let counts = evaluation(&desk).confusion.unwrap();
        assert_eq!(counts.cases(), 6);
        let given = scores.scores()[2] >= 0.5;
        let labels = ["female", "male"];
        let alone = match given {
            true => counts.true_positives,
            false => counts.false_negatives,
        };
        desk.reach(&t.confusion_cell("male", labels[usize::from(given)], alone));
        desk.rest();
        assert!(desk.names().contains(&"a2_OD.png".to_owned()));
        assert_eq!(desk.names().len(), alone as usize);
        assert!(desk.sees(t.evaluation_back()), "the page has made room");
        desk.click(t.evaluation_back());
        desk.rest();
        assert!(desk.sees(&t.evaluation_of("my study")));
        desk.press(egui::Key::Escape);
        let words = t.evaluated_labels("male", labels[usize::from(given)]);
        desk.click(&t.remove_filter(&format!("{}: {words}", t.evaluated())));
        desk.rest();
        assert_eq!(desk.names().len(), 6);
    }
}

#[test]
fn bins_cases_and_subgroups_are_filters_too() {
    let desk = evaluated(Lang::En, TABLE);
    let mut state = desk.state().clone();
    let bins = 20;
    let scores = evaluation(&desk).scores().unwrap();
    let bin = ((scores.scores()[0] * bins as f64) as usize).min(bins - 1);
    let parts = [
        EvaluatedPart::Scores {
            recorded: false,
            bin,
            bins,
        },
        EvaluatedPart::Calibration(0),
        EvaluatedPart::Case(3),
        EvaluatedPart::Subgroup(0),
    ];
    for part in parts {
        apply(&mut state, Action::Evaluation(Act::Show(part.clone())));
        let filter = state.list.only.evaluated.as_ref().unwrap();
        assert!(!state.rows.is_empty() && state.rows.len() < 6, "{part:?}");
        assert_eq!(state.rows.len(), filter.photographs.len());
        assert_eq!(state.selected, state.rows.first().copied());
    }
    apply(
        &mut state,
        Action::Evaluation(Act::Show(EvaluatedPart::Model(0))),
    );
    assert_eq!(state.rows.len(), 6);
    let before = state.list.clone();
    let nothing = Act::Show(EvaluatedPart::Subgroup(1000));
    apply(&mut state, Action::Evaluation(nothing));
    assert_eq!(state.list, before);
}

#[test]
fn a_threshold_moved_after_looking_is_marked() {
    for lang in BOTH {
        let mut desk = evaluated(lang, TABLE);
        let t = desk.t;
        assert!(desk.reads(&t.at_threshold("0.500", &t.label("male"))));
        desk.click(t.evaluation_curves());
        desk.rest();
        // A press on the plot moves the point there; the slider does the same.
        let title = gantei::text::performance::PlotText(lang).roc();
        desk.click_role(egui::Role::Image, title);
        desk.rest();
        assert!(evaluation(&desk).view.threshold.is_some());
        desk.slider(t.threshold()).set_value_accesskit(0.3);
        desk.rest();
        let moved = evaluation(&desk).view.threshold.expect("it is moved");
        let digits = gantei::text::figure_values::number(moved, 3);
        let mark = t.threshold_moved(&digits, "0.500");
        assert!(desk.sees(&mark));
        desk.click(t.evaluation_figures());
        desk.rest();
        assert!(desk.sees(&mark), "also beside the figures");
        assert!(matches!(evaluation(&desk).moved, Loadable::Ready(_)));
        desk.click(t.evaluation_curves());
        desk.rest();
        desk.click(t.threshold_fixed_again());
        desk.rest();
        assert_eq!(evaluation(&desk).view.threshold, None);
        assert!(!desk.sees(&mark));
    }
}

#[test]
fn the_same_files_are_written_as_by_the_command_line() {
    let mut desk = evaluated(Lang::En, TABLE);
    desk.click(desk.t.evaluation_export());
    desk.until("the files", |d| {
        !evaluation(d).writing && d.home.path("out/evaluation.xlsx").exists()
    });
    desk.rest();
    for file in ["figures.csv", "flow.csv", "evaluation.json", "roc.svg"] {
        assert!(desk.home.path("out").join(file).exists(), "{file}");
    }
}

#[test]
fn a_study_without_labels_or_results_says_so() {
    for lang in BOTH {
        let mut desk = study(lang);
        let t = desk.t;
        desk.click(t.evaluate());
        desk.until("the refusal", |d| {
            matches!(evaluation(d).report, Loadable::Failed(_))
        });
        desk.rest();
        let Loadable::Failed(failure) = &evaluation(&desk).report else {
            panic!("it has no labels");
        };
        assert!(desk.sees(&failure.message(lang)) && desk.sees(&failure.hint(lang)));
        label(&mut desk, TABLE);
        evaluate(&mut desk);
        assert!(desk.sees(t.evaluation_needs_answers()));
        let why = gantei::text::evaluation::left_out(LeftOut::NoAnswer, lang);
        desk.reach(&format!("{why}: 6"));
        desk.rest();
        let filter = desk.state().list.only.evaluated.clone();
        let filter = filter.expect("the reason lists its photographs");
        assert_eq!(filter.photographs.len(), 6);
        assert!(desk.reads(why));
    }
}

#[test]
fn with_one_label_only_a_sentence_stands_in_place_of_the_figure() {
    let table = TABLE.replace(",F,", ",M,");
    for lang in BOTH {
        let mut desk = evaluated(lang, &table);
        let t = desk.t;
        let words = undefined(Undefined::OneLabel, lang);
        assert!(desk.sees(words));
        desk.click(t.evaluation_curves());
        desk.rest();
        let title = gantei::text::performance::PlotText(lang).roc();
        assert!(!desk.sees(title), "there is no curve");
    }
}

#[test]
fn a_cancelled_evaluation_is_stopped_and_a_late_report_ignored() {
    let desk = evaluated(Lang::En, TABLE);
    let report = evaluation(&desk).ready().cloned();
    let mut state = desk.state().clone();
    let effects = apply(&mut state, Action::Evaluation(Act::Start));
    assert!(
        effects
            .iter()
            .any(|e| e.started::<EvaluateStudy>().is_some())
    );
    assert!(state.study.evaluation.report.is_pending());
    let effects = apply(&mut state, Action::Evaluation(Act::Cancel));
    let slot = gantei::app::Slot::of::<EvaluateStudy>();
    let stops = |e: &gantei::app::Effect| matches!(e, gantei::app::Effect::Stop(of) if *of == slot);
    assert!(effects.iter().any(stops));
    assert!(matches!(
        state.study.evaluation.report,
        Loadable::NotRequested
    ));
    assert!(report.is_some());
}
