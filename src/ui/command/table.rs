//! The commands, one row each, in the order of the page of keys and the palette.

use egui::{Key, ViewportCommand};

use super::{Menu, Outcome, Row, row};
use crate::app::State;
use crate::app::apply::{
    Action, Anatomy, Cover, Explain, Export, Leaving, List, Models, Photographs, Run,
    SanityCheckAction, SettingChange, Study, View,
};
use crate::app::settings::SCALES;
use crate::app::state::{Brush, Display, Layout, Many, Photograph, RunSelection};
use crate::domain::Laterality;
use crate::imaging::overlay::Ground;
use crate::text::Lang;
use crate::text::window::Texts;
use crate::ui::answer::Tab;
use crate::ui::pages::PageName;

/// A step of the opacity keys.
const OPACITY_STEP: f32 = 0.1;
/// A step of the scale keys.
const SCALE_STEP: f32 = 0.25;
/// The fraction of the map's limit at which the contour is drawn.
pub const CONTOUR_AT: f32 = 0.5;

/// Generates the command enum from its rows, so that every command has a row and appears in every list.
macro_rules! commands {
    ($($name:ident: $row:expr;)*) => {
        /// A command.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Command {
            $($name,)*
        }

        impl Command {
            pub const ALL: [Self; [$(Self::$name),*].len()] = [$(Self::$name),*];

            pub(super) fn row(self) -> &'static Row {
                static ROWS: [Row; Command::ALL.len()] = [$($row),*];
                &ROWS[self as usize]
            }
        }
    };
}

