//! What a case report says, in order, as data. Words and figures come from the functions of the window and of the other
//! exports.

use super::CaseReport;
use crate::domain::foreign::escaped;
use crate::domain::{
    CropBasis, Finding, FindingCode, MarkSource, ModelCard, Regions, ResultRow, Severity, Task,
};
use crate::export::figure::Captioned;
use crate::export::sanity_checks::verdict;
use crate::saliency::sanity_checks::SanityChecks;
use crate::text::map_scale::ends;
use crate::text::region_table::RegionTable;
use crate::text::report::{Report, capital};
use crate::text::sanity_checks::{CheckOutcome, lines};
use crate::text::score_scale::ScoreScale;
use crate::text::window::Texts;
use crate::text::{Lang, detail, finding};

/// How much a line matters, which is also its sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    Passed,
    Of(Severity),
}

/// A piece of a section.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    Text(String),
    /// Secondary text.
    Small(String),
    /// Why there is no result.
    Alarm(String),
    /// A title within a section.
    Title(String),
    /// A sentence with its sign, and secondary sentences below it.
    Signed {
        sign: Sign,
        /// The sign in words, in front of the sentence; empty if the sentence has them.
        word: &'static str,
        text: String,
        more: Vec<String>,
    },
    /// A name and its value.
    Fact(String, String),
    Score(ScoreScale),
    Table(RegionTable),
}

/// A titled section.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    pub title: String,
    /// The model that it is about, if there are several.
    pub model: Option<String>,
    pub parts: Vec<Part>,
}

/// Facts about the photograph, each a name and a value, below the title of the report.
pub fn facts(report: &CaseReport) -> Vec<(String, String)> {
    let (words, t) = (Report(report.lang), Texts(report.lang));
    let Some(case) = cases(report).next() else {
        return vec![];
    };
    let source = t.eye_source(case.eye_source);
    let eye = [t.laterality(case.eye), source].map(str::to_owned);
    let eye: Vec<String> = eye.into_iter().filter(|word| !word.is_empty()).collect();
    let mut facts = vec![(t.eye().to_owned(), eye.join(t.comma()))];
    if let Some(quality) = case.quality {
        facts.push((
            words.image_quality().to_owned(),
            t.quality_word(quality).to_owned(),
        ));
    }
    if let (Some(width), Some(height)) = (case.width, case.height) {
        facts.push((t.size().to_owned(), format!("{width} × {height} px")));
    }
    facts
}

/// All sections. A photograph without a result has the reason, its findings, and the models.
pub fn sections(report: &CaseReport) -> Vec<Section> {
    let all: Vec<&ResultRow> = cases(report).collect();
    let several = all.len() > 1;
    let t = Texts(report.lang);
    let section = |title: &str, card: Option<&ModelCard>, parts: Vec<Part>| Section {
        title: title.to_owned(),
        model: card.filter(|_| several).map(|card| short_name(card, t)),
        parts,
    };
    let mut sections = Vec::new();
    for case in &all {
        let parts = result(case, report.lang);
        sections.push(section(t.result(), Some(&case.card), parts));
    }
    let remarks = remarks(report, &all);
    if !remarks.is_empty() {
        sections.push(section(t.findings(), None, remarks));
    }
    for (of, _) in report.answers {
        if !has_answer(of.case) {
            continue;
        }
        let card = Some(&*of.case.card);
        sections.push(section(t.saliency(), card, map(of)));
        if of.covered.is_none() && of.map.is_some() {
            let parts = sanity_checks(of.sanity_checks, &of.case.card, report.lang);
            sections.push(section(t.sanity_checks_title(), card, parts));
            let parts = regions(of.case.regions.as_ref(), &of.case.card, report.lang);
            sections.push(section(t.anatomy(), card, parts));
        }
    }
    if let Some(remark) = report.remark {
        // A true minus sign in front of the correlation.
        let parts = vec![Part::Text(remark.replace(" -", " \u{2212}"))];
        sections.push(section(t.saliency(), None, parts));
    }
    for case in &all {
        let card = Some(&*case.card);
        let parts = preprocessing(case, report.lang);
        if !parts.is_empty() {
            sections.push(section(t.preprocessing(), card, parts));
        }
        sections.push(section(t.model(), card, model(&case.card, report.lang)));
        let parts = engine(case, report.lang);
        if !parts.is_empty() {
            sections.push(section(t.engine(), card, parts));
        }
    }
    sections.extend(thanks(&all, report.lang));
    let sha256 = all.iter().find_map(|case| case.sha256.as_deref());
    if let Some(sha256) = sha256.filter(|s| !s.is_empty()) {
        let name = Report(report.lang).sha256_of(t.photograph_file());
        let parts = vec![Part::Fact(name, sha256.to_owned())];
        sections.push(section(Report(report.lang).photograph(), None, parts));
    }
    merged(sections, all.len(), t)
}

