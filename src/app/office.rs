//! The real verbs: the application's workflow in this user's folders.

use std::path::PathBuf;

use super::Settings;
use super::verbs::{Answer, Failure, Verbs};
use crate::clinic::FundusImage;
use crate::imaging::OpenOptions;
use crate::progress::{Cancel, Progress};
use crate::storage::{Places, settings};
use crate::workflow::{self, Class, Context, ModelSummary, Request, Source};

/// Name of the settings file.
const SETTINGS_FILE: &str = "window.json";

/// The workflow with its context and the place of the settings.
pub struct Office {
    /// A context, or why there is none: the window opens all the same and says so.
    context: Result<Context, Failure>,
    settings_path: Option<PathBuf>,
}

impl Office {
    /// Starts the workflow and reads the settings. Never fails: what is missing is told when it is needed.
    pub fn open() -> (Self, Settings) {
        let settings_path = Places::of_this_user()
            .ok()
            .map(|places| places.settings.join(SETTINGS_FILE));
        let loaded = settings_path.as_deref().map(settings::load::<Settings>);
        let office = Self {
            context: Context::start().map_err(failure),
            settings_path,
        };
        (office, loaded.map(|l| l.value).unwrap_or_default())
    }

    fn context(&self) -> Result<&Context, Failure> {
        self.context.as_ref().map_err(Clone::clone)
    }
}

impl Verbs for Office {
    fn models(&self) -> Result<Vec<ModelSummary>, Failure> {
        workflow::models(self.context()?).map_err(failure)
    }

    fn prepare_models(&self, cancel: &Cancel, progress: &Progress) -> Result<(), Failure> {
        workflow::prepare_models(self.context()?, cancel, progress).map_err(failure)
    }

    fn open(&self, source: &Source) -> Result<FundusImage, Failure> {
        workflow::open(source, &OpenOptions::default()).map_err(failure)
    }

    fn predict(
        &self,
        image: &FundusImage,
        name: &str,
        request: &Request,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<Answer, Failure> {
        let answer = workflow::predict(self.context()?, image, name, request, cancel, progress)
            .map_err(failure)?;
        Ok(Answer {
            case: answer.case,
            map: answer.map,
            geometry: answer.prepared.geometry,
        })
    }

    fn save_settings(&self, settings: &Settings) -> Result<(), Failure> {
        match &self.settings_path {
            Some(path) => settings::save(path, settings).map_err(|e| failure(e.into())),
            None => Ok(()),
        }
    }
}

fn failure(error: workflow::Error) -> Failure {
    Failure {
        code: error.code().to_owned(),
        message: error.to_string(),
        hint: error.hint().to_owned(),
        cancelled: error.class() == Class::Interrupted,
    }
}
