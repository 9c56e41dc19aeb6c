//! Paints an eye row by row: every pixel from its place, so that any picture size needs only a few rows of memory.

use super::anatomy::{Anatomy, Frame, Point, REFLEX_RADIUS, RING_INNER, RING_OUTER};
use super::camera::Look;
use super::person::Eye;
use super::signs::Sign;
use super::texture::Field;
use super::vessels::{Kind, Segment, grow};

/// Optical density of pigment, arterial and venous blood and macular pigment at full depth in red, green and blue.
const PIGMENT: [f32; 3] = [0.62, 1.0, 0.85];
const ARTERY: [f32; 3] = [0.10, 0.54, 0.26];
const VEIN: [f32; 3] = [0.29, 0.80, 0.38];
const MACULA: [f32; 3] = [0.46, 1.0, 0.80];
/// Colour of the veil of haze relative to the tint, and of the sheen of nerve fibres.
const SHEEN: [f32; 3] = [0.42, 0.60, 0.55];

/// Paints the rows of one eye's picture.
pub(super) struct Painter {
    frame: Frame,
    anatomy: Anatomy,
    look: Look,
    ring_density: f32,
    reflex: f32,
    pieces: Vec<Piece>,
    /// Pieces that may touch each band of [`BAND`] rows.
    bands: Vec<Vec<u32>>,
    coarse: Field,
    fine: Field,
    warp: Field,
    grain: Field,
}

const BAND: u32 = 16;

/// A vessel segment in pixels.
struct Piece {
    kind: Kind,
    x: f32,
    y: f32,
    dx: f32,
    dy: f32,
    inverse_length_squared: f32,
    half_width: (f32, f32),
    reach: f32,
}

/// The light of one pixel before the camera.
struct Spot {
    colour: [f32; 3],
}

impl Painter {
    pub fn new(eye: &Eye, width: u32, height: u32) -> Self {
        let anatomy = Anatomy::of(eye);
        let frame = Frame::of(eye, &anatomy, width, height);
        let look = Look::of(eye);
        let blur = look.blur * frame.pixels_per_unit() as f32 + 0.55;
        let pieces: Vec<Piece> = grow(eye, &anatomy).iter().map(|s| piece(s, &frame, blur)).collect();
        let mut bands = vec![Vec::new(); height.div_ceil(BAND) as usize];
        for (number, piece) in pieces.iter().enumerate() {
            let top = piece.y.min(piece.y + piece.dy) - piece.reach;
            let bottom = piece.y.max(piece.y + piece.dy) + piece.reach;
            if bottom < 0.0 || top >= height as f32 {
                continue;
            }
            let first = top.max(0.0) as u32 / BAND;
            let last = (bottom as u32 / BAND).min(height.div_ceil(BAND) - 1);
            for band in first..=last {
                bands[band as usize].push(number as u32);
            }
        }
        let field = |k: u64| Field::new(look.texture_seed.wrapping_add(k.wrapping_mul(0x9e37_79b9)));
        Self {
            frame,
            anatomy,
            look,
            ring_density: eye.latents.effect(Sign::PeripapillaryDarkness) as f32,
            reflex: eye.latents.effect(Sign::FovealReflex) as f32,
            pieces,
            bands,
            coarse: field(1),
            fine: field(2),
            warp: field(3),
            grain: field(4),
        }
    }

    pub fn anatomy(&self) -> &Anatomy {
        &self.anatomy
    }

    pub fn frame(&self) -> &Frame {
        &self.frame
    }

    /// Paints row `y` into `row`, three bytes (sRGB red, green, blue) per pixel.
    pub fn row(&self, y: u32, scratch: &mut RowScratch, row: &mut [u8]) {
        let width = self.frame.width as usize;
        scratch.artery.clear();
        scratch.artery.resize(width, 0.0);
        scratch.vein.clear();
        scratch.vein.resize(width, 0.0);
        scratch.shine.clear();
        scratch.shine.resize(width, 0.0);
        let blur = self.look.blur * self.frame.pixels_per_unit() as f32 + 0.55;
        for &number in self.bands.get((y / BAND) as usize).map_or(&[][..], Vec::as_slice) {
            self.pieces[number as usize].cover(y as f32 + 0.5, blur, scratch);
        }
        for (x, pixel) in row.chunks_exact_mut(3).enumerate() {
            self.pixel(x as u32, y, scratch, pixel);
        }
    }

