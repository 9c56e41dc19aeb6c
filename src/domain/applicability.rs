//! Applicability: whether a photograph is of the kind that published models were trained on, judged before any score is
//! read. Each aspect is graded by the findings of opening the photograph; the figures beside the grades are those that
//! the findings were derived from, so that nothing is measured twice.
//!
//! | aspect     | figure                                   | why it limits a score                                        | source |
//! |------------|------------------------------------------|--------------------------------------------------------------|--------|
//! | fundus     | –                                        | only fundus photographs were in the training data            | JOS and NII, release of 7 Dec 2023 |
//! | focus      | finest detail / spread of detail         | sex differences in vessel branches, nodes and length (d = 0.21 to 0.30) are lost in blur | Delavari 2023, arXiv 2301.06675 |
//! | exposure   | median luminance, 0–255                  | the peripapillary area is darker in men (d = 0.24); exposure and uneven light change it | Delavari 2023, arXiv 2301.06675 |
//! | contrast   | spread of detail / brightness            | cataract hides disc and macula, whose patches moved the score most | Ilanchezian 2021, MICCAI |
//! | field      | share of the circle in the frame         | accuracy fell from 85.4 % to 69.4 % with foveal pathology: the centre must be visible | Korot 2021, discovery.ucl.ac.uk/id/eprint/10127951 |
//! | centring   | disc, macula, or elsewhere               | AUC 0.91 for disc-centred, the best, and 0.85 for peripheral fields, the worst; macula-centred fields were in the training data too (below 65 years) | Betzler 2021, JMIR Med Inform 9(8):e25165 |
//! | resolution | diameter of the field in pixels          | networks take 224 to 600 pixels; a smaller field has less detail than they expect | keras.io/api/applications |
//! | colour     | saturation                               | sex differences in peripapillary colour are absent from a grey photograph | Yamashita 2020, KAKEN 21K09704 |
//! | age        | years                                    | JOIR's models saw ages 17 to 94; at 8 to 9 years an AUC of 0.63 was found | JOS and NII, 2023; Noma, Yamashita |
//!
//! The sources support the reasons, not the grades: no publication states a threshold, and what blur, exposure, opacities
//! or a grey photograph do to a score is inferred. The thresholds are those of `imaging/retina/quality.rs`, calibrated on photographs from eight cameras: a caution makes
//! an aspect limited, a serious finding puts it outside. Gradability, field and laterality can be told automatically with
//! AUROC 0.975 to 1.000 (PMC8444486); the centring here is told from the detected disc alone, and only if that is certain.

use serde::{Deserialize, Serialize};
use strum::{EnumIter, IntoEnumIterator, IntoStaticStr};

use super::{Centring, Finding, FindingCode, Measured, ModelCard, ResultRow, Severity, Task};

/// What a photograph is judged by, in the order in which it is shown.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    EnumIter,
    IntoStaticStr,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Aspect {
    /// Whether it is a fundus photograph at all.
    Fundus,
    Focus,
    /// Brightness and evenness of the light.
    Exposure,
    Contrast,
    /// Completeness of the field of view.
    Field,
    /// What the field of view is centred on.
    Centring,
    /// Pixels across the field of view.
    Resolution,
    Colour,
    /// Age compared with the ages in the training data.
    Age,
}

impl Aspect {
    /// The name used in every file.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The findings that lower its grade.
    fn codes(self) -> &'static [FindingCode] {
        match self {
            Self::Fundus => &[FindingCode::NotAFundus, FindingCode::NotAFundusAccepted],
            Self::Focus => &[FindingCode::OutOfFocus],
            Self::Exposure => &[
                FindingCode::UnderExposed,
                FindingCode::OverExposed,
                FindingCode::UnevenLight,
            ],
            Self::Contrast => &[FindingCode::LowContrast],
            Self::Field => &[FindingCode::FieldIncomplete],
            Self::Resolution => &[FindingCode::TooSmall],
            Self::Colour => &[FindingCode::Grey],
            Self::Age => &[FindingCode::AgeOutOfRange, FindingCode::ImplausibleValue],
            Self::Centring => &[],
        }
    }
}

/// How far published models apply.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    EnumIter,
    IntoStaticStr,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Grade {
    /// Nothing found that lowers a score.
    Good,
    /// The score may suffer.
    Limited,
    /// The score should not be relied on.
    Outside,
}

