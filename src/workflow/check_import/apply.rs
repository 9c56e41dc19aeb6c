//! Writes a setting that a check found into the card of a model in the library, with its evidence.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};
use strum::VariantArray;

use super::report::{CheckReport, CheckRow};
use super::search_space::same_setting;
use super::tables::{FIELDS, short};
use crate::domain::{CardField, FieldSource, InputSpec, ModelCard};
use crate::evaluation::{self, Figure};
use crate::storage::library::ModelFolder;
use crate::text::check::Remark;
use crate::text::failures::{Fault, LabelsFault, ModelFault};
use crate::workflow::draft::{Draft, DraftInput};
use crate::workflow::error::library_unwritten;
use crate::workflow::models::{ModelLocation, find};
use crate::workflow::{Context, Error, ImportFlags};

/// Which setting is taken over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// Rank of a row, from 1. Without one: the card's own setting if it is among the best, else the best setting that
    /// changes least in the card.
    pub row: Option<usize>,
    /// What happens to the labels under a setting that reverses their order; without a choice such a setting is not
    /// taken over.
    pub order: Option<LabelOrder>,
}

impl Choice {
    /// A row; the labels keep their order.
    pub fn row(rank: usize) -> Self {
        Self {
            row: Some(rank),
            order: None,
        }
    }
}

/// The order of the two labels in the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabelOrder {
    Keep,
    Swap,
}

/// What was written into a card.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Applied {
    pub rank: usize,
    /// The evidence as the card states it.
    pub text: String,
    /// Fields whose value changed.
    pub changed: Vec<String>,
    /// Fields that the images determine, the labels among them if their order is.
    pub settled: Vec<String>,
    /// Fields in which settings differ that the images cannot distinguish.
    pub open: Vec<String>,
    /// The two labels were swapped.
    pub swapped: bool,
}

/// The folder of a model whose card may be changed; the reason if it may not.
pub fn changeable(ctx: &Context, model: &str) -> Result<ModelFolder, Error> {
    match find(ctx, model)? {
        ModelLocation::ModelFolder(model_folder) => Ok(model_folder),
        ModelLocation::Bundled(_) => Err(Error::refused(
            Fault::Model(ModelFault::BundledCard {
                name: model.to_owned(),
            }),
            format!("{model} ships with the application and its card cannot be changed"),
        )),
        ModelLocation::File(_) => Err(Error::refused(Fault::Model(ModelFault::NotInLibrary),
            "a file outside the library has no card to change; import it first, then check the model by its id"
                .to_owned(),
        )),
    }
}

/// Writes a setting into the card and records its evidence in `settled` and `evaluation.preprocessing_check`. A field
/// is determined by evidence if every setting that the images cannot distinguish from the best agrees on it; of the
/// others a changed one is a guess, and an unchanged one keeps its source.
pub fn apply_setting(
    ctx: &Context,
    report: &CheckReport,
    choice: Choice,
) -> Result<(ModelCard, Applied), Error> {
    let model_folder = changeable(ctx, &report.model)?;
    let card = model_folder.card()?;
    if card.source_sha256 != report.model_sha256 {
        return Err(Error::refused(
            Fault::Labels(LabelsFault::Replaced),
            "the model was replaced since it was checked; check it again".to_owned(),
        ));
    }
    let (card, applied) = with_setting(card, report, choice)?;
    model_folder
        .replace_card(&card)
        .map_err(|e| library_unwritten(&ctx.places, e.into()))?;
    ctx.let_go(|open| open.id == card.id);
    Ok((card, applied))
}

/// What a row of the table says about a card.
struct Found<'a> {
    row: &'a CheckRow,
    input: &'a InputSpec,
    /// Fields that the images determine, and the others.
    settled: Vec<&'static str>,
    open: Vec<&'static str>,
    /// Fields whose value differs from the card's.
    changed: Vec<&'static str>,
    /// The two labels are swapped.
    swapped: bool,
    /// The images determine the order of the labels.
    order_settled: bool,
}

