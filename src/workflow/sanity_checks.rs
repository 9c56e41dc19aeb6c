//! Sanity checks of a map: the passes that can refute it, run one part after another.
//!
//! ```text
//! outside the eye (no pass) → deletion and insertion (forward passes) → perturbed photographs → randomised weights
//! ```

use std::sync::Arc;

use crate::domain::{FundusImage, ModelCard, ResultRow, Tensor};
use crate::imaging::{Geometry, prepare};
use crate::progress::{Cancel, Progress};
use crate::saliency::sanity_checks::{
    Cells, DeletionPlan, Depth, NotComparable, Perturbation, RandomisedMap, RankCorrelation,
    SanityCheckPart, SanityChecks, Settings, Stability, StrongestEnd, aligned, not_comparable,
    randomised_network,
};
use crate::saliency::{
    self, Mask, Method, Recipe, SaliencyMap, Target, cells_in_field, inside_field, outside_field,
};
use crate::workflow::answer::Answer;
use crate::workflow::explain::{Explainer, MapRequest, Network, Passes};
use crate::workflow::models::{self, ModelLocation};
use crate::workflow::{Context, Error, stored};

/// Which map is checked, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SanityCheckRequest {
    pub map: MapRequest,
    pub settings: Settings,
}

/// Checks one map of one photograph; `answer` holds the map that [`Explainer`] computed for the same request.
///
/// # Errors
/// [`Error::Usage`] for an answer without a map; otherwise any error of running the model.
pub fn sanity_checks(
    ctx: &Context,
    photograph: &FundusImage,
    answer: &Answer,
    request: &SanityCheckRequest,
    cancel: &Cancel,
    progress: &Progress,
    notify: OnPart<'_>,
) -> Result<SanityChecks, Error> {
    let map = answer.map.as_ref();
    let map = map.ok_or_else(|| Error::Usage("there is no map to check".to_owned()))?;
    let mut explainer = Explainer::open(ctx, &request.map, cancel, progress)?;
    let controller = SanityChecker::open(ctx, &request.map, request.settings, cancel, progress)?;
    let controller = controller.with_card(&answer.case.card)?;
    let controller = controller.beside(explainer.held());
    let each = explainer.count();
    let field = photograph.field_of_view.as_ref();
    let prepared = prepare::prepare(&photograph.pixels, field, &answer.case.card.input)?;
    progress.start(controller.count(each, true));
    let examined = Examined {
        map,
        x: &prepared.tensor,
        photograph: Some(OfPhotograph {
            image: photograph,
            case: &answer.case,
            geometry: &prepared.geometry,
            explainer: &mut explainer,
        }),
    };
    controller.run(ctx, examined, each, cancel, progress, notify)
}

/// Writes what speaks against a map into the exported row.
pub fn write_into(case: &mut ResultRow, sanity_checks: &SanityChecks) {
    case.findings.extend(sanity_checks.warnings());
}

/// A model prepared for the sanity checks of maps by one recipe.
pub struct SanityChecker {
    request: MapRequest,
    settings: Settings,
    network: Network,
    card: Option<ModelCard>,
    /// Bytes in use while the passes of the sanity checks run: by what computes the map, and by the network itself.
    beside: u64,
}

/// The map to be checked, and what it was computed from.
pub struct Examined<'a> {
    pub map: &'a SaliencyMap,
    /// The network's input (1, 3, H, W).
    pub x: &'a Tensor,
    pub photograph: Option<OfPhotograph<'a>>,
}

/// A photograph, the model's answer, and what computes maps of perturbed photographs.
pub struct OfPhotograph<'a> {
    pub image: &'a FundusImage,
    pub case: &'a ResultRow,
    pub geometry: &'a Geometry,
    pub explainer: &'a mut Explainer,
}

/// Receives finished parts.
pub type OnPart<'a> = &'a mut dyn FnMut(SanityCheckPart);

