//! The method of the map: chosen, computed, cancelled, and shown with the map.

use gantei::app::state::{Loadable, Scope};
use gantei::domain::StepKind;
use gantei::runtime;
use gantei::saliency::{Baseline, Method};
use gantei::text::report::{Report, capital};
use gantei::ui::Tab;
use gantei::workflow::two_maps;

use crate::desk::{BOTH, Desk, Scene};
use crate::eyes;
use crate::home::{DEMO, STUDY, WIDE};

fn name(desk: &Desk, method: Method) -> String {
    capital(Report(desk.t.0).method(method))
}

/// The title of the combo box for the method's number of steps.
fn steps(desk: &Desk, of: StepKind) -> &'static str {
    Report(desk.t.0).steps_of(of)[0]
}

/// Chooses an entry of the combo box with this title.
fn pick(desk: &mut Desk, title: &str, entry: &str) {
    desk.tab(Tab::Map);
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
        let mut desk = Desk::new(lang, &["a.jpg"]);
        let t = desk.t;
        desk.run_and_wait();
        assert_eq!(method_in_view(&desk), Some(Method::GradCam));
        choose(&mut desk, Method::IntegratedGradients);
        let tip = Report(lang).method_tip(Method::IntegratedGradients);
        assert!(desk.sees(&tip), "the formula's author");
        assert_eq!(method_in_view(&desk), None, "never another method's map");
        assert!(desk.reads(t.map_not_made()));
        desk.engine.maps().hold();
        desk.engine.maps().release(3);
        desk.click(&t.compute_map(52));
        desk.until("the fourth pass", |d| d.engine.maps().begun() == 4);
        assert!(desk.reads(&t.passes_done(3, 52)));
        assert!(desk.reads(t.cancel_embedded()));
        desk.engine.maps().open();
        desk.until("the map", |d| d.state().explaining.is_none());
        desk.rest();
        assert!(desk.sees(&t.grid_of(Method::IntegratedGradients, 224, 224)));
        let made = desk.state().answer().unwrap().made.clone().unwrap();
        assert!(desk.reads(&t.passes_took(52, made.ms)));
        let gap = made.completeness_gap.unwrap();
        let way = made.target_value.unwrap() - made.baseline_value.unwrap();
        let gap = Report(lang).completeness(gap, Some(gap / way.abs()));
        assert!(desk.sees(&capital(&gap)), "{gap}");
        // Switching back and forth computes nothing.
        choose(&mut desk, Method::GradCam);
        assert_eq!(method_in_view(&desk), Some(Method::GradCam));
        choose(&mut desk, Method::IntegratedGradients);
        assert_eq!(method_in_view(&desk), Some(Method::IntegratedGradients));
        assert_eq!(desk.engine.maps().begun(), 52);
    }
}

#[test]
fn a_map_on_its_way_is_shown_and_said_to_be_unfinished() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &["a.jpg"]);
        let t = desk.t;
        desk.run_and_wait();
        choose(&mut desk, Method::Occlusion);
        desk.engine.maps().hold();
        // The photograph itself, and the coarsest grid in two batches.
        desk.engine.maps().release(3);
        desk.click(&t.compute_map(1 + 16 + 64 + 256));
        desk.until("a map on its way", |d| method_in_view(d).is_some());
        assert!(desk.reads(t.map_unfinished()));
        assert!(desk.reads(&t.passes_done(17, 337)));
        desk.engine.maps().open();
        desk.until("the map", |d| d.state().explaining.is_none());
        desk.rest();
        assert!(!desk.reads(t.map_unfinished()));
        assert!(desk.sees(&t.grid_of(Method::Occlusion, 16, 16)));
    }
}

#[test]
fn a_map_is_cancelled_and_leaves_the_photograph_plain() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &["a.jpg"]);
        let t = desk.t;
        desk.run_and_wait();
        choose(&mut desk, Method::Occlusion);
        desk.engine.maps().hold();
        desk.click(&t.compute_map(1 + 16 + 64 + 256));
        desk.until("the map", |d| d.engine.maps().begun() == 1);
        // A run does not wait behind it.
        desk.run_and_wait();
        desk.click_role(egui::Role::Button, t.cancel_map());
        desk.until("the cancel", |d| d.engine.maps().cancelled() == 1);
        desk.rest();
        assert_eq!(method_in_view(&desk), None);
        assert!(!desk.is_disabled(&t.compute_map(337)));
    }
}

