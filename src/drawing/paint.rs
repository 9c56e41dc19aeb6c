//! Paints an eye row by row. Every pixel depends on its position only, so any picture size needs only a few rows of
//! memory.

use super::anatomy::{Anatomy, Frame, Point};
use super::camera::CaptureConditions;
use super::curves::smooth;
use super::person::Eye;
use super::strokes::{RowCover, Strokes};
use super::texture::Field;
use super::tissue::{Tissue, VesselCover};
use super::vessels::grow;

/// Paints the rows of one eye's picture.
pub(super) struct Painter {
    frame: Frame,
    anatomy: Anatomy,
    look: CaptureConditions,
    tissue: Tissue,
    strokes: Strokes,
    warp: Field,
    grain: Field,
}

impl Painter {
    pub fn new(eye: &Eye, width: u32, height: u32) -> Self {
        let anatomy = Anatomy::of(eye);
        let frame = Frame::of(eye, &anatomy, width, height);
        let look = CaptureConditions::of(eye);
        let scale = frame.pixels_per_unit() as f32;
        Self {
            frame,
            anatomy,
            look,
            tissue: Tissue::new(eye, anatomy, look, scale),
            strokes: Strokes::new(&grow(eye, &anatomy), &frame, look.blur * scale + 0.55),
            warp: look.field(3),
            grain: look.field(4),
        }
    }

    pub fn anatomy(&self) -> &Anatomy {
        &self.anatomy
    }

    pub fn frame(&self) -> &Frame {
        &self.frame
    }

    /// Paints row `y` into `row`, three bytes (sRGB red, green, blue) per pixel.
    pub fn row(&self, y: u32, cover: &mut RowCover, row: &mut [u8]) {
        self.strokes.cover_row(y, self.frame.width as usize, cover);
        for (x, pixel) in row.chunks_exact_mut(3).enumerate() {
            let blood = VesselCover {
                artery: cover.artery[x],
                vein: cover.vein[x],
                shine: cover.shine[x],
            };
            self.pixel(x as u32, y, blood, pixel);
        }
    }

    fn pixel(&self, x: u32, y: u32, blood: VesselCover, out: &mut [u8]) {
        let place = Point::new(f64::from(x) + 0.5, f64::from(y) + 0.5);
        let u = ((place.x - self.frame.centre.x) / self.frame.radius) as f32;
        let v = ((place.y - self.frame.centre.y) / self.frame.radius) as f32;
        let lit = self.lit(u, v);
        let mut colour = [0.006; 3];
        if lit > 0.0 {
            let at = self.frame.eye_from_image(place);
            let seen =
                self.through_camera(self.tissue.colour(at.x as f32, at.y as f32, blood), u, v);
            for c in 0..3 {
                colour[c] += lit * (seen[c] - colour[c]);
            }
        }
        let noise = self.look.noise * (0.15 + 0.85 * lit);
        let common = self.grain.grain(x, y, 3);
        for c in 0..3 {
            // The red channel is brightest and relatively least noisy; blue is noisiest.
            let own = self.grain.grain(x, y, c as u32);
            let value =
                colour[c] + noise * (0.7 * common + [0.5, 0.55, 0.7][c] * own) * (0.35 + colour[c]);
            out[c] = (soft_limit(value) * 255.0 + 0.5) as u8;
        }
    }

    /// 1 inside the lit circle and its tab, 0 outside, soft at the rim.
    fn lit(&self, u: f32, v: f32) -> f32 {
        let soft = (1.2 / self.frame.radius as f32).max(0.004);
        let r = (u * u + v * v).sqrt();
        let mut lit = ((1.0 - r) / soft + 0.5).clamp(0.0, 1.0);
        if let Some(tab) = self.frame.tab {
            let (c, s) = (
                libm::cos(tab.direction) as f32,
                libm::sin(tab.direction) as f32,
            );
            let (along, across) = (u * c + v * s, (v * c - u * s).abs());
            let (height, half) = (tab.height as f32, tab.half_width as f32);
            let inside = if tab.round {
                let d = ((along - 1.0) * (along - 1.0) + across * across).sqrt();
                (half - d) / soft + 0.5
            } else {
                ((1.0 + height - along).min(half - across)) / soft + 0.5
            };
            if along > 0.9 {
                lit = lit.max(inside.clamp(0.0, 1.0));
            }
        }
        lit
    }

    /// Light, haze and flare of the camera at (u, v) in field radii.
    fn through_camera(&self, mut colour: [f32; 3], u: f32, v: f32) -> [f32; 3] {
        let look = &self.look;
        let r2 = u * u + v * v;
        let uneven = 0.13 * self.warp.layered(0.9 * u + 90.0, 0.9 * v - 33.0, 3);
        let light = (1.0 + look.slope.0 * u + look.slope.1 * v + uneven)
            * (1.0 - look.vignette * r2 * (0.35 + 0.65 * r2));
        let towards = (u * look.flare_direction.0 + v * look.flare_direction.1).max(0.0);
        let flare = look.flare * smooth(0.72, 1.08, r2.sqrt()) * towards * towards;
        let veil = look.haze * (1.0 + 0.4 * self.warp.at(0.9 * u + 5.0, 0.9 * v + 61.0)) + flare;
        for c in 0..3 {
            let milk = [0.78, 0.58, 0.44][c] * (0.5 + 0.6 * look.tint[0]);
            // Blue light falls off most towards the rim.
            let shade = 1.0 - [0.0, 0.08, 0.12][c] * look.vignette * r2;
            colour[c] = colour[c] * light * shade;
            colour[c] += veil * (milk - colour[c]);
        }
        colour
    }
}

/// Highlights roll off instead of clipping: linear to 0.85, then towards 1.
fn soft_limit(value: f32) -> f32 {
    if value <= 0.85 {
        value.max(0.0)
    } else {
        1.0 - 0.15 * libm::expf(-(value - 0.85) / 0.15)
    }
}
