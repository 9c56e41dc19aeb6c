//! Sanity checks of the map, next to the map: one click, each part shown when finished, the verdict first.

use egui::{
    Align2, Button, Color32, Grid, Label, Mesh, ProgressBar, Rect, Role, Sense, Shape, Stroke,
    TextStyle, Ui, WidgetInfo, lerp, pos2, vec2,
};

use super::findings;
use crate::app::apply::sanity_checks::CheckMap;
use crate::app::apply::{Action, SanityCheckAction};
use crate::domain::ModelCard;
use crate::export::sanity_checks::verdict;
use crate::saliency::sanity_checks::{
    Curves, DeletionInsertion, Depth, MAX_RANDOMISED_CORRELATION, NotComparable, Perturbation,
    RandomisedMap, RankCorrelation, SanityChecks, Stability, WatchedOutput,
};
use crate::text::report::{Report, capital};
use crate::text::sanity_checks::signed;
use crate::text::window::Texts;
use crate::ui::rows::{Emphasis, share_of, value_ui, wide_button_ui, words_ui};
use crate::ui::theme::{self, Palette};
use crate::ui::view::FrameContext;

/// Height of a curve.
const CURVE_HEIGHT: f32 = 92.0;

pub fn controls_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    ui.heading(super::of_model(t.sanity_checks_title(), state, t));
    button_ui(ui, view);
    if let Some(failure) = state.sanity_check_failure() {
        let serious = Palette::of(ui.visuals()).serious;
        let why = format!("{} {}", t.sanity_checks_failed(), failure.message(t.0));
        words_ui(ui, &why, Emphasis::Coloured(serious));
    }
    let card = state.model().map(|m| &*m.card);
    if let Some(sanity_checks) = state.sanity_checks() {
        found_ui(
            ui,
            sanity_checks,
            card,
            !state.are_sanity_checks_running(),
            t,
        );
    }
}

/// The button if there are no results, progress and Cancel while the checks run, nothing once they are finished.
fn button_ui(ui: &mut Ui, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    if state.are_sanity_checks_running() {
        let work = view.runner.work::<CheckMap>();
        let bar = ProgressBar::new(share_of(ui, work.steps))
            .desired_height(4.0)
            .corner_radius(2)
            .fill(Palette::of(ui.visuals()).bar_fill);
        ui.add(bar).accessible_name(t.sanity_checks_running());
        if let Some(memory) = super::memory_of(work, t) {
            words_ui(ui, &capital(&memory), Emphasis::Small);
        }
        let stop = Button::new(t.stop_sanity_checks());
        if wide_button_ui(ui, true, stop, theme::CONTROL_HEIGHT).clicked() {
            view.action(Action::SanityChecks(SanityCheckAction::Cancel));
        }
        return;
    }
    if state.sanity_checks().is_some() {
        return;
    }
    let can = state.can_check_map();
    let run = wide_button_ui(
        ui,
        can,
        Button::new(t.run_sanity_checks()),
        theme::CONTROL_HEIGHT,
    );
    let run = run
        .on_hover_text(t.run_sanity_checks_tip())
        .on_disabled_hover_text(t.sanity_checks_need_map());
    if run.clicked() {
        view.action(Action::SanityChecks(SanityCheckAction::Run));
    }
}

fn found_ui(ui: &mut Ui, found: &SanityChecks, card: Option<&ModelCard>, finished: bool, t: Texts) {
    if let Some(deletion) = &found.deletion {
        let line = Report(t.0).verdict(&verdict(deletion, card));
        words_ui(ui, &line, Emphasis::Plain);
    } else if finished {
        words_ui(ui, t.too_few_cells(), Emphasis::Weak);
    }
    for finding in &found.warnings() {
        findings::finding_ui(ui, finding, t);
    }
    if let Some(deletion) = &found.deletion {
        ui.add_space(theme::GAP);
        curves_ui(ui, deletion, t);
    }
    if let Some(share) = found.outside {
        let share = t.share_outside(share.evidence, share.area);
        value_ui(ui, t.outside_field(), &share);
    }
    if !found.randomised.is_empty() {
        ui.add_space(theme::GAP);
        randomised_ui(ui, &found.randomised, t);
    }
    if !found.stability.is_empty() {
        ui.add_space(theme::GAP);
        stability_ui(ui, &found.stability, t);
    }
}

