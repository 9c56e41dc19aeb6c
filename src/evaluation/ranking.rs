//! Which of several settings fits the recorded values best, and which of them these cases cannot distinguish from the
//! best.

use serde::{Deserialize, Serialize};

use super::{Error, Figure, ReferenceValues, Resamples, Scored, interval};
use crate::numeric::random::Random;

/// Settings of the comparison.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Options {
    /// Resamples of persons for the intervals.
    pub resamples: usize,
    /// Permutations of the labels, to estimate how often chance reaches the best figure.
    pub shuffles: usize,
    /// Coverage of an interval, such as 0.95.
    pub share: f64,
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            resamples: 2000,
            shuffles: 1000,
            share: 0.95,
            seed: 1,
        }
    }
}

/// Lead of the best setting over another on the same cases; positive values favour the best.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    pub value: f64,
    pub interval: [f64; 2],
}

/// The result of one setting.
#[derive(Clone, Debug, PartialEq)]
pub struct RankedSetting {
    /// Index of the setting in the input.
    pub setting: usize,
    pub value: f64,
    pub interval: [f64; 2],
    /// The area under the ROC curve is below 0.5: reversed scores fit better.
    pub reversed: bool,
    /// Reversed, and the whole interval is below 0.5.
    pub flipped: bool,
    pub behind_best: Difference,
    /// The interval of the difference contains 0: these cases cannot distinguish the setting from the best.
    pub inseparable: bool,
}

/// Every setting that has scores, the most plausible first.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranking {
    pub standings: Vec<RankedSetting>,
    /// Share of permutations of the recorded values among the persons in which the best setting was as good: how easily
    /// chance and the selection of the best give such a figure.
    pub chance: f64,
}

/// A setting before it is ranked.
struct Candidate<'a> {
    setting: usize,
    scores: &'a [f64],
    scored: Scored,
    value: f64,
    draws: Vec<f64>,
}

impl Candidate<'_> {
    fn reversed(&self, figure: Figure) -> bool {
        figure == Figure::Auc && self.value < 0.5
    }

    /// How well the setting fits, larger being better: the area under the curve in its better direction, or the
    /// negative error.
    fn merit(&self, figure: Figure, value: f64) -> f64 {
        match figure {
            Figure::Auc if self.reversed(figure) => 1.0 - value,
            Figure::Auc => value,
            Figure::MeanAbsoluteError => -value,
        }
    }
}

/// Ranks settings by their scores on the same cases. `clusters` numbers the persons; `scores[setting]` is `None` for a
/// setting without usable scores, which is left out.
///
/// Order: the figure, with areas under the ROC curve in their better direction; then the separation of the scores in
/// standard deviations, larger first; then input order. All settings use the same resamples, so differences are paired.
pub fn rank(
    truths: &ReferenceValues,
    clusters: &[usize],
    scores: &[Option<&[f64]>],
    options: &Options,
) -> Result<Ranking, Error> {
    if clusters.len() != truths.len() {
        return Err(Error::Lengths {
            scores: clusters.len(),
            truths: truths.len(),
        });
    }
    let figure = truths.figure();
    let mut candidates = Vec::new();
    for (setting, scores) in scores.iter().enumerate() {
        let Some(scores) = *scores else { continue };
        let scored = Scored::new(truths, scores)?;
        candidates.push(Candidate {
            setting,
            scores,
            value: scored.figure(),
            scored,
            draws: Vec::new(),
        });
    }
    let Some(first) = candidates.first() else {
        return Err(Error::Empty);
    };
    let usable = |weights: &[u32]| first.scored.weighted(weights).is_some();
    let resamples = Resamples::new(clusters, options.resamples, options.seed, usable);
    for candidate in &mut candidates {
        let draws = resamples
            .iter()
            .filter_map(|w| candidate.scored.weighted(w));
        candidate.draws = draws.collect();
    }
    sort(&mut candidates, truths);
    let chance = chance(&candidates, truths, clusters, options);
    let standings = candidates
        .iter()
        .map(|c| standing(c, &candidates[0], figure, options.share))
        .collect();
    Ok(Ranking { standings, chance })
}

fn sort(candidates: &mut [Candidate], truths: &ReferenceValues) {
    let figure = truths.figure();
    let distance = |c: &Candidate| distance(truths, c.scores);
    candidates.sort_by(|a, b| {
        let merits = b
            .merit(figure, b.value)
            .total_cmp(&a.merit(figure, a.value));
        merits
            .then_with(|| distance(b).total_cmp(&distance(a)))
            .then(a.setting.cmp(&b.setting))
    });
}

