//! The quantity that a map explains, always before the last activation.

use std::fmt;

use super::Error;
use crate::domain::{Head, MapTarget, Tensor, ValueScale};

/// The quantity that a map explains, always before the last activation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// The logit of a network with one output.
    Logit,
    /// z1 − z0 of a network with two outputs: the logit of the second.
    Difference,
    /// The value of a network with one linear output, such as years, on the scale given by its card.
    Value(ValueScale),
    /// One output by its index.
    Output(usize),
}

impl Target {
    /// The default target. `scale` applies only to a linear head.
    pub fn of(head: Head, scale: ValueScale) -> Self {
        match head {
            Head::Sigmoid => Self::Logit,
            Head::Softmax => Self::Difference,
            Head::Linear => Self::Value(scale),
        }
    }

    /// Its name in files.
    pub fn name(self) -> MapTarget {
        match self {
            Self::Logit => MapTarget::Logit,
            Self::Difference => MapTarget::Difference,
            Self::Value(_) => MapTarget::Value,
            Self::Output(k) => MapTarget::Output(k),
        }
    }

    /// The target's value from the outputs before the last activation.
    ///
    /// # Errors
    /// [`Error::Target`], and [`Error::NotANumber`] for an output that is not finite.
    pub fn value(self, outputs: &[f32]) -> Result<f64, Error> {
        let weights = self.weights(outputs.len())?;
        if let (Self::Value(scale), [z]) = (self, outputs) {
            let value = scale.value(f64::from(*z));
            return value.is_finite().then_some(value).ok_or(Error::NotANumber);
        }
        let terms = weights.iter().zip(outputs);
        let value: f64 = terms
            .map(|(w, &z)| if *w == 0.0 { 0.0 } else { w * f64::from(z) })
            .sum();
        if value.is_finite() {
            Ok(value)
        } else {
            Err(Error::NotANumber)
        }
    }

    /// The input `seed` of a gradient graph for a batch: (`batch`, `units`).
    pub fn seed(self, batch: usize, units: usize) -> Result<Tensor, Error> {
        let weights = self.weights(units)?;
        let row = weights.iter().map(|&w| w as f32);
        Ok(Tensor {
            shape: vec![batch, units],
            values: row.cycle().take(batch * units).collect(),
        })
    }

    /// The target's derivative with respect to each of `units` outputs.
    pub fn weights(self, units: usize) -> Result<Vec<f64>, Error> {
        let wrong = Err(Error::Target {
            target: self,
            units,
        });
        let mut weights = vec![0.0; units];
        match (self, weights.as_mut_slice()) {
            (Self::Logit, [z]) => *z = 1.0,
            (Self::Value(scale), [z]) => *z = scale.scale(),
            (Self::Difference, [z0, z1]) => (*z0, *z1) = (-1.0, 1.0),
            (Self::Output(k), all) => match all.get_mut(k) {
                Some(z) => *z = 1.0,
                None => return wrong,
            },
            _ => return wrong,
        }
        Ok(weights)
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.name().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_pick_their_number() {
        let of = |head| Target::of(head, ValueScale::default());
        assert_eq!(of(Head::Sigmoid).value(&[2.5]), Ok(2.5));
        assert_eq!(of(Head::Softmax).value(&[1.0, 4.0]), Ok(3.0));
        assert_eq!(of(Head::Linear).value(&[61.0]), Ok(61.0));
        let hundreds = ValueScale::new(100.0, 5.0).unwrap();
        let years = Target::of(Head::Linear, hundreds);
        assert_eq!(years.value(&[0.5]), Ok(55.0));
        assert_eq!(years.seed(2, 1).unwrap().values, [100.0, 100.0]);
        assert_eq!(Target::of(Head::Sigmoid, hundreds), Target::Logit);
        let endless = years.value(&[f32::INFINITY]);
        assert_eq!(endless, Err(Error::NotANumber));
        let seed = Target::Difference.seed(2, 2).unwrap();
        assert_eq!(seed.values, [-1.0, 1.0, -1.0, 1.0]);
        assert_eq!(Target::Output(2).value(&[1.0, f32::INFINITY, 3.0]), Ok(3.0));
        for (target, units) in [
            (Target::Logit, 2),
            (Target::Difference, 1),
            (Target::Difference, 3),
            (Target::Output(3), 3),
            (Target::Value(ValueScale::default()), 0),
        ] {
            let refused = target.value(&vec![0.0; units]);
            assert_eq!(refused, Err(Error::Target { target, units }));
        }
    }
}
