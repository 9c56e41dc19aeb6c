//! One row of the list: a photograph, its progress and the models' answers.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Fundus;
use crate::app::Failure;
use crate::app::pyramid::Pyramid;
use crate::domain::{
    Applicability, CameraFacts, Detail, EyeSource, FieldOfView, Finding, FindingCode, Findings,
    Fingerprint, FundusImage, Laterality, Measured, ModelCard, PatientKey, Pixels, Quality,
    ResultRow, Subject,
};
use crate::saliency::Recipe;
use crate::storage::naming::PhotographPath;
use crate::workflow::{Answer, Source};

/// A photograph's id in the list, never reused; later ones are larger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhotoId(pub u64);

/// A photograph ready to be drawn and analysed.
#[derive(Clone, Debug)]
pub struct Opened {
    /// With the eye as corrected by the user, if it was.
    pub image: FundusImage,
    pub pyramid: Pyramid,
    /// Small picture for the list.
    pub thumbnail: Arc<Pixels>,
}

/// Progress of reading a photograph.
#[derive(Clone, Debug)]
pub enum Opening {
    /// In the list; its pixels were not requested, or were released to bound memory.
    Closed,
    /// Queued or being read.
    Pending,
    Ready(Arc<Opened>),
    Failed(Failure),
}

/// What is kept of a photograph that was read once, even if its pixels are released.
#[derive(Clone, Debug)]
pub struct Known {
    /// Digest of the file that the answers belong to.
    pub sha256: String,
    pub width: u32,
    pub height: u32,
    pub eye: Laterality,
    pub eye_source: EyeSource,
    pub eye_guess: Laterality,
    /// The patient, if the file names one.
    pub patient: Option<PatientKey>,
    /// The camera that the file names, for the screen alone.
    pub camera: Option<CameraFacts>,
    pub quality: Quality,
    /// The figures behind the quality; `None` for a picture that is not a fundus photograph.
    pub measured: Option<Measured>,
    pub fingerprint: Option<Fingerprint>,
    pub field_of_view: Option<FieldOfView>,
    pub pixels_sha256: String,
    pub findings: Findings,
    /// `None` while it is known from a run alone.
    pub thumbnail: Option<Arc<Pixels>>,
}

impl Known {
    pub fn of(image: &FundusImage, thumbnail: Arc<Pixels>) -> Self {
        Self {
            sha256: image.sha256.clone(),
            width: image.pixels.width,
            height: image.pixels.height,
            eye: image.eye,
            eye_source: image.eye_source,
            eye_guess: image.eye_guess,
            patient: image.patient,
            camera: image.camera.clone(),
            quality: image.quality,
            measured: image.measured,
            fingerprint: image.fingerprint.clone(),
            field_of_view: image.field_of_view,
            pixels_sha256: image.pixels_sha256.clone(),
            findings: image.findings.clone(),
            thumbnail: Some(thumbnail),
        }
    }

    /// What a row says of its photograph; `None` if it was not opened.
    pub fn of_row(row: &ResultRow) -> Option<Self> {
        Some(Self {
            sha256: row.sha256.clone()?,
            width: row.width?,
            height: row.height?,
            eye: row.eye,
            eye_source: row.eye_source,
            eye_guess: row.eye_guess,
            patient: None,
            camera: None,
            quality: row.quality?,
            measured: row.measured,
            fingerprint: row.fingerprint.clone(),
            field_of_view: row.field_of_view,
            pixels_sha256: row.pixels_sha256.clone()?,
            findings: row.findings.clone(),
            thumbnail: None,
        })
    }

    /// How far published models apply to it.
    pub fn applicability(&self) -> Applicability {
        Applicability::of(&self.findings, self.measured.as_ref())
    }

    /// Whether it gets no answer, see [`crate::domain::is_refused`].
    pub fn is_refused(&self) -> bool {
        crate::domain::is_refused(Some(self.quality), &self.findings)
    }

    /// Of a file with several frames: the frame in view and their number, both from 1.
    pub fn frame(&self) -> Option<(u32, u32)> {
        let mut details = self.findings.iter().filter_map(|f| f.detail.as_ref());
        details.find_map(|detail| match detail {
            Detail::Frame { frame, frames } => Some((*frame, *frames)),
            _ => None,
        })
    }

    /// A row without an answer, as complete as the command line writes it.
    pub fn case(&self, image: &str, card: Arc<ModelCard>) -> ResultRow {
        ResultRow {
            sha256: Some(self.sha256.clone()),
            width: Some(self.width),
            height: Some(self.height),
            pixels_sha256: Some(self.pixels_sha256.clone()),
            eye: self.eye,
            eye_source: self.eye_source,
            eye_guess: self.eye_guess,
            quality: Some(self.quality),
            measured: self.measured,
            fingerprint: self.fingerprint.clone(),
            field_of_view: self.field_of_view,
            findings: self.findings.clone(),
            ..ResultRow::unopened(image, card)
        }
    }
}

