//! The question before the window is closed, the list cleared or another frame shown although results are in no file.

use egui::Ui;

use super::question::Question;
use super::{Page, PagePlacement};
use crate::app::State;
use crate::app::apply::{Action, Leaving as Act};
use crate::app::state::Leaving;
use crate::ui::view::FrameContext;

#[derive(Default)]
pub struct LeavingPage;

impl Page for LeavingPage {
    fn place(&self) -> PagePlacement {
        PagePlacement::Anywhere
    }

    fn is_called_for(&self, state: &State) -> bool {
        state.leaving.is_some()
    }

    fn page_ui(&mut self, ui: &mut Ui, view: &mut FrameContext<'_>) {
        let (state, t) = (view.state, view.t);
        let Some(leaving) = state.leaving else {
            return;
        };
        let loss = state.loss(leaving);
        let mut words = Vec::new();
        if loss.unexported > 0 {
            words.push(t.unexported_results(loss.unexported));
        }
        if loss.work {
            words.push(t.work_would_stop().to_owned());
        }
        let (title, proceed, stay) = match leaving {
            Leaving::Window => {
                let proceed = match loss.unexported {
                    0 => t.stop_and_quit(),
                    _ => t.quit_without_exporting(),
                };
                (t.quit_really(), proceed, t.stay())
            }
            Leaving::List => {
                words.push(t.clearing_can_be_undone().to_owned());
                (t.clear_really(), t.clear_list_now(), t.keep_list())
            }
            Leaving::Frame(..) => {
                words.push(t.frame_has_own_results().to_owned());
                (t.frame_really(), t.show_frame_now(), t.keep_frame())
            }
        };
        let mut choices = vec![
            (t.export_files(), Act::Export),
            (proceed, Act::Proceed),
            (stay, Act::Stay),
        ];
        if loss.unexported == 0 {
            choices.remove(0);
        }
        let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        let question = Question {
            title,
            words: &words,
            choices: &names,
        };
        if let Some((_, action)) = question.ask(ui).and_then(|i| choices.get(i)) {
            view.action(Action::Leaving(*action));
        }
    }
}