#[test]
fn the_settings_of_a_method_are_offered_and_no_others() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &["a.jpg"]);
        let t = desk.t;
        let recipe = |desk: &Desk| desk.state().recipe_of(DEMO).clone();
        desk.tab(Tab::Map);
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
        let title = steps(&desk, StepKind::Samples);
        pick(&mut desk, title, "20");
        assert_eq!(recipe(&desk).steps, Some(20));
        assert!(desk.reads(t.seed()));
        choose(&mut desk, Method::Occlusion);
        let title = steps(&desk, StepKind::Patches);
        pick(&mut desk, title, "8");
        let black = capital(Report(lang).baseline(Baseline::Black));
        pick(&mut desk, t.baseline(), &black);
        assert_eq!(recipe(&desk).steps, Some(8));
        assert_eq!(recipe(&desk).baseline, Some(Baseline::Black));
        assert!(desk.sees(&t.compute_map(1 + 16 + 64)));
        choose(&mut desk, Method::ScoreCam);
        assert!(desk.reads(t.layer()) && desk.reads(t.baseline()));
        // Those with the greatest energy, at most as many as the layer has.
        let channels = desk.state().channels_of(DEMO, &recipe(&desk)).unwrap();
        assert!(desk.sees(&t.compute_map(2 + channels.min(100) as u64)));
        let title = steps(&desk, StepKind::Channels);
        pick(&mut desk, title, "20");
        assert!(desk.sees(&t.compute_map(2 + channels.min(20) as u64)));
    }
}

#[test]
fn it_is_said_why_guided_backpropagation_is_left_out() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &["a.jpg"]);
        let t = desk.t;
        desk.tab(Tab::Map);
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
            .dialog(gantei::app::state::Purpose::ExportFolder, &["out"])
            .open();
        let t = desk.t;
        desk.run_all_and_wait();
        choose(&mut desk, Method::HiresCam);
        desk.click(&t.compute_map(1));
        desk.until("the map", |d| d.state().explaining.is_none());
        desk.rest();
        desk.press_with(egui::Modifiers::COMMAND, egui::Key::E);
        desk.click(&t.scope_all(desk.state().exported_count(Scope::All)));
        desk.rest();
        assert!(desk.sees(&t.maps_missing(1)));
        desk.click(t.choose_folder());
        desk.until("the folder", |d| d.state().export_folder.is_some());
        desk.click(t.write());
        desk.until("the export", |d| d.state().export.is_none());
        let document = desk.home.results("out");
        let method = |row: usize| document["results"][row]["saliency"]["method"].clone();
        assert_eq!(method(0), "hires-cam");
        assert!(method(1).is_null(), "{}", method(1));
    }
}

/// The sentence on the agreement of both models' maps.
fn agreement(desk: &Desk) -> String {
    let photograph = desk.state().selected().unwrap();
    let of = |model| desk.state().answer_on(photograph, model).unwrap();
    let agreement = two_maps::maps_agree(of(DEMO), of(STUDY)).unwrap();
    desk.t.maps_agree(agreement.rank_correlation)
}

#[test]
fn two_models_share_a_method_and_a_scale_and_say_how_far_they_agree() {
    for lang in BOTH {
        let mut desk = Scene::new(lang).files(&["a.jpg"]).both_models().open();
        let t = desk.t;
        desk.run_and_wait();
        desk.tab(Tab::Map);
        assert!(!desk.reads(t.same_scale()));
        desk.press(egui::Key::F4);
        desk.rest();
        assert!(desk.sees(t.same_scale()));
        let agreement = agreement(&desk);
        assert!(desk.sees(&agreement), "{agreement}");
        choose(&mut desk, Method::HiresCam);
        assert!(!desk.reads(t.same_scale()) && !desk.reads(&agreement));
        desk.click(&t.compute_map(2));
        desk.until("both maps", |d| d.state().maps_missing().is_empty());
        desk.rest();
        assert_eq!(desk.engine.maps().begun(), 2);
        let agreement = self::agreement(&desk);
        assert!(desk.sees(&agreement), "{agreement}");
    }
}

