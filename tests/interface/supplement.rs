//! Labels that a study does not record, in the window: defaults, choices, files, refusals, and making an export again.

use std::fs;

use egui::Key;
use egui_kittest::kittest::Queryable;
use gantei::app::apply::study::replay::ReplayExport;
use gantei::app::apply::study::supplement::{SupplyLabels, WriteSupplement};
use gantei::app::apply::{Action, Replay, Supplement as Act, apply};
use gantei::app::state::{Loadable, Purpose, Supplement};
use gantei::app::{Effect, Slot};
use gantei::domain::Role;
use gantei::progress::Cancel;
use gantei::text::Lang;
use gantei::text::replay::{difference, identical};
use gantei::workflow::study;
use serde_json::Value;

use crate::desk::{BOTH, Desk, Scene};
use crate::home::{DEMO, STUDY};
use crate::study::created;

fn supplement(desk: &Desk) -> &Supplement {
    &desk.state().study.supplement
}

/// Eyes of two kinds that the model tells apart, so many of each; the last of each kind has no recorded label.
fn table(of_each: usize) -> (Vec<String>, String) {
    let mut files = Vec::new();
    let mut rows = "image,sex,person,thickness,smoker\n".to_owned();
    for (kind, sex) in [("a", "M"), ("z", "F")] {
        for number in 0..of_each {
            let sex = if number + 1 < of_each { sex } else { "" };
            files.push(format!("eyes/{kind}{number}.png"));
            let thickness = 90 + number * 7 % 5;
            let smoker = ["no", "yes"][number / 2 % 2];
            rows.push_str(&format!(
                "{kind}{number},{sex},{kind}{number},{thickness},{smoker}\n"
            ));
        }
    }
    (files, rows)
}

fn opened(lang: Lang, of_each: usize, models: &[&str]) -> Desk {
    let (files, rows) = table(of_each);
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let scene = Scene::new(lang)
        .files(&files)
        .dialog(Purpose::StudyFolder, &["my study"])
        .dialog(Purpose::Labels, &["labels.csv"])
        .dialog(Purpose::SupplementFolder, &["out"])
        .dialog(Purpose::ReplayFolder, &["out"])
        .size([1320.0, 1700.0])
        .with(|s| s.models = models.iter().map(|id| (*id).to_owned()).collect());
    scene.put_text("labels.csv", &rows);
    let mut desk = scene.open();
    created(&mut desk);
    desk
}

fn run(desk: &mut Desk) {
    desk.click(desk.t.study_run());
    desk.until("the run", |d| {
        let open = d.state().study.open.as_ref().unwrap();
        open.run.as_ref().is_some_and(|run| run.end.is_some())
    });
    desk.rest();
}

/// Reads the table, of which it keeps these columns.
fn label(desk: &mut Desk, kept: &[&str]) {
    let t = desk.t;
    desk.click(t.labels_open());
    desk.rest();
    desk.click(t.check_choose_labels());
    desk.until("what was found", |d| d.sees(d.t.labels_found()));
    desk.rest();
    for column in kept {
        desk.combo(&format!("{}: {column}", t.labels_holds()));
        // The list is longer than its window.
        let kept = t.role(Some(Role::Covariate));
        let item = desk.harness.query_all_by_label(kept).last();
        item.expect("the roles are listed").scroll_to_me();
        desk.rest();
        desk.click_last(kept);
        desk.rest();
    }
    desk.reach(t.labels_confirm());
    desk.until("the labels", |d| {
        let open = d.state().study.open.as_ref().unwrap();
        open.study.labels.is_some()
    });
    desk.rest();
    desk.press(Key::Escape);
}

fn open_page(desk: &mut Desk) {
    let t = desk.t;
    desk.menu(t.menu_study());
    desk.pick(t.supplement_open());
    desk.rest();
}

fn until_computed(desk: &mut Desk) {
    desk.until("the report", |d| !supplement(d).report.is_pending());
    desk.rest();
}

fn written(desk: &mut Desk) -> Value {
    desk.reach(desk.t.supplement_write());
    let document = desk.home.path("out/supplement.json");
    desk.until("the files", |d| !supplement(d).writing && document.exists());
    desk.rest();
    serde_json::from_slice(&fs::read(document).unwrap()).unwrap()
}

