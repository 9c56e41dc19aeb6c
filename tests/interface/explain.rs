//! The method of the map: chosen, computed, cancelled, and told beside it.

use std::sync::atomic::Ordering;

use gantei::domain::StepsOf;
use gantei::saliency::{Baseline, Method};
use gantei::text::report::{Report, capital};

use crate::desk::{BOTH, Desk, Scene};

fn name(desk: &Desk, method: Method) -> String {
    capital(Report(desk.t.0).method(method))
}

/// The title of the combo for what a method takes several of.
fn steps(desk: &Desk, of: StepsOf) -> &'static str {
    Report(desk.t.0).steps_of(of)[0]
}

/// Chooses an entry of the combo of this title.
fn pick(desk: &mut Desk, title: &str, entry: &str) {
    desk.combo(title);
    desk.click_last(entry);
    desk.rest();
}

fn choose(desk: &mut Desk, method: Method) {
    let entry = name(desk, method);
    let title = desk.t.method();
    pick(desk, title, &entry);
}

fn method_in_view(desk: &Desk) -> Option<Method> {
    Some(desk.state().answer()?.map.as_ref()?.method)
}

#[test]
fn a_method_is_chosen_and_its_map_computed_by_a_button_that_tells_its_cost() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &[]);
        let t = desk.t;
        desk.run_and_wait();
        assert_eq!(method_in_view(&desk), Some(Method::GradCam));
        choose(&mut desk, Method::IntegratedGradients);
        let tip = Report(lang).method_tip(Method::IntegratedGradients);
        assert!(desk.sees(&tip), "the formula's author");
        assert_eq!(method_in_view(&desk), None, "never another method's map");
        assert!(desk.reads(t.map_not_made()));
        desk.click(&t.compute_map(52));
        desk.until("a map on its way", |d| method_in_view(d).is_some());
        assert!(desk.reads(t.map_unfinished()));
        assert!(desk.reads(&t.passes_done(0, 20)));
        assert!(desk.reads(t.cancel_embedded()));
        desk.play.maps.release(1);
        desk.until("the map", |d| d.state().explaining.is_none());
        desk.rest();
        assert!(desk.sees(&t.grid_of(Method::IntegratedGradients, 4, 4)));
        assert!(desk.reads(&t.passes_took(20, 1500.0)));
        let gap = Report(lang).completeness(0.019, Some(0.019 / 1.901));
        assert!(desk.sees(&capital(&gap)), "{gap}");
        // Back and forth costs nothing.
        choose(&mut desk, Method::GradCam);
        assert_eq!(method_in_view(&desk), Some(Method::GradCam));
        choose(&mut desk, Method::IntegratedGradients);
        assert_eq!(method_in_view(&desk), Some(Method::IntegratedGradients));
        assert_eq!(desk.play.maps.begun(), 1);
    }
}

#[test]
fn a_map_is_cancelled_and_leaves_the_photograph_plain() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &[]);
        let t = desk.t;
        desk.run_and_wait();
        choose(&mut desk, Method::Occlusion);
        desk.click(&t.compute_map(1 + 16 + 64 + 256));
        desk.until("the map", |d| d.play.maps.begun() == 1);
        // A run does not stand behind it.
        desk.run_and_wait();
        desk.click_role(egui::Role::Button, t.cancel_map());
        desk.until("the cancel", |d| d.play.maps.cancelled() == 1);
        desk.rest();
        assert_eq!(method_in_view(&desk), None);
        assert!(!desk.is_disabled(&t.compute_map(337)));
    }
}

#[test]
fn the_settings_of_a_method_are_offered_and_no_others() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &[]);
        let t = desk.t;
        let recipe = |desk: &Desk| desk.state().recipe_of("demo").clone();
        assert!(!desk.reads(t.seed()), "Grad-CAM has none");
        desk.combo(t.layer());
        desk.until("the layers", |d| d.reads("conv_pw_11_relu"));
        desk.click(&t.layer_of("conv_pw_11_relu", 14, 14));
        desk.rest();
        assert_eq!(recipe(&desk).layer.as_deref(), Some("conv_pw_11_relu"));
        choose(&mut desk, Method::LayerCam);
        assert_eq!(recipe(&desk).layer.as_deref(), Some("conv_pw_11_relu"));
        choose(&mut desk, Method::SmoothGrad);
        assert_eq!(recipe(&desk).layer, None);
        let title = steps(&desk, StepsOf::Samples);
        pick(&mut desk, title, "20");
        assert_eq!(recipe(&desk).steps, Some(20));
        assert!(desk.reads(t.seed()));
        choose(&mut desk, Method::Occlusion);
        let title = steps(&desk, StepsOf::Patches);
        pick(&mut desk, title, "8");
        let black = capital(Report(lang).baseline(Baseline::Black));
        pick(&mut desk, t.baseline(), &black);
        assert_eq!(recipe(&desk).steps, Some(8));
        assert_eq!(recipe(&desk).baseline, Some(Baseline::Black));
        assert!(desk.sees(&t.compute_map(1 + 16 + 64)));
        choose(&mut desk, Method::ScoreCam);
        assert!(desk.reads(t.layer()) && desk.reads(t.baseline()));
        assert!(desk.sees(&t.compute_map(2 + 100)));
        let title = steps(&desk, StepsOf::Channels);
        pick(&mut desk, title, "20");
        assert!(desk.sees(&t.compute_map(2 + 20)));
    }
}

