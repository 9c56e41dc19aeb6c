//! Devices: which engines and providers work here, how far they deviate, how long one run takes, and the results of
//! engine checks with the models of the library.

use super::engine_check::{EngineCheck, engine_checks};
use super::{Context, Error, models};
use crate::progress::{Cancel, Progress};
use crate::runtime::{DevicesReport, ModelCheck, report};
use crate::storage::library;

/// Tests every provider on the demonstration model and its reference output, and adds the checks of other models.
pub fn devices(
    ctx: &Context,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<DevicesReport, Error> {
    let probe = models::probe(ctx, cancel, progress)?;
    progress.start(0);
    let engines = ctx.engines();
    let mut report = report::devices(&engines, &probe, cancel)?;
    let known = known(ctx);
    for provider in report.engines.iter_mut().flat_map(|e| &mut e.providers) {
        let used = engines.named(provider.name);
        let own = known
            .iter()
            .filter(|(_, check)| Some(&check.used) == used.as_ref());
        provider.checks = own
            .map(|(id, check)| ModelCheck {
                model: id.clone(),
                network_sha256: check.network_sha256.clone(),
                used: check.used.clone(),
                verdict: check.verdict.clone(),
            })
            .collect();
    }
    Ok(report)
}

/// Every check with the id of its model in the library.
fn known(ctx: &Context) -> Vec<(Option<String>, EngineCheck)> {
    let model_folders = library::model_folders(&ctx.places);
    let stored: Vec<(String, String)> = model_folders
        .iter()
        .filter_map(|model_folder| Some((model_folder.known_sha256()?, model_folder.id())))
        .collect();
    let id_of = |network: &str| {
        let found = stored.iter().find(|(sha256, _)| sha256 == network);
        found.map(|(_, id)| id.clone())
    };
    let checks = engine_checks(ctx).into_iter();
    checks
        .map(|check| (id_of(&check.network_sha256), check))
        .collect()
}