#[test]
fn the_page_opens_with_the_probability_as_default_and_writes_what_the_command_line_writes() {
    for lang in BOTH {
        let mut desk = opened(lang, 6, &[STUDY]);
        run(&mut desk);
        label(&mut desk, &["thickness"]);
        open_page(&mut desk);
        let t = desk.t;
        assert!(desk.sees(&t.supplement_of("my study")));
        let labels = ["female".to_owned(), "male".to_owned()];
        assert!(desk.sees(&t.label_coding(true, &labels)));
        assert!(desk.sees(t.way_covariate_default()) && !desk.sees(t.way_imputation_chosen()));
        let shown = supplement(&desk).ready().expect("it is computed").clone();
        let counts = &shown.counts;
        assert_eq!((counts.recorded, counts.supplied), (10, 2));
        assert!(shown.report.imputations.is_none());
        let folder = desk.home.path("my study");
        let request = &supplement(&desk).request;
        let alone = study::supplement(&folder, request, &Cancel::new()).unwrap();
        assert_eq!(shown.report, alone);
        let document = written(&mut desk);
        assert_eq!(document["imputation"], Value::Null);
        assert_eq!(document["supplemented"], 2);
        assert!(desk.home.path("out/gantei-replay.json").exists());
        desk.click(t.supplement_help());
        desk.rest();
        assert!(desk.sees(t.help_report_is()));
    }
}

#[test]
fn outcome_covariates_and_the_tick_change_what_is_written() {
    let mut desk = opened(Lang::En, 16, &[STUDY]);
    run(&mut desk);
    label(&mut desk, &["thickness", "smoker"]);
    open_page(&mut desk);
    let t = desk.t;
    desk.combo(t.supplement_outcome());
    desk.click_last("thickness");
    until_computed(&mut desk);
    assert!(desk.sees(t.way_imputation_chosen()) && desk.sees(t.way_covariate_also()));
    assert!(desk.sees(&t.labels_drawn(20, 2, 30)));
    desk.click("smoker");
    until_computed(&mut desk);
    desk.click(t.way_label_write());
    until_computed(&mut desk);
    assert!(desk.sees(t.way_label_state()));
    let document = written(&mut desk);
    assert_eq!(document["outcome"], "thickness");
    assert_eq!(document["imputation"]["imputations"], 20);
    let columns = document["imputation"]["coefficients"]["columns"].as_array();
    assert_eq!(columns.unwrap().len(), 2);
    let mice = fs::read_to_string(desk.home.path("out/imputed.mice.csv")).unwrap();
    assert!(mice.lines().count() > 20 * 32);
    // The outcome is no covariate, and without one there is none.
    let mut state = desk.state().clone();
    let outcome = Some("smoker".to_owned());
    apply(&mut state, Action::Supplement(Act::Outcome(outcome)));
    assert!(state.study.supplement.request.covariates.is_empty());
    assert!(
        state.study.supplement.in_view().is_some(),
        "it stays in view"
    );
    apply(&mut state, Action::Supplement(Act::Outcome(None)));
    assert!(state.study.supplement.request.covariates.is_empty());
}

#[test]
fn what_is_missing_is_said_with_the_next_step() {
    for lang in BOTH {
        let mut desk = opened(lang, 3, &[STUDY]);
        let t = desk.t;
        let refused = |desk: &mut Desk, code: &str| {
            desk.press(Key::Escape);
            open_page(desk);
            let Loadable::Failed(failure) = supplement(desk).report.clone() else {
                panic!("{:?}", supplement(desk).report);
            };
            assert_eq!(failure.code, code);
            assert!(desk.sees(&failure.message(lang)) && desk.sees(&failure.hint(lang)));
            assert!(desk.sees(t.labels_open()) && desk.sees(t.show_study()));
        };
        refused(&mut desk, "no-labels");
        label(&mut desk, &[]);
        refused(&mut desk, "no-calibration");
        desk.click(t.show_study());
        desk.rest();
        run(&mut desk);
        refused(&mut desk, "no-calibration");
    }
}

#[test]
fn a_score_against_the_records_and_a_table_without_further_columns_are_said() {
    for lang in BOTH {
        let mut desk = opened(lang, 6, &[STUDY]);
        run(&mut desk);
        let path = desk.home.path("labels.csv");
        let rows = fs::read_to_string(&path).unwrap();
        let swapped = rows
            .replace(",M,", ",?,")
            .replace(",F,", ",M,")
            .replace(",?,", ",F,");
        fs::write(path, swapped).unwrap();
        label(&mut desk, &[]);
        open_page(&mut desk);
        let found = supplement(&desk).ready().expect("it is computed");
        assert!(found.report.calibration.slope < 0.0);
        assert!(desk.sees(desk.t.supplement_slope_negative()));
        assert!(desk.sees(desk.t.supplement_no_columns()));
        assert!(!desk.sees(desk.t.supplement_outcome()));
    }
}

