//! Explains one photograph: a model's answer with the map of a recipe.

use std::time::Instant;

use super::passes::{Network, Passes};
use crate::domain::{Finding, Findings, FundusImage, MapProvenance, MapSettings};
use crate::progress::{Cancel, Progress};
use crate::runtime::Device;
use crate::saliency::{Explanation, Method, MethodRun, OnPartialMap, Recipe, Target, inside_field};
use crate::workflow::answer::Answer;
use crate::workflow::predict::{
    Prediction, Request, check_accepted, evidence_outside, milliseconds, predict,
};
use crate::workflow::{Context, Error, memory};

/// The requested map and its model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MapRequest {
    /// A model's id or file.
    pub model: String,
    pub recipe: Recipe,
    pub device: Device,
}

/// A model prepared to explain photographs by one recipe.
pub struct Explainer {
    request: MapRequest,
    /// `None` if the last feature map and the head's algebra give the same map for one forward pass.
    passes: Option<Passes>,
    /// The passes are closed until they are needed again.
    resting: Option<Resting>,
    progressive: bool,
}

/// What is known of passes that are closed.
struct Resting {
    count: u64,
    need: u64,
}

/// The result of one photograph.
#[derive(Clone, Debug)]
pub struct ExplainedCase {
    /// Its map is that of the recipe.
    pub answer: Prediction,
    pub explanation: Explanation,
    pub made: MethodRun,
    /// As written in the row.
    pub provenance: MapProvenance,
}

