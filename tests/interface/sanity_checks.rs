//! The sanity checks of the map in view, from the button to the verdict.

use egui_kittest::kittest::Queryable;
use gantei::domain::{Finding, FindingCode};
use gantei::text::report::Report;
use gantei::text::sanity_checks::{CheckLine, CheckOutcome, SanityCheck, lines};
use gantei::text::{Lang, finding};
use gantei::ui::Tab;

use crate::desk::{BOTH, Desk, Scene};

/// High enough for the whole panel.
fn tall(lang: Lang) -> Desk {
    let scene = Scene::new(lang).size([1320.0, 2200.0]);
    let mut desk = scene.files(&["a.jpg"]).open();
    desk.tab(Tab::Checks);
    desk
}

fn run(desk: &mut Desk) {
    let t = desk.t;
    desk.click(t.run_sanity_checks());
    desk.until("the controls to begin", |d| {
        d.state().are_sanity_checks_running()
    });
}

#[test]
fn one_click_runs_them_and_each_part_appears_as_it_is_finished() {
    for lang in BOTH {
        let mut desk = tall(lang);
        let t = desk.t;
        assert!(
            desk.is_disabled(t.run_sanity_checks()),
            "there is no map yet"
        );
        desk.run_and_wait();
        desk.engine.maps().hold();
        run(&mut desk);
        desk.until("the verdict", |d| {
            let is_there = d
                .state()
                .sanity_checks()
                .is_some_and(|c| c.deletion.is_some());
            // One pass at a time, and none for the checks that follow.
            d.engine.maps().release(usize::from(!is_there));
            is_there
        });
        let sanity_checks = desk.state().sanity_checks().unwrap();
        let outside = sanity_checks.outside.unwrap();
        assert!(desk.sees(&t.share_outside(outside.evidence, outside.area)));
        assert!(desk.reads(t.cells_hidden()));
        assert!(!desk.sees(t.weights_shuffled()), "not there yet");
        let deletion = sanity_checks.deletion.as_ref().unwrap();
        let card = desk.state().model().unwrap().card.clone();
        let verdict = gantei::export::sanity_checks::verdict(deletion, Some(&card));
        let verdict = Report(lang).verdict(&verdict);
        assert!(desk.sees(&verdict), "{verdict}");

        desk.engine.maps().open();
        desk.until("all parts", |d| !d.state().are_sanity_checks_running());
        desk.rest();
        let sanity_checks = desk.state().sanity_checks().unwrap().clone();
        let warnings = sanity_checks.warnings();
        let survives = |f: &&Finding| f.code == FindingCode::MapSurvivesShuffling;
        let warning = warnings.iter().find(survives).expect("it looks at colours");
        let message = finding(warning.code, lang).message;
        let reported = desk.harness.query_all_by_label(message).count();
        let found = warnings.iter().filter(survives).count();
        assert!(
            reported <= found + 1,
            "no finding twice: {reported} of {found}"
        );
        let report = Report(lang);
        let lines = lines(&sanity_checks);
        let weights = |line: &&CheckLine| line.check == SanityCheck::Weights;
        let line = lines.iter().find(weights).unwrap();
        assert_eq!(line.outcome, CheckOutcome::Caution);
        for line in &lines {
            let line = report.check_line(line);
            assert!(desk.sees(&line), "{line}");
        }
        for one in &sanity_checks.randomised {
            let figures = report.randomised_map(one);
            assert!(desk.sees(&figures), "{figures}");
        }
        assert!(desk.sees(&report.randomised_limit()));
        for one in &sanity_checks.stability {
            let figures = report.changed_photograph(one, false);
            assert!(desk.sees(&figures), "{figures}");
        }
        assert!(!desk.sees(t.run_sanity_checks()), "they are there");
    }
}

#[test]
fn a_stop_leaves_the_button_and_they_can_be_run_again() {
    for lang in BOTH {
        let mut desk = tall(lang);
        let t = desk.t;
        desk.run_and_wait();
        desk.engine.maps().hold();
        run(&mut desk);
        desk.click(t.stop_sanity_checks());
        desk.until("the stop", |d| d.engine.maps().cancelled() == 1);
        desk.rest();
        assert!(desk.sees(t.run_sanity_checks()));
        assert!(!desk.reads(t.cells_hidden()));
        assert!(desk.state().can_check_map());
    }
}
