//! Messages: small, over no control, and no more than three at once.

use egui::{Key, Modifiers, Rect, Role};
use egui_kittest::kittest::{NodeT, Queryable};

use crate::desk::{BOTH, Desk, Scene};

fn copy_result(desk: &mut Desk) {
    desk.press_with(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::T);
}

/// Where the controls are that can be seen, besides those of the message.
fn controls(desk: &Desk) -> Vec<(Option<String>, Rect)> {
    let roles = [
        Role::Button,
        Role::ComboBox,
        Role::CheckBox,
        Role::Slider,
        Role::TextInput,
    ];
    let nodes = desk.harness.root().children_recursive();
    nodes
        .filter(|n| roles.contains(&n.accesskit_node().role()))
        .map(|n| (n.accesskit_node().label(), n.rect()))
        .filter(|(name, _)| name.as_deref() != Some(desk.t.dismiss()))
        .collect()
}

#[test]
fn a_message_is_small_and_covers_no_control() {
    for lang in BOTH {
        for size in [[1024.0, 700.0], [1440.0, 900.0]] {
            let mut desk = Scene::new(lang).files(&["a.jpg"]).size(size).open();
            desk.run_and_wait();
            copy_result(&mut desk);
            desk.step();
            let said = desk.node(desk.t.result_copied()).rect();
            let message = said.union(desk.node(desk.t.dismiss()).rect()).expand(8.0);
            assert!(
                message.width() <= 380.0 && message.height() <= 60.0,
                "{message:?}"
            );
            for (name, place) in controls(&desk) {
                let apart = !place.intersects(message);
                assert!(
                    apart,
                    "{lang:?} {size:?}: {name:?} at {place:?}, {message:?}"
                );
            }
        }
    }
}

#[test]
fn of_older_messages_only_the_number_is_shown() {
    for lang in BOTH {
        let mut desk = Desk::new(lang, &["a.jpg"]);
        desk.run_and_wait();
        for _ in 0..5 {
            copy_result(&mut desk);
        }
        let copied = desk.t.result_copied();
        assert_eq!(desk.harness.query_all_by_label(copied).count(), 3);
        assert!(desk.sees("+2"));
    }
}
