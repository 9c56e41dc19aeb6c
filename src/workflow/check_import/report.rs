//! The answer of a check: ranked settings, what is left open, and what was not used.

use serde::Serialize;
use serde_json::{Value, json};

use super::OPTIONS;
use super::dataset::Dataset;
use super::remarks::remarks;
use super::score_matrix::ScoreMatrix;
use super::search_space::{SearchSpace, same_setting};
use super::tables::FIELDS;
use crate::domain::foreign::shown;
use crate::domain::{EngineUsed, FieldSource, Findings, InputSpec, ModelCard, Task};
use crate::evaluation::{
    self, Encoding, Figure, Options, Ranking, ReferenceValues, TableInterpretation, Unreadable,
    Unused, Used, interval,
};
use crate::text::check::{Remark, Verdict};
use crate::text::failures::{Fault, LabelsFault};
use crate::text::labels::not_used;
use crate::text::{Lang, research_only};
use crate::workflow::Error;

/// Largest share of shuffles with an equally good figure at which a figure counts as more than chance.
const CHANCE: f64 = 0.05;

/// What a check found.
#[derive(Clone, Debug, Serialize)]
pub struct CheckReport {
    pub schema: u32,
    pub research_only: &'static str,
    pub model: String,
    pub model_sha256: String,
    pub task: Task,
    /// `auc`, or `mean-absolute-error` in the unit of the labels.
    pub figure: Figure,
    /// Images on which every setting was run.
    pub images: usize,
    pub persons: usize,
    /// Whether the table identified the persons, so that intervals are over persons.
    pub persons_known: bool,
    /// Number of images with each label; empty for values.
    pub label_counts: Vec<(String, usize)>,
    /// The setting of the card before the check.
    pub card_input: InputSpec,
    /// Every setting with a figure, the most plausible first.
    pub rows: Vec<CheckRow>,
    /// Settings without a figure: the network gave non-finite numbers.
    pub unusable: Vec<InputSpec>,
    /// Share of shuffles of the labels in which the best setting was as good.
    pub chance: f64,
    /// Whether the figures allow a choice at all.
    pub usable: bool,
    pub tried: Tried,
    pub remarks: Vec<ReportRemark>,
    pub bootstrap: Options,
    /// How the table of labels was read.
    pub table: TableRead,
    #[serde(serialize_with = "with_reasons")]
    pub left_out: NotUsed,
    /// Photographs that did not fit into memory and were decoded again for the second pass.
    pub opened_again: usize,
    pub interrupted: bool,
    pub engine: EngineUsed,
    #[serde(serialize_with = "in_words")]
    pub findings: Findings,
    /// For each image its name, the recorded label or value, and the score under each row: logits, or values. In its
    /// own file.
    #[serde(skip)]
    pub scores: Vec<ImageScores>,
    /// The card as it was changed; `None` if it was not.
    pub applied: Option<super::Applied>,
}

/// One image under every row.
#[derive(Clone, Debug, PartialEq)]
pub struct ImageScores {
    pub image: String,
    /// 0 or 1 for labels, else the number.
    pub recorded: f64,
    /// In the order of the rows.
    pub scores: Vec<f64>,
}

impl CheckReport {
    /// What the check says about the setting of the card.
    pub fn verdict(&self) -> Verdict {
        let mut head = self.rows.iter().filter(|row| row.inseparable);
        let own = self.rows.iter().find(|row| row.of_card);
        if !self.usable {
            Verdict::Undecided
        } else if head.all(|row| row.flipped) {
            Verdict::Reversed
        } else if own.is_some_and(|row| row.inseparable) {
            Verdict::Keep
        } else {
            Verdict::Change
        }
    }
}

/// The lists, and the number of entries for each reason.
fn with_reasons<S: serde::Serializer>(left_out: &NotUsed, to: S) -> Result<S::Ok, S::Error> {
    let reason = |(what, count): &(Unused, usize)| json!({"code": what.code(), "count": count, "text": what.wording(*count, Lang::En)});
    let mut document = serde_json::to_value(left_out).map_err(serde::ser::Error::custom)?;
    document["reasons"] = left_out.unused().iter().map(reason).collect();
    document.serialize(to)
}

fn in_words<S: serde::Serializer>(findings: &Findings, to: S) -> Result<S::Ok, S::Error> {
    crate::export::row::findings(findings).serialize(to)
}

