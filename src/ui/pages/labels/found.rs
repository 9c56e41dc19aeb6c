//! What a table says about the photographs: counts, meanings of values, and the first matches beside their pictures.

use egui::{Grid, Label, Sense, Ui, vec2};

use crate::app::state::Proposed;
use crate::domain::{Laterality, Role};
use crate::evaluation::{MismatchReason, RecordedValue};
use crate::text::window::Texts;
use crate::ui::list::{Thumbnails, paint_thumbnail};
use crate::ui::rows::{Emphasis, words_ui};
use crate::ui::theme::{self, Palette};
use crate::ui::view::FrameContext;
use crate::workflow::study::labels::{Labelled, StudyLabels, ValueSource};

/// Matches that are shown.
const FIRST: usize = 5;
/// Matches among which those with a picture are chosen.
const LOOKED_AT: usize = 200;
/// Values whose meaning is shown.
const VALUES: usize = 20;

pub fn found_ui(
    ui: &mut Ui,
    thumbnails: &mut Thumbnails,
    shown: &Proposed,
    view: &mut FrameContext<'_>,
) {
    let t = view.t;
    let labels = &shown.proposal.labels;
    ui.add_space(theme::GAP);
    ui.heading(t.labels_found());
    let matched = t.labels_matched(labels.matched(), labels.photographs.len());
    words_ui(ui, &matched, Emphasis::Plain);
    for role in [Role::Sex, Role::Label, Role::Age] {
        if let Some(words) = counted(labels, role, t) {
            words_ui(ui, &words, Emphasis::Plain);
        }
    }
    for (_, label) in labels.with_one_label() {
        let ink = Palette::of(ui.visuals()).caution;
        words_ui(ui, &t.labels_one_label(&label), Emphasis::Coloured(ink));
    }
    if labels.repeated > 0 {
        words_ui(ui, &t.labels_repeated(labels.repeated), Emphasis::Small);
    }
    // Photographs of other tables are no mismatch.
    let told = |m: &&MismatchReason| !matches!(m, MismatchReason::OtherNames { .. });
    for mismatch in shown.proposal.mismatches.iter().filter(told) {
        words_ui(ui, &mismatch.wording(t.0), Emphasis::Small);
    }
    values_ui(ui, labels, t);
    matches_ui(ui, thumbnails, shown, view);
}

/// The number of photographs with each label, or with an age, and how many of them state it themselves.
fn counted(labels: &StudyLabels, role: Role, t: Texts) -> Option<String> {
    let with = |source: ValueSource| {
        let values = labels.photographs.iter().flatten().flat_map(|l| &l.values);
        values
            .filter(|(of, _, by)| *of == role && *by == source)
            .count()
    };
    let (table, dicom) = (with(ValueSource::Table), with(ValueSource::Dicom));
    if table + dicom == 0 {
        return None;
    }
    let each = labels.counts(role);
    Some(t.labels_counted(role, table + dicom, &each, dicom))
}

fn values_ui(ui: &mut Ui, labels: &StudyLabels, t: Texts) {
    let values = labels.understood.values.iter().take(VALUES);
    let values: Vec<(&str, Option<&str>)> = values
        .map(|v| (v.value.as_str(), v.label.as_deref()))
        .collect();
    if !values.is_empty() {
        words_ui(ui, &t.labels_values(&values), Emphasis::Small);
    }
}

fn matches_ui(
    ui: &mut Ui,
    thumbnails: &mut Thumbnails,
    shown: &Proposed,
    view: &mut FrameContext<'_>,
) {
    let (state, t) = (view.state, view.t);
    let labelled = shown
        .photographs
        .iter()
        .zip(&shown.proposal.labels.photographs);
    let matched = labelled.filter_map(|(id, labelled)| {
        let photo = state.photograph(*id)?;
        Some((photo, labelled.as_ref()?))
    });
    // Those whose pictures are known: the list asks for the others as it is scrolled.
    let (mut first, others): (Vec<_>, Vec<_>) = matched
        .take(LOOKED_AT)
        .partition(|(photo, _)| photo.known.is_some());
    first.extend(others);
    ui.add_space(theme::GAP);
    words_ui(ui, t.labels_first(), Emphasis::Weak);
    Grid::new("first matches").num_columns(3).show(ui, |ui| {
        for (photo, labelled) in first.into_iter().take(FIRST) {
            let side = theme::THUMBNAIL_SIDE;
            let (rect, _) = ui.allocate_exact_size(vec2(side, side), Sense::hover());
            paint_thumbnail(ui, ui.painter(), thumbnails, photo, rect);
            ui.add(Label::new(&*state.shown_name(photo)).extend());
            let masked = state.settings.names_masked;
            words_ui(ui, &said(labelled, masked, t), Emphasis::Plain);
            ui.end_row();
        }
    });
}

/// What is recorded about a photograph: line, person, eye, values.
fn said(labelled: &Labelled, masked: bool, t: Texts) -> String {
    let mut parts = Vec::new();
    parts.extend(labelled.line.map(|line| t.labels_line(line)));
    let person = labelled.person.as_ref().filter(|_| !masked);
    parts.extend(person.map(|person| t.labels_person(person)));
    if labelled.eye != Laterality::Unknown {
        parts.push(labelled.eye.as_str().to_owned());
    }
    for (role, value, source) in &labelled.values {
        let value = match value {
            RecordedValue::Label(label) => label.clone(),
            RecordedValue::Number(number) => format!("{} {number}", t.role(Some(*role))),
        };
        parts.push(match source {
            ValueSource::Table => value,
            ValueSource::Dicom => format!("{value} (DICOM)"),
        });
    }
    parts.join(t.comma())
}
