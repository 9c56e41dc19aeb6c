//! The real verbs: the application's workflow in this user's folders.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::Settings;
use super::state::{ExportOrder, Exported};
use super::verbs::{
    Answer, ControlsOrder, CoverOrder, CoverRegionsOrder, ExplainOrder, Failure, FoundFiles,
    FoundPhotograph, Installed, ManyNews, ManyOrder, ManyRow, Measured, PredictOrder, RegionsOrder,
    TraceOrder, Verbs,
};
use crate::domain::{FundusImage, Laterality, ModelCard, Pixels};
use crate::domain::{Skipped, Why};
use crate::imaging::OpenOptions;
use crate::progress::{Cancel, Gate, Progress};
use crate::runtime::{Device, DevicesReport};
use crate::saliency::controls::{Controls, Part};
use crate::saliency::{Baseline, CoveredRegions, SaliencyMap, Stage};
use crate::storage::recent::Recent;
use crate::storage::scan::Given;
use crate::storage::{Places, settings};
use crate::text::failures::{Fault, TaskFault};
use crate::text::notes::Note;
use crate::workflow::anatomy::{self, CoverRegions, RANDOMS};
use crate::workflow::check_import::{Applied, CheckReport, CheckRequest, Choice, Interim};
use crate::workflow::cover::{Covered, Covers};
use crate::workflow::explain::MapRequest;
use crate::workflow::trace::Trace;
use crate::workflow::{
    self, Context, ControlsRequest, Done, ImportFlags, ImportReport, Inspected, Item, KeptEvent,
    ModelFile, ModelSummary, RunOptions, SelfTest, Source, Unexported,
};

/// Name of the settings file.
const SETTINGS_FILE: &str = "window.json";

/// The workflow with its context and the place of the settings.
pub struct Office {
    context: Context,
    settings_path: Option<PathBuf>,
    /// What the cover brush keeps ready.
    covers: Covers,
    /// How many of the context's notes were told.
    notes_told: Mutex<usize>,
}

impl Office {
    /// Starts the workflow and reads the settings. Never fails: what is missing is told when it is needed.
    pub fn open() -> (Self, Settings) {
        let settings_path = Places::of_this_user()
            .ok()
            .map(|places| places.settings.join(SETTINGS_FILE));
        let loaded = settings_path.as_deref().map(settings::load::<Settings>);
        let context = Context::start();
        let office = Self {
            context,
            settings_path,
            covers: Covers::default(),
            notes_told: Mutex::default(),
        };
        (office, loaded.map(|l| l.value).unwrap_or_default())
    }

    /// The workflow and the settings in folders of one's own choice.
    pub fn in_places(places: &Places) -> Self {
        Self {
            settings_path: Some(places.settings.join(SETTINGS_FILE)),
            ..Self::of(Context::in_places(places.clone()))
        }
    }

    /// The workflow in folders of one's own choice; settings are not kept.
    pub fn of(context: Context) -> Self {
        Self {
            context,
            settings_path: None,
            covers: Covers::default(),
            notes_told: Mutex::default(),
        }
    }
}

impl Verbs for Office {
    fn models(&self) -> Result<Vec<ModelSummary>, Failure> {
        workflow::models(&self.context).map_err(Failure::from)
    }

    fn damaged_models(&self) -> Vec<workflow::Damaged> {
        workflow::damaged(&self.context)
    }

    fn prepare_models(&self, cancel: &Cancel, progress: &Progress) -> Result<(), Failure> {
        workflow::prepare_models(&self.context, cancel, progress).map_err(Failure::from)?;
        // They run all the same; a person should know why nothing can be imported.
        match self.context.unwritten() {
            Some(kind) => Err(workflow::Error::LibraryUnwritten { kind }.into()),
            None => Ok(()),
        }
    }

