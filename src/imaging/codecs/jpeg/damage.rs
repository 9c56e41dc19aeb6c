//! Detects damage in JPEG data that were decoded nevertheless.
//!
//! The decoder warns about codes that do not exist and about data that end early. Overwritten data, for example the
//! zeros of a lost block, are often valid codes; then data are left over at the end. This is tested if the data contain
//! a long run of one value: if the picture is the same without the last bytes of the data, they were not needed.

use libjpeg_turbo_rs::{DecodeWarning, ScalingFactor};

use crate::domain::{Detail, Finding, FindingCode, Severity};

use super::outline::{Outline, ends_early};
use super::{NAME, decoded};
use crate::imaging::Error;

/// Shorter runs are not taken for lost data: disks and networks lose blocks of at least this many bytes.
pub(super) const MIN_RUN: usize = 512;

/// Bytes removed from the end of the data: more than the padding of a scan.
const NEEDED: usize = 8;

/// The finding for a picture decoded with these warnings.
///
/// # Errors
/// A stream without an end marker whose data end early: part of the picture would be grey.
pub(super) fn finding(
    stream: &[u8],
    outline: &Outline,
    warnings: &[DecodeWarning],
) -> Result<Option<Finding>, Error> {
    let mut damaged = !outline.is_whole();
    for warning in warnings {
        match warning {
            DecodeWarning::TruncatedData { .. } if !outline.complete => return Err(ends_early()),
            DecodeWarning::UnsupportedRecovered { detail } => {
                return Err(Error::unsupported_kind(NAME, detail));
            }
            // Stray bytes between segments, which some cameras write.
            DecodeWarning::ExtraneousData { .. } => {}
            _ => damaged = true,
        }
    }
    Ok(if damaged || has_data_left_over(stream, outline) {
        Some(Finding::new(FindingCode::JpegDamaged, Severity::Serious))
    } else if outline.complete {
        None
    } else {
        let detail = Detail::NoEndMarker;
        Some(Finding::with_detail(
            FindingCode::JpegDamaged,
            Severity::Note,
            detail,
        ))
    })
}

fn has_data_left_over(stream: &[u8], outline: &Outline) -> bool {
    let (run, end) = outline.longest_run;
    if run < MIN_RUN || end > stream.len() {
        return false;
    }
    let without_last = [&stream[..end.saturating_sub(NEEDED)], &stream[end..]].concat();
    let Ok(small) = ScalingFactor::try_new(1, 8) else {
        return false;
    };
    decoded(&without_last, |decoder| decoder.set_scale(small)).is_ok_and(|image| {
        !image
            .warnings
            .iter()
            .any(|warning| matches!(warning, DecodeWarning::TruncatedData { .. }))
    })
}
