//! Everything needed to repeat a run: engine, timings, preprocessing, digests.

use egui::Ui;

use crate::domain::{EngineUsed, ResultRow};
use crate::text::window::Texts;
use crate::ui::rows::{Emphasis, value_ui, words_ui};

pub fn details_ui(ui: &mut Ui, case: &ResultRow, t: Texts) {
    let timings = &case.timings;
    for (name, ms) in [
        (t.open_time(), timings.open),
        (t.prepare_time(), timings.prepare),
        (t.run_only_time(), timings.run),
        (t.saliency_time(), timings.saliency),
    ] {
        if ms > 0.0 {
            value_ui(ui, name, &milliseconds(ms));
        }
    }
    if let Some(used) = &case.used {
        value_ui(ui, t.engine(), &format!("{} {}", used.engine, used.version));
        words_ui(ui, t.provider(), Emphasis::Weak);
        words_ui(ui, &used.provider, Emphasis::Small);
    }
    if let Some(preprocessing) = &case.preprocessing {
        words_ui(ui, t.preprocessing(), Emphasis::Weak);
        words_ui(ui, &preprocessing.text, Emphasis::Small);
    }
    digest_ui(ui, t.model_file(), &case.card.source_sha256);
    digest_ui(
        ui,
        t.photograph_file(),
        case.sha256.as_deref().unwrap_or_default(),
    );
}

fn digest_ui(ui: &mut Ui, name: &str, sha256: &str) {
    if sha256.is_empty() {
        return;
    }
    words_ui(ui, &format!("{name}: SHA-256"), Emphasis::Weak);
    words_ui(ui, sha256, Emphasis::Small);
}

/// The engine and the provider that actually ran.
pub fn engine_words(used: &EngineUsed, t: Texts) -> String {
    if used.provider == "embedded" {
        return t.embedded_engine().to_owned();
    }
    let provider = used.provider.trim_end_matches("ExecutionProvider");
    format!("ONNX Runtime {}, {provider}", used.version)
}

fn milliseconds(ms: f64) -> String {
    if ms < 1000.0 {
        format!("{ms:.0} ms")
    } else {
        format!("{:.1} s", ms / 1000.0)
    }
}
