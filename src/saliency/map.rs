//! A map of signed evidence with everything needed to name it.

use super::{Method, Target};
use crate::domain::{ModelCard, Tensor};
use crate::imaging::{Cell, Grid};

/// Evidence on its native grid, neither normalised nor clipped.
#[derive(Clone, Debug, PartialEq)]
pub struct SaliencyMap {
    pub method: Method,
    /// Layer whose feature map was weighted; `None` for methods that work on the input.
    pub layer: Option<String>,
    pub target: Target,
    pub grid: Grid,
}

impl SaliencyMap {
    /// (h, w), as written to `.npy`.
    pub fn to_tensor(&self) -> Tensor {
        Tensor {
            shape: vec![self.grid.rows(), self.grid.columns()],
            values: self.grid.values().to_vec(),
        }
    }

    /// The map over the whole input of a model that looks at a part of it.
    pub fn laid_over_input(mut self, card: &ModelCard) -> Self {
        let laid = card.view.filter(|_| self.layer.is_some());
        if let Some(grid) = laid.and_then(|view| self.grid.laid_over(view, card.input.size)) {
            self.grid = grid;
        }
        self
    }

    /// The cell with the most evidence for one side of the score: the highest if `raised`, else the lowest.
    pub fn peak(&self, raised: bool) -> Option<Cell> {
        if raised {
            self.grid.highest()
        } else {
            self.grid.lowest()
        }
    }

    /// One line for captions, such as `grad-cam of the logit at top_activation, 7 × 7 cells`.
    pub fn describe(&self) -> String {
        let (rows, columns) = (self.grid.rows(), self.grid.columns());
        let layer = match &self.layer {
            Some(layer) => format!(" at {layer}"),
            None => String::new(),
        };
        format!(
            "{} of the {}{layer}, {rows} × {columns} cells",
            self.method, self.target
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_names_itself_and_its_peaks() {
        let map = SaliencyMap {
            method: Method::GradCam,
            layer: Some("top_activation".into()),
            target: Target::Logit,
            grid: Grid::new(1, 3, vec![0.5, -2.0, 1.0]).unwrap(),
        };
        assert_eq!(
            map.describe(),
            "grad-cam of the logit at top_activation, 1 × 3 cells"
        );
        assert_eq!(map.peak(true).map(|c| c.column), Some(2));
        assert_eq!(map.peak(false).map(|c| c.column), Some(1));
        assert_eq!(map.to_tensor().shape, [1, 3]);
    }
}
