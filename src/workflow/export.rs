//! Exports computed results as pictures and tables into a folder; also previews such a picture.
//!
//! Pictures are drawn from the photograph's file, which is read again: a photograph that was changed since the model
//! ran gets no picture.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::answer::Answer;
use super::save::{self, Existing, Saver};
use super::stems::{longest_tail, unique_stems};
use super::two_maps::{maps_agree, with_common_scale};
use super::{Error, Source, VERSION, open};
use crate::domain::foreign::{renamed, shown};
use crate::domain::{FundusImage, Pixels, ResultRow, Skipped};
use crate::export::case_report::CaseReport;
use crate::export::figure::{self, Captioned, FigureFormat, dpi_for};
use crate::export::formats::{ExportFormats, Shown, Whole, WriteReport, Writes};
use crate::export::page::{self, Page};
use crate::export::tables::{self, Sentences};
use crate::export::{json, png};
use crate::imaging::overlay::OverlayOptions;
use crate::imaging::{self, OpenOptions};
use crate::progress::{Cancel, Progress};
use crate::saliency::beyond_photograph;
use crate::storage;
use crate::text::Lang;
use crate::text::report::Report;

/// What to do with existing files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IfTaken {
    /// Ask first: nothing is written if a name is taken.
    #[default]
    Ask,
    Replace,
    KeepBoth,
}

/// One photograph to export.
#[derive(Clone, Debug, PartialEq)]
pub struct ExportRow {
    pub source: Source,
    /// The name as written: the path below the given folder, or a number if names are masked.
    pub name: String,
    /// The one in view first.
    pub answers: Vec<Arc<Answer>>,
    /// Cases without an answer, each with its error.
    pub failed: Vec<ResultRow>,
}

impl ExportRow {
    /// True if there is an answer to draw; a refused picture has none.
    pub fn has_pictures(&self) -> bool {
        self.answers.iter().any(|a| !a.case.is_refused())
    }
}

/// Everything an export needs.
#[derive(Clone, Debug, PartialEq)]
pub struct ExportOrder {
    pub rows: Vec<ExportRow>,
    pub formats: ExportFormats,
    pub overlay: OverlayOptions,
    /// Maps of one photograph by the same method share the end of the colour scale.
    pub common_scale: bool,
    pub lang: Lang,
    pub folder: PathBuf,
    pub clash: IfTaken,
    /// Ids of the models, in the order of the tables.
    pub models: Vec<String>,
    /// Why rows have no answer, in the language of the order, by photograph and model.
    pub errors: HashMap<(String, String), String>,
    /// Skipped files.
    pub skipped: Vec<Skipped>,
}

/// The result of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exported {
    Written {
        /// Names of the files in the folder.
        files: Vec<String>,
        /// Pictures that could not be drawn, each with its reason.
        problems: Vec<String>,
    },
    /// Nothing was written: these files exist, and the user must be asked.
    Clashes(Vec<String>),
}

