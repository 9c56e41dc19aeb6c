//! All commands in one place: menus, buttons, keys, the palette and the page of keys read [`table`], in which a command
//! is one row.

mod table;

use egui::{Context, Key, KeyboardShortcut, Modifiers};
use strum::EnumIter;

use super::pages::PageName;
use super::window::Window;
use crate::app::{Action, State};
use crate::text::window::Texts;

pub use table::{CONTOUR_AT, Command};

/// The properties of a command.
struct Row {
    /// Its menu, and its group within that menu.
    place: (Menu, u8),
    /// In that menu, another command does the same.
    only_elsewhere: bool,
    text: fn(Texts) -> &'static str,
    /// The tooltip.
    tip: Option<fn(Texts) -> &'static str>,
    key: Option<KeyboardShortcut>,
    /// While a text field has the focus, the key belongs to the field or does nothing.
    yields_to_text: bool,
    enabled: fn(&State) -> bool,
    /// For toggles: whether it is on.
    on: Option<fn(&State) -> bool>,
    outcome: fn(&State) -> Outcome,
}

/// The effect of a command.
pub enum Outcome {
    Act(Box<Action>),
    Page(PageName),
    /// Performed by the window itself.
    Window(fn(&mut Window, &Context)),
    Nothing,
}

/// A menu of the menu bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter)]
pub enum Menu {
    File,
    View,
    Photograph,
    Run,
    Study,
    Models,
    Help,
}

impl Menu {
    pub fn title(self, t: Texts) -> &'static str {
        match self {
            Self::File => t.menu_file(),
            Self::View => t.menu_view(),
            Self::Photograph => t.menu_photograph(),
            Self::Run => t.menu_run(),
            Self::Study => t.menu_study(),
            Self::Models => t.menu_models(),
            Self::Help => t.menu_help(),
        }
    }

    /// Its commands in groups separated by lines.
    pub fn groups(self) -> Vec<Vec<Command>> {
        let mut commands: Vec<_> = Command::ALL
            .into_iter()
            .filter(|c| c.menu() == self && !c.row().only_elsewhere)
            .collect();
        commands.sort_by_key(|c| c.row().place.1);
        let same = |a: &Command, b: &Command| a.row().place.1 == b.row().place.1;
        commands.chunk_by(same).map(<[_]>::to_vec).collect()
    }
}

/// A command that is always enabled, without a key or tooltip.
const fn row(
    menu: Menu,
    group: u8,
    text: fn(Texts) -> &'static str,
    outcome: fn(&State) -> Outcome,
) -> Row {
    Row {
        place: (menu, group),
        only_elsewhere: false,
        text,
        tip: None,
        key: None,
        yields_to_text: false,
        enabled: |_| true,
        on: None,
        outcome,
    }
}

impl Row {
    const fn tip(mut self, tip: fn(Texts) -> &'static str) -> Self {
        self.tip = Some(tip);
        self
    }

    /// A bare key yields to text. Starting a run and changing the language or appearance never has a bare letter:
    /// typing outside a text field must not start hours of work or switch to a language that the user cannot read.
    const fn key(mut self, key: Key) -> Self {
        self.yields_to_text = true;
        self.with(Modifiers::NONE, key)
    }

    const fn ctrl(self, key: Key) -> Self {
        self.with(Modifiers::COMMAND, key)
    }

    const fn ctrl_shift(self, key: Key) -> Self {
        self.with(Modifiers::COMMAND.plus(Modifiers::SHIFT), key)
    }

    const fn with(mut self, modifiers: Modifiers, key: Key) -> Self {
        self.key = Some(KeyboardShortcut::new(modifiers, key));
        self
    }

    const fn only_elsewhere(mut self) -> Self {
        self.only_elsewhere = true;
        self
    }

    /// The key also edits text, or has an effect that is unexpected while typing.
    const fn unless_typing(mut self) -> Self {
        self.yields_to_text = true;
        self
    }

