//! Put a setting that a check found into the card of a model in the library, with its evidence.

use serde::Serialize;
use serde_json::{Value, json};

use super::report::{CheckReport, CheckRow};
use super::tables::{FIELDS, short};
use crate::clinic::{ModelCard, Settled, Task};
use crate::storage::library::Shelf;
use crate::words::check::Remark;
use crate::words::failures::{Fault, LabelsFault, ModelFault};
use crate::workflow::models::{Place, find};
use crate::workflow::{Context, Error};

/// What was written into a card.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Applied {
    pub rank: usize,
    /// The evidence as the card has it.
    pub text: String,
    /// Fields that the images settled.
    pub settled: Vec<String>,
    /// Fields in which settings differ that the images cannot tell apart.
    pub open: Vec<String>,
    /// The two labels were swapped.
    pub swapped: bool,
}

/// The shelf of a model whose card may be changed; the reason where it may not.
pub fn changeable(ctx: &Context, model: &str) -> Result<Shelf, Error> {
    match find(ctx, model)? {
        Place::Shelf(shelf) => Ok(shelf),
        Place::Bundled(_) => Err(Error::Refused(Fault::Model(ModelFault::Bundled { name: model.to_owned() }), format!(
            "{model} ships with the application and its card is not changed; import a copy under another --id to try it"
        ))),
        Place::File(_) => Err(Error::Refused(Fault::Model(ModelFault::NotInLibrary),
            "a file outside the library has no card to change; import it first, then check the model by its id"
                .to_owned(),
        )),
    }
}

/// Writes the setting of a row into the card and notes in `settled` and `evaluation.preprocessing_check` what it rests on.
/// A field is settled by evidence where every setting that the images cannot tell from the best agrees on it; of the others
/// a changed one is a guess, and an unchanged one keeps how it became known.
pub fn apply_setting(
    ctx: &Context,
    report: &CheckReport,
    rank: usize,
) -> Result<(ModelCard, Applied), Error> {
    let shelf = changeable(ctx, &report.model)?;
    let card = shelf.card()?;
    if card.source_sha256 != report.model_sha256 {
        return Err(Error::Refused(
            Fault::Labels(LabelsFault::Replaced),
            "the model was replaced since it was checked; check it again".to_owned(),
        ));
    }
    let (card, applied) = with_setting(card, report, rank)?;
    shelf.replace_card(&card)?;
    ctx.let_go(|open| open.id == card.id);
    Ok((card, applied))
}

fn with_setting(
    mut card: ModelCard,
    report: &CheckReport,
    rank: usize,
) -> Result<(ModelCard, Applied), Error> {
    let row = rank
        .checked_sub(1)
        .and_then(|place| report.rows.get(place))
        .ok_or_else(|| {
            Error::Refused(
                Fault::Labels(LabelsFault::NoSuchRow),
                format!(
                    "there is no row {rank}; the table has {}",
                    report.rows.len()
                ),
            )
        })?;
    if !report.usable {
        return Err(Error::Refused(
            Fault::Labels(LabelsFault::NoChoice),
            "these images allow no choice, so the card was not changed".to_owned(),
        ));
    }
    let before = card.input.clone();
    card.input = row.input.clone();
    let agreed = |field: &str| row.inseparable && agreed(report, row, field);
    let (settled, open): (Vec<&str>, Vec<&str>) = FIELDS.iter().partition(|field| agreed(field));
    for field in &settled {
        card.settled.insert((*field).to_owned(), Settled::Labels);
    }
    for field in &open {
        if field_of(&before, field) != field_of(&card.input, field) {
            card.settled
                .insert((*field).to_owned(), Settled::Convention);
        }
    }
    let digits = report
        .remarks
        .iter()
        .any(|said| said.0 == Remark::FlippedDigits);
    let swapped = row.flipped && !digits && card.task != Task::Age;
    if swapped {
        card.labels.reverse();
        card.settled.insert("labels".to_owned(), Settled::Labels);
    }
    let text = format!("checked: {}", report.evidence(row));
    let evidence = json!({
        "text": text,
        "figure": report.figure,
        "value": row.value,
        "interval": row.interval,
        "images": report.images,
        "persons": report.persons_known.then_some(report.persons),
        "rank": row.rank,
        "inseparable": report.rows.iter().filter(|r| r.inseparable).map(|r| short(&r.input)).collect::<Vec<_>>(),
        "tried": report.tried,
        "note": Remark::Optimistic.said(crate::words::Lang::En),
    });
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
    let applied = Applied {
        rank,
        text,
        settled: own(&settled),
        open: own(&open),
        swapped,
    };
    Ok((card, applied))
}

/// Whether every setting at the head, same inputs included, has the row's value of a field.
fn agreed(report: &CheckReport, row: &CheckRow, field: &str) -> bool {
    let wanted = field_of(&row.input, field);
    let head = report.rows.iter().filter(|r| r.inseparable);
    head.flat_map(|r| r.same.iter().chain([&r.input]))
        .all(|input| field_of(input, field) == wanted)
        && (field != "resize"
            || report.tried.followed > 0
            || report.tried.settings == report.tried.of)
}

fn field_of(input: &crate::clinic::InputSpec, field: &str) -> Value {
    match field {
        "scaling" => json!([input.scaling, input.mean, input.std]),
        other => serde_json::to_value(input).map_or(Value::Null, |v| v[other].clone()),
    }
}