    fn find(&self, paths: &[PathBuf], cancel: &Cancel) -> Result<FoundFiles, Failure> {
        let scan = workflow::find_photographs(paths, cancel).map_err(Failure::from)?;
        let mut files = FoundFiles {
            skipped: scan.skipped,
            ..FoundFiles::default()
        };
        for found in scan.found {
            let name = found.place.below.clone();
            match found.given {
                Given::InFolder | Given::Named => files.photographs.push(FoundPhotograph {
                    source: Source::File(found.path),
                    place: found.place,
                }),
                Given::NotAPicture => files.skipped.push(Skipped {
                    name,
                    why: Why::NotAPicture,
                }),
                Given::Absent => files.absent.push(name),
            }
        }
        Ok(files)
    }

    fn open(&self, source: &Source, eye: Option<Laterality>) -> Result<FundusImage, Failure> {
        let options = OpenOptions {
            eye,
            ..OpenOptions::default()
        };
        workflow::open(source, &options).map_err(Failure::from)
    }

    fn predict(
        &self,
        order: &PredictOrder,
        cancel: &Cancel,
        progress: &Progress,
        tell: &dyn Fn(String, Result<Answer, Failure>),
    ) {
        let context = &self.context;
        let options = run_options(&order.models, order.device);
        let each = |model: &str, result: Result<workflow::Prediction, workflow::Error>| {
            tell(
                model.to_owned(),
                result.map(Answer::from).map_err(Failure::from),
            );
        };
        workflow::predict_models(
            context,
            &order.image,
            &order.name,
            &options,
            cancel,
            progress,
            &each,
        );
    }