    const fn enabled(mut self, enabled: fn(&State) -> bool) -> Self {
        self.enabled = enabled;
        self
    }

    const fn on(mut self, on: fn(&State) -> bool) -> Self {
        self.on = Some(on);
        self
    }
}

impl Command {
    pub fn menu(self) -> Menu {
        self.row().place.0
    }

    pub fn text(self, t: Texts) -> &'static str {
        (self.row().text)(t)
    }

    /// The tooltip; the name itself if there is none.
    pub fn tip(self, t: Texts) -> &'static str {
        self.row().tip.unwrap_or(self.row().text)(t)
    }

    pub fn shortcut(self) -> Option<KeyboardShortcut> {
        self.row().key
    }

    /// True if the key belongs to a focused text field: keys that type or edit, and those with an effect that is
    /// unexpected while typing.
    pub fn yields_to_text(self) -> bool {
        self.row().yields_to_text
    }

    /// The tooltip followed by the key, if there is one.
    pub fn tip_with_key(self, t: Texts, ctx: &Context) -> String {
        let tip = self.tip(t);
        match self.key_words(ctx) {
            Some(key) => format!("{tip} ({key})"),
            None => tip.to_owned(),
        }
    }

    /// The key as printed on keyboards.
    pub fn key_words(self, ctx: &Context) -> Option<String> {
        let shortcut = self.shortcut()?;
        let key = shortcut.logical_key;
        let words = ctx.format_shortcut(&shortcut);
        Some(match key {
            Key::Plus | Key::Minus | Key::OpenBracket | Key::CloseBracket | Key::Comma => {
                words.replace(key.name(), key.symbol_or_name())
            }
            _ => words,
        })
    }

    pub fn is_enabled(self, state: &State) -> bool {
        (self.row().enabled)(state)
    }

    /// For toggles: whether it is on.
    pub fn is_on(self, state: &State) -> Option<bool> {
        self.row().on.map(|on| on(state))
    }

    /// What the command does in the current state.
    pub fn outcome(self, state: &State) -> Outcome {
        (self.row().outcome)(state)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Lang;
    use std::collections::HashSet;

    #[test]
    fn no_two_commands_share_a_key() {
        let keys: Vec<_> = Command::ALL.iter().filter_map(|c| c.shortcut()).collect();
        assert_eq!(keys.iter().collect::<HashSet<_>>().len(), keys.len());
    }

    #[test]
    fn no_two_commands_share_a_text() {
        for lang in [Lang::En, Lang::Ja] {
            let texts: HashSet<_> = Command::ALL.iter().map(|c| c.text(Texts(lang))).collect();
            assert_eq!(texts.len(), Command::ALL.len(), "{lang:?}");
        }
    }

    #[test]
    fn no_bare_letter_starts_a_run_or_changes_how_the_window_speaks_and_looks() {
        for command in [
            Command::Run,
            Command::RunMarked,
            Command::RunAll,
            Command::RunFailed,
            Command::SwitchLanguage,
            Command::SwitchTheme,
        ] {
            let key = command.shortcut();
            assert!(key.is_none_or(|k| k.modifiers.command), "{command:?}");
            assert!(key.is_none() || command.yields_to_text(), "{command:?}");
        }
    }

    #[test]
    fn every_bare_key_yields_to_text() {
        let bare = |c: &Command| c.shortcut().is_some_and(|key| !key.modifiers.command);
        let mut bare = Command::ALL.into_iter().filter(bare);
        assert!(bare.all(Command::yields_to_text));
    }

    #[test]
    fn a_menu_holds_its_subject_and_nothing_twice() {
        let run: Vec<_> = Menu::Run.groups().concat();
        for other in [Command::Next, Command::MarkAll, Command::EyeOd] {
            assert!(!run.contains(&other), "{other:?}");
        }
        let cancels = [Command::Cancel, Command::CancelMany];
        assert_eq!(run.iter().filter(|c| cancels.contains(c)).count(), 1);
    }
}
