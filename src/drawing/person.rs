//! The drawn person: an age, a recorded sex and two eyes, each with its own signs.

use super::signs::{Latents, RecordedSex};
use crate::numeric::random::Xoshiro256;

/// Purposes of the random streams; each new kind of object takes a new number.
const PURPOSE_PERSON: u64 = 1;
const PURPOSE_EYE: u64 = 16;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// OD: the disc is to the right of the fovea in the picture.
    Right,
    /// OS: the disc is to the left of the fovea in the picture.
    Left,
}

impl Side {
    /// `OD` or `OS`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Right => "OD",
            Self::Left => "OS",
        }
    }
}

/// A drawn person.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Person {
    /// Number of the person under the seed, from 0.
    pub index: u64,
    pub sex: RecordedSex,
    /// 20 to 85.
    pub age_years: u8,
    pub right: Eye,
    pub left: Eye,
}

/// One eye of a drawn person: everything that determines its picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Eye {
    pub side: Side,
    pub age_years: u8,
    /// The latent values, which carry the label.
    pub latents: Latents,
    /// Seeds what both eyes of the person share: camera, fundus colour, rough anatomy.
    pub(super) person_seed: u64,
    /// Seeds what is specific to this eye.
    pub(super) eye_seed: u64,
}

impl Person {
    /// `00000`, `00001`, …: the identifier in file names and tables.
    pub fn identifier(&self) -> String {
        format!("{:05}", self.index)
    }
}

#[cfg(test)]
impl Eye {
    /// The same eye with other latent values; everything else is unchanged.
    pub fn with_latents(mut self, latents: Latents) -> Self {
        self.latents = latents;
        self
    }
}

/// The `index`-th person under `seed`: both labels are equally likely, age is uniform and independent of the label.
pub fn person(seed: u64, index: u64) -> Person {
    let mut random = Xoshiro256::stream(seed, index, PURPOSE_PERSON);
    let sex = if random.chance(0.5) {
        RecordedSex::Female
    } else {
        RecordedSex::Male
    };
    let age_years = 20 + (random.unit() * 66.0) as u8;
    let person_seed = random.bits();
    let eye = |side: Side, number: u64| {
        let mut own = Xoshiro256::stream(seed, index, PURPOSE_EYE + number);
        let latents = Latents::draw(sex, &mut own);
        Eye {
            side,
            age_years,
            latents,
            person_seed,
            eye_seed: own.bits(),
        }
    };
    let right = eye(Side::Right, 0);
    let left = eye(Side::Left, 1);
    Person {
        index,
        sex,
        age_years,
        right,
        left,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn age_and_label_are_independent_and_balanced() {
        let people: Vec<Person> = (0..4_000).map(|i| person(9, i)).collect();
        let mean_age = |sex| {
            let ages: Vec<f64> = people
                .iter()
                .filter(|p| p.sex == sex)
                .map(|p| f64::from(p.age_years))
                .collect();
            (ages.iter().sum::<f64>() / ages.len() as f64, ages.len())
        };
        let (female_age, females) = mean_age(RecordedSex::Female);
        let (male_age, _) = mean_age(RecordedSex::Male);
        assert!((1_850..2_150).contains(&females), "{females}");
        assert!(
            (female_age - male_age).abs() < 2.0,
            "{female_age} against {male_age}"
        );
        assert!(people.iter().all(|p| (20..=85).contains(&p.age_years)));
    }

    #[test]
    fn the_two_eyes_have_their_own_signs() {
        let p = person(1, 4);
        assert_ne!(p.right.latents, p.left.latents);
        assert_ne!(p.right.eye_seed, p.left.eye_seed);
        assert_eq!(p.right.person_seed, p.left.person_seed);
        assert_eq!(p, person(1, 4));
    }
}