impl Grade {
    /// The name used in every file.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// The grade of each aspect of a photograph; aspects that cannot be judged are absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applicability {
    /// In the order of [`Aspect`].
    grades: Vec<(Aspect, Grade)>,
}

impl Applicability {
    /// Grades a photograph that was opened. Of a picture that is not a fundus photograph only that is judged, and
    /// whether it has colour: the other findings are about retinas.
    pub fn of(findings: &[Finding], measured: Option<&Measured>) -> Self {
        let mut all = Self::default();
        let is_fundus = worst(findings, Aspect::Fundus).is_none();
        for aspect in Aspect::iter() {
            let grade =
                match aspect {
                    Aspect::Age => None,
                    Aspect::Centring => measured
                        .and_then(|m| m.centring)
                        .filter(|_| is_fundus)
                        .map(|centring| match centring {
                            Centring::Disc | Centring::Macula => Grade::Good,
                            Centring::Elsewhere => Grade::Limited,
                        }),
                    _ => {
                        let found = worst(findings, aspect);
                        found.or(is_fundus.then_some(Grade::Good))
                    }
                };
            all.grades.extend(grade.map(|grade| (aspect, grade)));
        }
        all
    }

    /// Adds the recorded age of the person, never an estimate: outside if the training data had nobody of that age.
    /// Ages are whole years in print, so 94.9 is within 17 to 94.
    pub fn with_age(mut self, years: f64, [low, high]: [f64; 2]) -> Self {
        let within = (low..high + 1.0).contains(&years);
        let grade = if within { Grade::Good } else { Grade::Outside };
        self.put(Aspect::Age, grade);
        self
    }

    /// The same, if an age is recorded and the ages in the training data of a model are known.
    pub fn of_person(self, years: Option<f64>, card: &ModelCard) -> Self {
        match (years, trained_ages(card)) {
            (Some(years), Some(range)) => self.with_age(years, range),
            _ => self,
        }
    }

    fn put(&mut self, aspect: Aspect, grade: Grade) {
        self.grades.retain(|(known, _)| *known != aspect);
        self.grades.push((aspect, grade));
        self.grades.sort_by_key(|(aspect, _)| *aspect);
    }

    /// The aspects that could be judged, in order.
    pub fn grades(&self) -> &[(Aspect, Grade)] {
        &self.grades
    }

    pub fn grade(&self, aspect: Aspect) -> Option<Grade> {
        let found = self.grades.iter().find(|(known, _)| *known == aspect);
        found.map(|(_, grade)| *grade)
    }

    /// The worst grade; `None` if nothing could be judged.
    pub fn overall(&self) -> Option<Grade> {
        self.grades.iter().map(|(_, grade)| *grade).max()
    }
}

/// The lowest and the highest age in the training data of a model, in years, as its card states them. Those of the models
/// of the Japan Ocular Imaging Registry are published.
pub fn trained_ages(card: &ModelCard) -> Option<[f64; 2]> {
    let of_age = card.value_range.filter(|_| card.task == Task::Age);
    let is_of_registry = || card.citation.contains(JOIR);
    of_age.or_else(|| is_of_registry().then_some(JOIR_AGES))
}

/// How a citation of the Japan Ocular Imaging Registry names it.
pub const JOIR: &str = "Japan Ocular Imaging Registry";

const JOIR_AGES: [f64; 2] = [17.0, 94.0];

/// The grade that findings lower an aspect to; `None` if there are none.
fn worst(findings: &[Finding], aspect: Aspect) -> Option<Grade> {
    let codes = aspect.codes();
    let found = findings.iter().filter(|f| codes.contains(&f.code));
    let grades = found.filter_map(|f| match f.severity {
        Severity::Serious => Some(Grade::Outside),
        Severity::Caution => Some(Grade::Limited),
        Severity::Note => None,
    });
    grades.max()
}

