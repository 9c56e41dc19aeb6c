//! The colour of the fundus at a point of the eye: pigment, macula, nerve fibres, foveal reflex, disc, blood.

use super::anatomy::{Anatomy, REFLEX_RADIUS, RING_INNER, RING_OUTER};
use super::camera::CaptureConditions;
use super::curves::{gauss, smooth};
use super::person::Eye;
use super::signs::Sign;
use super::texture::Field;

/// Optical density of pigment, macula, arterial and venous blood at full depth in red, green and blue.
const PIGMENT: [f32; 3] = [0.62, 1.0, 0.85];
const MACULA: [f32; 3] = [0.46, 1.0, 0.80];
const ARTERY: [f32; 3] = [0.10, 0.54, 0.26];
const VEIN: [f32; 3] = [0.29, 0.80, 0.38];
/// Colour of the sheen of nerve fibres.
const SHEEN: [f32; 3] = [0.42, 0.60, 0.55];

/// The tissue of one eye.
pub(super) struct Tissue {
    anatomy: Anatomy,
    look: CaptureConditions,
    /// Optical density of the ring of the peripapillary sign.
    ring_density: f32,
    /// Strength of the foveal reflex.
    reflex: f32,
    pixels_per_unit: f32,
    coarse: Field,
    fine: Field,
    warp: Field,
}

/// Share of a pixel covered by vessels, 0–1.
#[derive(Debug, Clone, Copy)]
pub(super) struct VesselCover {
    pub artery: f32,
    pub vein: f32,
    pub shine: f32,
}

impl Tissue {
    /// `pixels_per_unit` is the scale of the picture.
    pub fn new(eye: &Eye, anatomy: Anatomy, look: CaptureConditions, pixels_per_unit: f32) -> Self {
        Self {
            anatomy,
            look,
            ring_density: eye.latents.effect(Sign::PeripapillaryDarkness) as f32,
            reflex: eye.latents.effect(Sign::FovealReflex) as f32,
            pixels_per_unit,
            coarse: look.field(1),
            fine: look.field(2),
            warp: look.field(3),
        }
    }

    /// Red, green and blue (0–1, before the camera) at (x, y) in eye units.
    pub fn colour(&self, x: f32, y: f32, blood: VesselCover) -> [f32; 3] {
        let look = &self.look;
        let from_fovea = (x * x + y * y).sqrt();
        let (ex, ey) = (
            x - self.anatomy.disc.x as f32,
            y - self.anatomy.disc.y as f32,
        );
        let from_disc = (ex * ex + ey * ey).sqrt();

        let mut density = self.pigment(x, y, from_fovea, from_disc);
        let ragged = 1.0 + 0.35 * self.warp.layered(5.0 * x + 20.0, 5.0 * y - 20.0, 2);
        density += self.ring_density * ring(from_disc) * ragged;
        let mut colour = look.tint;
        let macula = self.macula(from_fovea);
        for c in 0..3 {
            colour[c] *= libm::expf(-PIGMENT[c] * density - MACULA[c] * macula);
        }
        let sheen = self.sheen(x, y, ex, ey, from_disc, from_fovea);
        for c in 0..3 {
            colour[c] += sheen * SHEEN[c] * look.tint[1] * 1.6;
        }
        self.reflex_at_fovea(x, y, from_fovea, &mut colour);
        let disc = self.disc(ex, ey, from_disc, &mut colour);
        if blood.artery > 0.0 || blood.vein > 0.0 {
            self.vessels(blood, disc, &mut colour);
        }
        colour
    }

    /// Blood in front of the tissue; `disc` is the share of the pixel that the disc covers.
    fn vessels(&self, blood: VesselCover, disc: f32, colour: &mut [f32; 3]) {
        // Inside the disc, blood is in front of white tissue and appears thinner.
        let depth = self.look.vessel_depth * (1.0 - 0.25 * disc);
        for c in 0..3 {
            let density =
                ARTERY[c] * blood.artery + VEIN[c] * blood.vein * (1.0 - 0.6 * blood.artery);
            colour[c] *= libm::expf(-density * depth * (1.0 + disc * [0.0, 0.5, 1.5][c]));
            colour[c] += blood.shine * self.look.artery_reflex * [0.10, 0.105, 0.08][c];
        }
    }