#[test]
fn maps_of_two_methods_are_not_compared_and_it_is_said() {
    for lang in BOTH {
        let mut desk = Scene::new(lang).files(&["a.jpg"]).both_models().open();
        let t = desk.t;
        desk.run_and_wait();
        choose(&mut desk, Method::HiresCam);
        desk.click(&t.compute_map(1));
        desk.until("the map", |d| d.state().explaining.is_none());
        desk.press(egui::Key::F4);
        desk.rest();
        assert!(desk.state().maps_missing().is_empty());
        assert!(desk.sees(t.apart_methods()));
        let agreement = t.maps_agree(0.0);
        let agreement = agreement.split_once(" +").unwrap().0;
        assert!(!desk.reads(t.same_scale()) && !desk.reads(agreement));
    }
}

#[test]
fn of_two_maps_that_fail_each_is_told_with_its_model() {
    for lang in BOTH {
        let scene = Scene::new(lang).files(&["a.jpg"]).both_models();
        let mut desk = scene.open();
        let t = desk.t;
        desk.press(egui::Key::F4);
        choose(&mut desk, Method::HiresCam);
        let out_of_memory = runtime::Error::Memory("ran out of memory".into());
        desk.engine.fail(Some(out_of_memory));
        desk.engine.covers().hold();
        desk.engine.covers().release(1);
        desk.click(&t.compute_map(2));
        // The score is computed before the map, and already fails.
        desk.until("the second map", |d| d.engine.covers().begun() == 2);
        let models = desk.state().models_in_view();
        let failed = models
            .iter()
            .map(|m| t.map_failed_of(&t.model_name(&m.card)));
        let failed: Vec<String> = failed.collect();
        assert_eq!(failed.len(), 2);
        assert!(desk.reads(&failed[0]) && !desk.reads(&failed[1]));
        desk.engine.covers().open();
        desk.until("both", |d| d.state().explaining.is_none());
        desk.rest();
        assert!(desk.reads(&failed[0]) && desk.reads(&failed[1]));
    }
}

/// The text on required memory, up to the figure.
fn of_memory(desk: &Desk) -> String {
    let words = desk.t.takes_memory(1 << 30);
    words
        .split(|c: char| c.is_ascii_digit())
        .next()
        .unwrap()
        .to_owned()
}

#[test]
fn a_map_tells_much_memory() {
    for lang in BOTH {
        let scene = Scene::new(lang).files(&["a.jpg"]);
        scene.put_wide_model();
        let mut desk = scene.with(|s| s.models = vec![WIDE.into()]).open();
        let t = desk.t;
        choose(&mut desk, Method::HiresCam);
        // The message comes before any computation, and nothing is computed.
        desk.engine.covers().hold();
        desk.click(&t.compute_map(1));
        desk.until("the map", |d| d.engine.covers().begun() == 1);
        let reported = format!("{}{}{}", t.passes_done(0, 1), t.comma(), of_memory(&desk));
        assert!(desk.reads(&reported), "{reported}");
        desk.click_role(egui::Role::Button, t.cancel_map());
        desk.until("the cancel", |d| d.engine.covers().cancelled() == 1);
        desk.rest();
        assert!(!desk.reads(&of_memory(&desk)), "nothing runs");
    }
}

