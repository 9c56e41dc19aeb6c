//! Models side by side: their differences, their curves, and their figures over the size of the file.

use std::sync::Arc;

use egui::Ui;

use super::plot::{Drawn, Meant, PlotLook, plot_ui};
use super::{curves, figures, list, no_value, of_kind};
use crate::app::state::{EvaluatedPart, EvaluationPlots, PlotKind};
use crate::evaluation::performance::PairReport;
use crate::text::figure_values::{decimals_of_difference, number, p_value, range};
use crate::text::performance::interval_method;
use crate::text::window::Texts;
use crate::ui::rows::{Emphasis, value_ui, wide_titles_ui, words_ui};
use crate::ui::theme;
use crate::ui::view::FrameContext;

pub fn compared_ui(
    ui: &mut Ui,
    drawn: Option<&(Arc<EvaluationPlots>, Vec<Drawn>)>,
    view: &mut FrameContext<'_>,
) {
    let (state, t) = (view.state, view.t);
    let Some(report) = state.study.evaluation.ready() else {
        return;
    };
    let unit = state.study.evaluation.view.unit;
    let pairs = || report.pairs.iter().filter(|pair| pair.unit == unit);
    if pairs().next().is_none() {
        words_ui(ui, t.models_alone(), Emphasis::Plain);
    }
    for pair in pairs() {
        pair_ui(ui, pair, t);
    }
    figures::release_ui(ui, view);
    ui.add_space(theme::GROUP_GAP);
    if report.models.iter().all(|model| model.megabytes.is_none()) {
        words_ui(ui, t.size_not_known(), Emphasis::Plain);
    }
    let kinds = [
        PlotKind::AccuracyBySize,
        PlotKind::AucBySize,
        PlotKind::AllRoc,
    ];
    let plots: Vec<_> = kinds
        .into_iter()
        .filter_map(|kind| of_kind(drawn, kind))
        .collect();
    let (count, width) = curves::grid(ui);
    for line in plots.chunks(count) {
        ui.horizontal_top(|ui| {
            for plot in line {
                let look = PlotLook {
                    width,
                    height: if plot.0.square { width } else { width * 0.75 },
                    draggable: false,
                    moved: None,
                };
                let named = |meant: Meant| {
                    let series = plot.0.series.get(meant.series)?;
                    series.points.get(meant.point)?.name.clone()
                };
                let pointed = plot_ui(ui, *plot, &look, named);
                let name = pointed.clicked.and_then(named);
                let model = report
                    .models
                    .iter()
                    .position(|m| Some(&m.id) == name.as_ref());
                if let Some(model) = model {
                    list(EvaluatedPart::Model(model), view);
                }
                ui.add_space(theme::GROUP_GAP);
            }
        });
        ui.add_space(theme::GROUP_GAP);
    }
}

/// The difference of two models, with its tests.
fn pair_ui(ui: &mut Ui, pair: &PairReport, t: Texts) {
    let found = &pair.comparison;
    words_ui(
        ui,
        &t.model_less_model(&pair.first, &pair.second),
        Emphasis::Plain,
    );
    words_ui(ui, &t.common_cases(pair.unit, pair.cases), Emphasis::Small);
    let titles = [t.auc_difference(), t.p_delong(), t.p_mcnemar()];
    wide_titles_ui(ui, &titles, |ui| {
        let difference = match (found.difference, found.interval) {
            (Ok(value), Ok(ends)) => {
                let decimals = decimals_of_difference(&[value, ends[0], ends[1]]);
                format!(
                    "{} ({}: {}, {})",
                    number(value, decimals),
                    t.interval_column(),
                    range(ends, decimals, t.0),
                    interval_method(found.method, t.0)
                )
            }
            (Ok(value), Err(why)) => format!(
                "{} ({})",
                number(value, decimals_of_difference(&[value])),
                no_value(why, t)
            ),
            (Err(why), _) => no_value(why, t).to_owned(),
        };
        value_ui(ui, t.auc_difference(), &difference);
        let p = found.p_value;
        let p = p.map_or_else(|why| no_value(why, t).to_owned(), p_value);
        value_ui(ui, t.p_delong(), &p);
        if let Some(test) = found.mcnemar {
            let words = format!(
                "{} ({})",
                p_value(test.p_value),
                t.only_right(test.first_only, test.second_only)
            );
            value_ui(ui, t.p_mcnemar(), &words);
        }
    });
    ui.add_space(theme::GROUP_GAP);
}