    /// Optical density of melanin: tessellation of the choroid and mottle.
    fn pigment(&self, x: f32, y: f32, from_fovea: f32, from_disc: f32) -> f32 {
        let look = &self.look;
        let wx = self.warp.layered(2.1 * x, 2.1 * y, 2);
        let wy = self.warp.layered(2.1 * x + 40.0, 2.1 * y + 11.0, 2);
        let (px, py) = (x + 0.07 * wx, y + 0.07 * wy);
        // Choroidal vessels fan out from behind the posterior pole: stretch the pattern along the ray.
        let far = (from_fovea * 1.3).min(1.0);
        let ray = if from_fovea > 1e-6 {
            (x / from_fovea, y / from_fovea)
        } else {
            (1.0, 0.0)
        };
        let along = px * ray.0 + py * ray.1;
        let (sx, sy) = (
            px - 0.45 * far * along * ray.0,
            py - 0.45 * far * along * ray.1,
        );
        let jitter = 0.35 * self.fine.at(24.0 * px, 24.0 * py);
        let one = self.coarse.at(19.0 * sx + jitter, 19.0 * sy - jitter).abs();
        let two = self
            .coarse
            .at(33.0 * sx + 7.0, 33.0 * sy - 3.0 + jitter)
            .abs();
        let web = 1.0 - (one * 1.5 + two * 1.0).min(1.25);
        let outside_macula =
            smooth(0.18, 0.62, from_fovea) * (0.25 + 0.75 * smooth(0.12, 0.36, from_disc));
        let patches = self.warp.layered(1.6 * x - 9.0, 1.6 * y + 5.0, 4);
        let tessellation = look.tessellation
            * outside_macula
            * ((0.3 - web) * (0.6 + 0.9 * patches).max(0.1) + 0.5 * patches);
        let mottle = look.mottle
            * (1.3 * self.fine.layered(13.0 * px, 13.0 * py, 3)
                + 1.6 * patches * outside_macula.max(0.3));
        tessellation + mottle
    }

    /// Optical density of the macula: a dark core in a wide, weak halo.
    fn macula(&self, from_fovea: f32) -> f32 {
        let (depth, width) = self.look.macula;
        depth * (0.95 * gauss(from_fovea, width) + 0.42 * gauss(from_fovea, 2.7 * width))
    }

    /// Silvery sheen of the nerve fibres: strongest along the arcades, striped along the fibres.
    fn sheen(&self, x: f32, y: f32, ex: f32, ey: f32, from_disc: f32, from_fovea: f32) -> f32 {
        if self.look.sheen <= 0.0 || from_disc < 0.05 {
            return 0.0;
        }
        let upright = ey.abs() / from_disc;
        let temporal = (0.5 - 0.5 * ex / from_disc).clamp(0.0, 1.0);
        let arcade = smooth(0.45, 0.92, upright) * (0.45 + 0.55 * temporal);
        let fall = smooth(0.22, 0.42, from_disc) * (1.0 - smooth(0.55, 1.15, from_disc));
        // Fibres arch around the fovea: lines of constant height divided by the square root of the distance from the
        // disc.
        let line = ey / (from_disc + 0.12).sqrt();
        let stripes = self.fine.at(
            46.0 * line,
            2.2 * from_disc + if ey > 0.0 { 50.0 } else { 0.0 },
        );
        let patch = self.warp.layered(3.0 * x + 70.0, 3.0 * y, 2);
        let glints = smooth(0.25, 0.75, patch)
            * smooth(0.3, 0.5, from_fovea)
            * (1.0 - smooth(0.75, 1.1, from_fovea));
        self.look.sheen
            * (arcade * fall * (0.75 + 0.35 * stripes + 0.4 * patch).max(0.0)
                + 0.5 * glints * (0.6 + 0.5 * stripes))
    }