/// How a run waits and reports.
struct Run<'a> {
    ctx: &'a Context,
    cancel: &'a Cancel,
    progress: &'a Progress,
    notify: OnPart<'a>,
    found: SanityChecks,
}

impl Run<'_> {
    fn finish(&mut self, part: SanityCheckPart) {
        self.found.take(part.clone());
        (self.notify)(part);
    }

    /// Sets the progress to `done`: a part may have needed fewer passes.
    fn up_to(&self, done: u64) {
        let (so_far, _) = self.progress.steps();
        (so_far..done).for_each(|_| self.progress.advance());
    }
}

impl SanityChecker {
    pub fn open(
        ctx: &Context,
        request: &MapRequest,
        settings: Settings,
        cancel: &Cancel,
        progress: &Progress,
    ) -> Result<Self, Error> {
        let network = Network::of(ctx, &request.model, cancel, progress)?;
        let card = match models::find(ctx, &request.model)? {
            // A file's card is resolved when it is opened; a tensor does not need one.
            ModelLocation::File(_) => None,
            _ => Some(stored::with(
                ctx,
                &request.model,
                cancel,
                progress,
                |stored| stored.card(),
            )?),
        };
        Ok(Self {
            request: request.clone(),
            settings,
            // Once as it is and once randomised.
            beside: 2 * 4 * network.graph.constant_count(),
            network,
            card,
        })
    }

    /// With the card of a file that was opened with one.
    pub fn with_card(mut self, card: &ModelCard) -> Result<Self, Error> {
        self.network = self.network.scaled_as(card)?;
        self.card = Some(card.clone());
        Ok(self)
    }

    /// Accounts for something else open that holds this number of bytes.
    pub fn beside(mut self, held: u64) -> Self {
        self.beside += held;
        self
    }

    pub fn card(&self) -> Option<&ModelCard> {
        self.card.as_ref()
    }

    /// Passes of one run; `each` is the number of one map.
    pub fn count(&self, each: u64, of_photograph: bool) -> u64 {
        let Settings {
            deletion,
            weights,
            stability,
            ..
        } = self.settings;
        let count = |desired: bool, passes: u64| if desired { passes } else { 0 };
        count(deletion, DeletionPlan::PASSES as u64)
            + count(weights, each * Depth::BOTH.len() as u64)
            + count(
                stability && of_photograph,
                each * Perturbation::ALL.len() as u64,
            )
    }

    /// Runs all sanity checks of one map. `progress` advances with every pass; every part is reported as it is
    /// finished.
    pub fn run(
        &self,
        ctx: &Context,
        examined: Examined<'_>,
        each: u64,
        cancel: &Cancel,
        progress: &Progress,
        notify: OnPart<'_>,
    ) -> Result<SanityChecks, Error> {
        let field = examined.photograph.as_ref().and_then(|p| {
            let field = p.image.field_of_view.as_ref()?;
            Some((p.geometry, field))
        });
        let mut run = Run {
            ctx,
            cancel,
            progress,
            notify,
            found: SanityChecks {
                settings: self.settings,
                of_photograph: examined.photograph.is_some(),
                ..SanityChecks::default()
            },
        };
        let grid = &examined.map.grid;
        let outside = field.and_then(|(geometry, field)| outside_field(grid, geometry, field));
        let counts = cells_in_field(grid.rows(), grid.columns(), field);
        if let Some(share) = outside {
            run.finish(SanityCheckPart::Outside(share));
        }
        let Examined {
            map,
            x,
            mut photograph,
        } = examined;
        let (mut done, _) = progress.steps();
        if self.settings.deletion {
            done += DeletionPlan::PASSES as u64;
            let inside = field
                .map(|(geometry, field)| inside_field([x.shape[2], x.shape[3]], geometry, field));
            let cells = Cells::of(&map.grid, field);
            self.hide(&mut run, map, x, cells, inside.as_ref())?;
            run.up_to(done);
        }
        if let Some(photograph) = photograph.as_mut().filter(|_| self.settings.stability) {
            for perturbation in Perturbation::ALL {
                done += each;
                let stability = changed(&run, map, &counts, photograph, perturbation)?;
                run.up_to(done);
                run.finish(SanityCheckPart::Stability(stability));
            }
        }
        if self.settings.weights {
            // Randomised networks are as large as the one that computed the map, which is no longer needed.
            if let Some(photograph) = photograph {
                photograph.explainer.rest();
            }
            for depth in Depth::BOTH {
                done += each;
                let randomised = self.randomise(&run, map, &counts, x, depth)?;
                run.up_to(done);
                run.finish(SanityCheckPart::RandomisedMap(randomised));
            }
        }
        Ok(run.found)
    }

