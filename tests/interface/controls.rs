//! The controls of the map in view, from the button to the verdict.

use egui_kittest::kittest::Queryable;
use gantei::domain::{Code, Detail, Finding, Severity};
use gantei::text::report::Report;
use gantei::text::{Lang, detail, finding};

use crate::desk::{BOTH, Desk, Scene};

/// High enough for all of the panel.
fn tall(lang: Lang) -> Desk {
    Scene::new(lang).size([1320.0, 2200.0]).open()
}

fn run(desk: &mut Desk) {
    let t = desk.t;
    desk.click(t.run_controls());
    desk.until("the controls to begin", |d| d.state().is_controlling_here());
}

#[test]
fn one_click_runs_them_and_each_part_appears_as_it_is_finished() {
    for lang in BOTH {
        let mut desk = tall(lang);
        let t = desk.t;
        assert!(desk.is_disabled(t.run_controls()), "there is no map yet");
        desk.run_and_wait();
        run(&mut desk);
        desk.play.controls.release(2);
        desk.until("the verdict", |d| {
            d.state().controls().is_some_and(|c| c.hiding.is_some())
        });
        assert!(desk.sees(&t.share_outside(0.12, 0.21)));
        assert!(desk.reads(t.cells_hidden()));
        assert!(!desk.sees(t.weights_shuffled()), "not there yet");
        let controls = desk.state().controls().unwrap();
        let hiding = controls.hiding.as_ref().unwrap();
        let card = desk.state().model().unwrap().card.clone();
        let verdict = gantei::export::controls::verdict(hiding, Some(&card));
        let verdict = Report(lang).verdict(&verdict);
        assert!(desk.sees(&verdict), "{verdict}");

        desk.play.controls.release(3);
        desk.until("all parts", |d| !d.state().is_controlling_here());
        desk.rest();
        for seen in [
            t.last_block(),
            t.all_layers(),
            t.no_map_constant(),
            t.variant_jpeg(),
        ] {
            assert!(desk.sees(seen), "{seen}");
        }
        let warning_code = Code::MapSurvivesShuffling;
        let warning = finding(warning_code, lang);
        let told = desk.harness.query_all_by_label(warning.message).count();
        assert!(
            told >= 2,
            "beside the controls and among the cautions: {told}"
        );
        let shuffled = Detail::Shuffled {
            all_layers: false,
            correlation: 0.62,
        };
        let figure = Finding::with_detail(warning_code, Severity::Caution, shuffled);
        let figure = detail(&figure, lang).unwrap();
        assert!(desk.sees(&figure) && !desk.reads("last-block"), "{figure}");
        for figure in ["+0.62", "+0.97", "−0.004"] {
            assert!(desk.sees(figure), "{figure}");
        }
        assert!(!desk.sees(t.run_controls()), "they are there");
    }
}

#[test]
fn a_stop_leaves_the_button_and_they_can_be_run_again() {
    for lang in BOTH {
        let mut desk = tall(lang);
        let t = desk.t;
        desk.run_and_wait();
        run(&mut desk);
        desk.click(t.stop_controls());
        desk.until("the stop", |d| d.play.controls.cancelled() == 1);
        desk.rest();
        assert!(desk.sees(t.run_controls()));
        assert!(!desk.reads(t.cells_hidden()));
        assert!(desk.state().can_control());
    }
}
