//! Engine checks: before the first result of a model on a device, and at its import, the engines of this machine check
//! each other on it, once for each version of an engine.
//!
//! The mechanism is [`crate::runtime::agreement`]; this module holds its inputs, the results kept in
//! `engine-checks.json`, and the only way to open models under it. The models that ship with the application are
//! compared with Keras by tests in the embedded engine, and are not checked there.

mod inputs;

use serde::{Deserialize, Serialize};

pub(super) use inputs::pattern;

use super::stored::ChecksumGuard;
use super::{Context, Error, demonstration};
use crate::domain::{
    Approval, ColourOrder, Crop, EngineUsed, Head, InputSpec, ModelCard, Resize, Scaling,
};
use crate::graph::{self, Graph};
use crate::numeric::hex::sha256;
use crate::progress::{Cancel, Progress};
use crate::runtime::agreement::{EngineComparison, SessionFactory, TestInputs};
use crate::runtime::{
    self, Device, Engines, Model, Opened, Purpose, Session, SessionOptions, Verdict,
};
use crate::storage::engine_checks;
use crate::text::Lang;
use crate::text::engines::{self, Checked};

/// The result for one network on one engine of this machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EngineCheck {
    /// SHA-256 of the network as ONNX.
    pub network_sha256: String,
    /// The factor from its output to years: the limit is set in years.
    pub scale: f64,
    /// Its name in files.
    pub device: String,
    #[serde(flatten)]
    pub used: EngineUsed,
    #[serde(flatten)]
    pub verdict: Verdict,
    /// The devices available for comparison; a later one triggers the check again.
    pub others: Vec<String>,
}

impl EngineCheck {
    /// The result, in a line.
    pub fn words(&self, lang: Lang) -> String {
        words(&self.used, &self.verdict, lang)
    }

    pub fn ruling(&self) -> Approval {
        self.verdict.ruling
    }

    /// True for another check of the same network, on the same scale, on the same engine.
    pub(super) fn is_of(&self, other: &Self) -> bool {
        self.network_sha256 == other.network_sha256
            && self.scale == other.scale
            && self.used == other.used
    }
}

/// The result for an engine, in a line.
pub fn words(used: &EngineUsed, verdict: &Verdict, lang: Lang) -> String {
    let checked = Checked {
        ruling: verdict.ruling,
        optimised: verdict.optimised,
        plain: verdict.plain,
        against: verdict.against.as_deref(),
        run_ms: verdict.run_ms,
    };
    engines::engine_check(lang, used, checked)
}

/// A network on which engines check each other.
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkUnderTest {
    /// SHA-256 of the network as ONNX.
    pub sha256: String,
    /// How pictures become its input.
    pub input: InputSpec,
    pub head: Head,
    /// The factor from its output to years; a deviation of the output is multiplied by it.
    pub scale: f64,
    /// It ships with the application: tests check it on the embedded engine.
    pub ships: bool,
}

impl NetworkUnderTest {
    pub fn of_card(card: &ModelCard, sha256: String) -> Self {
        Self {
            sha256,
            input: card.input.clone(),
            head: card.head,
            scale: card.value_scale().scale(),
            ships: demonstration::card_of(&card.source_sha256).is_some(),
        }
    }

    /// A network of a file without a card. One that does not take pixels as they are is asked with numbers from −1 to 1, which
    /// are as good as any.
    pub fn of_file(onnx: &[u8], size: [u32; 2], head: Head, takes_raw_pixels: bool) -> Self {
        Self {
            sha256: sha256(onnx),
            input: InputSpec {
                size,
                colour: ColourOrder::Rgb,
                scaling: if takes_raw_pixels {
                    Scaling::Raw
                } else {
                    Scaling::Tf
                },
                mean: None,
                std: None,
                resize: Resize::PilNearest,
                crop: Crop::Stretch,
            },
            head,
            scale: 1.0,
            ships: false,
        }
    }

    fn questions(&self) -> Result<TestInputs, Error> {
        inputs::questions(&self.input, self.head, self.scale)
    }
}

