//! Findings: warnings about the model and the worst finding on the result card, all others as a list.

use egui::{Button, Frame, Margin, RichText, Role, Sense, Stroke, Ui, WidgetInfo, vec2};

use crate::domain::{Finding, FindingCode, Severity};
use crate::text;
use crate::text::window::Texts;
use crate::ui::icons;
use crate::ui::rows::{Emphasis, words_ui};
use crate::ui::theme::{self, Palette};

/// The findings that the result card does not show, most severe first.
pub fn findings_ui(ui: &mut Ui, findings: &[Finding], t: Texts) {
    ui.heading(t.findings());
    let (worst, others) = split(findings);
    if others.is_empty() {
        let words = if worst.is_some() {
            t.finding_is_above()
        } else {
            t.no_findings()
        };
        words_ui(ui, words, Emphasis::Weak);
    }
    for finding in others {
        finding_ui(ui, finding, t);
        ui.add_space(2.0);
    }
}

/// The worst finding about this photograph and run, if it is more than a note, and all others, most severe first.
fn split(findings: &[Finding]) -> (Option<&Finding>, Vec<&Finding>) {
    let mut listed: Vec<&Finding> = findings.iter().filter(|f| !is_warning(f.code)).collect();
    listed.sort_by_key(|f| std::cmp::Reverse(f.severity));
    let is_shown = listed.first().is_some_and(|f| f.severity > Severity::Note);
    let others = listed.split_off(usize::from(is_shown));
    (listed.first().copied(), others)
}

/// The worst finding in full unless it is only a note, and a button for the others; true if it was clicked.
pub fn worst_ui(ui: &mut Ui, findings: &[Finding], t: Texts) -> bool {
    let (worst, others) = split(findings);
    match worst {
        Some(worst) if worst.severity == Severity::Serious => box_ui(ui, worst, t),
        Some(worst) => finding_ui(ui, worst, t),
        None => {}
    }
    let button = Button::new(RichText::new(t.more_findings(others.len())).small());
    // Notes alone do not call for attention.
    let calls = others.iter().any(|f| f.severity > Severity::Note);
    calls && ui.add(button).clicked()
}

/// What holds for every result of the models in view.
pub fn warnings_ui(ui: &mut Ui, findings: &[Finding], demonstration: bool, t: Texts) {
    let mut boxes: Vec<Finding> = findings
        .iter()
        .filter(|f| is_warning(f.code))
        .cloned()
        .collect();
    let is_told = boxes
        .iter()
        .any(|f| f.code == FindingCode::DemonstrationModel);
    if demonstration && !is_told {
        // Shown before the first run too, so that nothing moves when the score arrives.
        boxes.push(Finding::new(
            FindingCode::DemonstrationModel,
            Severity::Serious,
        ));
    }
    for found in &boxes {
        box_ui(ui, found, t);
    }
}

/// Findings that apply to every result of a model: a separate box in the colour of a warning.
fn is_warning(code: FindingCode) -> bool {
    matches!(
        code,
        FindingCode::DemonstrationModel | FindingCode::UnconfirmedSettings
    )
}

pub fn finding_ui(ui: &mut Ui, finding: &Finding, t: Texts) {
    let wording = text::finding(finding.code, t.0);
    ui.horizontal_top(|ui| {
        icons::severity_ui(ui, finding.severity, t.severity(finding.severity));
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing = vec2(0.0, 1.0);
            words_ui(ui, wording.message, Emphasis::Plain);
            words_ui(ui, wording.hint, Emphasis::Small);
            if let Some(detail) = text::detail(finding, t.0) {
                words_ui(ui, &detail, Emphasis::Small);
            }
        });
    });
}

fn box_ui(ui: &mut Ui, found: &Finding, t: Texts) {
    let palette = Palette::of(ui.visuals());
    let wording = text::finding(found.code, t.0);
    let is_warning = is_warning(found.code);
    let (fill, line, ink) = if is_warning {
        (
            palette.warning_fill,
            palette.warning_line,
            palette.on_warning,
        )
    } else {
        (palette.alarm_fill, palette.serious, palette.on_alarm)
    };
    let severity = if is_warning {
        Severity::Caution
    } else {
        Severity::Serious
    };
    Frame::new()
        .fill(fill)
        .stroke(Stroke::new(1.0, line))
        .corner_radius(theme::CORNER)
        .inner_margin(Margin::symmetric(8, 5))
        .show(ui, |ui| {
            ui.set_min_width(ui.available_width());
            ui.horizontal_top(|ui| {
                let (rect, response) = ui
                    .allocate_exact_size(vec2(theme::SIGN_SIDE, theme::SIGN_SIDE), Sense::hover());
                response
                    .widget_info(|| WidgetInfo::labeled(Role::Image, true, t.severity(severity)));
                icons::paint_severity(ui.painter(), rect, severity, line, fill);
                ui.vertical(|ui| {
                    ui.spacing_mut().item_spacing.y = 1.0;
                    words_ui(ui, wording.message, Emphasis::Coloured(ink));
                    if !is_warning {
                        words_ui(ui, wording.hint, Emphasis::Coloured(ink));
                    }
                    if let Some(detail) = text::detail(found, t.0) {
                        words_ui(ui, &detail, Emphasis::Coloured(ink));
                    }
                });
            });
        });
}
