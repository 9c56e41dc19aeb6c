//! Small photographs, models and answers for the tests of decisions.

use std::sync::Arc;

use crate::app::action::{Action, JobNote, Photographs, Run};
use crate::app::pyramid::{Pyramid, thumbnail};
use crate::app::state::PhotoId;
use crate::app::state::{Opened, State};
use crate::app::verbs::{Answer, Failure};
use crate::app::{Effect, Settings, apply};
use crate::clinic::{
    Case, ColourOrder, Crop, EyeSource, FundusImage, Head, InputSpec, Laterality, ModelCard,
    Pixels, Quality, Resize, Scaling, Task,
};
use crate::imaging::{CropRect, Geometry, Grid};
use crate::saliency::{Method, SaliencyMap, Target};
use crate::workflow::{ModelSummary, Source};

pub fn image(sha256: &str, side: u32) -> FundusImage {
    let rgb = vec![90; (side * side * 3) as usize];
    FundusImage {
        pixels: Arc::new(Pixels::new(side, side, rgb).unwrap()),
        sha256: sha256.to_owned(),
        pixels_sha256: format!("pixels of {sha256}"),
        eye: Laterality::Od,
        eye_source: EyeSource::FileName,
        eye_guess: Laterality::Od,
        field_of_view: None,
        quality: Quality::Good,
        findings: vec![],
    }
}

pub fn opened(sha256: &str, side: u32) -> Arc<Opened> {
    let image = image(sha256, side);
    let pyramid = Pyramid::of(&image.pixels);
    let thumbnail = Arc::new(thumbnail(&pyramid, 16));
    Arc::new(Opened {
        image,
        pyramid,
        thumbnail,
    })
}

pub fn model(id: &str) -> ModelSummary {
    let input = InputSpec {
        size: [224, 224],
        colour: ColourOrder::Rgb,
        scaling: Scaling::Tf,
        mean: None,
        std: None,
        resize: Resize::PilBilinear,
        crop: Crop::Square,
    };
    let card = ModelCard {
        id: id.to_owned(),
        name: format!("The model {id}"),
        task: Task::Sex,
        labels: vec!["female".into(), "male".into()],
        input: input.clone(),
        head: Head::Sigmoid,
        threshold: 0.5,
        aggregation: "mean-logit".into(),
        citation: String::new(),
        acknowledgment: Default::default(),
        intended_use: Default::default(),
        source_sha256: String::new(),
        settled: Default::default(),
        architecture: "MobileNet".into(),
        demonstration: true,
        evaluation: serde_json::Value::Null,
    };
    ModelSummary {
        id: card.id.clone(),
        task: card.task,
        architecture: card.architecture.clone(),
        sha256: String::new(),
        input,
        labels: card.labels.clone(),
        demonstration: true,
        card: Arc::new(card),
    }
}

pub fn answer(sha256: &str, score: f64) -> Arc<Answer> {
    answer_with_map(sha256, score, 1, 1, &[1.0])
}

pub fn answer_with_map(
    sha256: &str,
    score: f64,
    rows: usize,
    columns: usize,
    values: &[f32],
) -> Arc<Answer> {
    let mut case = Case::of_image("a.jpg", &image(sha256, 4), model("m").card);
    case.score = Some(score);
    let crop = CropRect {
        x: 0,
        y: 0,
        width: 4,
        height: 4,
    };
    Arc::new(Answer {
        case,
        map: Some(SaliencyMap {
            method: Method::GradCam,
            layer: None,
            target: Target::Logit,
            grid: Grid::new(rows, columns, values.to_vec()).unwrap(),
        }),
        geometry: Geometry::new([4, 4], crop, [8, 8]).unwrap(),
    })
}

pub fn failure(code: &str) -> Failure {
    Failure {
        code: code.into(),
        message: "it did not work".into(),
        hint: "try another".into(),
        cancelled: false,
    }
}

pub fn file(name: &str) -> Source {
    Source::File(name.into())
}

/// A desk to play on: actions in, effects kept.
pub struct Desk {
    pub state: State,
    pub effects: Vec<Effect>,
}

impl Desk {
    pub fn new() -> Self {
        let mut desk = Self {
            state: State::new(Settings::default()),
            effects: vec![],
        };
        desk.job(JobNote::Models(Ok(vec![model("m"), model("n")])));
        desk
    }

    pub fn act(&mut self, action: Action) -> &mut Self {
        self.effects = apply(&mut self.state, action);
        self
    }

    pub fn job(&mut self, note: JobNote) -> &mut Self {
        self.act(Action::Job(note))
    }

    /// Adds files and returns their ids.
    pub fn open(&mut self, names: &[&str]) -> Vec<PhotoId> {
        self.act(Action::Photographs(Photographs::Open(
            names.iter().map(|n| file(n)).collect(),
        )));
        let id = |name: &&str| {
            self.state
                .photographs
                .iter()
                .find(|p| p.source == file(name))
                .unwrap()
                .id
        };
        names.iter().map(id).collect()
    }

    /// Adds a file and lets it be opened with this digest.
    pub fn open_ready(&mut self, name: &str, sha256: &str) -> PhotoId {
        let id = self.open(&[name])[0];
        self.job(JobNote::Opened {
            photo: id,
            result: Ok(opened(sha256, 4)),
        });
        id
    }

    pub fn run(&mut self) -> &mut Self {
        self.act(Action::Run(Run::Start))
    }

    pub fn answered(&mut self, photo: PhotoId, sha256: &str, score: f64) -> &mut Self {
        self.job(JobNote::Predicted {
            photo,
            model: "m".into(),
            sha256: sha256.into(),
            result: Ok(answer(sha256, score)),
        })
    }

    pub fn score_shown(&self) -> Option<f64> {
        self.state.answer().and_then(|a| a.case.score)
    }
}
