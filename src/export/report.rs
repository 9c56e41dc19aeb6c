//! Results as words: one result to paste into a message, and a paragraph for the methods section of a paper.

use std::collections::HashSet;

use crate::domain::{
    CropBasis, EngineUsed, Finding, FindingCode, ModelCard, PersonSource, ResultRow, Severity,
};
use crate::text::report::{Report, capital};
use crate::text::subjects::Counts;
use crate::text::window::Texts;
use crate::text::{Lang, research_only};

/// One result as a few lines. `shown_name` is the photograph's name as the reader may see it.
pub fn result_text(case: &ResultRow, shown_name: &str, lang: Lang) -> String {
    let (report, t) = (Report(lang), Texts(lang));
    let mut lines = vec![report.name_and_eye(shown_name, case.eye, case.eye_source)];
    if let Some(quality) = case.quality {
        lines.push(report.titled(report.image_quality(), t.quality_word(quality)));
    }
    lines.push(report.titled(t.model(), &name_and_id(&case.card)));
    lines.push(capital(&report.answer(case)));
    if let Some(map) = &case.saliency {
        lines.push(report.map_of_row(map));
    }
    if let Some(covered) = &case.covered {
        lines.push(report.covered(&case.card, covered));
    }
    if let Some(used) = &case.used {
        lines.push(report.titled(t.ran_on(), &report.engine(used)));
    }
    let reasons = case.subject.reasons();
    if !reasons.is_empty() {
        lines.push(capital(&Texts(lang).left_out_because(reasons)));
    }
    for finding in &case.findings {
        let severity = t.severity(finding.severity);
        lines.push(format!("- {severity}: {}", report.finding(finding)));
    }
    lines.push(research_only(lang).to_owned());
    lines.join("\n") + "\n"
}

fn name_and_id(card: &ModelCard) -> String {
    if card.name.is_empty() || card.name == card.id {
        card.id.clone()
    } else {
        format!("{} ({})", card.name, card.id)
    }
}

/// A methods section: paragraphs about the photographs, models, preprocessing, scores and maps, then references,
/// warnings and the research-only line. What holds for several models is said once. Everything comes from the cards and engines of the rows; rows without an answer, and those that
/// do not count for their eye and person, are only counted.
pub fn methods(cases: &[&ResultRow], version: &str, lang: Lang) -> String {
    let mut paragraphs = method_paragraphs(cases, version, lang);
    paragraphs.push(research_only(lang).to_owned());
    paragraphs.join("\n\n") + "\n"
}

/// The paragraphs of [`methods`] without the research-only line.
pub fn method_paragraphs(cases: &[&ResultRow], version: &str, lang: Lang) -> Vec<String> {
    let report = Report(lang);
    let answered: Vec<&ResultRow> = cases.iter().copied().filter(|c| answers(c)).collect();
    let mut paragraphs = Vec::new();
    if answered.is_empty() {
        paragraphs.push(report.method_nothing(version));
    } else {
        paragraphs.push(report.method_counts(version, &counts(cases, &answered)));
    }
    let models = models(&answered);
    paragraphs.extend(topics(&models, report));
    for of_model in &models {
        for line in report.method_thanks(&of_model[0].card) {
            if !paragraphs.contains(&line) {
                paragraphs.push(line);
            }
        }
    }
    if answered.iter().any(|c| c.card.demonstration) {
        let warning = Finding::new(FindingCode::DemonstrationModel, Severity::Serious);
        paragraphs.push(report.finding(&warning));
    }
    paragraphs
}

fn answers(case: &ResultRow) -> bool {
    case.error.is_none() && (case.score.is_some() || case.value.is_some())
}

