//! Logistic regression with several columns.

use crate::evaluation::performance::Undefined;

/// Steps of Newton's method; 6 to 12 are usual.
const STEPS: usize = 100;

/// Part of a step below which none is better.
const SMALLEST_SCALE: f64 = 1e-6;

/// A step that changes nothing, in standardised coefficients.
const SMALLEST_STEP: f64 = 1e-9;

/// Where no better step is found, the coefficients stand if the step would be smaller than this.
const NEAR: f64 = 1e-5;

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

    /// Firth's regression with the intercept of maximum likelihood for its slopes. The mean probability is then the share of
    /// label 1, whereas Firth's intercept moves it towards one half, most where a label is rare (FLIC: Puhr et al., Stat Med
    /// 2017;36:2302–2317). Each label counts as often as its weight.
    ///
    /// # Errors
    /// One label only, columns that depend on each other, or no maximum found.
    pub fn fit(&self, labels: &[bool], weights: Option<&[u32]>) -> Result<Regression, Undefined> {
        let weight = weight(weights);
        let at = self.maximum(labels, &weight)?;
        let mut coefficients = at.coefficients.clone();
        coefficients[0] = self.intercept(&at.coefficients, labels, &weight);
        Ok(self.regression(&coefficients, &at.information))
    }

    /// Firth's regression as it is.
    #[cfg(test)]
    pub fn firth(&self, labels: &[bool], weights: Option<&[u32]>) -> Result<Regression, Undefined> {
        let at = self.maximum(labels, &weight(weights))?;
        Ok(self.regression(&at.coefficients, &at.information))
    }

    /// Firth's penalised likelihood by Newton's method: the likelihood times the root of the determinant of the
    /// information (Biometrika 1993;80:27–38). It has a maximum also where the columns separate the labels, as a good model
    /// does in a small study (Heinze and Schemper, Stat Med 2002;21:2409–2419).
    fn maximum(&self, labels: &[bool], weight: &impl Fn(usize) -> f64) -> Result<State, Undefined> {
        let has = |wanted: bool| {
            let mut labels = labels.iter().enumerate();
            labels.any(|(row, label)| *label == wanted && weight(row) > 0.0)
        };
        if !has(true) || !has(false) {
            return Err(Undefined::OneLabel);
        }
        let mut at = self
            .state(vec![0.0; self.width], labels, weight)
            .ok_or(Undefined::NoVariation)?;
        for _ in 0..STEPS {
            let step = at.information.solve(&self.gradient(&at, labels, weight));
            let largest = largest(&step);
            if largest < SMALLEST_STEP {
                return Ok(at);
            }
            let mut scale = if largest > 5.0 { 5.0 / largest } else { 1.0 };
            let next = loop {
                let moved = at.coefficients.iter().zip(&step);
                let moved = moved.map(|(coefficient, part)| coefficient + scale * part);
                let next = self.state(moved.collect(), labels, weight);
                // Half steps until the likelihood is no smaller, but for rounding.
                let is_better = |next: &State| next.likelihood >= at.likelihood - 1e-9;
                if scale < SMALLEST_SCALE {
                    break None;
                }
                match next.filter(is_better) {
                    Some(next) => break Some(next),
                    None => scale /= 2.0,
                }
            };
            match next {
                Some(next) => at = next,
                None => break,
            }
        }
        let step = at.information.solve(&self.gradient(&at, labels, weight));
        match largest(&step) < NEAR {
            true => Ok(at),
            false => Err(Undefined::NoSolution),
        }
    }

    /// The intercept of maximum likelihood for these slopes, all standardised: where the expected number of label 1 is
    /// the observed one. It exists, because both labels occur.
    fn intercept(
        &self,
        coefficients: &[f64],
        labels: &[bool],
        weight: &impl Fn(usize) -> f64,
    ) -> f64 {
        let of_slopes: Vec<f64> = self
            .rows()
            .map(|values| product(&values[1..], &coefficients[1..]))
            .collect();
        // How many more there are than expected, and how fast that falls.
        let excess = |intercept: f64| {
            let (mut excess, mut spread) = (0.0, 0.0);
            for (row, (logit, label)) in of_slopes.iter().zip(labels).enumerate() {
                let expected = logistic(intercept + logit);
                excess += weight(row) * (f64::from(u8::from(*label)) - expected);
                spread += weight(row) * expected * (1.0 - expected);
            }
            (excess, spread)
        };
        let (mut low, mut high) = (coefficients[0] - 1.0, coefficients[0] + 1.0);
        let mut width = 1.0;
        for _ in 0..STEPS {
            width *= 2.0;
            match (excess(low).0 < 0.0, excess(high).0 > 0.0) {
                (true, _) => low -= width,
                (_, true) => high += width,
                (false, false) => break,
            }
        }
        let mut intercept = coefficients[0];
        for _ in 0..STEPS {
            let (more, spread) = excess(intercept);
            match more > 0.0 {
                true => low = intercept,
                false => high = intercept,
            }
            let newton = intercept + more / spread;
            let next = match low < newton && newton < high {
                true => newton,
                false => f64::midpoint(low, high),
            };
            let is_last = (next - intercept).abs() < SMALLEST_STEP;
            intercept = next;
            if is_last {
                break;
            }
        }
        intercept
    }

    /// The information and the penalised log likelihood at some coefficients; `None` unless the information can be
    /// inverted.
    fn state(
        &self,
        coefficients: Vec<f64>,
        labels: &[bool],
        weight: &impl Fn(usize) -> f64,
    ) -> Option<State> {
        let mut information = vec![0.0; self.width * self.width];
        let mut likelihood = 0.0;
        for (row, (values, label)) in self.rows().zip(labels).enumerate() {
            let weight = weight(row);
            if weight == 0.0 {
                continue;
            }
            let logit = product(values, &coefficients);
            let expected = logistic(logit);
            let signed = if *label { logit } else { -logit };
            likelihood -= weight * softplus(-signed);
            let spread = weight * expected * (1.0 - expected);
            for (at, value) in values.iter().enumerate() {
                for (other, with) in values[..=at].iter().enumerate() {
                    information[at * self.width + other] += spread * value * with;
                }
            }
        }
        let information = Cholesky::of(information, self.width)?;
        likelihood += information.half_log_determinant();
        Some(State {
            coefficients,
            information,
            likelihood,
        })
    }

    fn gradient(&self, at: &State, labels: &[bool], weight: &impl Fn(usize) -> f64) -> Vec<f64> {
        let mut gradient = vec![0.0; self.width];
        for (row, (values, label)) in self.rows().zip(labels).enumerate() {
            let weight = weight(row);
            if weight == 0.0 {
                continue;
            }
            let expected = logistic(product(values, &at.coefficients));
            let leverage = weight * expected * (1.0 - expected) * at.information.squared(values);
            let residual =
                weight * (f64::from(u8::from(*label)) - expected) + leverage * (0.5 - expected);
            for (part, value) in gradient.iter_mut().zip(values) {
                *part += residual * value;
            }
        }
        gradient
    }

    /// Coefficients of the columns as they were given, with standard errors by the information.
    fn regression(&self, standardised: &[f64], information: &Cholesky) -> Regression {
        let slopes = standardised[1..].iter().zip(&self.scales);
        let slopes: Vec<f64> = slopes
            .map(|(coefficient, scale)| coefficient / scale)
            .collect();
        let shift = product(&slopes, &self.centres);
        // Each as a combination of the standardised ones.
        let of_scales = self.centres.iter().zip(&self.scales);
        let of_intercept = std::iter::once(1.0).chain(of_scales.map(|(c, s)| -c / s));
        let mut errors = vec![
            information
                .squared(&of_intercept.collect::<Vec<_>>())
                .sqrt(),
        ];
        for (place, scale) in self.scales.iter().enumerate() {
            let mut of_slope = vec![0.0; self.width];
            of_slope[place + 1] = 1.0 / scale;
            errors.push(information.squared(&of_slope).sqrt());
        }
        Regression {
            intercept: standardised[0] - shift,
            slopes,
            errors,
        }
    }
}

