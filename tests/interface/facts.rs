//! Facts about the photograph in view: its eye, its frame and its camera.

use egui_kittest::kittest::{NodeT, Queryable};
use gantei::domain::{Aspect, EyeSource, Grade, Laterality};
use gantei::ui::Tab;

use crate::desk::{BOTH, Desk};
use crate::home::FRAMES;

fn frame(desk: &Desk) -> Option<(u32, u32)> {
    desk.state().selected()?.known.as_ref()?.frame()
}

#[test]
fn the_frame_in_view_is_named_and_another_can_be_chosen() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &["several.dcm"]);
        let t = desk.t;
        desk.tab(Tab::Photograph);
        let frames = FRAMES.len() as u32;
        assert_eq!(frame(&desk), Some((1, frames)));
        assert!(desk.sees(t.frame()) && desk.sees(&t.of_frames(frames)));
        assert!(desk.is_disabled(t.previous_frame()));
        desk.run_and_wait();
        let first = desk.state().answer().unwrap().case.pixels_sha256.clone();
        desk.click(t.next_frame());
        desk.rest();
        assert!(desk.sees(t.frame_really()) && frame(&desk) == Some((1, frames)));
        desk.click(t.show_frame_now());
        desk.until("the second frame", |d| frame(d) == Some((2, frames)));
        assert!(desk.state().answer().is_none(), "it is another picture");
        desk.run_and_wait();
        let second = desk.state().answer().unwrap().case.pixels_sha256.clone();
        assert!(second.is_some() && second != first);
        let file = desk.state().reproduction().unwrap();
        assert!(gantei::cli::command_line(&file).contains(" --frame 2 "));
        desk.click(t.next_frame());
        desk.rest();
        desk.click(t.show_frame_now());
        desk.until("the last frame", |d| frame(d) == Some((3, frames)));
        assert!(desk.is_disabled(t.next_frame()));
        assert_eq!(desk.names().len(), 1);
    }
}

#[test]
fn the_camera_is_shown_and_its_name_cannot_steer_the_screen() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &["several.dcm"]);
        let t = desk.t;
        desk.tab(Tab::Photograph);
        desk.rest();
        assert!(desk.sees("Optics\\u{7} Ltd Retina\\u{202e}45"));
        assert!(desk.sees(&t.degrees(45.0)));
        desk.run_and_wait();
        desk.press_with(
            egui::Modifiers::COMMAND.plus(egui::Modifiers::SHIFT),
            egui::Key::T,
        );
        assert!(desk.texts.iter().all(|text| !text.contains("Retina")));
    }
}

#[test]
fn a_guessed_eye_becomes_the_users_word_with_one_click() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &["photograph.jpg"]);
        let t = desk.t;
        desk.tab(Tab::Photograph);
        desk.rest();
        let guess = desk
            .state()
            .selected()
            .unwrap()
            .known
            .as_ref()
            .unwrap()
            .eye_guess;
        assert!(guess.is_known(), "the disc is plain to see");
        assert!(desk.sees(&t.guess_differs(t.laterality(guess))));
        desk.click(&format!("{}: {}", t.accept_guess(), t.laterality(guess)));
        desk.rest();
        let photo = desk.state().selected().unwrap();
        assert_eq!(photo.eye(), guess);
        assert_eq!(photo.known.as_ref().unwrap().eye_source, EyeSource::User);
        assert!(desk.sees(t.guess_agrees()));
    }
}

#[test]
fn od_stands_before_os_for_the_eye_and_the_keyboard() {
    let mut desk = Desk::new(BOTH[0], &["photograph.jpg"]);
    let t = desk.t;
    desk.tab(Tab::Photograph);
    desk.rest();
    let place = |name: &str| desk.node(name).rect().left();
    assert!(place(t.this_is_od()) < place(t.this_is_os()));
    let all: Vec<String> = desk
        .harness
        .query_all_by_label_contains("eye (O")
        .filter_map(|n| n.accesskit_node().label())
        .collect();
    let [od, os] = [t.this_is_od(), t.this_is_os()].map(|name| all.iter().position(|l| l == name));
    assert!(od < os, "{all:?}");
    assert_ne!(desk.state().selected().unwrap().eye(), Laterality::Od);
}

#[test]
fn what_limits_a_score_is_shown_before_it_with_the_measured_figures() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &["a_OD.jpg", "street.jpg"]);
        let t = desk.t;
        let known = desk.state().selected().unwrap().known.clone().unwrap();
        let overall = known.applicability().overall().unwrap();
        assert!(desk.reads(t.grade(overall)) || desk.reads(&t.grade(overall).to_lowercase()));
        desk.tab(Tab::Photograph);
        desk.rest();
        let measured = known.measured.unwrap();
        for (aspect, _) in known.applicability().grades() {
            assert!(desk.sees(t.aspect(*aspect)), "{aspect:?}");
            if let Some(figure) = t.measured(*aspect, &measured) {
                assert!(desk.sees(&figure), "{figure}");
            }
        }
        desk.press(egui::Key::PageDown);
        desk.until_open();
        let known = desk.state().selected().unwrap().known.clone().unwrap();
        assert_eq!(
            known.applicability().grades()[0],
            (Aspect::Fundus, Grade::Outside)
        );
        let line = t.applicability_line(Grade::Outside, &[Aspect::Fundus]);
        assert!(desk.sees(&line));
    }
}
