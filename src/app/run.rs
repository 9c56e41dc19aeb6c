//! Performs effects as jobs and brings the answers back as actions; the only file that submits jobs.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use super::action::{Action, Chosen, JobNote};
use super::effect::{Effect, Slot, Urgency};
use super::log;
use super::pyramid::{Pyramid, thumbnail};
use super::state::Opened;
use super::verbs::{Failure, Verbs};
use crate::jobs::{Jobs, Lane, Note};
use crate::workflow::Source;

/// Longer side of a thumbnail, in pixels: twice its size on a plain screen.
const THUMBNAIL_PX: u32 = 112;

/// What only the window can perform.
#[derive(Debug, PartialEq, Eq)]
pub enum ForWindow {
    AskForFiles,
    CopyText(String),
}

/// How far a job has come: steps done and in total; 0 in total means that it is not known.
pub type Steps = (u64, u64);

/// Jobs of one window, on the application's verbs.
pub struct Runner {
    jobs: Jobs<Slot, JobNote>,
    verbs: Arc<dyn Verbs>,
    logs: bool,
}

impl Runner {
    /// `wake` is called from job threads when an answer waits to be drained.
    pub fn start(
        verbs: Arc<dyn Verbs>,
        wake: impl Fn() + Send + Sync + 'static,
    ) -> io::Result<Self> {
        Ok(Self {
            jobs: Jobs::start(wake)?,
            verbs,
            logs: log::wanted(),
        })
    }

    /// Sets an effect in motion; hands back what only the window can do.
    pub fn perform(&mut self, effect: Effect) -> Option<ForWindow> {
        let verbs = Arc::clone(&self.verbs);
        match effect {
            Effect::LoadModels => {
                self.jobs
                    .submit(Lane::Interactive, Slot::Models, move |_, _| {
                        JobNote::Models(verbs.models())
                    });
            }
            Effect::PrepareModels => self.jobs.submit(
                Lane::Background,
                Slot::PrepareModels,
                move |cancel, progress| JobNote::Prepared(verbs.prepare_models(cancel, progress)),
            ),
            Effect::Open {
                photo,
                source,
                urgency,
            } => {
                let lane = match urgency {
                    Urgency::Now => Lane::Interactive,
                    Urgency::Later => Lane::Background,
                };
                self.jobs
                    .submit(lane, Slot::Open(photo), move |_, _| JobNote::Opened {
                        photo,
                        result: open(&*verbs, &source),
                    });
            }
            Effect::StopOpening(photo) => self.jobs.cancel(&Slot::Open(photo)),
            Effect::Predict {
                photo,
                image,
                name,
                request,
            } => self
                .jobs
                .submit(Lane::Interactive, Slot::Predict, move |cancel, progress| {
                    JobNote::Predicted {
                        photo,
                        model: request.model.clone(),
                        sha256: image.sha256.clone(),
                        result: verbs
                            .predict(&image, &name, &request, cancel, progress)
                            .map(Arc::new),
                    }
                }),
            Effect::StopPredicting => self.jobs.cancel(&Slot::Predict),
            Effect::SaveSettings(settings) => {
                self.jobs
                    .submit(Lane::Background, Slot::SaveSettings, move |_, _| {
                        JobNote::SettingsSaved(verbs.save_settings(&settings))
                    });
            }
            Effect::Log(line) => {
                if self.logs {
                    eprintln!("{line}");
                }
            }
            Effect::AskForFiles => return Some(ForWindow::AskForFiles),
            Effect::CopyText(text) => return Some(ForWindow::CopyText(text)),
        }
        None
    }

    /// Waits on a thread of its own for what a person answers to a dialog.
    pub fn ask(&mut self, question: impl FnOnce() -> Chosen + Send + 'static) {
        self.jobs.submit(Lane::Person, Slot::Dialog, move |_, _| {
            JobNote::Chosen(question())
        });
    }

    /// Answers that came since the last call.
    pub fn drain(&mut self) -> Vec<Action> {
        let action = |Note { slot, outcome }: Note<Slot, JobNote>| {
            Action::Job(outcome.unwrap_or_else(|panic| JobNote::Panicked {
                slot,
                text: panic.0,
            }))
        };
        self.jobs.drain().into_iter().map(action).collect()
    }

    /// Steps of the slot's job; `None` when nothing runs there.
    pub fn steps(&self, slot: Slot) -> Option<Steps> {
        self.jobs.progress(&slot).map(|progress| progress.steps())
    }

    /// Cancels everything and waits at most `limit`; true when all came to rest.
    pub fn close(&mut self, limit: Duration) -> bool {
        self.jobs.close(limit)
    }
}

fn open(verbs: &dyn Verbs, source: &Source) -> Result<Arc<Opened>, Failure> {
    let image = verbs.open(source)?;
    let pyramid = Pyramid::of(&image.pixels);
    let thumbnail = Arc::new(thumbnail(&pyramid, THUMBNAIL_PX));
    Ok(Arc::new(Opened {
        image,
        pyramid,
        thumbnail,
    }))
}