    fn hide(
        &self,
        run: &mut Run<'_>,
        map: &SaliencyMap,
        x: &Tensor,
        cells: Cells,
        inside: Option<&Mask>,
    ) -> Result<(), Error> {
        // Forward passes only: occlusion needs nothing else.
        let forward = Recipe {
            target: self.output_of(map),
            ..Recipe::of(Method::Occlusion)
        };
        let mut passes = self.passes(run, &self.network, &forward)?;
        let at = passes.targets(std::iter::once(x.clone()), run.cancel, &Progress::new())?;
        let threshold = self.card.as_ref().and_then(|card| card.threshold);
        let first = StrongestEnd::of(map.target, at[0], threshold);
        let Some(plan) = DeletionPlan::new(cells, first, self.settings.seed) else {
            return Ok(());
        };
        let fill = self.settings.fill.within(x, &self.network.black, inside);
        let values = passes.targets(plan.inputs(x, &fill), run.cancel, run.progress)?;
        if values.iter().any(|v| !v.is_finite()) {
            return Err(saliency::Error::NotANumber.into());
        }
        if let Some(deletion) = plan.read(map.target, &values) {
            run.finish(SanityCheckPart::DeletionInsertion(Box::new(deletion)));
        }
        Ok(())
    }

    /// The output that a map explains, if it explains a single one: the greatest of one picture may not be that of another.
    fn output_of(&self, map: &SaliencyMap) -> Option<usize> {
        match map.target {
            Target::Output(output) => Some(output),
            _ => self.request.recipe.target,
        }
    }

    fn randomise(
        &self,
        run: &Run<'_>,
        map: &SaliencyMap,
        counts: &[bool],
        x: &Tensor,
        depth: Depth,
    ) -> Result<RandomisedMap, Error> {
        let randomised_network = randomised_network(&self.network.graph, depth, self.settings.seed);
        let network = Network {
            graph: randomised_network.graph,
            ..self.network.clone()
        };
        let recipe = Recipe {
            target: self.output_of(map),
            ..self.request.recipe.clone()
        };
        let mut passes = self.passes(run, &network, &recipe)?;
        // A copy of all weights that is no longer used.
        drop(network);
        let found = passes.explain(x, run.cancel, run.progress, &mut |_| {});
        let (not_comparable, correlation) = match found {
            Ok(mut found) => {
                let is_laid = map.grid.values().len() != found.map.grid.values().len();
                if let Some(card) = self.card.as_ref().filter(|_| is_laid) {
                    found.map = found.map.laid_over_input(card);
                }
                let counted = |map: &SaliencyMap| -> Vec<f32> {
                    let cells = map.grid.values().iter().zip(counts);
                    cells
                        .filter(|(_, counts)| **counts)
                        .map(|(v, _)| *v)
                        .collect()
                };
                let other = counted(&found.map);
                (
                    not_comparable(&other),
                    RankCorrelation::of(&counted(map), &other),
                )
            }
            // A randomised network may overflow. That is a result as well: the map did not survive.
            Err(Error::Saliency(saliency::Error::NotANumber)) => {
                (Some(NotComparable::NotANumber), RankCorrelation::default())
            }
            Err(error) => return Err(error),
        };
        Ok(RandomisedMap {
            depth,
            tensors: randomised_network.tensors,
            not_comparable,
            correlation,
        })
    }