    fn stages(
        &self,
        model: &str,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<Vec<Stage>, Failure> {
        workflow::explain::stages(&self.context, model, cancel, progress).map_err(Failure::from)
    }

    fn explain(
        &self,
        order: &ExplainOrder,
        cancel: &Cancel,
        progress: &Progress,
        tell: &mut dyn FnMut(SaliencyMap),
    ) -> Result<Answer, Failure> {
        let request = MapRequest {
            model: order.key.model.clone(),
            recipe: order.key.recipe.clone(),
            device: order.device,
        };
        let context = &self.context;
        let (image, name) = (&order.image, &order.name);
        workflow::explain::explained(context, &request, image, name, cancel, progress, tell)
            .map_err(Failure::from)
    }

    fn controls(
        &self,
        order: &ControlsOrder,
        cancel: &Cancel,
        progress: &Progress,
        tell: &mut dyn FnMut(Part),
    ) -> Result<Controls, Failure> {
        let request = ControlsRequest {
            map: MapRequest {
                model: order.key.model.clone(),
                recipe: order.key.recipe.clone(),
                device: order.device,
            },
            settings: Default::default(),
        };
        let (context, answer) = (&self.context, &order.answer);
        workflow::controls(
            context,
            &order.image,
            answer,
            &request,
            cancel,
            progress,
            tell,
        )
        .map_err(Failure::from)
    }

    fn regions(&self, order: &RegionsOrder, cancel: &Cancel) -> Result<Measured, Failure> {
        let map = order.map.as_ref().map(|(map, geometry)| (map, geometry));
        let found = anatomy::regions(&order.image, map, order.marks, cancel);
        let (regions, layout) = found.map_err(Failure::from)?;
        Ok(Measured {
            regions,
            layout: layout.map(Arc::new),
        })
    }

    fn cover_regions(
        &self,
        order: &CoverRegionsOrder,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<CoveredRegions, Failure> {
        let request = CoverRegions {
            model: order.model.clone(),
            device: order.device,
            fill: Baseline::Blur,
            randoms: RANDOMS,
        };
        let context = &self.context;
        let cover = || {
            let layout = anatomy::lay_out(&order.image, order.landmarks)?;
            anatomy::cover(context, &request, &order.image, &layout, cancel, progress)
        };
        cover().map_err(Failure::from)
    }

    fn trace(
        &self,
        order: &TraceOrder,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<Trace, Failure> {
        let model = (order.model.as_str(), order.device);
        let (image, name) = (&order.image, &order.name);
        workflow::trace::trace(&self.context, image, name, model, cancel, progress)
            .map_err(Failure::from)
    }

    fn cover(&self, order: &CoverOrder, cancel: &Cancel) -> Result<Vec<Covered>, Failure> {
        self.covers
            .cover(&self.context, &order.image, &order.request, cancel)
            .map_err(Failure::from)
    }

    fn run_many(
        &self,
        order: &ManyOrder,
        gate: &Gate,
        cancel: &Cancel,
        progress: &Progress,
        tell: &mut dyn FnMut(ManyNews),
    ) -> Result<(), Failure> {
        let items: Vec<Item> = order
            .items
            .iter()
            .map(|item| Item {
                source: item.source.clone(),
                name: item.name.clone(),
                eye: item.eye,
                accepted: item.accepted,
            })
            .collect();
        let options = run_options(&order.models, order.device);
        let context = &self.context;
        let row = |done| ManyNews::Row(Box::new(many_row(&order.models, done)));
        let ended = match &order.keep {
            None => {
                let mut on_done = |done| {
                    tell(row(done));
                    Ok(())
                };
                workflow::run_each(
                    context,
                    &items,
                    &options,
                    gate,
                    cancel,
                    progress,
                    &mut on_done,
                )
            }
            Some(keep) => {
                let mut on_event = |event| {
                    tell(match event {
                        KeptEvent::Done(done) => row(done),
                        KeptEvent::SetAside(name) => ManyNews::SetAside(name),
                        KeptEvent::NotKept(e) => ManyNews::NotKept(e.into()),
                        KeptEvent::NotNoted(e) => ManyNews::NotNoted(e.into()),
                    });
                };
                workflow::run_kept(
                    context,
                    &items,
                    &options,
                    keep,
                    gate,
                    cancel,
                    progress,
                    &mut on_event,
                )
            }
        };
        ended.map(drop).map_err(Failure::from)
    }

    fn unexported(&self) -> Option<Unexported> {
        workflow::batch::unexported(&self.context)
    }

    fn forget_run(&self, folder: &Path) -> Result<(), Failure> {
        workflow::batch::forget(&self.context, folder).map_err(Failure::from)
    }

    fn forget_inputs(&self) -> Result<(), Failure> {
        workflow::batch::forget_inputs(&self.context).map_err(Failure::from)
    }

    fn notes(&self) -> Vec<Note> {
        let notes = self.context.notes();
        let mut told = self
            .notes_told
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let new = notes.get(*told..).unwrap_or_default();
        *told = notes.len();
        // Models that could not be stored are told by whoever prepared them.
        let is_new = |note: &&Note| !matches!(note, Note::FromMemory { .. });
        new.iter().filter(is_new).cloned().collect()
    }

    fn preview(
        &self,
        order: &ExportOrder,
        longest: u32,
        cancel: &Cancel,
    ) -> Result<Pixels, Failure> {
        workflow::export::preview(order, longest, cancel).map_err(Failure::from)
    }

    fn export(
        &self,
        order: &ExportOrder,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<Exported, Failure> {
        let exported = workflow::export::export(order, cancel, progress).map_err(Failure::from)?;
        let has_table = order.wanted.csv || order.wanted.json;
        if has_table && matches!(exported, Exported::Written { .. }) {
            let answers = order.rows.iter().flat_map(|row| &row.answers);
            let cases = answers.map(|answer| &answer.case);
            // A journal that stays is offered once more, and nothing is lost.
            let _ = workflow::batch::exported(&self.context, &order.folder, cases);
        }
        Ok(exported)
    }

    fn show_folder(&self, folder: &Path) -> Result<(), Failure> {
        workflow::show_folder(folder).map_err(Failure::from)
    }

    fn self_test(
        &self,
        model: &str,
        device: Device,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<SelfTest, Failure> {
        workflow::self_test(&self.context, model, device, cancel, progress).map_err(Failure::from)
    }

    fn inspect(
        &self,
        file: &Path,
        flags: &ImportFlags,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<Inspected, Failure> {
        workflow::inspect(&self.context, file, flags, cancel, progress).map_err(Failure::from)
    }

    fn resettle(
        &self,
        inspected: &Inspected,
        file: &Path,
        flags: &ImportFlags,
    ) -> Result<Inspected, Failure> {
        inspected.resettled(flags, file).map_err(Failure::from)
    }

    fn store(
        &self,
        file: &Path,
        flags: &ImportFlags,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<ImportReport, Failure> {
        workflow::import(&self.context, file, flags, None, cancel, progress)
            .map_err(|(error, _)| Failure::from(error))
    }

    fn edit_card(&self, card: &ModelCard) -> Result<(), Failure> {
        workflow::edit_card(&self.context, card).map_err(Failure::from)
    }

    fn export_model(
        &self,
        id: &str,
        what: ModelFile,
        folder: &Path,
    ) -> Result<Vec<String>, Failure> {
        workflow::export_model(&self.context, id, what, folder).map_err(Failure::from)
    }

    fn check_import(
        &self,
        request: &CheckRequest,
        cancel: &Cancel,
        progress: &Progress,
        tell: &mut dyn FnMut(Interim),
    ) -> Result<CheckReport, Failure> {
        let context = &self.context;
        let mut told = |interim: &Interim| tell(interim.clone());
        workflow::check_import(context, request, cancel, progress, &mut told).map_err(Failure::from)
    }

    fn apply_setting(&self, report: &CheckReport, choice: Choice) -> Result<Applied, Failure> {
        workflow::apply_setting(&self.context, report, choice)
            .map(|(_, applied)| applied)
            .map_err(Failure::from)
    }

    fn remove_model(&self, id: &str) -> Result<(), Failure> {
        workflow::remove_model(&self.context, id).map_err(Failure::from)
    }

    fn devices(&self, cancel: &Cancel, progress: &Progress) -> Result<DevicesReport, Failure> {
        workflow::devices(&self.context, cancel, progress).map_err(Failure::from)
    }

    fn install_runtime(&self, file: &Path, accept: bool) -> Result<Installed, Failure> {
        match workflow::install_runtime(&self.context, file, accept) {
            Ok(done) => Ok(Installed::Done {
                restart_needed: done.restart_needed,
                refused: done.refused,
            }),
            Err(workflow::Error::NotPinned { sha256 }) => Ok(Installed::NotPinned { sha256 }),
            Err(error) => Err(Failure::from(error)),
        }
    }

    fn save_settings(&self, settings: &Settings) -> Result<(), Failure> {
        match &self.settings_path {
            Some(path) => settings::save(path, settings)
                .map_err(|e| Failure::from(workflow::Error::settings_unwritten(e))),
            None => Ok(()),
        }
    }

    fn recent(&self) -> Vec<PathBuf> {
        Recent::load(&self.context.places).files
    }

    fn save_recent(&self, files: &[PathBuf]) -> Result<(), Failure> {
        let mut recent = Recent {
            files: files.to_vec(),
        };
        let places = &self.context.places;
        let saved = if files.is_empty() {
            recent.clear(places)
        } else {
            recent.save(places)
        };
        saved.map_err(|e| Failure::from(workflow::Error::from(e)))
    }
}

fn run_options(models: &[String], device: Device) -> RunOptions {
    RunOptions {
        models: models.to_vec(),
        device,
        saliency: true,
        open: OpenOptions::default(),
    }
}

fn many_row(models: &[String], done: Done) -> ManyRow {
    let answers = models.iter().cloned().zip(done.rows).map(|(model, row)| {
        let answer = match row.seen {
            Some(seen) => Ok(Answer::of_run(row.case, seen.map, seen.prepared.geometry)),
            None => Err(Failure {
                question: None,
                network: None,
                code: "row".into(),
                english: row.case.error.unwrap_or_default(),
                fault: Box::new(row.fault.unwrap_or(Fault::Task(TaskFault::Request))),
                cancelled: false,
                open: Vec::new(),
            }),
        };
        (model, answer)
    });
    ManyRow {
        index: done.index,
        answers: answers.collect(),
        photograph: done.photograph.map_err(Failure::from),
        recalled: done.recalled,
    }
}
