//! Messages in the corner: what failed, what to do, and details for a report. Failures stay until dismissed; other
//! messages disappear by themselves, but not while the pointer is on them.

use std::collections::HashMap;
use std::time::Duration;

use egui::{Align, Align2, Area, Button, Context, Frame, Id, Layout, Order, Ui, Vec2, vec2};

use super::icons::{self, icon_text};
use super::rows::{Emphasis, wide_button_ui, words_ui};
use super::theme;
use super::view::FrameContext;
use crate::app::apply::{Action, Export, Messages, Photographs, Run};
use crate::app::state::{CoverFailure, Many, Message, MessageTopic};
use crate::domain::Severity;
use crate::domain::foreign::shown;
use crate::storage::file_name;
use crate::text::window::Texts;

/// Messages shown at once; older ones wait.
const SHOWN: usize = 3;

/// When each temporary message was first seen, by its number.
#[derive(Default)]
pub struct FirstSeen(HashMap<u64, f64>);

/// Draws the latest messages in the lower right corner of the canvas; `margins` are the space to its right and below.
pub fn messages_ui(
    ctx: &Context,
    seen: &mut FirstSeen,
    margins: Vec2,
    view: &mut FrameContext<'_>,
) {
    let state = view.state;
    let Vec2 {
        x: right,
        y: bottom,
    } = margins;
    seen.0
        .retain(|id, _| state.messages.iter().any(|m| m.id == *id));
    if state.messages.is_empty() {
        return;
    }
    let now = ctx.input(|i| i.time);
    for message in state.messages.iter().rev().take(SHOWN) {
        let Some(stays_s) = message.subject.passes_after_s() else {
            continue;
        };
        let since = *seen.0.entry(message.id).or_insert(now);
        let left = since + stays_s - now;
        if left > 0.0 {
            ctx.request_repaint_after(Duration::from_secs_f64(left));
        } else {
            view.action(Action::Messages(Messages::Dismiss(message.id)));
        }
    }
    let area = Area::new(Id::unique("messages"))
        .order(Order::Foreground)
        .anchor(Align2::RIGHT_BOTTOM, vec2(-right - 12.0, -bottom - 12.0))
        .show(ctx, |ui| {
            let width = theme::MESSAGE_WIDTH.min(ctx.content_rect().width() - right - 24.0);
            ui.set_width(width);
            for message in state.messages.iter().rev().take(SHOWN).rev() {
                message_ui(ui, message, view);
                ui.add_space(theme::GAP);
            }
        });
    if area.response.contains_pointer() {
        seen.0.clear();
    }
}

fn message_ui(ui: &mut Ui, message: &Message, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    let (title, hint) = wording(message, state.settings.names_masked, t);
    let severity = severity_of(&message.subject);
    Frame::popup(ui.style()).inner_margin(12).show(ui, |ui| {
        ui.set_width(ui.available_width() - 26.0);
        ui.horizontal_top(|ui| {
            icons::severity_ui(ui, severity, t.severity(severity));
            ui.vertical(|ui| {
                words_ui(ui, &title, Emphasis::Plain);
                let failure = message.failure.as_ref();
                let why = failure.map(|f| state.shown_message(&f.message(t.0)));
                let more = failure.map(|f| f.hint(t.0));
                for text in [why.as_deref(), Some(hint), more.as_deref()]
                    .into_iter()
                    .flatten()
                {
                    if !text.is_empty() {
                        words_ui(ui, text, Emphasis::Weak);
                    }
                }
            });
        });
        if let MessageTopic::Unexported(run) = &message.subject
            && run.holds
        {
            let go_on = match run.inputs.is_empty() {
                true => t.find_its_photographs(),
                false => t.go_on_with_run(),
            };
            let is_free = !state.asking && !state.many.as_ref().is_some_and(Many::is_going_on);
            ui.add_space(theme::GAP);
            let button = Button::new(go_on);
            if wide_button_ui(ui, is_free, button, theme::CONTROL_HEIGHT).clicked() {
                view.action(Action::Run(Run::GoOn(run.clone())));
            }
        }
        let row = vec2(ui.available_width(), theme::CONTROL_HEIGHT);
        ui.allocate_ui_with_layout(row, Layout::right_to_left(Align::Center), |ui| {
            if ui.button(t.dismiss()).clicked() {
                view.action(Action::Messages(Messages::Dismiss(message.id)));
            }
            let has_details = message.failure.is_some()
                || match &message.subject {
                    MessageTopic::Skipped { .. } => !state.settings.names_masked,
                    MessageTopic::Exported { problems, .. } => !problems.is_empty(),
                    _ => false,
                };
            if has_details
                && ui
                    .button(icon_text(icons::COPY, t.copy_details()))
                    .clicked()
            {
                view.action(Action::Messages(Messages::CopyDetails(message.id)));
            }
            if let MessageTopic::Removed { .. } = &message.subject
                && ui.button(t.undo()).clicked()
            {
                view.action(Action::Photographs(Photographs::Restore));
            }
            if let MessageTopic::Unexported(run) = &message.subject
                && ui.button(t.forget_run()).clicked()
            {
                view.action(Action::Run(Run::ForgetRun(run.folder.clone())));
            }
            if let MessageTopic::Exported { folder, .. } = &message.subject
                && ui.button(t.open_result_folder()).clicked()
            {
                view.action(Action::Export(Export::ShowFolder(folder.clone())));
            }
        });
    });
}