/// Writes the requested files. Every file is complete or absent; a cancel leaves those that were finished.
pub fn export(
    order: &ExportOrder,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Exported, Error> {
    let tail = longest_tail(order.models.iter().map(String::as_str));
    let stems = unique_stems(order.rows.iter().map(|row| row.name.as_str()), tail);
    if order.clash == IfTaken::Ask {
        let taken = save::existing(&order.folder, &names(order, &stems));
        if !taken.is_empty() {
            return Ok(Exported::Clashes(taken));
        }
    }
    let mut saver = Saver::new(
        &order.folder,
        match order.clash {
            IfTaken::Ask => Existing::Refuse,
            IfTaken::Replace => Existing::Replace,
            IfTaken::KeepBoth => Existing::KeepBoth,
        },
    );
    progress.start(order.rows.len() as u64);
    let (mut files, mut problems) = (Vec::new(), Vec::new());
    let mut cases = Vec::new();
    for (row, stem) in order.rows.iter().zip(&stems) {
        cancel.check()?;
        let mut written = Vec::new();
        if order.formats.pictures() && row.has_pictures() {
            match pictures(order, row, stem, cancel, &mut saver) {
                Ok(pictures) => written = pictures,
                Err(Error::Cancelled) => return Err(Error::Cancelled),
                Err(Error::Exists(name)) => return Err(Error::Exists(name)),
                Err(e @ Error::Storage(storage::Error::Write { .. })) => return Err(e),
                Err(e) => problems.push(problem(row, &e)),
            }
        }
        match report(order, row, stem, &mut saver) {
            Ok(name) => written.extend(name.map(|name| (None, name))),
            Err(e @ (Error::Exists(_) | Error::Storage(storage::Error::Write { .. }))) => {
                return Err(e);
            }
            Err(e) => problems.push(problem(row, &e)),
        }
        cases.extend(cases_of(order, row, &written));
        files.extend(written.into_iter().map(|(_, name)| name));
        progress.advance();
    }
    files.extend(tables(order, &cases, &mut saver)?);
    Ok(Exported::Written { files, problems })
}

/// Why something about a photograph could not be written. The name may be masked, so the reason must not contain the
/// file's own name.
fn problem(row: &ExportRow, error: &Error) -> String {
    let reason = error.wording();
    let reason = renamed(&reason, &shown(&row.source.name()), &row.name);
    format!("{}: {reason}", row.name)
}

/// Writes the case report of a photograph if it is requested; returns its name.
fn report(
    order: &ExportOrder,
    row: &ExportRow,
    stem: &str,
    saver: &mut Saver,
) -> Result<Option<String>, Error> {
    let Some((name, write)) = report_of(order, stem) else {
        return Ok(None);
    };
    let photograph = match photograph_of(row) {
        Ok(photograph) => Some(photograph),
        // The report says why it cannot be opened.
        Err(_) if row.answers.is_empty() => None,
        Err(error) => return Err(error),
    };
    let overlay = overlay_options(order, row);
    let answers: Vec<_> = row
        .answers
        .iter()
        .map(|a| (captioned(order, row, a, &overlay), &a.geometry))
        .collect();
    let failed: Vec<ResultRow> = row
        .failed
        .iter()
        .map(|case| {
            let key = (case.image.clone(), case.card.id.clone());
            let error = order.errors.get(&key).or(case.error.as_ref()).cloned();
            ResultRow {
                error,
                ..case.clone()
            }
        })
        .collect();
    let pdf = write(&CaseReport {
        lang: order.lang,
        name: &row.name,
        photograph: photograph.as_ref().map(|p| &p.pixels),
        answers: &answers,
        failed: &failed,
        remark: of_two_maps(order, row).as_deref(),
        version: VERSION,
    });
    let pdf = pdf.map_err(figure::Error::from)?;
    saver.write(&name, &pdf).map(Some)
}

/// The name of a requested report, and what writes it.
fn report_of(order: &ExportOrder, stem: &str) -> Option<(String, WriteReport)> {
    let mut desired = order.formats.desired.iter();
    desired.find_map(|format| match format.row().writes {
        Writes::Report(ending, write) => Some((format!("{stem}.{ending}"), write)),
        Writes::PerAnswer(..) | Writes::PerPhotograph(..) | Writes::PerExport(..) => None,
    })
}

/// The first picture of the order, the longer side at most `longest` pixels: one of the whole photograph if requested,
/// else that of the first answer.
pub fn preview(order: &ExportOrder, longest: u32, cancel: &Cancel) -> Result<Pixels, Error> {
    let none = || Error::Usage("there is no answer to draw".to_owned());
    let row = order.rows.iter().find(|row| row.has_pictures());
    let row = row.ok_or_else(none)?;
    let photograph = photograph_of(row)?;
    cancel.check()?;
    let drawing = with_shown(order, row, &photograph, |shown| {
        let mut of_first = None;
        for format in &order.formats.desired {
            match format.row().writes {
                Writes::PerPhotograph(_, draw) => {
                    let page = draw(shown).map_err(figure::Error::from)?;
                    return Ok(Some(Drawing::Page(page)));
                }
                Writes::PerAnswer(_, draw) => of_first = of_first.or(Some(draw)),
                Writes::Report(..) | Writes::PerExport(..) => {}
            }
        }
        Ok(of_first.map(|draw| Drawing::Pixels(draw(shown, &shown.answers[0]))))
    });
    let drawing = drawing?.ok_or_else(none)?;
    cancel.check()?;
    Ok(match drawing {
        Drawing::Pixels(pixels) => imaging::thumbnail(&pixels, longest),
        Drawing::Page(page) => page::png::paint(&page, dpi_for(&page, longest)),
    })
}

/// A picture as it was drawn.
enum Drawing {
    Pixels(Pixels),
    Page(Page),
}

impl Drawing {
    fn bytes(&self, format: FigureFormat) -> Result<Vec<u8>, Error> {
        Ok(match self {
            Self::Pixels(pixels) => png::encode(pixels)?,
            Self::Page(page) => format.write(page)?,
        })
    }
}

/// Draws a picture of one photograph.
type Draw = Box<dyn Fn(&Shown<'_>) -> Result<Drawing, Error>>;

/// A requested picture of one photograph.
struct Picture {
    /// The answer it belongs to; `None`: all.
    of: Option<usize>,
    name: String,
    draw: Draw,
}

fn pictures_of(order: &ExportOrder, row: &ExportRow, stem: &str) -> Vec<Picture> {
    let mut pictures = Vec::new();
    for format in &order.formats.desired {
        match format.row().writes {
            Writes::PerAnswer(ending, draw) => {
                for (i, answer) in row.answers.iter().enumerate() {
                    let name = name_of_answer(stem, answer, ending);
                    pictures.extend(name.map(|name| Picture {
                        of: Some(i),
                        name,
                        draw: Box::new(move |shown| {
                            Ok(Drawing::Pixels(draw(shown, &shown.answers[i])))
                        }),
                    }));
                }
            }
            Writes::PerPhotograph(ending, draw) if row.has_pictures() => pictures.push(Picture {
                of: None,
                name: format!(
                    "{stem}.{ending}.{}",
                    order.formats.figure.format.extension()
                ),
                draw: Box::new(move |shown| {
                    let page = draw(shown).map_err(figure::Error::from)?;
                    Ok(Drawing::Page(page))
                }),
            }),
            Writes::PerPhotograph(..) | Writes::Report(..) | Writes::PerExport(..) => {}
        }
    }
    pictures
}

/// The answer a written picture belongs to (`None`: all), and its name.
type Written = (Option<usize>, String);

fn pictures(
    order: &ExportOrder,
    row: &ExportRow,
    stem: &str,
    cancel: &Cancel,
    saver: &mut Saver,
) -> Result<Vec<Written>, Error> {
    let photograph = photograph_of(row)?;
    with_shown(order, row, &photograph, |shown| {
        let mut written = Vec::new();
        for Picture { of, name, draw } in pictures_of(order, row, stem) {
            cancel.check()?;
            let bytes = draw(shown)?.bytes(order.formats.figure.format)?;
            written.push((of, saver.write(&name, &bytes)?));
        }
        Ok(written)
    })
}

/// Reads the photograph again; it must be unchanged since the model ran.
fn photograph_of(row: &ExportRow) -> Result<FundusImage, Error> {
    let photograph = open(&row.source, &OpenOptions::default())?;
    let known = row.answers.first().and_then(|a| a.case.sha256.as_deref());
    if known.is_some_and(|known| known != photograph.sha256) {
        return Err(Error::Changed);
    }
    Ok(photograph)
}

fn captioned<'a>(
    order: &'a ExportOrder,
    row: &'a ExportRow,
    of: &'a Answer,
    overlay: &'a OverlayOptions,
) -> Captioned<'a> {
    Captioned {
        lang: order.lang,
        name: &row.name,
        case: &of.case,
        map: of.map.as_ref(),
        covered: of.covered.as_ref().map(|c| &c.picture),
        sanity_checks: of.sanity_checks.as_deref().filter(|_| of.covered.is_none()),
        overlay,
        outside: of
            .map
            .as_ref()
            .map_or(0.0, |map| beyond_photograph(&map.grid, &of.geometry)),
    }
}

