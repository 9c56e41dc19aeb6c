//! Covers parts of a photograph by hand: what the score would be without them.
//!
//! The prepared inputs are kept, so that each change of the covered part costs one forward pass.

use std::sync::{Arc, Mutex};

use super::explain::black;
use super::keyed_lock::lock;
use super::predict::{check_accepted, figures};
use super::{Context, Error};
use crate::domain::{CoveredFigures, Figures, FundusImage, ModelCard, Tensor};
use crate::graph;
use crate::imaging::overlay::Rgba;
use crate::imaging::{Geometry, prepare, unscale};
use crate::progress::{Cancel, Progress};
use crate::runtime::Device;
use crate::saliency::{Fill, Mask, Stroke, covered, painted, seen};

/// Photographs and models whose inputs are kept: the two that the user compares.
const KEPT: usize = 2;

/// What is covered, and for which models.
#[derive(Clone, Debug, PartialEq)]
pub struct CoverRequest {
    pub models: Vec<String>,
    pub device: Device,
    pub fill: Fill,
    pub strokes: Vec<Stroke>,
}

/// One model on the covered photograph.
#[derive(Clone, Debug, PartialEq)]
pub struct Covered {
    pub card: Arc<ModelCard>,
    pub fill: Fill,
    /// True if the network's input differs from the photograph, also outside the field of view.
    pub hides: bool,
    /// Share of the field of view that is covered, 0–1.
    pub area_share: f64,
    /// The network's answer to the photograph as it is.
    pub before: Figures,
    pub after: Figures,
    /// What replaces the covered part in the network's input, transparent where nothing is covered; at the size of the
    /// input.
    pub picture: Rgba,
    /// Position of the input in the photograph.
    pub geometry: Geometry,
}

impl Covered {
    /// The figures of a row that is exported while parts are covered.
    pub fn figures(&self) -> CoveredFigures {
        CoveredFigures {
            fill: self.fill,
            area_share: self.area_share,
            before: self.before,
            after: self.after,
        }
    }
}

/// Prepared inputs, and the networks' answers to them.
#[derive(Default)]
pub struct Covers {
    kept: Mutex<Vec<Arc<Kept>>>,
}

struct Kept {
    sha256: String,
    device: Device,
    card: Arc<ModelCard>,
    tensor: Tensor,
    geometry: Geometry,
    /// The pixels of the input inside the field of view.
    seen: Mask,
    before: Figures,
    /// One filled input for each of [`Fill::ALL`].
    fills: Vec<Tensor>,
}

impl Covers {
    /// Runs each model on the covered photograph.
    pub fn cover(
        &self,
        ctx: &Context,
        photograph: &FundusImage,
        request: &CoverRequest,
        cancel: &Cancel,
    ) -> Result<Vec<Covered>, Error> {
        check_accepted(photograph)?;
        let of_model = |model: &String| {
            let kept = self.kept(ctx, photograph, model, request.device, cancel)?;
            let mask = painted(&kept.geometry, &request.strokes);
            let place = Fill::ALL.iter().position(|f| *f == request.fill);
            let fill = &kept.fills[place.unwrap_or(0)];
            let x = covered(&kept.tensor, fill, &mask);
            let hides = !mask.hides_nothing();
            let after = if hides {
                answer(ctx, model, request.device, &x, cancel)?
            } else {
                kept.before
            };
            Ok(Covered {
                card: Arc::clone(&kept.card),
                fill: request.fill,
                hides,
                area_share: share(&mask, &kept.seen),
                before: kept.before,
                after,
                picture: veil(&x, &mask, &kept.card)?,
                geometry: kept.geometry,
            })
        };
        request.models.iter().map(of_model).collect()
    }

    fn kept(
        &self,
        ctx: &Context,
        photograph: &FundusImage,
        model: &str,
        device: Device,
        cancel: &Cancel,
    ) -> Result<Arc<Kept>, Error> {
        let card = Arc::clone(&ctx.model(model, device, cancel, &Progress::new())?.card);
        let is_it =
            |k: &Arc<Kept>| k.sha256 == photograph.sha256 && k.device == device && k.card == card;
        if let Some(kept) = lock(&self.kept).iter().find(|k| is_it(k)) {
            return Ok(Arc::clone(kept));
        }
        let field = photograph.field_of_view.as_ref();
        let prepared = prepare::prepare(&photograph.pixels, field, &card.input)?;
        let (tensor, geometry) = (prepared.tensor, prepared.geometry);
        let black = black(&card.input)?;
        let fills = Fill::ALL.map(|fill| fill.of(&tensor, &black, &geometry, field));
        let kept = Arc::new(Kept {
            sha256: photograph.sha256.clone(),
            device,
            before: answer(ctx, model, device, &tensor, cancel)?,
            card,
            seen: seen(&geometry, field),
            tensor,
            geometry,
            fills: fills.to_vec(),
        });
        let mut all = lock(&self.kept);
        all.truncate(KEPT - 1);
        all.insert(0, Arc::clone(&kept));
        Ok(kept)
    }
}