#[test]
fn it_is_said_why_guided_backpropagation_is_left_out() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &[]);
        let t = desk.t;
        desk.click(t.about_methods());
        desk.rest();
        assert!(desk.sees(t.no_guided_backprop()));
    }
}

#[test]
fn what_is_exported_and_copied_is_the_map_in_view() {
    for lang in BOTH {
        let mut desk = Scene::new(lang)
            .files(&["a_OD.jpg", "c_OS.jpg"])
            .dialog(gantei::app::action::Purpose::ExportFolder, &["out"])
            .open();
        let t = desk.t;
        desk.run_all_and_wait();
        choose(&mut desk, Method::HiresCam);
        desk.click(&t.compute_map(1));
        desk.play.maps.release(1);
        desk.until("the map", |d| d.state().explaining.is_none());
        desk.rest();
        desk.press_with(egui::Modifiers::COMMAND, egui::Key::E);
        desk.click(t.scope_all());
        desk.rest();
        assert!(desk.sees(&t.maps_missing(1)));
        desk.click(t.choose_folder());
        desk.until("the folder", |d| d.state().export_folder.is_some());
        desk.click(t.write());
        desk.until("the export", |d| !d.play.exports.lock().unwrap().is_empty());
        let order = desk.play.exports.lock().unwrap().remove(0);
        let methods: Vec<_> = order
            .rows
            .iter()
            .map(|r| r.answers[0].map.as_ref().map(|m| m.method))
            .collect();
        assert_eq!(methods, [Some(Method::HiresCam), None]);
    }
}

#[test]
fn two_models_share_a_method_and_a_scale_and_say_how_far_they_agree() {
    for lang in BOTH {
        let mut desk = Scene::new(lang).both_models().open();
        let t = desk.t;
        desk.run_and_wait();
        assert!(!desk.reads(t.same_scale()));
        desk.press(egui::Key::F4);
        desk.rest();
        assert!(desk.sees(t.same_scale()));
        assert!(desk.sees(&t.maps_agree(1.0)), "the same map twice");
        choose(&mut desk, Method::HiresCam);
        assert!(!desk.reads(t.same_scale()) && !desk.reads(&t.maps_agree(1.0)));
        desk.click(&t.compute_map(2));
        desk.play.maps.release(2);
        desk.until("both maps", |d| d.state().maps_missing().is_empty());
        desk.rest();
        assert_eq!(desk.play.maps.begun(), 2);
        assert!(desk.sees(&t.maps_agree(1.0)));
    }
}

#[test]
fn maps_of_two_methods_are_not_compared_and_it_is_said() {
    for lang in BOTH {
        let mut desk = Scene::new(lang).both_models().open();
        let t = desk.t;
        desk.run_and_wait();
        choose(&mut desk, Method::HiresCam);
        desk.click(&t.compute_map(1));
        desk.play.maps.release(1);
        desk.until("the map", |d| d.state().explaining.is_none());
        desk.press(egui::Key::F4);
        desk.rest();
        assert!(desk.state().maps_missing().is_empty());
        assert!(desk.sees(t.apart_methods()));
        assert!(!desk.reads(t.same_scale()) && !desk.reads(&t.maps_agree(1.0)));
    }
}

#[test]
fn of_two_maps_that_fail_each_is_told_with_its_model() {
    for lang in BOTH {
        let scene = Scene::new(lang).files(&["refused.jpg"]).both_models();
        let mut desk = scene.open();
        let t = desk.t;
        desk.until_open();
        desk.press(egui::Key::F4);
        choose(&mut desk, Method::HiresCam);
        desk.click(&t.compute_map(2));
        desk.play.maps.release(1);
        desk.until("the second map", |d| d.play.maps.begun() == 2);
        let models = desk.state().models_in_view();
        let failed = models
            .iter()
            .map(|m| t.map_failed_of(&t.model_name(&m.card)));
        let failed: Vec<String> = failed.collect();
        assert_eq!(failed.len(), 2);
        assert!(desk.reads(&failed[0]) && !desk.reads(&failed[1]));
        desk.play.maps.release(1);
        desk.until("both", |d| d.state().explaining.is_none());
        desk.rest();
        assert!(desk.reads(&failed[0]) && desk.reads(&failed[1]));
    }
}

