//! Findings as a list: an icon for the severity, what was found, what to do; and the most serious as boxes above the
//! score.

use egui::{Frame, Margin, Role, Sense, Stroke, Ui, WidgetInfo, vec2};

use crate::domain::{Finding, FindingCode, Severity};
use crate::text;
use crate::text::window::Texts;
use crate::ui::icons;
use crate::ui::rows::{Emphasis, words_ui};
use crate::ui::theme::{self, Palette};

/// The findings that are not shown as boxes, most severe first.
pub fn findings_ui(ui: &mut Ui, findings: &[Finding], t: Texts) {
    ui.heading(t.findings());
    let mut listed: Vec<&Finding> = findings.iter().filter(|f| !has_box(f)).collect();
    listed.sort_by_key(|f| std::cmp::Reverse(f.severity));
    if listed.is_empty() {
        words_ui(ui, t.no_findings(), Emphasis::Weak);
    }
    for finding in listed {
        finding_ui(ui, finding, t);
        ui.add_space(2.0);
    }
}

/// The most severe caution in one line above the score, with its space reserved if there is none; the list below gives
/// full details.
pub fn line_ui(ui: &mut Ui, findings: &[Finding], t: Texts) {
    let cautions: Vec<&Finding> = findings
        .iter()
        .filter(|f| f.severity == Severity::Caution && !is_warning(f.code))
        .collect();
    ui.horizontal(|ui| {
        ui.set_min_height(theme::CONTROL_HEIGHT);
        let Some(first) = cautions.first() else {
            return;
        };
        icons::severity_ui(ui, first.severity, t.severity(first.severity));
        let wording = text::finding(first.code, t.0);
        let text = match cautions.len() {
            1 => wording.message.to_owned(),
            n => format!("(1/{n}) {}", wording.message),
        };
        ui.add(egui::Label::new(text).truncate())
            .on_hover_text(wording.hint);
    });
}

/// The most serious findings, as prominent boxes above the score.
pub fn boxes_ui(ui: &mut Ui, findings: &[Finding], demonstration: bool, t: Texts) {
    let mut boxes: Vec<Finding> = findings
        .iter()
        .filter(|f| has_box(f) || is_warning(f.code))
        .cloned()
        .collect();
    if demonstration
        && !boxes
            .iter()
            .any(|f| f.code == FindingCode::DemonstrationModel)
    {
        // Shown before the first run too, so that nothing moves when the score arrives.
        boxes.push(Finding::new(
            FindingCode::DemonstrationModel,
            Severity::Serious,
        ));
    }
    boxes.sort_by_key(|found| is_warning(found.code));
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

fn has_box(finding: &Finding) -> bool {
    finding.severity == Severity::Serious
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
        .inner_margin(Margin::symmetric(10, 8))
        .show(ui, |ui| {
            ui.set_min_width(ui.available_width());
            ui.horizontal_top(|ui| {
                let (rect, response) = ui
                    .allocate_exact_size(vec2(theme::SIGN_SIDE, theme::SIGN_SIDE), Sense::hover());
                response.widget_info(|| {
                    WidgetInfo::labeled(Role::Image, true, t.severity(Severity::Serious))
                });
                icons::paint_severity(ui.painter(), rect, severity, line, fill);
                ui.vertical(|ui| {
                    ui.spacing_mut().item_spacing.y = 1.0;
                    words_ui(ui, wording.message, Emphasis::Coloured(ink));
                    if !is_warning {
                        words_ui(ui, wording.hint, Emphasis::Coloured(ink));
                    } else if let Some(detail) = text::detail(found, t.0) {
                        words_ui(ui, &detail, Emphasis::Coloured(ink));
                    }
                });
            });
        });
}
