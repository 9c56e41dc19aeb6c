//! The fingerprint of a photograph: a coarse copy by which the same photograph at another size is recognised.

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Cells in each direction.
pub const CELLS: usize = 16;

/// Mean luminance, 0–255, of 16 × 16 cells over the whole frame, row by row. It does not depend on the size of the
/// photograph.
#[derive(Clone, PartialEq, Eq)]
pub struct Fingerprint(pub Box<[u8; CELLS * CELLS]>);

/// Mean difference up to which two are the same photograph: copies that were made smaller and saved as JPEG stay within it.
const MEAN: usize = 1;
/// Mean difference from the mean below which photographs are not compared: far above [`MEAN`], far below that of a fundus
/// photograph with its dark corners.
const SPREAD: usize = 6 * MEAN;
/// Largest difference of a cell of the same photograph.
const LARGEST: u8 = 8;

impl Fingerprint {
    /// True if both show the same photograph, whichever their sizes.
    pub fn is_same(&self, other: &Self) -> bool {
        let most = MEAN * self.0.len();
        let mut sum = 0;
        // A few cells tell most photographs apart.
        for (own, others) in self.0.chunks(CELLS).zip(other.0.chunks(CELLS)) {
            for (a, b) in own.iter().zip(others) {
                let difference = a.abs_diff(*b);
                if difference > LARGEST {
                    return false;
                }
                sum += usize::from(difference);
            }
            if sum > most {
                return false;
            }
        }
        true
    }

    /// False for photographs so even or so dark that different ones look the same.
    pub fn has_structure(&self) -> bool {
        let mean = self.sum() / self.0.len();
        let apart = self.0.iter().map(|cell| usize::from(*cell).abs_diff(mean));
        apart.sum::<usize>() >= SPREAD * self.0.len()
    }

    /// Sum over all cells: fingerprints of the same photograph differ in it by at most [`Self::SUM_APART`].
    pub fn sum(&self) -> usize {
        self.0.iter().map(|cell| usize::from(*cell)).sum()
    }

    /// See [`Self::sum`].
    pub const SUM_APART: usize = MEAN * CELLS * CELLS;
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint(sum {})", self.sum())
    }
}

/// Hexadecimal, two digits for each cell.
impl Serialize for Fingerprint {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let digits: String = self.0.iter().map(|cell| format!("{cell:02x}")).collect();
        to.serialize_str(&digits)
    }
}

impl<'de> Deserialize<'de> for Fingerprint {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let wrong = || D::Error::custom("a fingerprint has 512 hexadecimal digits");
        let mut cells = [0; CELLS * CELLS];
        if text.len() != 2 * cells.len() || !text.is_ascii() {
            return Err(wrong());
        }
        for (at, cell) in cells.iter_mut().enumerate() {
            *cell = u8::from_str_radix(&text[2 * at..2 * at + 2], 16).map_err(|_| wrong())?;
        }
        Ok(Self(Box::new(cells)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_differences_are_the_same_photograph_and_large_or_many_are_not() {
        let one = Fingerprint(Box::new([100; 256]));
        let mut other = one.clone();
        other.0[..200].fill(101);
        assert!(one.is_same(&other) && other.is_same(&one));
        assert!(one.sum().abs_diff(other.sum()) <= Fingerprint::SUM_APART);
        other.0[0] = 109;
        assert!(!one.is_same(&other), "one cell is far apart");
        assert!(
            !one.is_same(&Fingerprint(Box::new([102; 256]))),
            "all cells are apart"
        );
    }

    #[test]
    fn an_even_or_dark_photograph_has_no_structure() {
        let mut one = Fingerprint(Box::new([0; 256]));
        assert!(!one.has_structure());
        one.0[..128].fill(10);
        assert!(!one.has_structure());
        one.0[..128].fill(40);
        assert!(one.has_structure());
    }

    #[test]
    fn it_is_written_and_read_and_nothing_else_is_read() {
        let mut one = Fingerprint(Box::new([7; 256]));
        one.0[255] = 255;
        let text = serde_json::to_string(&one).unwrap();
        assert!(text.ends_with("07ff\""), "{text}");
        assert_eq!(serde_json::from_str::<Fingerprint>(&text).unwrap(), one);
        let long = format!("\"{}\"", "é".repeat(256));
        for wrong in ["\"\"", "\"07\"", &long] {
            assert!(
                serde_json::from_str::<Fingerprint>(wrong).is_err(),
                "{wrong}"
            );
        }
    }
}
