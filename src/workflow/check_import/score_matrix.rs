//! Scores of many settings on the same photographs, each photograph opened once and each input computed once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::domain::{CropBasis, FieldOfView, FundusImage, InputSpec, ModelCard, Pixels};
use crate::graph;
use crate::imaging::OpenOptions;
use crate::imaging::prepare::{ResizedCrop, fit};
use crate::jobs::{ReadAhead, Ticket, ahead_in_turn};
use crate::progress::{Cancel, Progress};
use crate::runtime::Session;
use crate::workflow::Error;
use crate::workflow::open::{Source, open_beside_others};
use crate::workflow::predict::{check_accepted, figures};

use super::search_space::same_setting;
use super::training_statistics::{Moments, TrainingStatistics, distance};

/// Bytes of decoded photographs kept for the second pass; the rest is opened again.
const KEPT: usize = 512 << 20;

/// A photograph with a label.
#[derive(Clone, Debug)]
pub(super) struct LabelledPhotograph {
    pub name: String,
    pub source: Source,
}

/// Scores by setting and photograph.
pub(super) struct ScoreMatrix<'a> {
    pub cases: &'a [LabelledPhotograph],
    open: &'a OpenOptions,
    card: &'a ModelCard,
    training_statistics: Option<TrainingStatistics>,
    pub settings: Vec<InputSpec>,
    /// By setting, then by case; `None` if it was not run.
    seen: Vec<Vec<Option<Seen>>>,
    /// By setting and an earlier one: whether their inputs were equal on every photograph so far.
    same: Vec<Vec<bool>>,
    /// Why a case could not be opened or prepared.
    pub failed: BTreeMap<usize, String>,
    /// Cases that do not look like fundus photographs.
    pub refused: BTreeSet<usize>,
    kept: BTreeMap<usize, Photograph>,
    /// Bytes of photographs that may still be kept.
    room: usize,
    /// Photographs that were decoded again because they did not fit into memory.
    pub opened_again: usize,
    /// Cases without a round field of view; for these, square and masked crops take the whole frame.
    pub no_round_field: BTreeSet<usize>,
}

/// What a network gives for a photograph under a setting.
#[derive(Clone)]
struct Seen {
    /// Not a number if the network gave none.
    score: f64,
    /// `None` for a network without training statistics.
    training_statistics: Option<Moments>,
}

/// What a setting needs of an opened photograph.
struct Photograph {
    pixels: Arc<Pixels>,
    field: Option<FieldOfView>,
}

impl From<FundusImage> for Photograph {
    fn from(image: FundusImage) -> Self {
        Self {
            pixels: image.pixels,
            field: image.field_of_view,
        }
    }
}

/// A photograph in every requested crop and kernel; the photograph itself if it was just opened.
struct Ready {
    opened: Option<Photograph>,
    fits: Vec<ResizedCrop>,
}

impl<'a> ScoreMatrix<'a> {
    pub fn new(
        cases: &'a [LabelledPhotograph],
        open: &'a OpenOptions,
        card: &'a ModelCard,
        training_statistics: Option<TrainingStatistics>,
    ) -> Self {
        Self {
            training_statistics,
            ..Self::with_room(cases, open, card, KEPT)
        }
    }

    /// Without training statistics; `room` is how many bytes of decoded photographs may be kept between two passes.
    pub(super) fn with_room(
        cases: &'a [LabelledPhotograph],
        open: &'a OpenOptions,
        card: &'a ModelCard,
        room: usize,
    ) -> Self {
        Self {
            cases,
            open,
            card,
            training_statistics: None,
            settings: Vec::new(),
            seen: Vec::new(),
            same: Vec::new(),
            failed: BTreeMap::new(),
            refused: BTreeSet::new(),
            kept: BTreeMap::new(),
            room,
            opened_again: 0,
            no_round_field: BTreeSet::new(),
        }
    }