/// One setting, or several that gave the same inputs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CheckRow {
    /// From 1.
    pub rank: usize,
    pub input: InputSpec,
    /// Other settings whose inputs were the same on every image.
    pub same: Vec<InputSpec>,
    pub value: f64,
    /// Interval of 95 % of the draws.
    pub interval: [f64; 2],
    /// The order of the labels is flipped under this setting.
    pub flipped: bool,
    /// By how much the row with the best figure is better, paired, with its interval.
    pub behind_best: f64,
    pub behind_best_interval: [f64; 2],
    /// The labels cannot distinguish it from the row with the best figure.
    pub inseparable: bool,
    /// Distance of the images from those of training under this setting, in standard deviations at the first batch
    /// norms; `None` if the file has no such statistics. Orders the inseparable rows.
    pub training_distance: Option<f64>,
    /// It is the card's own setting.
    pub of_card: bool,
}

/// Number of settings that were run, and of all settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Tried {
    pub settings: usize,
    pub of: usize,
    /// Settings for which the other resize kernels were tried.
    pub followed: usize,
}

/// A remark as its code and its message.
#[derive(Clone, Debug, PartialEq)]
pub struct ReportRemark(pub Remark);

impl Serialize for ReportRemark {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        json!({"code": self.0.code(), "text": self.0.wording(Lang::En)}).serialize(serializer)
    }
}

/// How a table of labels was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TableRead {
    /// Of a text.
    pub encoding: Option<&'static str>,
    /// Of a text.
    pub delimiter: Option<char>,
    /// Of a workbook.
    pub sheet: Option<String>,
    /// Number of the line in which the header begins, and of its lines.
    pub header_line: usize,
    pub header_lines: usize,
    /// `photograph`, `eye` or `person`.
    pub rows_per: &'static str,
    pub columns: Vec<ColumnRead>,
    /// What each value of the column with labels means; empty for numbers.
    pub values: Vec<Used>,
}

/// A column that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ColumnRead {
    /// `image`, `person`, `eye`, `sex`, `age` or `label`.
    pub holds: &'static str,
    /// Its name in the table.
    pub name: String,
}

impl From<&TableInterpretation> for TableRead {
    fn from(understood: &TableInterpretation) -> Self {
        let columns = understood.columns.iter().map(|(role, name)| ColumnRead {
            holds: role.as_str(),
            name: name.clone(),
        });
        let form = &understood.form;
        Self {
            encoding: form.encoding.map(Encoding::as_str),
            delimiter: form.delimiter,
            sheet: form.sheet.as_deref().map(shown),
            header_line: form.header_line,
            header_lines: form.header_lines,
            rows_per: understood.rows_per.as_str(),
            columns: columns.collect(),
            values: understood.values.clone(),
        }
    }
}

/// All input that was not used.
#[derive(Clone, Debug, Default, Serialize)]
pub struct NotUsed {
    /// Rows of the table without an image.
    pub labels_without_image: Vec<String>,
    /// Images without a row, or without a usable one.
    pub images_without_label: Vec<String>,
    /// Names in the table that match more than one image.
    pub ambiguous: Vec<String>,
    /// Names in the table whose rows contradict each other.
    pub contradicting: Vec<String>,
    pub unreadable_labels: Vec<Unreadable>,
    pub failed_images: Vec<Failed>,
    /// Images that do not look like fundus photographs.
    pub not_a_fundus: Vec<String>,
    /// Images that were not reached before the check was stopped.
    pub not_reached: Vec<String>,
    /// Files and folders that were found and skipped.
    pub skipped: Vec<String>,
    /// The reasons, as in `results.json`.
    pub skipped_reasons: Vec<Value>,
}

impl NotUsed {
    /// Every reason with the number of photographs, rows or names it concerns; those of photographs come first.
    pub fn unused(&self) -> Vec<(Unused, usize)> {
        let mut unused = vec![
            (Unused::NoLabel, self.images_without_label.len()),
            (Unused::NotAFundus, self.not_a_fundus.len()),
            (Unused::Failed, self.failed_images.len()),
            (Unused::NotReached, self.not_reached.len()),
            (Unused::NoPhotograph, self.labels_without_image.len()),
            (Unused::Ambiguous, self.ambiguous.len()),
            (Unused::Contradicting, self.contradicting.len()),
        ];
        for row in &self.unreadable_labels {
            let why = Unused::Unreadable(row.why.clone());
            match unused.iter_mut().find(|(known, _)| *known == why) {
                Some((_, count)) => *count += 1,
                None => unused.push((why, 1)),
            }
        }
        unused.retain(|(_, count)| *count > 0);
        unused
    }

