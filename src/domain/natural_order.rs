//! The order in which people number files.

use std::cmp::Ordering;

/// Natural order of names: `IMG_2` before `IMG_10`; numbers that differ only in leading zeros compare as text.
pub fn natural_order(a: &str, b: &str) -> Ordering {
    let (mut x, mut y) = (a, b);
    loop {
        match (x.chars().next(), y.chars().next()) {
            (None, None) => return a.cmp(b),
            (None, _) => return Ordering::Less,
            (_, None) => return Ordering::Greater,
            (Some(p), Some(q)) if p.is_ascii_digit() && q.is_ascii_digit() => {
                let (m, rest_x) = split_digits(x);
                let (n, rest_y) = split_digits(y);
                let (m, n) = (m.trim_start_matches('0'), n.trim_start_matches('0'));
                let order = m.len().cmp(&n.len()).then_with(|| m.cmp(n));
                if order.is_ne() {
                    return order;
                }
                (x, y) = (rest_x, rest_y);
            }
            (Some(p), Some(q)) => {
                let order = p.to_lowercase().cmp(q.to_lowercase());
                if order.is_ne() {
                    return order;
                }
                (x, y) = (&x[p.len_utf8()..], &y[q.len_utf8()..]);
            }
        }
    }
}

fn split_digits(s: &str) -> (&str, &str) {
    s.split_at(s.find(|c: char| !c.is_ascii_digit()).unwrap_or(s.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_count_and_case_does_not() {
        let mut names = ["b10", "B9", "b09", "眼2", "b", "眼10", "b9a", "a", "b9"];
        names.sort_by(|a, b| natural_order(a, b));
        let sorted = ["a", "b", "B9", "b09", "b9", "b9a", "b10", "眼2", "眼10"];
        assert_eq!(names, sorted);
        assert_eq!(natural_order("a1", "a1"), Ordering::Equal);
    }
}