/// How the last run on a photograph ended, if it gave no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunEnd {
    Cancelled,
    /// The reasons, by model.
    Failed(BTreeMap<String, Failure>),
}

/// Identifies a map of a model.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MapKey {
    pub model: String,
    pub recipe: Recipe,
}

/// One row of the list.
#[derive(Clone, Debug)]
pub struct Photograph {
    pub id: PhotoId,
    /// Replaces the name if names are masked: from 1 in the order of adding, never reused.
    pub number: usize,
    pub source: Source,
    pub place: PhotographPath,
    /// The path relative to what was given, with folders in front if names would be equal; separated by `/`.
    pub name: String,
    /// Number of the input that it came from.
    pub(crate) input: usize,
    /// The person suggested by the file names; a guess, and always labelled as one.
    pub(in crate::app) guess: Option<String>,
    /// Whether it counts for its eye and person, as stated by the user.
    pub by_user: Option<bool>,
    /// Recorded age of the person in years, by the labels that were confirmed.
    pub age: Option<f64>,
    /// The person it belongs to, and whether it counts.
    pub subject: Subject,
    pub opening: Opening,
    /// Its pixels were requested urgently; requesting them again would read the file twice.
    pub awaited: bool,
    /// A thumbnail was requested and has not arrived yet.
    pub glancing: bool,
    pub known: Option<Known>,
    /// The number of frames of the file, while nothing is known of the chosen one.
    pub frames: Option<u32>,
    /// The eye as stated by the user.
    pub eye_by_hand: Option<Laterality>,
    /// The eye that its name says by the accepted pattern; `None` while no pattern was accepted.
    pub(in crate::app) named_eye: Option<Laterality>,
    /// The user accepted it although it does not look like a fundus photograph.
    pub accepted: bool,
    /// Answers by model, without maps.
    pub answers: BTreeMap<String, Arc<Answer>>,
    /// The models whose answers are in a file: exported, or stored by a run with a folder.
    pub stored: BTreeSet<String>,
    /// The same answers with a map each, by model and recipe: a map is never used under another key.
    pub maps: BTreeMap<MapKey, Arc<Answer>>,
    /// Disc, fovea and what is derived from them.
    pub fundus: Fundus,
    pub run_end: Option<RunEnd>,
    /// Increases with every selection; the pixels with the smallest value are released first.
    pub last_used: u64,
}

impl Photograph {
    pub fn new(id: PhotoId, number: usize, source: Source, place: PhotographPath) -> Self {
        Self {
            id,
            number,
            source,
            name: place.below.clone(),
            place,
            input: 0,
            guess: None,
            by_user: None,
            age: None,
            subject: Subject::default(),
            opening: Opening::Closed,
            awaited: false,
            glancing: false,
            known: None,
            frames: None,
            eye_by_hand: None,
            named_eye: None,
            accepted: false,
            answers: BTreeMap::new(),
            stored: BTreeSet::new(),
            maps: BTreeMap::new(),
            fundus: Fundus::default(),
            run_end: None,
            last_used: 0,
        }
    }

    pub fn opened(&self) -> Option<&Arc<Opened>> {
        match &self.opening {
            Opening::Ready(opened) => Some(opened),
            _ => None,
        }
    }

    /// True if its picture in the list was not read yet.
    pub fn lacks_thumbnail(&self) -> bool {
        self.known.as_ref().is_none_or(|k| k.thumbnail.is_none())
    }

    /// The last part of the name, without folders.
    pub fn file_name(&self) -> &str {
        self.name.rsplit('/').next().unwrap_or(&self.name)
    }

    /// The frame in view and the number of frames, of a file with several.
    pub fn frame(&self) -> Option<(u32, u32)> {
        let known = self.known.as_ref().and_then(Known::frame);
        let (_, frames) = known.or(self.frames.map(|frames| (1, frames)))?;
        Some((self.source.frame().unwrap_or(1), frames))
    }

    /// The eye as far as it is known; the user's statement has priority.
    pub fn eye(&self) -> Laterality {
        self.eye_by_hand
            .or(self.known.as_ref().map(|k| k.eye))
            .unwrap_or_default()
    }

    /// True if it does not look like a fundus photograph and the user has not accepted it.
    pub fn is_refused(&self) -> bool {
        self.known.as_ref().is_some_and(Known::is_refused)
    }

    /// The person it is assigned to: a known one, else the guess.
    pub fn person(&self) -> Option<&str> {
        let known = self.subject.person.as_ref().map(|p| p.name.as_str());
        known.or(self.subject.guess.as_deref())
    }

    /// Digest of the file that was read.
    pub fn sha256(&self) -> Option<&str> {
        self.known.as_ref().map(|k| k.sha256.as_str())
    }