/// Both curves on one scale.
fn curves_ui(ui: &mut Ui, deletion: &DeletionInsertion, t: Texts) {
    let curves = &deletion.curves;
    let range = range_of(deletion);
    let shown_sd: Vec<f64> = curves.random_sd.iter().rev().copied().collect();
    let shown = curves.random_shown();
    ui.columns(2, |columns| {
        let hidden = Plot {
            title: t.cells_hidden(),
            map: &curves.deletion,
            random: &curves.random,
            deviation: &curves.random_sd,
            area: curves.deletion_area(),
            gain: curves.deletion_gain(),
        };
        let shown = Plot {
            title: t.cells_shown(),
            map: &curves.insertion,
            random: &shown,
            deviation: &shown_sd,
            area: curves.insertion_area(),
            gain: curves.insertion_gain(),
        };
        hidden.show(&mut columns[0], curves, range, t);
        shown.show(&mut columns[1], curves, range, t);
    });
    words_ui(ui, t.curve_legend(), Emphasis::Small);
}

/// A score uses its full scale; other outputs their observed range.
fn range_of(deletion: &DeletionInsertion) -> (f64, f64) {
    if deletion.answer == WatchedOutput::Score {
        return (0.0, 1.0);
    }
    let curves = &deletion.curves;
    let bands = curves.random.iter().zip(&curves.random_sd);
    let ends = bands.flat_map(|(mean, sd)| [mean - sd, mean + sd]);
    let all = curves.deletion.iter().chain(&curves.insertion).copied();
    let (low, high) = all
        .chain(ends)
        .fold((f64::MAX, f64::MIN), |(low, high), v| {
            (low.min(v), high.max(v))
        });
    let room = 0.05 * (high - low).max(1e-6);
    (low - room, high + room)
}

struct Plot<'a> {
    title: &'a str,
    map: &'a [f64],
    random: &'a [f64],
    deviation: &'a [f64],
    area: f64,
    gain: f64,
}

impl Plot<'_> {
    fn show(&self, ui: &mut Ui, curves: &Curves, (low, high): (f64, f64), t: Texts) {
        words_ui(ui, self.title, Emphasis::Weak);
        let size = vec2(ui.available_width(), CURVE_HEIGHT);
        let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
        let random = curves.random_area();
        let name = t.curve_name(
            self.title,
            &t.signed(format!("{:.2}", self.area)),
            &t.signed(format!("{random:.2}")),
        );
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &name));
        let palette = Palette::of(ui.visuals());
        let painter = ui.painter_at(rect);
        painter.rect_filled(rect, 2.0, palette.window);
        let inner = rect.shrink2(vec2(4.0, 6.0));
        let at = |share: f64, answer: f64| {
            let up = ((answer - low) / (high - low)).clamp(0.0, 1.0) as f32;
            pos2(
                lerp(inner.x_range(), share as f32),
                lerp(inner.bottom()..=inner.top(), up),
            )
        };
        painter.add(self.band(curves, palette.bar, &at));
        let line = |answers: &[f64]| -> Vec<_> {
            let points = curves.shares.iter().zip(answers);
            points.map(|(&share, &answer)| at(share, answer)).collect()
        };
        painter.add(Shape::line(
            line(self.random),
            Stroke::new(1.2, palette.weak),
        ));
        painter.add(Shape::line(
            line(self.map),
            Stroke::new(1.8, palette.bar_fill),
        ));
        ends_ui(&painter, rect, (low, high), ui, t);
        response.on_hover_text(name);
        let gain = signed(self.gain, 3);
        words_ui(ui, &t.area_between(&gain), Emphasis::Small);
    }

    /// One standard deviation on either side of the random curve.
    fn band(&self, curves: &Curves, fill: Color32, at: &impl Fn(f64, f64) -> egui::Pos2) -> Mesh {
        let mut mesh = Mesh::default();
        let bands = self.random.iter().zip(self.deviation);
        for (i, (&share, (mean, sd))) in curves.shares.iter().zip(bands).enumerate() {
            mesh.colored_vertex(at(share, mean + sd), fill);
            mesh.colored_vertex(at(share, mean - sd), fill);
            if i > 0 {
                let first = 2 * (i as u32 - 1);
                mesh.add_triangle(first, first + 1, first + 2);
                mesh.add_triangle(first + 1, first + 2, first + 3);
            }
        }
        mesh
    }
}

