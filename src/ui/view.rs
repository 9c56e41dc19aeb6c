//! The input that a part of the window is drawn from, and the requests it collects.

use super::command::Command;
use super::pages::PageName;
use crate::app::{Action, Runner, State};
use crate::text::window::Texts;

/// The panels beside the canvas; with both closed there is only the image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Panels {
    pub list: bool,
    pub answer: bool,
}

impl Default for Panels {
    fn default() -> Self {
        Self {
            list: true,
            answer: true,
        }
    }
}

/// One frame of the window as passed to panels and pages.
pub struct FrameContext<'a> {
    pub state: &'a State,
    pub t: Texts,
    /// Which panels beside the canvas are open.
    pub panels: Panels,
    /// Provides the progress of jobs.
    pub runner: &'a Runner,
    pub requested: &'a mut Requests,
}

impl FrameContext<'_> {
    pub fn command(&mut self, command: Command) {
        self.requested.commands.push(command);
    }

    pub fn action(&mut self, action: Action) {
        self.requested.actions.push(action);
    }

    /// Switches to a page once the current page is drawn.
    pub fn page(&mut self, page: PageName) {
        self.requested.turn = Some(PageChange::To(page));
    }

    pub fn close_page(&mut self) {
        self.requested.turn = Some(PageChange::Close);
    }
}

/// Requests collected while a frame is drawn; performed once, after drawing.
#[derive(Debug, Default)]
pub struct Requests {
    pub commands: Vec<Command>,
    pub actions: Vec<Action>,
    pub turn: Option<PageChange>,
}

/// A change of the page in view.
#[derive(Clone, Copy, Debug)]
pub enum PageChange {
    To(PageName),
    Close,
    /// The import is given up, after a question if something was entered.
    CancelImport,
}
