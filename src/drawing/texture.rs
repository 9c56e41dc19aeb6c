//! Smooth random fields (value noise) for pigment, haze and grain.

use crate::numeric::random::mix;

/// A random field over the plane: the same seed gives the same field at any picture size.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    seed: u64,
}

impl Field {
    pub fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// One octave at (x, y), in [-1, 1]; features are about one unit wide.
    pub fn at(self, x: f32, y: f32) -> f32 {
        let (x0, y0) = (x.floor(), y.floor());
        let (fx, fy) = (fade(x - x0), fade(y - y0));
        let (ix, iy) = (x0 as i32, y0 as i32);
        let top = lerp(
            self.lattice(ix, iy),
            self.lattice(ix.wrapping_add(1), iy),
            fx,
        );
        let low_y = iy.wrapping_add(1);
        let bottom = lerp(
            self.lattice(ix, low_y),
            self.lattice(ix.wrapping_add(1), low_y),
            fx,
        );
        lerp(top, bottom, fy)
    }

    /// Several octaves, each half as strong and twice as fine as the one before; about [-1, 1].
    pub fn layered(self, x: f32, y: f32, octaves: u32) -> f32 {
        let (mut sum, mut strength, mut scale, mut total) = (0.0, 1.0, 1.0, 0.0);
        for octave in 0..octaves {
            // The offset keeps the octaves' lattices from coinciding at the origin.
            let shift = 17.31 * octave as f32;
            sum += strength * self.at(x * scale + shift, y * scale - shift);
            total += strength;
            strength *= 0.5;
            scale *= 2.03;
        }
        if total > 0.0 { sum / total } else { 0.0 }
    }

    /// White noise of one pixel: roughly normal with unit variance (sum of four uniform bytes).
    pub fn grain(self, x: u32, y: u32, channel: u32) -> f32 {
        let bits =
            mix(self.seed ^ mix(u64::from(x) << 34 ^ u64::from(y) << 4 ^ u64::from(channel)));
        let sum: u32 = (0..4).map(|k| (bits >> (16 * k)) as u32 & 0xffff).sum();
        (sum as f32 / 65_535.0 - 2.0) * 1.732
    }

    fn lattice(self, x: i32, y: i32) -> f32 {
        let mut h = (x as u32).wrapping_mul(0x85eb_ca6b)
            ^ (y as u32).wrapping_mul(0xc2b2_ae35)
            ^ (self.seed as u32);
        h ^= h >> 15;
        h = h.wrapping_mul(0x2c1b_3c6d);
        h ^= h >> 12;
        h = h.wrapping_mul(0x297a_2d39);
        h ^= h >> 15;
        h as f32 / (u32::MAX as f32 * 0.5) - 1.0
    }
}

fn fade(t: f32) -> f32 {
    t * t * t * (t * (t * 6.0 - 15.0) + 10.0)
}

fn lerp(a: f32, b: f32, t: f32) -> f32 {
    a + (b - a) * t
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stays_in_range_and_is_continuous() {
        let field = Field::new(7);
        for step in 0..2_000 {
            let x = step as f32 * 0.037 - 30.0;
            let here = field.at(x, 1.7 * x);
            assert!((-1.0..=1.0).contains(&here));
            assert!((field.at(x + 1e-3, 1.7 * x) - here).abs() < 0.01);
        }
    }

    #[test]
    fn grain_has_unit_variance() {
        let field = Field::new(3);
        let values: Vec<f32> = (0..10_000)
            .map(|i| field.grain(i % 100, i / 100, 1))
            .collect();
        let variance = values.iter().map(|v| v * v).sum::<f32>() / values.len() as f32;
        assert!((variance - 1.0).abs() < 0.05, "{variance}");
    }
}