/// Distance between the two labels' mean scores in within-label standard deviations; 0 if undefined.
fn distance(truths: &ReferenceValues, scores: &[f64]) -> f64 {
    let ReferenceValues::Labels(labels) = truths else {
        return 0.0;
    };
    let group = |desired: bool| -> (f64, f64, f64) {
        let members = || scores.iter().zip(labels).filter(|(_, l)| **l == desired);
        let count = members().count() as f64;
        let mean = members().map(|(s, _)| s).sum::<f64>() / count;
        let squares = members().map(|(s, _)| (s - mean) * (s - mean)).sum();
        (count, mean, squares)
    };
    let ((n0, mean0, squares0), (n1, mean1, squares1)) = (group(false), group(true));
    let deviation = ((squares0 + squares1) / (n0 + n1)).sqrt();
    let distance = (mean1 - mean0).abs() / deviation;
    if distance.is_finite() { distance } else { 0.0 }
}

fn standing(candidate: &Candidate, best: &Candidate, figure: Figure, share: f64) -> RankedSetting {
    let spread = |draws: &[f64], value: f64| interval(draws, share).unwrap_or([value; 2]);
    let behind = |a: f64, b: f64| best.merit(figure, a) - candidate.merit(figure, b);
    let value = behind(best.value, candidate.value);
    let draws = best.draws.iter().zip(&candidate.draws);
    let draws: Vec<f64> = draws.map(|(a, b)| behind(*a, *b)).collect();
    let difference = Difference {
        value,
        interval: spread(&draws, value),
    };
    let own = spread(&candidate.draws, candidate.value);
    let reversed = candidate.reversed(figure);
    RankedSetting {
        setting: candidate.setting,
        value: candidate.value,
        interval: own,
        reversed,
        flipped: reversed && own[1] < 0.5,
        behind_best: difference,
        inseparable: difference.interval[0] <= 0.0,
    }
}

