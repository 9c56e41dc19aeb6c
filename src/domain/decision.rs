//! What a reader decided about a recorded label that a model contradicts.

use serde::{Deserialize, Serialize};
use strum::{EnumIter, IntoStaticStr};

/// A reader's decision about a record. The label itself is never changed by it.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, IntoStaticStr, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Decision {
    RecordIsRight,
    /// The photograph is of another person or eye than the record says.
    BelongsElsewhere,
    Unsure,
}

impl Decision {
    /// The name used in files.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// A decision about one photograph of a study.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordDecision {
    /// Name of the photograph in the study.
    pub image: String,
    /// SHA-256 of its file: the decision counts for these bytes.
    pub sha256: String,
    pub decision: Decision,
    /// When, in UTC, such as `2026-11-30T08:15:00Z`.
    pub date: String,
    /// As the reader wrote it; may be empty.
    #[serde(default)]
    pub reader: String,
}

impl RecordDecision {
    /// Most characters of a reader's name.
    pub const READER: usize = 80;
}

/// The decision about a photograph among those about its bytes: the one under its name, else one under a name that no
/// photograph `is_there` with, so that it follows a photograph that was renamed and not a copy.
pub fn decision_of<'a>(
    of_same_bytes: impl Iterator<Item = &'a RecordDecision> + Clone,
    image: &str,
    is_there: impl Fn(&str) -> bool,
) -> Option<&'a RecordDecision> {
    let own = of_same_bytes.clone().find(|of| of.image == image);
    own.or_else(|| { of_same_bytes }.find(|of| !is_there(&of.image)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_follows_a_renamed_photograph_and_not_a_copy_or_other_bytes() {
        let decisions = [RecordDecision {
            image: "a.jpg".into(),
            sha256: "1".into(),
            decision: Decision::Unsure,
            date: String::new(),
            reader: String::new(),
        }];
        let of = |image: &str, sum: &str, there: &[&str]| {
            let same = decisions.iter().filter(|of| of.sha256 == sum);
            decision_of(same, image, |name| there.contains(&name)).is_some()
        };
        assert!(of("a.jpg", "1", &["a.jpg"]));
        assert!(!of("a.jpg", "2", &["a.jpg"]));
        assert!(of("b.jpg", "1", &["b.jpg"]));
        assert!(!of("b.jpg", "1", &["a.jpg", "b.jpg"]));
    }
}