/// How often a row counts.
fn weight(weights: Option<&[u32]>) -> impl Fn(usize) -> f64 {
    move |row| f64::from(weights.map_or(1, |weights| weights[row]))
}

fn largest(step: &[f64]) -> f64 {
    step.iter()
        .fold(0.0_f64, |largest, part| largest.max(part.abs()))
}

/// A fitted logistic regression.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Regression {
    pub intercept: f64,
    pub slopes: Vec<f64>,
    /// Standard errors of the intercept and of each slope.
    pub errors: Vec<f64>,
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

/// log(1 + eˣ) without overflow.
fn softplus(x: f64) -> f64 {
    x.max(0.0) + libm::log1p(libm::exp(-x.abs()))
}

/// Where Newton's method is.
struct State {
    coefficients: Vec<f64>,
    information: Cholesky,
    likelihood: f64,
}

/// The Cholesky decomposition of a positive definite matrix: its lower half, row by row.
struct Cholesky {
    lower: Vec<f64>,
    width: usize,
}

impl Cholesky {
    /// Of a symmetric matrix, given by its lower half; `None` unless it is positive definite.
    fn of(mut lower: Vec<f64>, width: usize) -> Option<Self> {
        for row in 0..width {
            let diagonal = lower[row * width + row];
            for column in 0..=row {
                let known: f64 = (0..column)
                    .map(|k| lower[row * width + k] * lower[column * width + k])
                    .sum();
                let rest = lower[row * width + column] - known;
                lower[row * width + column] = match row == column {
                    // What earlier columns explain but for rounding is no column of its own.
                    true if rest > 1e-10 * diagonal && rest > 0.0 => rest.sqrt(),
                    true => return None,
                    false => rest / lower[column * width + column],
                };
            }
        }
        Some(Self { lower, width })
    }

    fn half_log_determinant(&self) -> f64 {
        let diagonal = (0..self.width).map(|at| self.lower[at * self.width + at]);
        diagonal.map(libm::log).sum()
    }

    /// The right side divided by the lower half.
    fn forward(&self, right: &[f64]) -> Vec<f64> {
        let mut solution = right.to_vec();
        for row in 0..self.width {
            let known: f64 = (0..row)
                .map(|k| self.lower[row * self.width + k] * solution[k])
                .sum();
            solution[row] = (solution[row] - known) / self.lower[row * self.width + row];
        }
        solution
    }

    fn solve(&self, right: &[f64]) -> Vec<f64> {
        let mut solution = self.forward(right);
        for row in (0..self.width).rev() {
            let known: f64 = (row + 1..self.width)
                .map(|k| self.lower[k * self.width + row] * solution[k])
                .sum();
            solution[row] = (solution[row] - known) / self.lower[row * self.width + row];
        }
        solution
    }

    /// vᵀ M⁻¹ v of the matrix M.
    fn squared(&self, vector: &[f64]) -> f64 {
        self.forward(vector).iter().map(|part| part * part).sum()
    }
}