/// How the maps of a photograph are drawn.
fn overlay_options(order: &ExportOrder, row: &ExportRow) -> OverlayOptions {
    if order.common_scale {
        with_common_scale(&order.overlay, row.answers.iter().map(Arc::as_ref))
    } else {
        order.overlay
    }
}

/// The text about two maps; `None` unless there are two.
fn of_two_maps(order: &ExportOrder, row: &ExportRow) -> Option<String> {
    let [a, b] = row.answers.as_slice() else {
        return None;
    };
    let same_scale = overlay_options(order, row) != order.overlay;
    Report(order.lang).two_maps(same_scale, maps_agree(a, b).map(|a| a.rank_correlation))
}

/// Passes a photograph with its answers to a drawing function.
fn with_shown<T>(
    order: &ExportOrder,
    row: &ExportRow,
    photograph: &FundusImage,
    draw: impl FnOnce(&Shown<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    let formats = &order.formats;
    let template = formats
        .captions_overlays()
        .then(|| formats.figure.template().map_err(figure::Error::from))
        .transpose()?;
    let failed = failures(order, row);
    let overlay = overlay_options(order, row);
    let answers: Vec<_> = row
        .answers
        .iter()
        .map(|a| (captioned(order, row, a, &overlay), &a.geometry))
        .collect();
    draw(&Shown {
        photograph: &photograph.pixels,
        answers: &answers,
        remark: &|| of_two_maps(order, row),
        caption: template.as_ref(),
        figure: &order.formats.figure,
        failed: &failed,
        lang: order.lang,
    })
}

/// Why models have no answer for a photograph, each preceded by the model.
fn failures(order: &ExportOrder, row: &ExportRow) -> Vec<String> {
    let report = Report(order.lang);
    let failed = row.failed.iter().map(|case| {
        let key = (case.image.clone(), case.card.id.clone());
        let case = ResultRow {
            error: order.errors.get(&key).or(case.error.as_ref()).cloned(),
            ..case.clone()
        };
        report.titled(
            &figure::model_name(&case.card, order.lang),
            &report.answer(&case),
        )
    });
    failed.collect()
}

/// The file name of a picture of one answer, as the contract states it; `None` without a map.
fn name_of_answer(stem: &str, answer: &Answer, ending: &str) -> Option<String> {
    let what = match (&answer.covered, &answer.map) {
        (Some(_), _) => COVERED,
        (None, map) => map.as_ref()?.method.as_str(),
    };
    Some(format!("{stem}.{}.{what}.{ending}", answer.case.card.id))
}

/// Every name that an export would write.
fn names(order: &ExportOrder, stems: &[String]) -> Vec<String> {
    let mut names = Vec::new();
    for (row, stem) in order.rows.iter().zip(stems) {
        let pictures = pictures_of(order, row, stem).into_iter();
        names.extend(pictures.map(|picture| picture.name));
        names.extend(report_of(order, stem).map(|(name, _)| name));
    }
    for format in &order.formats.desired {
        if let Writes::PerExport(files, _) = format.row().writes {
            names.extend(files.iter().map(|&name| name.to_owned()));
        }
    }
    names
}

/// Replaces the method in the name of a picture with covered parts.
const COVERED: &str = "covered";

/// The rows of one photograph as in the tables, in the order of the models, each with its files.
fn cases_of(order: &ExportOrder, row: &ExportRow, written: &[Written]) -> Vec<ResultRow> {
    let answered = row.answers.iter().enumerate().map(|(i, answer)| {
        let own = written
            .iter()
            .filter(|(of, _)| of.is_none_or(|of| of == i))
            .map(|(_, name)| name.clone());
        ResultRow {
            image: row.name.clone(),
            files: own.collect(),
            ..answer.case.clone()
        }
    });
    let mut cases: Vec<ResultRow> = answered.chain(row.failed.iter().cloned()).collect();
    cases.sort_by_key(|case| order.models.iter().position(|id| *id == case.card.id));
    cases
}

/// Every answer with the index of its row among the cases.
fn answers_of<'a>(order: &'a ExportOrder, cases: &[ResultRow]) -> Vec<(usize, &'a Answer)> {
    let places: HashMap<(&str, &str), usize> = cases
        .iter()
        .enumerate()
        .map(|(at, case)| ((case.image.as_str(), case.card.id.as_str()), at))
        .collect();
    let rows = order.rows.iter();
    let answers = rows.flat_map(|row| row.answers.iter().map(move |answer| (row, answer)));
    answers
        .filter_map(|(row, answer)| {
            let place = places.get(&(row.name.as_str(), answer.case.card.id.as_str()))?;
            Some((*place, &**answer))
        })
        .collect()
}

