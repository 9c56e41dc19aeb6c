//! Messages: what was done, what to know, and what failed. They are one or two lines, in the upper right corner of the
//! canvas or above a page, where they cover no control; what they leave out is shown on request. Failures stay until
//! dismissed; other messages disappear by themselves, but not while the pointer is on them.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use egui::text::LayoutJob;
use egui::{
    Align2, Area, Button, Color32, Context, Frame, Galley, Id, Label, Order, Rect, Sense,
    TextStyle, Ui, vec2,
};

use super::icons::{self, Icon, icon_button_ui, icon_text};
use super::rows::{Emphasis, words_ui};
use super::theme::{self, Palette};
use super::view::FrameContext;
use crate::app::apply::{Action, Export, Messages, Photographs, Run};
use crate::app::state::{Copied, CoverFailure, Many, Message, MessageTopic};
use crate::domain::Severity;
use crate::domain::foreign::shown;
use crate::storage::file_name;
use crate::text::window::Texts;

/// Messages shown at once; of older ones only the number.
const SHOWN: usize = 3;
/// Distance to the edge of the canvas and to the page below.
const DISTANCE: f32 = 12.0;
/// The narrowest message.
const LEAST_WIDTH: f32 = 200.0;
/// Lines of a message that is not shown in full.
const LINES: usize = 2;

/// What the window remembers of its messages.
#[derive(Default)]
pub struct Seen {
    /// When each temporary message was first seen, by its number.
    first: HashMap<u64, f64>,
    /// The message that is shown in full.
    in_full: Option<u64>,
}

/// Where messages lie.
pub enum Place {
    /// In the upper right corner of the canvas.
    Canvas(Rect),
    /// Above the page that is open.
    AbovePage,
}

/// Draws the latest messages.
pub fn messages_ui(ctx: &Context, seen: &mut Seen, place: Place, view: &mut FrameContext<'_>) {
    let state = view.state;
    let is_left = |id: u64| state.messages.iter().any(|m| m.id == id);
    seen.first.retain(|id, _| is_left(*id));
    let messages = &state.messages;
    if messages.is_empty() {
        return;
    }
    let older = messages.len().saturating_sub(SHOWN);
    let now = ctx.input(|i| i.time);
    for message in &messages[older..] {
        let Some(stays_s) = message.subject.passes_after_s() else {
            continue;
        };
        let since = *seen.first.entry(message.id).or_insert(now);
        let left = since + stays_s - now;
        if left > 0.0 {
            ctx.request_repaint_after(Duration::from_secs_f64(left));
        } else {
            view.action(Action::Messages(Messages::Dismiss(message.id)));
        }
    }
    let window = ctx.content_rect();
    let (pivot, at, room) = match place {
        Place::Canvas(rect) => {
            // The colour scale is at the lower edge.
            let at = rect.right_top() + vec2(-DISTANCE, DISTANCE);
            (Align2::RIGHT_TOP, at, rect)
        }
        Place::AbovePage => {
            let at = window.center_top() + vec2(0.0, DISTANCE);
            (Align2::CENTER_TOP, at, window)
        }
    };
    let area = Area::new(Id::unique("messages"))
        .order(Order::Foreground)
        .pivot(pivot)
        .fixed_pos(at)
        .show(ctx, |ui| {
            // Beside a canvas that is too narrow to read in, the list has to give way.
            let room = (room.width() - 2.0 * DISTANCE).max(LEAST_WIDTH);
            let most = theme::MESSAGE_WIDTH.min(room);
            let needed = messages[older..].iter().map(|m| width_of(ui, m, view));
            ui.set_width(needed.fold(LEAST_WIDTH, f32::max).min(most));
            if older > 0 {
                ui.vertical_centered(|ui| {
                    let frame = Frame::popup(ui.style()).inner_margin(4);
                    let number = frame.show(ui, |ui| ui.weak(format!("+{older}")));
                    number.response.on_hover_text(view.t.older_messages(older));
                });
            }
            for message in &messages[older..] {
                message_ui(ui, seen, message, view);
            }
        });
    if area.response.contains_pointer() {
        seen.first.clear();
    }
}

