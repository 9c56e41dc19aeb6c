//! Performs effects as jobs and brings the answers back as actions; the only file that submits jobs.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Settings;
use super::action::{Action, Chosen, JobNote, Purpose, RowDone};
use super::effect::{Effect, ManyItem, Slot, Urgency};
use super::log;
use super::pace::Pace;
use super::pyramid::Pyramid;
use super::state::{Known, Opened, PhotoId};
use super::verbs::{
    ControlsOrder, CoverRegionsOrder, ExplainOrder, Failure, ManyNews, ManyOrder, ManyRow,
    PredictOrder, Verbs,
};
use crate::domain::{Laterality, Pixels};
use crate::imaging::thumbnail;
use crate::jobs::{Jobs, Lane, Note};
use crate::progress::{Cancel, Gate, Progress};
use crate::workflow::{CheckRequest, Source};

/// Longer side of a thumbnail, in pixels: twice its size on a plain screen.
const THUMBNAIL_PX: u32 = 112;
/// Longer side of the preview of an export.
const PREVIEW_PX: u32 = 900;

/// What only the window can perform.
#[derive(Debug, PartialEq, Eq)]
pub enum ForWindow {
    Ask(Purpose),
    CopyText(String),
    CopyPicture(Arc<Pixels>),
}

/// How far a job has come: steps done and in total; 0 in total means that it is not known.
pub type Steps = (u64, u64);

/// How far a job has come, and what it takes of the machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    pub steps: Option<Steps>,
    /// In bytes, at most; `None` where the job told none.
    pub memory: Option<u64>,
}

