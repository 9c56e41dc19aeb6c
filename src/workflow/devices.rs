//! Devices: which engines and providers work here, how far they deviate, how long one run takes.

use super::{Context, Error, models};
use crate::progress::{Cancel, Progress};
use crate::runtime::{DevicesReport, report};

/// Tries every provider on the demonstration model and its reference output.
pub fn devices(
    ctx: &Context,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<DevicesReport, Error> {
    let probe = models::probe(ctx, cancel, progress)?;
    progress.start("try", 0);
    Ok(report::devices(&ctx.engines(), &probe, cancel)?)
}
