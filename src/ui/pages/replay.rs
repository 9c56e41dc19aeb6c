//! Making an export of a study again: its folder, progress, and what is different.

use egui::{Button, ProgressBar, Ui, vec2};

use super::{Page, PagePlacement};
use crate::app::apply::study::replay::ReplayExport;
use crate::app::apply::{Action, Replay as Act};
use crate::app::state::{Loadable, Purpose};
use crate::domain::foreign::shown;
use crate::storage::file_name;
use crate::text::replay::{difference, identical};
use crate::text::research_only;
use crate::ui::path_field::{PathField, PathFieldLook, take_path_request};
use crate::ui::rows::{Emphasis, primary_button_ui, share_of, words_ui};
use crate::ui::theme::{self, Palette};
use crate::ui::view::FrameContext;

/// The check of an export.
#[derive(Default)]
pub struct ReplayPage {
    folder: PathField,
}

impl Page for ReplayPage {
    fn place(&self) -> PagePlacement {
        PagePlacement::Sheet(680.0)
    }

    fn page_ui(&mut self, ui: &mut Ui, view: &mut FrameContext<'_>) {
        let (state, t) = (view.state, view.t);
        let replay = &state.study.replay;
        ui.heading(t.replay_title());
        words_ui(ui, t.replay_about(), Emphasis::Plain);
        ui.add_space(theme::GAP);
        if let Some(folder) = &replay.folder {
            let name = words_ui(ui, &shown(&file_name(folder)), Emphasis::Weak);
            if !state.settings.names_masked {
                name.on_hover_text(folder.display().to_string());
            }
        }
        let palette = Palette::of(ui.visuals());
        match &replay.differences {
            Loadable::NotRequested => {}
            Loadable::Pending => {
                pending_ui(ui, view);
                words_ui(ui, research_only(t.0), Emphasis::Small);
                return;
            }
            Loadable::Failed(failure) => {
                let ink = Emphasis::Coloured(palette.serious);
                words_ui(ui, &failure.message(t.0), ink);
                words_ui(ui, &failure.hint(t.0), Emphasis::Plain);
            }
            Loadable::Ready(differences) if differences.is_empty() => {
                words_ui(ui, identical(t.0), Emphasis::Coloured(palette.good));
            }
            Loadable::Ready(differences) => {
                let ink = Emphasis::Coloured(palette.caution);
                words_ui(ui, t.replay_different(), ink);
                for found in differences.iter() {
                    let words = format!("• {}", difference(found, t.0));
                    words_ui(ui, &words, Emphasis::Plain);
                }
            }
        }
        ui.add_space(theme::GAP);
        self.choice_ui(ui, view);
        ui.add_space(theme::GAP);
        words_ui(ui, research_only(t.0), Emphasis::Small);
    }
}

fn pending_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let t = view.t;
    let steps = view.runner.work::<ReplayExport>().steps;
    words_ui(ui, t.replay_running(), Emphasis::Plain);
    let bar = ProgressBar::new(share_of(ui, steps))
        .desired_height(6.0)
        .corner_radius(2)
        .fill(Palette::of(ui.visuals()).bar_fill);
    ui.add(bar);
    let cancel = Button::new(t.cancel()).min_size(vec2(140.0, theme::PRIMARY_HEIGHT));
    ui.horizontal(|ui| {
        if ui.add(cancel).clicked() {
            view.action(Action::Replay(Act::Cancel));
        }
    });
}

impl ReplayPage {
    fn choice_ui(&mut self, ui: &mut Ui, view: &mut FrameContext<'_>) {
        let (state, t) = (view.state, view.t);
        let is_busy = !state.can_replay();
        ui.horizontal(|ui| {
            if let Some(folder) = &state.study.replay.folder {
                let again =
                    Button::new(t.replay_again()).min_size(vec2(0.0, theme::PRIMARY_HEIGHT));
                if ui.add_enabled(!is_busy, again).clicked() {
                    view.action(Action::Replay(Act::Start(folder.clone())));
                }
            }
            let free = !state.asking && !is_busy;
            let size = vec2(240.0, theme::PRIMARY_HEIGHT);
            if primary_button_ui(ui, free, t.replay_choose(), size).clicked() {
                view.action(Action::Replay(Act::AskForFolder));
            }
        });
        if is_busy {
            words_ui(ui, t.replay_busy(), Emphasis::Weak);
        }
        if state.no_dialog && !is_busy {
            let look = PathFieldLook {
                width: 460.0,
                name: t.replay_field(),
                go: t.replay_go(),
                desired: take_path_request(&[Purpose::ReplayFolder], view),
                on_sight: false,
            };
            if let Some(folder) = self.folder.path_ui(ui, look) {
                view.action(Action::Replay(Act::Start(folder)));
            }
        }
    }
}
