//! The contribution of each region as a table: the same in the window and in case reports.

use super::sanity_checks::signed;
use super::window::Texts;
use crate::domain::Region;
use crate::saliency::{CoveredRegion, HidingEffect, RegionShare, Regions};

/// Placeholder for a missing figure.
const NOTHING: &str = "–";

/// The table and the legend of its columns.
#[derive(Clone, Debug, PartialEq)]
pub struct RegionTable {
    pub titles: Vec<&'static str>,
    /// One row for each region: its name, then its figures. A mean and its spread are on two lines.
    pub rows: Vec<Vec<String>>,
    pub notes: Vec<String>,
}

impl Texts {
    /// `None` if nothing was computed. `labels` are those of the model's outputs.
    pub fn region_table(self, regions: &Regions, labels: &[String]) -> Option<RegionTable> {
        let covered = regions.covered.as_ref();
        if regions.shares.is_none() && covered.is_none() {
            return None;
        }
        let mut titles = vec![self.region_column()];
        if regions.shares.is_some() {
            titles.extend(["+ %", "− %", self.area_column()]);
        }
        if covered.is_some() {
            titles.extend([self.covered_column(), self.random_column()]);
        }
        let row = |region: Region| {
            let mut cells = vec![self.region(region).to_owned()];
            if let Some(shares) = &regions.shares {
                cells.extend(shares_of(&shares[region as usize]));
            }
            if let Some(covered) = covered {
                let hidden = covered.regions.iter().find(|r| r.region == region);
                cells.extend(Self::changes_of(hidden));
            }
            cells
        };
        let mut notes = Vec::new();
        if regions.shares.is_some() {
            let (low, high) = match labels {
                [low, high, ..] => (
                    self.towards_label(&self.label(low)),
                    self.towards_label(&self.label(high)),
                ),
                _ => (self.lower().to_owned(), self.higher().to_owned()),
            };
            notes.push(self.shares_meaning(&high, &low));
        }
        if let Some(covered) = covered {
            let of_score = covered.regions.iter().any(|r| r.change.score.is_some());
            notes.push(self.covered_meaning(self.what_changes(of_score), covered.randoms));
        }
        Some(RegionTable {
            titles,
            rows: Region::ALL.into_iter().map(row).collect(),
            notes,
        })
    }

    /// The change with a region hidden, and with random areas hidden, whose spread is below the mean; a dash if nothing
    /// was hidden.
    fn changes_of(hidden: Option<&CoveredRegion>) -> [String; 2] {
        let figure = |change: &HidingEffect| match (change.score, change.value) {
            (Some(score), _) => Some(signed(score, 3)),
            (None, Some(value)) => Some(signed(value, 2)),
            (None, None) => None,
        };
        let change = hidden.and_then(|h| figure(&h.change));
        let random = hidden.and_then(|h| h.random).and_then(|[mean, spread]| {
            let spread = figure(&spread)?;
            let spread = spread.trim_start_matches('+');
            Some(format!("{}\n± {spread}", figure(&mean)?))
        });
        [change, random].map(|f| f.unwrap_or_else(|| NOTHING.to_owned()))
    }
}

/// Raising, lowering and area in percent.
fn shares_of(share: &RegionShare) -> [String; 3] {
    [share.raising, share.lowering, share.area].map(|part| format!("{:.1}", part * 100.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_written_with_a_true_minus_and_their_spread() {
        let change = |score| HidingEffect {
            score: Some(score),
            ..HidingEffect::default()
        };
        let hidden = CoveredRegion {
            region: Region::Macula,
            area: 0.2,
            change: change(-0.31),
            random: Some([change(-0.02), change(0.0213)]),
        };
        let found = Texts::changes_of(Some(&hidden));
        assert_eq!(found, ["−0.310", "−0.020\n± 0.021"]);
        assert_eq!(Texts::changes_of(None), ["–", "–"]);
        let years = CoveredRegion {
            change: HidingEffect {
                value: Some(1.5),
                ..HidingEffect::default()
            },
            random: None,
            ..hidden
        };
        assert_eq!(Texts::changes_of(Some(&years)), ["+1.50", "–"]);
    }
}
