//! Pictures that do not look like fundus photographs get no result unless the user accepts them.

use super::{Finding, FindingCode, Findings, FundusImage, Quality, ResultRow};

/// Whether a picture gets no result: no score, value, logit, label or map. Decided here only.
pub fn is_refused(quality: Option<Quality>, findings: &[Finding]) -> bool {
    let accepted = |f: &Finding| f.code == FindingCode::NotAFundusAccepted;
    quality == Some(Quality::NotAFundus) && !findings.iter().any(accepted)
}

impl FundusImage {
    /// See [`is_refused`].
    pub fn is_refused(&self) -> bool {
        is_refused(Some(self.quality), &self.findings)
    }
}

impl ResultRow {
    /// See [`is_refused`].
    pub fn is_refused(&self) -> bool {
        is_refused(self.quality, &self.findings)
    }
}

/// Records whether the user accepts such a picture; other findings are left unchanged.
pub fn note_acceptance(findings: &mut Findings, accepted: bool) {
    let (from, to) = if accepted {
        (FindingCode::NotAFundus, FindingCode::NotAFundusAccepted)
    } else {
        (FindingCode::NotAFundusAccepted, FindingCode::NotAFundus)
    };
    for finding in findings.iter_mut().filter(|f| f.code == from) {
        finding.code = to;
    }
}

/// The photograph with the user's decision applied, as if it had been opened with it. Pixels are shared.
pub fn with_acceptance(image: &FundusImage, accepted: bool) -> FundusImage {
    let mut image = image.clone();
    note_acceptance(&mut image.findings, accepted);
    image
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Detail, Severity};

    #[test]
    fn only_what_does_not_look_like_a_fundus_is_refused_until_it_is_accepted() {
        let detail = Detail::NothingLit;
        let cup = Finding::with_detail(FindingCode::NotAFundus, Severity::Serious, detail.clone());
        let grey = Finding::new(FindingCode::Grey, Severity::Caution);
        let mut findings = vec![cup.clone(), grey.clone()];
        assert!(is_refused(Some(Quality::NotAFundus), &findings));
        note_acceptance(&mut findings, true);
        assert!(!is_refused(Some(Quality::NotAFundus), &findings));
        assert_eq!(findings[0].code, FindingCode::NotAFundusAccepted);
        assert_eq!(findings[0].detail, Some(detail));
        assert_eq!(findings[1], grey);
        note_acceptance(&mut findings, false);
        assert_eq!(findings, [cup, grey.clone()]);
        let mut eye = vec![grey.clone()];
        note_acceptance(&mut eye, true);
        assert_eq!(eye, [grey]);
        for quality in [None, Some(Quality::Bad), Some(Quality::Good)] {
            assert!(!is_refused(quality, &eye));
        }
    }
}
