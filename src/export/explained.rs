//! The result of `explain` for one photograph or tensor, and the document written for it.

use serde_json::{Map, Value, json};

use super::{json, row, sanity_checks};
use crate::domain::{
    EngineUsed, Findings, MapProvenance, MapSettings, MapTarget, Method, ModelCard, ResultRow,
};
use crate::imaging::{Area, Cell};
use crate::saliency::SaliencyMap;
use crate::saliency::sanity_checks::SanityChecks;
use crate::text::{Lang, research_only};

/// The outcome for one photograph or tensor.
#[derive(Clone, Debug)]
pub enum Entry {
    Photograph(Box<Photograph>),
    /// A refused picture: its row without an answer.
    Refused {
        method: Method,
        case: Box<ResultRow>,
    },
    Tensor(Box<Maps>),
    Failed {
        /// The photograph's name in the row.
        image: String,
        /// Name of the case report, if one was requested.
        report: Option<String>,
        failure: Failure,
    },
}

/// Why there is no map, or why not everything requested was computed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub wording: String,
    /// A short machine-readable name.
    pub code: String,
    pub hint: String,
}

/// The map of one photograph; its details are in the provenance of its row.
#[derive(Clone, Debug)]
pub struct Photograph {
    pub case: ResultRow,
    pub provenance: MapProvenance,
    /// Of the written values.
    pub shape: Vec<usize>,
    /// Bytes of memory that the extended network needs; `None` if the forward network was used.
    pub needed_memory_bytes: Option<u64>,
    pub peak: Option<Peak>,
    /// Description of how the picture is drawn.
    pub overlay: String,
    pub sanity_checks: Option<SanityChecks>,
    /// The map was computed, but not everything else that was requested.
    pub failure: Option<Failure>,
    /// Names of picture, array and document.
    pub files: [String; 3],
    /// Name of the figure, if one was requested and written.
    pub figure: Option<String>,
    /// Name of the case report, if one was requested and written.
    pub report: Option<String>,
}

/// The cell that moved the target most towards the answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Peak {
    pub cell: Cell,
    pub value: f32,
    pub in_image: Area,
}

/// The maps of the images of a tensor, by one method.
#[derive(Clone, Debug)]
pub struct Maps {
    pub image: String,
    pub model: String,
    pub model_sha256: String,
    /// The first image's map; its minimum and maximum are not those of the others.
    pub first: About,
    /// Of the written values, with the number of images first.
    pub shape: Vec<usize>,
    /// `None` if the maps were computed from the head alone.
    pub settings: Option<MapSettings>,
    pub used: Option<EngineUsed>,
    pub findings: Findings,
    pub target_values: Vec<Option<f64>>,
    pub baseline_values: Option<Vec<f64>>,
    pub completeness_gaps: Option<Vec<f64>>,
    /// One per image, if requested; `card` is the model's card, if any.
    pub sanity_checks: Option<Vec<SanityChecks>>,
    pub card: Option<ModelCard>,
    pub needed_memory_bytes: Option<u64>,
    pub open_ms: f64,
    pub map_ms: Vec<f64>,
    /// Names of array and document.
    pub files: [String; 2],
}

/// A map's description without its inputs.
#[derive(Clone, Debug, PartialEq)]
pub struct About {
    pub method: Method,
    pub layer: Option<String>,
    pub target: MapTarget,
    /// Rows and columns.
    pub grid: [usize; 2],
    pub lowest: f64,
    pub highest: f64,
}

impl About {
    pub fn of(map: &SaliencyMap) -> Self {
        let (low, high) = map.grid.range();
        Self {
            method: map.method,
            layer: map.layer.clone(),
            target: map.target.name(),
            grid: [map.grid.rows(), map.grid.columns()],
            lowest: low.into(),
            highest: high.into(),
        }
    }
}

impl From<&MapProvenance> for About {
    fn from(map: &MapProvenance) -> Self {
        Self {
            method: map.method,
            layer: map.layer.clone(),
            target: map.target,
            grid: map.grid,
            lowest: map.lowest,
            highest: map.highest,
        }
    }
}

