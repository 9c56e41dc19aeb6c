//! The table of a check: each setting with its figure and interval as a bar, the verdict, and what was not used.

use egui::{CollapsingHeader, Label, Rect, Response, RichText, Sense, Ui, pos2, vec2};

use crate::app::State;
use crate::app::apply::{Action, Check as Act};
use crate::app::state::{CheckUsed, CheckedModel};
use crate::domain::Severity;
use crate::evaluation::Figure;
use crate::text::Lang;
use crate::text::check::{Remark, Verdict};
use crate::text::labels::not_used;
use crate::text::report::capital;
use crate::text::window::Texts;
use crate::ui::icons;
use crate::ui::rows::{Emphasis, words_ui};
use crate::ui::theme::{self, Palette};
use crate::ui::view::FrameContext;
use crate::workflow::check_import::{CheckReport, CheckRow, Choice, InterimRanking, LabelOrder};

/// Rows shown before the rest is expanded.
const SHOWN: usize = 12;
/// Rows shown while the check runs.
const SO_FAR: usize = 6;
/// Names shown of each list of what was not used.
const NAMES: usize = 12;
/// Size of a bar in points.
const BAR: egui::Vec2 = vec2(200.0, 12.0);

/// The row for which the user is asked to confirm.
#[derive(Default)]
pub struct Using(Option<usize>);

/// The interim ranking while the check runs.
pub fn so_far_ui(ui: &mut Ui, interim: &InterimRanking, t: Texts) {
    let title = format!(
        "{}: {}{}{}",
        t.check_so_far(),
        t.check_used(interim.images, None),
        t.comma(),
        figure_name(interim.figure, t)
    );
    words_ui(ui, &title, Emphasis::Weak);
    for (input, value) in interim.rows.iter().take(SO_FAR) {
        let value = number(interim.figure, *value);
        let words = format!("{value}  {}", t.input_in_words(input));
        words_ui(ui, &words, Emphasis::Small);
    }
}

/// The finished check, its verdict first. Returns the verdict's response.
pub fn report_ui(
    ui: &mut Ui,
    using: &mut Using,
    report: &CheckReport,
    view: &mut FrameContext<'_>,
) -> Response {
    let (state, t) = (view.state, view.t);
    ui.add_space(theme::GAP);
    ui.separator();
    let verdict = verdict_ui(ui, report.verdict(), t);
    let (decided, others): (Vec<_>, Vec<_>) = report
        .remarks
        .iter()
        .map(|remark| &remark.0)
        .partition(|remark| matches!(remark, Remark::Fields { .. } | Remark::Interrupted { .. }));
    for remark in decided {
        words_ui(ui, &remark.wording(t.0), Emphasis::Plain);
    }
    let persons = report.persons_known.then_some(report.persons);
    // What was left out is shown next to the number of images, not after the figures.
    let not_used = not_used(&report.left_out.unused(), t.0);
    let images = t.check_used(report.images, persons);
    words_ui(ui, &t.sentences(&images, &not_used), Emphasis::Plain);
    if !others.is_empty() {
        CollapsingHeader::new(format!("{} ({})", t.check_remarks(), others.len()))
            .id_salt("remarks")
            .show(ui, |ui| {
                for remark in others {
                    words_ui(ui, &remark.wording(t.0), Emphasis::Plain);
                    ui.add_space(2.0);
                }
                words_ui(ui, &read(report, t), Emphasis::Small);
            });
    }
    used_ui(ui, state, t);
    ui.add_space(theme::GAP);
    ui.heading(t.check_settings());
    words_ui(ui, figure_name(report.figure, t), Emphasis::Weak);
    let scale = scale_of(report);
    let bundled = is_bundled(state);
    if bundled {
        words_ui(ui, t.check_bundled(), Emphasis::Small);
    }
    let usable = report.usable && !bundled;
    let (first, rest) = report.rows.split_at(report.rows.len().min(SHOWN));
    for row in first {
        row_ui(ui, using, (report, row, scale), usable, view);
    }
    if !rest.is_empty() {
        CollapsingHeader::new(t.check_more_rows())
            .id_salt("more rows")
            .show(ui, |ui| {
                for row in rest {
                    row_ui(ui, using, (report, row, scale), usable, view);
                }
            });
    }
    left_out_ui(ui, report, t);
    verdict
}