/// The network to examine: where it is, or how it is computed.
#[derive(Clone, Copy)]
pub(super) enum Forward<'a> {
    Stored(Model<'a>),
    Graph(&'a Graph),
}

/// What to open.
pub(super) struct NetworkToOpen<'a> {
    pub subject: &'a NetworkUnderTest,
    /// The network on which engines are examined.
    pub forward: Forward<'a>,
    /// What is opened: the same network, or one derived from it for gradients.
    pub model: Model<'a>,
    /// Verifies that a stored network is what was imported.
    pub seal: Option<&'a ChecksumGuard>,
    pub purpose: Purpose,
    pub device: Device,
}

/// Opens a model on a device to the extent the engines agree on it; if that is not known yet, it is checked first.
///
/// # Errors
/// Those of opening, and a named device whose results differ from the second engine's.
pub(super) fn open(
    ctx: &Context,
    desired: &NetworkToOpen<'_>,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Opened, Error> {
    let engines = ctx.engines();
    let judge = |device| verdict(ctx, &engines, desired, device, cancel, progress);
    let NetworkToOpen {
        purpose,
        device,
        model,
        ..
    } = *desired;
    Ok(engines.open_judged(purpose, device, model, &judge, cancel)?)
}

/// The verdict on a network on a device, determined if not yet known.
fn verdict(
    ctx: &Context,
    engines: &Engines,
    desired: &NetworkToOpen<'_>,
    device: Device,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Option<Verdict>, runtime::Error> {
    let subject = desired.subject;
    if subject.ships && device == Device::Embedded {
        return Ok(None);
    }
    // If its engine is missing, opening reports what is missing.
    if engines.named(device).is_none() {
        return Ok(None);
    }
    // Earlier versions kept no times, which matter only if `auto` has a choice.
    let is_timed = desired.device == Device::Auto && engines.has_choice(desired.purpose);
    // Of threads that request it at once, only one runs the check.
    let _turn = ctx.turn(format!("check {device} {}", subject.sha256), cancel)?;
    let known = known(ctx, engines, subject, device);
    if let Some(known) = known.filter(|verdict| verdict.run_ms.is_some() || !is_timed) {
        return Ok(Some(known));
    }
    // The result is kept for the stored network, so the file must be that network.
    let check_seal = || match desired.seal.is_none_or(ChecksumGuard::holds) {
        true => Ok(()),
        false => Err(runtime::Error::Model(
            "its file is not what was stored".to_owned(),
        )),
    };
    check_seal()?;
    let written;
    let model = match desired.forward {
        Forward::Stored(model) => model,
        Forward::Graph(network) => {
            written =
                graph::onnx::to_onnx(network).map_err(|e| runtime::Error::Model(e.to_string()))?;
            Model::Bytes(&written)
        }
    };
    let found = examine(engines, subject, model, &[device], cancel, progress)?.pop();
    let Some(check) = found.transpose()? else {
        return Ok(None);
    };
    check_seal()?;
    ctx.remember(&check);
    Ok(Some(check.verdict))
}

/// The verdict on a network on a device, if it was determined with the engines that are available now.
pub(super) fn known(
    ctx: &Context,
    engines: &Engines,
    subject: &NetworkUnderTest,
    device: Device,
) -> Option<Verdict> {
    let used = engines.named(device)?;
    let others = others(engines, device);
    let mut checks = engine_checks_of(ctx, &subject.sha256).into_iter();
    let check = checks.find(|check| {
        let mut others = others.iter().map(Device::to_string);
        check.used == used
            && check.scale == subject.scale
            && others.all(|other| check.others.contains(&other))
    });
    Some(check?.verdict)
}

/// Examines a network that is about to be stored on every available engine. Results are kept only once the network is
/// stored.
///
/// # Errors
/// [`runtime::Error::Deviates`] if no engine is reliable.
pub(super) fn at_import(
    engines: &Engines,
    subject: &NetworkUnderTest,
    model: Model<'_>,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Vec<EngineCheck>, Error> {
    // ONNX Runtime first: it is faster, and the effect of rounding on the answers is measured only once.
    let devices: Vec<Device> = [Device::Cpu, Device::Embedded]
        .into_iter()
        .filter(|device| engines.named(*device).is_some())
        .filter(|device| !(subject.ships && *device == Device::Embedded))
        .collect();
    // A device that cannot run the network reports it when the network is opened on it.
    let found = examine(engines, subject, model, &devices, cancel, progress)?;
    let found: Vec<EngineCheck> = found.into_iter().flatten().collect();
    let refused = |check: &EngineCheck| check.verdict.ruling == Approval::Refused;
    if found.len() > 1
        && found.iter().all(refused)
        && let Some(refusal) = found[0].verdict.refusal(devices[0])
    {
        return Err(refusal.into());
    }
    Ok(found)
}

/// Examines a network on these devices; the inner error is that of a device that does not run it.
fn examine(
    engines: &Engines,
    subject: &NetworkUnderTest,
    model: Model<'_>,
    devices: &[Device],
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Vec<Result<EngineCheck, runtime::Error>>, runtime::Error> {
    let questions = subject
        .questions()
        .map_err(|e| runtime::Error::Input(e.to_string()))?;
    let bench = Opening { engines, model };
    let mut exam = EngineComparison::new(&bench, &questions, cancel, progress);
    let partners: Vec<Vec<Device>> = devices.iter().map(|d| others(engines, *d)).collect();
    progress.start(exam.runs(devices, &partners));
    let mut found = Vec::with_capacity(devices.len());
    for (&device, others) in devices.iter().zip(&partners) {
        let Some(used) = engines.named(device) else {
            continue;
        };
        let verdict = match exam.verdict(device, others) {
            Err(runtime::Error::Cancelled) => return Err(runtime::Error::Cancelled),
            other => other,
        };
        found.push(verdict.map(|verdict| EngineCheck {
            network_sha256: subject.sha256.clone(),
            scale: subject.scale,
            device: device.to_string(),
            used,
            verdict,
            others: others.iter().map(Device::to_string).collect(),
        }));
    }
    Ok(found)
}

/// Opens the network once per examination.
struct Opening<'a> {
    engines: &'a Engines,
    model: Model<'a>,
}

impl SessionFactory for Opening<'_> {
    fn open(
        &self,
        device: Device,
        optimised: bool,
        cancel: &Cancel,
    ) -> Result<Box<dyn Session>, runtime::Error> {
        let how = SessionOptions {
            purpose: Purpose::Forward,
            optimised,
        };
        self.engines.open_named(how, device, self.model, cancel)
    }
}