commands! {
    Open: row(Menu::File, 0, Texts::open_files, |_| photographs(Photographs::AskForFiles))
        .tip(Texts::open_files_tip).ctrl(Key::O).enabled(|s| !s.asking);
    OpenFolder: row(Menu::File, 0, Texts::open_folder, |_| photographs(Photographs::AskForFolder))
        .tip(Texts::open_folder_tip).ctrl_shift(Key::O).enabled(|s| !s.asking);
    OpenSample: row(Menu::File, 0, Texts::open_sample, |_| photographs(Photographs::OpenSample));
    Labels: row(Menu::Study, 1, Texts::labels_open, |_| Outcome::Page(PageName::Labels))
        .tip(Texts::labels_open_tip);
    NewStudy: row(Menu::Study, 0, Texts::new_study, |_| Outcome::Page(PageName::Study))
        .tip(Texts::new_study_tip).enabled(|s| s.study.open.is_none());
    OpenStudy: row(Menu::Study, 0, Texts::open_study, |_| act(Action::Study(Study::AskForStudy)))
        .tip(Texts::open_study_tip).enabled(|s| !s.asking);
    ShowStudy: row(Menu::Study, 0, Texts::show_study, |_| Outcome::Page(PageName::Study))
        .enabled(|s| s.study.open.is_some());
    Evaluate: row(Menu::Study, 2, Texts::evaluate, |_| Outcome::Page(PageName::Evaluation))
        .tip(Texts::evaluate_tip).enabled(|s| s.study.open.is_some() && !s.study.is_running());
    MissingLabels: row(Menu::Study, 2, Texts::supplement_open, |_| Outcome::Page(PageName::Supplement))
        .tip(Texts::supplement_tip).enabled(|s| s.study.open.is_some() && !s.study.is_running());
    Replay: row(Menu::Study, 3, Texts::replay_open, |_| Outcome::Page(PageName::Replay))
        .tip(Texts::replay_tip);
    CheckRecords: row(Menu::Study, 2, Texts::check_records, |_| Outcome::Page(PageName::Records))
        .tip(Texts::check_records_tip).enabled(|s| s.study.open.is_some() && !s.study.is_running());
    Undo: row(Menu::File, 2, Texts::undo, |s| match is_painted(s) {
            true => act(Action::Cover(Cover::Undo)),
            false => photographs(Photographs::Restore),
        })
        .tip(Texts::undo_tip).ctrl(Key::Z).unless_typing()
        .enabled(|s| is_painted(s) || !s.removals.is_empty());
    Remove: row(Menu::File, 2, Texts::close_photograph, |_| photographs(Photographs::Remove))
        .key(Key::Delete).enabled(|s| !s.meant().is_empty());
    RemoveAll: row(Menu::File, 2, Texts::close_all, |_| act(Action::Leaving(Leaving::ClearList)))
        .enabled(|s| !s.photographs.is_empty());

    Next: row(Menu::Photograph, 0, Texts::next_photograph, |_| photographs(Photographs::Next))
        .key(Key::PageDown).enabled(|s| s.rows.len() > 1);
    Previous: row(Menu::Photograph, 0, Texts::previous_photograph, |_| photographs(Photographs::Previous))
        .key(Key::PageUp).enabled(|s| s.rows.len() > 1);
    MarkAll: row(Menu::Photograph, 0, Texts::mark_all, |_| act(Action::List(List::MarkAll)))
        .ctrl(Key::A).unless_typing().enabled(|s| !s.photographs.is_empty());
    Unmark: row(Menu::Photograph, 0, Texts::unmark, |_| act(Action::List(List::Unmark)))
        .enabled(|s| !s.marked.is_empty());
    EyeOd: row(Menu::Photograph, 1, Texts::this_is_od, |s| correct_eye(s, Laterality::Od))
        .enabled(is_known).on(|s| is_eye(s, Laterality::Od));
    EyeOs: row(Menu::Photograph, 1, Texts::this_is_os, |s| correct_eye(s, Laterality::Os))
        .enabled(is_known).on(|s| is_eye(s, Laterality::Os));
    Accept: row(Menu::Photograph, 1, Texts::use_all_the_same, |s| match s.selected() {
            Some(photo) => photographs(Photographs::Accept(photo.id, !photo.accepted)),
            None => Outcome::Nothing,
        })
        .tip(Texts::use_all_the_same_tip)
        .enabled(|s| s.selected().is_some_and(|p| p.is_refused() || p.accepted))
        .on(|s| s.selected().is_some_and(|p| p.accepted));
    NamePattern: row(Menu::Photograph, 1, Texts::name_pattern, |_| Outcome::Page(PageName::NamePattern))
        .tip(Texts::name_pattern_tip);
    MaskNames: row(Menu::View, 5, Texts::mask_names, |s| set(SettingChange::NamesMasked(!s.settings.names_masked)))
        .tip(Texts::mask_names_tip).on(|s| s.settings.names_masked);

    Run: row(Menu::Run, 0, Texts::run_now, |_| run(Run::Start))
        .tip(Texts::run_tip).ctrl(Key::R).unless_typing().enabled(State::can_run);
    Cancel: row(Menu::Run, 0, Texts::cancel, |s| stop(s).map_or(Outcome::Nothing, act))
        .key(Key::Escape).enabled(|s| stop(s).is_some());
    RunMarked: row(Menu::Run, 1, Texts::run_marked, |_| run(Run::StartMany(RunSelection::Marked)))
        .tip(Texts::run_marked_tip).ctrl_shift(Key::Enter).unless_typing()
        .enabled(|s| s.can_run_many() && !s.meant().is_empty());
    RunAll: row(Menu::Run, 1, Texts::run_all, |_| run(Run::StartMany(RunSelection::All)))
        .tip(Texts::run_all_tip).ctrl(Key::Enter).unless_typing().enabled(State::can_run_many);
    RunFailed: row(Menu::Run, 1, Texts::run_failed, |_| run(Run::StartMany(RunSelection::Failed)))
        .enabled(|s| s.can_run_many() && s.counts.failed > 0);
    RunRefused: row(Menu::Run, 1, Texts::use_these_all_the_same, |_| run(Run::StartMany(RunSelection::Refused)))
        .tip(Texts::use_these_all_the_same_tip)
        .enabled(|s| s.can_run_many() && s.counts.refused > 0);
    KeepAnswers: row(Menu::Run, 1, Texts::keep_answers, |_| export(Export::AskForFolder))
        .tip(Texts::keep_answers_tip).enabled(|s| !s.asking);
    Pause: row(Menu::Run, 2, Texts::pause_or_go_on, |s| run(if is_paused(s) { Run::Resume } else { Run::Pause }))
        .key(Key::P).enabled(is_going_on).on(is_paused);
    CancelMany: row(Menu::Run, 2, Texts::cancel_many, |_| run(Run::CancelMany)).enabled(is_going_on)
        .only_elsewhere();

    Export: row(Menu::File, 1, Texts::export_files, |_| export(Export::Open))
        .ctrl(Key::E).enabled(|s| s.counts.answered > 0);
    CaseReport: row(Menu::File, 1, Texts::case_report, |_| act(Action::CaseReport))
        .tip(Texts::case_report_tip).enabled(|s| !s.asking && s.can_report());
    CopyFigure: row(Menu::File, 1, Texts::copy_figure, |_| export(Export::CopyFigure))
        .ctrl_shift(Key::F).enabled(|s| s.answer().is_some_and(|a| !a.case.is_refused()));
    CopyResult: row(Menu::File, 1, Texts::copy_result, |_| export(Export::CopyResult))
        .ctrl_shift(Key::T).enabled(|s| s.answer().is_some());
    CopyMethodsEn: row(Menu::File, 1, Texts::copy_methods_en, |_| export(Export::CopyMethods(Lang::En)))
        .enabled(a_chosen_model_answered);
    CopyMethodsJa: row(Menu::File, 1, Texts::copy_methods_ja, |_| export(Export::CopyMethods(Lang::Ja)))
        .enabled(a_chosen_model_answered);
    CopyCommandLine: row(Menu::File, 1, Texts::copy_command_line, |_| Outcome::Window(|w, ctx| w.copy_command_line(ctx)))
        .tip(Texts::copy_command_line_tip).enabled(|s| s.reproduction().is_some());

    Fit: row(Menu::View, 1, Texts::fit, |_| Outcome::Window(|w, _| w.canvas.fit()))
        .tip(Texts::fit_tip).key(Key::F).enabled(can_be_zoomed);
    ActualSize: row(Menu::View, 1, Texts::actual_size, |_| {
            Outcome::Window(|w, ctx| w.canvas.show_actual_size(ctx.pixels_per_point()))
        })
        .tip(Texts::actual_size_tip).key(Key::Num1).enabled(can_be_zoomed);
    ZoomIn: row(Menu::View, 1, Texts::zoom_in, |_| Outcome::Window(|w, _| w.canvas.zoom(1)))
        .key(Key::Plus).enabled(can_be_zoomed);
    ZoomOut: row(Menu::View, 1, Texts::zoom_out, |_| Outcome::Window(|w, _| w.canvas.zoom(-1)))
        .key(Key::Minus).enabled(can_be_zoomed);

    Overlay: row(Menu::View, 2, Texts::overlay, |s| set(SettingChange::OverlayShown(!s.settings.overlay_shown)))
        .tip(Texts::overlay_tip).key(Key::S).enabled(has_map).on(|s| s.settings.overlay_shown);
    OverlayWeaker: row(Menu::View, 2, Texts::overlay_weaker, |s| {
            set(SettingChange::OverlayOpacity(s.settings.overlay.opacity - OPACITY_STEP))
        })
        .key(Key::OpenBracket).enabled(has_map);
    OverlayStronger: row(Menu::View, 2, Texts::overlay_stronger, |s| {
            set(SettingChange::OverlayOpacity(s.settings.overlay.opacity + OPACITY_STEP))
        })
        .key(Key::CloseBracket).enabled(has_map);
    Contour: row(Menu::View, 2, Texts::contour, |s| {
            set(SettingChange::OverlayContour(if has_contour(s) { None } else { Some(CONTOUR_AT) }))
        })
        .tip(Texts::contour_tip).key(Key::C).enabled(has_map).on(has_contour);
    Grid: row(Menu::View, 2, Texts::grid_lines, |s| set(SettingChange::GridShown(!s.settings.grid_shown)))
        .tip(Texts::grid_lines_tip).key(Key::G).enabled(has_map).on(|s| s.settings.grid_shown);
    FieldOutline: row(Menu::View, 2, Texts::field_outline, |s| {
            set(SettingChange::FieldOutlineShown(!s.settings.field_outline_shown))
        })
        .tip(Texts::field_outline_tip).key(Key::O)
        .enabled(has_field).on(|s| s.settings.field_outline_shown);
    // What is in view changes: the photograph beneath the map, or the photograph alone.
    RedFree: row(Menu::View, 3, Texts::red_free, |s| {
            let red_free = !is_red_free(s);
            if is_under_map(s) {
                set(SettingChange::OverlayGround(Ground::red_free_if(red_free)))
            } else {
                view(View::Display(Display { red_free, ..s.display }))
            }
        })
        .tip(Texts::red_free_tip).key(Key::E).enabled(is_opened).on(is_red_free);
    PlainDisplay: row(Menu::View, 3, Texts::plain_display, |_| view(View::Display(Display::default())))
        .key(Key::D).enabled(|s| !s.display.is_plain());
    CoverBrush: row(Menu::View, 4, Texts::cover_brush, |s| {
            act(Action::Cover(if s.brush.is_some() { Cover::Leave } else { Cover::Take }))
        })
        .tip(Texts::cover_brush_tip).key(Key::B)
        .enabled(|s| s.can_be_shown_to_a_model() && s.layout != Layout::Table)
        .on(|s| s.brush.is_some());
    WhatItSees: row(Menu::View, 4, Texts::what_it_sees, |_| Outcome::Page(PageName::Steps))
        .tip(Texts::what_it_sees_tip).key(Key::F7).enabled(State::can_be_shown_to_a_model);

    Single: row(Menu::View, 0, Texts::layout_single, |_| view(View::Layout(Layout::Single)))
        .key(Key::F2).enabled(is_selected).on(|s| s.layout == Layout::Single);
    SideBySide: row(Menu::View, 0, Texts::layout_side_by_side, |_| view(View::Layout(Layout::SideBySide)))
        .tip(Texts::layout_side_by_side_tip).key(Key::F3)
        .enabled(is_selected).on(|s| s.layout == Layout::SideBySide);
    TwoModels: row(Menu::View, 0, Texts::layout_models, |_| view(View::Layout(Layout::Models)))
        .tip(Texts::layout_models_tip).key(Key::F4)
        .enabled(|s| s.installed().len() > 1).on(|s| s.layout == Layout::Models);
    // If the other eye is missing, the second pane shows a notice.
    TwoEyes: row(Menu::View, 0, Texts::layout_eyes, |_| view(View::Layout(Layout::Eyes)))
        .tip(Texts::layout_eyes_tip).key(Key::F5).enabled(is_selected).on(|s| s.layout == Layout::Eyes);
    Table: row(Menu::View, 0, Texts::layout_table, |_| view(View::Layout(Layout::Table)))
        .tip(Texts::layout_table_tip).key(Key::F6).enabled(is_selected).on(|s| s.layout == Layout::Table);
    ListPanel: row(Menu::View, 0, Texts::list_panel, |_| Outcome::Window(|w, _| w.switch_list_panel()))
        .ctrl(Key::B);
    AnswerPanel: row(Menu::View, 0, Texts::answer_panel, |_| Outcome::Window(|w, _| w.switch_answer_panel()))
        .ctrl_shift(Key::B);
    // Tab stays with the keyboard focus.
    ImageOnly: row(Menu::View, 0, Texts::image_only, |_| Outcome::Window(|w, _| w.switch_image_only()))
        .tip(Texts::image_only_tip).key(Key::F9);
    TabResult: row(Menu::View, 6, Texts::show_tab_result, |_| Outcome::Window(|w, _| w.open_tab(Tab::Result)))
        .ctrl(Key::Num1);
    TabMap: row(Menu::View, 6, Texts::show_tab_map, |_| Outcome::Window(|w, _| w.open_tab(Tab::Map)))
        .ctrl(Key::Num2);
    TabChecks: row(Menu::View, 6, Texts::show_tab_checks, |_| Outcome::Window(|w, _| w.open_tab(Tab::Checks)))
        .ctrl(Key::Num3);
    TabPhotograph: row(Menu::View, 6, Texts::show_tab_photograph, |_| Outcome::Window(|w, _| w.open_tab(Tab::Photograph)))
        .ctrl(Key::Num4);
    TabModel: row(Menu::View, 6, Texts::show_tab_model, |_| Outcome::Window(|w, _| w.open_tab(Tab::Model)))
        .ctrl(Key::Num5);
    NextModel: row(Menu::View, 2, Texts::next_model, |_| act(Action::Models(Models::LookAtNext)))
        .key(Key::M).enabled(|s| s.chosen_models().len() > 1);

    Models: row(Menu::Models, 0, Texts::models_sheet, |_| Outcome::Page(PageName::Models));
    Import: row(Menu::Models, 0, Texts::import_model, |_| Outcome::Page(PageName::Import));
    CheckPreprocessing: row(Menu::Models, 0, Texts::check_sheet, |_| Outcome::Page(PageName::Check));
    GetJoir: row(Menu::Models, 0, Texts::get_joir, |_| Outcome::Page(PageName::Joir));
    Devices: row(Menu::Models, 0, Texts::devices_sheet, |_| Outcome::Page(PageName::Devices));

    Settings: row(Menu::File, 3, Texts::settings_sheet, |_| Outcome::Page(PageName::Settings)).ctrl(Key::Comma);
    Larger: row(Menu::View, 5, Texts::larger, |s| set(SettingChange::Scale(s.settings.scale + SCALE_STEP)))
        .ctrl(Key::Plus).enabled(|s| s.settings.scale < *SCALES.end());
    Smaller: row(Menu::View, 5, Texts::smaller, |s| set(SettingChange::Scale(s.settings.scale - SCALE_STEP)))
        .ctrl(Key::Minus).enabled(|s| s.settings.scale > *SCALES.start());
    SwitchTheme: row(Menu::View, 5, Texts::switch_theme, |_| Outcome::Window(|w, ctx| w.switch_theme(ctx)))
        .ctrl_shift(Key::D).unless_typing();
    SwitchLanguage: row(Menu::View, 5, Texts::switch_language, |s| {
            set(SettingChange::Language(match s.settings.language {
                Lang::En => Lang::Ja,
                Lang::Ja => Lang::En,
            }))
        })
        .ctrl_shift(Key::L).unless_typing();
    Palette: row(Menu::Help, 0, Texts::palette, |_| Outcome::Page(PageName::Palette)).ctrl(Key::K);
    Shortcuts: row(Menu::Help, 0, Texts::shortcuts, |_| Outcome::Page(PageName::Shortcuts)).key(Key::F1);
    Glossary: row(Menu::Help, 0, Texts::glossary, |_| Outcome::Page(PageName::Glossary));
    About: row(Menu::Help, 0, Texts::about, |_| Outcome::Page(PageName::About));
    Quit: row(Menu::File, 3, Texts::quit, |_| {
            Outcome::Window(|_, ctx| ctx.send_viewport_cmd(ViewportCommand::Close))
        })
        .ctrl(Key::Q);
}

