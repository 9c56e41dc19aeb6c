//! One photograph, explained and written: the overlay, the numbers of the map, and the document that tells of both.

use serde_json::{Value, json};

use super::{
    ExplainRequest, ExplainedCase, Explainer, MapRequest, description, heading, put_settings,
};
use crate::domain::{Case, FundusImage};
use crate::export::{self, npy};
use crate::imaging::overlay::{self, OverlayOptions};
use crate::imaging::retina::anatomy::check;
use crate::progress::{Cancel, Progress};
use crate::saliency::controls::First;
use crate::storage::atomic;
use crate::workflow::controls::{self, Controller, Examined, OfPhotograph};
use crate::workflow::predict::{Request, predict};
use crate::workflow::{Context, Error, Source, open};

/// A photograph to explain.
pub(super) struct Photograph<'a> {
    pub source: Source,
    pub name: &'a str,
    /// What its files are called.
    pub stem: &'a str,
}

/// Explains a photograph and writes its picture, its numbers and its document, which is the answer.
pub(super) fn of_photograph(
    ctx: &Context,
    request: &ExplainRequest,
    one: &Photograph<'_>,
    (explainer, controller): (&mut Explainer, Option<&Controller>),
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Value, Error> {
    cancel.check()?;
    let photograph = open(&one.source, &request.open)?;
    if photograph.is_refused() {
        return refused(ctx, request, &photograph, one.name, cancel);
    }
    if let Some(marks) = request.regions.as_ref().and_then(|r| r.marks) {
        let frame = [photograph.pixels.width, photograph.pixels.height].map(f64::from);
        check(frame, &marks).map_err(|e| Error::Usage(e.to_string()))?;
    }
    let mut found = explainer.explain(ctx, &photograph, one.name, cancel, progress, &mut |_| {})?;
    let base = format!(
        "{}.{}.{}",
        one.stem, found.answer.case.card.id, found.explanation.map.method
    );
    let to = |extension: &str| request.out.join(format!("{base}.{extension}"));
    let options = OverlayOptions::default();
    let picture = overlay::blend(
        &photograph.pixels,
        &found.explanation.map.grid,
        &found.answer.prepared.geometry,
        &options,
    );
    // What was computed is kept, whatever becomes of what is asked about it.
    atomic::write(&to("png"), &export::png::encode(&picture)?)?;
    atomic::write(&to("npy"), &npy::write_floats(&found.explanation.tensor))?;
    drop(picture);
    let workers = (&mut *explainer, controller);
    let more = more_about(
        ctx,
        request,
        &photograph,
        &mut found,
        workers,
        cancel,
        progress,
    );
    let (answer, map) = (&found.answer, &found.explanation.map);
    let mut document = description(map, &found.explanation.tensor.shape);
    put_settings(&mut document, &found.settings);
    document["target_value"] = json!(found.explanation.target_value);
    document["baseline_value"] = json!(found.explanation.baseline_value);
    document["completeness_gap"] = json!(found.explanation.completeness_gap);
    document["needed_memory_bytes"] = json!(explainer.need());
    put_row(&mut document, &answer.case);
    let target_value = found.explanation.target_value.unwrap_or_default();
    let first = First::of(map.target, target_value, answer.case.card.threshold);
    let peak = map.peak(first == First::Highest);
    document["peak"] = peak.map_or(Value::Null, |cell| {
        let area = answer.prepared.geometry.cell_in_image(cell, map.grid.rows(), map.grid.columns());
        json!({
            "row": cell.row, "column": cell.column, "value": map.grid.at(cell),
            "in_image": {"left": area.left, "top": area.top, "right": area.right, "bottom": area.bottom},
        })
    });
    document["overlay"] = json!(options.describe());
    match &more {
        Ok(Some(controls)) => document["controls"] = controls.clone(),
        Ok(None) => {}
        Err(error) => {
            let said = format!("the map was made, but not all that was asked about it: {error}");
            document["error"] = json!(said);
            document["code"] = json!(error.code());
            document["hint"] = json!(error.hint());
        }
    }
    document["files"] = json!([
        format!("{base}.png"),
        format!("{base}.npy"),
        format!("{base}.json")
    ]);
    atomic::write(&to("json"), export::json::text(&document).as_bytes())?;
    match more {
        Err(Error::Cancelled) => Err(Error::Cancelled),
        _ => Ok(document),
    }
}

/// What is said of a picture that is refused: its row without an answer, and no files.
fn refused(
    ctx: &Context,
    request: &ExplainRequest,
    photograph: &FundusImage,
    name: &str,
    cancel: &Cancel,
) -> Result<Value, Error> {
    let MapRequest {
        model,
        recipe,
        device,
    } = &request.map;
    let asked = Request {
        model: model.clone(),
        device: *device,
        saliency: false,
        target: None,
    };
    let answer = predict(ctx, photograph, name, &asked, cancel, &Progress::new())?;
    let mut document = heading(recipe.method);
    put_row(&mut document, &answer.case);
    Ok(document)
}

/// The fields of a row, without whose photograph it is and whether it counts: that is a matter of a run over many.
fn put_row(document: &mut Value, case: &Case) {
    for (field, value) in export::row::fields(case) {
        if !export::row::OF_THE_RUN.contains(&field.as_str()) {
            document[field.as_str()] = value;
        }
    }
}

/// Evidence by anatomy and the controls of a map, where they are asked for.
fn more_about(
    ctx: &Context,
    request: &ExplainRequest,
    photograph: &FundusImage,
    found: &mut ExplainedCase,
    (explainer, controller): (&mut Explainer, Option<&Controller>),
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Option<Value>, Error> {
    if let Some(wanted) = &request.regions {
        wanted.add_to(found, ctx, &request.map, photograph, cancel, progress)?;
    }
    if let Some(controller) = controller {
        let each = explainer.count();
        let answer = &found.answer;
        let examined = Examined {
            map: &found.explanation.map,
            x: &answer.prepared.tensor,
            photograph: Some(OfPhotograph {
                image: photograph,
                case: &answer.case,
                geometry: &answer.prepared.geometry,
                explainer,
            }),
        };
        let controls = controller.run(ctx, examined, each, cancel, progress, &mut |_| {})?;
        let fields = export::controls::fields(&controls, Some(&answer.case.card));
        controls::write_into(&mut found.answer.case, &controls);
        return Ok(Some(fields));
    }
    Ok(None)
}
