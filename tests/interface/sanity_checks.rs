//! The sanity checks of the map in view, from the button to the verdict.

use egui_kittest::kittest::Queryable;
use gantei::domain::{Finding, FindingCode};
use gantei::saliency::sanity_checks::NotComparable;
use gantei::text::report::Report;
use gantei::text::sanity_checks::signed;
use gantei::text::{Lang, detail, finding};

use crate::desk::{BOTH, Desk, Scene};

/// High enough for the whole panel.
fn tall(lang: Lang) -> Desk {
    Scene::new(lang)
        .size([1320.0, 2200.0])
        .files(&["a.jpg"])
        .open()
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
        for seen in [t.last_block(), t.all_layers(), t.variant_jpeg()] {
            assert!(desk.sees(seen), "{seen}");
        }
        let sanity_checks = desk.state().sanity_checks().unwrap();
        let survives = |f: &&Finding| f.code == FindingCode::MapSurvivesShuffling;
        let warnings = sanity_checks.warnings();
        let warning = warnings.iter().find(survives).expect("it looks at colours");
        let message = finding(warning.code, lang).message;
        let reported = desk.harness.query_all_by_label(message).count();
        assert!(
            reported >= 2,
            "beside the controls and among the cautions: {reported}"
        );
        let figure = detail(warning, lang).unwrap();
        assert!(desk.sees(&figure) && !desk.reads("last-block"), "{figure}");
        let shuffled = sanity_checks
            .randomised
            .iter()
            .map(|r| (r.not_comparable, r.correlation));
        for (not_comparable, likeness) in shuffled {
            let figure = match not_comparable {
                Some(NotComparable::Constant) => t.no_map_constant().to_owned(),
                Some(NotComparable::NotANumber) => t.no_map_number().to_owned(),
                None => signed(likeness.signed.unwrap(), 2),
            };
            assert!(desk.sees(&figure), "{figure}");
        }
        for one in &sanity_checks.stability {
            let likeness = signed(one.correlation.signed.unwrap(), 2);
            let change = signed(one.change.unwrap(), 3);
            assert!(
                desk.sees(&likeness) && desk.sees(&change),
                "{likeness} {change}"
            );
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
