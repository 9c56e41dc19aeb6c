//! The messages between parent and worker of a run, each one line of JSON.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::domain::{EngineUsed, Features, ModelCard, PatientKey, ResultRow};
use crate::export::overlay_format::OverlayFormat;
use crate::imaging::overlay::OverlayOptions;
use crate::imaging::{self, OpenOptions};
use crate::runtime::Device;
use crate::storage::study::FileStamp;
use crate::workflow::context::OpenModel;
use crate::workflow::many::RunOptions;
use crate::workflow::{Error, RelayedError, Request};

use super::BatchOptions;

/// The argument that makes the executable a worker.
pub const WORKER: &str = "--worker-of-a-run";

/// The first message of the parent: the models and the options.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Order {
    models: Vec<String>,
    device: Device,
    saliency: bool,
    eye: Option<crate::domain::Laterality>,
    frame: Option<u32>,
    accept_any_picture: bool,
    /// Whether features are returned, for a study.
    pub with_features: bool,
    /// No message may hold the name of a file.
    pub mask_names: bool,
    pub out: Option<Name>,
    pub without_overlays: bool,
    pub overlay: OverlayOptions,
    pub overlay_format: OverlayFormat,
}

impl Order {
    pub fn of(options: &BatchOptions) -> Self {
        Self {
            models: options.models.clone(),
            device: options.device,
            saliency: options.saliency,
            eye: options.open.eye,
            frame: options.open.frame,
            accept_any_picture: options.open.accept_any_picture,
            with_features: options.study.is_some(),
            mask_names: options.mask_names,
            out: options.out.clone().map(Name::of),
            without_overlays: { options.study.as_ref() }.is_some_and(|of| of.without_overlays),
            overlay: options.overlay,
            overlay_format: options.overlay_format,
        }
    }

    pub fn run(&self) -> RunOptions {
        RunOptions {
            models: self.models.clone(),
            device: self.device,
            saliency: self.saliency,
            features: self.with_features,
            open: OpenOptions {
                eye: self.eye,
                frame: self.frame,
                accept_any_picture: self.accept_any_picture,
                ..OpenOptions::default()
            },
        }
    }
}

/// A path, which need not be text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Name {
    Text(String),
    Raw(OsString),
}

impl Name {
    pub fn of(path: PathBuf) -> Self {
        match path.into_os_string().into_string() {
            Ok(text) => Self::Text(text),
            Err(raw) => Self::Raw(raw),
        }
    }

    pub fn path(self) -> PathBuf {
        match self {
            Self::Text(text) => text.into(),
            Self::Raw(raw) => raw.into(),
        }
    }
}

/// The second message of the parent: the photographs, in order.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Photograph {
    /// Its index in the whole run.
    pub index: usize,
    pub path: Name,
    /// Its name in rows.
    pub name: String,
    /// The name is a placeholder: its own name must not be shown.
    pub masked: bool,
    /// Stem of its output files.
    pub stem: String,
    /// Indices of the models that are to answer, if not all are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub models: Option<Vec<usize>>,
}

/// Messages of a worker.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum FromWorker {
    /// The models are open.
    Open(Vec<OpenedModel>),
    /// The photograph of this index is being read.
    Started(usize),
    Finished(Finished),
    /// The worker has finished.
    End,
    Refused(RelayedError),
}

/// A model as a run opened it: everything that an answer depends on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct OpenedModel {
    pub card: Arc<ModelCard>,
    pub engine: EngineUsed,
}

impl OpenedModel {
    pub fn all(models: &[(OpenModel, Request)]) -> Result<Vec<Self>, Error> {
        let opened = |(model, _): &(OpenModel, Request)| {
            Ok(Self {
                card: model.card.clone(),
                engine: model.lock()?.session.used().clone(),
            })
        };
        models.iter().map(opened).collect()
    }
}

/// The result of one photograph.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Finished {
    pub index: usize,
    /// One for each model that was to answer, in the order of the models.
    pub rows: Vec<ResultRow>,
    #[serde(with = "in_memory")]
    pub patient: Option<PatientKey>,
    /// The photograph lacks the requested frame.
    pub no_frame: Option<NoFrame>,
    /// Of its file before it was read; `None` if there was no file, or if it was not read.
    pub stamp: Option<FileStamp>,
    /// Of each row, if they were asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<Option<Features>>,
}

/// A frame that a photograph lacks, and the number of frames it has.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct NoFrame {
    pub requested: u32,
    pub frames: u32,
}

impl From<NoFrame> for Error {
    fn from(NoFrame { requested, frames }: NoFrame) -> Self {
        Self::Image(imaging::Error::FrameOutOfRange { requested, frames })
    }
}

/// A patient's key on its way from one process to another; it is written nowhere else.
mod in_memory {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::domain::PatientKey;

    pub fn serialize<S: Serializer>(key: &Option<PatientKey>, to: S) -> Result<S::Ok, S::Error> {
        key.map(|key| (key.digest, key.issued)).serialize(to)
    }

    pub fn deserialize<'a, D: Deserializer<'a>>(from: D) -> Result<Option<PatientKey>, D::Error> {
        let key = Option::<([u8; 32], bool)>::deserialize(from)?;
        Ok(key.map(|(digest, issued)| PatientKey { digest, issued }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn paths_that_are_no_text_arrive_as_they_were() {
        use std::os::unix::ffi::OsStringExt;
        for bytes in [b"a/\x89E.jpg".to_vec(), "眼/a.jpg".into()] {
            let path = PathBuf::from(OsString::from_vec(bytes));
            let line = serde_json::to_string(&Name::of(path.clone())).unwrap();
            let name: Name = serde_json::from_str(&line).unwrap();
            assert_eq!(name.path(), path);
        }
    }

    #[test]
    fn a_photograph_arrives_as_it_was_finished() {
        let mut case = crate::export::row::sample::case();
        case.score = Some(0.1 + 0.2);
        case.logit = Some(-1.0 / 3.0);
        let finished = Finished {
            index: 3,
            rows: vec![case],
            patient: Some(PatientKey {
                digest: [7; 32],
                issued: true,
            }),
            no_frame: None,
            stamp: Some(FileStamp {
                length: 1,
                modified: 2,
            }),
            features: vec![Features::of_values([0.5, -2.0])],
        };
        let line = serde_json::to_string(&FromWorker::Finished(finished.clone())).unwrap();
        assert!(!line.contains('\n'));
        let Ok(FromWorker::Finished(arrived)) = serde_json::from_str(&line) else {
            panic!("another message");
        };
        assert_eq!((arrived.index, arrived.patient), (3, finished.patient));
        assert_eq!(arrived.features, finished.features);
        assert_eq!(
            (arrived.rows, arrived.stamp),
            (finished.rows, finished.stamp)
        );
    }
}