    /// The foveal reflex (a sign): a bright pit and half a ring around it, all inside [`REFLEX_RADIUS`].
    fn reflex_at_fovea(&self, x: f32, y: f32, from_fovea: f32, colour: &mut [f32; 3]) {
        let t = from_fovea / REFLEX_RADIUS as f32;
        if t >= 1.0 {
            return;
        }
        let edge = (1.0 - t * t) * (1.0 - t * t);
        let pit = gauss(from_fovea, 0.021);
        let around =
            gauss(from_fovea - 0.043, 0.012) * (0.5 + 0.5 * (0.4 * x - y) / (from_fovea + 0.01));
        let light = self.reflex * edge * (pit + 0.45 * around);
        for c in 0..3 {
            let white = [1.0, 0.80, 0.62][c];
            colour[c] += light * (white - colour[c]).max(0.0);
        }
    }

    /// Blends the disc and its cup over the fundus; returns the share of the pixel that the disc covers.
    fn disc(&self, ex: f32, ey: f32, from_disc: f32, colour: &mut [f32; 3]) -> f32 {
        let a = &self.anatomy;
        if from_disc > 0.30 {
            return 0.0;
        }
        let look = &self.look;
        let (c, s) = (
            libm::cosf(a.disc_tilt as f32),
            libm::sinf(a.disc_tilt as f32),
        );
        let (dx, dy) = (c * ex + s * ey, c * ey - s * ex);
        let (hw, hh) = (a.disc_half.0 as f32, a.disc_half.1 as f32);
        let angle = libm::atan2f(dy / hh, dx / hw);
        let wave = 1.0 + a.rim_wave.0 as f32 * libm::sinf(3.0 * angle + a.rim_wave.1 as f32);
        let t = ((dx / hw) * (dx / hw) + (dy / hh) * (dy / hh)).sqrt() / wave;
        let size = (hw * hh).sqrt();
        let soft = 0.10 + (look.blur + 0.55 / self.pixels_per_unit) / size;

        // Pigment or sclera shows as a crescent at the temporal edge of some discs.
        if look.crescent > 0.0 {
            let side = smooth(0.35, 0.95, -ex / (from_disc + 1e-6));
            let band = gauss(t - 1.07, 0.05) * side * look.crescent;
            for c in 0..3 {
                colour[c] *= 1.0 - band * [0.55, 0.6, 0.55][c];
            }
        }
        let cover = 1.0 - smooth(1.0 - soft, 1.0 + soft, t);
        if cover <= 0.0 {
            return 0.0;
        }
        let grain = 0.05 * self.fine.layered(38.0 * ex, 38.0 * ey, 2);
        // The temporal rim is paler than the nasal rim.
        let pale =
            (0.35 + 0.55 * look.disc_pale - 0.34 * dx / hw - 0.30 * t * t).clamp(0.0, 1.2) + grain;
        let (cx, cy) = (
            ex - (a.cup.x - a.disc.x) as f32,
            ey - (a.cup.y - a.disc.y) as f32,
        );
        let ratio = a.cup_ratio as f32;
        let in_cup = ((cx / hw) * (cx / hw) + (cy / hh) * (cy / hh)).sqrt() / ratio;
        let cup = (1.0 - smooth(0.55, 1.35, in_cup)) * (0.75 + 0.25 * look.disc_pale);
        let luminous = 0.36 * look.tint[0] + 0.70;
        let warm = [
            1.0,
            0.52 + 0.24 * look.tint[1] / 0.28,
            0.30 + 1.15 * look.tint[2],
        ];
        for c in 0..3 {
            let rim = luminous * warm[c] * [1.0, 0.76, 0.68][c];
            let bright = luminous * [1.10, 1.04, 0.54 + 1.6 * look.tint[2]][c];
            let tissue = rim + (bright - rim) * (0.55 * pale + 0.75 * cup).clamp(0.0, 1.0);
            // The outermost edge keeps some of the colour beneath.
            colour[c] += cover * 0.97 * (tissue - colour[c]);
        }
        cover
    }
}

/// The ring of the peripapillary sign: 1 up to [`RING_INNER`], 0 from [`RING_OUTER`].
fn ring(from_disc: f32) -> f32 {
    let t = 1.0 - smooth(RING_INNER as f32, RING_OUTER as f32, from_disc);
    if from_disc < RING_OUTER as f32 {
        t
    } else {
        0.0
    }
}
