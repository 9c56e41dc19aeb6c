//! The system's file dialog, run off the UI thread, behind a trait so that tests can replace it.

use std::time::{Duration, Instant};

use crate::app::state::{Chosen, Purpose};
use crate::imaging;
use crate::text::window::Texts;

/// A call that blocks until the user has chosen.
pub type Question = Box<dyn FnOnce() -> Chosen + Send>;

/// Prepares a file dialog. Called on the UI thread; the returned closure runs on a thread that may block.
pub trait Picker {
    fn ask(&self, purpose: Purpose, t: Texts) -> Question;
}

/// The dialog of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemPicker;

/// A dialog that returns faster than this was never shown. A failed request takes a twentieth of it, or all of it on a
/// busy machine; an unnecessary path field is better than no reaction.
const FASTER_THAN_A_PERSON: Duration = Duration::from_millis(800);

impl Picker for SystemPicker {
    fn ask(&self, purpose: Purpose, t: Texts) -> Question {
        let dialog = rfd::AsyncFileDialog::new();
        // Some systems require the dialog to be created on the UI thread; waiting elsewhere works on all.
        match purpose {
            Purpose::Photographs => {
                let dialog = dialog
                    .set_title(t.open_files_tip())
                    .add_filter(t.photographs(), &imaging::extensions())
                    .add_filter("*", &["*"]);
                waiting(dialog.pick_files())
            }
            Purpose::Folder => one(dialog.set_title(t.open_folder_tip()).pick_folder()),
            Purpose::ModelFolder => one(dialog.set_title(t.export_folder()).pick_folder()),
            Purpose::ExportFolder => one(dialog.set_title(t.export_folder()).pick_folder()),
            Purpose::ReportFolder => one(dialog.set_title(t.case_report()).pick_folder()),
            Purpose::Keras => {
                let dialog = dialog.set_title(t.import_model());
                let kinds = [
                    "h5", "hdf5", "keras", "onnx", "json", "pb", "index", "zip", "gz", "tgz", "tar",
                ];
                let dialog = dialog.add_filter("Keras", &kinds);
                one(dialog.add_filter("*", &["*"]).pick_file())
            }
            Purpose::KerasFolder => one(dialog.set_title(t.import_model()).pick_folder()),
            Purpose::EvaluationFolder | Purpose::SupplementFolder => {
                one(dialog.set_title(t.export_folder()).pick_folder())
            }
            Purpose::ReplayFolder => one(dialog.set_title(t.replay_choose()).pick_folder()),
            Purpose::LabelLists => one(dialog.set_title(t.export_folder()).pick_folder()),
            Purpose::CheckLabels | Purpose::Labels => {
                let dialog = dialog.set_title(t.check_labels());
                let kinds = ["csv", "tsv", "txt", "xlsx", "xlsm", "ods"];
                let dialog = dialog.add_filter(t.check_labels(), &kinds);
                one(dialog.add_filter("*", &["*"]).pick_file())
            }
            Purpose::CheckImages => one(dialog.set_title(t.check_images()).pick_folder()),
            Purpose::StudyFolder => one(dialog.set_title(t.study_choose_folder()).pick_folder()),
            Purpose::StudyInput => one(dialog.set_title(t.study_add_input()).pick_folder()),
            Purpose::Study => one(dialog.set_title(t.open_study_tip()).pick_folder()),
            Purpose::StudyMoved => one(dialog.set_title(t.study_find_folder()).pick_folder()),
            Purpose::Runtime => {
                let dialog = dialog.set_title(t.install_runtime());
                let kinds = ["whl", "so", "dylib", "dll", "zip"];
                let dialog = dialog.add_filter("ONNX Runtime", &kinds);
                one(dialog.add_filter("*", &["*"]).pick_file())
            }
        }
    }
}

fn one(dialog: impl Future<Output = Option<rfd::FileHandle>> + Send + 'static) -> Question {
    waiting(async move { dialog.await.map(|file| vec![file]) })
}

fn waiting(
    dialog: impl Future<Output = Option<Vec<rfd::FileHandle>>> + Send + 'static,
) -> Question {
    Box::new(move || {
        let requested = Instant::now();
        match pollster::block_on(dialog) {
            Some(files) => Chosen::Files(files.into_iter().map(|f| f.path().to_owned()).collect()),
            None if cfg!(target_os = "linux") && requested.elapsed() < FASTER_THAN_A_PERSON => {
                Chosen::NoDialog
            }
            None => Chosen::Nothing,
        }
    })
}
