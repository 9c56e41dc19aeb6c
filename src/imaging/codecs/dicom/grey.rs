//! Reduces grey samples of more than eight bits to eight: by the file's window or look-up table (PS3.3 C.11.2), else by
//! the bits in actual use.

use super::data_set::{DataSet, Tag};
use super::unsupported;
use crate::domain::Finding;
use crate::imaging::Error;
use crate::imaging::codecs::depth;

const RESCALE_INTERCEPT: Tag = (0x0028, 0x1052);
const RESCALE_SLOPE: Tag = (0x0028, 0x1053);
const WINDOW_CENTRE: Tag = (0x0028, 0x1050);
const WINDOW_WIDTH: Tag = (0x0028, 0x1051);
const WINDOW_FUNCTION: Tag = (0x0028, 0x1056);
const VOI_LUT: Tag = (0x0028, 0x3010);
const LUT_DESCRIPTOR: Tag = (0x0028, 0x3002);
const LUT_DATA: Tag = (0x0028, 0x3006);

/// The position of the stored bits in a sample's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    pub bits_stored: u16,
    /// The highest of them, from 0.
    pub high_bit: u16,
    /// Two's complement.
    pub signed: bool,
}

impl Layout {
    /// The sample in a word, and whether the word has bits outside the layout.
    pub fn sample(self, word: u16) -> (i32, bool) {
        let stored = u32::from(self.bits_stored.clamp(1, 16));
        let low = (u32::from(self.high_bit) + 1).saturating_sub(stored);
        let mask = (1_u32 << stored) - 1;
        let value = (u32::from(word) >> low) & mask;
        let stray = !self.signed && u32::from(word) & !(mask << low) != 0;
        let negative = self.signed && value >> (stored - 1) == 1;
        (value as i32 - if negative { 1 << stored } else { 0 }, stray)
    }
}

