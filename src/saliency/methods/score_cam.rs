//! Score-CAM: Σ_k w_k · A_k over channels of the feature map A, without a gradient.
//!
//! The weight of a channel is what showing it alone adds to the target: w_k = target(x₀ + M_k · (x − x₀)) − target(x₀)
//! with the baseline x₀ and the mask M_k, the channel resized to the input and scaled to 0–1. This is the paper's
//! increase of confidence itself: the softmax over the channels in its algorithm would make every weight positive. The
//! final ReLU is omitted, as in every map here, so that evidence against the target remains.
//!
//! Only the channels with the highest energy, Σ A_k² over the cells, are used; each costs one forward pass.

use super::{
    Cost, Explanation, InputToExplain, MethodDescription, Needs, Network, OnPartialMap, Output,
    PLAIN, Steps,
};
use crate::domain::{Baseline, NetworkPart, StepKind, Tensor};
use crate::imaging::Grid;
use crate::saliency::{Error, Mask, Recipe, SaliencyMap, covered};

pub(super) const FACTS: MethodDescription = MethodDescription {
    name: ["Score-CAM", "Score-CAM"],
    authors: &[
        "Wang", "Wang", "Du", "Yang", "Zhang", "Ding", "Mardziel", "Hu",
    ],
    year: 2020,
    reference: "Score-CAM: score-weighted visual explanations for convolutional neural networks, IEEE/CVF Conference on Computer Vision and Pattern Recognition Workshops, 111–119",
    needs: Needs::Features,
    steps: Some(Steps {
        of: StepKind::Channels,
        default: 100,
        most: 4096,
        choices: &[20, 50, 100, 200, 500, 1000],
    }),
    baseline: Some(Baseline::Black),
    steps_taken: channels_shown,
    // The input itself and the baseline.
    passes: |recipe, cost| 2 + channels_shown(recipe, cost),
    ..PLAIN
};

/// As many channels as requested, at most as many as the layer has.
fn channels_shown(recipe: &Recipe, cost: Cost) -> usize {
    recipe.steps().min(cost.channels.unwrap_or(usize::MAX))
}

pub(super) fn explain<N: Network>(
    task: &InputToExplain<'_>,
    network: &mut N,
    notify: OnPartialMap<'_>,
) -> Result<Explanation, N::Error> {
    let found = network.run(task.x, &[Output::Features, Output::Logit])?;
    let (Some(stage), [features, logit]) = (task.stage, found.as_slice()) else {
        return Err(Error::Missing(NetworkPart::FeatureMap).into());
    };
    let shape = || Error::Shape(format!("a feature map of shape {:?}", features.shape));
    let &[1, _, rows, columns] = features.shape.as_slice() else {
        return Err(shape().into());
    };
    let target_value = task.target.value(&logit.values)?;
    let baseline = task.baseline();
    let baseline_value = task.target_at(network, &baseline)?;
    let strongest = strongest(features, rows * columns, task.recipe.steps())?;
    let mut sums = vec![0.0_f64; rows * columns];
    let map = |sums: &[f64]| {
        if sums.iter().any(|sum| !sum.is_finite()) {
            return Err(Error::NotANumber);
        }
        let values = sums.iter().map(|&sum| sum as f32).collect();
        Ok(SaliencyMap {
            method: task.recipe.method,
            layer: Some(stage.layer.clone()),
            target: task.target,
            grid: Grid::new(rows, columns, values).ok_or_else(shape)?,
        })
    };
    let mut shown = 0;
    for few in strongest.chunks(task.batch.max(1)) {
        let inputs = shown_through(few, [rows, columns], task.x, &baseline)?;
        for (channel, value) in few.iter().zip(task.targets(network, &inputs)?) {
            for (sum, &activation) in sums.iter_mut().zip(*channel) {
                *sum += (value - baseline_value) * f64::from(activation);
            }
        }
        shown += few.len();
        if task.progressive && shown < strongest.len() {
            notify(map(&sums)?);
        }
    }
    Ok(Explanation {
        baseline_value: Some(baseline_value),
        ..Explanation::of_map(map(&sums)?, Some(target_value))
    })
}

/// The channels with the highest energy in descending order; ties keep channel order.
fn strongest(features: &Tensor, cells: usize, count: usize) -> Result<Vec<&[f32]>, Error> {
    let channels = features.values.chunks_exact(cells.max(1));
    let energy = |channel: &[f32]| channel.iter().map(|&a| f64::from(a) * f64::from(a)).sum();
    let mut all: Vec<(f64, &[f32])> = channels.map(|c| (energy(c), c)).collect();
    if all.iter().any(|(energy, _)| !energy.is_finite()) {
        return Err(Error::NotANumber);
    }
    all.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    Ok(all.into_iter().take(count).map(|(_, c)| c).collect())
}

/// The input masked by each channel, with the baseline elsewhere: (n, 3, H, W).
fn shown_through(
    channels: &[&[f32]],
    grid: [usize; 2],
    x: &Tensor,
    baseline: &Tensor,
) -> Result<Tensor, Error> {
    let &[_, planes, rows, columns] = x.shape.as_slice() else {
        return Err(Error::Shape(format!("an input of shape {:?}", x.shape)));
    };
    let of_channel = |channel: &&[f32]| {
        let mask = Mask {
            rows,
            columns,
            values: scaled(enlarged(channel, grid, [rows, columns])),
        };
        covered(x, baseline, &mask.inverted()).values
    };
    Ok(Tensor {
        shape: vec![channels.len(), planes, rows, columns],
        values: channels.iter().flat_map(of_channel).collect(),
    })
}