impl Explainer {
    /// # Errors
    /// [`Error::Usage`] for a recipe that does not fit its method or a layer that does not exist.
    pub fn open(
        ctx: &Context,
        request: &MapRequest,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<Self, Error> {
        Ok(Self {
            request: request.clone(),
            passes: Self::passes(ctx, request, cancel, progress)?,
            resting: None,
            progressive: false,
        })
    }

    fn passes(
        ctx: &Context,
        request: &MapRequest,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<Option<Passes>, Error> {
        let MapRequest {
            model,
            recipe,
            device,
        } = request;
        recipe.check().map_err(|e| Error::Usage(e.to_string()))?;
        let opened = ctx.model(model, *device, cancel, progress)?;
        let by_head = match (&opened.lock()?.last_map, recipe.target) {
            (Ok(head), Some(output)) => {
                // Reports early if the network has no such output.
                Target::Output(output).weights(head.units())?;
                true
            }
            (head, _) => head.is_ok(),
        };
        let passes = if head_is_enough(recipe, by_head) {
            None
        } else {
            let network = Network::of(ctx, model, cancel, progress)?;
            let network = network.scaled_as(&opened.card)?;
            drop(opened);
            let passes = Passes::open(ctx, &network, recipe, *device, cancel, progress)?;
            Some(passes)
        };
        Ok(passes)
    }

    /// Reports intermediate maps: occlusion from coarse to fine, SmoothGrad with increasing numbers of samples,
    /// Score-CAM with increasing numbers of channels.
    pub fn progressive(mut self) -> Self {
        self.passes = self.passes.map(Passes::progressive);
        self.progressive = true;
        self
    }

    /// Passes through the network for one photograph.
    pub fn count(&self) -> u64 {
        let resting = self.resting.as_ref().map(|r| r.count);
        let passes = self.passes.as_ref().map(Passes::count);
        passes.or(resting).unwrap_or(1)
    }

    /// Maximum number of bytes that a run of the extended network takes; `None` if the forward network is enough.
    pub fn need(&self) -> Option<u64> {
        let resting = self.resting.as_ref().map(|r| r.need);
        self.passes.as_ref().map(Passes::need).or(resting)
    }

    /// Closes a large network until the next photograph: another one of its size is about to be opened.
    pub fn rest(&mut self) {
        if let Some(passes) = self.passes.take_if(|p| memory::is_large(p.need())) {
            self.resting = Some(Resting {
                count: passes.count(),
                need: passes.need(),
            });
        }
    }

    /// Bytes that stay allocated while it rests.
    pub fn held(&self) -> u64 {
        let open = self.passes.as_ref().filter(|p| !memory::is_large(p.need()));
        open.map_or(0, Passes::held)
    }

    /// `name` is the photograph's name in the row.
    ///
    /// # Errors
    /// [`Error::NotAFundus`] for a picture that is refused.
    pub fn explain(
        &mut self,
        ctx: &Context,
        photograph: &FundusImage,
        name: &str,
        cancel: &Cancel,
        progress: &Progress,
        notify: OnPartialMap<'_>,
    ) -> Result<ExplainedCase, Error> {
        check_accepted(photograph)?;
        if self.resting.is_some() {
            let opening = Progress::new();
            let passes = Self::passes(ctx, &self.request, cancel, &opening)?;
            self.passes = passes.map(|p| if self.progressive { p.progressive() } else { p });
            self.resting = None;
        }
        let requested = Request {
            model: self.request.model.clone(),
            device: self.request.device,
            saliency: self.passes.is_none(),
            target: self.request.recipe.target,
            features: false,
        };
        let started = Instant::now();
        let mut answer = predict(ctx, photograph, name, &requested, cancel, &Progress::new())?;
        let of_map = Instant::now();
        let (explanation, settings) = match (&mut self.passes, answer.map.take()) {
            (Some(passes), _) => {
                if memory::is_large(passes.need()) {
                    // Reopened for the next photograph, which takes less time than its gradient.
                    let sha256 = &answer.case.card.source_sha256;
                    ctx.let_go(|open| open.source_sha256 == *sha256);
                }
                let geometry = &answer.prepared.geometry;
                let field = photograph.field_of_view.as_ref();
                passes.look_inside(field.map(|f| inside_field(passes.size(), geometry, f)));
                let mut found =
                    passes.explain(&answer.prepared.tensor, cancel, progress, notify)?;
                found.map = found.map.laid_over_input(&answer.case.card);
                answer.case.timings.saliency = milliseconds(of_map);
                (found, passes.settings())
            }
            (None, Some(map)) => (
                Explanation::of_map(map, answer.target_value),
                MapSettings::default(),
            ),
            (None, None) => {
                return Err(Error::Usage(
                    "this network offers no saliency map".to_owned(),
                ));
            }
        };
        let made = MethodRun {
            recipe: self.request.recipe.clone(),
            target_value: explanation.target_value,
            baseline_value: explanation.baseline_value,
            completeness_gap: explanation.completeness_gap,
            passes: self.count(),
            ms: milliseconds(started),
        };
        let outside = evidence_outside(Some(&explanation.map), &answer.prepared, photograph);
        if let Some(passes) = &self.passes {
            // Those of the forward network are in the row already, with the share of its own map.
            let of_map = outside.and_then(|share| share.finding());
            add_new(&mut answer.case.findings, passes.findings());
            answer.case.findings.extend(of_map);
        }
        let provenance = made.provenance(&explanation.map, settings, outside);
        answer.case.saliency = Some(provenance.clone());
        answer.map = Some(explanation.map.clone());
        Ok(ExplainedCase {
            answer,
            explanation,
            made,
            provenance,
        })
    }
}

/// Adds only new findings: the extended network may have been opened differently from the one for the score.
fn add_new(findings: &mut Findings, more: &[Finding]) {
    for finding in more {
        if findings.iter().all(|found| found.code != finding.code) {
            findings.push(finding.clone());
        }
    }
}

/// One photograph with the map of a recipe, as results are kept and exported. Intermediate maps are reported; progress
/// counts passes.
pub fn explained(
    ctx: &Context,
    request: &MapRequest,
    photograph: &FundusImage,
    name: &str,
    cancel: &Cancel,
    progress: &Progress,
    notify: OnPartialMap<'_>,
) -> Result<Answer, Error> {
    check_accepted(photograph)?;
    let mut explainer = Explainer::open(ctx, request, cancel, progress)?.progressive();
    progress.start(explainer.count());
    let found = explainer.explain(ctx, photograph, name, cancel, progress, notify)?;
    Ok(Answer {
        case: found.answer.case,
        map: Some(found.explanation.map),
        made: Some(found.made),
        sanity_checks: None,
        geometry: found.answer.prepared.geometry,
        covered: None,
    })
}

/// True for Grad-CAM at the last feature map, for which the head alone is enough.
pub(super) fn head_is_enough(recipe: &Recipe, by_head: bool) -> bool {
    recipe.method == Method::GradCam && recipe.layer.is_none() && by_head
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{FindingCode, Severity};
    use crate::imaging::{OpenOptions, open};
    use crate::storage::Places;
    use crate::workflow::demonstration;

    #[test]
    fn what_is_found_of_the_lengthened_network_stands_in_the_row_once() {
        let home = tempfile::tempdir().unwrap();
        let ctx = Context::in_places(Places::below(home.path()));
        let (cancel, progress) = (Cancel::new(), Progress::new());
        let request = MapRequest {
            model: demonstration::DEFAULT.to_owned(),
            recipe: Recipe::of(Method::InputGradient),
            device: Device::Embedded,
        };
        let mut explainer = Explainer::open(&ctx, &request, &cancel, &progress).unwrap();
        let passes = explainer.passes.as_mut().unwrap();
        let found = [FindingCode::EngineFallback, FindingCode::DemonstrationModel];
        let found = found.map(|code| Finding::new(code, Severity::Caution));
        passes.findings.extend(found);
        let pixels = crate::drawing::Pixels {
            width: 90,
            height: 80,
            rgb: (0..90 * 80 * 3).map(|i| i as u8).collect(),
        };
        let png = crate::drawing::encode(&pixels, crate::drawing::PictureFormat::Png).unwrap();
        let options = OpenOptions {
            accept_any_picture: true,
            ..OpenOptions::default()
        };
        let photograph = open(&png, "a.png", &options).unwrap();
        let of_photograph =
            explainer.explain(&ctx, &photograph, "a.png", &cancel, &progress, &mut |_| {});
        let findings = of_photograph.unwrap().answer.case.findings;
        for code in [FindingCode::EngineFallback, FindingCode::DemonstrationModel] {
            let times = findings.iter().filter(|f| f.code == code).count();
            assert_eq!(times, 1, "{code:?}");
        }
    }
}
