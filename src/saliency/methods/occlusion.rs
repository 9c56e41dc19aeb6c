//! Occlusion: how much the target drops when a patch of the input is hidden.
//!
//! cell = target(x) − target(x with the cell's patch replaced by the baseline); positive if the patch raised it.

use super::{
    Explanation, InputToExplain, MethodDescription, Network, OnPartialMap, PLAIN, StepKind, Steps,
};
use crate::domain::{Baseline, Method, Tensor};
use crate::imaging::Grid;
use crate::saliency::{Error, SaliencyMap, Target};

pub(super) const FACTS: MethodDescription = MethodDescription {
    name: ["occlusion", "遮蔽法(Occlusion)"],
    authors: &["Zeiler", "Fergus"],
    year: 2014,
    reference: "Visualizing and understanding convolutional networks, European Conference on Computer Vision, 818–833",
    steps: Some(Steps {
        of: StepKind::Patches,
        default: 16,
        most: 64,
        choices: &[4, 8, 16, 32, 64],
    }),
    baseline: Some(Baseline::Mean),
    passes: |recipe, cost| {
        let plans = plans(cost.size, recipe.steps(), cost.progressive).into_iter();
        1 + plans.map(PatchGrid::len).sum::<usize>()
    },
    ..PLAIN
};

/// Plans for an input of H × W: the requested one comes last, after coarser ones if partial maps are requested.
fn plans([height, width]: [usize; 2], cells: usize, progressive: bool) -> Vec<PatchGrid> {
    let mut plans = PatchGrid::coarse_to_fine(height, width, cells);
    if !progressive {
        plans.drain(..plans.len().saturating_sub(1));
    }
    plans
}

pub(super) fn explain<N: Network>(
    task: &InputToExplain<'_>,
    network: &mut N,
    notify: OnPartialMap<'_>,
) -> Result<Explanation, N::Error> {
    let (x, baseline) = (task.x, task.baseline());
    let target_value = task.target_at(network, x)?;
    let &[_, _, height, width] = x.shape.as_slice() else {
        return Err(Error::Shape(format!("an input of shape {:?}", x.shape)).into());
    };
    let plans = plans([height, width], task.recipe.steps(), task.progressive);
    let mut finest = None;
    for (i, plan) in plans.iter().copied().enumerate() {
        let mut hidden = Vec::with_capacity(plan.len());
        while hidden.len() < plan.len() {
            let count = task.batch.clamp(1, plan.len() - hidden.len());
            let inputs = plan.hidden(x, &baseline, hidden.len(), count);
            hidden.extend(task.targets(network, &inputs)?);
        }
        let map = plan.map(task.target, target_value, &hidden)?;
        if i + 1 < plans.len() {
            notify(map.clone());
        }
        finest = Some(map);
    }
    let map = finest.ok_or_else(|| Error::Shape("an input without pixels".to_owned()))?;
    Ok(Explanation::of_map(map, Some(target_value)))
}

/// Cells along the longer side of the first, coarsest plan.
const COARSEST: usize = 4;

/// Patches that tile an input of H × W without gap or overlap, `rows` × `columns` of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PatchGrid {
    pub rows: usize,
    pub columns: usize,
    height: usize,
    width: usize,
}

impl PatchGrid {
    /// Roughly square patches, `cells` of them along the longer side; no patch is smaller than a pixel. `None` for an
    /// empty input.
    pub fn new(height: usize, width: usize, cells: usize) -> Option<Self> {
        let longer = height.max(width);
        let along = |side: usize| ((side * cells + longer / 2) / longer).clamp(1, side);
        (height > 0 && width > 0).then(|| Self {
            rows: along(height),
            columns: along(width),
            height,
            width,
        })
    }

    /// Plans from coarse to fine, each side doubling, the last with `cells`: a first map appears after a few passes.
    pub fn coarse_to_fine(height: usize, width: usize, cells: usize) -> Vec<Self> {
        let mut sides = vec![cells];
        while let Some(&side) = sides.last()
            && side >= 2 * COARSEST
        {
            sides.push(side / 2);
        }
        let plans = sides.into_iter().rev();
        plans.filter_map(|c| Self::new(height, width, c)).collect()
    }

    /// The number of passes, not counting the one without a patch.
    pub fn len(self) -> usize {
        self.rows * self.columns
    }

