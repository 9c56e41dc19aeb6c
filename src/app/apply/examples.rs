//! Small photographs, models and answers for tests of the state.

use std::sync::Arc;

use super::many::RowDone;
use super::{after_defect, find, landed, many, models, open, predict};
use crate::app::apply::{Action, Photographs, Run};
use crate::app::found::{FoundFiles, FoundPhotograph};
use crate::app::pyramid::Pyramid;
use crate::app::state::{Known, Opened, PhotoId, Photograph, State};
use crate::app::{Effect, Failure, Job, Settings, Slot, apply};
use crate::domain::model_card::{self, ModelCard};
use crate::domain::{EyeSource, FundusImage, Laterality, Pixels, Quality, ResultRow};
use crate::imaging::{CropRect, Geometry, Grid};
use crate::jobs::Panicked;
use crate::saliency::{Method, SaliencyMap, Target};
use crate::text::failures::{Fault, TaskFault};
use crate::workflow::{Answer, ModelSummary, Source};

pub fn image(sha256: &str, side: u32) -> FundusImage {
    let rgb = vec![90; (side * side * 3) as usize];
    FundusImage {
        pixels: Arc::new(Pixels::new(side, side, rgb).unwrap()),
        sha256: sha256.to_owned(),
        pixels_sha256: format!("pixels of {sha256}"),
        eye: Laterality::Od,
        eye_source: EyeSource::FileName,
        eye_guess: Laterality::Od,
        patient: None,
        camera: None,
        field_of_view: None,
        quality: Quality::Good,
        measured: None,
        fingerprint: None,
        findings: vec![],
    }
}

pub fn opened(sha256: &str, side: u32) -> Arc<Opened> {
    ready(image(sha256, side))
}

pub fn ready(image: FundusImage) -> Arc<Opened> {
    let pyramid = Pyramid::of(&image.pixels);
    let thumbnail = Arc::new(pyramid.thumbnail(16));
    Arc::new(Opened {
        image,
        pyramid,
        thumbnail,
    })
}

/// The [`Known`] of an image.
pub fn known(image: &FundusImage) -> Known {
    Known::of(image, Arc::clone(&image.pixels))
}

pub fn model(id: &str) -> ModelSummary {
    ModelSummary::from(ModelCard {
        id: id.to_owned(),
        name: format!("The model {id}"),
        ..model_card::example()
    })
}

/// The answer of the model `m`.
pub fn answer(sha256: &str, score: f64) -> Arc<Answer> {
    answer_of("m", sha256, score)
}

pub fn answer_of(id: &str, sha256: &str, score: f64) -> Arc<Answer> {
    Arc::new(with_map(id, sha256, score, (1, 1, &[1.0])))
}

pub fn answer_with_map(
    sha256: &str,
    score: f64,
    rows: usize,
    columns: usize,
    values: &[f32],
) -> Arc<Answer> {
    Arc::new(with_map("m", sha256, score, (rows, columns, values)))
}

fn with_map(id: &str, sha256: &str, score: f64, map: (usize, usize, &[f32])) -> Answer {
    let mut case = ResultRow::of_image("a.jpg", &image(sha256, 4), model(id).card);
    case.score = Some(score);
    case.logit = Some((score / (1.0 - score)).ln());
    case.label = case.card.label_of(score).map(str::to_owned);
    let crop = CropRect {
        x: 0,
        y: 0,
        width: 4,
        height: 4,
    };
    let (rows, columns, values) = map;
    let map = SaliencyMap {
        method: Method::GradCam,
        layer: None,
        target: Target::Logit,
        grid: Grid::new(rows, columns, values.to_vec()).unwrap(),
    };
    let geometry = Geometry::new([4, 4], crop, [8, 8]).unwrap();
    Answer::of_run(case, Some(map), geometry)
}

pub fn failure(code: &str) -> Failure {
    Failure {
        code: code.into(),
        english: "it did not work".into(),
        fault: Box::new(Fault::Task(TaskFault::Request)),
        cancelled: false,
        open: Vec::new(),
        members: Vec::new(),
        question: None,
        network: None,
    }
}

/// The failure of a job that was stopped.
pub fn stopped() -> Failure {
    Failure {
        cancelled: true,
        ..failure("cancelled")
    }
}

pub fn file(name: &str) -> Source {
    Source::File(name.into())
}

/// A state to test: applies actions and keeps the effects of the last one.
pub struct Desk {
    pub state: State,
    pub effects: Vec<Effect>,
}

impl Desk {
    /// With the models `m` and `n` installed.
    pub fn new() -> Self {
        let mut desk = Self::bare();
        desk.land(|s| models::read(s, vec![model("m"), model("n")]));
        desk
    }

    /// Before the models are known.
    pub fn bare() -> Self {
        Self {
            state: State::new(Settings::default()),
            effects: vec![],
        }
    }

    /// With both models chosen.
    pub fn with_both() -> Self {
        let mut desk = Self::new();
        desk.set(|s| s.models = vec!["m".into(), "n".into()]);
        desk
    }

    /// Changes the settings without an action, as if they were loaded at start.
    pub fn set(&mut self, change: impl FnOnce(&mut Settings)) {
        change(&mut self.state.settings);
        self.state.saved.clone_from(&self.state.settings);
    }

