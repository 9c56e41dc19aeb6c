//! The eye as stated by the user, and the finding that follows from what is known about the eye.

use super::{
    Detail, EyeSource, Finding, FindingCode, Findings, FundusImage, Laterality, ResultRow,
    Severity, insert_about_the_photograph,
};

/// The finding about an eye: it is unknown, or the optic disc lies where it would in the other eye.
pub fn finding_of_eye(eye: Laterality, source: EyeSource, guess: Laterality) -> Option<Finding> {
    if !eye.is_known() {
        return Some(Finding::new(FindingCode::EyeUnknown, Severity::Note));
    }
    (guess.is_known() && guess != eye).then(|| {
        let detail = Detail::EyeConflict {
            source,
            eye,
            disc: guess,
        };
        Finding::with_detail(FindingCode::EyeConflict, Severity::Caution, detail)
    })
}

/// The photograph with the eye stated by the user, as if the file had been opened with it. Pixels are shared.
///
/// Without an eye (or with an unknown one) the photograph is returned unchanged. A corrected photograph does not keep
/// what the file and its name stated: to undo a correction, start again from the original.
pub fn with_eye(image: &FundusImage, eye: Option<Laterality>) -> FundusImage {
    match eye.filter(|e| e.is_known()) {
        Some(eye) => with_eye_of(image, eye, EyeSource::User),
        None => image.clone(),
    }
}

/// The photograph with this eye from this source. Pixels are shared.
pub fn with_eye_of(image: &FundusImage, eye: Laterality, source: EyeSource) -> FundusImage {
    let mut image = image.clone();
    (image.eye, image.eye_source) = (eye, source);
    renew(&mut image.findings, eye, source, image.eye_guess);
    image
}

/// Applies [`with_eye`] to a finished row. No number changes: the eye is never an input of a model.
pub fn correct_eye(case: &mut ResultRow, eye: Laterality) {
    if eye.is_known() {
        set_eye(case, eye, EyeSource::User);
    }
}

/// Applies [`with_eye_of`] to a finished row.
pub fn set_eye(case: &mut ResultRow, eye: Laterality, source: EyeSource) {
    (case.eye, case.eye_source) = (eye, source);
    renew(&mut case.findings, eye, source, case.eye_guess);
}

/// Inserts the eye's finding where opening inserts it: after the others about the photograph, before those about the
/// run.
fn renew(findings: &mut Findings, eye: Laterality, source: EyeSource, guess: Laterality) {
    findings.retain(|f| !matches!(f.code, FindingCode::EyeUnknown | FindingCode::EyeConflict));
    if let Some(finding) = finding_of_eye(eye, source, guess) {
        insert_about_the_photograph(findings, finding);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::model_card;

    fn codes(findings: &Findings) -> Vec<FindingCode> {
        findings.iter().map(|f| f.code).collect()
    }

    #[test]
    fn a_corrected_row_keeps_the_order_of_its_findings() {
        let mut case = ResultRow::unopened("a.jpg", Arc::new(model_card::example()));
        case.eye_guess = Laterality::Od;
        case.findings = [
            FindingCode::OutOfFocus,
            FindingCode::EyeUnknown,
            FindingCode::Uncalibrated,
        ]
        .map(|code| Finding::new(code, Severity::Note))
        .to_vec();
        correct_eye(&mut case, Laterality::Unknown);
        assert_eq!((case.eye, case.eye_source), Default::default());
        correct_eye(&mut case, Laterality::Os);
        assert_eq!(
            codes(&case.findings),
            [
                FindingCode::OutOfFocus,
                FindingCode::EyeConflict,
                FindingCode::Uncalibrated
            ]
        );
        let conflict = Detail::EyeConflict {
            source: EyeSource::User,
            eye: Laterality::Os,
            disc: Laterality::Od,
        };
        assert_eq!(case.findings[1].detail, Some(conflict));
        correct_eye(&mut case, Laterality::Od);
        assert_eq!(
            codes(&case.findings),
            [FindingCode::OutOfFocus, FindingCode::Uncalibrated]
        );
        assert_eq!(
            (case.eye, case.eye_source),
            (Laterality::Od, EyeSource::User)
        );
        correct_eye(&mut case, Laterality::Os);
        assert_eq!(case.findings[1].code, FindingCode::EyeConflict);
    }
}
