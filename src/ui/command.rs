//! Everything a person can ask for, in one place: menus, buttons, keys, the palette and the sheet of keys all read this.

use egui::{Context, Key, KeyboardShortcut, Modifiers};

use super::perform::stop;
use crate::app::State;
use crate::app::state::{Brush, Layout, Many, Photograph};
use crate::domain::Laterality;
use crate::text::window::Texts;

/// One thing a person can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    Open,
    OpenFolder,
    OpenSample,
    Remove,
    RemoveAll,
    Export,
    CopyFigure,
    CopyResult,
    CopyMethodsEn,
    CopyMethodsJa,
    CopyCommandLine,
    Quit,
    Run,
    Cancel,
    RunMarked,
    RunAll,
    RunFailed,
    RunRefused,
    KeepAnswers,
    Pause,
    CancelMany,
    Accept,
    Next,
    Previous,
    MarkAll,
    Unmark,
    EyeOd,
    EyeOs,
    MaskNames,
    Single,
    SideBySide,
    TwoModels,
    TwoEyes,
    Table,
    NextModel,
    Fit,
    ActualSize,
    ZoomIn,
    ZoomOut,
    Overlay,
    OverlayWeaker,
    OverlayStronger,
    Contour,
    Grid,
    FieldOutline,
    RedFree,
    PlainDisplay,
    CoverBrush,
    UndoStroke,
    WhatItSees,
    Models,
    Import,
    Devices,
    Settings,
    Larger,
    Smaller,
    SwitchTheme,
    SwitchLanguage,
    Palette,
    Shortcuts,
    About,
}

impl Command {
    /// Every command, in the order of the sheet of keys.
    pub const ALL: [Self; 61] = [
        Self::Open,
        Self::OpenFolder,
        Self::OpenSample,
        Self::Remove,
        Self::RemoveAll,
        Self::Next,
        Self::Previous,
        Self::MarkAll,
        Self::Unmark,
        Self::EyeOd,
        Self::EyeOs,
        Self::Accept,
        Self::MaskNames,
        Self::Run,
        Self::Cancel,
        Self::RunMarked,
        Self::RunAll,
        Self::RunFailed,
        Self::RunRefused,
        Self::KeepAnswers,
        Self::Pause,
        Self::CancelMany,
        Self::Export,
        Self::CopyFigure,
        Self::CopyResult,
        Self::CopyMethodsEn,
        Self::CopyMethodsJa,
        Self::CopyCommandLine,
        Self::Fit,
        Self::ActualSize,
        Self::ZoomIn,
        Self::ZoomOut,
        Self::Overlay,
        Self::OverlayWeaker,
        Self::OverlayStronger,
        Self::Contour,
        Self::Grid,
        Self::FieldOutline,
        Self::RedFree,
        Self::PlainDisplay,
        Self::CoverBrush,
        Self::UndoStroke,
        Self::WhatItSees,
        Self::Single,
        Self::SideBySide,
        Self::TwoModels,
        Self::TwoEyes,
        Self::Table,
        Self::NextModel,
        Self::Models,
        Self::Import,
        Self::Devices,
        Self::Settings,
        Self::Larger,
        Self::Smaller,
        Self::SwitchTheme,
        Self::SwitchLanguage,
        Self::Palette,
        Self::Shortcuts,
        Self::About,
        Self::Quit,
    ];

