//! A picture filled row by row or tile by tile, so that only its eight-bit samples are held, whatever the file stores.

use super::depth::DepthReduction;
use super::frame::Frame;
use crate::imaging::Error;
use crate::imaging::limits::zeros;

/// Samples of 1 to 4 interleaved channels: grey, grey and alpha, three colours, or three colours and a fourth channel.
/// Grey is held as three equal colours.
#[derive(Clone, Debug)]
pub(super) struct Canvas {
    width: usize,
    height: usize,
    channels: usize,
    colours: Vec<u8>,
    fourth: Option<Vec<u8>>,
    depth_of_colours: DepthReduction,
    depth_of_fourth: DepthReduction,
    row: Vec<u8>,
}

/// The position of a row of samples.
#[derive(Clone, Copy, Debug)]
pub(super) struct RowTarget {
    pub x: usize,
    pub y: usize,
    /// The channel of the first sample.
    pub channel: usize,
    /// Number of channels interleaved in the row.
    pub interleaved: usize,
}

impl Canvas {
    /// Bytes held per pixel.
    pub fn bytes_per_pixel(channels: usize) -> u64 {
        3 + u64::from(has_fourth(channels))
    }

    /// A black picture; the caller has checked its size. `depth` converts words to bytes.
    pub fn new(
        format: &'static str,
        (width, height): (u32, u32),
        channels: usize,
        depth: DepthReduction,
    ) -> Result<Self, Error> {
        let pixels = width as usize * height as usize;
        let fourth = has_fourth(channels).then(|| zeros(format, pixels));
        Ok(Self {
            width: width as usize,
            height: height as usize,
            channels,
            colours: zeros(format, pixels * 3)?,
            fourth: fourth.transpose()?,
            depth_of_colours: depth,
            depth_of_fourth: depth,
            row: Vec::new(),
        })
    }

    /// A picture whose three colours are already complete.
    pub fn of_colours(
        format: &'static str,
        (width, height): (u32, u32),
        colours: Vec<u8>,
    ) -> Result<Self, Error> {
        if colours.len() != width as usize * height as usize * 3 {
            return Err(Error::malformed(format, "pixels are missing"));
        }
        Ok(Self {
            width: width as usize,
            height: height as usize,
            channels: 3,
            colours,
            fourth: None,
            depth_of_colours: DepthReduction::guessed(8),
            depth_of_fourth: DepthReduction::guessed(8),
            row: Vec::new(),
        })
    }

    /// Writes a row of bytes; anything beyond the picture is ignored.
    pub fn put(&mut self, place: RowTarget, row: &[u8]) {
        if place.y >= self.height || place.x >= self.width {
            return;
        }
        let at = place.y * self.width + place.x;
        let count = (row.len() / place.interleaved).min(self.width - place.x);
        let row = &row[..count * place.interleaved];
        let colours = &mut self.colours[at * 3..(at + count) * 3];
        let fourth = self.fourth.as_mut().map(|f| &mut f[at..at + count]);
        if (self.channels, place.interleaved) == (3, 3) {
            colours.copy_from_slice(row);
            return;
        }
        let colours = colours.as_chunks_mut::<3>().0;
        let fourth = fourth.unwrap_or_default();
        for channel in 0..place.interleaved {
            let samples = row.iter().skip(channel).step_by(place.interleaved);
            match (self.channels, place.channel + channel) {
                (2, 1) | (4, 3) => fourth.iter_mut().zip(samples).for_each(|(f, &s)| *f = s),
                (1 | 2, _) => colours
                    .iter_mut()
                    .zip(samples)
                    .for_each(|(c, &s)| *c = [s; 3]),
                (_, colour) => colours
                    .iter_mut()
                    .zip(samples)
                    .for_each(|(c, &s)| c[colour] = s),
            }
        }
    }

    /// The same for words.
    pub fn put_words(&mut self, place: RowTarget, row: &[u16]) {
        let is_fourth = |at: usize| {
            has_fourth(self.channels) && place.channel + at % place.interleaved == self.channels - 1
        };
        let mut largest = [0; 2];
        for (at, &word) in row.iter().enumerate() {
            let largest = &mut largest[usize::from(is_fourth(at))];
            *largest = word.max(*largest);
        }
        shift(&mut self.colours, self.depth_of_colours.admit(largest[0]));
        if let Some(fourth) = &mut self.fourth {
            shift(fourth, self.depth_of_fourth.admit(largest[1]));
        }
        let depths = [self.depth_of_colours, self.depth_of_fourth];
        let mut bytes = std::mem::take(&mut self.row);
        bytes.clear();
        bytes.extend(
            row.iter()
                .enumerate()
                .map(|(at, &word)| depths[usize::from(is_fourth(at))].byte(word)),
        );
        self.put(place, &bytes);
        self.row = bytes;
    }

