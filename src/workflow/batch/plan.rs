//! The plan of a run: its photographs in order, the names of their rows and files, and what is known before one is
//! read.

use std::path::Path;

use super::BatchOptions;
use super::message::{Name, Photograph};
use crate::domain::{Laterality, Skipped};
use crate::export::subjects::PhotographRows;
use crate::imaging::{NamePattern, Named, NamedPerson, persons_by_pattern, persons_from_names};
use crate::progress::Cancel;
use crate::storage::file_name;
use crate::storage::scan::{Scan, ScannedFile};
use crate::workflow::Error;
use crate::workflow::mask::mask;
use crate::workflow::scan::{find_photographs, nothing_found};
use crate::workflow::stems::{longest_tail, unique_stems};

pub(super) struct Plan {
    pub photographs: Vec<ScannedFile>,
    /// Their names before numbers replaced them.
    pub own_names: Vec<String>,
    /// Stems of each photograph's output files.
    pub stems: Vec<String>,
    /// What is known of each photograph.
    pub known: Vec<PhotographRows>,
    /// The eye of each by a pattern of names, where there is one.
    pub eyes: Vec<Option<Laterality>>,
    pub skipped: Vec<Skipped>,
    /// Only some of the photographs are run: there are no tables.
    pub is_part: bool,
}

impl Plan {
    /// Finds the photographs of a run; at least one.
    pub fn of(options: &BatchOptions, cancel: &Cancel) -> Result<Self, Error> {
        let mut scan = match &options.study {
            Some(study) => study.photographs.clone(),
            None => find_photographs(&options.inputs, cancel)?,
        };
        let pattern = { options.study.as_ref() }.and_then(|study| study.pattern.as_ref());
        let (mut known, eyes) = known_subjects(&scan, pattern);
        let ages = options.study.iter().flat_map(|study| &study.ages);
        for (known, age) in known.iter_mut().zip(ages) {
            known.age = *age;
        }
        let own_names = scan.found.iter().map(|found| found.name.clone()).collect();
        if options.mask_names {
            mask(&mut scan);
        }
        if scan.found.is_empty() {
            return Err(nothing_found(&scan));
        }
        // The id of a model given as a file comes from the file's name.
        let ids: Vec<String> = options
            .models
            .iter()
            .map(|m| file_name(Path::new(m)))
            .collect();
        let names = scan.found.iter().map(|found| found.name.as_str());
        Ok(Self {
            stems: unique_stems(names, longest_tail(ids.iter().map(String::as_str))),
            known,
            eyes,
            own_names,
            photographs: scan.found,
            skipped: scan.skipped,
            is_part: { options.study.as_ref() }.is_some_and(|study| study.shard.is_some()),
        })
    }

    /// The photograph at an index, as sent to a worker, for all models.
    pub fn reported(&self, index: usize) -> Photograph {
        Photograph {
            index,
            path: Name::of(self.photographs[index].path.clone()),
            name: self.photographs[index].name.clone(),
            masked: self.photographs[index].masked,
            stem: self.stems[index].clone(),
            models: None,
        }
    }
}

/// What is known of the photographs before one is opened, and the eyes that a pattern of names says.
pub(in crate::workflow) fn known_subjects(
    scan: &Scan,
    pattern: Option<&NamePattern>,
) -> (Vec<PhotographRows>, Vec<Option<Laterality>>) {
    let inputs = scan.inputs();
    let named: Vec<Named> = scan
        .found
        .iter()
        .zip(&inputs)
        .map(|(found, input)| Named {
            input: *input,
            name: &found.name,
        })
        .collect();
    let (guesses, eyes) = match pattern {
        None => (persons_from_names(&named), vec![None; named.len()]),
        Some(pattern) => {
            let found = persons_by_pattern(&named, pattern);
            let eye = |found: &Option<NamedPerson>| {
                let eye = found.as_ref()?.eye;
                pattern.has_eye().then_some(eye)
            };
            let eyes = found.iter().map(eye).collect();
            let persons = found.into_iter().map(|found| Some(found?.person));
            (persons.collect(), eyes)
        }
    };
    let rows = guesses.into_iter().zip(inputs);
    let rows = rows.map(|(guess, input)| PhotographRows {
        input,
        guess,
        ..PhotographRows::default()
    });
    (rows.collect(), eyes)
}