    /// Runs more settings on every case; `keep` keeps the photographs for another pass. After each case `reported`
    /// receives the score matrix. Progress counts settings × cases. A cancel leaves whole cases only.
    pub fn run(
        &mut self,
        settings: Vec<InputSpec>,
        keep: bool,
        session: &mut dyn Session,
        cancel: &Cancel,
        progress: &Progress,
        reported: &mut dyn FnMut(&ScoreMatrix, &str),
    ) -> Result<(), Error> {
        let first = self.settings.len();
        for setting in settings {
            self.same.push(vec![true; self.settings.len()]);
            self.settings.push(setting);
            self.seen.push(vec![None; self.cases.len()]);
        }
        let groups = groups(&self.settings);
        let open: Vec<usize> = (0..self.cases.len())
            .filter(|&case| self.takes_part(case))
            .collect();
        progress.start((open.len() * (self.settings.len() - first)) as u64);
        let (kept, cases, options) = (std::mem::take(&mut self.kept), self.cases, self.open);
        let again = first > 0;
        let work = |case: usize, turn: &Ticket| {
            ready(kept.get(&case), &cases[case], options, &groups, turn)
        };
        let mut order = open.clone().into_iter();
        let ended = ahead_in_turn(open, ReadAhead::default(), cancel, work, |ready| {
            let Some(case) = order.next() else {
                return Ok(());
            };
            // A panic while a photograph is opened is the error of that photograph.
            match ready.unwrap_or_else(|panicked| Err(panicked.into())) {
                Err(Error::Cancelled) => return Err(Error::Cancelled),
                Err(Error::NotAFundus) => {
                    self.refused.insert(case);
                }
                Err(error) => {
                    self.failed.insert(case, error.wording());
                }
                Ok(ready) => {
                    self.opened_again += usize::from(again && ready.opened.is_some());
                    self.score(case, first, &groups, &ready.fits, session, cancel, progress)?;
                    if let Some(photograph) = ready.opened.filter(|_| keep) {
                        self.keep(case, photograph);
                    }
                }
            }
            reported(self, &self.cases[case].name);
            Ok(())
        });
        self.kept.extend(kept);
        ended
    }

    /// Whether a case neither failed nor was refused so far.
    pub fn takes_part(&self, case: usize) -> bool {
        !self.failed.contains_key(&case) && !self.refused.contains(&case)
    }

    fn keep(&mut self, case: usize, photograph: Photograph) {
        let bytes = photograph.pixels.rgb.len();
        if let Some(left) = self.room.checked_sub(bytes) {
            self.room = left;
            self.kept.insert(case, photograph);
        }
    }

