//! The four signs that carry the recorded label, and the best performance that any reader of them can reach.
//!
//! Each eye has one latent value per sign. Given the label it is normal with unit variance and mean +d/2 (male) or −d/2
//! (female), independent of the other signs, of the fellow eye and of everything else that is drawn. The visible effect
//! is a linear function of the latent value, clipped at ±[`LATENT_LIMIT`]. Directions follow the literature if it
//! reports one (darker around the disc in men, rounder disc in men, supratemporal artery farther from the macula in
//! men); it reports none for the foveal reflex, and "weaker in men" is our convention. The sizes d are far larger than
//! in people: the signs are meant to be found by a small network and by a student, not to describe the sexes.
//!
//! For unit variances the log-likelihood ratio of one eye is Σ dᵢ·vᵢ, and the area under the ROC curve of that ideal
//! observer is Φ(√(Σ dᵢ²) / √2): Green and Swets, Signal Detection Theory, with d′² = Σ dᵢ².

use crate::numeric::random::Xoshiro256;
use serde::Serialize;
use strum::{EnumCount, IntoStaticStr, VariantArray};

/// Latent values beyond this many standard deviations look the same.
pub const LATENT_LIMIT: f64 = 3.0;

/// The sex recorded for a drawn person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum RecordedSex {
    #[serde(rename = "F")]
    Female,
    #[serde(rename = "M")]
    Male,
}

impl RecordedSex {
    /// `F` or `M`, as in `labels.csv`.
    pub fn letter(self) -> &'static str {
        match self {
            Self::Female => "F",
            Self::Male => "M",
        }
    }
}

/// A sign that carries the label.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    EnumCount,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Sign {
    /// Darkness of the ring around the optic disc; effect in optical density (natural logarithm, green).
    PeripapillaryDarkness,
    /// Brightness of the reflex in the foveal pit; effect as the added share of white light at its centre.
    FovealReflex,
    /// Height of the disc divided by its width.
    DiscOvality,
    /// Shift of the supratemporal artery away from the fovea; effect in disc-fovea distances.
    ArteryAngle,
}

impl Sign {
    /// Every sign, in the order of the latent values.
    pub const ALL: [Self; Self::COUNT] =
        *Self::VARIANTS.first_chunk().expect("as many as there are");

    /// Distance d between the class means of the latent value, in standard deviations.
    pub fn separation(self) -> f64 {
        match self {
            Self::PeripapillaryDarkness | Self::FovealReflex => 1.7,
            Self::DiscOvality => 1.0,
            Self::ArteryAngle => 0.6,
        }
    }

    /// The visible effect of a latent value, in the unit given at each variant.
    pub fn effect(self, latent: f64) -> f64 {
        let v = latent.clamp(-LATENT_LIMIT, LATENT_LIMIT);
        match self {
            Self::PeripapillaryDarkness => 0.27 + 0.085 * v,
            Self::FovealReflex => 0.18 - 0.06 * v,
            Self::DiscOvality => 1.17 - 0.075 * v,
            Self::ArteryAngle => 0.05 * v,
        }
    }

    /// The name in `signs.json`.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The unit of the effect, in words.
    pub fn unit(self) -> &'static str {
        match self {
            Self::PeripapillaryDarkness => "optical density (natural logarithm, green)",
            Self::FovealReflex => "share of white light added at the centre",
            Self::DiscOvality => "height over width",
            Self::ArteryAngle => "disc-fovea distances away from the fovea",
        }
    }

    fn index(self) -> usize {
        self as usize
    }
}

/// The latent values of one eye, in standard deviations; larger values favour male.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Latents {
    values: [f64; Sign::COUNT],
}

impl Latents {
    /// Draws the latent values of an eye with this label.
    pub(super) fn draw(sex: RecordedSex, random: &mut Xoshiro256) -> Self {
        let side = match sex {
            RecordedSex::Female => -0.5,
            RecordedSex::Male => 0.5,
        };
        Self {
            values: Sign::ALL.map(|sign| side * sign.separation() + random.normal()),
        }
    }

    /// The latent value of a sign.
    pub fn value(&self, sign: Sign) -> f64 {
        self.values[sign.index()]
    }

    /// The same eye with one latent value changed.
    #[cfg(test)]
    pub fn with(mut self, sign: Sign, value: f64) -> Self {
        self.values[sign.index()] = value;
        self
    }

    /// The visible effect of a sign.
    pub fn effect(&self, sign: Sign) -> f64 {
        sign.effect(self.value(sign))
    }

