//! Grad-CAM: Σ_c mean(G_c) · A_c of the feature map A and the target's gradient G with respect to it; signed, no ReLU.
//!
//! At the last feature map it needs no backward graph. A global average pooling spreads the gradient of each channel
//! evenly over its h × w cells, so the mean gradient is d target / d pooled divided by h · w. With a single dense layer
//! after the pooling this is the class activation map of Zhou 2016, and the cells sum to the target less its bias.

use super::{MethodDescription, Needs, PLAIN};
use crate::domain::{Method, Tensor};
use crate::imaging::Grid;
use crate::saliency::{Error, HeadFunction, SaliencyMap, Target};

pub(super) const FACTS: MethodDescription = MethodDescription {
    name: ["Grad-CAM", "Grad-CAM"],
    authors: &[
        "Selvaraju",
        "Cogswell",
        "Das",
        "Vedantam",
        "Parikh",
        "Batra",
    ],
    year: 2017,
    reference: "Grad-CAM: visual explanations from deep networks via gradient-based localization, IEEE International Conference on Computer Vision, 618–626",
    needs: Needs::FeatureGradient(|_, mean| mean),
    ..PLAIN
};

/// The map of one photograph; `features` is (1, C, h, w), the engine's output of that name.
pub fn grad_cam(
    features: &Tensor,
    head: &HeadFunction,
    target: Target,
) -> Result<SaliencyMap, Error> {
    let mut maps = grad_cams(features, head, target)?;
    match (maps.pop(), maps.is_empty()) {
        (Some(map), true) => Ok(map),
        _ => Err(Error::Shape(format!(
            "expected one feature map, got {:?}",
            features.shape
        ))),
    }
}

/// One map per photograph; `features` is (N, C, h, w).
pub fn grad_cams(
    features: &Tensor,
    head: &HeadFunction,
    target: Target,
) -> Result<Vec<SaliencyMap>, Error> {
    let shape = || Error::Shape(format!("feature maps of shape {:?}", features.shape));
    let &[count, channels, rows, columns] = features.shape.as_slice() else {
        return Err(shape());
    };
    let cells = rows
        .checked_mul(columns)
        .filter(|c| *c > 0)
        .ok_or_else(shape)?;
    let per_photograph = cells.checked_mul(channels).ok_or_else(shape)?;
    let fits = per_photograph.checked_mul(count) == Some(features.values.len());
    if channels != head.channels() || !fits {
        return Err(shape());
    }
    let map = |features: &[f32]| {
        let planes = || features.chunks_exact(cells);
        let pooled: Vec<f64> = planes().map(mean).collect();
        let gradient = head.gradient(&pooled, target)?;
        let mut sums = vec![0.0_f64; cells];
        for (plane, gradient) in planes().zip(gradient) {
            let weight = gradient / cells as f64;
            for (sum, &value) in sums.iter_mut().zip(plane) {
                *sum += weight * f64::from(value);
            }
        }
        if sums.iter().any(|s| !s.is_finite()) {
            return Err(Error::NotANumber);
        }
        let values = sums.into_iter().map(|s| s as f32).collect();
        Ok(SaliencyMap {
            method: Method::GradCam,
            layer: Some(head.layer().to_owned()),
            target,
            grid: Grid::new(rows, columns, values).ok_or_else(shape)?,
        })
    };
    features
        .values
        .chunks_exact(per_photograph.max(1))
        .map(map)
        .collect()
}

fn mean(plane: &[f32]) -> f64 {
    plane.iter().map(|&v| f64::from(v)).sum::<f64>() / plane.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{Builder, FEATURES, Graph, LOGIT, Op, TensorType};

    /// Two channels of 2 × 2 cells, then one dense unit with weights 3 and −1 and bias 0.5.
    fn network() -> Graph {
        let mut b = Builder::new();
        let features = b.input("x", TensorType::batched(&[2, 2, 2])).unwrap();
        let pooled = b.node(Op::GlobalAveragePool, "pool", &[features]).unwrap();
        let flat = b.node(Op::Flatten, "flat", &[pooled]).unwrap();
        let weights = b.constant("w", &[2, 1], vec![3.0, -1.0]).unwrap();
        let bias = b.constant("b", &[1], vec![0.5]).unwrap();
        let logit = b.node(Op::Gemm, "dense", &[flat, weights, bias]).unwrap();
        b.output(FEATURES, features);
        b.output(LOGIT, logit);
        b.finish().unwrap()
    }

    #[test]
    fn with_one_dense_layer_it_is_the_weighted_map() {
        let head = HeadFunction::from_graph(&network()).unwrap();
        let values = vec![4.0, 0.0, 0.0, 8.0, 0.0, 4.0, -4.0, 0.0];
        let features = Tensor::new(vec![1, 2, 2, 2], values).unwrap();
        let map = grad_cam(&features, &head, Target::Logit).unwrap();
        assert_eq!(map.grid.values(), [3.0, -1.0, 1.0, 6.0]);
        assert_eq!(map.layer.as_deref(), Some("x"));
        let sum: f32 = map.grid.values().iter().sum();
        let logit = head.logits(&[3.0, 0.0]).unwrap()[0];
        assert_eq!(f64::from(sum), logit - 0.5);
    }

    #[test]
    fn several_photographs_give_several_maps() {
        let head = HeadFunction::from_graph(&network()).unwrap();
        let values: Vec<f32> = (0..16).map(|v| v as f32).collect();
        let features = Tensor::new(vec![2, 2, 2, 2], values.clone()).unwrap();
        let maps = grad_cams(&features, &head, Target::Output(0)).unwrap();
        let second = Tensor::new(vec![1, 2, 2, 2], values[8..].to_vec()).unwrap();
        assert_eq!(
            maps[1],
            grad_cam(&second, &head, Target::Output(0)).unwrap()
        );
        assert!(matches!(
            grad_cam(&features, &head, Target::Logit),
            Err(Error::Shape(_))
        ));
    }

    #[test]
    fn features_of_another_network_are_refused() {
        let head = HeadFunction::from_graph(&network()).unwrap();
        for shape in [vec![1, 3, 2, 2], vec![2, 2, 2], vec![1, 2, 0, 5]] {
            let features = Tensor {
                values: vec![0.0; shape.iter().product()],
                shape,
            };
            assert!(matches!(
                grad_cams(&features, &head, Target::Logit),
                Err(Error::Shape(_))
            ));
        }
        let features = Tensor::new(vec![1, 2, 1, 1], vec![f32::NAN, 0.0]).unwrap();
        assert_eq!(
            grad_cam(&features, &head, Target::Logit),
            Err(Error::NotANumber)
        );
    }
}
