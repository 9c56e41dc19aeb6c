//! The export formats, one row each: label in the window, how often and under which name it is written, and its writer.
//! The dialog, the settings and the export use this list.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use strum::{EnumIter, IntoEnumIterator, IntoStaticStr};

use super::case_report::{self, CaseReport};
use super::figure::{self, FigureOptions, Subject, Template, UnknownPlaceholder};
use super::json::{self, Results};
use super::page::{Page, pdf};
use super::tables::{self, Sentences};
use crate::domain::{Lang, Pixels, ResultRow};
use crate::text::window::Texts;

/// A format by its key in the settings, in the order in which formats are offered and written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, EnumIter, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum ExportFormat {
    /// The photograph with a map over it, at the photograph's size.
    Overlay,
    /// Photograph and overlays side by side, with caption.
    Figure,
    /// Everything about a photograph on one or two pages.
    Report,
    /// The tables for people and for programs.
    Csv,
    /// All fields of every row.
    Json,
}

/// A format's row of the list.
pub struct Row {
    /// Label of its box in the dialog.
    pub words: fn(Texts) -> &'static str,
    pub writes: Writes,
}

/// How often a format is written, and by what.
#[derive(Clone, Copy)]
pub enum Writes {
    /// A PNG for each photograph and model, named `photograph.model.what` plus this suffix.
    PerAnswer(&'static str, fn(&Shown<'_>, &Answered<'_>) -> Pixels),
    /// A page for each photograph, named `photograph` plus this suffix and the extension of the figures' format.
    PerPhotograph(
        &'static str,
        fn(&Shown<'_>) -> Result<Page, UnknownPlaceholder>,
    ),
    /// A PDF for each photograph, also for one without an answer, named `photograph` plus this suffix.
    Report(&'static str, WriteReport),
    /// Files for the whole export. The names are all that it can write.
    PerExport(&'static [&'static str], fn(&Whole<'_>) -> Vec<File>),
}

/// Writes a case report.
pub type WriteReport = fn(&CaseReport<'_>) -> Result<Vec<u8>, pdf::Error>;

/// A file's name and contents.
pub type File = (&'static str, Vec<u8>);

pub use super::figure::Answered;

/// A photograph with its answers, as pictures show them.
pub struct Shown<'a> {
    pub photograph: &'a Pixels,
    pub answers: &'a [Answered<'a>],
    /// The remark on all answers. Computed on request, since comparing maps takes time.
    pub remark: &'a dyn Fn() -> Option<String>,
    /// The caption below an overlay, if there is one.
    pub caption: Option<&'a Template>,
    pub figure: &'a FigureOptions,
    /// Models that gave no answer, each with the reason.
    pub failed: &'a [String],
    pub lang: Lang,
}

/// The rows of a whole export.
pub struct Whole<'a> {
    pub cases: &'a [ResultRow],
    pub sentences: &'a Sentences,
    /// `people.csv` of an earlier export exists and is replaced.
    pub replaces_people: bool,
    /// The same rows with the document's additional contents, also computed on request.
    pub results: &'a dyn Fn() -> Results<'a>,
}

impl ExportFormat {
    pub fn row(self) -> Row {
        match self {
            Self::Overlay => Row {
                words: Texts::want_overlay,
                writes: Writes::PerAnswer("png", |shown, (of, geometry)| {
                    figure::overlay_picture(shown.photograph, geometry, of, shown.caption)
                }),
            },
            Self::Figure => Row {
                words: Texts::want_figure,
                writes: Writes::PerPhotograph("figure", |shown| {
                    let subject = Subject {
                        photograph: shown.photograph,
                        answers: shown.answers,
                        remark: (shown.remark)(),
                        failed: shown.failed,
                        lang: shown.lang,
                    };
                    figure::figure(&subject, shown.figure)
                }),
            },
            Self::Report => Row {
                words: Texts::want_report,
                writes: Writes::Report("report.pdf", case_report::write),
            },
            Self::Csv => Row {
                words: Texts::want_csv,
                writes: Writes::PerExport(&tables::NAMES, |whole| {
                    tables::all(whole.cases, whole.sentences, whole.replaces_people)
                }),
            },
            Self::Json => Row {
                words: Texts::want_json,
                writes: Writes::PerExport(&[json::RESULTS], |whole| {
                    let document = json::document(&(whole.results)());
                    vec![(json::RESULTS, json::text(&document).into_bytes())]
                }),
            },
        }
    }

    fn key(self) -> &'static str {
        self.into()
    }

    /// True for pictures of photographs.
    fn is_picture(self) -> bool {
        match self.row().writes {
            Writes::PerAnswer(..) | Writes::PerPhotograph(..) => true,
            Writes::Report(..) | Writes::PerExport(..) => false,
        }
    }

    /// True for tables and documents of all rows.
    fn is_table(self) -> bool {
        matches!(self.row().writes, Writes::PerExport(..))
    }
}

/// The formats that the user wants. The settings hold an entry for each, `true` or `false`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Map<String, Value>", into = "Map<String, Value>")]
pub struct ExportFormats {
    pub desired: BTreeSet<ExportFormat>,
    /// Overlays have their caption below them.
    pub caption: bool,
    pub figure: FigureOptions,
}

/// The settings keys of the caption, and of the choices about figures.
const CAPTION: &str = "caption";
const FIGURES: &str = "figures";

impl Default for ExportFormats {
    fn default() -> Self {
        Self {
            // A report of every photograph is asked for.
            desired: ExportFormat::iter()
                .filter(|format| *format != ExportFormat::Report)
                .collect(),
            caption: true,
            figure: FigureOptions::default(),
        }
    }
}

impl ExportFormats {
    pub fn anything(&self) -> bool {
        !self.desired.is_empty()
    }

    pub fn pictures(&self) -> bool {
        self.desired.iter().any(|format| format.is_picture())
    }

    /// True if the rows of the export are written, and not only pictures of them.
    pub fn tables(&self) -> bool {
        self.desired.iter().any(|format| format.is_table())
    }

    /// True if the caption's template is filled in below overlays.
    pub fn captions_overlays(&self) -> bool {
        self.caption && self.desired.contains(&ExportFormat::Overlay)
    }

    /// True if some picture has a caption.
    pub fn captions(&self) -> bool {
        self.captions_overlays() || self.desired.contains(&ExportFormat::Figure)
    }

    /// True if some picture has a caption and the template names something unknown.
    pub fn has_wrong_caption(&self) -> bool {
        self.captions() && self.figure.template().is_err()
    }

    pub fn set(&mut self, format: ExportFormat, desired: bool) {
        match desired {
            true => self.desired.insert(format),
            false => self.desired.remove(&format),
        };
    }
}

impl From<ExportFormats> for Map<String, Value> {
    fn from(formats: ExportFormats) -> Self {
        let entry = |format: ExportFormat| {
            let desired = formats.desired.contains(&format);
            (format.key().to_owned(), desired.into())
        };
        let mut saved: Self = ExportFormat::iter().map(entry).collect();
        saved.insert(CAPTION.to_owned(), formats.caption.into());
        // Plain data: nothing of it can fail to be written.
        let figures = serde_json::to_value(formats.figure).unwrap_or_default();
        saved.insert(FIGURES.to_owned(), figures);
        saved
    }
}

impl TryFrom<Map<String, Value>> for ExportFormats {
    type Error = String;

    /// Missing entries keep their default and unknown ones are ignored, so that an older or newer file can be read.
    fn try_from(saved: Map<String, Value>) -> Result<Self, String> {
        let reported = |key: &str, default: bool| match saved.get(key) {
            None => Ok(default),
            Some(value) => value
                .as_bool()
                .ok_or_else(|| format!("{key} is neither true nor false")),
        };
        let mut formats = Self::default();
        for format in ExportFormat::iter() {
            let default = formats.desired.contains(&format);
            formats.set(format, reported(format.key(), default)?);
        }
        formats.caption = reported(CAPTION, formats.caption)?;
        if let Some(figures) = saved.get(FIGURES) {
            formats.figure = figure_options(figures);
        }
        Ok(formats)
    }
}

/// The choices about figures; one that cannot be read keeps its default.
fn figure_options(saved: &Value) -> FigureOptions {
    let read = |fields: Map<String, Value>| serde_json::from_value(Value::Object(fields));
    let mut fields = saved.as_object().cloned().unwrap_or_default();
    fields.retain(|key, value| {
        let alone = Map::from_iter([(key.clone(), value.clone())]);
        read(alone).is_ok_and(|_: FigureOptions| true)
    });
    read(fields).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(saved: Value) -> Result<ExportFormats, serde_json::Error> {
        serde_json::from_value(saved)
    }

    #[test]
    fn settings_that_were_saved_are_read_and_written_alike() {
        let saved = json!({
            "overlay": true, "caption": false, "figure": false, "report": false, "csv": true, "json": false,
            "figures": {
                "format": "pdf", "width": 85.0, "ground": "black", "panels": "overlays", "letters": false,
                "scale-bar": true, "caption": "{name}",
            },
        });
        let formats = read(saved.clone()).unwrap();
        let desired: Vec<_> = formats.desired.iter().copied().collect();
        assert_eq!(desired, [ExportFormat::Overlay, ExportFormat::Csv]);
        assert!(!formats.caption && formats.pictures() && formats.tables());
        assert_eq!(formats.figure.width, 85.0);
        assert_eq!(serde_json::to_value(&formats).unwrap(), saved);
    }

    #[test]
    fn settings_of_another_version_are_read_and_wrong_ones_are_not() {
        assert_eq!(read(json!({})).unwrap(), ExportFormats::default());
        let newer = read(json!({"hologram": {"depth": 3}, "csv": false})).unwrap();
        assert!(!newer.desired.contains(&ExportFormat::Csv));
        assert_eq!(
            newer.desired.len(),
            ExportFormats::default().desired.len() - 1
        );
        assert!(read(json!({"csv": "yes"})).is_err());
        let figures = json!({"ground": "plaid", "width": 85.0, "panels": "overlays", "grain": 3});
        let newer = read(json!({"json": false, "figures": figures})).unwrap();
        assert!(!newer.desired.contains(&ExportFormat::Json));
        let figure = FigureOptions {
            width: 85.0,
            panels: figure::Panels::Overlays,
            ..FigureOptions::default()
        };
        assert_eq!(newer.figure, figure);
    }

    #[test]
    fn no_two_formats_share_a_key_or_a_file() {
        let mut taken = BTreeSet::from([CAPTION, FIGURES].map(str::to_owned));
        for format in ExportFormat::iter() {
            assert!(taken.insert(format.key().to_owned()), "{format:?}");
            let names = match format.row().writes {
                Writes::PerAnswer(ending, _) | Writes::Report(ending, _) => vec![ending.to_owned()],
                Writes::PerPhotograph(ending, _) => vec![format!("{ending}.png")],
                Writes::PerExport(names, _) => names.iter().map(|n| (*n).to_owned()).collect(),
            };
            for name in names {
                assert!(taken.insert(name.clone()), "{name} of {format:?}");
            }
        }
    }
}