    /// The ideal observer's logit: the log-likelihood ratio of male over female.
    pub fn ideal_logit(&self) -> f64 {
        Sign::ALL
            .iter()
            .map(|sign| sign.separation() * self.value(*sign))
            .sum()
    }

    /// The ideal observer's probability of male, for equal numbers of both labels.
    pub fn ideal_probability(&self) -> f64 {
        1.0 / (1.0 + libm::exp(-self.ideal_logit()))
    }
}

/// The area under the ROC curve of the ideal observer, one eye at a time.
pub fn best_auc() -> f64 {
    let squares: f64 = Sign::ALL
        .iter()
        .map(|sign| sign.separation() * sign.separation())
        .sum();
    // Φ(x) = erfc(−x/√2)/2 with x = √squares/√2.
    0.5 * libm::erfc(-libm::sqrt(squares) / 2.0)
}

/// The area under the ROC curve of scores of the two classes (ties count half); `None` when a class is empty.
pub fn auc(scores: &[(RecordedSex, f64)]) -> Option<f64> {
    let mut sorted: Vec<_> = scores.to_vec();
    sorted.sort_by(|a, b| a.1.total_cmp(&b.1));
    let males = sorted
        .iter()
        .filter(|(sex, _)| *sex == RecordedSex::Male)
        .count();
    let females = sorted.len() - males;
    if males == 0 || females == 0 {
        return None;
    }
    let mut rank_sum = 0.0;
    let mut start = 0;
    while start < sorted.len() {
        let ties = sorted[start..]
            .iter()
            .take_while(|(_, score)| *score == sorted[start].1)
            .count();
        let mean_rank = start as f64 + (ties as f64 + 1.0) / 2.0;
        let tied_males = sorted[start..start + ties]
            .iter()
            .filter(|(sex, _)| *sex == RecordedSex::Male)
            .count();
        rank_sum += mean_rank * tied_males as f64;
        start += ties;
    }
    let (m, f) = (males as f64, females as f64);
    Some((rank_sum - m * (m + 1.0) / 2.0) / (m * f))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(count: u64) -> Vec<(RecordedSex, Latents)> {
        (0..count)
            .map(|i| {
                let sex = if i % 2 == 0 {
                    RecordedSex::Female
                } else {
                    RecordedSex::Male
                };
                (sex, Latents::draw(sex, &mut Xoshiro256::stream(11, i, 2)))
            })
            .collect()
    }

    #[test]
    fn ideal_observer_reaches_the_theoretical_auc() {
        let scores: Vec<_> = drawn(4_000)
            .iter()
            .map(|(sex, latents)| (*sex, latents.ideal_logit()))
            .collect();
        let empirical = auc(&scores).unwrap();
        assert!((best_auc() - 0.97).abs() < 0.002, "{}", best_auc());
        assert!(
            (empirical - best_auc()).abs() < 0.008,
            "{empirical} against {}",
            best_auc()
        );
    }

    #[test]
    fn each_sign_alone_has_its_own_separation() {
        let eyes = drawn(4_000);
        for sign in Sign::ALL {
            let mean = |desired| {
                let values: Vec<f64> = eyes
                    .iter()
                    .filter(|e| e.0 == desired)
                    .map(|e| e.1.value(sign))
                    .collect();
                values.iter().sum::<f64>() / values.len() as f64
            };
            let difference = mean(RecordedSex::Male) - mean(RecordedSex::Female);
            assert!(
                (difference - sign.separation()).abs() < 0.12,
                "{sign:?} {difference}"
            );
        }
    }

    #[test]
    fn effects_are_clipped_lines_in_the_documented_direction() {
        for sign in Sign::ALL {
            let slope = sign.effect(1.0) - sign.effect(0.0);
            let expected_rise = matches!(sign, Sign::PeripapillaryDarkness | Sign::ArteryAngle);
            assert_eq!(slope > 0.0, expected_rise, "{sign:?}");
            assert!((sign.effect(2.0) - sign.effect(1.0) - slope).abs() < 1e-12);
            assert_eq!(sign.effect(9.0), sign.effect(LATENT_LIMIT));
        }
    }

    #[test]
    fn auc_counts_pairs() {
        use RecordedSex::{Female as F, Male as M};
        assert_eq!(auc(&[(F, 0.1), (M, 0.9)]), Some(1.0));
        assert_eq!(auc(&[(F, 0.5), (M, 0.5)]), Some(0.5));
        assert_eq!(auc(&[(F, 0.3), (M, 0.2), (F, 0.1), (M, 0.4)]), Some(0.75));
        assert_eq!(auc(&[(M, 0.3)]), None);
    }
}
