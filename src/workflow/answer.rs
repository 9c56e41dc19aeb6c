//! One model's answer on one photograph: the type that the window keeps and exports.

use std::sync::Arc;

use super::cover::Covered;
use super::predict::Prediction;
use crate::domain::ResultRow;
use crate::imaging::{Cell, Geometry};
use crate::saliency::sanity_checks::SanityChecks;
use crate::saliency::{MethodRun, SaliencyMap};

/// One model's answer on a photograph, without the network's input, which is not needed again.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    pub case: ResultRow,
    pub map: Option<SaliencyMap>,
    /// How the map was computed; `None` without a map, and for one that is not finished.
    pub made: Option<MethodRun>,
    /// The sanity checks of the map, if requested.
    pub sanity_checks: Option<Arc<SanityChecks>>,
    pub geometry: Geometry,
    /// The parts covered by hand, shown in place of the map.
    pub covered: Option<Arc<Covered>>,
}

impl Answer {
    /// The answer of a run, with the map that every run computes.
    pub fn of_run(case: ResultRow, map: Option<SaliencyMap>, geometry: Geometry) -> Self {
        let made = map.as_ref().map(|_| MethodRun::of_every_run(&case));
        Self {
            case,
            map,
            made,
            sanity_checks: None,
            geometry,
            covered: None,
        }
    }

    /// The map's value at a point of the photograph; `None` outside the network's input.
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

impl From<Prediction> for Answer {
    fn from(prediction: Prediction) -> Self {
        let geometry = prediction.prepared.geometry;
        Self::of_run(prediction.case, prediction.map, geometry)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::model_card;
    use crate::imaging::Grid;
    use crate::saliency::{Method, Target};

    #[test]
    fn the_cell_under_a_point_is_found_and_nothing_outside() {
        let values = vec![1.0, 2.0, 3.0, 4.0, 5.0, -6.0];
        let map = SaliencyMap {
            method: Method::GradCam,
            layer: None,
            target: Target::Logit,
            grid: Grid::new(3, 2, values).unwrap(),
        };
        let geometry = Geometry::new([4, 4], (0, 0, 4, 4).into(), [32, 32]).unwrap();
        let case = ResultRow::unopened("a", Arc::new(model_card::example()));
        let answer = Answer::of_run(case, Some(map), geometry);
        assert_eq!(answer.evidence_at((0.1, 0.1)), Some(1.0));
        assert_eq!(answer.evidence_at((2.0, 2.0)), Some(4.0));
        assert_eq!(answer.evidence_at((3.9, 3.9)), Some(-6.0));
        assert_eq!(answer.evidence_at((4.0, 1.0)), None);
        assert_eq!(answer.evidence_at((-0.1, 1.0)), None);
    }
}