/// One sentence, with the icon of its gravity.
fn verdict_ui(ui: &mut Ui, verdict: Verdict, t: Texts) -> Response {
    let severity = match verdict {
        Verdict::Keep => None,
        Verdict::Change | Verdict::Undecided => Some(Severity::Caution),
        Verdict::Reversed => Some(Severity::Serious),
    };
    let shown = ui.horizontal_top(|ui| {
        match severity {
            None => icons::passed_ui(ui, t.check_verdict()),
            Some(severity) => icons::severity_ui(ui, severity, t.check_verdict()),
        };
        ui.add(Label::new(RichText::new(verdict.wording(t.0)).heading()).wrap());
    });
    shown.response
}

fn row_ui(
    ui: &mut Ui,
    using: &mut Using,
    (report, row, scale): (&CheckReport, &CheckRow, [f64; 2]),
    usable: bool,
    view: &mut FrameContext<'_>,
) {
    let t = view.t;
    ui.add_space(theme::GAP);
    ui.horizontal_top(|ui| {
        let number = |value| number(report.figure, value);
        let [low, high] = row.interval.map(number);
        let figure = t.check_figure(&number(row.value), &low, &high);
        ui.vertical(|ui| {
            ui.set_width(BAR.x);
            ui.spacing_mut().item_spacing.y = 3.0;
            words_ui(ui, &format!("{}. {figure}", row.rank), Emphasis::Plain);
            bar_ui(ui, report.figure, row, scale);
        });
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            let setting = t.input_in_words(&row.input);
            words_ui(ui, &capital(&setting), Emphasis::Plain);
            let marks = marks(row, t);
            if !marks.is_empty() {
                words_ui(ui, &marks, Emphasis::Small);
            }
            if usable {
                ui.add_space(theme::GAP);
                use_ui(ui, using, row, view);
            }
        });
    });
}

/// The button that takes a setting over, and the question before that happens.
fn use_ui(ui: &mut Ui, using: &mut Using, row: &CheckRow, view: &mut FrameContext<'_>) {
    let (state, t) = (view.state, view.t);
    ui.horizontal_wrapped(|ui| {
        if using.0 != Some(row.rank) {
            let name = format!("{}: {}", t.check_use(), row.rank);
            let button = ui.small_button(t.check_use());
            button.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &name));
            if button.clicked() {
                using.0 = Some(row.rank);
            }
            return;
        }
        let question = match &state.check.subject {
            _ if row.flipped => t.check_use_flipped(),
            Some(CheckedModel::File(_)) => t.check_use_form(),
            Some(CheckedModel::Model(_)) | None => t.check_use_card(),
        };
        ui.label(question);
        let choices: &[(&str, Option<LabelOrder>)] = match row.flipped {
            true => &[
                (t.check_use_swap(), Some(LabelOrder::Swap)),
                (t.check_use_keep(), Some(LabelOrder::Keep)),
            ],
            false => &[(t.check_use(), None)],
        };
        for (word, order) in choices {
            if ui.button(*word).clicked() {
                using.0 = None;
                let (row, order) = (Some(row.rank), *order);
                view.action(Action::Check(Act::Use(Choice { row, order })));
            }
        }
        if ui.button(t.cancel()).clicked() {
            using.0 = None;
        }
    });
}

/// The interval as a bar with the figure as a line; for an AUC, 0.5 is marked.
fn bar_ui(ui: &mut Ui, figure: Figure, row: &CheckRow, [from, to]: [f64; 2]) {
    let (rect, _) = ui.allocate_exact_size(BAR, Sense::hover());
    let palette = Palette::of(ui.visuals());
    let painter = ui.painter();
    painter.rect_filled(rect, 2.0, palette.bar);
    let x = |value: f64| {
        let share = ((value - from) / (to - from)).clamp(0.0, 1.0) as f32;
        rect.left() + share * rect.width()
    };
    let line = |value: f64, width: f32, ink: egui::Color32| {
        let ends = [pos2(x(value), rect.top()), pos2(x(value), rect.bottom())];
        painter.line_segment(ends, egui::Stroke::new(width, ink));
    };
    let [low, high] = row.interval;
    let inner = Rect::from_x_y_ranges(x(low)..=x(high), rect.top() + 3.0..=rect.bottom() - 3.0);
    let ink = if row.inseparable {
        palette.good
    } else {
        palette.weak
    };
    painter.rect_filled(inner, 1.0, ink);
    if figure == Figure::Auc {
        line(0.5, 1.0, palette.line);
    }
    line(row.value, 2.5, palette.text);
}