/// The second engines for a device, in order of preference.
fn others(engines: &Engines, device: Device) -> Vec<Device> {
    let all: &[Device] = match device {
        Device::Embedded => &[Device::Cpu],
        Device::Cpu => &[Device::Embedded],
        _ => &[Device::Embedded, Device::Cpu],
    };
    let at_hand = |other: &Device| engines.named(*other).is_some();
    all.iter().copied().filter(at_hand).collect()
}

/// The checks of a network on the engines of this machine, by engine.
pub fn engine_checks_of(ctx: &Context, network: &str) -> Vec<EngineCheck> {
    let mut all = engine_checks(ctx);
    all.retain(|check| check.network_sha256 == network);
    all
}

/// The checks of all networks: from the file, and those that could not be written into it.
pub fn engine_checks(ctx: &Context) -> Vec<EngineCheck> {
    let mut all: Vec<EngineCheck> = engine_checks::load(&ctx.places.engine_checks);
    for own in ctx.remembered() {
        all.retain(|check| !check.is_of(&own));
        all.push(own);
    }
    all
}

impl Context {
    /// Keeps a check for this process and, if the folder is writable, for later ones.
    pub(super) fn remember(&self, check: &EngineCheck) {
        let same = |other: &EngineCheck| other.is_of(check);
        // If the folder is not writable, the next process checks again; results are unaffected.
        let _ = engine_checks::add(&self.places.engine_checks, check, same);
        self.keep_check(check);
    }
}

#[cfg(test)]
mod tests;