fn act(action: Action) -> Outcome {
    Outcome::Act(Box::new(action))
}

fn photographs(action: Photographs) -> Outcome {
    act(Action::Photographs(action))
}

fn run(action: Run) -> Outcome {
    act(Action::Run(action))
}

fn export(action: Export) -> Outcome {
    act(Action::Export(action))
}

fn view(action: View) -> Outcome {
    act(Action::View(action))
}

fn set(change: SettingChange) -> Outcome {
    act(Action::Settings(change))
}

fn correct_eye(state: &State, eye: Laterality) -> Outcome {
    match state.selected {
        Some(id) => photographs(Photographs::CorrectEye(id, eye)),
        None => Outcome::Nothing,
    }
}

/// What Cancel stops, one thing at a time: work on the photograph in view before a run over many photographs, which may
/// represent hours of work. `None` if nothing is running.
fn stop(state: &State) -> Option<Action> {
    [
        (state.running.is_some(), Action::Run(Run::Cancel)),
        (state.explaining.is_some(), Action::Explain(Explain::Cancel)),
        (
            state.running_sanity_checks.is_some(),
            Action::SanityChecks(SanityCheckAction::Cancel),
        ),
        (
            state.anatomy.covering.is_some(),
            Action::Anatomy(Anatomy::CancelCover),
        ),
        (is_going_on(state), Action::Run(Run::CancelMany)),
    ]
    .into_iter()
    .find_map(|(runs, stops)| runs.then_some(stops))
}