/// How the table was interpreted.
fn read(report: &CheckReport, t: Texts) -> String {
    let columns = report.table.columns.iter();
    let columns: Vec<(&str, &str)> = columns.map(|c| (c.holds, c.name.as_str())).collect();
    let values = report.table.values.iter().take(NAMES);
    let values: Vec<(&str, Option<&str>)> = values
        .map(|v| (v.value.as_str(), v.label.as_deref()))
        .collect();
    t.check_read(&columns, &values)
}

/// The range of the bars.
fn scale_of(report: &CheckReport) -> [f64; 2] {
    match report.figure {
        Figure::Auc => [0.0, 1.0],
        Figure::MeanAbsoluteError => {
            let highs = report.rows.iter().map(|r| r.interval[1]);
            [0.0, highs.fold(1.0, f64::max)]
        }
    }
}

fn marks(row: &CheckRow, t: Texts) -> String {
    let mut marks: Vec<String> = [
        (row.inseparable && row.rank > 1, t.check_inseparable()),
        (row.of_card, t.check_of_card()),
        (row.flipped, t.check_flipped()),
    ]
    .into_iter()
    .filter(|(on, _)| *on)
    .map(|(_, text)| text.to_owned())
    .collect();
    if let Some(distance) = row.training_distance {
        let distance = format!("{} {distance:.3}", t.check_training());
        marks.insert(0, distance);
    }
    if !row.same.is_empty() {
        let same: Vec<String> = row.same.iter().map(|s| t.input_in_words(s)).collect();
        marks.push(format!("{}: {}", t.check_same(), same.join(t.comma())));
    }
    let between = match t.0 {
        Lang::En => "; ",
        Lang::Ja => "、",
    };
    marks.join(between)
}

fn number(figure: Figure, value: f64) -> String {
    match figure {
        Figure::Auc => format!("{value:.3}"),
        Figure::MeanAbsoluteError => format!("{value:.2}"),
    }
}

fn figure_name(figure: Figure, t: Texts) -> &'static str {
    match figure {
        Figure::Auc => t.check_auc(),
        Figure::MeanAbsoluteError => t.check_error(),
    }
}

fn is_bundled(state: &State) -> bool {
    let Some(CheckedModel::Model(id)) = &state.check.subject else {
        return false;
    };
    let model = state.installed().iter().find(|m| m.id == *id);
    model.is_some_and(|m| m.demonstration)
}

/// The result of applying the chosen setting.
fn used_ui(ui: &mut Ui, state: &State, t: Texts) {
    let palette = Palette::of(ui.visuals());
    match &state.check.used {
        None | Some(CheckUsed::Pending) => {}
        Some(CheckUsed::InForm) => {
            words_ui(ui, t.check_in_form(), Emphasis::Coloured(palette.good));
        }
        Some(CheckUsed::InCard(applied)) => {
            let word = match applied.changed.is_empty() && !applied.swapped {
                true => t.check_unchanged(),
                false => t.check_in_card(),
            };
            words_ui(ui, word, Emphasis::Coloured(palette.good));
            if applied.swapped {
                words_ui(ui, t.check_swapped(), Emphasis::Plain);
            }
        }
        Some(CheckUsed::Failed(failure)) => {
            let ink = Emphasis::Coloured(palette.serious);
            words_ui(ui, &failure.message(t.0), ink);
        }
    }
}

/// Everything that was given but not used, collapsed.
fn left_out_ui(ui: &mut Ui, report: &CheckReport, t: Texts) {
    let left = &report.left_out;
    let (unreadable, failed) = (left.unreadable(t.0), left.failed());
    let lists = [
        (t.check_without_image(), &left.labels_without_image),
        (t.check_without_label(), &left.images_without_label),
        (t.check_ambiguous(), &left.ambiguous),
        (t.check_contradicting(), &left.contradicting),
        (t.check_unreadable(), &unreadable),
        (t.check_failed(), &failed),
        (t.check_not_a_fundus(), &left.not_a_fundus),
        (t.check_not_reached(), &left.not_reached),
    ];
    let count: usize = lists.iter().map(|(_, names)| names.len()).sum();
    if count == 0 {
        return;
    }
    ui.add_space(theme::GAP);
    CollapsingHeader::new(format!("{} ({count})", t.check_left_out()))
        .id_salt("left out")
        .show(ui, |ui| {
            for (title, names) in lists.iter().filter(|(_, names)| !names.is_empty()) {
                words_ui(ui, &format!("{title}: {}", names.len()), Emphasis::Weak);
                for name in names.iter().take(NAMES) {
                    words_ui(ui, name, Emphasis::Small);
                }
            }
        });
}
