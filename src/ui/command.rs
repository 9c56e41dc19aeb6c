//! Everything a person can ask for, in one place: menus, buttons, keys and the sheet of keys all read this.

use egui::{Context, Key, KeyboardShortcut, Modifiers};

use crate::app::State;
use crate::words::window::Texts;

/// One thing a person can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    Open,
    OpenSample,
    Remove,
    Quit,
    Run,
    Cancel,
    Next,
    Previous,
    Fit,
    ActualSize,
    ZoomIn,
    ZoomOut,
    Overlay,
    OverlayWeaker,
    OverlayStronger,
    FieldOutline,
    SwitchTheme,
    SwitchLanguage,
    Shortcuts,
    About,
}

impl Command {
    /// Every command, in the order of the sheet of keys.
    pub const ALL: [Self; 20] = [
        Self::Open,
        Self::OpenSample,
        Self::Remove,
        Self::Next,
        Self::Previous,
        Self::Run,
        Self::Cancel,
        Self::Fit,
        Self::ActualSize,
        Self::ZoomIn,
        Self::ZoomOut,
        Self::Overlay,
        Self::OverlayWeaker,
        Self::OverlayStronger,
        Self::FieldOutline,
        Self::SwitchTheme,
        Self::SwitchLanguage,
        Self::Shortcuts,
        Self::About,
        Self::Quit,
    ];

    pub fn text(self, t: Texts) -> &'static str {
        match self {
            Self::Open => t.open_files(),
            Self::OpenSample => t.open_sample(),
            Self::Remove => t.close_photograph(),
            Self::Quit => t.quit(),
            Self::Run => t.run_now(),
            Self::Cancel => t.cancel(),
            Self::Next => t.next_photograph(),
            Self::Previous => t.previous_photograph(),
            Self::Fit => t.fit(),
            Self::ActualSize => t.actual_size(),
            Self::ZoomIn => t.zoom_in(),
            Self::ZoomOut => t.zoom_out(),
            Self::Overlay => t.overlay(),
            Self::OverlayWeaker => t.overlay_weaker(),
            Self::OverlayStronger => t.overlay_stronger(),
            Self::FieldOutline => t.field_outline(),
            Self::SwitchTheme => t.switch_theme(),
            Self::SwitchLanguage => t.switch_language(),
            Self::Shortcuts => t.shortcuts(),
            Self::About => t.about(),
        }
    }

    /// A sentence for those who wonder; the name itself where nothing is to be added.
    pub fn tip(self, t: Texts) -> &'static str {
        match self {
            Self::Open => t.open_files_tip(),
            Self::Run => t.run_tip(),
            Self::Fit => t.fit_tip(),
            Self::ActualSize => t.actual_size_tip(),
            Self::Overlay => t.overlay_tip(),
            Self::FieldOutline => t.field_outline_tip(),
            _ => self.text(t),
        }
    }

    /// The key, if it has one. Keys without Ctrl are ignored while a text is being typed.
    pub fn shortcut(self) -> Option<KeyboardShortcut> {
        let plain = |key| Some(KeyboardShortcut::new(Modifiers::NONE, key));
        let command = |key| Some(KeyboardShortcut::new(Modifiers::COMMAND, key));
        match self {
            Self::Open => command(Key::O),
            Self::Quit => command(Key::Q),
            Self::Remove => plain(Key::Delete),
            Self::Run => plain(Key::R),
            Self::Cancel => plain(Key::Escape),
            Self::Next => plain(Key::PageDown),
            Self::Previous => plain(Key::PageUp),
            Self::Fit => plain(Key::F),
            Self::ActualSize => plain(Key::Num1),
            Self::ZoomIn => plain(Key::Plus),
            Self::ZoomOut => plain(Key::Minus),
            Self::Overlay => plain(Key::S),
            Self::OverlayWeaker => plain(Key::OpenBracket),
            Self::OverlayStronger => plain(Key::CloseBracket),
            Self::FieldOutline => plain(Key::O),
            Self::SwitchTheme => plain(Key::T),
            Self::SwitchLanguage => plain(Key::L),
            Self::Shortcuts => plain(Key::F1),
            Self::OpenSample | Self::About => None,
        }
    }

    /// The key as it is printed on keyboards.
    pub fn key_words(self, ctx: &Context) -> Option<String> {
        let shortcut = self.shortcut()?;
        Some(match shortcut.logical_key {
            key @ (Key::Plus | Key::Minus | Key::OpenBracket | Key::CloseBracket) => {
                key.symbol_or_name().to_owned()
            }
            _ => ctx.format_shortcut(&shortcut),
        })
    }

    pub fn is_enabled(self, state: &State) -> bool {
        match self {
            Self::Run => state.can_run(),
            Self::Cancel => state.running.is_some(),
            Self::Remove => state.selected().is_some(),
            Self::Next | Self::Previous => state.photographs.len() > 1,
            Self::Fit | Self::ActualSize | Self::ZoomIn | Self::ZoomOut => opened(state),
            Self::Overlay | Self::OverlayWeaker | Self::OverlayStronger => {
                state.answer().is_some_and(|a| a.map.is_some())
            }
            Self::FieldOutline => state
                .selected()
                .and_then(|p| p.opened())
                .is_some_and(|o| o.image.field_of_view.is_some()),
            Self::Open => !state.asking,
            Self::OpenSample
            | Self::Quit
            | Self::SwitchTheme
            | Self::SwitchLanguage
            | Self::Shortcuts
            | Self::About => true,
        }
    }

    /// For commands that switch something: whether it is on.
    pub fn is_on(self, state: &State) -> Option<bool> {
        match self {
            Self::Overlay => Some(state.settings.overlay_shown),
            Self::FieldOutline => Some(state.settings.field_outline_shown),
            _ => None,
        }
    }
}

fn opened(state: &State) -> bool {
    state.selected().is_some_and(|p| p.opened().is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_two_commands_share_a_key() {
        let keys: Vec<_> = Command::ALL.iter().filter_map(|c| c.shortcut()).collect();
        assert_eq!(keys.iter().collect::<HashSet<_>>().len(), keys.len());
    }

    #[test]
    fn all_lists_every_command_once() {
        let names: HashSet<_> = Command::ALL.iter().map(|c| format!("{c:?}")).collect();
        assert_eq!(names.len(), Command::ALL.len());
    }
}
