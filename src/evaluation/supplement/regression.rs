//! Logistic regression with several columns.

use crate::evaluation::performance::Undefined;

/// Steps of Newton's method; 6 to 10 are usual.
const STEPS: usize = 50;

/// A coefficient of a standardised column beyond this is that of separated labels, which has no limit.
const LARGEST: f64 = 200.0;

/// Columns of a regression, each standardised, behind one of ones.
#[derive(Clone, Debug)]
pub(super) struct Design {
    /// Row by row.
    values: Vec<f64>,
    width: usize,
    centres: Vec<f64>,
    scales: Vec<f64>,
}

impl Design {
    /// `columns` are of equal length. A column of equal values has no coefficient.
    pub fn new(columns: &[&[f64]]) -> Result<Self, Undefined> {
        let rows = columns.first().map_or(0, |column| column.len());
        if rows == 0 {
            return Err(Undefined::NoCases);
        }
        let count = rows as f64;
        let centres: Vec<f64> = columns
            .iter()
            .map(|c| c.iter().sum::<f64>() / count)
            .collect();
        let scale = |(column, centre): (&&[f64], &f64)| {
            let squares: f64 = column.iter().map(|value| (value - centre).powi(2)).sum();
            (squares / count).sqrt()
        };
        let scales: Vec<f64> = columns.iter().zip(&centres).map(scale).collect();
        if scales
            .iter()
            .any(|scale| !scale.is_finite() || *scale <= 0.0)
        {
            return Err(Undefined::NoVariation);
        }
        let width = columns.len() + 1;
        let mut values = Vec::with_capacity(rows * width);
        for row in 0..rows {
            values.push(1.0);
            for (column, (centre, scale)) in columns.iter().zip(centres.iter().zip(&scales)) {
                values.push((column[row] - centre) / scale);
            }
        }
        Ok(Self {
            values,
            width,
            centres,
            scales,
        })
    }

    fn rows(&self) -> impl Iterator<Item = &[f64]> {
        self.values.chunks_exact(self.width)
    }

    /// Maximum likelihood of the labels, each counted as often as its weight, by Newton's method.
    ///
    /// # Errors
    /// One label only, columns that depend on each other, or labels that the columns separate.
    pub fn fit(&self, labels: &[bool], weights: Option<&[u32]>) -> Result<Regression, Undefined> {
        let weight = |row: usize| weights.map_or(1, |weights| weights[row]);
        let of = |wanted: bool| {
            let labels = labels.iter().enumerate();
            labels
                .filter(|(row, label)| **label == wanted && weight(*row) > 0)
                .count()
        };
        if of(true) == 0 || of(false) == 0 {
            return Err(Undefined::OneLabel);
        }
        let mut coefficients = vec![0.0; self.width];
        for _ in 0..STEPS {
            let mut gradient = vec![0.0; self.width];
            let mut information = vec![0.0; self.width * self.width];
            for (row, (values, label)) in self.rows().zip(labels).enumerate() {
                let weight = f64::from(weight(row));
                if weight == 0.0 {
                    continue;
                }
                let expected = logistic(product(values, &coefficients));
                let residual = weight * (f64::from(u8::from(*label)) - expected);
                let spread = weight * expected * (1.0 - expected);
                for (at, value) in values.iter().enumerate() {
                    gradient[at] += residual * value;
                    for (other, with) in values[..=at].iter().enumerate() {
                        information[at * self.width + other] += spread * value * with;
                    }
                }
            }
            let step = solved(information, &gradient).ok_or(Undefined::Separated)?;
            let largest = step
                .iter()
                .fold(0.0_f64, |largest, part| largest.max(part.abs()));
            let scale = if largest > 5.0 { 5.0 / largest } else { 1.0 };
            for (coefficient, part) in coefficients.iter_mut().zip(&step) {
                *coefficient += scale * part;
            }
            if coefficients
                .iter()
                .any(|coefficient| coefficient.abs() > LARGEST)
            {
                return Err(Undefined::Separated);
            }
            if largest < 1e-10 {
                return Ok(self.regression(&coefficients));
            }
        }
        Err(Undefined::Separated)
    }

    /// Coefficients of the columns as they were given.
    fn regression(&self, standardised: &[f64]) -> Regression {
        let slopes = standardised[1..].iter().zip(&self.scales);
        let slopes: Vec<f64> = slopes
            .map(|(coefficient, scale)| coefficient / scale)
            .collect();
        let shift = product(&slopes, &self.centres);
        Regression {
            intercept: standardised[0] - shift,
            slopes,
        }
    }
}

/// A fitted logistic regression.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Regression {
    pub intercept: f64,
    pub slopes: Vec<f64>,
}

impl Regression {
    /// The logit of a case with these values.
    pub fn logit(&self, values: &[f64]) -> f64 {
        self.intercept + product(&self.slopes, values)
    }
}

pub(super) fn logistic(logit: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-logit))
}

fn product(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Solves a symmetric system, given by its lower half, with Cholesky's decomposition; `None` unless it is positive
/// definite.
fn solved(mut matrix: Vec<f64>, right: &[f64]) -> Option<Vec<f64>> {
    let width = right.len();
    let largest = (0..width)
        .map(|at| matrix[at * width + at])
        .fold(0.0, f64::max);
    for row in 0..width {
        for column in 0..=row {
            let known: f64 = (0..column)
                .map(|k| matrix[row * width + k] * matrix[column * width + k])
                .sum();
            let rest = matrix[row * width + column] - known;
            matrix[row * width + column] = match row == column {
                true if rest > 1e-12 * largest => rest.sqrt(),
                true => return None,
                false => rest / matrix[column * width + column],
            };
        }
    }
    let mut solution = right.to_vec();
    for row in 0..width {
        let known: f64 = (0..row)
            .map(|k| matrix[row * width + k] * solution[k])
            .sum();
        solution[row] = (solution[row] - known) / matrix[row * width + row];
    }
    for row in (0..width).rev() {
        let known: f64 = (row + 1..width)
            .map(|k| matrix[k * width + row] * solution[k])
            .sum();
        solution[row] = (solution[row] - known) / matrix[row * width + row];
    }
    Some(solution)
}