impl<'a> Found<'a> {
    fn in_report(
        report: &'a CheckReport,
        choice: Choice,
        before: &InputSpec,
        labels: &[String],
    ) -> Result<Self, Error> {
        if !report.usable {
            return Err(Error::refused(
                Fault::Labels(LabelsFault::NoChoice),
                "these images allow no choice, so the card was not changed".to_owned(),
            ));
        }
        let (row, input) = match choice.row {
            Some(rank) => {
                let row = rank.checked_sub(1).and_then(|place| report.rows.get(place));
                row.map(|row| (row, &row.input)).ok_or_else(|| {
                    Error::refused(
                        Fault::Labels(LabelsFault::NoSuchRow),
                        format!(
                            "there is no row {rank}; the table has {}",
                            report.rows.len()
                        ),
                    )
                })?
            }
            None => least_change(report, before).ok_or(evaluation::Error::Empty)?,
        };
        if row.flipped && choice.order.is_none() {
            return Err(Error::refused(
                Fault::Labels(LabelsFault::OrderFlipped),
                format!(
                    "under the setting of row {} the order of the labels {} is flipped, and it was not stated whether to swap them; the card was not changed",
                    row.rank,
                    labels.join(", ")
                ),
            ));
        }
        let agreed = |field: &str| row.inseparable && agreed(report, input, field);
        let (settled, open) = FIELDS.into_iter().partition(|field| agreed(field));
        let differs = |field: &&str| field_of(before, field) != field_of(input, field);
        Ok(Self {
            row,
            input,
            settled,
            open,
            changed: FIELDS.into_iter().filter(differs).collect(),
            swapped: row.flipped && choice.order == Some(LabelOrder::Swap),
            order_settled: row.inseparable && keeps_the_order(report),
        })
    }

    /// The new sources of the card's fields. A field that the images leave open is assumed if its value changes, and
    /// else keeps its source.
    fn sources(&self) -> impl Iterator<Item = (String, FieldSource)> {
        let assumed = self.open.iter().filter(|f| self.changed.contains(*f));
        let assumed = assumed.map(|f| (*f, FieldSource::Convention));
        let labels = (self.swapped || self.order_settled).then_some("labels");
        let settled = self.settled.iter().copied().chain(labels);
        let settled = settled.map(|f| (f, FieldSource::Labels));
        settled.chain(assumed).map(|(f, how)| (f.to_owned(), how))
    }
}

/// What a row of the table says about a file that is being imported: values with their sources. Fields that the images
/// leave open and the row does not change have no value here.
///
/// # Errors
/// As [`apply_setting`].
pub fn found_by_check(report: &CheckReport, choice: Choice) -> Result<Draft, Error> {
    let labels = report.label_counts.iter().map(|(label, _)| label.clone());
    let labels: Vec<String> = labels.collect();
    let found = Found::in_report(report, choice, &report.card_input, &labels)?;
    let settled: BTreeMap<String, FieldSource> = found.sources().collect();
    let labels = match found.swapped {
        true => labels.into_iter().rev().collect(),
        false => labels,
    };
    let mut flags = ImportFlags::default();
    let all = Draft {
        input: DraftInput::from(found.input),
        labels: Some(labels),
        ..Draft::default()
    };
    let stated = CardField::VARIANTS.iter();
    for field in stated.filter(|f| settled.contains_key(f.name())) {
        flags.state(*field, &all);
    }
    let (_, evidence) = evidence(report, found.row, found.swapped);
    Ok(Draft {
        settled,
        evaluation: json!({"preprocessing_check": evidence}),
        ..Draft::from(&flags)
    })
}

