//! An image pyramid, so that any zoom draws about as many texels as there are screen pixels.
//!
//! Level 0 is the photograph itself and shares its memory; every further level averages the previous one to half its
//! size, odd sides rounded up, until both sides are at most [`SMALLEST_SIDE`]. Built while a photograph is opened, never on
//! the UI thread.

use std::sync::Arc;

use crate::domain::Pixels;
use crate::imaging::{shrink, thumbnail};

/// Levels stop when both sides are at most this long.
pub const SMALLEST_SIDE: u32 = 512;

/// Longer side of a thumbnail in pixels: twice its size on a screen with scale 1.
pub const THUMBNAIL_PX: u32 = 112;

/// The levels of one photograph, largest first; at least one.
#[derive(Clone, Debug)]
pub struct Pyramid {
    levels: Vec<Arc<Pixels>>,
}

impl Pyramid {
    /// Builds the levels; costs about as much time as reading the photograph's pixels once.
    pub fn of(photograph: &Arc<Pixels>) -> Self {
        let mut levels = vec![Arc::clone(photograph)];
        while let Some(last) = levels
            .last()
            .filter(|p| p.width.max(p.height) > SMALLEST_SIDE)
        {
            let (width, height) = (last.width.div_ceil(2), last.height.div_ceil(2));
            let half = shrink(last, width, height);
            levels.push(Arc::new(half));
        }
        Self { levels }
    }

    pub fn levels(&self) -> &[Arc<Pixels>] {
        &self.levels
    }

    /// The level to draw at `scale` screen pixels per image pixel: the coarsest that is not magnified, else level 0. It
    /// is shrunk by less than half, so that linear filtering does not alias.
    pub fn level_for(&self, scale: f32) -> usize {
        let mut level = 0;
        let mut scale = scale;
        while scale <= 0.5 && level + 1 < self.levels.len() {
            scale *= 2.0;
            level += 1;
        }
        level
    }

    /// A small picture for the list, computed from the last level.
    pub fn thumbnail(&self, longest: u32) -> Pixels {
        thumbnail(self.levels.last().unwrap_or(&self.levels[0]), longest)
    }

    /// Bytes of all levels together, level 0 included.
    pub fn bytes(&self) -> usize {
        self.levels.iter().map(|p| p.rgb.len()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ramp(width: u32, height: u32) -> Arc<Pixels> {
        let rgb = (0..width * height)
            .flat_map(|i| [(i % 251) as u8, (i % 13) as u8, 200])
            .collect();
        Arc::new(Pixels::new(width, height, rgb).unwrap())
    }

    #[test]
    fn levels_halve_until_they_are_small() {
        let pyramid = Pyramid::of(&ramp(2049, 700));
        let sizes: Vec<_> = pyramid
            .levels()
            .iter()
            .map(|p| (p.width, p.height))
            .collect();
        assert_eq!(sizes, [(2049, 700), (1025, 350), (513, 175), (257, 88)]);
        for level in pyramid.levels() {
            assert_eq!(level.rgb.len(), (level.width * level.height * 3) as usize);
            assert_eq!(level.rgb[2], 200);
        }
    }

    #[test]
    fn a_small_photograph_has_one_level_that_shares_its_memory() {
        let pixels = ramp(3, 1);
        let pyramid = Pyramid::of(&pixels);
        assert_eq!(pyramid.levels().len(), 1);
        assert!(Arc::ptr_eq(&pyramid.levels()[0], &pixels));
        assert_eq!(pyramid.bytes(), 9);
    }

    #[test]
    fn a_level_is_never_shrunk_by_half_or_more() {
        let pyramid = Pyramid::of(&ramp(4096, 16));
        assert_eq!(pyramid.levels().len(), 4);
        for (scale, level) in [
            (8.0, 0),
            (1.0, 0),
            (0.51, 0),
            (0.5, 1),
            (0.26, 1),
            (0.25, 2),
            (0.01, 3),
        ] {
            assert_eq!(pyramid.level_for(scale), level, "at {scale}");
        }
    }
}
