//! The check of the stored models as text.

use std::fmt::Write;

use crate::text::{Lang, research_only};
use crate::workflow::CheckedModel;
use crate::workflow::check_models::State;
use crate::workflow::demonstration::Bundled;

/// Each model with its state.
pub fn checked(models: &[CheckedModel]) -> String {
    let mut text = String::new();
    for model in models {
        let state = match model.state {
            State::Ok => "ok",
            State::Healed => "healed",
            State::Damaged => "damaged",
            State::Unverified => "unverified",
        };
        let reason = model.reason.as_deref().unwrap_or_default();
        let line = format!("{:<24} {state:<10} {reason}", model.id);
        let _ = writeln!(text, "{}", line.trim_end());
        // A bundled model cannot be imported or removed.
        if model.state == State::Damaged && Bundled::find(&model.id).is_none() {
            let id = &model.id;
            let _ = writeln!(
                text,
                "  Import it again with: gantei import FILE --id {id} --replace. Or remove it with: gantei models --remove {id}."
            );
        }
    }
    text.push_str(research_only(Lang::En));
    text
}