#[test]
fn a_map_and_its_controls_tell_much_memory_and_are_silent_on_little() {
    for lang in BOTH {
        for (bytes, is_told) in [(3_400_000_000, true), (150_000_000, false)] {
            let mut desk = Scene::new(lang).size([1320.0, 2200.0]).open();
            let t = desk.t;
            desk.play.memory.store(bytes, Ordering::SeqCst);
            desk.run_and_wait();
            choose(&mut desk, Method::HiresCam);
            desk.click(&t.compute_map(1));
            desk.until("the map", |d| d.play.maps.begun() == 1);
            let done = t.passes_done(0, 20);
            let memory = t.takes_memory(bytes);
            let with_memory = format!("{done}{}{memory}", t.comma());
            assert!(desk.sees(if is_told { &with_memory } else { &done }));
            desk.play.maps.release(1);
            desk.until("the map", |d| d.state().explaining.is_none());
            desk.click(t.run_controls());
            desk.until("the controls", |d| d.play.controls.begun() == 1);
            assert_eq!(desk.sees(&capital(&memory)), is_told);
            desk.play.controls.release(5);
            desk.until("all parts", |d| !d.state().is_controlling_here());
            assert!(!desk.reads(&memory), "nothing runs");
        }
    }
}

#[test]
fn the_way_through_the_network_is_shown_step_by_step() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &[]);
        let t = desk.t;
        desk.press(egui::Key::F7);
        desk.until("the steps", |d| d.reads(t.step_original_says()));
        desk.rest();
        assert!(desk.sees(&t.pixels_of(64, 64)));
        for (says, figures) in [
            (t.step_crop_says(), t.pixels_of(64, 64)),
            (t.step_input_says(), t.pixels_of(224, 224)),
            (
                t.step_scaled_says(),
                t.numbers_from(224 * 224 * 3, -1.0, 0.5),
            ),
            (t.step_features_says(), t.cells_and_channels(7, 7, 1024)),
            (t.step_map_says(), t.grid_of(Method::GradCam, 7, 7)),
            (t.step_score_says(), "0.870".to_owned()),
        ] {
            desk.click(t.step_on());
            desk.rest();
            assert!(desk.reads(says), "{says}");
            assert!(desk.reads(&figures), "{figures}");
        }
        assert!(desk.is_disabled(t.step_on()));
        desk.click(t.step_back());
        assert!(desk.reads(t.step_map_says()));
        desk.press(egui::Key::Escape);
        assert!(!desk.reads(t.step_map_says()));
    }
}

#[test]
fn models_that_are_read_again_leave_the_steps_and_the_layers_alone() {
    for lang in BOTH {
        let mut desk = Scene::new(lang).slow_models().open();
        let t = desk.t;
        assert_eq!(desk.play.model_turns.begun(), 1, "the second reading waits");
        desk.combo(t.layer());
        desk.press(egui::Key::Escape);
        desk.press(egui::Key::F7);
        desk.click(t.step_on());
        assert!(desk.reads(t.step_crop_says()));
        desk.play.model_turns.release(1);
        for _ in 0..4 {
            desk.step();
            assert!(desk.reads(t.step_crop_says()));
        }
        desk.rest();
        assert_eq!(desk.play.traces.load(Ordering::SeqCst), 1);
        assert!(desk.state().stages.contains_key("demo"));
    }
}

#[test]
fn with_two_models_the_panel_and_the_steps_say_whose_map_it_is() {
    for lang in BOTH {
        let scene = Scene::new(lang).size([1320.0, 2200.0]);
        let mut desk = scene.both_models().open();
        let t = desk.t;
        desk.run_and_wait();
        desk.press(egui::Key::M);
        desk.rest();
        let titles = [t.saliency(), t.controls_title(), t.anatomy()];
        for title in titles {
            assert!(desk.sees(&format!("{title}: Study model")), "{title}");
        }
        desk.press(egui::Key::F7);
        desk.rest();
        assert!(desk.sees(&format!("{}: Study model", t.what_it_sees())));
    }
    let mut desk = Desk::new(gantei::text::Lang::En, &[]);
    desk.run_and_wait();
    assert!(desk.sees(desk.t.saliency()), "one model needs no name");
}