#[test]
fn of_several_models_the_user_says_which() {
    for lang in BOTH {
        let mut desk = opened(lang, 6, &[DEMO, STUDY]);
        label(&mut desk, &["thickness"]);
        open_page(&mut desk);
        let t = desk.t;
        assert!(desk.sees(t.supplement_which_model()));
        assert!(matches!(supplement(&desk).report, Loadable::NotRequested));
        let mut state = desk.state().clone();
        let effects = apply(&mut state, Action::Supplement(Act::Model(STUDY.into())));
        let started = effects.iter().find_map(|e| e.started::<SupplyLabels>());
        assert_eq!(started.unwrap().request.model.as_deref(), Some(STUDY));
    }
}

fn stops(effects: &[Effect], slot: Slot) -> bool {
    effects
        .iter()
        .any(|e| matches!(e, Effect::Stop(of) if *of == slot))
}

#[test]
fn cancelling_stops_the_computation_the_files_and_the_replay() {
    let mut desk = opened(Lang::En, 6, &[STUDY]);
    run(&mut desk);
    label(&mut desk, &["thickness"]);
    open_page(&mut desk);
    let mut state = desk.state().clone();
    let ready = state.study.supplement.clone();
    let mut act = |action: Act| apply(&mut state, Action::Supplement(action));
    let effects = act(Act::Write("elsewhere".into()));
    assert!(
        effects
            .iter()
            .any(|e| e.started::<WriteSupplement>().is_some())
    );
    let effects = act(Act::CancelWriting);
    assert!(stops(&effects, Slot::of::<WriteSupplement>()));
    act(Act::Seed(7));
    let effects = act(Act::Cancel);
    assert!(stops(&effects, Slot::of::<SupplyLabels>()));
    let now = &state.study.supplement;
    assert!(!now.writing && matches!(now.report, Loadable::NotRequested));
    assert!(now.in_view().is_some() && ready.ready().is_some());
    apply(&mut state, Action::Replay(Replay::Start("out".into())));
    assert!(state.study.replay.is_running() && !state.can_run_many());
    let effects = apply(&mut state, Action::Replay(Replay::Cancel));
    assert!(stops(&effects, Slot::of::<ReplayExport>()));
    assert!(!state.study.replay.is_running());
}

#[test]
fn an_export_is_checked_and_what_differs_is_listed() {
    for lang in BOTH {
        let mut desk = opened(lang, 6, &[STUDY]);
        run(&mut desk);
        label(&mut desk, &["thickness"]);
        open_page(&mut desk);
        written(&mut desk);
        desk.press(Key::Escape);
        let t = desk.t;
        desk.menu(t.menu_study());
        desk.pick(t.replay_open());
        desk.rest();
        desk.click(t.replay_choose());
        desk.until("the check", |d| {
            let replay = &d.state().study.replay;
            replay.folder.is_some() && !replay.is_running()
        });
        desk.rest();
        assert!(
            desk.sees(identical(lang)),
            "{:?}",
            desk.state().study.replay.differences
        );
        fs::write(desk.home.path("out/supplement.csv"), "edited").unwrap();
        desk.click(t.replay_again());
        desk.until("the check", |d| !d.state().study.replay.is_running());
        desk.rest();
        let Loadable::Ready(differences) = &desk.state().study.replay.differences else {
            panic!("{:?}", desk.state().study.replay.differences);
        };
        assert_eq!(differences.len(), 1);
        assert!(desk.sees(t.replay_different()));
        assert!(desk.reads(&difference(&differences[0], lang)));
        // A folder without an export is refused.
        fs::remove_file(desk.home.path("out/gantei-replay.json")).unwrap();
        desk.click(t.replay_again());
        desk.until("the refusal", |d| !d.state().study.replay.is_running());
        desk.rest();
        let Loadable::Failed(failure) = &desk.state().study.replay.differences else {
            panic!("it holds no record");
        };
        assert!(desk.sees(&failure.message(lang)) && desk.sees(&failure.hint(lang)));
    }
}