#[test]
fn a_map_and_its_controls_are_silent_on_little_memory() {
    for lang in BOTH {
        let scene = Scene::new(lang).size([1320.0, 2200.0]);
        let mut desk = scene.files(&["a.jpg"]).open();
        let t = desk.t;
        let memory = of_memory(&desk);
        desk.run_and_wait();
        choose(&mut desk, Method::HiresCam);
        desk.engine.maps().hold();
        desk.click(&t.compute_map(1));
        desk.until("the map", |d| d.engine.maps().begun() == 1);
        assert!(desk.sees(&t.passes_done(0, 1)) && !desk.reads(&memory));
        desk.engine.maps().open();
        desk.until("the map", |d| d.state().explaining.is_none());
        desk.engine.maps().hold();
        desk.tab(Tab::Checks);
        desk.click(t.run_sanity_checks());
        desk.until("the controls", |d| d.engine.maps().begun() == 2);
        assert!(!desk.reads(&capital(&memory)));
        desk.engine.maps().open();
        desk.until("all parts", |d| !d.state().are_sanity_checks_running());
    }
}

#[test]
fn the_way_through_the_network_is_shown_step_by_step() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &["a.jpg"]);
        let t = desk.t;
        desk.press(egui::Key::F7);
        desk.until("the steps", |d| d.reads(t.step_original_says()));
        desk.rest();
        let Some(Loadable::Ready(trace)) = desk.state().trace_in_view() else {
            panic!("the steps are there");
        };
        let (geometry, (low, high)) = (trace.geometry, trace.range);
        let score = t.score_figure(trace.case.score.unwrap());
        let (crop, pixels) = (geometry.crop, 224 * 224 * 3);
        assert_eq!(geometry.image, [eyes::SIDE; 2]);
        assert!(desk.sees(&t.pixels_of(eyes::SIDE, eyes::SIDE)));
        for (says, figures) in [
            (t.step_crop_says(), t.pixels_of(crop.width, crop.height)),
            (t.step_input_says(), t.pixels_of(224, 224)),
            (t.step_scaled_says(), t.numbers_from(pixels, low, high)),
            (t.step_features_says(), t.cells_and_channels(7, 7, 4)),
            (t.step_map_says(), t.grid_of(Method::GradCam, 7, 7)),
            (t.step_score_says(), score),
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
        let scene = Scene::new(lang).size([1320.0, 1600.0]);
        let mut desk = scene.files(&["a.jpg"]).open();
        let t = desk.t;
        // A card is edited, then the models are read again: after the devices, which the test holds.
        desk.engine.maps().hold();
        desk.menu(t.menu_models());
        desk.pick(t.devices_sheet());
        desk.until("the devices", |d| d.engine.maps().held() == 1);
        desk.press(egui::Key::Escape);
        desk.menu(t.menu_models());
        desk.pick(t.models_sheet());
        desk.rest();
        desk.reach(&format!("{}: Study model", t.edit_card()));
        desk.type_into(t.display_name(), "Our model");
        desk.press(egui::Key::Enter);
        desk.rest();
        desk.reach(t.save_card());
        desk.press(egui::Key::Escape);
        desk.rest();

        desk.tab(Tab::Map);
        desk.combo(t.layer());
        desk.press(egui::Key::Escape);
        desk.press(egui::Key::F7);
        desk.click(t.step_on());
        assert!(desk.reads(t.step_crop_says()));
        let begun = desk.engine.runs().begun();
        let is_read = |d: &Desk| {
            d.state()
                .installed()
                .iter()
                .any(|m| m.card.name.contains("Our"))
        };
        assert!(!is_read(&desk));
        desk.engine.maps().open();
        desk.until("the models", is_read);
        for _ in 0..4 {
            desk.step();
            assert!(desk.reads(t.step_crop_says()));
        }
        desk.rest();
        assert_eq!(desk.engine.runs().begun(), begun);
        assert!(desk.state().stages.contains_key(DEMO));
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
        for (tab, title) in [
            (Tab::Map, t.saliency()),
            (Tab::Checks, t.sanity_checks_title()),
            (Tab::Map, t.anatomy()),
        ] {
            desk.tab(tab);
            assert!(desk.sees(&format!("{title}: Study model")), "{title}");
        }
        desk.press(egui::Key::F7);
        desk.rest();
        assert!(desk.sees(&format!("{}: Study model", t.what_it_sees())));
    }
    let mut desk = Desk::new(gantei::text::Lang::En, &["a.jpg"]);
    desk.run_and_wait();
    desk.tab(Tab::Map);
    assert!(desk.sees(desk.t.saliency()), "one model needs no name");
}