impl Entry {
    pub fn image(&self) -> &str {
        match self {
            Self::Photograph(one) => &one.case.image,
            Self::Refused { case, .. } => &case.image,
            Self::Tensor(maps) => &maps.image,
            Self::Failed { image, .. } => image,
        }
    }

    pub fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Photograph(one) => one.failure.as_ref(),
            Self::Failed { failure, .. } => Some(failure),
            Self::Refused { .. } | Self::Tensor(_) => None,
        }
    }

    /// The row of a photograph for which there is an answer or a refusal.
    pub fn case(&self) -> Option<&ResultRow> {
        match self {
            Self::Photograph(one) => Some(&one.case),
            Self::Refused { case, .. } => Some(case),
            Self::Tensor(_) | Self::Failed { .. } => None,
        }
    }

    /// What is written and printed; `version` is the application's.
    pub fn document(&self, version: &str) -> Value {
        Value::Object(match self {
            Self::Photograph(one) => photograph(one, version),
            Self::Refused { method, case } => {
                let mut fields = heading(*method, version);
                put_row(&mut fields, case);
                fields
            }
            Self::Tensor(maps) => tensor(maps, version),
            Self::Failed {
                image,
                report,
                failure,
            } => {
                let mut fields = Map::new();
                put(&mut fields, "image", json!(image));
                put_failure(&mut fields, failure);
                if let Some(report) = report {
                    put(&mut fields, "files", json!([report]));
                }
                fields
            }
        })
    }
}

type Fields = Map<String, Value>;

fn put(fields: &mut Fields, name: &str, value: Value) {
    fields.insert(name.to_owned(), value);
}

fn put_failure(fields: &mut Fields, failure: &Failure) {
    put(fields, "error", json!(failure.wording));
    put(fields, "code", json!(failure.code));
    put(fields, "hint", json!(failure.hint));
}

/// The leading fields of every document.
fn heading(method: Method, version: &str) -> Fields {
    let mut fields = Map::new();
    put(&mut fields, "schema", json!(json::SCHEMA));
    let application = json!({"name": "gantei", "version": version});
    put(&mut fields, "application", application);
    put(&mut fields, "research_only", json!(research_only(Lang::En)));
    put(&mut fields, "method", json!(method));
    fields
}

fn about(about: &About, shape: &[usize], version: &str) -> Fields {
    let mut fields = heading(about.method, version);
    put(&mut fields, "layer", json!(about.layer));
    put(&mut fields, "target", json!(about.target));
    put(&mut fields, "grid", json!(about.grid));
    put(&mut fields, "shape", json!(shape));
    put(&mut fields, "lowest", json!(about.lowest));
    put(&mut fields, "highest", json!(about.highest));
    fields
}

/// The settings of the method, each as a field.
fn put_settings(fields: &mut Fields, settings: &MapSettings) {
    if let Value::Object(settings) = json!(settings) {
        fields.extend(settings);
    }
}

/// The fields of a row, except person and counting, which concern a run over many photographs.
fn put_row(fields: &mut Fields, case: &ResultRow) {
    let of_row = row::fields(case).into_iter();
    fields.extend(of_row.filter(|(name, _)| !row::OF_THE_RUN.contains(&name.as_str())));
}

fn photograph(one: &Photograph, version: &str) -> Fields {
    let (case, map) = (&one.case, &one.provenance);
    let mut fields = about(&About::from(map), &one.shape, version);
    put_settings(&mut fields, &map.settings);
    put(&mut fields, "target_value", json!(map.target_value));
    put(&mut fields, "baseline_value", json!(map.baseline_value));
    put(&mut fields, "completeness_gap", json!(map.completeness_gap));
    let memory = json!(one.needed_memory_bytes);
    put(&mut fields, "needed_memory_bytes", memory);
    put_row(&mut fields, case);
    put(&mut fields, "peak", one.peak.map_or(Value::Null, peak));
    put(&mut fields, "overlay", json!(one.overlay));
    if let Some(found) = &one.sanity_checks {
        let found = sanity_checks::fields(found, Some(&case.card));
        put(&mut fields, "controls", found);
    }
    if let Some(failure) = &one.failure {
        put_failure(&mut fields, failure);
    }
    let files: Vec<&String> = one
        .files
        .iter()
        .chain(&one.figure)
        .chain(&one.report)
        .collect();
    put(&mut fields, "files", json!(files));
    fields
}

