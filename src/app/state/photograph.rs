//! One row of the list: a photograph, how far it has come, and what the models said of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Fundus;
use crate::app::Failure;
use crate::app::pyramid::Pyramid;
use crate::domain::{
    EyeSource, FieldOfView, Finding, FindingCode, Findings, FundusImage, Laterality, ModelCard,
    PatientKey, Pixels, Quality, ResultRow, Subject,
};
use crate::saliency::Recipe;
use crate::storage::naming::PhotographPath;
use crate::workflow::{Answer, Source};

/// A photograph's place in the list, never used twice; later ones are larger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhotoId(pub u64);

/// A photograph ready to be drawn and analysed.
#[derive(Clone, Debug)]
pub struct Opened {
    /// With the eye as the person corrected it, where they did.
    pub image: FundusImage,
    pub pyramid: Pyramid,
    /// Small picture for the list.
    pub thumbnail: Arc<Pixels>,
}

/// How far a photograph has come.
#[derive(Clone, Debug)]
pub enum Opening {
    /// In the list; its pixels were not asked for, or were let go to keep memory bounded.
    Closed,
    /// Waits for its turn or is being read.
    Pending,
    Ready(Arc<Opened>),
    Failed(Failure),
}

/// What is kept of a photograph that was read once, also when its pixels are let go.
#[derive(Clone, Debug)]
pub struct Known {
    /// Digest of the file the answers belong to.
    pub sha256: String,
    pub width: u32,
    pub height: u32,
    pub eye: Laterality,
    pub eye_source: EyeSource,
    pub eye_guess: Laterality,
    /// Whose it is, where the file says so.
    pub patient: Option<PatientKey>,
    pub quality: Quality,
    pub field_of_view: Option<FieldOfView>,
    pub pixels_sha256: String,
    pub findings: Findings,
    pub thumbnail: Arc<Pixels>,
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
            quality: image.quality,
            field_of_view: image.field_of_view,
            pixels_sha256: image.pixels_sha256.clone(),
            findings: image.findings.clone(),
            thumbnail,
        }
    }

    /// Whether it gets no answer, see [`crate::domain::is_refused`].
    pub fn is_refused(&self) -> bool {
        crate::domain::is_refused(Some(self.quality), &self.findings)
    }

    /// A row without an answer, as full as the command line writes it.
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
            field_of_view: self.field_of_view,
            findings: self.findings.clone(),
            ..ResultRow::unopened(image, card)
        }
    }
}

/// How the last run on a photograph ended, where it gave no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunEnd {
    Cancelled,
    /// Why, by model.
    Failed(BTreeMap<String, Failure>),
}

/// Which map of which model.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MapKey {
    pub model: String,
    pub recipe: Recipe,
}

/// One row of the list.
#[derive(Clone, Debug)]
pub struct Photograph {
    pub id: PhotoId,
    /// Stands for the name where names are hidden: from 1 in the order of adding, never used twice.
    pub number: usize,
    pub source: Source,
    /// Where it was found.
    pub place: PhotographPath,
    /// The path below what was given, with folders in front where names would be equal; with `/`.
    pub name: String,
    /// Number of the input that it came with.
    pub(in crate::app) input: usize,
    /// The person that the names of the list suggest; a guess that is always called one.
    pub(in crate::app) guess: Option<String>,
    /// Whether it is to count for its eye and person, as the user stated it.
    pub by_user: Option<bool>,
    /// Whose it is, and whether it counts.
    pub subject: Subject,
    pub opening: Opening,
    /// Its pixels were asked for by someone who waits; asking again would only read the file twice.
    pub awaited: bool,
    /// A small picture was asked for and has not come yet.
    pub glancing: bool,
    pub known: Option<Known>,
    /// The eye as the person stated it.
    pub eye_by_hand: Option<Laterality>,
    /// The person wants it used although it does not look like a fundus photograph.
    pub accepted: bool,
    /// Answers by model, without maps.
    pub answers: BTreeMap<String, Arc<Answer>>,
    /// The same answers with a map each, by model and recipe: no map is ever looked up under another's name.
    pub maps: BTreeMap<MapKey, Arc<Answer>>,
    /// Disc, fovea and what follows from them.
    pub fundus: Fundus,
    pub run_end: Option<RunEnd>,
    /// Rises with every selection; the smallest is let go first.
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
            subject: Subject::default(),
            opening: Opening::Closed,
            awaited: false,
            glancing: false,
            known: None,
            eye_by_hand: None,
            accepted: false,
            answers: BTreeMap::new(),
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