/// Outcomes of the photographs; each counts once, by its first row.
fn counts(cases: &[&ResultRow], answered: &[&ResultRow]) -> Counts {
    let analysed = names(answered.iter().copied());
    let is_no_fundus = |case: &&&ResultRow| case.error.is_none() && case.is_refused();
    let mut not_fundus = names(cases.iter().filter(is_no_fundus).copied());
    not_fundus.retain(|name| !analysed.contains(name));
    let all = names(cases.iter().copied()).len();
    let mut counts = Counts {
        analysed: analysed.len(),
        not_fundus: not_fundus.len(),
        failed: all - analysed.len() - not_fundus.len(),
        ..Counts::default()
    };
    let mut seen = HashSet::new();
    for case in answered.iter().filter(|case| seen.insert(&case.image)) {
        let reason = case.subject.left_out.first().copied();
        if case.is_used() {
            counts.by_user += usize::from(reason.is_some());
            continue;
        }
        match counts
            .left_out
            .iter_mut()
            .find(|(known, _)| *known == reason)
        {
            Some((_, count)) => *count += 1,
            None => counts.left_out.push((reason, 1)),
        }
    }
    counts
}

/// How the persons of these rows are known.
fn person_sources(cases: &[&ResultRow]) -> Vec<PersonSource> {
    let known = |source: &PersonSource| {
        let of = |case: &&ResultRow| case.subject.person.as_ref().map(|p| p.source);
        cases.iter().any(|case| of(case) == Some(*source))
    };
    [
        PersonSource::Table,
        PersonSource::Dicom,
        PersonSource::FileName,
    ]
    .into_iter()
    .filter(known)
    .collect()
}

/// Names of the photographs, without duplicates.
fn names<'a>(cases: impl Iterator<Item = &'a ResultRow>) -> HashSet<&'a str> {
    cases.map(|case| case.image.as_str()).collect()
}

/// The rows of each model, in order of first appearance; none is empty.
fn models<'a>(cases: &[&'a ResultRow]) -> Vec<Vec<&'a ResultRow>> {
    let mut models: Vec<Vec<&ResultRow>> = Vec::new();
    for case in cases {
        let same = |rows: &&mut Vec<&ResultRow>| {
            let card = &rows[0].card;
            (&card.id, &card.source_sha256) == (&case.card.id, &case.card.source_sha256)
        };
        match models.iter_mut().find(same) {
            Some(rows) => rows.push(case),
            None => models.push(vec![case]),
        }
    }
    models
}

/// The paragraphs about models and engines, preprocessing, scores, and maps. No sentence is repeated for each model.
fn topics(models: &[Vec<&ResultRow>], report: Report) -> Vec<String> {
    let names = names_of(models);
    let of_models = |sentence: &dyn Fn(&[&ResultRow]) -> String| {
        let sentences = models.iter().map(|rows| sentence(rows));
        report.method_of_models(&names.iter().copied().zip(sentences).collect::<Vec<_>>())
    };
    let input = |part: usize| {
        of_models(&|rows| {
            let sentences = report.method_input(&rows[0].card.input, without_field(rows));
            sentences[part].clone()
        })
    };
    let maps = models.iter().zip(&names).flat_map(|(rows, name)| {
        let maps = rows
            .iter()
            .filter_map(|case| Some((&*case.card, case.saliency.as_ref()?)));
        maps.map(move |(card, map)| (*name, card, map))
    });
    let space = report.of(" ", "");
    let paragraphs = [
        vec![
            models
                .iter()
                .map(|rows| report.method_model(&rows[0].card))
                .collect::<Vec<_>>()
                .join(space),
            of_models(&|rows| report.method_engines(&engines(rows))),
        ],
        vec![
            input(0),
            input(1),
            input(2),
            of_models(&|rows| report.method_field_sources(&rows[0].card)),
        ],
        vec![
            of_models(&|rows| report.method_score(&rows[0].card)),
            of_models(&|rows| match person_sources(rows).is_empty() {
                true => String::new(),
                false => report.combined_method(&rows[0].card),
            }),
            of_models(&|rows| report.persons_method(&person_sources(rows))),
        ],
        vec![report.method_maps(&names, &maps.collect::<Vec<_>>())],
    ];
    let joined = paragraphs.map(|sentences| {
        let said: Vec<String> = sentences.into_iter().filter(|s| !s.is_empty()).collect();
        said.join(space)
    });
    joined.into_iter().filter(|text| !text.is_empty()).collect()
}