/// How the file's values are to be displayed.
#[derive(Clone, Debug, PartialEq)]
enum GreyScale {
    Window {
        centre: f64,
        width: f64,
        function: Function,
    },
    Table {
        first: i32,
        entries: Vec<u8>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Function {
    Linear,
    LinearExact,
    Sigmoid,
}

impl GreyScale {
    fn read(data_set: &DataSet) -> Option<Self> {
        Self::table(data_set).or_else(|| Self::window(data_set))
    }

    fn window(data_set: &DataSet) -> Option<Self> {
        let (centre, width) = (
            number(data_set, WINDOW_CENTRE)?,
            number(data_set, WINDOW_WIDTH)?,
        );
        let function = match data_set.text(WINDOW_FUNCTION).as_str() {
            "LINEAR_EXACT" => Function::LinearExact,
            "SIGMOID" => Function::Sigmoid,
            _ => Function::Linear,
        };
        let narrowest = if function == Function::Linear {
            1.0
        } else {
            f64::MIN_POSITIVE
        };
        (width >= narrowest).then_some(Self::Window {
            centre,
            width,
            function,
        })
    }

    fn table(data_set: &DataSet) -> Option<Self> {
        let item = data_set.first_item(VOI_LUT)?;
        let descriptor = item.words(LUT_DESCRIPTOR)?;
        let &[count, first, bits] = descriptor.first_chunk::<3>()?;
        let count = if count == 0 {
            65_536
        } else {
            usize::from(count)
        };
        let data = item.words(LUT_DATA)?;
        let shift = bits.clamp(8, 16) - 8;
        let entries: Vec<u8> = data
            .iter()
            .take(count)
            .map(|&entry| (entry >> shift).min(255) as u8)
            .collect();
        (entries.len() == count).then_some(Self::Table {
            first: i32::from(first as i16),
            entries,
        })
    }

    fn byte(&self, value: f64) -> u8 {
        let share = match self {
            Self::Table { first, entries } => {
                let at = value.round() as i64 - i64::from(*first);
                return entries[at.clamp(0, entries.len() as i64 - 1) as usize];
            }
            Self::Window {
                centre,
                width,
                function,
            } => match function {
                // A width of 1 is a threshold.
                Function::Linear if *width <= 1.0 => f64::from(u8::from(value > centre - 0.5)),
                Function::Linear => (value - (centre - 0.5)) / (width - 1.0) + 0.5,
                Function::LinearExact => (value - centre) / width + 0.5,
                Function::Sigmoid => 1.0 / (1.0 + (-4.0 * (value - centre) / width).exp()),
            },
        };
        (255.0 * share.clamp(0.0, 1.0)).round() as u8
    }
}

/// Words of one grey frame as bytes. The finding reports guessed bits.
pub(super) fn eight_bit(
    data_set: &DataSet,
    layout: Layout,
    words: &[u16],
) -> Result<(Vec<u8>, Option<Finding>), Error> {
    let stray = words.iter().any(|&word| layout.sample(word).1);
    if stray {
        // The values use more bits than the header declares, so the header is wrong.
        let (bytes, finding) = depth::eight_bit(words.iter().copied(), 16);
        let announced = u32::from(layout.bits_stored);
        return Ok((
            bytes,
            finding.or_else(|| Some(depth::guessed(16, announced))),
        ));
    }
    // Iterated again each time, to avoid another copy in memory.
    let values = words.iter().map(|&word| layout.sample(word).0);
    let lowest = values.clone().min().unwrap_or(0);
    let highest = values.clone().max().unwrap_or(0);
    let rescaled = rescale(data_set);
    if let Some(shown) = GreyScale::read(data_set) {
        let byte = |value: i32| shown.byte(rescaled(value));
        // A window that shows almost nothing of the picture was not meant for these values.
        if byte(highest).abs_diff(byte(lowest)) >= MIN_CONTRAST {
            return Ok((values.map(byte).collect(), None));
        }
    }
    let announced = u32::from(layout.bits_stored);
    if lowest >= 0 {
        let samples = values.map(|value| value as u16);
        return Ok(depth::eight_bit(samples, announced));
    }
    // Signed values whose rescale makes them what the bits can hold are read as unsigned ones.
    let range = 0.0..f64::from(1_u32 << announced.clamp(1, 16));
    if [lowest, highest]
        .iter()
        .all(|&v| range.contains(&rescaled(v)))
    {
        let samples = values.map(|value| rescaled(value) as u16);
        return Ok(depth::eight_bit(samples, announced));
    }
    Err(unsupported(
        "grey values below zero and no window that shows them",
    ))
}

/// The rescale of the file's values (PS3.3 C.11.1.1), which comes before a window.
fn rescale(data_set: &DataSet) -> impl Fn(i32) -> f64 {
    let slope = number(data_set, RESCALE_SLOPE).filter(|s| *s != 0.0);
    let slope = slope.unwrap_or(1.0);
    let intercept = number(data_set, RESCALE_INTERCEPT).unwrap_or(0.0);
    move |value| f64::from(value) * slope + intercept
}

/// If the darkest and brightest values are closer than this many grey levels, the window is ignored.
const MIN_CONTRAST: u8 = 48;

/// The first number of a text element (DS).
fn number(data_set: &DataSet, tag: Tag) -> Option<f64> {
    let text = data_set.text(tag);
    let first: f64 = text.split('\\').next()?.trim().parse().ok()?;
    first.is_finite().then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWELVE: Layout = Layout {
        bits_stored: 12,
        high_bit: 11,
        signed: false,
    };

    #[test]
    fn stored_bits_are_taken_from_their_place() {
        assert_eq!(TWELVE.sample(0x0ABC), (0xABC, false));
        assert_eq!(TWELVE.sample(0x1ABC), (0xABC, true));
        let high = Layout {
            high_bit: 15,
            ..TWELVE
        };
        assert_eq!(high.sample(0xABC0), (0xABC, false));
        let signed = Layout {
            signed: true,
            ..TWELVE
        };
        assert_eq!(signed.sample(0x0FFF), (-1, false));
        assert_eq!(signed.sample(0x07FF), (2047, false));
    }

    #[test]
    fn windows_follow_the_standard() {
        let window = |centre, width, function| GreyScale::Window {
            centre,
            width,
            function,
        };
        let linear = window(2048.0, 4096.0, Function::Linear);
        assert_eq!([0.0, 2047.5, 4095.0].map(|v| linear.byte(v)), [0, 128, 255]);
        let exact = window(2048.0, 4096.0, Function::LinearExact);
        assert_eq!([-5.0, 2048.0, 5000.0].map(|v| exact.byte(v)), [0, 128, 255]);
        assert_eq!(window(10.0, 4.0, Function::Sigmoid).byte(10.0), 128);
        let threshold = window(10.0, 1.0, Function::Linear);
        assert_eq!([9.0, 10.0].map(|v| threshold.byte(v)), [0, 255]);
        let table = GreyScale::Table {
            first: 5,
            entries: vec![1, 2, 3],
        };
        assert_eq!([0.0, 6.0, 99.0].map(|v| table.byte(v)), [1, 2, 3]);
    }
}
