//! Person and eye from a pattern of file names, which is shown on the first names before it is used.

use egui::Key;
use gantei::domain::{EyeSource, Laterality, Persons};
use gantei::text::Lang;

use crate::desk::{BOTH, Desk};

#[test]
fn a_pattern_is_proposed_shown_on_the_names_and_used() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &["s1-OD.jpg", "s1-OS.jpg", "s2-OD.jpg"]);
        desk.until_known();
        let t = desk.t;
        desk.menu(t.menu_photograph());
        desk.pick(t.name_pattern());
        desk.rest();
        assert_eq!(desk.field(t.pattern()).1, "{person}-{eye}");
        assert!(desk.sees(&t.pattern_fits(3, 3, 2, 1)));
        assert!(desk.sees("s1") && desk.sees("s2"));
        assert_eq!(desk.state().name_pattern, None, "nothing is used yet");
        desk.click(t.pattern_use());
        desk.rest();
        let state = desk.state();
        assert_eq!(state.persons, Persons::FileNames);
        let persons: Vec<_> = state.photographs.iter().map(|p| p.person()).collect();
        assert_eq!(persons, [Some("s1"), Some("s1"), Some("s2")]);
        desk.menu(t.menu_photograph());
        desk.pick(t.name_pattern());
        desk.rest();
        desk.click(t.pattern_drop());
        desk.rest();
        assert_eq!(desk.state().name_pattern, None);
        assert_eq!(desk.state().persons, Persons::default());
    }
}

#[test]
fn the_eye_of_a_pattern_reaches_the_photograph_and_goes_with_the_pattern() {
    // No word for the eye stands where the usual reading looks for one.
    let mut desk = Desk::new(Lang::En, &["xOD7.jpg", "xOS8.jpg"]);
    desk.until_known();
    let t = desk.t;
    let eyes = |desk: &Desk| {
        let photographs = desk.state().photographs.iter();
        photographs.map(|p| p.eye()).collect::<Vec<_>>()
    };
    assert_eq!(eyes(&desk), [Laterality::Unknown; 2]);
    desk.menu(t.menu_photograph());
    desk.pick(t.name_pattern());
    desk.rest();
    desk.type_into(t.pattern(), "");
    desk.press_with(egui::Modifiers::COMMAND, Key::A);
    desk.type_into(t.pattern(), "x{eye}{person");
    desk.rest();
    assert!(desk.reads("braces") && desk.is_disabled(t.pattern_use()));
    desk.type_into(t.pattern(), "}");
    desk.rest();
    desk.click(t.pattern_use());
    desk.rest();
    assert_eq!(eyes(&desk), [Laterality::Od, Laterality::Os]);
    let known = desk.state().photographs[0].known.as_ref().unwrap();
    assert_eq!(known.eye_source, EyeSource::FileName);
    desk.menu(t.menu_photograph());
    desk.pick(t.name_pattern());
    desk.rest();
    desk.click(t.pattern_drop());
    desk.rest();
    assert_eq!(eyes(&desk), [Laterality::Unknown; 2]);
}
