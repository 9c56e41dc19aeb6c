//! Figures, intervals and probabilities in digits.

use super::Lang;
use crate::evaluation::performance::AnyFigure;

/// A number with a true minus sign, and none before zero.
pub fn number(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    match text.strip_prefix('-') {
        Some(digits) if digits.bytes().any(|b| b.is_ascii_digit() && b != b'0') => {
            format!("\u{2212}{digits}")
        }
        Some(digits) => digits.to_owned(),
        None => text,
    }
}

/// The decimals of a difference and its interval: three, or as many as no number other than 0 becomes 0 with, at most six.
/// Rounding would otherwise hide on which side of 0 an end lies.
pub fn decimals_of_difference(numbers: &[f64]) -> usize {
    let hides = |decimals: usize| {
        let smallest = 0.5 * 10_f64.powi(-(decimals as i32));
        numbers
            .iter()
            .any(|number| *number != 0.0 && number.abs() < smallest)
    };
    (3..6).find(|decimals| !hides(*decimals)).unwrap_or(6)
}

/// The value of a figure: three decimals of shares and areas, two of years and slopes.
pub fn figure_value(figure: AnyFigure, value: f64) -> String {
    match figure {
        AnyFigure::Label(_) => number(value, 3),
        AnyFigure::Age(_) => number(value, 2),
    }
}

/// The ends of the interval of a number with so many decimals.
pub fn range(ends: [f64; 2], decimals: usize, lang: Lang) -> String {
    joined(ends.map(|end| number(end, decimals)), lang)
}

/// The ends of the interval of a figure.
pub fn interval(figure: AnyFigure, ends: [f64; 2], lang: Lang) -> String {
    joined(ends.map(|end| figure_value(figure, end)), lang)
}

/// A probability as an equation, `p = 0.042` or `p < 0.001`.
pub fn p_equation(p: f64) -> String {
    match p < 0.001 {
        true => format!("p {}", p_value(p)),
        false => format!("p = {}", p_value(p)),
    }
}

fn joined([low, high]: [String; 2], lang: Lang) -> String {
    match lang {
        Lang::En => format!("{low} to {high}"),
        Lang::Ja => format!("{low}〜{high}"),
    }
}

/// A probability; below 0.001 its exact size says nothing.
pub fn p_value(p: f64) -> String {
    match p < 0.001 {
        true => "< 0.001".to_owned(),
        false => number(p, 3),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::performance::{AgeFigure, Measure};

    #[test]
    fn an_end_of_a_difference_keeps_its_side_of_zero() {
        assert_eq!(decimals_of_difference(&[0.1, -0.2, 0.0]), 3);
        assert_eq!(decimals_of_difference(&[0.0033, -0.0004, 0.0072]), 4);
        assert_eq!(decimals_of_difference(&[1e-9, 0.5]), 6);
    }

    #[test]
    fn intervals_have_the_decimals_of_their_figure_and_a_true_minus() {
        let mcc = AnyFigure::Label(Measure::Mcc);
        let shown = interval(mcc, [-0.12345, -0.0001], Lang::En);
        assert_eq!(shown, "−0.123 to 0.000");
        let bias = AnyFigure::Age(AgeFigure::Bias);
        assert_eq!(interval(bias, [-1.5, 2.25], Lang::En), "−1.50 to 2.25");
        assert_eq!(interval(bias, [-1.5, 2.25], Lang::Ja), "−1.50〜2.25");
        assert_eq!(p_value(0.00001), "< 0.001");
        assert_eq!(p_value(0.0421), "0.042");
    }
}
