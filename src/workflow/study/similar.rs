//! The photographs of a study that are most like some of them.
//!
//! Likeness is the cosine of the features, each of which has the mean 0 and the standard deviation 1 over the photographs:
//! otherwise the few that the model's answer depends on decide alone. The nearest photograph of another eye, of 34 drawn
//! eyes by demo-mobilenet, had a median cosine of 0.997 as the features are, 0.975 without their mean and 0.77 so;
//! copies saved as JPEG had 0.98. No cosine separates the two, so that it marks no copies: pixels and coarse copies do.

use super::features::StudyFeatures;
use crate::domain::features::whole;
use crate::domain::{Operation, ResultRow};
use crate::evaluation::records_check::Similar;
use crate::jobs::{ReadAhead, read_ahead};
use crate::numeric::similarity::{BLOCK, Directions};
use crate::progress::{Cancel, Progress};
use crate::storage::memory::available;
use crate::workflow::{Error, memory};

/// For each photograph of `asked` the photographs most like it, at most `most`: near-duplicates of other persons first,
/// then other near-duplicates, then by falling cosine; equal ones in the order of the photographs. Progress counts the
/// photographs asked for.
///
/// # Errors
/// It was cancelled, or there is not enough memory.
pub(super) fn similar<'a>(
    asked: &[usize],
    rows: &[Option<&'a ResultRow>],
    persons: &[Option<&'a str>],
    features: &StudyFeatures,
    most: usize,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Vec<Vec<Similar>>, Error> {
    let compared = Compared::of(rows, features)?;
    progress.start(asked.len() as u64);
    let mut found = Vec::with_capacity(asked.len());
    let blocks = asked.chunks(BLOCK);
    let work = |asked: &[usize]| {
        let mut nearest = compared.nearest(asked, most);
        for (of, nearest) in asked.iter().zip(&mut nearest) {
            cancel.check()?;
            add_same(*of, rows, nearest);
        }
        Ok::<_, Error>(nearest)
    };
    read_ahead(blocks, ReadAhead::all_cores(), cancel, work, |done| {
        for mut nearest in done.map_err(Error::from)?? {
            let of = asked[found.len()];
            for similar in &mut nearest {
                let pair = persons[of].zip(persons[similar.photograph]);
                similar.is_other_person = pair.is_some_and(|(a, b)| a != b);
            }
            nearest.sort_by(|a, b| {
                let rank = |s: &Similar| {
                    (
                        !(s.is_near_duplicate && s.is_other_person),
                        !s.is_near_duplicate,
                    )
                };
                let cosine = |s: &Similar| s.cosine.unwrap_or(f32::MIN);
                let order = rank(a).cmp(&rank(b)).then(cosine(b).total_cmp(&cosine(a)));
                order.then(a.photograph.cmp(&b.photograph))
            });
            nearest.truncate(most);
            found.push(nearest);
            progress.advance();
        }
        Ok::<(), Error>(())
    })?;
    Ok(found)
}

/// The features of all photographs that have any.
struct Compared {
    directions: Directions,
    /// Index of the photograph of each direction.
    photographs: Vec<usize>,
    /// Of each photograph the place of its direction.
    places: Vec<Option<usize>>,
}

impl Compared {
    fn of(rows: &[Option<&ResultRow>], features: &StudyFeatures) -> Result<Self, Error> {
        let mut photographs = Vec::new();
        let mut halves = Vec::new();
        let mut places = vec![None; rows.len()];
        for (at, row) in rows.iter().enumerate() {
            let sum = row.and_then(|row| row.sha256.as_deref());
            if let Some(of) = sum.and_then(|sum| features.get(sum)) {
                places[at] = Some(photographs.len());
                photographs.push(at);
                halves.push(of);
            }
        }
        let vectors = halves
            .iter()
            .map(|halves| halves.iter().map(|half| whole(*half)));
        let need = 4 * (vectors.len() as u64) * (features.length() as u64);
        memory::check(Operation::Start, need, available())?;
        let directions = Directions::of(vectors, features.length());
        let mut directions = directions.ok_or(Error::Memory {
            work: Operation::Start,
            need,
            available: 0,
        })?;
        directions.standardise();
        directions.scale();
        Ok(Self {
            directions,
            photographs,
            places,
        })
    }

    /// The photographs of the largest cosines with each of `asked`, at most `most`, in no order.
    fn nearest(&self, asked: &[usize], most: usize) -> Vec<Vec<Similar>> {
        let mut nearest = vec![Vec::new(); asked.len()];
        let known = asked.iter().enumerate();
        let known = known.filter_map(|(of, at)| Some((of, self.places[*at]?)));
        let (which, places): (Vec<usize>, Vec<usize>) = known.unzip();
        self.directions.cosines(&places, |of, place, cosine| {
            if place == places[of] {
                return;
            }
            let kept: &mut Vec<Similar> = &mut nearest[which[of]];
            let least = |kept: &[Similar]| kept.last().and_then(|last| last.cosine);
            if kept.len() == most && least(kept).is_none_or(|least| cosine <= least) {
                return;
            }
            let at = kept.partition_point(|other| other.cosine >= Some(cosine));
            let similar = Similar {
                photograph: self.photographs[place],
                cosine: Some(cosine),
                is_near_duplicate: false,
                is_other_person: false,
            };
            kept.insert(at, similar);
            kept.truncate(most);
        });
        nearest
    }
}

/// Marks and adds the photographs that have the same pixels as this one, or the same at another size.
fn add_same(of: usize, rows: &[Option<&ResultRow>], nearest: &mut Vec<Similar>) {
    let Some(own) = rows[of] else {
        return;
    };
    let others = rows.iter().enumerate().filter(|(at, _)| *at != of);
    for (at, other) in others {
        if !other.is_some_and(|other| is_same(own, other)) {
            continue;
        }
        match nearest.iter_mut().find(|similar| similar.photograph == at) {
            Some(similar) => similar.is_near_duplicate = true,
            None => nearest.push(Similar {
                photograph: at,
                cosine: None,
                is_near_duplicate: true,
                is_other_person: false,
            }),
        }
    }
}

fn is_same(a: &ResultRow, b: &ResultRow) -> bool {
    if let Some((a, b)) = a.pixels_sha256.as_ref().zip(b.pixels_sha256.as_ref())
        && a == b
    {
        return true;
    }
    let prints = a.fingerprint.as_ref().zip(b.fingerprint.as_ref());
    prints.is_some_and(|(a, b)| a.is_same(b) && a.has_structure())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{EngineUsed, Features, Fingerprint, model_card};
    use crate::export::row::sample;
    use crate::numeric::hex::hex;
    use crate::storage::features::{FeatureFile, FeaturesOf};

    fn row(number: u8) -> ResultRow {
        ResultRow {
            sha256: Some(hex([number; 32])),
            pixels_sha256: Some(number.to_string()),
            fingerprint: None,
            ..sample::case()
        }
    }

    fn features(values: &[(u8, [f32; 3])]) -> StudyFeatures {
        let mut file = FeatureFile::new(FeaturesOf {
            gantei: String::new(),
            card: model_card::example(),
            engine: EngineUsed {
                engine: String::new(),
                provider: String::new(),
                version: String::new(),
            },
            frame: None,
        });
        for (number, values) in values {
            file.add(&hex([*number; 32]), &Features::of_values(*values).unwrap());
        }
        StudyFeatures::of(file)
    }

    fn found(
        asked: &[usize],
        rows: &[ResultRow],
        persons: &[Option<&str>],
        features: &StudyFeatures,
        most: usize,
    ) -> Vec<Vec<Similar>> {
        let rows: Vec<Option<&ResultRow>> = rows.iter().map(Some).collect();
        let (cancel, progress) = (Cancel::new(), Progress::new());
        similar(asked, &rows, persons, features, most, &cancel, &progress).unwrap()
    }

    fn places(similar: &[Similar]) -> Vec<usize> {
        similar.iter().map(|of| of.photograph).collect()
    }

    #[test]
    fn the_nearest_come_first_and_equal_ones_in_the_order_of_the_photographs() {
        let rows: Vec<ResultRow> = (0..5).map(row).collect();
        let features = features(&[
            (0, [1.0, 0.0, 0.0]),
            (1, [-1.0, 0.0, 0.0]),
            (2, [0.9, 0.1, 0.0]),
            (3, [0.9, 0.1, 0.0]),
            (4, [0.0, -1.0, 0.0]),
        ]);
        let found = found(&[0, 1], &rows, &[None; 5], &features, 3);
        assert_eq!(places(&found[0]), [2, 3, 4]);
        assert!(
            found[0]
                .iter()
                .all(|of| !of.is_near_duplicate && !of.is_other_person)
        );
        assert_eq!(found[1].len(), 3);
    }

    #[test]
    fn one_photograph_and_photographs_without_features_have_no_similar_ones() {
        let rows = [row(1)];
        let one = features(&[(1, [1.0, 2.0, 3.0])]);
        assert_eq!(found(&[0], &rows, &[None], &one, 3), [vec![]]);
        let rows: Vec<ResultRow> = (0..3).map(row).collect();
        let none = StudyFeatures::default();
        assert_eq!(found(&[0], &rows, &[None; 3], &none, 3), [vec![]]);
    }

    #[test]
    fn the_same_picture_of_another_person_comes_first_even_without_features() {
        let mut rows: Vec<ResultRow> = (0..5).map(row).collect();
        rows[4].pixels_sha256 = Some("0".to_owned());
        let mut cells = Box::new([0_u8; 256]);
        cells
            .iter_mut()
            .zip((0..=255).step_by(2))
            .for_each(|(cell, value)| *cell = value);
        for at in [0, 3] {
            rows[at].fingerprint = Some(Fingerprint(cells.clone()));
        }
        let persons = [Some("a"), Some("b"), None, Some("a"), Some("b")];
        let features = features(&[
            (0, [1.0, 0.0, 0.0]),
            (1, [1.0, 0.1, 0.0]),
            (2, [0.0, 1.0, 0.0]),
        ]);
        let found = found(&[0], &rows, &persons, &features, 3);
        assert_eq!(places(&found[0]), [4, 3, 1]);
        let marks: Vec<_> = { found[0].iter() }
            .map(|of| {
                (
                    of.is_near_duplicate,
                    of.is_other_person,
                    of.cosine.is_some(),
                )
            })
            .collect();
        assert_eq!(
            marks,
            [
                (true, true, false),
                (true, false, false),
                (false, true, true)
            ]
        );
    }
}
