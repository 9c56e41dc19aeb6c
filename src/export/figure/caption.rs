//! The caption of a figure: a template filled in for the photograph and for each model, remarks, and the research-only line.

use std::str::FromStr;

use strum::{EnumIter, EnumString, IntoEnumIterator, IntoStaticStr};

use crate::domain::{Finding, FindingCode, ModelCard, ResultRow, Severity};
use crate::export::page::{Colour, Inks};
use crate::export::sanity_checks::verdict;
use crate::imaging::overlay::{OverlayOptions, Rgba};
use crate::saliency::SaliencyMap;
use crate::saliency::sanity_checks::SanityChecks;
use crate::text::map_scale::{MapScale, ends};
use crate::text::report::{Report, capital};
use crate::text::window::Texts;
use crate::text::{Lang, research_only};

/// One answer with everything that its caption names.
#[derive(Clone, Copy, Debug)]
pub struct Captioned<'a> {
    pub lang: Lang,
    /// The photograph's name as shown; it may be masked.
    pub name: &'a str,
    pub case: &'a ResultRow,
    pub map: Option<&'a SaliencyMap>,
    /// The input with covered parts replaced, over the area that the network saw.
    pub covered: Option<&'a Rgba>,
    /// Sanity checks of the map, if requested: one line reports the effect of hiding the marked area.
    pub sanity_checks: Option<&'a SanityChecks>,
    pub overlay: &'a OverlayOptions,
    /// The share of the map's evidence outside the photograph, 0–1; it is stated, not drawn.
    pub outside: f64,
}

/// What a template may name, between braces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, EnumString, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Placeholder {
    /// The photograph's name, or its number if names are hidden.
    Name,
    /// The eye, and how it is known.
    Eye,
    Model,
    Answer,
    /// How the map was computed and is drawn; nothing without a map.
    Map,
}

impl Placeholder {
    fn is_about_a_model(self) -> bool {
        match self {
            Self::Name | Self::Eye => false,
            Self::Model | Self::Answer | Self::Map => true,
        }
    }

    /// As written in a template.
    pub fn written(self) -> String {
        format!("{{{}}}", <&str>::from(self))
    }

    /// All of them, as an error lists them.
    pub fn listed() -> String {
        let all: Vec<String> = Self::iter().map(Self::written).collect();
        all.join(", ")
    }
}

/// A template names something that is no [`Placeholder`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the caption has no placeholder {{{0}}}; use {list}", list = Placeholder::listed())]
pub struct UnknownPlaceholder(pub String);

/// The template that is used unless the user writes another.
pub const DEFAULT_TEMPLATE: &str = "{name}: {eye}\n{model}: {answer}\n{map}";

/// A caption with placeholders. A line about a model is written once for each; several such lines in a row stay together. A
/// line of which nothing is left is left out.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    lines: Vec<Vec<Part>>,
}

#[derive(Clone, Debug, PartialEq)]
enum Part {
    Text(String),
    Placeholder(Placeholder),
}

impl Default for Template {
    fn default() -> Self {
        let lines = DEFAULT_TEMPLATE.lines();
        Self {
            lines: lines.map(|text| line(text).unwrap_or_default()).collect(),
        }
    }
}

impl Template {
    fn names(&self, placeholder: Placeholder) -> bool {
        let mut parts = self.lines.iter().flatten();
        parts.any(|part| *part == Part::Placeholder(placeholder))
    }
}

impl FromStr for Template {
    type Err = UnknownPlaceholder;

    fn from_str(text: &str) -> Result<Self, UnknownPlaceholder> {
        let lines = text.lines().map(line).collect::<Result<_, _>>()?;
        Ok(Self { lines })
    }
}

/// A brace that is not closed on its line is text.
fn line(mut text: &str) -> Result<Vec<Part>, UnknownPlaceholder> {
    let mut parts = Vec::new();
    while let Some((before, rest)) = text.split_once('{') {
        let Some((name, after)) = rest.split_once('}') else {
            break;
        };
        let known = name.trim().parse();
        let known = known.map_err(|_| UnknownPlaceholder(name.trim().chars().take(40).collect()));
        if !before.is_empty() {
            parts.push(Part::Text(before.to_owned()));
        }
        parts.push(Part::Placeholder(known?));
        text = after;
    }
    if !text.is_empty() {
        parts.push(Part::Text(text.to_owned()));
    }
    Ok(parts)
}

/// How important a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Main,
    Side,
    Warning,
}

impl Role {
    pub fn ink(self, inks: &Inks) -> Colour {
        match self {
            Self::Main => inks.text,
            Self::Side => inks.soft,
            Self::Warning => inks.warning,
        }
    }
}

/// A paragraph of a caption.
#[derive(Clone, Debug, PartialEq)]
pub struct Paragraph {
    pub text: String,
    pub role: Role,
}