    /// How far a model, or published models in general, apply to it; `None` if it has not been opened.
    pub fn applicability(&self, card: Option<&ModelCard>) -> Option<Applicability> {
        let known = self.known.as_ref()?;
        let answer = card.and_then(|card| self.answers.get(&card.id));
        let of_answer = answer.and_then(|answer| answer.case.applicability());
        of_answer.or_else(|| {
            let all = known.applicability();
            Some(match card {
                Some(card) => all.of_person(self.age, card),
                None => all,
            })
        })
    }

    /// A model's answer with its map of this recipe, or without a map if there is none.
    pub fn answer(&self, model: &str, recipe: &Recipe) -> Option<&Arc<Answer>> {
        self.map(model, recipe).or_else(|| self.answers.get(model))
    }

    /// A model's answer with its map of this recipe.
    pub fn map(&self, model: &str, recipe: &Recipe) -> Option<&Arc<Answer>> {
        self.maps.get(&MapKey {
            model: model.to_owned(),
            recipe: recipe.clone(),
        })
    }

    /// Findings of the answers and maps.
    pub fn findings_of_answers(&self) -> impl Iterator<Item = &Finding> {
        let answers = self.answers.values().chain(self.maps.values());
        answers.flat_map(|a| &a.case.findings)
    }

    /// True for an answer that began before the user accepted the picture, or withdrew that.
    pub fn is_overruled(&self, answer: &Answer) -> bool {
        let overruled = self.overruled();
        answer.case.findings.iter().any(|f| f.code == overruled)
    }

    /// The finding that marks what was read or computed before the user's last decision about the picture.
    pub fn overruled(&self) -> FindingCode {
        match self.accepted {
            true => FindingCode::NotAFundus,
            false => FindingCode::NotAFundusAccepted,
        }
    }

    /// Stores the answer of a run, and its map if it computed one; an overruled answer is dropped.
    pub fn take_answer(&mut self, model: String, answer: Arc<Answer>) {
        if self.is_overruled(&answer) {
            return;
        }
        self.stored.remove(&model);
        self.answers
            .insert(model.clone(), Arc::new(without_map(&answer)));
        if let Some(made) = &answer.made {
            let recipe = made.recipe.clone();
            self.maps.insert(MapKey { model, recipe }, answer);
        }
    }

    /// Stores a requested map, unless it is overruled. An existing answer of its model stays.
    pub fn take_map(&mut self, key: MapKey, answer: Arc<Answer>) {
        if self.is_overruled(&answer) {
            return;
        }
        // The map is in no file yet.
        self.stored.remove(&key.model);
        self.answers
            .entry(key.model.clone())
            .or_insert_with(|| Arc::new(without_map(&answer)));
        self.maps.insert(key, answer);
    }

    /// Removes the answers that no longer hold, and their maps.
    pub fn keep_answers(&mut self, holds: impl Fn(&str, &Answer) -> bool) {
        self.answers.retain(|model, answer| holds(model, answer));
        self.stored.retain(|model| self.answers.contains_key(model));
        self.maps.retain(|key, answer| holds(&key.model, answer));
        self.fundus.keep(&self.maps, &self.answers);
    }

    /// Every answer, with or without a map.
    pub fn every_answer_mut(&mut self) -> impl Iterator<Item = &mut Arc<Answer>> {
        self.answers.values_mut().chain(self.maps.values_mut())
    }

    /// Records that a run of this model failed; failures of other models stay.
    pub fn failed_run(&mut self, model: &str, failure: Failure) {
        match &mut self.run_end {
            Some(RunEnd::Failed(failures)) => {
                failures.insert(model.to_owned(), failure);
            }
            end => *end = Some(RunEnd::Failed([(model.to_owned(), failure)].into())),
        }
    }

    /// Clears how earlier runs of these models ended.
    pub fn begins_run(&mut self, models: &[String]) {
        if let Some(RunEnd::Failed(failures)) = &mut self.run_end {
            failures.retain(|model, _| !models.contains(model));
            if !failures.is_empty() {
                return;
            }
        }
        self.run_end = None;
    }

    /// Why the file could not be opened, or why the first of its failed runs failed.
    pub fn failure(&self) -> Option<&Failure> {
        match (&self.opening, &self.run_end) {
            (Opening::Failed(failure), _) => Some(failure),
            (_, Some(RunEnd::Failed(failures))) => failures.values().next(),
            (
                Opening::Closed | Opening::Pending | Opening::Ready(_),
                None | Some(RunEnd::Cancelled),
            ) => None,
        }
    }

    /// True if the file could not be opened or its last run failed.
    pub fn has_failed(&self) -> bool {
        self.failure().is_some()
    }
}

/// An answer without its map and without the map's findings.
fn without_map(answer: &Answer) -> Answer {
    let mut bare = Answer {
        case: ResultRow {
            saliency: None,
            ..answer.case.clone()
        },
        map: None,
        made: None,
        sanity_checks: None,
        covered: None,
        geometry: answer.geometry,
    };
    bare.case
        .findings
        .retain(|f| f.code != FindingCode::EvidenceOutsideEye);
    bare
}
