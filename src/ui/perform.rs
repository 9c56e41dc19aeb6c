//! What a command comes to: an action on the state, or something that only the window knows.

use super::command::Command;
use super::sheets::Sheet;
use crate::app::State;
use crate::app::action::{
    Action, Anatomy, Change, Controls, Cover, Explain, Export, List, Models, Photographs, Run, View,
};
use crate::app::settings::Appearance;
use crate::app::state::{Display, Layout, Many, Which};
use crate::domain::Laterality;
use crate::text::Lang;

/// A step of the opacity keys.
const OPACITY_STEP: f32 = 0.1;
/// A step of the scale keys.
const SCALE_STEP: f32 = 0.25;
/// The share of the map's limit that the contour is drawn at.
pub const CONTOUR_AT: f32 = 0.5;

/// What a command asks for.
#[derive(Clone, Debug)]
pub enum Deed {
    Act(Box<Action>),
    Sheet(Sheet),
    CopyCommandLine,
    Fit,
    ActualSize,
    ZoomIn,
    ZoomOut,
    Quit,
    Nothing,
}

fn act(action: Action) -> Deed {
    Deed::Act(Box::new(action))
}

/// What Cancel stops: one thing at a time, what is waited for on the photograph in view before a run over many, which may
/// hold the work of hours. `None` where nothing runs.
pub fn stop(state: &State) -> Option<Action> {
    let many = state.many.as_ref().is_some_and(Many::is_going_on);
    [
        (state.running.is_some(), Action::Run(Run::Cancel)),
        (state.explaining.is_some(), Action::Explain(Explain::Cancel)),
        (
            state.controlling.is_some(),
            Action::Controls(Controls::Cancel),
        ),
        (
            state.anatomy.covering.is_some(),
            Action::Anatomy(Anatomy::CancelCover),
        ),
        (many, Action::Run(Run::CancelMany)),
    ]
    .into_iter()
    .find_map(|(runs, stops)| runs.then_some(stops))
}

/// Turns a command into what is to be done now.
pub fn deed(command: Command, state: &State) -> Deed {
    let settings = &state.settings;
    let set = |change| act(Action::Settings(change));
    let photographs = |action| act(Action::Photographs(action));
    let list = |action| act(Action::List(action));
    let run = |action| act(Action::Run(action));
    let view = |action| act(Action::View(action));
    let export = |action| act(Action::Export(action));
    let eye = |eye: Laterality| match state.selected {
        Some(id) => photographs(Photographs::CorrectEye(id, eye)),
        None => Deed::Nothing,
    };
    match command {
        Command::Open => photographs(Photographs::AskForFiles),
        Command::OpenFolder => photographs(Photographs::AskForFolder),
        Command::OpenSample => photographs(Photographs::OpenSample),
        Command::Remove => photographs(Photographs::Remove),
        Command::RemoveAll => photographs(Photographs::RemoveAll),
        Command::Next => photographs(Photographs::Next),
        Command::Previous => photographs(Photographs::Previous),
        Command::MarkAll => list(List::MarkAll),
        Command::Unmark => list(List::Unmark),
        Command::EyeOd => eye(Laterality::Od),
        Command::EyeOs => eye(Laterality::Os),
        Command::MaskNames => set(Change::NamesMasked(!settings.names_masked)),
        Command::Run => run(Run::Start),
        Command::Cancel => stop(state).map_or(Deed::Nothing, act),
        Command::RunMarked => run(Run::StartMany(Which::Marked)),
        Command::RunAll => run(Run::StartMany(Which::All)),
        Command::RunFailed => run(Run::StartMany(Which::Failed)),
        Command::RunRefused => run(Run::StartMany(Which::Refused)),
        Command::KeepAnswers => export(Export::AskForFolder),
        Command::Accept => match state.selected() {
            Some(photo) => photographs(Photographs::Accept(photo.id, !photo.accepted)),
            None => Deed::Nothing,
        },
        Command::Pause => run(if state.many.as_ref().is_some_and(|m| m.paused) {
            Run::Resume
        } else {
            Run::Pause
        }),
        Command::CancelMany => run(Run::CancelMany),
        Command::Export => export(Export::Open),
        Command::CopyFigure => export(Export::CopyFigure),
        Command::CopyResult => export(Export::CopyResult),
        Command::CopyCommandLine => Deed::CopyCommandLine,
        Command::CopyMethodsEn => export(Export::CopyMethods(Lang::En)),
        Command::CopyMethodsJa => export(Export::CopyMethods(Lang::Ja)),
        Command::Overlay => set(Change::OverlayShown(!settings.overlay_shown)),
        Command::OverlayWeaker => set(Change::OverlayOpacity(
            settings.overlay.opacity - OPACITY_STEP,
        )),
        Command::OverlayStronger => set(Change::OverlayOpacity(
            settings.overlay.opacity + OPACITY_STEP,
        )),
        Command::Contour => set(Change::OverlayContour(match settings.overlay.contour {
            Some(_) => None,
            None => Some(CONTOUR_AT),
        })),
        Command::Grid => set(Change::GridShown(!settings.grid_shown)),
        Command::FieldOutline => set(Change::FieldOutlineShown(!settings.field_outline_shown)),
        Command::RedFree => view(View::Display(Display {
            red_free: !state.display.red_free,
            ..state.display
        })),
        Command::CoverBrush => act(Action::Cover(if state.brush.is_some() {
            Cover::Leave
        } else {
            Cover::Take
        })),
        Command::UndoStroke => act(Action::Cover(Cover::Undo)),
        Command::PlainDisplay => view(View::Display(Display::default())),
        Command::Single => view(View::Layout(Layout::Single)),
        Command::SideBySide => view(View::Layout(Layout::SideBySide)),
        Command::TwoModels => view(View::Layout(Layout::Models)),
        Command::TwoEyes => view(View::Layout(Layout::Eyes)),
        Command::Table => view(View::Layout(Layout::Table)),
        Command::NextModel => act(Action::Models(Models::LookAtNext)),
        Command::Larger => set(Change::Scale(settings.scale + SCALE_STEP)),
        Command::Smaller => set(Change::Scale(settings.scale - SCALE_STEP)),
        Command::SwitchTheme => set(Change::Appearance(match settings.appearance {
            Appearance::Dark => Appearance::Light,
            Appearance::Light => Appearance::Dark,
        })),
        Command::SwitchLanguage => set(Change::Language(match settings.language {
            Lang::En => Lang::Ja,
            Lang::Ja => Lang::En,
        })),
        Command::WhatItSees => Deed::Sheet(Sheet::Steps),
        Command::Models => Deed::Sheet(Sheet::Models),
        Command::Import => Deed::Sheet(Sheet::Import),
        Command::Devices => Deed::Sheet(Sheet::Devices),
        Command::Settings => Deed::Sheet(Sheet::Settings),
        Command::Palette => Deed::Sheet(Sheet::Palette),
        Command::Shortcuts => Deed::Sheet(Sheet::Shortcuts),
        Command::About => Deed::Sheet(Sheet::About),
        Command::Fit => Deed::Fit,
        Command::ActualSize => Deed::ActualSize,
        Command::ZoomIn => Deed::ZoomIn,
        Command::ZoomOut => Deed::ZoomOut,
        Command::Quit => Deed::Quit,
    }
}