impl Paragraph {
    pub fn new(text: impl Into<String>, role: Role) -> Self {
        Self {
            text: text.into(),
            role,
        }
    }
}

/// What else a caption says.
#[derive(Clone, Copy, Debug, Default)]
pub struct Remarks<'a> {
    /// About all maps, and about the scale bar.
    pub notes: &'a [String],
    /// Models that gave no answer, each with the reason.
    pub failed: &'a [String],
}

/// Every paragraph of a caption. `letters` are those of the answers' panels, or nothing. The template decides about the first
/// paragraphs only: what speaks against an answer and the research-only line always follow.
pub fn caption(
    answers: &[Captioned],
    letters: &[String],
    template: &Template,
    remarks: Remarks,
    lang: Lang,
) -> Vec<Paragraph> {
    let mut paragraphs = filled_in(answers, letters, template);
    let side = remarks.notes.iter();
    paragraphs.extend(side.map(|note| Paragraph::new(note, Role::Side)));
    let failed = remarks.failed.iter();
    paragraphs.extend(failed.map(|failed| Paragraph::new(failed, Role::Warning)));
    for (remark, severity) in remarks_of_all(answers, template) {
        let role = match severity {
            Severity::Note => Role::Side,
            Severity::Caution | Severity::Serious => Role::Warning,
        };
        paragraphs.push(Paragraph::new(remark, role));
    }
    paragraphs.push(Paragraph::new(research_only(lang), Role::Side));
    paragraphs
}

fn filled_in(answers: &[Captioned], letters: &[String], template: &Template) -> Vec<Paragraph> {
    let Some(first) = answers.first() else {
        return Vec::new();
    };
    let about_a_model = |parts: &Vec<Part>| {
        parts
            .iter()
            .any(|part| matches!(part, Part::Placeholder(p) if p.is_about_a_model()))
    };
    let mut paragraphs = Vec::new();
    for block in template
        .lines
        .chunk_by(|a, b| about_a_model(a) == about_a_model(b))
    {
        if !block.first().is_some_and(about_a_model) {
            paragraphs.extend(block.iter().filter_map(|line| first.fill_in(line)));
            continue;
        }
        for (i, of) in answers.iter().enumerate() {
            let filled = block.iter().filter_map(|line| of.fill_in(line));
            for (n, mut paragraph) in filled.enumerate() {
                if let (0, Some(letter)) = (n, letters.get(i)) {
                    paragraph.text = format!("({letter}) {}", paragraph.text);
                }
                paragraphs.push(paragraph);
            }
        }
    }
    paragraphs
}

impl<'a> Captioned<'a> {
    fn fill_in(&self, line: &[Part]) -> Option<Paragraph> {
        let mut text = String::new();
        let mut something = false;
        let mut role = Role::Side;
        for part in line {
            let filled = match part {
                Part::Text(text) => text.clone(),
                Part::Placeholder(placeholder) => self.value(*placeholder),
            };
            let is_map = matches!(part, Part::Placeholder(Placeholder::Map));
            if !is_map && !filled.trim().is_empty() {
                role = Role::Main;
            }
            something |= matches!(part, Part::Placeholder(_)) && !filled.is_empty();
            text.push_str(&filled);
        }
        something |= line.iter().all(|part| matches!(part, Part::Text(_)));
        // A photograph without a name leaves a colon.
        let text = text.trim().trim_start_matches([':', ' ']);
        (something && !text.is_empty()).then(|| Paragraph::new(text, role))
    }

    fn value(&self, placeholder: Placeholder) -> String {
        match placeholder {
            Placeholder::Name => self.name.to_owned(),
            Placeholder::Eye => Report(self.lang).eye(self.case.eye, self.case.eye_source),
            Placeholder::Model => self.model(),
            Placeholder::Answer => self.answer(),
            Placeholder::Map => {
                let space = if self.lang == Lang::En { " " } else { "" };
                self.map_lines().join(space)
            }
        }
    }

    pub(super) fn model(&self) -> String {
        model_name(&self.case.card, self.lang)
    }

    fn answer(&self) -> String {
        // The label belongs to the whole photograph, which is not shown if parts are covered.
        self.with_area_hidden()
            .unwrap_or_else(|| with_minus(&capital(&Report(self.lang).answer(self.case))))
    }

    /// What is covered and with which effect, if the photograph is shown with parts covered.
    fn with_area_hidden(&self) -> Option<String> {
        let covered = self
            .case
            .covered
            .as_ref()
            .filter(|_| self.covered.is_some())?;
        Some(Report(self.lang).covered(&self.case.card, covered))
    }