/// The ends of the scale, in the right corners, where they do not overlap the start of a curve.
fn ends_ui(painter: &egui::Painter, rect: Rect, (low, high): (f64, f64), ui: &Ui, t: Texts) {
    let font = TextStyle::Small.resolve(ui.style());
    let weak = Palette::of(ui.visuals()).weak;
    let figure = |v: f64| t.signed(format!("{v:.1}"));
    let middle = rect.center().x;
    let top = pos2(middle, rect.top() + 1.0);
    painter.text(top, Align2::CENTER_TOP, figure(high), font.clone(), weak);
    let bottom = pos2(middle, rect.bottom() - 1.0);
    painter.text(bottom, Align2::CENTER_BOTTOM, figure(low), font, weak);
}

fn randomised_ui(ui: &mut Ui, all: &[RandomisedMap], t: Texts) {
    table_ui(
        ui,
        "shuffled",
        [t.weights_shuffled(), t.rank_correlation(), t.absolute()],
        |ui| {
            for one in all {
                words_ui(
                    ui,
                    match one.depth {
                        Depth::LastBlock => t.last_block(),
                        Depth::All => t.all_layers(),
                    },
                    Emphasis::Plain,
                );
                match one.not_comparable {
                    Some(not_comparable) => {
                        let why = match not_comparable {
                            NotComparable::Constant => t.no_map_constant(),
                            NotComparable::NotANumber => t.no_map_number(),
                        };
                        words_ui(ui, why, Emphasis::Weak);
                        words_ui(ui, super::NOTHING, Emphasis::Weak);
                    }
                    None => {
                        let RankCorrelation { signed, absolute } = one.correlation;
                        correlation_ui(ui, signed, |r| r >= MAX_RANDOMISED_CORRELATION);
                        correlation_ui(ui, absolute, |r| r >= MAX_RANDOMISED_CORRELATION);
                    }
                }
                ui.end_row();
            }
        },
    );
}

fn stability_ui(ui: &mut Ui, all: &[Stability], t: Texts) {
    let titles = [
        t.photograph_changed(),
        t.rank_correlation(),
        t.change_of_answer(),
    ];
    table_ui(ui, "changed", titles, |ui| {
        for one in all {
            let name = match one.perturbation {
                Perturbation::Shifted => t.variant_shifted(),
                Perturbation::Brighter => t.variant_brighter(),
                Perturbation::Darker => t.variant_darker(),
                Perturbation::Jpeg => t.variant_jpeg(),
            };
            // On one line: the other columns contain short figures.
            ui.add(Label::new(name).extend());
            correlation_ui(ui, one.correlation.signed, |_| false);
            let change = one.change.map(|change| signed(change, 3));
            words_ui(
                ui,
                change.as_deref().unwrap_or(super::NOTHING),
                Emphasis::Plain,
            );
            ui.end_row();
        }
    });
}

fn table_ui(ui: &mut Ui, id: &str, titles: [&str; 3], rows: impl FnOnce(&mut Ui)) {
    let width = ui.available_width();
    Grid::new(id)
        .num_columns(3)
        .min_col_width(0.28 * width)
        .spacing(vec2(theme::GAP, 2.0))
        .show(ui, |ui| {
            for title in titles {
                words_ui(ui, title, Emphasis::Small);
            }
            ui.end_row();
            rows(ui);
        });
}

/// A rank correlation; a warning is shown in the colour of cautions, and the finding above states it in words.
fn correlation_ui(ui: &mut Ui, correlation: Option<f64>, warns: impl Fn(f64) -> bool) {
    let Some(r) = correlation else {
        words_ui(ui, super::NOTHING, Emphasis::Weak);
        return;
    };
    let voice = match warns(r) {
        true => Emphasis::Coloured(Palette::of(ui.visuals()).caution),
        false => Emphasis::Plain,
    };
    words_ui(ui, &signed(r, 2), voice);
}
