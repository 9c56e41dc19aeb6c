//! The look of a picture apart from the anatomy: colour, light, blur, haze, noise. None of it depends on the label.

use super::person::Eye;
use super::texture::Field;
use crate::numeric::random::Xoshiro256;

const PURPOSE_CAMERA: u64 = 301;
const PURPOSE_LOOK: u64 = 302;

/// Typical colours (red, green, blue; 0–1) of the mid periphery: pink, orange-red, brown, tawny, red.
const TINTS: [[f64; 3]; 6] = [
    [0.86, 0.33, 0.24],
    [0.84, 0.28, 0.17],
    [0.66, 0.25, 0.06],
    [0.72, 0.33, 0.12],
    [0.78, 0.25, 0.12],
    [0.69, 0.34, 0.21],
];

/// The appearance of one picture.
#[derive(Debug, Clone, Copy)]
pub(super) struct CaptureConditions {
    /// Colour of the fundus in even light, 0–1.
    pub tint: [f32; 3],
    /// Half width of the blur in eye units.
    pub blur: f32,
    /// Fall-off of light towards the rim, 0–1.
    pub vignette: f32,
    /// Uneven light: gradient per field radius along x and y.
    pub slope: (f32, f32),
    /// Milky veil over the whole picture, 0–1.
    pub haze: f32,
    /// Bright crescent at the rim: strength and direction (unit vector).
    pub flare: f32,
    pub flare_direction: (f32, f32),
    /// Standard deviation of the sensor noise, 0–1.
    pub noise: f32,
    /// Depth of the choroidal pattern (tessellation), optical density.
    pub tessellation: f32,
    /// Depth of the fine pigment mottle, optical density.
    pub mottle: f32,
    /// Strength of the sheen of the nerve-fibre layer, 0–1.
    pub sheen: f32,
    /// Depth and width (eye units) of the macular darkness.
    pub macula: (f32, f32),
    /// Paleness of the disc, 0–1, and strength of a pigment crescent at its temporal edge.
    pub disc_pale: f32,
    pub crescent: f32,
    /// Strength of the central reflex of arteries, 0–1.
    pub artery_reflex: f32,
    /// Strength of all vessels, about 1.
    pub vessel_depth: f32,
    /// Seed of the textures.
    pub texture_seed: u64,
}

impl CaptureConditions {
    pub fn of(eye: &Eye) -> Self {
        let mut camera = Xoshiro256::stream(eye.person_seed, 0, PURPOSE_CAMERA);
        let mut own = Xoshiro256::stream(eye.eye_seed, 0, PURPOSE_LOOK);
        let old = (f64::from(eye.age_years) - 20.0) / 65.0;
        let (a, b) = (pick(&mut camera), pick(&mut camera));
        let share = camera.unit();
        let gain = camera.between(0.94, 1.14) * own.between(0.97, 1.03);
        let tint = std::array::from_fn(|c| {
            let colour = TINTS[a][c] + (TINTS[b][c] - TINTS[a][c]) * share;
            (colour * gain * camera.between(0.95, 1.05)) as f32
        });
        let pigmented = camera.unit();
        let direction = own.between(0.0, std::f64::consts::TAU);
        let tilt = own.between(0.0, std::f64::consts::TAU);
        let tilt_strength = own.between(0.0, 0.13);
        let haze = 0.10 * old * own.unit() + own.between(0.0, 0.05);
        Self {
            tint,
            blur: (0.0022 + 0.0035 * own.unit() + 0.0035 * old * own.unit()) as f32,
            vignette: camera.between(0.05, 0.32) as f32,
            slope: (
                (tilt_strength * libm::cos(tilt)) as f32,
                (tilt_strength * libm::sin(tilt)) as f32,
            ),
            haze: haze as f32,
            flare: if own.chance(0.3) {
                own.between(0.03, 0.16) as f32
            } else {
                0.0
            },
            flare_direction: (libm::cos(direction) as f32, libm::sin(direction) as f32),
            noise: camera.between(0.006, 0.018) as f32,
            tessellation: (0.50 * pigmented * pigmented + 0.10 * old + 0.05) as f32,
            mottle: own.between(0.03, 0.075) as f32,
            sheen: ((0.16 * (1.0 - old) + 0.02) * own.between(0.3, 1.0)) as f32,
            macula: (
                own.between(0.40, 0.62) as f32,
                own.between(0.075, 0.10) as f32,
            ),
            disc_pale: (own.between(0.0, 0.5) + 0.35 * old) as f32,
            crescent: if own.chance(0.3) {
                own.between(0.15, 0.5) as f32
            } else {
                0.0
            },
            artery_reflex: own.between(0.25, 0.6) as f32,
            vessel_depth: camera.between(0.85, 1.12) as f32,
            texture_seed: own.bits(),
        }
    }

    /// Random field number `k` of this picture.
    pub fn field(&self, k: u64) -> Field {
        Field::new(self.texture_seed.wrapping_add(k.wrapping_mul(0x9e37_79b9)))
    }
}

fn pick(random: &mut Xoshiro256) -> usize {
    ((random.unit() * TINTS.len() as f64) as usize).min(TINTS.len() - 1)
}