/// The names of the models, or their ids if names are missing or repeated.
fn names_of<'a>(models: &[Vec<&'a ResultRow>]) -> Vec<&'a str> {
    let cards = || models.iter().map(|rows| &*rows[0].card);
    let names: HashSet<&str> = cards().map(|card| card.name.as_str()).collect();
    match names.len() == models.len() && !names.contains("") {
        true => cards().map(|card| card.name.as_str()).collect(),
        false => cards().map(|card| card.id.as_str()).collect(),
    }
}

/// The number of rows without a round field of view.
fn without_field(rows: &[&ResultRow]) -> usize {
    let bases = rows.iter().filter_map(|case| case.preprocessing.as_ref());
    let bases = bases.map(|p| p.crop_basis);
    bases.filter(|b| *b == CropBasis::NoRoundField).count()
}

/// The engines that were used, each once.
fn engines<'a>(rows: &[&'a ResultRow]) -> Vec<&'a EngineUsed> {
    let mut used: Vec<&EngineUsed> = Vec::new();
    for engine in rows.iter().filter_map(|c| c.used.as_ref()) {
        if !used.contains(&engine) {
            used.push(engine);
        }
    }
    used
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::{
        Bilingual, Exclusion, EyeSource, FieldSource, Laterality, Quality, Task, model_card,
    };
    use crate::export::row::sample;

    fn case(image: &str, id: &str, demonstration: bool) -> ResultRow {
        let card = ModelCard {
            id: id.into(),
            name: "Demonstration: MobileNet on drawn eyes".into(),
            demonstration,
            citation: "Somebody. A paper. 2024.".into(),
            acknowledgment: Bilingual {
                en: "We thank them.".into(),
                ja: "感謝します。".into(),
            },
            source_sha256: "20a0b3c45136768d7212059645c53d17".into(),
            settled: [("size", FieldSource::File), ("crop", FieldSource::Preset)]
                .map(|(name, how)| (name.to_owned(), how))
                .into(),
            ..model_card::example()
        };
        let mut case = ResultRow::unopened(image, Arc::new(card));
        (case.eye, case.eye_source) = (Laterality::Os, EyeSource::FileName);
        (case.score, case.logit) = (Some(0.25), Some(-1.098_612));
        case.label = Some("female".into());
        case.quality = Some(Quality::Usable);
        case.subject.person = Some(crate::domain::Person {
            name: "p".into(),
            source: PersonSource::FileName,
        });
        case.used = Some(EngineUsed {
            engine: "onnxruntime".into(),
            provider: "CPUExecutionProvider".into(),
            version: "1.24.1".into(),
        });
        case
    }

    #[test]
    fn a_result_is_a_few_lines_to_paste() {
        let mut case = case("person/01L.jpg", "demo", true);
        case.findings = vec![Finding::with_detail(
            FindingCode::OutOfFocus,
            Severity::Caution,
            sample::out_of_focus(),
        )];
        let text = result_text(&case, "photograph 3", Lang::En);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines,
            [
                "photograph 3: OS (left), from the file name",
                "Image quality: usable",
                "Model: Demonstration: MobileNet on drawn eyes (demo)",
                "Recorded-sex estimate: female, model score 0.250 (threshold 0.5, logit -1.099)",
                "Ran on: ONNX Runtime 1.24.1 (CPUExecutionProvider)",
                "- Caution: The photograph is out of focus. (sharpness 0.1, recommended: at least 0.2)",
                research_only(Lang::En),
            ]
        );
        assert!(!text.contains("01L"), "the shown name alone is written");
        let ja = result_text(&case, "写真3", Lang::Ja);
        assert!(
            ja.contains("記録上の性別の推定: 女性、モデルスコア 0.250"),
            "{ja}"
        );
        assert!(
            ja.contains("- 注意: ピントが合っていません。(鮮鋭度 0.1、目安0.2以上)"),
            "{ja}"
        );
    }

    #[test]
    fn methods_come_from_what_was_really_used() {
        let mut failed = case("c.jpg", "a", true);
        (failed.error, failed.score) = (Some("damaged".into()), None);
        let mut other = case("a.jpg", "b", false);
        other.used = Some(EngineUsed {
            engine: "rten".into(),
            provider: "embedded".into(),
            version: "0.27".into(),
        });
        let (first, second) = (case("a.jpg", "a", true), case("b.jpg", "a", true));
        let text = methods(&[&first, &other, &second, &failed], "1.2.3", Lang::En);
        let paragraphs: Vec<&str> = text.trim_end().split("\n\n").collect();
        assert_eq!(paragraphs.len(), 8, "{text}");
        assert_eq!(
            paragraphs[0],
            "Gantei (version 1.2.3) was used to analyse 2 fundus photographs. Photographs without a result were excluded (n = 1)."
        );
        for (paragraph, part) in [
            (1, "SHA-256 of the model file beginning with 20a0b3c45136)"),
            (1, "ONNX Runtime 1.24.1 (CPUExecutionProvider)."),
            (1, "rten 0.27 (embedded engine)."),
            (2, "224 × 224 pixels"),
            (2, "crop was taken from a preset and not confirmed"),
            (3, "0.5 or more were labelled \"male\""),
            (3, "mean of their logits"),
            (3, "file names, as confirmed by the user."),
        ] {
            let text = paragraphs[paragraph];
            assert_eq!(
                text.matches(part).count(),
                1 + usize::from(part.starts_with("SHA")),
                "{part}: {text}"
            );
        }
        assert_eq!(paragraphs[4], "Reference: Somebody. A paper. 2024.");
        assert_eq!(paragraphs[5], "Acknowledgment: We thank them.");
        assert!(paragraphs[6].starts_with("Demonstration model"));
        assert_eq!(paragraphs[7], research_only(Lang::En));
    }

    #[test]
    fn methods_count_what_was_left_out_once_for_each_photograph() {
        let mut cases = [
            case("a.jpg", "m", true),
            case("a.jpg", "n", true),
            case("b.jpg", "m", true),
            case("c.jpg", "m", true),
            case("cup.jpg", "m", true),
        ];
        for bad in &mut cases[..2] {
            bad.subject.left_out = vec![Exclusion::BadQuality, Exclusion::EyeConflict];
        }
        cases[2].subject.by_user = Some(false);
        cases[3].subject.left_out = vec![Exclusion::Duplicate];
        cases[3].subject.by_user = Some(true);
        cases[4].subject.left_out = vec![Exclusion::NotAFundus];
        cases[4].quality = Some(Quality::NotAFundus);
        (cases[4].score, cases[4].logit) = (None, None);
        let cases: Vec<&ResultRow> = cases.iter().collect();
        let text = methods(&cases, "1", Lang::En);
        assert!(
            text.starts_with(
                "Gantei (version 1) was used to analyse 3 fundus photographs. Images judged not to be fundus photographs were not analysed (n = 1). Of the analysed photographs, 2 did not enter the results per eye and person (poor image quality: 1; user's choice: 1). By choice of the user, 1 photograph"
            ),
            "{text}"
        );
    }

    #[test]
    fn no_text_says_more_than_the_score_is() {
        let all = [case("a.jpg", "a", true), {
            let mut age = case("b.jpg", "b", false);
            age.card = Arc::new(ModelCard {
                task: Task::Age,
                head: crate::domain::Head::Linear,
                labels: Vec::new(),
                ..model_card::example()
            });
            (age.score, age.logit, age.value) = (None, None, Some(60.0));
            age
        }];
        let cases: Vec<&ResultRow> = all.iter().collect();
        for lang in [Lang::En, Lang::Ja] {
            let text = methods(&cases, "1", lang).replace(research_only(lang), "");
            for word in [
                "diagnos",
                "confidence",
                "gender",
                "accuracy",
                "heatmap",
                "true sex",
            ] {
                assert!(!text.to_lowercase().contains(word), "{word}");
            }
            for word in ["診断", "信頼度", "確信度", "ヒートマップ", "精度"] {
                assert!(!text.contains(word), "{word}");
            }
        }
    }

    #[test]
    fn without_answers_nothing_is_claimed() {
        let text = methods(&[], "1.2.3", Lang::En);
        assert!(
            text.starts_with("No photograph has been analysed with Gantei (version 1.2.3) yet.")
        );
        assert!(text.trim_end().ends_with(research_only(Lang::En)));
    }
}