    /// Runs the settings from `first` on for one case. An input equal to that of an earlier setting gets its score
    /// without a run.
    #[expect(clippy::too_many_arguments)]
    fn score(
        &mut self,
        case: usize,
        first: usize,
        groups: &Groups,
        fits: &[ResizedCrop],
        session: &mut dyn Session,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<(), Error> {
        let equal = equal_fits(fits);
        let grey: Vec<bool> = fits.iter().map(ResizedCrop::is_grey).collect();
        if fits.iter().any(|f| f.crop_basis == CropBasis::NoRoundField) {
            self.no_round_field.insert(case);
        }
        let mut found: Vec<Option<Seen>> = self.seen.iter().map(|row| row[case].clone()).collect();
        for s in first..self.settings.len() {
            let group = groups.of[s];
            let same_input = |t: usize| {
                let other = groups.of[t];
                let (a, b) = (&self.settings[s], &self.settings[t]);
                equal[group][other]
                    && (same_numbers(a, b, false) || grey[group] && same_numbers(a, b, true))
            };
            let twins: Vec<bool> = (0..s).map(same_input).collect();
            let known = (0..s).find(|&t| twins[t] && found[t].is_some());
            for (t, twin) in twins.iter().enumerate() {
                self.same[s][t] &= twin;
            }
            found[s] = match known {
                Some(t) => found[t].clone(),
                None => {
                    let input = fits[group].tensor(&self.settings[s])?;
                    let outputs = session.run(
                        &[(graph::INPUT, &input)],
                        &[graph::LOGIT, graph::OUTPUT],
                        cancel,
                    )?;
                    let training_statistics = self.training_statistics.as_mut();
                    Some(Seen {
                        score: score_of(self.card, &outputs)?,
                        training_statistics: training_statistics
                            .map(|s| s.moments(&input, cancel))
                            .transpose()?,
                    })
                }
            };
            progress.advance();
        }
        for (row, seen) in self.seen.iter_mut().zip(found) {
            row[case] = seen;
        }
        Ok(())
    }

    /// Forgets the settings from `first` on, which were not run on every case.
    pub fn forget_from(&mut self, first: usize) {
        self.settings.truncate(first);
        self.seen.truncate(first);
        self.same.truncate(first);
    }

    /// Cases on which every setting was run.
    pub fn whole_cases(&self) -> Vec<usize> {
        (0..self.cases.len())
            .filter(|&case| self.takes_part(case))
            .filter(|&case| self.seen.iter().all(|row| row[case].is_some()))
            .collect()
    }

    /// Scores of a setting on these cases; `None` if one is not a number.
    pub fn scores_on(&self, setting: usize, cases: &[usize]) -> Option<Vec<f64>> {
        cases
            .iter()
            .map(|&case| self.seen[setting][case].as_ref().map(|seen| seen.score))
            .map(|score| score.filter(|s| s.is_finite()))
            .collect()
    }

    /// Distance of these cases from those of training under a setting, in standard deviations; `None` if the network
    /// has no training statistics.
    pub fn distance_on(&self, setting: usize, cases: &[usize]) -> Option<f64> {
        let seen = cases
            .iter()
            .filter_map(|&case| self.seen[setting][case].as_ref());
        distance(seen.filter_map(|seen| seen.training_statistics.as_ref()))
    }

    /// For each setting the first one whose inputs were the same on every photograph; itself if there is none.
    pub fn first_same(&self, setting: usize) -> usize {
        let earlier = &self.same[setting];
        earlier.iter().position(|same| *same).unwrap_or(setting)
    }
}

/// The logit, or the value of a linear head. A non-finite number is not an error here: the setting is unusable.
fn score_of(card: &ModelCard, outputs: &[crate::domain::Tensor]) -> Result<f64, Error> {
    let [logit, output] = outputs else {
        return Err(Error::Tensor("the network has no output".to_owned()));
    };
    if logit
        .values
        .iter()
        .chain(&output.values)
        .any(|v| !v.is_finite())
    {
        return Ok(f64::NAN);
    }
    let found = figures(card.head, card.value_scale(), logit, output)?;
    Ok(found.logit.or(found.value).unwrap_or(f64::NAN))
}

/// Settings by crop and kernel: those of one group share the resized photograph.
struct Groups {
    /// Group of each setting.
    of: Vec<usize>,
    specs: Vec<InputSpec>,
}

fn groups(settings: &[InputSpec]) -> Groups {
    let mut specs: Vec<InputSpec> = Vec::new();
    let of = settings.iter().map(|setting| {
        let key = (setting.crop, setting.resize);
        let known = specs.iter().position(|s| (s.crop, s.resize) == key);
        known.unwrap_or_else(|| {
            specs.push(setting.clone());
            specs.len() - 1
        })
    });
    Groups {
        of: of.collect(),
        specs,
    }
}

fn ready(
    kept: Option<&Photograph>,
    case: &LabelledPhotograph,
    options: &OpenOptions,
    groups: &Groups,
    turn: &Ticket,
) -> Result<Ready, Error> {
    let opened = match kept {
        Some(_) => None,
        None => {
            let photograph = open_beside_others(&case.source, options, || turn.wait())?;
            check_accepted(&photograph)?;
            Some(Photograph::from(photograph))
        }
    };
    let mut fits = Vec::with_capacity(groups.specs.len());
    if let Some(photograph) = kept.or(opened.as_ref()) {
        for spec in &groups.specs {
            fits.push(fit(&photograph.pixels, photograph.field.as_ref(), spec)?);
        }
    }
    Ok(Ready { opened, fits })
}

fn equal_fits(fits: &[ResizedCrop]) -> Vec<Vec<bool>> {
    let mut equal = vec![vec![true; fits.len()]; fits.len()];
    for a in 0..fits.len() {
        for b in 0..a {
            equal[a][b] = fits[a].same_numbers(&fits[b]);
            equal[b][a] = equal[a][b];
        }
    }
    equal
}

/// Whether two settings of equal resized pictures give equal inputs.
fn same_numbers(a: &InputSpec, b: &InputSpec, any_colour: bool) -> bool {
    let plain = |s: &InputSpec| InputSpec {
        crop: a.crop,
        resize: a.resize,
        colour: if any_colour { a.colour } else { s.colour },
        ..s.clone()
    };
    same_setting(&plain(a), &plain(b))
}