/// What is the same for several models is said once; `models` is their number.
fn merged(sections: Vec<Section>, models: usize, t: Texts) -> Vec<Section> {
    let mut all: Vec<(Section, Vec<String>)> = Vec::new();
    for section in sections {
        let same = |known: &&mut (Section, Vec<String>)| {
            known.0.title == section.title && known.0.parts == section.parts
        };
        match (&section.model, all.iter_mut().find(same)) {
            (Some(model), Some((_, names))) if !names.is_empty() => names.push(model.clone()),
            (model, _) => {
                let names = model.iter().cloned().collect();
                all.push((section, names));
            }
        }
    }
    let named = all.into_iter().map(|(section, names)| Section {
        model: (!names.is_empty() && names.len() < models).then(|| names.join(t.comma())),
        ..section
    });
    named.collect()
}

/// Rows with an answer, then the others.
fn cases<'a>(report: &CaseReport<'a>) -> impl Iterator<Item = &'a ResultRow> {
    let answered = report.answers.iter().map(|(of, _)| of.case);
    answered.chain(report.failed.iter())
}

fn has_answer(case: &ResultRow) -> bool {
    case.error.is_none() && (case.score.is_some() || case.value.is_some())
}

/// The model's name in the report.
pub fn short_name(card: &ModelCard, t: Texts) -> String {
    short_name_and_mark(card, t).concat()
}

/// The model's name, and the mark behind it if fields are open.
pub fn short_name_and_mark(card: &ModelCard, t: Texts) -> [String; 2] {
    let name = match t.bare_name_short(card) {
        "" => &card.id,
        name => name,
    };
    [escaped(name), t.marked(String::new(), card)]
}

fn result(case: &ResultRow, lang: Lang) -> Vec<Part> {
    let (report, t) = (Report(lang), Texts(lang));
    let scale = t.score_scale(case).filter(|_| case.error.is_none());
    let Some(scale) = scale else {
        return vec![Part::Alarm(capital(&report.answer(case)))];
    };
    let estimate = scale.estimate.clone();
    let mut parts = vec![Part::Score(scale)];
    parts.extend(estimate.map(|[what, label]| Part::Fact(what, label)));
    if let Some(logit) = case.logit {
        parts.push(Part::Fact(
            t.logit().to_owned(),
            t.signed(format!("{logit:+.3}")),
        ));
    }
    if let Some(covered) = &case.covered {
        parts.push(Part::Text(t.signed(report.covered(&case.card, covered))));
    }
    let reasons = case.subject.reasons();
    if !reasons.is_empty() {
        parts.push(Part::Small(t.left_out_because(reasons)));
    }
    parts
}

/// True for findings about the map, which say nothing where it is not shown.
fn is_about_the_map(code: FindingCode) -> bool {
    matches!(
        code,
        FindingCode::MapNoBetterThanChance
            | FindingCode::MapSurvivesShuffling
            | FindingCode::EvidenceOutsideEye
            | FindingCode::LandmarksProposed
            | FindingCode::LandmarksNotFound
    )
}