    /// Labels that cannot be read, each by its line, image, cell and reason.
    pub fn unreadable(&self, lang: Lang) -> Vec<String> {
        let rows = self.unreadable_labels.iter();
        rows.map(|u| match u.cell.is_empty() && u.image.is_empty() {
            true => format!("{} ({})", u.line, u.why.wording(lang)),
            false => format!(
                "{}: {} \"{}\" ({})",
                u.line,
                u.image,
                u.cell,
                u.why.wording(lang)
            ),
        })
        .collect()
    }

    /// Images that failed, each with its reason.
    pub fn failed(&self) -> Vec<String> {
        let images = self.failed_images.iter();
        images
            .map(|f| format!("{} ({})", f.image, f.error))
            .collect()
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failed {
    pub image: String,
    pub error: String,
}

/// What a report needs in addition to the score matrix.
pub(super) struct ReportContext<'a> {
    pub card: &'a ModelCard,
    pub gathered: &'a Dataset,
    pub search_space: &'a SearchSpace,
    pub followed: usize,
    pub interrupted: bool,
    pub engine: EngineUsed,
    pub findings: Findings,
}

/// Settings with their own inputs that can be ranked, as indices into the score matrix, and the ranking.
pub(super) fn ranking(
    score_matrix: &ScoreMatrix,
    gathered: &Dataset,
    options: &Options,
) -> Result<(Vec<usize>, Ranking), Error> {
    let cases = score_matrix.whole_cases();
    let truths = gathered.truths.chosen(&cases);
    if let Some(error) = too_few(score_matrix, gathered, &truths, &cases) {
        return Err(error);
    }
    let persons = dense(cases.iter().map(|&c| gathered.persons[c]).collect());
    let distinct: Vec<usize> = (0..score_matrix.settings.len())
        .filter(|&s| score_matrix.first_same(s) == s)
        .collect();
    let scores: Vec<Option<Vec<f64>>> = distinct
        .iter()
        .map(|&s| score_matrix.scores_on(s, &cases))
        .collect();
    if !scores.is_empty() && scores.iter().all(Option::is_none) {
        return Err(Error::Tensor(
            "the network gives non-finite numbers under every setting".to_owned(),
        ));
    }
    let given: Vec<Option<&[f64]>> = scores.iter().map(Option::as_deref).collect();
    let mut ranking = evaluation::rank(&truths, &persons, &given, options)?;
    nearest_first(&mut ranking, |place| {
        score_matrix.distance_on(distinct[place], &cases)
    });
    Ok((distinct, ranking))
}

/// Why the usable images allow no figure, if others were left out.
fn too_few(
    score_matrix: &ScoreMatrix,
    gathered: &Dataset,
    truths: &ReferenceValues,
    cases: &[usize],
) -> Option<Error> {
    let one = |labels: &[bool]| labels.iter().all(|l| *l == labels[0]);
    let few = match truths {
        ReferenceValues::Labels(labels) => labels.is_empty() || one(labels),
        ReferenceValues::Values(values) => values.is_empty(),
    };
    if !few || cases.len() == score_matrix.cases.len() {
        return None;
    }
    let left_out = left_out(score_matrix, gathered, cases, false);
    let unused = left_out.unused();
    let counts = not_used(&unused, Lang::En);
    Some(Error::refused(
        Fault::Labels(LabelsFault::TooFew { unused }),
        format!("the usable images allow no figure. {counts}"),
    ))
}

/// Person numbers without gaps, in order: a person without usable photographs is not drawn.
fn dense(persons: Vec<usize>) -> Vec<usize> {
    let mut known = persons.clone();
    known.sort_unstable();
    known.dedup();
    let place = |person: usize| known.partition_point(|known| *known < person);
    persons.into_iter().map(place).collect()
}

/// Inseparable settings come first, among them the nearest to training, and of equally near ones those that keep the
/// order of the labels; the others stay in the order of their figures.
fn nearest_first(ranking: &mut Ranking, distance: impl Fn(usize) -> Option<f64>) {
    ranking.standings.sort_by_cached_key(|standing| {
        // Distances are at least 0, where the order of the bits is that of the numbers.
        let near = standing.inseparable.then(|| distance(standing.setting));
        let order = near.map(|d| (d.map_or(u64::MAX, f64::to_bits), standing.reversed));
        (!standing.inseparable, order)
    });
}

pub(super) fn report(
    score_matrix: &ScoreMatrix,
    around: ReportContext,
) -> Result<CheckReport, Error> {
    let (card, gathered) = (around.card, around.gathered);
    let (distinct, ranking) = ranking(score_matrix, gathered, &OPTIONS)?;
    let cases = score_matrix.whole_cases();
    let truths = gathered.truths.chosen(&cases);
    let rows = rows(score_matrix, &distinct, &ranking, &cases, card);
    let ranked: Vec<usize> = ranking
        .standings
        .iter()
        .map(|s| distinct[s.setting])
        .collect();
    let unusable = distinct.iter().filter(|s| !ranked.contains(s));
    let mut persons: Vec<usize> = cases.iter().map(|&c| gathered.persons[c]).collect();
    persons.sort_unstable();
    persons.dedup();
    let mut report = CheckReport {
        schema: 1,
        research_only: research_only(Lang::En),
        model: card.id.clone(),
        model_sha256: card.source_sha256.clone(),
        task: card.task,
        figure: truths.figure(),
        images: cases.len(),
        persons: persons.len(),
        persons_known: gathered.persons_known,
        label_counts: label_counts(&truths, card),
        card_input: card.input.clone(),
        rows,
        unusable: unusable
            .map(|&s| score_matrix.settings[s].clone())
            .collect(),
        chance: ranking.chance,
        usable: true,
        tried: Tried {
            settings: score_matrix.settings.len(),
            of: around.search_space.count(),
            followed: around.followed,
        },
        remarks: Vec::new(),
        bootstrap: OPTIONS,
        table: TableRead::from(&gathered.understood),
        left_out: left_out(score_matrix, gathered, &cases, around.interrupted),
        opened_again: score_matrix.opened_again,
        interrupted: around.interrupted,
        engine: around.engine,
        findings: around.findings,
        scores: image_scores(score_matrix, &cases, &truths, &ranked),
        applied: None,
    };
    let constant = constant(&truths).filter(|c| report.rows.iter().all(|row| row.value >= *c));
    report.usable = report.chance <= CHANCE && !report.rows.is_empty() && constant.is_none();
    report.remarks = remarks(&report, score_matrix, gathered, constant)
        .into_iter()
        .map(ReportRemark)
        .collect();
    Ok(report)
}

fn rows(
    score_matrix: &ScoreMatrix,
    distinct: &[usize],
    ranking: &Ranking,
    cases: &[usize],
    card: &ModelCard,
) -> Vec<CheckRow> {
    let known = FIELDS
        .iter()
        .all(|field| card.settled.get(*field) != Some(&FieldSource::Convention));
    let own = |spec: &InputSpec| known && same_setting(spec, &card.input);
    let row = |(place, standing): (usize, &evaluation::RankedSetting)| {
        let first = distinct[standing.setting];
        let mut specs: Vec<InputSpec> = (first..score_matrix.settings.len())
            .filter(|&s| score_matrix.first_same(s) == first)
            .map(|s| score_matrix.settings[s].clone())
            .collect();
        // Of equal settings, the card's own names the row.
        let of_card = specs.iter().position(own);
        specs.swap(0, of_card.unwrap_or(0));
        let input = specs.remove(0);
        CheckRow {
            rank: place + 1,
            input,
            same: specs,
            value: standing.value,
            interval: standing.interval,
            flipped: standing.flipped,
            behind_best: standing.behind_best.value,
            behind_best_interval: standing.behind_best.interval,
            inseparable: standing.inseparable,
            training_distance: score_matrix.distance_on(first, cases),
            of_card: of_card.is_some(),
        }
    };
    ranking.standings.iter().enumerate().map(row).collect()
}

fn image_scores(
    score_matrix: &ScoreMatrix,
    cases: &[usize],
    truths: &ReferenceValues,
    ranked: &[usize],
) -> Vec<ImageScores> {
    let columns: Vec<Vec<f64>> = ranked
        .iter()
        .filter_map(|&setting| score_matrix.scores_on(setting, cases))
        .collect();
    let one = |(place, &case): (usize, &usize)| ImageScores {
        image: score_matrix.cases[case].name.clone(),
        recorded: match truths {
            ReferenceValues::Labels(labels) => f64::from(u8::from(labels[place])),
            ReferenceValues::Values(values) => values[place],
        },
        scores: columns.iter().map(|column| column[place]).collect(),
    };
    cases.iter().enumerate().map(one).collect()
}

fn label_counts(truths: &ReferenceValues, card: &ModelCard) -> Vec<(String, usize)> {
    let ReferenceValues::Labels(labels) = truths else {
        return Vec::new();
    };
    let ones = labels.iter().filter(|l| **l).count();
    let counts = [labels.len() - ones, ones];
    card.labels.iter().cloned().zip(counts).collect()
}

/// Mean absolute error of always answering the median; `None` for labels.
fn constant(truths: &ReferenceValues) -> Option<f64> {
    let ReferenceValues::Values(values) = truths else {
        return None;
    };
    let [median, _] = interval(values, 0.0)?;
    let sum: f64 = values.iter().map(|v| (v - median).abs()).sum();
    Some(sum / values.len() as f64)
}

fn left_out(
    score_matrix: &ScoreMatrix,
    gathered: &Dataset,
    cases: &[usize],
    interrupted: bool,
) -> NotUsed {
    let mut left_out = gathered.left_out.clone();
    for (&case, error) in &score_matrix.failed {
        left_out.failed_images.push(Failed {
            image: score_matrix.cases[case].name.clone(),
            error: error.clone(),
        });
    }
    let refused = score_matrix.refused.iter();
    left_out.not_a_fundus = refused
        .map(|&c| score_matrix.cases[c].name.clone())
        .collect();
    if interrupted {
        left_out.not_reached = (0..score_matrix.cases.len())
            .filter(|c| !cases.contains(c) && score_matrix.takes_part(*c))
            .map(|c| score_matrix.cases[c].name.clone())
            .collect();
    }
    left_out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::RowFault;
    use crate::evaluation::{Difference, RankedSetting};

    fn standing(setting: usize, value: f64, inseparable: bool) -> RankedSetting {
        RankedSetting {
            setting,
            value,
            interval: [value; 2],
            reversed: false,
            flipped: false,
            behind_best: Difference {
                value: 0.0,
                interval: [0.0; 2],
            },
            inseparable,
        }
    }

    #[test]
    fn only_what_labels_cannot_tell_apart_is_ordered_by_its_distance_from_training() {
        let standings = vec![
            standing(0, 0.95, true),
            standing(1, 0.94, true),
            standing(2, 0.93, false),
            standing(3, 0.92, true),
        ];
        let order = |distances: [Option<f64>; 4]| -> Vec<usize> {
            let mut ranking = Ranking {
                standings: standings.clone(),
                chance: 0.0,
            };
            nearest_first(&mut ranking, |setting| distances[setting]);
            ranking.standings.iter().map(|s| s.setting).collect()
        };
        let near = [Some(0.5), Some(0.2), Some(0.1), Some(0.3)];
        assert_eq!(order(near), [1, 3, 0, 2]);
        // A network without statistics keeps the order of the figures.
        assert_eq!(order([None; 4]), [0, 1, 3, 2]);
    }

    #[test]
    fn of_equally_near_settings_those_that_keep_the_labels_come_first() {
        let mut standings = vec![standing(0, 0.05, true), standing(1, 0.95, true)];
        standings[0].reversed = true;
        let mut ranking = Ranking {
            standings,
            chance: 0.0,
        };
        nearest_first(&mut ranking, |_| None);
        assert_eq!(ranking.standings[0].setting, 1);
    }

    #[test]
    fn numbers_of_persons_have_no_gaps() {
        assert_eq!(dense(vec![7, 2, 7, 9]), [1, 0, 1, 2]);
    }

    #[test]
    fn every_reason_is_counted() {
        let row = |why: RowFault| Unreadable {
            line: 2,
            image: "a".into(),
            cell: "x".into(),
            why,
        };
        let left_out = NotUsed {
            images_without_label: vec!["b".into(), "c".into()],
            unreadable_labels: vec![
                row(RowFault::NotAnAge),
                row(RowFault::NoLabel),
                row(RowFault::NotAnAge),
            ],
            ..NotUsed::default()
        };
        let counts: Vec<_> = left_out
            .unused()
            .iter()
            .map(|(u, n)| (u.code(), *n))
            .collect();
        assert_eq!(
            counts,
            [("without-label", 2), ("not-an-age", 2), ("no-label", 1)]
        );
        assert_eq!(left_out.unreadable(Lang::En)[1], "2: a \"x\" (no label)");
    }
}
