//! The third step of an import: the check of the preprocessing on photographs with known labels, which may be skipped,
//! and the import itself.

use egui::Ui;

use super::{Step, end_ui, fields, progress_ui};
use crate::app::apply::{Action, Check, Library};
use crate::app::state::{CheckedModel, Import};
use crate::ui::pages::check::CheckForm;
use crate::ui::rows::{Emphasis, words_ui};
use crate::ui::theme;
use crate::ui::view::FrameContext;
use crate::workflow::Inspected;

pub fn trial_ui(
    ui: &mut Ui,
    check: &mut CheckForm,
    import: &Import,
    inspected: &Inspected,
    view: &mut FrameContext<'_>,
) -> Option<Step> {
    let (state, t) = (view.state, view.t);
    let subject = CheckedModel::File(import.file.clone());
    if state.check.subject.as_ref() != Some(&subject) && !state.check.report.is_pending() {
        view.action(Action::Check(Check::Of(subject)));
    }
    words_ui(ui, t.trial_intro(), Emphasis::Plain);
    ui.add_space(theme::GAP);
    ui.add_enabled_ui(!import.storing, |ui| check.check_ui(ui, false, view));
    ui.add_space(theme::GAP);
    let open = inspected.draft.open();
    let open: Vec<&str> = open.iter().map(|f| t.card_field(f.name())).collect();
    let words = match open.is_empty() {
        true => t.all_confirmed().to_owned(),
        false => t.imported_as_unconfirmed(&open),
    };
    words_ui(ui, &words, Emphasis::Plain);
    let reason = match (import.storing, state.check.report.is_pending()) {
        (true, _) => Some(t.storing().to_owned()),
        (false, true) => Some(t.check_running().to_owned()),
        (false, false) => fields::reason(import, inspected, t),
    };
    let mut back = false;
    if end_ui(ui, t.import_now(), reason.as_deref(), view, Some(&mut back)) {
        view.action(Action::Library(Library::Store));
    }
    if import.storing {
        progress_ui(ui, t.storing(), view);
    }
    back.then_some(Step::Fields)
}