/// Every finding once, most severe first, that of a demonstration model after the other serious ones; with the model if
/// it does not hold for all of them.
fn remarks(report: &CaseReport, all: &[&ResultRow]) -> Vec<Part> {
    let t = Texts(report.lang);
    let shows_map = report
        .answers
        .iter()
        .any(|(of, _)| of.map.is_some() && of.covered.is_none());
    let mut found: Vec<(&Finding, Vec<String>)> = Vec::new();
    for case in all {
        let name = short_name(&case.card, t);
        for one in &case.findings {
            if is_about_the_map(one.code) && !shows_map {
                continue;
            }
            match found.iter_mut().find(|(known, _)| *known == one) {
                Some((_, names)) if names.contains(&name) => {}
                Some((_, names)) => names.push(name.clone()),
                None => found.push((one, vec![name.clone()])),
            }
        }
    }
    found.sort_by_key(|(one, _)| {
        let demonstration = one.code == FindingCode::DemonstrationModel;
        (std::cmp::Reverse(one.severity), demonstration)
    });
    let parts = found.into_iter().map(|(one, names)| {
        let wording = finding(one.code, report.lang);
        let text = match names.len() == all.len() {
            true => wording.message.to_owned(),
            false => Report(report.lang).titled(&names.join(t.comma()), wording.message),
        };
        let hint = Some(wording.hint.to_owned()).filter(|hint| !hint.is_empty());
        Part::Signed {
            sign: Sign::Of(one.severity),
            word: t.severity(one.severity),
            text,
            more: detail(one, report.lang).into_iter().chain(hint).collect(),
        }
    });
    parts.collect()
}