    /// The map's method and grid, its colours, and how it is drawn.
    fn map_lines(&self) -> Vec<String> {
        let Some(map) = self.shown_map() else {
            return Vec::new();
        };
        let (report, options) = (Report(self.lang), self.overlay);
        let grid = [map.grid.rows(), map.grid.columns()];
        let made = report.map_computed(map.method, map.target.name(), map.layer.as_deref(), grid);
        let directions = report.map_directions(&self.case.card, map);
        let colours = report.colours(options.colormap, ends(options), &directions);
        let drawn = report.drawn(options, options.contour_of(&map.grid));
        let provenance = self.case.saliency.as_ref();
        let settings = provenance.and_then(|p| report.map_settings(p));
        let deletion = self.sanity_checks.and_then(|c| c.deletion.as_ref());
        let verdict = deletion.map(|h| report.verdict(&verdict(h, Some(&self.case.card))));
        let outside = (self.outside > 0.0).then(|| report.outside_not_drawn().to_owned());
        [
            Some(made),
            settings,
            Some(colours),
            Some(drawn),
            outside,
            verdict,
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// The map, unless the photograph is shown with parts covered instead.
    pub(super) fn shown_map(&self) -> Option<&'a SaliencyMap> {
        self.map.filter(|_| self.covered.is_none())
    }

    /// The words of the colour scale, those of the window; `None` if nothing is shown.
    pub(super) fn scale(&self) -> Option<MapScale> {
        let map = self.shown_map()?;
        Report(self.lang).map_scale(&self.case.card, map, self.overlay, self.outside)
    }

    /// Every finding of the view, most severe first, that of a demonstration model after the other serious ones.
    /// Findings about the map are included only if the map is shown. Covered parts are always stated: here if the template
    /// does not name the answer.
    fn remarks(&self, template: &Template) -> Vec<(String, Severity)> {
        let shows_map = self.shown_map().is_some();
        let reported = self.case.findings.iter().filter(|f| match f.code {
            FindingCode::DemonstrationModel => false,
            FindingCode::MapNoBetterThanChance
            | FindingCode::MapSurvivesShuffling
            | FindingCode::EvidenceOutsideEye
            | FindingCode::LandmarksProposed
            | FindingCode::LandmarksNotFound => shows_map,
            FindingCode::EyeUnknown => !template.names(Placeholder::Eye),
            _ => true,
        });
        let demonstration = Finding::new(FindingCode::DemonstrationModel, Severity::Serious);
        let demonstration = Some(&demonstration).filter(|_| self.case.card.demonstration);
        let mut reported: Vec<&Finding> = reported.chain(demonstration).collect();
        reported.sort_by_key(|f| std::cmp::Reverse(f.severity));
        let report = Report(self.lang);
        let reasons = self.case.subject.reasons();
        let left_out = (!reasons.is_empty()).then(|| Texts(self.lang).left_out_because(reasons));
        let hidden = self.with_area_hidden();
        let hidden = hidden.filter(|_| !template.names(Placeholder::Answer));
        hidden
            .map(|wording| (wording, Severity::Caution))
            .into_iter()
            .chain(
                reported
                    .into_iter()
                    .map(|f| (report.finding(f), f.severity)),
            )
            .chain(left_out.map(|wording| (wording, Severity::Note)))
            .collect()
    }
}

/// A model's name as in the window; the id of one without a name.
pub fn model_name(card: &ModelCard, lang: Lang) -> String {
    if card.name.is_empty() && !card.demonstration {
        card.id.clone()
    } else {
        Texts(lang).model_name(card)
    }
}

/// Remarks on several answers about one photograph: each once, preceded by the model if it does not apply to all.
fn remarks_of_all(answers: &[Captioned], template: &Template) -> Vec<(String, Severity)> {
    let each: Vec<_> = answers.iter().map(|of| of.remarks(template)).collect();
    let mut all: Vec<(String, Severity)> = Vec::new();
    for (of, remarks) in answers.iter().zip(&each) {
        for (remark, severity) in remarks {
            let everywhere = each
                .iter()
                .all(|r| r.iter().any(|(wording, _)| wording == remark));
            let wording = if everywhere {
                remark.clone()
            } else {
                Report(of.lang).titled(&of.model(), remark)
            };
            if !all.iter().any(|(known, _)| *known == wording) {
                all.push((wording, *severity));
            }
        }
    }
    all.sort_by_key(|(_, severity)| std::cmp::Reverse(*severity));
    all
}

/// A hyphen before a figure becomes a minus sign; copied text and tables keep it.
fn with_minus(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    let mut before = ' ';
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let is_sign = letter == '-'
            && !before.is_alphanumeric()
            && letters.peek().is_some_and(char::is_ascii_digit);
        written.push(if is_sign { '\u{2212}' } else { letter });
        before = letter;
    }
    written
}
