//! Findings as a list: a sign for the severity, what was found, what to do; and the demonstration warning as a box.

use egui::{Frame, Margin, RichText, Stroke, Ui, vec2};

use super::icons;
use super::theme::{self, Palette};
use crate::clinic::{Code, Finding, Severity};
use crate::words;
use crate::words::window::Texts;

/// The findings, the gravest first; the demonstration warning has its own box and is left out.
pub fn findings_ui(ui: &mut Ui, findings: &[Finding], t: Texts) {
    ui.heading(t.findings());
    let mut listed: Vec<&Finding> = findings.iter().filter(|f| f.code != Code::DemonstrationModel).collect();
    listed.sort_by_key(|f| std::cmp::Reverse(f.severity));
    if listed.is_empty() {
        ui.weak(t.no_findings());
    }
    for finding in listed {
        finding_ui(ui, finding, t);
        ui.add_space(2.0);
    }
}

fn finding_ui(ui: &mut Ui, finding: &Finding, t: Texts) {
    let said = words::finding(finding.code, t.0);
    ui.horizontal_top(|ui| {
        icons::severity_ui(ui, finding.severity, t.severity(finding.severity));
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing = vec2(0.0, 2.0);
            ui.label(said.message);
            ui.label(RichText::new(said.hint).weak().small());
            if let Some(detail) = &finding.detail {
                ui.label(RichText::new(detail).weak().small());
            }
        });
    });
}

/// Where a demonstration model is chosen or its score stands: a box that cannot be overlooked.
pub fn demonstration_ui(ui: &mut Ui, t: Texts) {
    let palette = Palette::of(ui.visuals());
    let said = words::finding(Code::DemonstrationModel, t.0);
    Frame::new()
        .fill(palette.warning_fill)
        .stroke(Stroke::new(1.0, palette.warning_line))
        .corner_radius(theme::CORNER)
        .inner_margin(Margin::symmetric(10, 8))
        .show(ui, |ui| {
            ui.set_min_width(ui.available_width());
            ui.horizontal_top(|ui| {
                let (rect, _) = ui.allocate_exact_size(vec2(theme::SIGN_SIDE, theme::SIGN_SIDE), egui::Sense::hover());
                icons::paint_severity(ui.painter(), rect, Severity::Caution, palette.warning_line, palette.warning_fill);
                ui.vertical(|ui| {
                    ui.label(RichText::new(said.message).color(palette.on_warning));
                });
            });
        });
}
