//! Keyboard shortcuts, and when they apply: never while they are typed into a text field.

use egui::{Context, Event, InputState, Key, KeyboardShortcut, Modifiers, Popup};

use super::command::Command;
use crate::app::State;

/// The enabled commands whose keys were pressed; their keys are consumed. `types`: a text field has the focus, had it a
/// moment ago, or is about to get it.
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
        // Plain keys belong to the focused widget, or to an open menu, which also gets Enter.
        if !with_ctrl && focused || menu_open && (!with_ctrl || key.logical_key == Key::Enter) {
            continue;
        }
        // A stroke in progress cannot be undone.
        if command == Command::Undo && ctx.input(|i| i.pointer.any_down()) {
            continue;
        }
        // The key of a disabled command is left to other widgets, except Enter, which would press the focused one.
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
        // Arrows move through the list, unless they move a slider or the focus or lead through an open menu. On many
        // keyboards plus is a shifted equals sign.
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

/// Consumes the key and returns whether it was pressed. Letters and named keys require exactly their modifiers, so that
/// Shift+R is not R and a letter typed with AltGr is no command; signs match however a keyboard produces them.
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
