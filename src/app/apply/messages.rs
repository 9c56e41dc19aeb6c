//! The messages in the corner: their details, and dismissing them.

use crate::app::job::Effect;
use crate::app::state::{Message, MessageTopic, State};
use crate::domain::Skipped;
use crate::text::notes::Note;

#[derive(Clone, Debug)]
pub enum Messages {
    CopyDetails(u64),
    Dismiss(u64),
}

pub(super) fn apply(state: &mut State, action: &Messages) -> Vec<Effect> {
    match *action {
        Messages::CopyDetails(id) => state
            .messages
            .iter()
            .find(|m| m.id == id)
            .and_then(|m| details(state, m))
            .map(Effect::CopyText)
            .into_iter()
            .collect(),
        Messages::Dismiss(id) => {
            state.messages.retain(|m| m.id != id);
            if !state
                .messages
                .iter()
                .any(|m| matches!(m.subject, MessageTopic::Unexported(_)))
            {
                state.leave_waiting();
            }
            vec![]
        }
    }
}

/// The copied details of a message: the full failure, or the names of skipped files; without masked names.
fn details(state: &State, message: &Message) -> Option<String> {
    match (&message.failure, &message.subject) {
        (Some(failure), _) => Some(state.shown_message(&failure.to_string())),
        (None, MessageTopic::Skipped { .. }) if state.settings.names_masked => None,
        (None, MessageTopic::Skipped { skipped }) => Some(skipped_lines(state, skipped)),
        (None, MessageTopic::Exported { problems, .. }) => Some(problems.join("\n")),
        (None, _) => None,
    }
}

fn skipped_lines(state: &State, skipped: &[Skipped]) -> String {
    let lang = state.settings.language;
    let line = |s: &Skipped| format!("{}: {}", s.name, s.why.reason(lang));
    skipped.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// A message about something that the application did on its own.
pub(in crate::app) fn noted(state: &mut State, note: Note) -> Vec<Effect> {
    state.notify(MessageTopic::Note(note), None);
    vec![]
}