/// How the map was computed and drawn.
fn map(of: &Captioned) -> Vec<Part> {
    let (report, options) = (Report(of.lang), of.overlay);
    if let (Some(covered), Some(_)) = (&of.case.covered, of.covered) {
        return vec![Part::Text(report.covered(&of.case.card, covered))];
    }
    let Some(map) = of.map else {
        return vec![Part::Text(report.without_map().to_owned())];
    };
    let grid = [map.grid.rows(), map.grid.columns()];
    let made = report.map_computed(map.method, map.target.name(), map.layer.as_deref(), grid);
    let settings = of.case.saliency.as_ref();
    let settings = settings.and_then(|p| report.map_settings(p));
    let directions = report.map_directions(&of.case.card, map);
    let colours = report.colours(options.colormap, ends(options), &directions);
    let drawn = report.drawn(options, options.contour_of(&map.grid));
    let outside = (of.outside > 0.0).then(|| report.outside_not_drawn().to_owned());
    [
        Some(Part::Text(made)),
        settings.map(Part::Text),
        Some(Part::Small(format!(
            "{colours}{}{drawn}",
            report.of(" ", "")
        ))),
        outside.map(Part::Small),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn sanity_checks(found: Option<&SanityChecks>, card: &ModelCard, lang: Lang) -> Vec<Part> {
    let (report, t) = (Report(lang), Texts(lang));
    let Some(found) = found else {
        return vec![Part::Text(report.checks_not_run().to_owned())];
    };
    let mut parts: Vec<Part> = lines(found)
        .iter()
        .map(|line| Part::Signed {
            sign: match line.outcome {
                CheckOutcome::Passed => Sign::Passed,
                CheckOutcome::Caution => Sign::Of(Severity::Caution),
                CheckOutcome::NoLimit => Sign::Of(Severity::Note),
            },
            word: "",
            text: report.check_line(line),
            more: vec![],
        })
        .collect();
    match &found.deletion {
        Some(deletion) => {
            parts.push(Part::Title(t.marked_area_hidden().to_owned()));
            let verdict = verdict(deletion, Some(card));
            parts.push(Part::Small(report.verdict(&verdict)));
        }
        None if found.settings.deletion => parts.push(Part::Small(t.too_few_cells().to_owned())),
        None => {}
    }
    if !found.randomised.is_empty() {
        parts.push(Part::Title(t.weights_shuffled().to_owned()));
        let each = found
            .randomised
            .iter()
            .map(|one| report.randomised_map(one));
        parts.extend(each.map(Part::Small));
        parts.push(Part::Small(report.randomised_limit()));
    }
    if !found.stability.is_empty() {
        parts.push(Part::Title(t.photograph_changed().to_owned()));
        let years = card.task == Task::Age;
        let each = found.stability.iter();
        let each = each.map(|one| report.changed_photograph(one, years));
        parts.extend(each.map(Part::Small));
    }
    if let Some(share) = found.outside {
        parts.push(Part::Title(t.outside_field().to_owned()));
        parts.push(Part::Small(t.share_outside(share.evidence, share.area)));
    }
    parts
}

fn regions(regions: Option<&Regions>, card: &ModelCard, lang: Lang) -> Vec<Part> {
    let (report, t) = (Report(lang), Texts(lang));
    let Some(regions) = regions else {
        return vec![Part::Text(report.regions_not_computed().to_owned())];
    };
    if regions.landmarks.is_none() {
        return vec![Part::Text(report.landmarks_missing().to_owned())];
    }
    let source = match regions.source {
        MarkSource::Proposed => report.landmarks_unchecked(),
        MarkSource::Accepted => t.landmarks_accepted(),
        MarkSource::User => t.landmarks_by_hand(),
    };
    let mut parts = Vec::new();
    match t.region_table(regions, &card.labels) {
        Some(table) => parts.push(Part::Table(table)),
        None => parts.push(Part::Text(t.map_without_evidence().to_owned())),
    }
    parts.push(Part::Small(source.to_owned()));
    parts
}

fn preprocessing(case: &ResultRow, lang: Lang) -> Vec<Part> {
    let Some(done) = &case.preprocessing else {
        return vec![];
    };
    let report = Report(lang);
    let no_field = usize::from(done.crop_basis == CropBasis::NoRoundField);
    let sentences = report.method_input(&done.spec, no_field);
    vec![
        Part::Text(sentences.join(report.of(" ", ""))),
        Part::Small(done.text.clone()),
    ]
}

fn model(card: &ModelCard, lang: Lang) -> Vec<Part> {
    let (report, t) = (Report(lang), Texts(lang));
    let name = t.model_name(card);
    let [height, width] = card.input.size;
    let intended = report.of(&card.intended_use.en, &card.intended_use.ja);
    let mut facts = vec![
        (t.model().to_owned(), name),
        (report.model_id().to_owned(), card.id.clone()),
        (t.architecture().to_owned(), card.architecture.clone()),
        (t.input_size().to_owned(), format!("{width} × {height} px")),
        (report.sha256_of(t.model_file()), card.source_sha256.clone()),
        (t.intended_use().to_owned(), intended.clone()),
    ];
    facts.retain(|(_, value)| !value.trim().is_empty());
    let facts = facts.into_iter();
    let mut parts: Vec<Part> = facts
        .map(|(name, value)| Part::Fact(name, escaped(&value)))
        .collect();
    let assumed: Vec<_> = card
        .unconfirmed()
        .map(|field| t.card_field(field))
        .collect();
    if !assumed.is_empty() {
        parts.push(Part::Signed {
            sign: Sign::Of(Severity::Caution),
            word: "",
            text: t.assumed_fields().to_owned(),
            more: vec![escaped(&assumed.join(t.comma()))],
        });
    }
    parts
}

/// The engine, its provider and the versions, and every finding about it.
fn engine(case: &ResultRow, lang: Lang) -> Vec<Part> {
    let (report, t) = (Report(lang), Texts(lang));
    let Some(used) = &case.used else {
        return vec![];
    };
    let mut parts = vec![Part::Fact(t.ran_on().to_owned(), report.engine(used))];
    let versions = case.versions.iter();
    let versions: Vec<String> = versions.map(|(name, v)| format!("{name} {v}")).collect();
    if !versions.is_empty() {
        parts.push(Part::Fact(
            report.versions().to_owned(),
            versions.join(t.comma()),
        ));
    }
    let about_it = case.findings.iter().filter(|one| {
        matches!(
            one.code,
            FindingCode::EngineFallback
                | FindingCode::EngineDeviation
                | FindingCode::WeightsInFloat32
        )
    });
    parts.extend(about_it.map(|one| Part::Small(report.finding(one))));
    parts
}

/// References and acknowledgments, each once.
fn thanks(all: &[&ResultRow], lang: Lang) -> Vec<Section> {
    let report = Report(lang);
    let mut sections = Vec::new();
    let citations: fn(&ModelCard) -> &str = |card| card.citation.trim();
    let texts: [(&str, Vec<&str>); 2] = [
        (
            report.reference(),
            all.iter().map(|case| citations(&case.card)).collect(),
        ),
        (
            report.acknowledgment(),
            all.iter().map(|case| report.thanks(&case.card)).collect(),
        ),
    ];
    for (title, texts) in texts {
        let mut parts: Vec<Part> = Vec::new();
        for text in texts.into_iter().filter(|text| !text.is_empty()) {
            let part = Part::Text(escaped(text));
            if !parts.contains(&part) {
                parts.push(part);
            }
        }
        if !parts.is_empty() {
            sections.push(Section {
                title: title.to_owned(),
                model: None,
                parts,
            });
        }
    }
    sections
}
