//! What the window asks of the application, as a trait: the real thing is in [`super::office`], tests bring their own.

use std::fmt;

use crate::clinic::{Case, FundusImage};
use crate::imaging::{Cell, Geometry};
use crate::progress::{Cancel, Progress};
use crate::saliency::SaliencyMap;
use crate::workflow::{ModelSummary, Request, Source};

use super::Settings;

/// Why something did not work, in words for the reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// A short name for programs, such as `image`.
    pub code: String,
    /// What failed, without path or person.
    pub message: String,
    /// What to do next; may be empty.
    pub hint: String,
    /// The person asked to stop: not an error.
    pub cancelled: bool,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)?;
        if self.hint.is_empty() {
            Ok(())
        } else {
            write!(f, " {}", self.hint)
        }
    }
}

/// What one model said about one photograph.
#[derive(Clone, Debug)]
pub struct Answer {
    pub case: Case,
    pub map: Option<SaliencyMap>,
    /// How the network's input, and with it the map, lies in the photograph.
    pub geometry: Geometry,
}

impl Answer {
    /// The map's value under a point of the photograph; `None` where the network did not look.
    pub fn evidence_at(&self, point_in_image: (f64, f64)) -> Option<f32> {
        let grid = &self.map.as_ref()?.grid;
        if !self.geometry.crop_in_image().contains(point_in_image) {
            return None;
        }
        let (column, row) =
            self.geometry
                .map_from_image(point_in_image, grid.rows(), grid.columns());
        let cell = Cell {
            row: (row.max(0.0) as usize).min(grid.rows() - 1),
            column: (column.max(0.0) as usize).min(grid.columns() - 1),
        };
        Some(grid.at(cell))
    }
}

/// The blocking verbs, called from job threads only.
pub trait Verbs: Send + Sync + 'static {
    /// Every installed model.
    fn models(&self) -> Result<Vec<ModelSummary>, Failure>;

    /// Imports the bundled models where that has not been done yet.
    fn prepare_models(&self, cancel: &Cancel, progress: &Progress) -> Result<(), Failure>;

    fn open(&self, source: &Source) -> Result<FundusImage, Failure>;

    fn predict(
        &self,
        image: &FundusImage,
        name: &str,
        request: &Request,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<Answer, Failure>;

    fn save_settings(&self, settings: &Settings) -> Result<(), Failure>;
}

#[cfg(test)]
mod tests {
    use crate::app::apply::examples;

    #[test]
    fn the_cell_under_a_point_is_found_and_nothing_outside() {
        let answer = examples::answer_with_map("1", 0.5, 3, 2, &[1.0, 2.0, 3.0, 4.0, 5.0, -6.0]);
        assert_eq!(answer.evidence_at((0.1, 0.1)), Some(1.0));
        assert_eq!(answer.evidence_at((2.0, 2.0)), Some(4.0));
        assert_eq!(answer.evidence_at((3.9, 3.9)), Some(-6.0));
        assert_eq!(answer.evidence_at((4.0, 1.0)), None);
        assert_eq!(answer.evidence_at((-0.1, 1.0)), None);
    }
}