    fn passes(&self, run: &Run<'_>, network: &Network, recipe: &Recipe) -> Result<Passes, Error> {
        let device = self.request.device;
        // The steps of opening are not counted among those of the sanity checks; its memory is.
        let opening = Progress::new();
        let reported = run.progress.clone();
        let beside = self.beside;
        opening.on_memory(move |bytes| reported.will_take(bytes + beside));
        Passes::open(run.ctx, network, recipe, device, run.cancel, &opening)
    }
}

/// The map of a perturbed photograph compared with the map.
fn changed(
    run: &Run<'_>,
    map: &SaliencyMap,
    counts: &[bool],
    photograph: &mut OfPhotograph<'_>,
    perturbation: Perturbation,
) -> Result<Stability, Error> {
    run.cancel.check()?;
    let OfPhotograph {
        image,
        case,
        geometry,
        explainer,
    } = photograph;
    let Some((pixels, shift)) = perturbation.of(&image.pixels, image.field_of_view.as_ref()) else {
        return Ok(Stability {
            perturbation,
            correlation: RankCorrelation::default(),
            change: None,
        });
    };
    // The same field: the crop is unchanged.
    let other = FundusImage {
        pixels: Arc::new(pixels),
        ..image.clone()
    };
    let read_ahead = &mut |_| {};
    let found = explainer.explain(
        run.ctx,
        &other,
        &case.image,
        run.cancel,
        run.progress,
        read_ahead,
    )?;
    let of_variant = &found.explanation.map.grid;
    let (before, after) = aligned(&map.grid, counts, of_variant, geometry, shift);
    let number = |case: &ResultRow| case.score.or(case.value);
    let numbers = number(case).zip(number(&found.answer.case));
    Ok(Stability {
        perturbation,
        correlation: RankCorrelation::of(&before, &after),
        change: numbers.map(|(before, after)| after - before),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::Device;
    use crate::saliency::Baseline;
    use crate::saliency::sanity_checks::WatchedOutput;
    use crate::storage::Places;
    use crate::workflow::demonstration::BUNDLED;
    use crate::workflow::{Source, open};

    struct Desk {
        _home: tempfile::TempDir,
        ctx: Context,
        photograph: FundusImage,
        request: SanityCheckRequest,
    }

    /// A drawn eye and the smaller demonstration model.
    fn desk(recipe: Recipe) -> Desk {
        let home = tempfile::tempdir().unwrap();
        let ctx = Context::in_places(Places::below(&home.path().join("home")));
        let drawn = crate::workflow::DrawRequest {
            count: 1,
            seed: 5,
            size: (256, 256),
            format: crate::drawing::PictureFormat::Png,
            out: home.path().join("drawn"),
        };
        crate::workflow::draw(&ctx, &drawn, &Cancel::new(), &mut |_, _| {}).unwrap();
        let images = std::fs::read_dir(drawn.out.join("images")).unwrap();
        let file = images.map(|e| e.unwrap().path()).next().unwrap();
        let photograph = open(&Source::File(file), &Default::default()).unwrap();
        let map = MapRequest {
            model: BUNDLED[0].id.to_owned(),
            recipe,
            device: Device::Embedded,
        };
        let settings = Settings::default();
        Desk {
            _home: home,
            ctx,
            photograph,
            request: SanityCheckRequest { map, settings },
        }
    }

    impl Desk {
        fn answer(&self) -> Answer {
            crate::workflow::explain::explained(
                &self.ctx,
                &self.request.map,
                &self.photograph,
                "eye.png",
                &Cancel::new(),
                &Progress::new(),
                &mut |_| {},
            )
            .unwrap()
        }
    }

    #[test]
    fn every_part_is_told_once_and_the_passes_are_counted() {
        let desk = desk(Recipe::of(Method::GradCam));
        let answer = desk.answer();
        let (cancel, progress) = (Cancel::new(), Progress::new());
        let mut reported = SanityChecks {
            of_photograph: true,
            ..SanityChecks::default()
        };
        let found = sanity_checks(
            &desk.ctx,
            &desk.photograph,
            &answer,
            &desk.request,
            &cancel,
            &progress,
            &mut |part| reported.take(part),
        )
        .unwrap();
        assert_eq!(reported, found);
        let (done, total) = progress.steps();
        assert_eq!((done, total), (total, DeletionPlan::PASSES as u64 + 6));
        let deletion = found.deletion.as_ref().unwrap();
        assert_eq!(
            (deletion.answer, deletion.grid),
            (WatchedOutput::Score, [7, 7])
        );
        let (score, logit) = (answer.case.score.unwrap(), answer.case.logit.unwrap());
        assert!((deletion.curves.deletion[0] - score).abs() < 1e-5);
        assert!((deletion.curves_of_target.deletion[0] - logit).abs() < 1e-3);
        // Nothing hidden and everything inserted give the same picture; so do the other ends.
        let curves = &deletion.curves_of_target;
        assert_eq!(curves.deletion.first(), curves.insertion.last());
        assert_eq!(curves.deletion.last(), curves.insertion.first());
        // The trained head and the randomised one have different weights.
        for one in &found.randomised {
            assert!(
                one.not_comparable.is_some() || one.correlation.signed.unwrap() < 0.999,
                "{one:?}"
            );
            assert!(one.tensors > 1);
        }
        assert!(found.randomised[0].tensors < found.randomised[1].tensors);
        assert_eq!(found.stability.len(), Perturbation::ALL.len());
        for one in &found.stability {
            assert!(one.correlation.signed.unwrap() > 0.5, "{one:?}");
            assert!(one.change.unwrap().abs() < 0.5, "{one:?}");
        }
        assert!(found.outside.unwrap().area > 0.1);
        // The same seed finds the same areas, another seed others.
        let again = |seed| {
            let mut request = desk.request.clone();
            request.settings = Settings {
                seed,
                weights: false,
                stability: false,
                ..request.settings
            };
            let (ctx, cancel) = (&desk.ctx, Cancel::new());
            let image = &desk.photograph;
            sanity_checks(
                ctx,
                image,
                &answer,
                &request,
                &cancel,
                &progress,
                &mut |_| {},
            )
            .unwrap()
        };
        assert_eq!(again(0).deletion, found.deletion);
        assert_ne!(
            again(1).deletion.unwrap().marked.random,
            deletion.marked.random
        );
    }

    #[test]
    fn a_stop_between_parts_is_a_stop_and_keeps_what_was_told() {
        let desk = desk(Recipe {
            steps: Some(2),
            baseline: Some(Baseline::Blur),
            ..Recipe::of(Method::IntegratedGradients)
        });
        let answer = desk.answer();
        let cancel = Cancel::new();
        let mut parts = Vec::new();
        let stopped = sanity_checks(
            &desk.ctx,
            &desk.photograph,
            &answer,
            &desk.request,
            &cancel,
            &Progress::new(),
            &mut |part| {
                if matches!(part, SanityCheckPart::DeletionInsertion(_)) {
                    cancel.cancel();
                }
                parts.push(part);
            },
        );
        assert!(matches!(stopped, Err(Error::Cancelled)));
        assert_eq!(parts.len(), 2);
        let mapless = Answer {
            map: None,
            ..answer
        };
        let refused = sanity_checks(
            &desk.ctx,
            &desk.photograph,
            &mapless,
            &desk.request,
            &Cancel::new(),
            &Progress::new(),
            &mut |_| {},
        );
        assert!(matches!(refused, Err(Error::Usage(_))));
    }
}