    /// The patch of a cell in pixels of the input: rows and columns.
    pub fn patch(self, cell: usize) -> [std::ops::Range<usize>; 2] {
        let (row, column) = (cell / self.columns, cell % self.columns);
        let part = |i: usize, of: usize, size: usize| i * size / of..(i + 1) * size / of;
        [
            part(row, self.rows, self.height),
            part(column, self.columns, self.width),
        ]
    }

    /// The input with one patch hidden, for each of `first..first + count`: (count, 3, H, W).
    pub fn hidden(self, x: &Tensor, baseline: &Tensor, first: usize, count: usize) -> Tensor {
        let mut shape = x.shape.clone();
        if let Some(n) = shape.first_mut() {
            *n = count;
        }
        let mut values = Vec::with_capacity(x.values.len() * count);
        for cell in first..first + count {
            let start = values.len();
            values.extend_from_slice(&x.values);
            let [rows, columns] = self.patch(cell);
            for plane in (0..x.values.len()).step_by(self.height * self.width) {
                for row in rows.clone() {
                    let line = plane + row * self.width;
                    let line = line + columns.start..line + columns.end;
                    values[start + line.start..start + line.end]
                        .copy_from_slice(&baseline.values[line]);
                }
            }
        }
        Tensor { shape, values }
    }

    /// The map, from the target with nothing hidden and with each patch hidden, cell by cell.
    pub fn map(self, target: Target, whole: f64, hidden: &[f64]) -> Result<SaliencyMap, Error> {
        let falls: Vec<f32> = hidden.iter().map(|h| (whole - h) as f32).collect();
        if falls.iter().any(|f| !f.is_finite()) {
            return Err(Error::NotANumber);
        }
        let grid = Grid::new(self.rows, self.columns, falls).ok_or_else(|| {
            Error::Shape(format!(
                "{} values for {} patches",
                hidden.len(),
                self.len()
            ))
        })?;
        Ok(SaliencyMap {
            method: Method::Occlusion,
            layer: None,
            target,
            grid,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patches_cover_every_pixel_once() {
        for (height, width, cells) in [(7, 5, 3), (224, 224, 16), (3, 10, 20), (1, 1, 4)] {
            let plan = PatchGrid::new(height, width, cells).unwrap();
            let mut seen = vec![0; height * width];
            for cell in 0..plan.len() {
                let [rows, columns] = plan.patch(cell);
                for row in rows {
                    columns.clone().for_each(|c| seen[row * width + c] += 1);
                }
            }
            assert!(
                seen.iter().all(|s| *s == 1),
                "{height} × {width} in {cells}"
            );
        }
        assert_eq!(PatchGrid::new(0, 5, 3), None);
    }

    #[test]
    fn plans_grow_finer_to_the_one_asked_for() {
        let rows = |cells| -> Vec<usize> {
            let plans = PatchGrid::coarse_to_fine(224, 112, cells);
            plans.iter().map(|p| p.rows).collect()
        };
        assert_eq!(rows(16), [4, 8, 16]);
        assert_eq!(rows(20), [5, 10, 20]);
        assert_eq!(rows(3), [3]);
        assert_eq!(PatchGrid::coarse_to_fine(224, 112, 16)[2].columns, 8);
    }

    #[test]
    fn of_a_weighted_sum_it_gives_the_weights() {
        let x = Tensor::new(vec![1, 1, 2, 4], (1..9).map(|v| v as f32).collect()).unwrap();
        let zero = Tensor::new(vec![1, 1, 2, 4], vec![0.0; 8]).unwrap();
        let plan = PatchGrid::new(2, 4, 2).unwrap();
        let value = |values: &[f32]| f64::from(values.iter().sum::<f32>());
        let hidden: Vec<f64> = [plan.hidden(&x, &zero, 0, 1), plan.hidden(&x, &zero, 1, 1)]
            .iter()
            .map(|t| value(&t.values))
            .collect();
        let map = plan.map(Target::Logit, value(&x.values), &hidden).unwrap();
        assert_eq!((map.grid.rows(), map.grid.columns()), (1, 2));
        assert_eq!(map.grid.values(), [14.0, 22.0]);
        assert!(matches!(
            plan.map(Target::Logit, 0.0, &[1.0]),
            Err(Error::Shape(_))
        ));
    }
}