/// Jobs of one window, on the application's verbs.
pub struct Runner {
    jobs: Jobs<Slot, JobNote>,
    verbs: Arc<dyn Verbs>,
    /// Shut while a run over many pauses.
    gate: Gate,
    /// Stops the check that runs.
    check_stop: Cancel,
    pace: Pace,
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
            gate: Gate::new(),
            check_stop: Cancel::new(),
            pace: Pace::default(),
            logs: log::wanted(),
        })
    }

    /// Sets an effect in motion; hands back what only the window can do.
    pub fn perform(&mut self, effect: Effect) -> Option<ForWindow> {
        use Lane::{Ahead, Background, Interactive, Person};
        match effect {
            Effect::LoadModels => self.submit(Interactive, Slot::Models, |v, _, _| {
                JobNote::Models(v.models())
            }),
            Effect::LoadDamaged => self.submit(Interactive, Slot::Damaged, |v, _, _| {
                JobNote::Damaged(v.damaged_models())
            }),
            Effect::PrepareModels => {
                self.submit(Background, Slot::PrepareModels, |v, cancel, progress| {
                    JobNote::Prepared(v.prepare_models(cancel, progress))
                })
            }
            Effect::LoadRecent => self.submit(Background, Slot::Recent, |v, _, _| {
                JobNote::Recent(v.recent())
            }),
            Effect::SaveRecent(files) => {
                self.submit(Background, Slot::SaveRecent, move |v, _, _| {
                    JobNote::SettingsSaved(v.save_recent(&files))
                })
            }
            Effect::Find { number, paths } => {
                self.submit(Interactive, Slot::Find(number), move |v, cancel, _| {
                    let result = v.find(&paths, cancel);
                    JobNote::Found { paths, result }
                })
            }
            Effect::Open {
                photo,
                source,
                eye,
                urgency,
            } => {
                let lane = match urgency {
                    Urgency::Now => Interactive,
                    Urgency::Later => Ahead,
                };
                self.submit(lane, Slot::Open(photo), move |v, _, _| JobNote::Opened {
                    photo,
                    result: open(v, &source, eye),
                });
            }
            Effect::StopOpening(photo) => self.jobs.cancel(&Slot::Open(photo)),
            Effect::Glance { photo, source, eye } => {
                self.submit(Ahead, Slot::Glance(photo), move |v, _, _| {
                    JobNote::Glanced {
                        photo,
                        result: glance(v, &source, eye),
                    }
                });
            }
            Effect::StopGlancing(photo) => self.jobs.cancel(&Slot::Glance(photo)),
            Effect::Predict {
                photo,
                image,
                name,
                models,
                device,
            } => {
                let order = PredictOrder {
                    image,
                    name,
                    models,
                    device,
                };
                let verbs = Arc::clone(&self.verbs);
                self.jobs.submit_telling(
                    Interactive,
                    Slot::Predict,
                    move |cancel, progress, tell| {
                        let sha256 = order.image.sha256.clone();
                        verbs.predict(&order, cancel, progress, &|model, result| {
                            tell(JobNote::Predicted {
                                photo,
                                model,
                                sha256: sha256.clone(),
                                result: result.map(Arc::new),
                            });
                        });
                        JobNote::PredictionEnded { photo }
                    },
                );
            }
            Effect::StopPredicting => self.jobs.cancel(&Slot::Predict),
            Effect::Explain { photo, order } => self.explain(photo, order),
            Effect::Control { photo, order } => self.control(photo, order),
            Effect::StopControls => self.jobs.cancel(&Slot::Controls),
            Effect::Cover(order) => self.submit(Interactive, Slot::Cover, move |v, cancel, _| {
                JobNote::Covered {
                    photo: order.photo,
                    revision: order.revision,
                    result: v.cover(&order, cancel),
                }
            }),
            Effect::Trace(order) => {
                self.submit(Interactive, Slot::Trace, move |v, cancel, progress| {
                    let result = v.trace(&order, cancel, progress).map(Box::new);
                    let (photo, model) = (order.photo, order.model);
                    JobNote::Traced {
                        photo,
                        model,
                        result,
                    }
                });
            }
            Effect::StopCovering => self.jobs.cancel(&Slot::Cover),
            Effect::LoadStages(model) => {
                self.submit(Interactive, Slot::Stages, move |v, cancel, progress| {
                    let result = v.stages(&model, cancel, progress);
                    JobNote::Stages { model, result }
                });
            }
            Effect::StopExplaining => self.jobs.cancel(&Slot::Explain),
            Effect::Regions { photo, order } => {
                self.submit(Interactive, Slot::Regions, move |v, cancel, _| {
                    JobNote::Measured {
                        photo,
                        result: v.regions(&order, cancel).map(Box::new),
                        sha256: order.image.sha256,
                    }
                })
            }
            Effect::CoverRegions { photo, order } => self.cover_regions(photo, order),
            Effect::StopCoveringRegions => self.jobs.cancel(&Slot::CoverRegions),
            Effect::RunMany {
                items,
                models,
                device,
                keep,
            } => {
                self.run_many(ManyOrder {
                    items,
                    models,
                    device,
                    keep,
                });
            }
            // The folder may lie on a share that does not answer.
            Effect::LoadUnexported => self.submit(Person, Slot::Unexported, |v, _, _| {
                JobNote::Unexported(v.unexported().map(Box::new))
            }),
            Effect::ForgetRun(folder) => {
                self.submit(Background, Slot::ForgetRun, move |v, _, _| {
                    JobNote::RunForgotten(v.forget_run(&folder))
                })
            }
            Effect::ForgetInputs => self.submit(Background, Slot::ForgetInputs, |v, _, _| {
                JobNote::RunForgotten(v.forget_inputs())
            }),
            Effect::PauseMany(true) => {
                self.gate.shut();
                self.pace.pause(Instant::now());
            }
            Effect::PauseMany(false) => {
                self.pace.resume(Instant::now());
                self.gate.open();
            }
            Effect::StopMany => self.jobs.cancel(&Slot::Many),
            Effect::SaveSettings(settings) => {
                self.submit(Background, Slot::SaveSettings, move |v, _, _| {
                    JobNote::SettingsSaved(v.save_settings(&settings))
                })
            }
            Effect::Preview(order) => {
                self.submit(Interactive, Slot::Preview, move |v, cancel, _| {
                    JobNote::Previewed(v.preview(&order, PREVIEW_PX, cancel).map(Arc::new))
                })
            }
            Effect::StopPreview => self.jobs.cancel(&Slot::Preview),
            Effect::Export(order) => {
                self.submit(Background, Slot::Export, move |v, cancel, progress| {
                    let result = v.export(&order, cancel, progress);
                    JobNote::Exported {
                        folder: order.folder,
                        result,
                    }
                })
            }
            Effect::StopExport => self.jobs.cancel(&Slot::Export),
            Effect::Figure(order) => self.submit(Interactive, Slot::Figure, move |v, cancel, _| {
                JobNote::Figure(v.preview(&order, u32::MAX, cancel).map(Arc::new))
            }),
            Effect::ShowFolder(folder) => {
                self.submit(Background, Slot::ShowFolder, move |v, _, _| {
                    JobNote::FolderShown(v.show_folder(&folder))
                })
            }
            Effect::SelfTest { model, device } => {
                self.submit(Interactive, Slot::SelfTest, move |v, cancel, progress| {
                    let result = v.self_test(&model, device, cancel, progress);
                    JobNote::SelfTested { model, result }
                });
            }
            Effect::Inspect { file, flags } => {
                self.submit(Interactive, Slot::Import, move |v, cancel, progress| {
                    JobNote::Inspected(v.inspect(&file, &flags, cancel, progress).map(Arc::new))
                })
            }
            Effect::Resettle {
                inspected,
                file,
                flags,
            } => self.submit(Interactive, Slot::Import, move |v, _, _| {
                JobNote::Inspected(v.resettle(&inspected, &file, &flags).map(Arc::new))
            }),
            Effect::Store { file, flags } => {
                self.submit(Background, Slot::Import, move |v, cancel, progress| {
                    JobNote::Stored(v.store(&file, &flags, cancel, progress).map(Box::new))
                })
            }
            Effect::StopImport => self.jobs.cancel(&Slot::Import),
            Effect::EditCard(card) => {
                self.submit(Background, Slot::EditCard, move |v, _, _| {
                    let result = v.edit_card(&card);
                    let model = card.id;
                    JobNote::CardEdited { model, result }
                });
            }
            Effect::ExportModel {
                model,
                what,
                folder,
            } => {
                self.submit(Background, Slot::ExportModel, move |v, _, _| {
                    let result = v.export_model(&model, what, &folder);
                    JobNote::ModelExported { folder, result }
                });
            }
            Effect::CheckImport(request) => self.check_import(*request),
            // Not by its slot: a check that is stopped still answers for what it finished.
            Effect::StopCheck => self.check_stop.cancel(),
            Effect::ApplySetting { report, choice } => {
                self.submit(Background, Slot::ApplySetting, move |v, _, _| {
                    JobNote::SettingApplied(v.apply_setting(&report, choice))
                })
            }
            Effect::RemoveModel(id) => {
                self.submit(Background, Slot::RemoveModel, move |v, _, _| {
                    JobNote::ModelRemoved(v.remove_model(&id))
                })
            }
            Effect::TryDevices => self.submit(Background, Slot::Devices, |v, cancel, progress| {
                JobNote::Devices(v.devices(cancel, progress).map(Arc::new))
            }),
            Effect::Install { file, accept } => {
                self.submit(Background, Slot::Install, move |v, _, _| {
                    let result = v.install_runtime(&file, accept);
                    JobNote::RuntimeInstalled { file, result }
                })
            }
            Effect::Log(line) => {
                if self.logs {
                    eprintln!("{line}");
                }
            }
            Effect::Ask(purpose) => return Some(ForWindow::Ask(purpose)),
            Effect::CopyText(text) => return Some(ForWindow::CopyText(text)),
            Effect::CopyPicture(picture) => return Some(ForWindow::CopyPicture(picture)),
        }
        None
    }

    fn submit(
        &mut self,
        lane: Lane,
        slot: Slot,
        work: impl FnOnce(&dyn Verbs, &Cancel, &Progress) -> JobNote + Send + 'static,
    ) {
        let verbs = Arc::clone(&self.verbs);
        self.jobs.submit(lane, slot, move |cancel, progress| {
            work(&*verbs, cancel, progress)
        });
    }

    fn explain(&mut self, photo: PhotoId, order: ExplainOrder) {
        let verbs = Arc::clone(&self.verbs);
        self.jobs.submit_telling(
            Lane::Watched,
            Slot::Explain,
            move |cancel, progress, tell| {
                let result = verbs.explain(&order, cancel, progress, &mut |map| {
                    let key = order.key.clone();
                    tell(JobNote::MapOnTheWay { photo, key, map });
                });
                JobNote::Explained {
                    photo,
                    sha256: order.image.sha256,
                    key: order.key,
                    result: result.map(Arc::new),
                }
            },
        );
    }

    fn control(&mut self, photo: PhotoId, order: ControlsOrder) {
        let verbs = Arc::clone(&self.verbs);
        self.jobs.submit_telling(
            Lane::Watched,
            Slot::Controls,
            move |cancel, progress, tell| {
                let result = verbs.controls(&order, cancel, progress, &mut |part| {
                    let key = order.key.clone();
                    tell(JobNote::ControlFound { photo, key, part });
                });
                JobNote::Controlled {
                    photo,
                    sha256: order.image.sha256,
                    key: order.key,
                    result: result.map(Arc::new),
                }
            },
        );
    }

    fn cover_regions(&mut self, photo: PhotoId, order: CoverRegionsOrder) {
        self.submit(
            Lane::Watched,
            Slot::CoverRegions,
            move |v, cancel, progress| JobNote::RegionsCovered {
                photo,
                result: v.cover_regions(&order, cancel, progress).map(Arc::new),
                sha256: order.image.sha256,
            },
        );
    }

    fn run_many(&mut self, order: ManyOrder) {
        // A gate of its own: one that was shut for a former run holds nobody here.
        self.gate = Gate::new();
        self.pace = Pace::start(Instant::now());
        let (verbs, gate) = (Arc::clone(&self.verbs), self.gate.clone());
        self.jobs
            .submit_telling(Lane::Long, Slot::Many, move |cancel, progress, tell| {
                let ended =
                    verbs.run_many(&order, &gate, cancel, progress, &mut |news| match news {
                        ManyNews::Row(row) => {
                            if let Some(item) = order.items.get(row.index) {
                                tell(JobNote::RowDone(row_done(item, *row)));
                            }
                        }
                        ManyNews::SetAside(name) => tell(JobNote::SetAside(name)),
                        ManyNews::NotKept(failure) => tell(JobNote::NotKept(failure)),
                        ManyNews::NotNoted(failure) => tell(JobNote::NotNoted(failure)),
                    });
                JobNote::ManyEnded(ended)
            });
    }

    /// Saves at once, on the calling thread: for a window that closes, whose jobs are about to be stopped. What cannot be
    /// saved then has nobody left to hear of it.
    pub fn save_now(&self, settings: Option<&Settings>, recent: Option<&[PathBuf]>) {
        if let Some(settings) = settings {
            let _ = self.verbs.save_settings(settings);
        }
        if let Some(recent) = recent {
            let _ = self.verbs.save_recent(recent);
        }
    }

    fn check_import(&mut self, request: CheckRequest) {
        let verbs = Arc::clone(&self.verbs);
        let stop = Cancel::new();
        self.check_stop = stop.clone();
        self.jobs.submit_telling(
            Lane::Background,
            Slot::Check,
            move |cancel, progress, tell| {
                let stopped = stop.clone();
                let _hook = cancel.on_cancel(move || stopped.cancel());
                let result = verbs.check_import(&request, &stop, progress, &mut |interim| {
                    tell(JobNote::CheckStands(Arc::new(interim)));
                });
                JobNote::Checked(result.map(Arc::new))
            },
        );
    }

    /// Waits on a thread of its own for what a person answers to a dialog.
    pub fn ask(&mut self, purpose: Purpose, question: impl FnOnce() -> Chosen + Send + 'static) {
        self.jobs.submit(Lane::Person, Slot::Dialog, move |_, _| {
            JobNote::Chosen(purpose, question())
        });
    }

    /// Answers that came since the last call.
    pub fn drain(&mut self) -> Vec<Action> {
        let now = Instant::now();
        let mut actions = Vec::new();
        for Note { slot, outcome } in self.jobs.drain() {
            if matches!(outcome, Ok(JobNote::RowDone(_))) {
                self.pace.row(now);
            }
            actions.push(Action::Job(outcome.unwrap_or_else(|panic| {
                JobNote::Panicked {
                    slot,
                    text: panic.0,
                }
            })));
        }
        // They come of jobs, whose answers woke the window.
        if !actions.is_empty() {
            let notes = self.verbs.notes().into_iter();
            actions.extend(notes.map(|note| Action::Job(JobNote::Noted(note))));
        }
        actions
    }

    /// Steps of the slot's job; `None` when nothing runs there.
    pub fn steps(&self, slot: Slot) -> Option<Steps> {
        self.work(slot).steps
    }

    /// As [`Self::steps`], with the memory that the slot's job said it would take.
    pub fn work(&self, slot: Slot) -> Work {
        let progress = self.jobs.progress(&slot);
        Work {
            steps: progress.as_ref().map(|progress| progress.steps()),
            memory: progress.and_then(|progress| progress.memory()),
        }
    }

    /// Photographs per second of the run over many; `None` until a few came.
    pub fn per_second(&self) -> Option<f64> {
        self.pace.per_second()
    }

    /// True while jobs may still come to something by themselves; `held` jobs that wait for a word from outside are not counted.
    pub fn is_working(&self, held: usize) -> bool {
        self.jobs.is_working(held)
    }

    /// True while answers wait to be drained.
    pub fn has_answers(&self) -> bool {
        self.jobs.has_answers()
    }

    /// Cancels everything and waits at most `limit`; true when all came to rest.
    pub fn close(&mut self, limit: Duration) -> bool {
        self.jobs.close(limit)
    }
}

fn open(
    verbs: &dyn Verbs,
    source: &Source,
    eye: Option<Laterality>,
) -> Result<Arc<Opened>, Failure> {
    let image = verbs.open(source, eye)?;
    let pyramid = Pyramid::of(&image.pixels);
    let thumbnail = Arc::new(pyramid.thumbnail(THUMBNAIL_PX));
    Ok(Arc::new(Opened {
        image,
        pyramid,
        thumbnail,
    }))
}

fn glance(verbs: &dyn Verbs, source: &Source, eye: Option<Laterality>) -> Result<Known, Failure> {
    let image = verbs.open(source, eye)?;
    let small = Arc::new(thumbnail(&image.pixels, THUMBNAIL_PX));
    Ok(Known::of(&image, small))
}

fn row_done(item: &ManyItem, row: ManyRow) -> RowDone {
    let known = row.photograph.map(|image| {
        let small = Arc::new(thumbnail(&image.pixels, THUMBNAIL_PX));
        Known::of(&image, small)
    });
    let answers = row.answers.into_iter();
    RowDone {
        photo: item.photo,
        known,
        answers: answers
            .map(|(model, result)| (model, result.map(Arc::new)))
            .collect(),
        recalled: row.recalled,
    }
}
