//! A report for tests.

use super::OPTIONS;
use super::report::{CheckReport, CheckRow, NotUsed, ReportRemark, TableRead, Tried};
use crate::domain::Scaling::{Raw, Tf, Torch};
use crate::domain::{EngineUsed, Findings, InputSpec, Task};
use crate::evaluation::Figure;
use crate::text::check::Remark;
use crate::text::{Lang, research_only};

/// Two settings that cannot be distinguished and one that can.
pub(crate) fn example_report(model: &str) -> CheckReport {
    let card = crate::domain::model_card::example();
    let row = |rank: usize, scaling, value: f64, inseparable| CheckRow {
        rank,
        input: InputSpec {
            scaling,
            ..card.input.clone()
        },
        same: vec![],
        value,
        interval: [value - 0.05, value + 0.02],
        flipped: false,
        behind_best: 0.95 - value,
        behind_best_interval: [0.0, 0.1],
        inseparable,
        training_distance: Some(0.06 * rank as f64),
        of_card: rank == 2,
    };
    CheckReport {
        schema: 1,
        research_only: research_only(Lang::En),
        model: model.to_owned(),
        model_sha256: card.source_sha256.clone(),
        task: Task::Sex,
        figure: Figure::Auc,
        images: 50,
        persons: 25,
        persons_known: true,
        label_counts: vec![("female".into(), 20), ("male".into(), 30)],
        card_input: card.input.clone(),
        rows: vec![
            row(1, Tf, 0.95, true),
            row(2, Torch, 0.94, true),
            row(3, Raw, 0.61, false),
        ],
        unusable: vec![],
        chance: 0.001,
        usable: true,
        tried: Tried {
            settings: 48,
            of: 160,
            followed: 4,
        },
        remarks: vec![
            ReportRemark(Remark::Inseparable { count: 2 }),
            ReportRemark(Remark::Optimistic),
        ],
        bootstrap: OPTIONS,
        table: TableRead::default(),
        left_out: NotUsed::default(),
        opened_again: 0,
        interrupted: false,
        engine: EngineUsed {
            engine: "rten".into(),
            provider: "embedded".into(),
            version: "0.27".into(),
        },
        findings: Findings::new(),
        scores: vec![],
        applied: None,
    }
}