fn severity_of(subject: &MessageTopic) -> Severity {
    match subject {
        MessageTopic::Exported { problems, .. } if !problems.is_empty() => Severity::Caution,
        MessageTopic::DialogMissing
        | MessageTopic::Exported { .. }
        | MessageTopic::Copied
        | MessageTopic::Imported { .. }
        | MessageTopic::Removed { .. }
        | MessageTopic::Unexported(_)
        | MessageTopic::ManyDone { failed: 0, .. } => Severity::Note,
        MessageTopic::SettingsSave
        | MessageTopic::CoverFailed(_)
        | MessageTopic::Folder
        | MessageTopic::Skipped { .. }
        | MessageTopic::Absent { .. }
        | MessageTopic::NothingFound
        | MessageTopic::SetAside(_)
        | MessageTopic::NotKept
        | MessageTopic::NotNoted
        | MessageTopic::Note(_)
        | MessageTopic::ManyDone { .. } => Severity::Caution,
        MessageTopic::Run
        | MessageTopic::Many
        | MessageTopic::Models
        | MessageTopic::Library
        | MessageTopic::Export
        | MessageTopic::Internal => Severity::Serious,
    }
}

/// Turns an error text, lower case and without a full stop, into a sentence. Names keep their case.
pub fn sentence(text: &str) -> String {
    let is_word = text
        .split(' ')
        .next()
        .is_some_and(|word| word.chars().all(|c| c.is_ascii_lowercase()));
    let mut letters = text.chars();
    let first: String = match letters.next() {
        Some(first) if is_word => first.to_uppercase().collect(),
        first => first.into_iter().collect(),
    };
    let stop = if text.is_empty() || text.ends_with(['.', '。', '!', '?']) {
        ""
    } else {
        "."
    };
    format!("{first}{}{stop}", letters.as_str())
}

fn wording(message: &Message, names_masked: bool, t: Texts) -> (String, &'static str) {
    let plain = |title: &str| (title.to_owned(), "");
    match &message.subject {
        MessageTopic::Run => plain(t.result_failed()),
        MessageTopic::Many => plain(t.many_could_not_begin()),
        MessageTopic::Models => plain(t.models_failed()),
        MessageTopic::Library => plain(t.library_failed()),
        MessageTopic::SettingsSave => plain(t.settings_kept()),
        MessageTopic::Export => plain(t.export_failed()),
        MessageTopic::CoverFailed(CoverFailure::Computing) => {
            (t.cover_computing().to_owned(), t.cover_computing_hint())
        }
        MessageTopic::CoverFailed(CoverFailure::Failed) => {
            (t.cover_failed().to_owned(), t.cover_failed_hint())
        }
        MessageTopic::Folder => plain(t.folder_failed()),
        MessageTopic::DialogMissing => (t.dialog_missing().to_owned(), t.dialog_missing_hint()),
        MessageTopic::Internal => (t.internal_error().to_owned(), t.internal_error_hint()),
        MessageTopic::Exported {
            files, problems, ..
        } => {
            let mut wording = t.exported(*files);
            if !problems.is_empty() {
                wording.push_str(&t.pictures_missing(problems.len()));
            }
            (wording, "")
        }
        MessageTopic::Copied => plain(t.copied()),
        MessageTopic::Skipped { skipped } => (t.skipped(skipped), ""),
        MessageTopic::Absent { names } => (t.absent(names, names_masked), t.absent_hint()),
        MessageTopic::NothingFound => (t.nothing_found().to_owned(), t.nothing_found_hint()),
        MessageTopic::ManyDone { done, failed } => (t.many_done(*done, *failed), ""),
        MessageTopic::Unexported(run) => {
            let folder = (!names_masked).then(|| shown(&file_name(&run.folder)));
            let wording = t.unexported(folder.as_deref(), run.answered, run.photographs);
            let hint = match (run.holds, run.inputs.is_empty()) {
                (false, _) => t.run_does_not_hold(),
                (true, true) => t.where_photographs_are(),
                (true, false) => t.run_taken_over(),
            };
            (wording, hint)
        }
        MessageTopic::SetAside(name) => (t.journal_set_aside(name), ""),
        MessageTopic::NotKept => plain(t.not_kept()),
        MessageTopic::NotNoted => plain(t.not_noted()),
        MessageTopic::Note(note) => (note.words(t.0), ""),
        MessageTopic::Removed { count } => (t.removed(*count), ""),
        MessageTopic::Imported { name } => (t.imported(name), t.imported_hint()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masked_names_are_not_told_by_what_was_not_found() {
        let message = Message {
            id: 1,
            subject: MessageTopic::Absent {
                names: vec!["Yamada_OD.jpg".to_owned()],
            },
            failure: None,
        };
        for lang in [crate::text::Lang::En, crate::text::Lang::Ja] {
            let [shown, masked] =
                [false, true].map(|names_masked| wording(&message, names_masked, Texts(lang)).0);
            assert!(shown.contains("Yamada"), "{shown}");
            assert!(
                !masked.contains("Yamada") && masked.contains('1'),
                "{masked}"
            );
        }
    }

    #[test]
    fn an_error_becomes_a_sentence() {
        assert_eq!(sentence("the file is empty"), "The file is empty.");
        assert_eq!(sentence("It is whole."), "It is whole.");
        assert_eq!(sentence("a.jpg is damaged"), "a.jpg is damaged.");
        assert_eq!(sentence("写真がありません。"), "写真がありません。");
        assert_eq!(sentence(""), "");
    }
}