fn message_ui(ui: &mut Ui, seen: &mut Seen, message: &Message, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    let paragraphs = paragraphs(message, view);
    let in_full = seen.in_full == Some(message.id);
    let has_details = message.failure.is_some()
        || match &message.subject {
            MessageTopic::Skipped { .. } => !state.settings.names_masked,
            MessageTopic::Exported { problems, .. } => !problems.is_empty(),
            _ => false,
        };
    Frame::popup(ui.style()).inner_margin(8).show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing = vec2(6.0, 2.0);
            kind_ui(ui, &message.subject, t);
            let buttons = 2 + usize::from(has_details);
            let room = theme::CONTROL_HEIGHT + ui.spacing().item_spacing.x;
            let width = (ui.available_width() - buttons as f32 * room).max(60.0);
            let mut is_cut = false;
            ui.vertical(|ui| {
                ui.set_width(width);
                if in_full {
                    for (i, text) in paragraphs.iter().enumerate() {
                        let emphasis = if i == 0 {
                            Emphasis::Plain
                        } else {
                            Emphasis::Weak
                        };
                        words_ui(ui, text, emphasis);
                    }
                } else {
                    is_cut = lines_ui(ui, &paragraphs, width);
                }
            });
            if has_details
                && icon_button_ui(
                    ui,
                    icons::COPY,
                    t.copy_details(),
                    t.copy_details(),
                    true,
                    None,
                )
                .clicked()
            {
                view.action(Action::Messages(Messages::CopyDetails(message.id)));
            }
            if is_cut || in_full {
                let (icon, name) = match in_full {
                    true => (icons::CARET_UP, t.show_less()),
                    false => (icons::CARET_DOWN, t.show_in_full()),
                };
                if icon_button_ui(ui, icon, name, name, true, None).clicked() {
                    seen.in_full = (!in_full).then_some(message.id);
                }
            } else {
                ui.add_space(room - ui.spacing().item_spacing.x);
            }
            if icon_button_ui(ui, icons::CLOSE, t.dismiss(), t.dismiss(), true, None).clicked() {
                view.action(Action::Messages(Messages::Dismiss(message.id)));
            }
        });
        actions_ui(ui, &message.subject, view);
    });
}

/// What can be done about a message, in a line of its own.
fn actions_ui(ui: &mut Ui, subject: &MessageTopic, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    let (button, action) = match subject {
        MessageTopic::Unexported(run) => {
            let go_on = match run.inputs.is_empty() {
                true => t.find_its_photographs(),
                false => t.go_on_with_run(),
            };
            let is_free = !state.asking && !state.many.as_ref().is_some_and(Many::is_going_on);
            ui.horizontal_wrapped(|ui| {
                if run.holds && ui.add_enabled(is_free, Button::new(go_on)).clicked() {
                    view.action(Action::Run(Run::GoOn(run.clone())));
                }
                if ui.button(t.forget_run()).clicked() {
                    view.action(Action::Run(Run::ForgetRun(run.folder.clone())));
                }
            });
            return;
        }
        MessageTopic::Removed { .. } => (
            icon_text(icons::UNDO, t.undo()),
            Action::Photographs(Photographs::Restore),
        ),
        MessageTopic::Exported { folder, .. } => (
            icon_text(icons::FOLDER, t.open_result_folder()),
            Action::Export(Export::ShowFolder(folder.clone())),
        ),
        _ => return,
    };
    if ui.button(button).clicked() {
        view.action(action);
    }
}

/// The sentences of a message, the most important first; none is empty.
fn paragraphs(message: &Message, view: &FrameContext<'_>) -> Vec<String> {
    let (state, t) = (view.state, view.t);
    let (title, hint) = wording(message, state.settings.names_masked, t);
    let failure = message.failure.as_ref();
    let why = failure.map(|f| state.shown_message(&f.message(t.0)));
    let more = failure.map(|f| f.hint(t.0).to_owned());
    let all = [Some(title), why, Some(hint.to_owned()), more];
    all.into_iter()
        .flatten()
        .filter(|text| !text.is_empty())
        .collect()
}