/// Permutes the recorded values among the persons and checks how good the best setting would appear.
fn chance(
    candidates: &[Candidate],
    truths: &ReferenceValues,
    clusters: &[usize],
    options: &Options,
) -> f64 {
    let figure = truths.figure();
    let merit = |value: f64| match figure {
        Figure::Auc => value.max(1.0 - value),
        Figure::MeanAbsoluteError => -value,
    };
    let reached = candidates
        .iter()
        .map(|c| merit(c.value))
        .fold(f64::NEG_INFINITY, f64::max);
    let mut persons: Vec<Vec<usize>> =
        vec![Vec::new(); clusters.iter().max().map_or(0, |last| last + 1)];
    for (case, &person) in clusters.iter().enumerate() {
        persons[person].push(case);
    }
    persons.retain(|cases| !cases.is_empty());
    let mut order: Vec<usize> = (0..persons.len()).collect();
    let mut random = Random::new(options.seed ^ 0x5eed);
    let mut as_good = 0_usize;
    for _ in 0..options.shuffles {
        random.shuffle(&mut order);
        // The n-th photograph of a person takes the value recorded for the n-th photograph of another person, or for
        // the last.
        let mut from = vec![0; truths.len()];
        for (person, &other) in persons.iter().zip(&order) {
            for (n, &case) in person.iter().enumerate() {
                from[case] = persons[other][n.min(persons[other].len() - 1)];
            }
        }
        let shuffled = truths.chosen(&from);
        let best = candidates
            .iter()
            .filter_map(|c| Scored::new(&shuffled, c.scores).ok())
            .map(|scored| merit(scored.figure()))
            .fold(f64::NEG_INFINITY, f64::max);
        as_good += usize::from(best >= reached);
    }
    (as_good + 1) as f64 / (options.shuffles + 1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(count: usize) -> ReferenceValues {
        ReferenceValues::Labels((0..count).map(|i| i % 2 == 1).collect())
    }

    fn clusters(count: usize) -> Vec<usize> {
        (0..count).collect()
    }

    /// Reproducible noise from −0.5 to 0.5.
    fn noise(seed: u64, count: usize) -> Vec<f64> {
        let mut random = Random::new(seed);
        (0..count)
            .map(|_| random.below(100_001) as f64 / 1e5 - 0.5)
            .collect()
    }

    fn with_signal(strength: f64, seed: u64, count: usize) -> Vec<f64> {
        let noise = noise(seed, count);
        (0..count)
            .map(|i| noise[i] + strength * (i % 2) as f64)
            .collect()
    }

    fn ranked(truths: &ReferenceValues, scores: &[Vec<f64>]) -> Ranking {
        let given: Vec<Option<&[f64]>> = scores.iter().map(|s| Some(s.as_slice())).collect();
        rank(truths, &clusters(truths.len()), &given, &Options::default()).unwrap()
    }

    #[test]
    fn the_better_setting_comes_first_and_a_worse_one_is_told_apart() {
        let scores = [noise(2, 80), with_signal(0.8, 3, 80)];
        let ranking = ranked(&labels(80), &scores);
        let [best, other] = &ranking.standings[..] else {
            panic!()
        };
        assert_eq!((best.setting, other.setting), (1, 0));
        assert!(best.value > 0.9 && best.interval[0] < best.value);
        assert!(best.inseparable && best.behind_best.value == 0.0);
        assert!(!other.inseparable && other.behind_best.interval[0] > 0.0);
        assert!(ranking.chance < 0.01, "{}", ranking.chance);
    }

    #[test]
    fn settings_that_differ_by_a_hair_cannot_be_separated() {
        let one = with_signal(0.5, 3, 60);
        let other: Vec<f64> = one
            .iter()
            .zip(noise(9, 60))
            .map(|(s, n)| s + 0.05 * n)
            .collect();
        let ranking = ranked(&labels(60), &[one, other]);
        assert!(ranking.standings.iter().all(|s| s.inseparable));
    }

    #[test]
    fn a_flipped_order_of_labels_is_as_good_and_is_said() {
        let flipped: Vec<f64> = with_signal(0.8, 3, 80).iter().map(|s| -s).collect();
        let ranking = ranked(&labels(80), &[noise(2, 80), flipped]);
        let best = &ranking.standings[0];
        assert_eq!(best.setting, 1);
        assert!(best.value < 0.1 && best.flipped && best.reversed);
        assert!(!ranking.standings[1].flipped);
    }

    #[test]
    fn equal_figures_are_ordered_by_the_distance_of_the_scores() {
        let truths = ReferenceValues::Labels(vec![false, false, true, true]);
        let scores = [vec![0.0, 1.0, 1.1, 2.1], vec![0.0, 1.0, 8.0, 9.0]];
        let ranking = ranked(&truths, &scores);
        assert_eq!(ranking.standings[0].setting, 1);
        assert_eq!(ranking.standings[1].behind_best.value, 0.0);
    }

    #[test]
    fn the_best_of_many_useless_settings_is_what_chance_gives() {
        let scores: Vec<Vec<f64>> = (0..30).map(|seed| noise(100 + seed, 40)).collect();
        let ranking = ranked(&labels(40), &scores);
        // Its own interval ignores the selection among thirty; the permutations include it.
        assert!(ranking.standings[0].behind_best.value == 0.0);
        assert!(ranking.chance > 0.05, "{}", ranking.chance);
    }

    #[test]
    fn years_are_ranked_by_their_error() {
        let truths = ReferenceValues::Values((0..60).map(|i| 30.0 + f64::from(i)).collect());
        let off = |by: f64| -> Vec<f64> {
            (0..60)
                .map(|i| 30.0 + f64::from(i) + if i % 2 == 0 { by } else { -by / 2.0 })
                .collect()
        };
        let ranking = ranked(&truths, &[off(9.0), off(3.0)]);
        let best = &ranking.standings[0];
        assert_eq!((best.setting, best.value), (1, 2.25));
        assert!(!best.reversed && !ranking.standings[1].inseparable);
        assert!((ranking.standings[1].behind_best.value - 4.5).abs() < 1e-12);
    }

    #[test]
    fn one_person_is_one_draw_however_many_photographs() {
        let scores = with_signal(0.6, 4, 60);
        let given = [Some(scores.as_slice())];
        let width = |clusters: &[usize]| {
            let ranking = rank(&labels(60), clusters, &given, &Options::default()).unwrap();
            let [low, high] = ranking.standings[0].interval;
            high - low
        };
        // Six persons with ten photographs each, five of each label.
        let few: Vec<usize> = (0..60).map(|i| i / 10).collect();
        assert_ne!(width(&few), width(&clusters(60)));
    }

    #[test]
    fn a_setting_without_scores_is_left_out_and_one_label_is_refused() {
        let scores = with_signal(0.8, 3, 20);
        let options = Options::default();
        let given = [None, Some(scores.as_slice())];
        let ranking = rank(&labels(20), &clusters(20), &given, &options).unwrap();
        assert_eq!(ranking.standings.len(), 1);
        assert_eq!(ranking.standings[0].setting, 1);
        let one = ReferenceValues::Labels(vec![true; 20]);
        let refused = rank(&one, &clusters(20), &given, &options);
        assert_eq!(refused, Err(Error::OneLabel(20)));
        let nothing = rank(&labels(20), &clusters(20), &[None], &options);
        assert_eq!(nothing, Err(Error::Empty));
    }
}