fn is_going_on(state: &State) -> bool {
    state.many.as_ref().is_some_and(Many::is_going_on)
}

fn is_paused(state: &State) -> bool {
    state.many.as_ref().is_some_and(|m| m.paused)
}

fn is_painted(state: &State) -> bool {
    state.brush.as_ref().is_some_and(Brush::is_painted)
}

fn is_selected(state: &State) -> bool {
    state.selected.is_some()
}

fn is_known(state: &State) -> bool {
    state.selected().is_some_and(|p| p.known.is_some())
}

fn is_eye(state: &State, eye: Laterality) -> bool {
    state.selected().is_some_and(|p| p.eye() == eye)
}

fn is_opened(state: &State) -> bool {
    state.selected().is_some_and(|p| p.opened().is_some())
}

fn can_be_zoomed(state: &State) -> bool {
    is_opened(state) && state.layout != Layout::Table
}

fn has_field(state: &State) -> bool {
    let opened = state.selected().and_then(Photograph::opened);
    opened.is_some_and(|o| o.image.field_of_view.is_some())
}

fn has_map(state: &State) -> bool {
    state.answer().is_some_and(|a| a.map.is_some())
}

/// True if the photograph in view lies beneath a map.
fn is_under_map(state: &State) -> bool {
    has_map(state) && state.settings.overlay_shown
}

fn is_red_free(state: &State) -> bool {
    match is_under_map(state) {
        true => state.settings.overlay.ground == Ground::RedFree,
        false => state.display.red_free,
    }
}

fn has_contour(state: &State) -> bool {
    state.settings.overlay.contour.is_some()
}

fn a_chosen_model_answered(state: &State) -> bool {
    let chosen = state.chosen_models();
    let reported = |p: &Photograph| chosen.iter().any(|m| p.answers.contains_key(&m.id));
    state.photographs.iter().any(reported)
}