/// Bilinear between the cell centres; beyond the outer centres the outer cell is repeated.
fn enlarged(plane: &[f32], grid: [usize; 2], size: [usize; 2]) -> Vec<f64> {
    let places = |axis: usize| {
        let (cells, pixels) = (grid[axis], size[axis]);
        let place = move |pixel: usize| {
            let at = (pixel as f64 + 0.5) * cells as f64 / pixels as f64 - 0.5;
            let at = at.clamp(0.0, (cells - 1) as f64);
            let low = at as usize;
            (low, (low + 1).min(cells - 1), at - low as f64)
        };
        (0..pixels).map(place).collect::<Vec<_>>()
    };
    let (down, across) = (places(0), places(1));
    let at = |row: usize, column: usize| f64::from(plane[row * grid[1] + column]);
    let mut values = Vec::with_capacity(down.len() * across.len());
    for &(top, bottom, lower) in &down {
        for &(left, right, share) in &across {
            let upper = at(top, left) + (at(top, right) - at(top, left)) * share;
            let under = at(bottom, left) + (at(bottom, right) - at(bottom, left)) * share;
            values.push(upper + (under - upper) * lower);
        }
    }
    values
}

/// Scaled from 0 at the minimum to 1 at the maximum; a constant plane shows nothing.
fn scaled(values: Vec<f64>) -> Vec<f32> {
    let range = |(low, high): (f64, f64), &v: &f64| (low.min(v), high.max(v));
    let (low, high) = values.iter().fold((f64::MAX, f64::MIN), range);
    let scale = |v: f64| match high > low {
        true => ((v - low) / (high - low)) as f32,
        false => 0.0,
    };
    values.into_iter().map(scale).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Method;
    use crate::saliency::{Stage, Target};

    /// Its logit is the sum of the input; its feature map has three channels of 1 × 2 cells.
    struct Sum {
        runs: Vec<usize>,
    }

    impl Network for Sum {
        type Error = Error;

        fn run(&mut self, x: &Tensor, outputs: &[Output]) -> Result<Vec<Tensor>, Error> {
            self.runs.push(x.shape[0]);
            let per = x.values.len() / x.shape[0];
            let sums = x.values.chunks(per).map(|x| x.iter().sum()).collect();
            let logit = Tensor::new(vec![x.shape[0], 1], sums).unwrap();
            let channels = vec![1.0, 1.0, 0.0, 2.0, 3.0, 0.0];
            let features = Tensor::new(vec![1, 3, 1, 2], channels).unwrap();
            let output = |output: &Output| match output {
                Output::Features => features.clone(),
                _ => logit.clone(),
            };
            Ok(outputs.iter().map(output).collect())
        }
    }

    fn map(steps: usize, batch: usize) -> (Explanation, Vec<Vec<f32>>, Vec<usize>) {
        let recipe = Recipe {
            steps: Some(steps),
            ..Recipe::of(Method::ScoreCam)
        };
        let x = Tensor::new(vec![1, 1, 1, 2], vec![5.0, 7.0]).unwrap();
        let stage = Stage::new("top", 3, [1, 2]);
        let task = InputToExplain {
            recipe: &recipe,
            target: Target::Logit,
            x: &x,
            stage: Some(&stage),
            black: &[1.0],
            inside: None,
            batch,
            progressive: true,
        };
        let (mut network, mut reported) = (Sum { runs: vec![] }, vec![]);
        let mut notify = |map: SaliencyMap| reported.push(map.grid.values().to_vec());
        let found = explain(&task, &mut network, &mut notify).unwrap();
        (found, reported, network.runs)
    }

    #[test]
    fn each_channel_weighs_what_showing_it_alone_adds_to_the_target() {
        let (found, reported, runs) = map(2, 1);
        // (3, 0) shows the first pixel, 5 instead of 1; (0, 2) the second, 7 instead of 1.
        assert_eq!(reported, [[4.0 * 3.0, 0.0]]);
        assert_eq!(found.map.grid.values(), [4.0 * 3.0, 6.0 * 2.0]);
        assert_eq!(found.map.layer.as_deref(), Some("top"));
        let values = (found.target_value, found.baseline_value);
        assert_eq!(values, (Some(12.0), Some(2.0)));
        assert_eq!(runs, [1, 1, 1, 1]);
        // The constant channel shows nothing, and the batch size changes nothing.
        let (all, reported, runs) = map(9, 8);
        assert_eq!(all.map, found.map);
        assert!(reported.is_empty());
        assert_eq!(runs, [1, 1, 3]);
    }

    #[test]
    fn the_cost_is_known_beforehand_and_bounded_by_the_channels() {
        let cost = |channels| Cost {
            size: [224, 224],
            channels,
            progressive: true,
        };
        let recipe = Recipe::of(Method::ScoreCam);
        assert_eq!(recipe.passes(cost(None)), 102);
        assert_eq!(recipe.passes(cost(Some(1280))), 102);
        assert_eq!(recipe.passes(cost(Some(32))), 34);
    }

    #[test]
    fn a_channel_is_enlarged_between_the_centres_of_its_cells() {
        let found = enlarged(&[0.0, 4.0], [1, 2], [1, 4]);
        assert_eq!(found, [0.0, 1.0, 3.0, 4.0]);
        assert_eq!(scaled(found), [0.0, 0.25, 0.75, 1.0]);
        assert_eq!(scaled(vec![2.0, 2.0]), [0.0, 0.0]);
    }
}
