//! The keys that are commands, and when they are: never while they are typed into a text field.

use egui::{Context, Event, InputState, Key, KeyboardShortcut, Modifiers, Popup};

use super::command::Command;
use crate::app::State;

/// The commands whose keys were pressed and that can be done now; their keys are taken out of the input.
/// `types`: a text field has the focus, had it a moment ago, or is about to get it.
pub fn commands_of_keys(ctx: &Context, state: &State, types: bool) -> Vec<Command> {
    let focused = ctx.memory(|m| m.focused().is_some());
    let menu_open = Popup::is_any_open(ctx);
    let mut pressed: Vec<Command> = Vec::new();
    // Keys with more modifiers first: Ctrl+Shift+O is not Ctrl+O.
    let mut commands = Command::ALL;
    commands.sort_by_key(|c| {
        let modifiers = c.shortcut().map(|k| k.modifiers).unwrap_or_default();
        std::cmp::Reverse(u8::from(modifiers.command) + u8::from(modifiers.shift))
    });
    for command in commands {
        let Some(key) = command.shortcut() else {
            continue;
        };
        let with_ctrl = key.modifiers.command;
        if types && command.yields_to_text() {
            continue;
        }
        // A widget that has the focus has the plain keys; an open menu has them too, and Enter.
        if !with_ctrl && focused || menu_open && (!with_ctrl || key.logical_key == Key::Enter) {
            continue;
        }
        // A stroke that is being drawn is not finished, and cannot be undone.
        if command == Command::UndoStroke && ctx.input(|i| i.pointer.any_down()) {
            continue;
        }
        // A key for something that cannot be done now is left to others; Enter would press whatever has the focus.
        let enabled = command.is_enabled(state);
        if !enabled && key.logical_key != Key::Enter {
            continue;
        }
        let is_there = ctx.input_mut(|i| consume(i, &key));
        if is_there && enabled {
            pressed.push(command);
        }
    }
    if !types && !focused && !menu_open {
        // Arrows move a slider or the focus where something has it, and lead through an open menu. The plus of many
        // keyboards is a shifted equals sign; arrows lead through the list as well.
        for (key, command) in [
            (Key::Equals, Command::ZoomIn),
            (Key::ArrowDown, Command::Next),
            (Key::ArrowUp, Command::Previous),
        ] {
            if ctx.input_mut(|i| i.consume_key(Modifiers::NONE, key)) {
                pressed.push(command);
            }
        }
    }
    pressed
}

/// Takes the key out of the input, and tells whether it was there. Letters and named keys count with exactly their
/// modifiers, so that Shift+R is not R and a letter typed with AltGr is no command; signs count however a keyboard makes them.
fn consume(input: &mut InputState, shortcut: &KeyboardShortcut) -> bool {
    let is_sign = matches!(
        shortcut.logical_key,
        Key::Plus | Key::Minus | Key::OpenBracket | Key::CloseBracket | Key::Comma | Key::Num1
    );
    if is_sign {
        return input.consume_shortcut(shortcut);
    }
    let before = input.events.len();
    input.events.retain(|event| {
        !matches!(
            event,
            Event::Key { key, modifiers, pressed: true, .. }
                if *key == shortcut.logical_key && modifiers.matches_exact(shortcut.modifiers)
        )
    });
    input.events.len() < before
}