    fn pixel(&self, x: u32, y: u32, scratch: &RowScratch, out: &mut [u8]) {
        let place = Point::new(f64::from(x) + 0.5, f64::from(y) + 0.5);
        let u = ((place.x - self.frame.centre.x) / self.frame.radius) as f32;
        let v = ((place.y - self.frame.centre.y) / self.frame.radius) as f32;
        let lit = self.lit(u, v);
        let mut colour = [0.006; 3];
        if lit > 0.0 {
            let at = self.frame.eye_from_image(place);
            let spot = self.fundus(at.x as f32, at.y as f32, x as usize, scratch);
            let seen = self.through_camera(spot.colour, u, v);
            for c in 0..3 {
                colour[c] += lit * (seen[c] - colour[c]);
            }
        }
        let noise = self.look.noise * (0.15 + 0.85 * lit);
        let common = self.grain.grain(x, y, 3);
        for c in 0..3 {
            // The red channel is brightest and relatively cleanest; blue is noisiest.
            let own = self.grain.grain(x, y, c as u32);
            let value = colour[c] + noise * (0.7 * common + [0.5, 0.55, 0.7][c] * own) * (0.35 + colour[c]);
            out[c] = (soft_limit(value) * 255.0 + 0.5) as u8;
        }
    }

    /// 1 inside the lit circle and its tab, 0 outside, soft at the rim.
    fn lit(&self, u: f32, v: f32) -> f32 {
        let soft = (1.2 / self.frame.radius as f32).max(0.004);
        let r = (u * u + v * v).sqrt();
        let mut lit = ((1.0 - r) / soft + 0.5).clamp(0.0, 1.0);
        if let Some(tab) = self.frame.tab {
            let (c, s) = (libm::cos(tab.direction) as f32, libm::sin(tab.direction) as f32);
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

    /// The fundus at (x, y) in eye units, vessels included.
    fn fundus(&self, x: f32, y: f32, column: usize, scratch: &RowScratch) -> Spot {
        let look = &self.look;
        let a = &self.anatomy;
        let from_fovea = (x * x + y * y).sqrt();
        let (ex, ey) = (x - a.disc.x as f32, y - a.disc.y as f32);
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

        let (artery, vein, shine) = (scratch.artery[column], scratch.vein[column], scratch.shine[column]);
        if artery > 0.0 || vein > 0.0 {
            // Inside the disc blood lies before white tissue and is seen in thinner layers.
            let depth = look.vessel_depth * (1.0 - 0.25 * disc);
            for c in 0..3 {
                let blood = (ARTERY[c] * artery).max(0.0) + VEIN[c] * vein * (1.0 - 0.6 * artery);
                colour[c] *= libm::expf(-blood * depth * (1.0 + disc * [0.0, 0.5, 1.5][c]));
                colour[c] += shine * look.artery_reflex * [0.10, 0.105, 0.08][c];
            }
        }
        Spot { colour }
    }

    /// Optical density of melanin: tessellation of the choroid and mottle.
    fn pigment(&self, x: f32, y: f32, from_fovea: f32, from_disc: f32) -> f32 {
        let look = &self.look;
        let wx = self.warp.layered(2.1 * x, 2.1 * y, 2);
        let wy = self.warp.layered(2.1 * x + 40.0, 2.1 * y + 11.0, 2);
        let (px, py) = (x + 0.07 * wx, y + 0.07 * wy);
        // Choroidal vessels fan out from behind the posterior pole: stretch the pattern along the ray.
        let far = (from_fovea * 1.3).min(1.0);
        let ray = if from_fovea > 1e-6 { (x / from_fovea, y / from_fovea) } else { (1.0, 0.0) };
        let along = px * ray.0 + py * ray.1;
        let (sx, sy) = (px - 0.45 * far * along * ray.0, py - 0.45 * far * along * ray.1);
        let jitter = 0.35 * self.fine.at(24.0 * px, 24.0 * py);
        let one = self.coarse.at(19.0 * sx + jitter, 19.0 * sy - jitter).abs();
        let two = self.coarse.at(33.0 * sx + 7.0, 33.0 * sy - 3.0 + jitter).abs();
        let web = 1.0 - (one * 1.5 + two * 1.0).min(1.25);
        let outside_macula = smooth(0.18, 0.62, from_fovea) * (0.25 + 0.75 * smooth(0.12, 0.36, from_disc));
        let patches = self.warp.layered(1.6 * x - 9.0, 1.6 * y + 5.0, 4);
        let tessellation = look.tessellation * outside_macula * ((0.3 - web) * (0.6 + 0.9 * patches).max(0.1) + 0.5 * patches);
        let mottle = look.mottle * (1.3 * self.fine.layered(13.0 * px, 13.0 * py, 3) + 1.6 * patches * outside_macula.max(0.3));
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
        // Fibres arch round the fovea: lines of constant height over the square root of the distance from the disc.
        let line = ey / (from_disc + 0.12).sqrt();
        let stripes = self.fine.at(46.0 * line, 2.2 * from_disc + if ey > 0.0 { 50.0 } else { 0.0 });
        let patch = self.warp.layered(3.0 * x + 70.0, 3.0 * y, 2);
        let glints = smooth(0.25, 0.75, patch) * smooth(0.3, 0.5, from_fovea) * (1.0 - smooth(0.75, 1.1, from_fovea));
        self.look.sheen * (arcade * fall * (0.75 + 0.35 * stripes + 0.4 * patch).max(0.0) + 0.5 * glints * (0.6 + 0.5 * stripes))
    }

    /// The foveal reflex (a sign): a bright pit, half a ring around it, all inside [`REFLEX_RADIUS`].
    fn reflex_at_fovea(&self, x: f32, y: f32, from_fovea: f32, colour: &mut [f32; 3]) {
        let t = from_fovea / REFLEX_RADIUS as f32;
        if t >= 1.0 {
            return;
        }
        let edge = (1.0 - t * t) * (1.0 - t * t);
        let pit = gauss(from_fovea, 0.021);
        let around = gauss(from_fovea - 0.043, 0.012) * (0.5 + 0.5 * (0.4 * x - y) / (from_fovea + 0.01));
        let light = self.reflex * edge * (pit + 0.45 * around);
        for c in 0..3 {
            let white = [1.0, 0.80, 0.62][c];
            colour[c] += light * (white - colour[c]).max(0.0);
        }
    }

    /// Blends the disc and its cup over the fundus; returns how much of the pixel it covers.
    fn disc(&self, ex: f32, ey: f32, from_disc: f32, colour: &mut [f32; 3]) -> f32 {
        let a = &self.anatomy;
        if from_disc > 0.30 {
            return 0.0;
        }
        let look = &self.look;
        let (c, s) = (libm::cosf(a.disc_tilt as f32), libm::sinf(a.disc_tilt as f32));
        let (dx, dy) = (c * ex + s * ey, c * ey - s * ex);
        let (hw, hh) = (a.disc_half.0 as f32, a.disc_half.1 as f32);
        let angle = libm::atan2f(dy / hh, dx / hw);
        let wave = 1.0 + a.rim_wave.0 as f32 * libm::sinf(3.0 * angle + a.rim_wave.1 as f32);
        let t = ((dx / hw) * (dx / hw) + (dy / hh) * (dy / hh)).sqrt() / wave;
        let size = (hw * hh).sqrt();
        let soft = 0.10 + (look.blur + 0.55 / self.frame.pixels_per_unit() as f32) / size;

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
        let pale = (0.35 + 0.55 * look.disc_pale - 0.34 * dx / hw - 0.30 * t * t).clamp(0.0, 1.2) + grain;
        let (cx, cy) = (ex - (a.cup.x - a.disc.x) as f32, ey - (a.cup.y - a.disc.y) as f32);
        let ratio = a.cup_ratio as f32;
        let in_cup = ((cx / hw) * (cx / hw) + (cy / hh) * (cy / hh)).sqrt() / ratio;
        let cup = (1.0 - smooth(0.55, 1.35, in_cup)) * (0.75 + 0.25 * look.disc_pale);
        let luminous = 0.36 * look.tint[0] + 0.70;
        let warm = [1.0, 0.52 + 0.24 * look.tint[1] / 0.28, 0.30 + 1.15 * look.tint[2]];
        for c in 0..3 {
            let rim = luminous * warm[c] * [1.0, 0.76, 0.68][c];
            let bright = luminous * [1.10, 1.04, 0.54 + 1.6 * look.tint[2]][c];
            let tissue = rim + (bright - rim) * (0.55 * pale + 0.75 * cup).clamp(0.0, 1.0);
            // The very edge keeps some of the colour beneath.
            colour[c] += cover * 0.97 * (tissue - colour[c]);
        }
        cover
    }

    /// Light, haze and flare of the camera at (u, v) in field radii.
    fn through_camera(&self, mut colour: [f32; 3], u: f32, v: f32) -> [f32; 3] {
        let look = &self.look;
        let r2 = u * u + v * v;
        let uneven = 0.13 * self.warp.layered(0.9 * u + 90.0, 0.9 * v - 33.0, 3);
        let light = (1.0 + look.slope.0 * u + look.slope.1 * v + uneven) * (1.0 - look.vignette * r2 * (0.35 + 0.65 * r2));
        let towards = (u * look.flare_direction.0 + v * look.flare_direction.1).max(0.0);
        let flare = look.flare * smooth(0.72, 1.08, r2.sqrt()) * towards * towards;
        let veil = look.haze * (1.0 + 0.4 * self.warp.at(0.9 * u + 5.0, 0.9 * v + 61.0)) + flare;
        for c in 0..3 {
            let milk = [0.78, 0.58, 0.44][c] * (0.5 + 0.6 * look.tint[0]);
            // Blue light reaches the rim least.
            let shade = 1.0 - [0.0, 0.08, 0.12][c] * look.vignette * r2;
            colour[c] = colour[c] * light * shade;
            colour[c] += veil * (milk - colour[c]);
        }
        colour
    }
}

/// Buffers of one row; kept between rows.
#[derive(Default)]
pub(super) struct RowScratch {
    artery: Vec<f32>,
    vein: Vec<f32>,
    shine: Vec<f32>,
}

impl Piece {
    /// Adds this piece's cover of the row whose pixel centres lie at height `y`.
    fn cover(&self, y: f32, blur: f32, scratch: &mut RowScratch) {
        let left = self.x.min(self.x + self.dx) - self.reach;
        let right = self.x.max(self.x + self.dx) + self.reach;
        let width = scratch.artery.len();
        if right < 0.0 || left >= width as f32 {
            return;
        }
        let first = left.max(0.0) as usize;
        let last = ((right + 1.0) as usize).min(width);
        for column in first..last {
            let (px, py) = (column as f32 + 0.5 - self.x, y - self.y);
            let t = ((px * self.dx + py * self.dy) * self.inverse_length_squared).clamp(0.0, 1.0);
            let (qx, qy) = (px - t * self.dx, py - t * self.dy);
            let distance = (qx * qx + qy * qy).sqrt();
            if distance >= self.reach {
                continue;
            }
            let half = self.half_width.0 + (self.half_width.1 - self.half_width.0) * t;
            let body = blurred_band(distance, half, blur);
            match self.kind {
                Kind::Artery => {
                    let shine = blurred_band(distance, 0.26 * half, blur) * smooth(0.5, 2.6, half);
                    scratch.artery[column] = scratch.artery[column].max(body);
                    scratch.shine[column] = scratch.shine[column].max(shine);
                }
                Kind::Vein => scratch.vein[column] = scratch.vein[column].max(body),
            }
        }
    }
}

fn piece(segment: &Segment, frame: &Frame, blur: f32) -> Piece {
    let (from, to) = (frame.image_from_eye(segment.from), frame.image_from_eye(segment.to));
    let scale = frame.pixels_per_unit();
    let half_width = ((segment.half_width.0 * scale) as f32, (segment.half_width.1 * scale) as f32);
    let (dx, dy) = ((to.x - from.x) as f32, (to.y - from.y) as f32);
    Piece {
        kind: segment.kind,
        x: from.x as f32,
        y: from.y as f32,
        dx,
        dy,
        inverse_length_squared: 1.0 / (dx * dx + dy * dy).max(1e-6),
        half_width,
        reach: half_width.0.max(half_width.1) + blur,
    }
}

/// How much of a blurred view at `distance` from the middle of a band of the given half width the band fills.
fn blurred_band(distance: f32, half_width: f32, blur: f32) -> f32 {
    rise((distance + half_width) / blur) - rise((distance - half_width) / blur)
}

/// Smooth step from 0 at −1 to 1 at 1: the integral of a parabolic blur.
fn rise(x: f32) -> f32 {
    let x = x.clamp(-1.0, 1.0);
    0.5 + 0.75 * x - 0.25 * x * x * x
}

fn smooth(low: f32, high: f32, x: f32) -> f32 {
    let t = ((x - low) / (high - low)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

fn gauss(x: f32, sigma: f32) -> f32 {
    libm::expf(-0.5 * x * x / (sigma * sigma))
}

/// The ring of the peripapillary sign: 1 up to [`RING_INNER`], 0 from [`RING_OUTER`].
fn ring(from_disc: f32) -> f32 {
    let t = 1.0 - smooth(RING_INNER as f32, RING_OUTER as f32, from_disc);
    if from_disc < RING_OUTER as f32 { t } else { 0.0 }
}

/// Highlights bend instead of clipping: linear to 0.85, then towards 1.
fn soft_limit(value: f32) -> f32 {
    if value <= 0.85 { value.max(0.0) } else { 1.0 - 0.15 * libm::expf(-(value - 0.85) / 0.15) }
}