    pub fn text(self, t: Texts) -> &'static str {
        match self {
            Self::Open => t.open_files(),
            Self::OpenFolder => t.open_folder(),
            Self::OpenSample => t.open_sample(),
            Self::Remove => t.close_photograph(),
            Self::RemoveAll => t.close_all(),
            Self::Export => t.export_files(),
            Self::CopyFigure => t.copy_figure(),
            Self::CopyResult => t.copy_result(),
            Self::CopyMethodsEn => t.copy_methods_en(),
            Self::CopyMethodsJa => t.copy_methods_ja(),
            Self::CopyCommandLine => t.copy_command_line(),
            Self::Quit => t.quit(),
            Self::Run => t.run_now(),
            Self::Cancel => t.cancel(),
            Self::RunMarked => t.run_marked(),
            Self::RunAll => t.run_all(),
            Self::RunFailed => t.run_failed(),
            Self::RunRefused => t.use_these_all_the_same(),
            Self::KeepAnswers => t.keep_answers(),
            Self::Accept => t.use_all_the_same(),
            Self::Pause => t.pause_or_go_on(),
            Self::CancelMany => t.cancel_many(),
            Self::Next => t.next_photograph(),
            Self::Previous => t.previous_photograph(),
            Self::MarkAll => t.mark_all(),
            Self::Unmark => t.unmark(),
            Self::EyeOd => t.this_is_od(),
            Self::EyeOs => t.this_is_os(),
            Self::MaskNames => t.mask_names(),
            Self::Single => t.layout_single(),
            Self::SideBySide => t.layout_side_by_side(),
            Self::TwoModels => t.layout_models(),
            Self::TwoEyes => t.layout_eyes(),
            Self::Table => t.layout_table(),
            Self::NextModel => t.next_model(),
            Self::Fit => t.fit(),
            Self::ActualSize => t.actual_size(),
            Self::ZoomIn => t.zoom_in(),
            Self::ZoomOut => t.zoom_out(),
            Self::Overlay => t.overlay(),
            Self::OverlayWeaker => t.overlay_weaker(),
            Self::OverlayStronger => t.overlay_stronger(),
            Self::Contour => t.contour(),
            Self::Grid => t.grid_lines(),
            Self::FieldOutline => t.field_outline(),
            Self::RedFree => t.red_free(),
            Self::PlainDisplay => t.plain_display(),
            Self::CoverBrush => t.cover_brush(),
            Self::UndoStroke => t.undo_stroke(),
            Self::WhatItSees => t.what_it_sees(),
            Self::Models => t.models_sheet(),
            Self::Import => t.import_model(),
            Self::Devices => t.devices_sheet(),
            Self::Settings => t.settings_sheet(),
            Self::Larger => t.larger(),
            Self::Smaller => t.smaller(),
            Self::SwitchTheme => t.switch_theme(),
            Self::SwitchLanguage => t.switch_language(),
            Self::Palette => t.palette(),
            Self::Shortcuts => t.shortcuts(),
            Self::About => t.about(),
        }
    }

    /// A sentence for those who wonder; the name itself where nothing is to be added.
    pub fn tip(self, t: Texts) -> &'static str {
        match self {
            Self::Open => t.open_files_tip(),
            Self::OpenFolder => t.open_folder_tip(),
            Self::CopyCommandLine => t.copy_command_line_tip(),
            Self::Run => t.run_tip(),
            Self::RunMarked => t.run_marked_tip(),
            Self::RunAll => t.run_all_tip(),
            Self::RunRefused => t.use_these_all_the_same_tip(),
            Self::KeepAnswers => t.keep_answers_tip(),
            Self::Accept => t.use_all_the_same_tip(),
            Self::Fit => t.fit_tip(),
            Self::ActualSize => t.actual_size_tip(),
            Self::Overlay => t.overlay_tip(),
            Self::Contour => t.contour_tip(),
            Self::Grid => t.grid_lines_tip(),
            Self::FieldOutline => t.field_outline_tip(),
            Self::RedFree => t.red_free_tip(),
            Self::CoverBrush => t.cover_brush_tip(),
            Self::WhatItSees => t.what_it_sees_tip(),
            Self::SideBySide => t.layout_side_by_side_tip(),
            Self::TwoModels => t.layout_models_tip(),
            Self::TwoEyes => t.layout_eyes_tip(),
            Self::Table => t.layout_table_tip(),
            Self::MaskNames => t.mask_names_tip(),
            _ => self.text(t),
        }
    }

    /// The key, if it has one. What starts a run, and what changes the language or the look of the window, never has a
    /// bare letter: whoever types beside a text field must not set off hours of work, or land in a language they cannot read.
    pub fn shortcut(self) -> Option<KeyboardShortcut> {
        let plain = |key| Some(KeyboardShortcut::new(Modifiers::NONE, key));
        let command = |key| Some(KeyboardShortcut::new(Modifiers::COMMAND, key));
        let both = |key| {
            Some(KeyboardShortcut::new(
                Modifiers::COMMAND | Modifiers::SHIFT,
                key,
            ))
        };
        match self {
            Self::Open => command(Key::O),
            Self::OpenFolder => both(Key::O),
            Self::Quit => command(Key::Q),
            Self::Remove => plain(Key::Delete),
            Self::Export => command(Key::E),
            Self::CopyFigure => both(Key::F),
            Self::CopyResult => both(Key::T),
            Self::Run => command(Key::R),
            Self::RunMarked => both(Key::Enter),
            Self::RunAll => command(Key::Enter),
            Self::Pause => plain(Key::P),
            Self::Cancel => plain(Key::Escape),
            Self::Next => plain(Key::PageDown),
            Self::Previous => plain(Key::PageUp),
            Self::MarkAll => command(Key::A),
            Self::Single => plain(Key::F2),
            Self::SideBySide => plain(Key::F3),
            Self::TwoModels => plain(Key::F4),
            Self::TwoEyes => plain(Key::F5),
            Self::Table => plain(Key::F6),
            Self::NextModel => plain(Key::M),
            Self::Fit => plain(Key::F),
            Self::ActualSize => plain(Key::Num1),
            Self::ZoomIn => plain(Key::Plus),
            Self::ZoomOut => plain(Key::Minus),
            Self::Overlay => plain(Key::S),
            Self::OverlayWeaker => plain(Key::OpenBracket),
            Self::OverlayStronger => plain(Key::CloseBracket),
            Self::Contour => plain(Key::C),
            Self::Grid => plain(Key::G),
            Self::FieldOutline => plain(Key::O),
            Self::RedFree => plain(Key::E),
            Self::PlainDisplay => plain(Key::D),
            Self::CoverBrush => plain(Key::B),
            Self::UndoStroke => command(Key::Z),
            Self::WhatItSees => plain(Key::F7),
            Self::Settings => command(Key::Comma),
            Self::Larger => command(Key::Plus),
            Self::Smaller => command(Key::Minus),
            Self::SwitchTheme => both(Key::D),
            Self::SwitchLanguage => both(Key::L),
            Self::Palette => command(Key::K),
            Self::Shortcuts => plain(Key::F1),
            Self::OpenSample
            | Self::RemoveAll
            | Self::CopyMethodsEn
            | Self::CopyMethodsJa
            | Self::CopyCommandLine
            | Self::RunFailed
            | Self::RunRefused
            | Self::KeepAnswers
            | Self::Accept
            | Self::CancelMany
            | Self::Unmark
            | Self::EyeOd
            | Self::EyeOs
            | Self::MaskNames
            | Self::Models
            | Self::Import
            | Self::Devices
            | Self::About => None,
        }
    }

    /// True where the key belongs to a text field while that has the focus: keys that type or edit, and those whose effect
    /// nobody who is typing would expect.
    pub fn yields_to_text(self) -> bool {
        let with_ctrl = self.shortcut().is_some_and(|key| key.modifiers.command);
        !with_ctrl
            || matches!(
                self,
                Self::MarkAll
                    | Self::UndoStroke
                    | Self::Run
                    | Self::RunMarked
                    | Self::RunAll
                    | Self::SwitchTheme
                    | Self::SwitchLanguage
            )
    }

    /// The tip with the key behind it, where there is one.
    pub fn tip_with_key(self, t: Texts, ctx: &Context) -> String {
        let tip = self.tip(t);
        match self.key_words(ctx) {
            Some(key) => format!("{tip} ({key})"),
            None => tip.to_owned(),
        }
    }

    /// The key as it is printed on keyboards.
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
        let many = state.many.as_ref().is_some_and(Many::is_going_on);
        let has_map = state.answer().is_some_and(|a| a.map.is_some());
        match self {
            Self::Run => state.can_run(),
            Self::Cancel => stop(state).is_some(),
            Self::RunMarked => state.can_run_many() && !state.meant().is_empty(),
            Self::RunAll => state.can_run_many(),
            Self::RunFailed => {
                state.can_run_many() && state.photographs.iter().any(|p| p.has_failed())
            }
            Self::RunRefused => state.can_run_many() && !state.refused_by_runs().is_empty(),
            Self::Accept => state
                .selected()
                .is_some_and(|p| p.is_refused() || p.accepted),
            Self::Pause | Self::CancelMany => many,
            Self::Remove => !state.meant().is_empty(),
            Self::RemoveAll | Self::MarkAll => !state.photographs.is_empty(),
            Self::Unmark => !state.marked.is_empty(),
            Self::Next | Self::Previous => state.rows.len() > 1,
            Self::EyeOd | Self::EyeOs => state.selected().is_some_and(|p| p.known.is_some()),
            Self::Fit | Self::ActualSize | Self::ZoomIn | Self::ZoomOut => {
                opened(state) && state.layout != Layout::Table
            }
            Self::Overlay
            | Self::OverlayWeaker
            | Self::OverlayStronger
            | Self::Contour
            | Self::Grid => has_map,
            Self::FieldOutline => state
                .selected()
                .and_then(|p| p.opened())
                .is_some_and(|o| o.image.field_of_view.is_some()),
            Self::RedFree => opened(state),
            Self::WhatItSees => state.can_be_shown_to_a_model(),
            Self::CoverBrush => state.can_be_shown_to_a_model() && state.layout != Layout::Table,
            Self::UndoStroke => state.brush.as_ref().is_some_and(Brush::is_painted),
            Self::PlainDisplay => !state.display.is_plain(),
            Self::TwoModels => state.installed().len() > 1,
            // Where the other eye is missing, the second pane says so.
            Self::TwoEyes => state.selected.is_some(),
            Self::SideBySide | Self::Table | Self::Single => state.selected.is_some(),
            Self::NextModel => state.chosen_models().len() > 1,
            Self::Export => state.photographs.iter().any(|p| !p.answers.is_empty()),
            Self::CopyMethodsEn | Self::CopyMethodsJa => {
                let chosen = state.chosen_models();
                let tells = |p: &Photograph| chosen.iter().any(|m| p.answers.contains_key(&m.id));
                state.photographs.iter().any(tells)
            }
            Self::CopyFigure => state.answer().is_some_and(|a| !a.case.is_refused()),
            Self::CopyResult => state.answer().is_some(),
            Self::CopyCommandLine => state.reproduction().is_some(),
            Self::Open | Self::OpenFolder | Self::KeepAnswers => !state.asking,
            Self::Larger => state.settings.scale < *crate::app::settings::SCALES.end(),
            Self::Smaller => state.settings.scale > *crate::app::settings::SCALES.start(),
            Self::OpenSample
            | Self::MaskNames
            | Self::Models
            | Self::Import
            | Self::Devices
            | Self::Settings
            | Self::Quit
            | Self::SwitchTheme
            | Self::SwitchLanguage
            | Self::Palette
            | Self::Shortcuts
            | Self::About => true,
        }
    }

    /// For commands that switch something: whether it is on.
    pub fn is_on(self, state: &State) -> Option<bool> {
        let eye = |eye: Laterality| Some(state.selected().is_some_and(|p| p.eye() == eye));
        match self {
            Self::Overlay => Some(state.settings.overlay_shown),
            Self::FieldOutline => Some(state.settings.field_outline_shown),
            Self::Grid => Some(state.settings.grid_shown),
            Self::Contour => Some(state.settings.overlay.contour.is_some()),
            Self::RedFree => Some(state.display.red_free),
            Self::CoverBrush => Some(state.brush.is_some()),
            Self::MaskNames => Some(state.settings.names_masked),
            Self::Accept => Some(state.selected().is_some_and(|p| p.accepted)),
            Self::EyeOd => eye(Laterality::Od),
            Self::EyeOs => eye(Laterality::Os),
            Self::Single => Some(state.layout == Layout::Single),
            Self::SideBySide => Some(state.layout == Layout::SideBySide),
            Self::TwoModels => Some(state.layout == Layout::Models),
            Self::TwoEyes => Some(state.layout == Layout::Eyes),
            Self::Table => Some(state.layout == Layout::Table),
            Self::Pause => Some(state.many.as_ref().is_some_and(|m| m.paused)),
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
    fn all_lists_every_command_once() {
        let names: HashSet<_> = Command::ALL.iter().map(|c| format!("{c:?}")).collect();
        assert_eq!(names.len(), Command::ALL.len());
    }
}