    pub fn act(&mut self, action: Action) -> &mut Self {
        self.effects = apply(&mut self.state, action);
        self
    }

    /// Applies a job's answer to the state.
    pub fn land(&mut self, land: impl FnOnce(&mut State) -> Vec<Effect>) -> &mut Self {
        self.effects = landed(&mut self.state, land);
        self
    }

    /// The job of this type that the last action started.
    pub fn started<J: Job>(&self) -> Option<&J> {
        self.effects.iter().find_map(Effect::started)
    }

    /// The job of this type that the last action started, as its only effect.
    pub fn only_starts<J: Job>(&self) -> &J {
        match (&self.effects[..], self.started()) {
            ([_], Some(job)) => job,
            _ => panic!("{:?}", self.effects),
        }
    }

    pub fn stops(&self, slot: Slot) -> bool {
        let is_stop = |e: &Effect| matches!(e, Effect::Stop(s) if *s == slot);
        self.effects.iter().any(is_stop)
    }

    pub fn only_stops<J: Job>(&self) -> bool {
        self.stops(Slot::of::<J>()) && self.effects.len() == 1
    }

    /// The job that the last action started panics.
    pub fn panics<J: Job + Clone>(&mut self) {
        let job: J = self.started::<J>().expect("it was started").clone();
        self.met_defect(&job);
    }

    pub fn met_defect(&mut self, job: &dyn Job) {
        let panic = Panicked("index out of bounds".into());
        let landing = after_defect(panic, |failure| job.defect(failure));
        self.land(|s| landing.on(s));
    }

    /// Adds files under their own names and returns their ids.
    pub fn open(&mut self, names: &[&str]) -> Vec<PhotoId> {
        let paths: Vec<_> = names.iter().map(Into::into).collect();
        self.act(Action::Photographs(Photographs::Add(paths.clone())));
        let photographs = names
            .iter()
            .map(|n| FoundPhotograph::named(file(n)))
            .collect();
        let result = Ok(FoundFiles {
            photographs,
            ..FoundFiles::default()
        });
        self.land(|s| find::found(s, &paths, result));
        names.iter().map(|name| self.id_of(name)).collect()
    }

    pub fn id_of(&self, name: &str) -> PhotoId {
        let found = self.state.photographs.iter().find(|p| p.name == name);
        found
            .unwrap_or_else(|| panic!("{name} is not in the list"))
            .id
    }

    /// Adds a file and opens it with this digest.
    pub fn open_ready(&mut self, name: &str, sha256: &str) -> PhotoId {
        self.open_image(name, image(sha256, 4))
    }

    pub fn open_image(&mut self, name: &str, image: FundusImage) -> PhotoId {
        let id = self.open(&[name])[0];
        self.opened(id, image);
        id
    }

    pub fn opened(&mut self, photo: PhotoId, image: FundusImage) -> &mut Self {
        self.land(|s| open::opened(s, photo, Ok(ready(image))))
    }

    pub fn failed(&mut self, photo: PhotoId) -> &mut Self {
        self.land(|s| open::opened(s, photo, Err(failure("image"))))
    }

    pub fn select(&mut self, photo: PhotoId) -> &mut Self {
        self.act(Action::Photographs(Photographs::Select(photo)))
    }

    pub fn run(&mut self) -> &mut Self {
        self.act(Action::Run(Run::Start))
    }

    /// The model `m` answers.
    pub fn answered(&mut self, photo: PhotoId, sha256: &str, score: f64) -> &mut Self {
        self.answered_by("m", photo, sha256, score)
    }

    pub fn answered_by(
        &mut self,
        model: &str,
        photo: PhotoId,
        sha256: &str,
        score: f64,
    ) -> &mut Self {
        let answer = answer_of(model, sha256, score);
        self.land(|s| predict::predicted(s, photo, model, sha256, Ok(answer)))
    }

    /// A row of a run over many photographs: the model `m` answers.
    pub fn row(&mut self, photo: PhotoId, sha256: &str, score: f64) -> &mut Self {
        let row = RowDone {
            photo,
            known: Ok(known(&image(sha256, 4))),
            answers: vec![("m".into(), Ok(answer(sha256, score)))],
            recalled: false,
        };
        self.land(|s| many::row_done(s, row))
    }

    /// A row of a run over many photographs whose file cannot be read.
    pub fn row_unread(&mut self, photo: PhotoId) -> &mut Self {
        let row = RowDone {
            photo,
            known: Err(failure("image")),
            answers: vec![("m".into(), Err(failure("row")))],
            recalled: false,
        };
        self.land(|s| many::row_done(s, row))
    }

    pub fn photo_mut(&mut self, id: PhotoId) -> &mut Photograph {
        self.state.photograph_mut(id).unwrap()
    }

    pub fn photo(&self, id: PhotoId) -> &Photograph {
        self.state.photograph(id).unwrap()
    }

    /// The names in the list, in its order.
    pub fn names(&self) -> Vec<&str> {
        let rows = self.state.rows.iter();
        rows.map(|id| self.photo(*id).name.as_str()).collect()
    }

    pub fn score_shown(&self) -> Option<f64> {
        self.state.answer().and_then(|a| a.case.score)
    }
}