fn peak(peak: Peak) -> Value {
    let Area {
        left,
        top,
        right,
        bottom,
    } = peak.in_image;
    json!({
        "row": peak.cell.row, "column": peak.cell.column, "value": peak.value,
        "in_image": {"left": left, "top": top, "right": right, "bottom": bottom},
    })
}

fn tensor(maps: &Maps, version: &str) -> Fields {
    let mut fields = about(&maps.first, &maps.shape, version);
    if let Some(settings) = &maps.settings {
        put_settings(&mut fields, settings);
    }
    let used = maps.used.as_ref();
    put(&mut fields, "image", json!(maps.image));
    put(&mut fields, "model", json!(maps.model));
    put(&mut fields, "model_sha256", json!(maps.model_sha256));
    put(&mut fields, "engine", json!(used.map(|u| &u.engine)));
    put(&mut fields, "provider", json!(used.map(|u| &u.provider)));
    put(
        &mut fields,
        "findings",
        json!(row::findings(&maps.findings)),
    );
    put(&mut fields, "target_values", json!(maps.target_values));
    put(&mut fields, "baseline_values", json!(maps.baseline_values));
    let gaps = json!(maps.completeness_gaps);
    put(&mut fields, "completeness_gaps", gaps);
    if let Some(all) = &maps.sanity_checks {
        let each = all.iter();
        let each = each.map(|found| sanity_checks::fields(found, maps.card.as_ref()));
        put(&mut fields, "controls", each.collect());
    }
    let memory = json!(maps.needed_memory_bytes);
    put(&mut fields, "needed_memory_bytes", memory);
    let times = json!({"open": maps.open_ms, "maps": maps.map_ms});
    put(&mut fields, "timings_ms", times);
    put(&mut fields, "error", Value::Null);
    put(&mut fields, "files", json!(maps.files));
    fields
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::provenance::sample::provenance;

    fn names(entry: &Entry) -> String {
        let document = entry.document("1.2.3");
        let names = document.as_object().unwrap().keys().cloned();
        names.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_photograph_is_told_with_its_map_first_and_its_row_behind() {
        let mut provenance = provenance(Method::Occlusion);
        provenance.settings.steps = Some(16);
        let mut one = Photograph {
            case: row::sample::case(),
            provenance,
            shape: vec![7, 7],
            needed_memory_bytes: Some(1),
            peak: None,
            overlay: "drawn".into(),
            sanity_checks: None,
            failure: None,
            files: ["a.png", "a.npy", "a.json"].map(str::to_owned),
            figure: None,
            report: None,
        };
        let entry = Entry::Photograph(Box::new(one.clone()));
        let found = names(&entry);
        let first = "schema application research_only method layer target grid shape lowest highest steps \
                     target_value baseline_value completeness_gap needed_memory_bytes image sha256";
        assert!(found.starts_with(first), "{found}");
        assert!(
            found.ends_with("covered regions applicability measured peak overlay"),
            "{found}"
        );
        assert!(
            !found.contains("person") && !found.contains("used"),
            "{found}"
        );
        assert!(entry.failure().is_none());
        let failure = Failure {
            wording: "stopped".into(),
            code: "cancelled".into(),
            hint: "again".into(),
        };
        one.failure = Some(failure.clone());
        let failed = Entry::Photograph(Box::new(one));
        assert_eq!(failed.failure(), Some(&failure));
        assert_eq!(failed.document("1")["error"], "stopped");
        let image = "b.jpg".to_owned();
        let none = |report| Entry::Failed {
            image: image.clone(),
            report,
            failure: failure.clone(),
        };
        assert_eq!(names(&none(None)), "image error code hint");
        let reported = none(Some("b.report.pdf".to_owned()));
        assert_eq!(names(&reported), "image error code hint files");
    }

    #[test]
    fn a_refused_picture_is_its_row_alone() {
        let entry = Entry::Refused {
            method: Method::GradCam,
            case: Box::new(row::sample::case()),
        };
        let document = entry.document("1.2.3");
        assert_eq!(document["method"], "grad-cam");
        assert!(document["layer"].is_null() && document["saliency"].is_null());
        assert_eq!(entry.image(), row::sample::case().image);
    }
}
