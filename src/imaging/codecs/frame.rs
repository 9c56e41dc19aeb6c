//! One decoded frame of any format, and the guard around third-party decoders.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

use crate::domain::{CameraFacts, Findings, Laterality, PatientKey};

use super::orientation::{Orientation, upright};
use crate::imaging::limits::with_room;
use crate::imaging::{Error, Limits};

/// A frame as decoded: RGB8 in stored order, not yet upright.
#[derive(Clone, Debug, Default)]
pub(in crate::imaging) struct Frame {
    pub width: u32,
    pub height: u32,
    /// `width * height * 3` bytes.
    pub rgb: Vec<u8>,
    /// One byte per pixel if the file has alpha; 0 is transparent.
    pub alpha: Option<Vec<u8>>,
    pub orientation: Orientation,
    /// The file carries an ICC profile.
    pub icc: bool,
    /// Laterality written in the file itself (DICOM).
    pub eye: Laterality,
    /// The patient stated in the file (DICOM).
    pub patient: Option<PatientKey>,
    /// The camera that the file names (DICOM).
    pub camera: Option<CameraFacts>,
    /// Findings of the decoder.
    pub findings: Findings,
}

impl Frame {
    /// Creates a frame from interleaved eight-bit samples: 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha.
    ///
    /// Alpha does not affect the colours, as in PIL's `convert("RGB")`.
    pub fn from_samples(
        format: &'static str,
        width: u32,
        height: u32,
        channels: usize,
        samples: Vec<u8>,
    ) -> Result<Self, Error> {
        let pixels = width as usize * height as usize;
        if pixels.checked_mul(channels) != Some(samples.len()) || pixels == 0 {
            return Err(Error::malformed(format, "pixels are missing"));
        }
        let mut samples = samples;
        let mut alpha = None;
        if channels == 2 || channels == 4 {
            let mut last = with_room(format, pixels)?;
            last.extend(samples.iter().skip(channels - 1).step_by(channels));
            alpha = Some(last);
        }
        if channels == 4 {
            // In place, because a second copy of a large picture would take too much memory.
            for at in 0..pixels {
                samples.copy_within(at * 4..at * 4 + 3, at * 3);
            }
            samples.truncate(pixels * 3);
            samples.shrink_to_fit();
        }
        let rgb = if channels >= 3 {
            samples
        } else {
            let mut rgb = with_room(format, pixels * 3)?;
            rgb.extend(samples.chunks_exact(channels).flat_map(|p| [p[0]; 3]));
            rgb
        };
        Ok(Self {
            width,
            height,
            rgb,
            alpha,
            ..Self::default()
        })
    }

    /// Bytes per pixel that [`Frame::from_samples`] holds at once, including its samples.
    pub fn bytes_per_pixel(channels: usize) -> u64 {
        match channels {
            1 => 4,
            2 => 6,
            3 => 3,
            _ => 5,
        }
    }

    /// Turns pixels and alpha upright.
    pub fn into_upright(mut self, limits: &Limits) -> Result<Self, Error> {
        let (w, h, orientation) = (self.width, self.height, self.orientation);
        if orientation.is_upright() {
            return Ok(self);
        }
        let alpha = self.alpha.as_ref().map_or(0, Vec::len);
        limits.check_memory((self.rgb.len() * 2 + alpha) as u64)?;
        self.alpha = self
            .alpha
            .map(|alpha| upright(alpha, w, h, 1, orientation).0);
        (self.rgb, self.width, self.height) = upright(self.rgb, w, h, 3, orientation);
        self.orientation = Orientation::default();
        Ok(self)
    }
}

thread_local! {
    /// A third-party decoder is running on this thread.
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Runs a third-party decoder. A panic inside it is an error for the file, like any other damage, and prints nothing.
pub(in crate::imaging) fn guarded<T>(
    format: &'static str,
    work: impl FnOnce() -> Result<T, Error>,
) -> Result<T, Error> {
    caught(work).unwrap_or_else(|| Err(Error::malformed(format, "the decoder failed")))
}

/// Runs third-party code on untrusted bytes; `None` if it panics, which prints nothing.
pub fn caught<T>(work: impl FnOnce() -> T) -> Option<T> {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        let report = take_hook();
        set_hook(Box::new(move |panic| {
            if !GUARDED.get() {
                report(panic);
            }
        }));
    });
    let outer = GUARDED.replace(true);
    let result = catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(outer);
    result.ok()
}

/// CMYK with 255 as full ink, as in PIL's `convert("RGB")`: `(255 - c)(255 - k) / 255`, rounded. Three inks become
/// three colours in place; `black` holds one byte per pixel.
pub(in crate::imaging) fn inks_to_rgb(inks: &mut [u8], black: &[u8]) {
    for (inks, &black) in inks.as_chunks_mut::<3>().0.iter_mut().zip(black) {
        let light = 255 - u32::from(black);
        *inks = inks.map(|ink| {
            let product = u32::from(ink) * light + 128;
            light.saturating_sub((product + (product >> 8)) >> 8) as u8
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_become_rgb_and_alpha() {
        let frame = Frame::from_samples("PNG", 2, 1, 2, vec![7, 255, 9, 0]).unwrap();
        assert_eq!(frame.rgb, [7, 7, 7, 9, 9, 9]);
        assert_eq!(frame.alpha, Some(vec![255, 0]));
        let frame = Frame::from_samples("PNG", 1, 1, 4, vec![1, 2, 3, 4]).unwrap();
        assert_eq!((frame.rgb, frame.alpha), (vec![1, 2, 3], Some(vec![4])));
        assert!(Frame::from_samples("PNG", 2, 2, 3, vec![0; 11]).is_err());
    }

    #[test]
    fn ink_takes_light_away() {
        let mut inks = [0, 0, 0, 0, 255, 255, 0, 0, 0];
        inks_to_rgb(&mut inks, &[0, 0, 255]);
        assert_eq!(inks, [255, 255, 255, 255, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn a_panicking_decoder_is_a_refusal() {
        let result: Result<(), _> = guarded("TIFF", || panic!("inside"));
        assert!(matches!(result, Err(Error::Malformed { .. })));
        assert!(!GUARDED.get(), "a panic of our own is reported again");
    }
}
