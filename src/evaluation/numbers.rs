//! Parses ages and other numbers as tables write them. Ambiguous numbers are rejected.

use super::fold::folded;
use crate::domain::doubtful::HUMAN_AGES;

/// Highest age, in years.
const OLDEST: f64 = HUMAN_AGES[1];

/// Words that follow a number of years, folded.
const YEARS: &[&str] = &[
    "歳",
    "才",
    "年",
    "岁",
    "歲",
    "세",
    "살",
    "years old",
    "years",
    "year",
    "yrs",
    "yr",
    "yo",
    "y/o",
    // Full stops at the end are removed first.
    "y.o",
    "y",
    "a",
    "jahre",
    "jahr",
    "j",
    "años",
    "año",
    "anos",
    "ano",
    "ans",
    "an",
    "anni",
    "anno",
    "jaar",
    "år",
    "lat",
    "lata",
    "лет",
    "года",
    "год",
    "yaş",
];

/// An age in years, above 0 and at most 120: digits with at most one decimal mark and perhaps a word for years, or a
/// DICOM age such as `063Y`, `018M`, `006W`, `010D`. A comma before three digits may separate thousands, so that is not
/// an age.
pub(super) fn age(cell: &str) -> Option<f64> {
    let text = folded(cell);
    let years = match dicom_age(&text) {
        Some(years) => years,
        None => decimal(without_unit(&text))?,
    };
    (years > 0.0 && years <= OLDEST).then_some(years)
}

/// A finite number with a point or a decimal comma; `None` for a comma before three digits, which may separate
/// thousands.
pub(super) fn number(cell: &str) -> Option<f64> {
    let text = folded(cell).replace('\u{2212}', "-");
    if text.contains(',') {
        let (sign, digits) = match text.strip_prefix('-') {
            Some(rest) => (-1.0, rest),
            None => (1.0, text.as_str()),
        };
        return decimal(digits).map(|value| sign * value);
    }
    // Rust also parses `inf` and `nan`, which are not numbers in a table.
    let digits = text.contains(|c: char| c.is_ascii_digit());
    text.parse().ok().filter(|v: &f64| digits && v.is_finite())
}

/// Three digits and a unit, as in DICOM's value representation AS.
fn dicom_age(text: &str) -> Option<f64> {
    let digits = text.get(..3)?;
    if text.len() != 4 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let count: f64 = digits.parse().ok()?;
    match &text[3..] {
        "y" => Some(count),
        "m" => Some(count / 12.0),
        "w" => Some(count * 7.0 / 365.25),
        "d" => Some(count / 365.25),
        _ => None,
    }
}

fn without_unit(text: &str) -> &str {
    let text = text.trim_end_matches('.');
    let unit = YEARS.iter().filter_map(|unit| text.strip_suffix(unit));
    unit.min_by_key(|rest| rest.len()).unwrap_or(text).trim()
}

/// Digits, optionally with one point or comma and more digits.
fn decimal(text: &str) -> Option<f64> {
    let is_digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    let (whole, part) = match text.split_once(['.', ',']) {
        Some((whole, part)) => (whole, Some(part)),
        None => (text, None),
    };
    let ambiguous = text.contains(',') && part.is_some_and(|p| p.len() == 3);
    if ambiguous || !is_digits(whole) || !part.is_none_or(is_digits) {
        return None;
    }
    let value: f64 = text.replace(',', ".").parse().ok()?;
    value.is_finite().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_read_as_they_are_written() {
        for cell in [
            "63",
            " 63 ",
            "６３",
            "63.0",
            "63,0",
            "63歳",
            "63 歳",
            "６３才",
            "063Y",
            "063y",
            "63 years",
            "63 yrs.",
            "63Y",
            "63 y/o",
            "63 y.o.",
            "63 Jahre",
            "63 ans",
            "63 años",
            "63살",
            "63 years old",
            "63岁",
        ] {
            assert_eq!(age(cell), Some(63.0), "{cell}");
        }
        assert_eq!(age("63.5"), Some(63.5));
        assert_eq!(age("63,5"), Some(63.5));
        assert_eq!(age("63,25"), Some(63.25));
        assert_eq!(age("0.5"), Some(0.5));
        assert_eq!(age("018M"), Some(1.5));
        assert_eq!(age("104W").map(f64::round), Some(2.0));
    }

    #[test]
    fn what_is_no_age_is_none() {
        for cell in [
            "",
            "0",
            "0.0",
            "-1",
            "1,234",
            "63,500",
            "1.234,5",
            "999",
            "1960",
            "123",
            "6O",
            "63M",
            "1e1",
            "+63",
            "inf",
            "nan",
            "60-65",
            ">89",
            "90+",
            "1960/05/03",
            "六十三",
            "63歳5か月",
            "000Y",
            "5' 3",
            "٦٣",
            "63;5",
            "63..5",
            ".5",
        ] {
            assert_eq!(age(cell), None, "{cell}");
        }
    }

    #[test]
    fn other_numbers_may_be_negative_and_are_never_words() {
        assert_eq!(number("-1,25"), Some(-1.25));
        assert_eq!(number("−3"), Some(-3.0));
        assert_eq!(number("1.5e-3"), Some(0.0015));
        assert_eq!(number("0.123"), Some(0.123));
        for cell in ["1,234", "inf", "NaN", "", "a", "1,2,3", "--1"] {
            assert_eq!(number(cell), None, "{cell}");
        }
    }
}