fn with_setting(
    mut card: ModelCard,
    report: &CheckReport,
    choice: Choice,
) -> Result<(ModelCard, Applied), Error> {
    let found = Found::in_report(report, choice, &card.input, &card.labels)?;
    card.input = found.input.clone();
    card.settled.extend(found.sources());
    if found.swapped {
        card.labels.reverse();
    }
    let (text, evidence) = evidence(report, found.row, found.swapped);
    match &mut card.evaluation {
        Value::Object(evaluation) => {
            evaluation.insert("preprocessing_check".to_owned(), evidence);
        }
        other => {
            let before = other.take();
            *other = json!({"preprocessing_check": evidence});
            if !before.is_null() {
                other["remarks"] = before;
            }
        }
    }
    let own = |fields: &[&str]| fields.iter().map(|f| (*f).to_owned()).collect();
    let settled = found
        .sources()
        .filter(|(_, how)| *how == FieldSource::Labels);
    let applied = Applied {
        rank: found.row.rank,
        text,
        changed: own(&found.changed),
        settled: settled.map(|(field, _)| field).collect(),
        open: own(&found.open),
        swapped: found.swapped,
    };
    Ok((card, applied))
}

/// The evidence for a row, in words and as the card keeps it.
fn evidence(report: &CheckReport, row: &CheckRow, swapped: bool) -> (String, Value) {
    let stored = as_the_card_has_it(row, swapped);
    let text = format!("checked: {}", report.evidence(&stored));
    let inseparable = report.rows.iter().filter(|r| r.inseparable);
    let evidence = json!({
        "text": text,
        "figure": report.figure,
        "value": stored.value,
        "interval": stored.interval,
        "images": report.images,
        "persons": report.persons_known.then_some(report.persons),
        "rank": row.rank,
        "inseparable": inseparable.map(|r| short(&r.input)).collect::<Vec<_>>(),
        "tried": report.tried,
        "note": Remark::Optimistic.wording(crate::text::Lang::En),
    });
    (text, evidence)
}

/// The figure of a row with the labels in the card's current order.
fn as_the_card_has_it(row: &CheckRow, swapped: bool) -> CheckRow {
    let mut row = row.clone();
    if swapped {
        let [low, high] = row.interval;
        row.value = 1.0 - row.value;
        row.interval = [1.0 - high, 1.0 - low];
    }
    row
}

/// Of the settings that the labels cannot distinguish from the best, the one nearest to the card: its own, if it is one
/// of them; settings that keep the order of the labels before those that do not; then the one with fewer other fields
/// changed.
fn least_change<'a>(
    report: &'a CheckReport,
    card: &InputSpec,
) -> Option<(&'a CheckRow, &'a InputSpec)> {
    let head = report.rows.iter().filter(|r| r.inseparable);
    let settings = head.flat_map(|row| {
        std::iter::once(&row.input)
            .chain(&row.same)
            .map(move |input| (row, input))
    });
    settings.min_by_key(|(row, input)| {
        let others = FIELDS
            .iter()
            .filter(|field| field_of(card, field) != field_of(input, field));
        let own = same_setting(card, input);
        (!own, row.flipped, others.count(), row.rank)
    })
}

/// Whether every setting at the head, same inputs included, has the setting's value of a field.
fn agreed(report: &CheckReport, input: &InputSpec, field: &str) -> bool {
    let desired = field_of(input, field);
    let head = report.rows.iter().filter(|r| r.inseparable);
    head.flat_map(|r| r.same.iter().chain([&r.input]))
        .all(|input| field_of(input, field) == desired)
        && (field != "resize"
            || report.tried.followed > 0
            || report.tried.settings == report.tried.of)
}

/// Whether every setting at the head ranks the images in the order of the labels, each beyond its uncertainty.
fn keeps_the_order(report: &CheckReport) -> bool {
    let mut head = report.rows.iter().filter(|r| r.inseparable);
    report.figure == Figure::Auc && head.all(|row| !row.flipped && row.interval[0] > 0.5)
}

fn field_of(input: &InputSpec, field: &str) -> Value {
    match field {
        "scaling" => json!([input.scaling, input.mean, input.std]),
        other => serde_json::to_value(input).map_or(Value::Null, |v| v[other].clone()),
    }
}