/// One forward pass.
fn answer(
    ctx: &Context,
    model: &str,
    device: Device,
    x: &Tensor,
    cancel: &Cancel,
) -> Result<Figures, Error> {
    let opened = ctx.model(model, device, cancel, &Progress::new())?;
    let mut loaded = opened.lock()?;
    cancel.check()?;
    let desired = [graph::LOGIT, graph::OUTPUT];
    let found = loaded.session.run(&[(graph::INPUT, x)], &desired, cancel)?;
    let card = &opened.card;
    figures(card.head, card.value_scale(), &found[0], &found[1])
}

/// Share of one mask that another covers.
fn share(mask: &Mask, of: &Mask) -> f64 {
    let both = mask.values.iter().zip(&of.values);
    let common: f64 = both.map(|(&a, &b)| f64::from(a) * f64::from(b)).sum();
    let whole: f64 = of.values.iter().map(|&v| f64::from(v)).sum();
    common / whole.max(1.0)
}

/// The input as a picture, with the mask as its alpha channel.
fn veil(x: &Tensor, mask: &Mask, card: &ModelCard) -> Result<Rgba, Error> {
    let pixels = unscale::picture(x, &card.input)?;
    let rgb = pixels.rgb.as_chunks::<3>().0.iter();
    let rgba = rgb.zip(&mask.values).flat_map(|(&[r, g, b], &m)| {
        // The picture is already blended, so it is opaque wherever anything is covered.
        [r, g, b, if m > 0.0 { 255 } else { 0 }]
    });
    Ok(Rgba {
        width: mask.columns,
        height: mask.rows,
        rgba: rgba.collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imaging::OpenOptions;
    use crate::storage::Places;
    use crate::workflow::{Source, open};

    fn dot(photograph: &FundusImage, share: f64) -> Stroke {
        let field = photograph.field_of_view.unwrap();
        Stroke {
            points_in_image: vec![(field.centre_x, field.centre_y)],
            radius: field.radius * share,
        }
    }

    #[test]
    fn covering_moves_the_score_by_one_pass_and_nothing_covered_moves_nothing() {
        let home = tempfile::tempdir().unwrap();
        let ctx = Context::in_places(Places::below(home.path()));
        let photograph = open(&Source::Sample, &OpenOptions::default()).unwrap();
        let covers = Covers::default();
        let mut request = CoverRequest {
            models: vec!["demo-mobilenet".into()],
            device: Device::Auto,
            fill: Fill::FieldMean,
            strokes: vec![],
        };
        let cover = |request: &CoverRequest| {
            let found = covers.cover(&ctx, &photograph, request, &Cancel::new());
            found.unwrap().remove(0)
        };
        let bare = cover(&request);
        assert_eq!((bare.before, bare.area_share), (bare.after, 0.0));
        assert!(!bare.hides);
        assert!(
            bare.picture
                .rgba
                .as_chunks::<4>()
                .0
                .iter()
                .all(|p| p[3] == 0)
        );
        request.strokes = vec![dot(&photograph, 0.5)];
        let half = cover(&request);
        assert!(half.hides);
        assert_eq!(half.before, bare.before);
        assert_ne!(half.after, half.before);
        assert!((half.area_share - 0.25).abs() < 0.01, "{}", half.area_share);
        let opaque = half
            .picture
            .rgba
            .as_chunks::<4>()
            .0
            .iter()
            .filter(|p| p[3] == 255);
        assert!(opaque.count() > 5000);
        // With everything covered all photographs look the same: only the fill is visible.
        request.strokes = vec![dot(&photograph, 3.0)];
        let whole = cover(&request);
        assert!((whole.area_share - 1.0).abs() < 1e-6);
        let pixels = whole.picture.rgba.as_chunks::<4>().0;
        assert!(pixels.iter().all(|p| *p == pixels[0]));
        assert_eq!(whole.figures().fill, Fill::FieldMean);
        // A corner outside the field is part of the input too.
        let area = whole.geometry.crop_in_image();
        request.strokes = vec![Stroke {
            points_in_image: vec![(area.left, area.top)],
            radius: 0.02 * photograph.field_of_view.unwrap().radius,
        }];
        let corner = cover(&request);
        assert!(corner.hides && corner.area_share == 0.0);
    }

    #[test]
    fn a_cancel_stops_before_the_pass() {
        let home = tempfile::tempdir().unwrap();
        let ctx = Context::in_places(Places::below(home.path()));
        let photograph = open(&Source::Sample, &OpenOptions::default()).unwrap();
        let request = CoverRequest {
            models: vec!["demo-mobilenet".into()],
            device: Device::Embedded,
            fill: Fill::Black,
            strokes: vec![dot(&photograph, 0.5)],
        };
        let cancel = Cancel::new();
        cancel.cancel();
        let stopped = Covers::default().cover(&ctx, &photograph, &request, &cancel);
        assert!(matches!(stopped, Err(Error::Cancelled)));
    }
}