/// How far the two maps of a photograph agree.
fn agreement_of(row: &ExportRow) -> Option<json::TwoMaps<'_>> {
    let [a, b] = row.answers.as_slice() else {
        return None;
    };
    Some(json::TwoMaps {
        image: &row.name,
        models: [&a.case.card.id, &b.case.card.id],
        methods: [a.map.as_ref()?.method, b.map.as_ref()?.method],
        found: maps_agree(a, b)?,
    })
}

fn tables(
    order: &ExportOrder,
    cases: &[ResultRow],
    saver: &mut Saver,
) -> Result<Vec<String>, Error> {
    let sentences = Sentences {
        lang: order.lang,
        errors: order.errors.clone(),
    };
    let results = || json::Results {
        sanity_checks: answers_of(order, cases)
            .into_iter()
            .filter_map(|(at, answer)| Some((at, answer.sanity_checks.as_deref()?)))
            .collect(),
        skipped: &order.skipped,
        agreement: Some(order.rows.iter().filter_map(agreement_of).collect()),
        ..json::Results::of(cases, VERSION)
    };
    let whole = Whole {
        cases,
        sentences: &sentences,
        replaces_people: order.clash == IfTaken::Replace
            && storage::is_there(&order.folder.join(tables::PEOPLE)),
        results: &results,
    };
    let mut files = Vec::new();
    for format in &order.formats.desired {
        if let Writes::PerExport(_, write) = format.row().writes {
            for (name, bytes) in write(&whole) {
                files.push(saver.write(name, &bytes)?);
            }
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::formats::ExportFormat;
    use crate::runtime::Device;
    use crate::saliency::Share;
    use crate::saliency::sanity_checks::SanityChecks;
    use crate::storage::Places;
    use crate::workflow::{Context, Request, predict};

    /// The sample eye with the answer of the first bundled model, to be written to `folder`.
    fn order(home: &std::path::Path, folder: &std::path::Path) -> ExportOrder {
        let ctx = Context::in_places(Places::below(home));
        let photograph = open(&Source::Sample, &OpenOptions::default()).unwrap();
        let request = Request {
            model: "demo-mobilenet".into(),
            device: Device::Embedded,
            saliency: true,
            target: None,
        };
        let name = Source::Sample.name();
        let (cancel, progress) = (Cancel::new(), Progress::new());
        let answer = predict(&ctx, &photograph, &name, &request, &cancel, &progress).unwrap();
        let mut failed = ResultRow::unopened("broken.png", Arc::clone(&answer.case.card));
        failed.error = Some("it is damaged".into());
        let rows = vec![
            ExportRow {
                source: Source::Sample,
                name,
                answers: vec![Arc::new(Answer::of_run(
                    answer.case,
                    answer.map,
                    answer.prepared.geometry,
                ))],
                failed: vec![],
            },
            ExportRow {
                source: Source::File("/nowhere/broken.png".into()),
                name: "broken.png".into(),
                answers: vec![],
                failed: vec![failed],
            },
        ];
        ExportOrder {
            rows,
            formats: ExportFormats::default(),
            overlay: OverlayOptions::default(),
            common_scale: true,
            lang: Lang::Ja,
            folder: folder.to_owned(),
            clash: IfTaken::Ask,
            models: vec!["demo-mobilenet".into()],
            errors: HashMap::new(),
            skipped: vec![Skipped {
                name: "notes.txt".into(),
                why: crate::domain::SkipReason::NotAPicture,
            }],
        }
    }

    fn run(order: &ExportOrder) -> Exported {
        export(order, &Cancel::new(), &Progress::new()).unwrap()
    }

    #[test]
    fn a_cancelled_export_writes_nothing_more() {
        let (home, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let cancel = Cancel::new();
        cancel.cancel();
        let order = order(home.path(), out.path());
        let ended = export(&order, &cancel, &Progress::new());
        assert!(matches!(ended, Err(Error::Cancelled)), "{ended:?}");
        assert_eq!(std::fs::read_dir(out.path()).unwrap().count(), 0);
    }

    #[test]
    fn the_controls_of_a_map_stand_in_its_row() {
        let (home, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let mut order = order(home.path(), out.path());
        // The row without an answer first: indices count rows, not answers.
        order.rows.reverse();
        let answer = Arc::make_mut(&mut order.rows[1].answers[0]);
        answer.sanity_checks = Some(Arc::new(SanityChecks {
            of_photograph: true,
            outside: Some(Share {
                evidence: 0.5,
                area: 0.25,
            }),
            ..SanityChecks::default()
        }));
        run(&order);
        let written = std::fs::read(out.path().join(json::RESULTS)).unwrap();
        let document: serde_json::Value = serde_json::from_slice(&written).unwrap();
        let [failed, answered] = [0, 1].map(|at| &document["results"][at]);
        assert!(failed["controls"].is_null());
        assert_eq!(answered["controls"]["outside"]["evidence"], 0.5);
    }

    #[test]
    fn everything_wanted_is_written_and_a_second_time_asked_about() {
        let (home, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let mut order = order(home.path(), out.path());
        let Exported::Written { files, problems } = run(&order) else {
            panic!("the folder was empty before");
        };
        assert_eq!(problems, Vec::<String>::new());
        let stem = "haggstrom_left_1411";
        let expected = [
            format!("{stem}.demo-mobilenet.grad-cam.png"),
            format!("{stem}.figure.png"),
            "results.csv".into(),
            "results_full.csv".into(),
            "results.json".into(),
        ];
        assert_eq!(files, expected);
        let text = std::fs::read_to_string(out.path().join("results.json")).unwrap();
        let document: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(document["results"][0]["files"][1], expected[1]);
        assert_eq!(document["results"][1]["error"], "it is damaged");
        assert_eq!(document["skipped"][0], "notes.txt");
        assert_eq!(run(&order), Exported::Clashes(expected.to_vec()));
        order.clash = IfTaken::KeepBoth;
        let Exported::Written { files, .. } = run(&order) else {
            panic!("both should be kept");
        };
        assert_eq!(files[0], format!("{stem}.demo-mobilenet.grad-cam~2.png"));
        order.clash = IfTaken::Replace;
        assert!(matches!(run(&order), Exported::Written { files, .. } if files == expected));
    }

    #[test]
    fn each_format_alone_writes_its_own_files_and_no_other() {
        let home = tempfile::tempdir().unwrap();
        let mut order = order(home.path(), home.path());
        let stem = "haggstrom_left_1411";
        for (format, expected) in [
            (
                ExportFormat::Overlay,
                vec![format!("{stem}.demo-mobilenet.grad-cam.png")],
            ),
            (ExportFormat::Figure, vec![format!("{stem}.figure.png")]),
            (
                ExportFormat::Report,
                vec![format!("{stem}.report.pdf"), "broken.report.pdf".into()],
            ),
            (
                ExportFormat::Csv,
                vec!["results.csv".into(), "results_full.csv".into()],
            ),
            (ExportFormat::Json, vec!["results.json".into()]),
        ] {
            let out = tempfile::tempdir().unwrap();
            order.folder = out.path().to_owned();
            order.formats.desired = [format].into();
            let Exported::Written { files, .. } = run(&order) else {
                panic!("the folder was empty before");
            };
            assert_eq!(files, expected);
            let there = std::fs::read_dir(out.path()).unwrap();
            assert_eq!(there.count(), expected.len(), "{format:?}");
        }
    }

    #[test]
    fn two_models_are_in_one_small_report_and_its_bytes_repeat() {
        let (home, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let mut order = order(home.path(), out.path());
        let ctx = Context::in_places(Places::below(home.path()));
        let photograph = open(&Source::Sample, &OpenOptions::default()).unwrap();
        let request = Request {
            model: "demo-efficientnet-b0".into(),
            device: Device::Embedded,
            saliency: true,
            target: None,
        };
        let (cancel, progress) = (Cancel::new(), Progress::new());
        let name = Source::Sample.name();
        let second = predict(&ctx, &photograph, &name, &request, &cancel, &progress).unwrap();
        order.rows[0].answers.push(Arc::new(second.into()));
        order.formats.desired = [ExportFormat::Report].into();
        order.clash = IfTaken::KeepBoth;
        let read = |name: &str| std::fs::read(out.path().join(name)).unwrap();
        for lang in [Lang::En, Lang::Ja] {
            order.lang = lang;
            let Exported::Written { files, problems } = run(&order) else {
                panic!("both are kept");
            };
            assert_eq!((files.len(), problems.len()), (2, 0), "{problems:?}");
            let Exported::Written { files: again, .. } = run(&order) else {
                panic!("both are kept");
            };
            let pdf = read(&files[0]);
            assert!(pdf.starts_with(b"%PDF-") && pdf.len() < 3_000_000);
            assert!(pdf == read(&again[0]), "another file");
            assert!(read(&files[1]) == read(&again[1]), "another file");
        }
    }

    #[test]
    fn an_overlay_without_a_caption_needs_no_template() {
        let (home, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let mut order = order(home.path(), out.path());
        order.formats.desired = [ExportFormat::Overlay].into();
        order.formats.caption = false;
        order.formats.figure.caption = Some("{patient}".into());
        let Exported::Written { files, problems } = run(&order) else {
            panic!("the folder was empty before");
        };
        assert_eq!((files.len(), problems.len()), (1, 0), "{problems:?}");
    }

    #[test]
    fn a_photograph_that_changed_gets_no_picture_and_says_so() {
        let (home, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let mut order = order(home.path(), out.path());
        let answer = Arc::make_mut(&mut order.rows[0].answers[0]);
        answer.case.sha256 = Some("another".into());
        let Exported::Written { files, problems } = run(&order) else {
            panic!("the folder was empty before");
        };
        assert!(files.iter().all(|f| !f.ends_with(".png")));
        assert!(problems[0].contains("changed"), "{problems:?}");
    }

    #[test]
    fn the_preview_shows_the_first_picture_in_small() {
        let (home, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let order = order(home.path(), out.path());
        let picture = preview(&order, 300, &Cancel::new()).unwrap();
        assert_eq!(picture.width.max(picture.height), 300);
        assert!(picture.width > picture.height, "two panes side by side");
    }
}