    /// The last part of the name, without folders.
    pub fn file_name(&self) -> &str {
        self.name.rsplit('/').next().unwrap_or(&self.name)
    }

    /// The eye as far as it is known: the person's word first.
    pub fn eye(&self) -> Laterality {
        self.eye_by_hand
            .or(self.known.as_ref().map(|k| k.eye))
            .unwrap_or_default()
    }

    /// True where it does not look like a fundus photograph and the person did not say to use it all the same.
    pub fn is_refused(&self) -> bool {
        self.known.as_ref().is_some_and(Known::is_refused)
    }

    /// The person that it is taken for: a known one, else the guess.
    pub fn person(&self) -> Option<&str> {
        let known = self.subject.person.as_ref().map(|p| p.name.as_str());
        known.or(self.subject.guess.as_deref())
    }

    /// Digest of the file that was read.
    pub fn sha256(&self) -> Option<&str> {
        self.known.as_ref().map(|k| k.sha256.as_str())
    }

    /// A model's answer with its map by this recipe, or without a map while there is none.
    pub fn answer(&self, model: &str, recipe: &Recipe) -> Option<&Arc<Answer>> {
        self.map(model, recipe).or_else(|| self.answers.get(model))
    }

    /// A model's answer with its map by this recipe.
    pub fn map(&self, model: &str, recipe: &Recipe) -> Option<&Arc<Answer>> {
        self.maps.get(&MapKey {
            model: model.to_owned(),
            recipe: recipe.clone(),
        })
    }

    /// What the answers and maps found worth telling.
    pub fn findings_of_answers(&self) -> impl Iterator<Item = &Finding> {
        let answers = self.answers.values().chain(self.maps.values());
        answers.flat_map(|a| &a.case.findings)
    }

    /// True for an answer that began before the person said to use the picture all the same, or no longer to.
    pub fn is_overruled(&self, answer: &Answer) -> bool {
        let overruled = self.overruled();
        answer.case.findings.iter().any(|f| f.code == overruled)
    }

    /// The finding of what was read or answered before the person's last word on the picture.
    pub fn overruled(&self) -> FindingCode {
        match self.accepted {
            true => FindingCode::NotAFundus,
            false => FindingCode::NotAFundusAccepted,
        }
    }

    /// Takes in what a run answered, and its map where it made one; an overruled answer is dropped.
    pub fn take_answer(&mut self, model: String, answer: Arc<Answer>) {
        if self.is_overruled(&answer) {
            return;
        }
        self.answers
            .insert(model.clone(), Arc::new(without_map(&answer)));
        if let Some(made) = &answer.made {
            let recipe = made.recipe.clone();
            self.maps.insert(MapKey { model, recipe }, answer);
        }
    }

    /// Stores a map that was asked for, unless it is overruled. Its model's own answer stays if there is one.
    pub fn take_map(&mut self, key: MapKey, answer: Arc<Answer>) {
        if self.is_overruled(&answer) {
            return;
        }
        self.answers
            .entry(key.model.clone())
            .or_insert_with(|| Arc::new(without_map(&answer)));
        self.maps.insert(key, answer);
    }

    /// Lets go of the answers, and their maps, that do not hold.
    pub fn keep_answers(&mut self, holds: impl Fn(&str, &Answer) -> bool) {
        self.answers.retain(|model, answer| holds(model, answer));
        self.maps.retain(|key, answer| holds(&key.model, answer));
        self.fundus.keep(&self.maps, &self.answers);
    }

    /// Every answer, with a map or without.
    pub fn every_answer_mut(&mut self) -> impl Iterator<Item = &mut Arc<Answer>> {
        self.answers.values_mut().chain(self.maps.values_mut())
    }

    /// Notes that a run of this model failed; failures of others stay.
    pub fn failed_run(&mut self, model: &str, failure: Failure) {
        match &mut self.run_end {
            Some(RunEnd::Failed(failures)) => {
                failures.insert(model.to_owned(), failure);
            }
            end => *end = Some(RunEnd::Failed([(model.to_owned(), failure)].into())),
        }
    }

    /// Forgets how earlier runs of these models ended.
    pub fn begins_run(&mut self, models: &[String]) {
        if let Some(RunEnd::Failed(failures)) = &mut self.run_end {
            failures.retain(|model, _| !models.contains(model));
            if !failures.is_empty() {
                return;
            }
        }
        self.run_end = None;
    }

    /// Why the file could not be opened or the first of its failed runs failed.
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

    /// True when the file could not be opened or its last run failed.
    pub fn has_failed(&self) -> bool {
        self.failure().is_some()
    }
}

/// An answer without its map, and without what was found in that.
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
