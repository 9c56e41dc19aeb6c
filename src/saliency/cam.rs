//! Class activation maps at any layer, from its feature map A and the target's gradient G with respect to it, both
//! (N, C, h, w).
//!
//! The sums are neither normalised nor passed through a ReLU. The Grad-CAM of every run is
//! computed here as well, from the gradient of the head alone (`workflow::last_map`).

use super::methods::{InputToExplain, Needs, Network, Output};
use super::{Error, Explanation, SaliencyMap, Target};
use crate::domain::{Method, NetworkPart, Tensor};
use crate::imaging::Grid;

/// The map of one input, from one gradient at its layer.
pub(super) fn explain<N: Network>(
    task: &InputToExplain<'_>,
    network: &mut N,
) -> Result<Explanation, N::Error> {
    let missing = Error::Missing(NetworkPart::FeatureMap);
    let outputs = [Output::Features, Output::FeatureGradient, Output::Logit];
    let found = network.run(task.x, &outputs)?;
    let (Some(stage), [features, gradient, logit]) = (task.stage, found.as_slice()) else {
        return Err(missing.into());
    };
    let (method, target) = (task.recipe.method, task.target);
    let maps = class_activation_maps(method, features, gradient, &stage.layer, target)?;
    let map = maps.into_iter().next().ok_or(missing)?;
    let target_value = target.value(&logit.values)?;
    Ok(Explanation::of_map(map, Some(target_value)))
}

/// One map (h, w) per photograph: Σ_c w · A_c with the method's weight w. The method must use the gradient with respect
/// to the feature map.
///
/// # Errors
/// [`Error::Shape`] if the tensors do not fit each other or the method is another one, [`Error::NotANumber`].
pub fn class_activation_maps(
    method: Method,
    features: &Tensor,
    gradient: &Tensor,
    layer: &str,
    target: Target,
) -> Result<Vec<SaliencyMap>, Error> {
    let shape = || {
        let (a, g) = (&features.shape, &gradient.shape);
        Error::Shape(format!("{method} of feature maps {a:?} and gradient {g:?}"))
    };
    let &[count, channels, rows, columns] = features.shape.as_slice() else {
        return Err(shape());
    };
    let cells = rows * columns;
    let filled = count * channels * cells;
    let Needs::FeatureGradient(weight) = method.description().needs else {
        return Err(shape());
    };
    let fits = features.shape == gradient.shape
        && [features, gradient]
            .iter()
            .all(|t| t.values.len() == filled);
    if !fits || filled == 0 {
        return Err(shape());
    }
    let one = |features: &[f32], gradient: &[f32]| {
        let mut sums = vec![0.0_f64; cells];
        let planes = features
            .chunks_exact(cells)
            .zip(gradient.chunks_exact(cells));
        for (a, g) in planes {
            let mean = g.iter().map(|&g| f64::from(g)).sum::<f64>() / cells as f64;
            for ((sum, &a), &g) in sums.iter_mut().zip(a).zip(g) {
                *sum += weight(f64::from(g), mean) * f64::from(a);
            }
        }
        // `max` would hide a NaN gradient.
        if sums.iter().any(|s| !s.is_finite()) || gradient.iter().any(|g| !g.is_finite()) {
            return Err(Error::NotANumber);
        }
        let values = sums.into_iter().map(|s| s as f32).collect();
        Ok(SaliencyMap {
            method,
            layer: Some(layer.to_owned()),
            target,
            grid: Grid::new(rows, columns, values).ok_or_else(shape)?,
        })
    };
    let per_photograph = channels * cells;
    features
        .values
        .chunks_exact(per_photograph)
        .zip(gradient.values.chunks_exact(per_photograph))
        .map(|(a, g)| one(a, g))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn maps(method: Method, gradient: Vec<f32>) -> Result<Vec<SaliencyMap>, Error> {
        let features = Tensor::new(vec![1, 2, 1, 2], vec![1.0, 2.0, 3.0, 4.0]).unwrap();
        let gradient = Tensor::new(vec![1, 2, 1, 2], gradient).unwrap();
        class_activation_maps(method, &features, &gradient, "layer", Target::Logit)
    }

    #[test]
    fn each_method_weighs_as_its_paper_says() {
        for (method, expected) in [
            (Method::GradCam, [1.0 * 1.0 - 3.0, 2.0 * 1.0 - 4.0]),
            (Method::HiresCam, [-1.0 - 9.0, 6.0 + 4.0]),
            (Method::LayerCam, [0.0, 6.0 + 4.0]),
        ] {
            let map = maps(method, vec![-1.0, 3.0, -3.0, 1.0]).unwrap().remove(0);
            assert_eq!(map.grid.values(), expected, "{method}");
        }
    }

    #[test]
    fn several_photographs_and_what_does_not_fit() {
        let features = Tensor::new(vec![3, 1, 1, 1], vec![1.0, 2.0, 3.0]).unwrap();
        let ones = Tensor::new(vec![3, 1, 1, 1], vec![1.0; 3]).unwrap();
        let of = |method, gradient: &Tensor| {
            class_activation_maps(method, &features, gradient, "layer", Target::Logit)
        };
        let values: Vec<f32> = of(Method::HiresCam, &ones)
            .unwrap()
            .iter()
            .map(|m| m.grid.values()[0])
            .collect();
        assert_eq!(values, [1.0, 2.0, 3.0]);
        assert!(matches!(of(Method::Occlusion, &ones), Err(Error::Shape(_))));
        let fewer = Tensor::new(vec![1, 1, 1, 1], vec![1.0]).unwrap();
        assert!(matches!(of(Method::GradCam, &fewer), Err(Error::Shape(_))));
        assert_eq!(
            maps(Method::LayerCam, vec![f32::NAN, 1.0, 1.0, 1.0]),
            Err(Error::NotANumber)
        );
    }
}
