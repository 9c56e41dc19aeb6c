//! Self-test: a model of the library on the device in use, against its stored reference.

use std::time::Instant;

use serde::Serialize;

use super::models::{nchw_from_npy, not_a_tensor};
use super::predict::milliseconds;
use super::verify::largest_error;
use super::{Context, Error, stored};
use crate::export::npy;
use crate::progress::{Cancel, Progress};
use crate::runtime::Device;

/// Largest absolute error of an output at which a device counts as giving the reference.
const TOLERANCE: f64 = 2e-5;

/// The comparison of one run with the stored reference.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SelfTest {
    /// Largest absolute difference of the network's outputs from the reference; infinite if one is not finite.
    pub max_abs_error: f64,
    pub tolerance: f64,
    pub within: bool,
    pub engine: String,
    pub provider: String,
    /// Version of the engine.
    pub version: String,
    /// Milliseconds of the run.
    pub run_ms: f64,
}

/// Runs the stored reference input of a model and compares with its reference output.
///
/// For the bundled models the reference is the output of Keras. For an imported model it is the output of the embedded
/// engine for a fixed picture at the import: the test then shows whether this device computes the same, not whether the
/// import was faithful to Keras, which [`verify`](super::verify()) tests.
pub fn self_test(
    ctx: &Context,
    model: &str,
    device: Device,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<SelfTest, Error> {
    let (input, expected) = stored::with(ctx, model, cancel, progress, |stored| {
        let [input, output] = stored.reference()?;
        let expected = npy::read_floats(&output).map_err(not_a_tensor)?;
        Ok((nchw_from_npy(&input)?, expected))
    })?;
    let open = ctx.model(model, device, cancel, progress)?;
    let mut loaded = open.lock()?;
    let footprint = loaded.footprint;
    let session = loaded.session.as_mut();
    let started = Instant::now();
    let max_abs_error = largest_error(session, footprint, &input, &expected, cancel, progress)?;
    let run_ms = milliseconds(started);
    let used = session.used();
    Ok(SelfTest {
        max_abs_error,
        tolerance: TOLERANCE,
        within: max_abs_error <= TOLERANCE,
        engine: used.engine.clone(),
        provider: used.provider.clone(),
        version: used.version.clone(),
        run_ms,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ModelCard, Tensor};
    use crate::storage::Places;
    use crate::storage::library::{ModelFolder, Reference, Subgraphs};
    use crate::workflow::demonstration::BUNDLED;

    #[test]
    fn the_bundled_models_give_what_keras_gave_and_a_wrong_reference_is_noticed() {
        let home = tempfile::tempdir().unwrap();
        let places = Places::below(home.path());
        let ctx = Context::in_places(places.clone());
        let (cancel, progress) = (Cancel::new(), Progress::new());
        let test = |id| self_test(&ctx, id, Device::Embedded, &cancel, &progress).unwrap();
        for bundled in &BUNDLED {
            let reported = test(bundled.id);
            assert!(
                reported.within && reported.max_abs_error <= 2e-5,
                "{reported:?}"
            );
            assert_eq!(
                (reported.engine.as_str(), reported.provider.as_str()),
                ("rten", "embedded")
            );
            assert!(reported.run_ms > 0.0 && !reported.version.is_empty());
        }
        let model_folder = ModelFolder::of(&places, BUNDLED[0].id).unwrap();
        let right = npy::read_floats(&model_folder.reference_output().unwrap()).unwrap();
        let wrong = Tensor {
            shape: right.shape.clone(),
            values: right.values.iter().map(|v| v + 0.25).collect(),
        };
        let reference = Reference {
            input: model_folder.reference_input().unwrap(),
            output: npy::write_floats(&wrong),
        };
        let pieces = Subgraphs {
            head: model_folder.head().unwrap(),
            stem: model_folder.stem().unwrap(),
            footprint: model_folder.footprint().unwrap().unwrap(),
        };
        let card = ModelCard {
            id: "wrong".to_owned(),
            ..model_folder.card().unwrap()
        };
        let stored = ModelFolder::of(&places, "wrong").unwrap();
        let onnx = model_folder.onnx().unwrap();
        stored
            .store(&card, onnx, pieces, |_| Ok::<_, Error>(reference))
            .unwrap();
        let reported = test("wrong");
        assert!(
            !reported.within && (reported.max_abs_error - 0.25).abs() < 1e-4,
            "{reported:?}"
        );
    }

    #[test]
    fn a_file_outside_the_library_has_nothing_to_be_tested_against() {
        let home = tempfile::tempdir().unwrap();
        let ctx = Context::in_places(Places::below(home.path()));
        let file = home.path().join("mine.h5");
        std::fs::write(&file, b"").unwrap();
        let name = file.to_str().unwrap();
        let reported = self_test(
            &ctx,
            name,
            Device::Embedded,
            &Cancel::new(),
            &Progress::new(),
        );
        assert!(matches!(reported, Err(Error::Refused(..))), "{reported:?}");
    }
}
