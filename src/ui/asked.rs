//! What was asked for while a frame was drawn; performed once, after drawing.

use super::command::Command;
use crate::app::Action;

/// Collects commands and actions of one frame.
#[derive(Debug, Default)]
pub struct Asked {
    pub commands: Vec<Command>,
    pub actions: Vec<Action>,
}

impl Asked {
    pub fn command(&mut self, command: Command) {
        self.commands.push(command);
    }

    pub fn action(&mut self, action: Action) {
        self.actions.push(action);
    }
}