    /// The three colours of each pixel, and the fourth channel.
    pub fn parts(&mut self) -> (&mut [u8], Option<&mut [u8]>) {
        (&mut self.colours, self.fourth.as_deref_mut())
    }

    /// Drops the fourth channel, which is not alpha.
    pub fn without_fourth(mut self) -> Self {
        self.fourth = None;
        self
    }

    /// The finding reports a guessed depth.
    pub fn into_frame(self) -> Frame {
        Frame {
            width: self.width as u32,
            height: self.height as u32,
            rgb: self.colours,
            alpha: self.fourth,
            findings: self.depth_of_colours.finding().into_iter().collect(),
            ..Frame::default()
        }
    }
}

fn has_fourth(channels: usize) -> bool {
    matches!(channels, 2 | 4)
}

fn shift(samples: &mut [u8], bits: u32) {
    if bits > 0 {
        for sample in samples {
            *sample = sample.checked_shr(bits).unwrap_or(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: usize, y: usize, channel: usize, interleaved: usize) -> RowTarget {
        RowTarget {
            x,
            y,
            channel,
            interleaved,
        }
    }

    fn canvas(size: (u32, u32), channels: usize) -> Canvas {
        Canvas::new("TIFF", size, channels, DepthReduction::guessed(16)).unwrap()
    }

    #[test]
    fn channels_find_their_place_together_and_singly() {
        let samples = [1, 2, 3, 4, 5, 6, 7, 8];
        for channels in 1..=4 {
            let width = 8 / channels;
            let whole = &samples[..width * channels];
            let mut together = canvas((width as u32, 1), channels);
            together.put(at(0, 0, 0, channels), whole);
            let mut singly = canvas((width as u32, 1), channels);
            for channel in 0..channels {
                let plane: Vec<u8> = whole
                    .iter()
                    .skip(channel)
                    .step_by(channels)
                    .copied()
                    .collect();
                singly.put(at(0, 0, channel, 1), &plane);
            }
            let (together, singly) = (together.into_frame(), singly.into_frame());
            assert_eq!(together.rgb, singly.rgb, "{channels}");
            assert_eq!(together.alpha, singly.alpha, "{channels}");
            let expected: &[u8] = match channels {
                1 => &[1, 1, 1, 2, 2, 2],
                2 => &[1, 1, 1, 3, 3, 3],
                3 => &[1, 2, 3, 4, 5, 6],
                _ => &[1, 2, 3, 5, 6, 7],
            };
            assert_eq!(together.rgb[..6], *expected);
            assert_eq!(together.alpha.is_some(), channels % 2 == 0);
        }
    }

    #[test]
    fn what_lies_beyond_the_picture_is_left_out() {
        let mut canvas = canvas((2, 2), 1);
        canvas.put(at(1, 1, 0, 1), &[7, 8, 9]);
        canvas.put(at(0, 2, 0, 1), &[7, 8]);
        canvas.put(at(2, 0, 0, 1), &[7, 8]);
        assert_eq!(
            canvas.into_frame().rgb,
            [0, 0, 0, 0, 0, 0, 0, 0, 0, 7, 7, 7]
        );
    }

    #[test]
    fn words_that_come_row_by_row_are_read_as_if_all_were_known() {
        for words in [
            [0, 3, 16, 255],
            [16, 1000, 3, 4],
            [0, 16, 2048, 4095],
            [255, 1023, 4095, 65_535],
            [0x12FF, 0, 0x80FF, 9],
            [0, 0, 0, 0],
        ] {
            let (bytes, finding) = super::super::depth::eight_bit(words.iter().copied(), 16);
            let mut canvas = canvas((1, 4), 1);
            for (y, word) in words.into_iter().enumerate() {
                canvas.put_words(at(0, y, 0, 1), &[word]);
            }
            let frame = canvas.into_frame();
            let found: Vec<u8> = frame.rgb.iter().step_by(3).copied().collect();
            assert_eq!(found, bytes, "{words:?}");
            assert_eq!(frame.findings, Vec::from_iter(finding), "{words:?}");
        }
    }

    #[test]
    fn transparency_has_a_depth_of_its_own() {
        let mut canvas = canvas((2, 1), 4);
        let words = [4095, 2048, 0, 65_535, 16, 16, 16, 0];
        canvas.put_words(at(0, 0, 0, 4), &words);
        let frame = canvas.into_frame();
        assert_eq!(frame.rgb, [255, 128, 0, 1, 1, 1]);
        assert_eq!(frame.alpha, Some(vec![255, 0]));
        assert_eq!(frame.findings.len(), 1);
    }
}