impl ResultRow {
    /// The grades of the photograph, of the recorded age, and of an estimated age that is out of range; `None` if the
    /// photograph was not opened. An estimate within the range is no evidence of the person's age and gets no grade.
    pub fn applicability(&self) -> Option<Applicability> {
        self.quality?;
        let all = Applicability::of(&self.findings, self.measured.as_ref());
        let mut all = all.of_person(self.subject.age, &self.card);
        let is_age = self.card.task == Task::Age && self.value.is_some();
        if is_age && worst(&self.findings, Aspect::Age).is_some() {
            all.put(Aspect::Age, Grade::Outside);
        }
        Some(all)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::{Quality, model_card};

    fn measured(centring: Option<Centring>) -> Measured {
        Measured {
            focus: 0.25,
            light: 110.0,
            blown: 0.0,
            contrast: 0.4,
            evenness: 0.6,
            hidden: 0.0,
            saturation: 0.7,
            diameter: 1400.0,
            completeness: Some(0.98),
            centring,
        }
    }

    fn found(code: FindingCode, severity: Severity) -> Finding {
        Finding::new(code, severity)
    }

    #[test]
    fn a_recorded_age_is_judged_for_models_whose_ages_are_known() {
        let row = |age, citation: &str| {
            let mut card = model_card::example();
            card.citation = citation.into();
            let mut row = ResultRow::unopened("a.jpg", Arc::new(card));
            row.quality = Some(Quality::Good);
            row.subject.age = age;
            row.applicability().unwrap().grade(Aspect::Age)
        };
        let of_registry = format!("Models of the {JOIR}, 2023");
        assert_eq!(row(Some(94.9), &of_registry), Some(Grade::Good));
        assert_eq!(row(Some(8.0), &of_registry), Some(Grade::Outside));
        assert_eq!(row(None, &of_registry), None);
        assert_eq!(row(Some(8.0), "Somebody 2020"), None);
    }

    #[test]
    fn an_ordinary_photograph_is_good_in_everything_that_can_be_told() {
        let all = Applicability::of(&[], Some(&measured(Some(Centring::Macula))));
        assert_eq!(all.overall(), Some(Grade::Good));
        assert_eq!(all.grades().len(), Aspect::iter().count() - 1);
        let all = Applicability::of(&[], Some(&measured(None)));
        assert_eq!(all.grade(Aspect::Centring), None);
        assert_eq!(all.grade(Aspect::Age), None);
    }

    #[test]
    fn the_worst_finding_of_an_aspect_decides_its_grade_and_the_worst_aspect_the_whole() {
        let findings = [
            found(FindingCode::UnderExposed, Severity::Caution),
            found(FindingCode::UnevenLight, Severity::Serious),
            found(FindingCode::Grey, Severity::Caution),
            found(FindingCode::EyeUnknown, Severity::Serious),
        ];
        let all = Applicability::of(&findings, Some(&measured(Some(Centring::Elsewhere))));
        assert_eq!(all.grade(Aspect::Exposure), Some(Grade::Outside));
        assert_eq!(all.grade(Aspect::Colour), Some(Grade::Limited));
        assert_eq!(all.grade(Aspect::Centring), Some(Grade::Limited));
        assert_eq!(all.grade(Aspect::Focus), Some(Grade::Good));
        assert_eq!(all.overall(), Some(Grade::Outside));
    }

    #[test]
    fn of_what_is_no_fundus_photograph_nothing_else_is_claimed() {
        for code in [FindingCode::NotAFundus, FindingCode::NotAFundusAccepted] {
            let all = Applicability::of(&[found(code, Severity::Serious)], None);
            assert_eq!(all.grades(), [(Aspect::Fundus, Grade::Outside)]);
        }
    }

    #[test]
    fn an_age_is_compared_with_the_ages_of_the_training_data() {
        let of = |years| {
            let all = Applicability::default().with_age(years, [17.0, 94.0]);
            all.grade(Aspect::Age)
        };
        for (years, grade) in [
            (16.9, Grade::Outside),
            (17.0, Grade::Good),
            (94.9, Grade::Good),
            (95.0, Grade::Outside),
            (f64::NAN, Grade::Outside),
        ] {
            assert_eq!(of(years), Some(grade), "{years}");
        }
    }

    #[test]
    fn an_estimated_age_lowers_the_grade_but_is_never_good() {
        let mut card = model_card::example_of_age();
        card.value_range = Some([17.0, 94.0]);
        let mut row = ResultRow::unopened("a.jpg", Arc::new(card));
        assert_eq!(row.applicability(), None);
        row.quality = Some(Quality::Good);
        row.value = Some(40.0);
        let age = |row: &ResultRow| row.applicability().unwrap().grade(Aspect::Age);
        assert_eq!(age(&row), None);
        row.findings = vec![found(FindingCode::AgeOutOfRange, Severity::Caution)];
        assert_eq!(age(&row), Some(Grade::Outside));
        row.value = None;
        assert_eq!(age(&row), None);
    }
}
