//! The system's file dialog, asked off the UI thread, behind a trait so that tests can answer in its place.

use std::time::{Duration, Instant};

use crate::app::action::Chosen;
use crate::words::window::Texts;

/// A question that blocks until the person answered.
pub type Question = Box<dyn FnOnce() -> Chosen + Send>;

/// Prepares a file dialog. Called on the UI thread; what it returns is run on a thread that may wait.
pub trait Picker {
    fn photographs(&self, t: Texts) -> Question;
}

/// The dialog of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemPicker;

/// No person closes a dialog this fast: nothing was shown.
const FASTER_THAN_A_PERSON: Duration = Duration::from_millis(150);

const EXTENSIONS: [&str; 12] = [
    "jpg", "jpeg", "jpe", "jfif", "png", "tif", "tiff", "bmp", "dib", "webp", "dcm", "dicom",
];

impl Picker for SystemPicker {
    fn photographs(&self, t: Texts) -> Question {
        // Some systems want the dialog made on the UI thread; waiting for it elsewhere suits all.
        let dialog = rfd::AsyncFileDialog::new()
            .set_title(t.open_files_tip())
            .add_filter(t.photographs(), &EXTENSIONS)
            .add_filter("*", &["*"])
            .pick_files();
        Box::new(move || {
            let asked = Instant::now();
            match pollster::block_on(dialog) {
                Some(files) => {
                    Chosen::Files(files.into_iter().map(|f| f.path().to_owned()).collect())
                }
                None if cfg!(target_os = "linux") && asked.elapsed() < FASTER_THAN_A_PERSON => {
                    Chosen::NoDialog
                }
                None => Chosen::Nothing,
            }
        })
    }
}