/// The first sentences in as many lines as a message has; true if that leaves something out.
fn lines_ui(ui: &mut Ui, paragraphs: &[String], width: f32) -> bool {
    let palette = Palette::of(ui.visuals());
    let first = if paragraphs.len() == 1 { LINES } else { 1 };
    let styles = [(first, palette.text), (1, palette.weak)];
    let galleys: Vec<_> = (paragraphs.iter().zip(styles))
        .map(|(text, (lines, colour))| cut(ui, text, width, lines, colour))
        .collect();
    let height: f32 = galleys.iter().map(|galley| galley.size().y).sum();
    // One line stands at the height of the buttons.
    ui.add_space(((theme::CONTROL_HEIGHT - height) / 2.0).max(0.0));
    let is_cut = paragraphs.len() > LINES || galleys.iter().any(|galley| galley.elided);
    for galley in galleys {
        ui.add(Label::new(galley).sense(Sense::hover()));
    }
    is_cut
}

/// Width of a message in one line.
fn width_of(ui: &Ui, message: &Message, view: &FrameContext<'_>) -> f32 {
    let paragraphs = paragraphs(message, view);
    let texts = paragraphs.iter().take(LINES);
    let longest = texts.map(|text| cut(ui, text, f32::INFINITY, 1, Color32::WHITE).size().x);
    let buttons = 3.0 * (theme::CONTROL_HEIGHT + theme::GAP);
    longest.fold(0.0, f32::max) + theme::SIGN_SIDE + buttons + 3.0 * theme::GAP
}

fn cut(ui: &Ui, text: &str, width: f32, lines: usize, colour: Color32) -> Arc<Galley> {
    let font = TextStyle::Body.resolve(ui.style());
    let mut job = LayoutJob::simple(text.to_owned(), font, colour, width);
    job.wrap.max_rows = lines;
    ui.painter().layout_job(job)
}

/// A check mark for what was done; otherwise the icon of its severity.
fn kind_ui(ui: &mut Ui, subject: &MessageTopic, t: Texts) {
    let severity = severity_of(subject);
    if !is_done(subject) {
        icons::severity_ui(ui, severity, t.severity(severity));
        return;
    }
    let side = theme::SIGN_SIDE;
    let (rect, _) = ui.allocate_exact_size(vec2(side, side), Sense::hover());
    let done: Icon = icons::CHECK;
    done.paint(ui.painter(), rect, side, Palette::of(ui.visuals()).good);
}

/// True if the message reports that something was done as asked.
fn is_done(subject: &MessageTopic) -> bool {
    matches!(
        subject,
        MessageTopic::Exported { .. }
            | MessageTopic::Copied(_)
            | MessageTopic::Imported { .. }
            | MessageTopic::Removed { .. }
    ) && severity_of(subject) == Severity::Note
}

fn severity_of(subject: &MessageTopic) -> Severity {
    match subject {
        MessageTopic::Exported { problems, .. } if !problems.is_empty() => Severity::Caution,
        MessageTopic::DialogMissing
        | MessageTopic::Exported { .. }
        | MessageTopic::Copied(_)
        | MessageTopic::Imported { .. }
        | MessageTopic::Removed { .. }
        | MessageTopic::Unexported(_) => Severity::Note,
        MessageTopic::SettingsSave
        | MessageTopic::CoverFailed(_)
        | MessageTopic::Folder
        | MessageTopic::Skipped { .. }
        | MessageTopic::Absent { .. }
        | MessageTopic::NothingFound
        | MessageTopic::SetAside(_)
        | MessageTopic::NotKept
        | MessageTopic::NotNoted
        | MessageTopic::Note(_) => Severity::Caution,
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

fn copied(what: Copied, t: Texts) -> &'static str {
    match what {
        Copied::Result => t.result_copied(),
        Copied::Figure => t.figure_copied(),
        Copied::Methods => t.methods_copied(),
        Copied::CommandLine => t.command_line_copied(),
    }
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
        MessageTopic::Copied(what) => plain(copied(*what, t)),
        MessageTopic::Skipped { skipped } => (t.skipped(skipped), ""),
        MessageTopic::Absent { names } => (t.absent(names, names_masked), t.absent_hint()),
        MessageTopic::NothingFound => (t.nothing_found().to_owned(), t.nothing_found_hint()),
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
