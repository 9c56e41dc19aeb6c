//! A cache of data derived from shared pictures and answers, mostly textures, kept while it is in view.

use std::cmp::Reverse;
use std::sync::Arc;

use egui::{ColorImage, Context, TextureHandle, TextureOptions};

use crate::domain::Pixels;

/// Textures by what they show.
pub type Textures<K, const KEPT: usize = 0> = Cache<K, TextureHandle, KEPT>;

/// Values by their inputs. At the end of a frame, values used in it stay, plus others up to `KEPT` in all, most
/// recently used first.
pub struct Cache<K, V, const KEPT: usize = 0> {
    entries: Vec<Entry<K, V>>,
    frame: u64,
}

struct Entry<K, V> {
    key: K,
    value: V,
    last_frame: u64,
}

impl<K, V, const KEPT: usize> Default for Cache<K, V, KEPT> {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
            frame: 0,
        }
    }
}

impl<K: PartialEq, V, const KEPT: usize> Cache<K, V, KEPT> {
    /// The value of a key, computed if missing.
    pub fn get(&mut self, key: K, make: impl FnOnce() -> V) -> &V {
        let known = self.entries.iter().position(|e| e.key == key);
        let at = known.unwrap_or_else(|| {
            self.entries.push(Entry {
                key,
                value: make(),
                last_frame: self.frame,
            });
            self.entries.len() - 1
        });
        let entry = &mut self.entries[at];
        entry.last_frame = self.frame;
        &entry.value
    }

    /// Call after everything in a frame is drawn.
    pub fn end(&mut self) {
        if self.entries.len() > KEPT {
            self.entries.sort_by_key(|e| Reverse(e.last_frame));
            let seen = self.entries.partition_point(|e| e.last_frame == self.frame);
            self.entries.truncate(seen.max(KEPT));
        }
        self.frame += 1;
    }
}

/// A shared value compared by address, not by equality. It is held, so that its address cannot be reused during
/// comparisons.
pub struct Shared<T>(Arc<T>);

impl<T> Shared<T> {
    pub fn of(value: &Arc<T>) -> Self {
        Self(Arc::clone(value))
    }
}

impl<T> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// A picture in egui's format.
pub fn image_of(pixels: &Pixels) -> ColorImage {
    let size = [pixels.width as usize, pixels.height as usize];
    ColorImage::from_rgb(size, &pixels.rgb)
}

/// The texture of a whole picture, filtered linearly.
pub fn texture_of(ctx: &Context, name: &str, pixels: &Pixels) -> TextureHandle {
    ctx.load_texture(name, image_of(pixels), TextureOptions::LINEAR)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The keys in the cache after frames that used these.
    fn known<const KEPT: usize>(frames: &[&[u32]]) -> Vec<u32> {
        let mut cache: Cache<u32, (), KEPT> = Cache::default();
        for frame in frames {
            for key in *frame {
                cache.get(*key, || ());
            }
            cache.end();
        }
        let mut keys: Vec<u32> = cache.entries.iter().map(|e| e.key).collect();
        keys.sort_unstable();
        keys
    }

    #[test]
    fn what_was_seen_stays_and_the_longest_unseen_goes_first() {
        assert_eq!(known::<0>(&[&[1, 2], &[2, 3]]), [2, 3]);
        assert_eq!(known::<2>(&[&[1], &[2], &[3]]), [2, 3]);
        assert_eq!(known::<2>(&[&[1], &[2], &[1], &[3]]), [1, 3]);
        assert_eq!(known::<1>(&[&[1, 2, 3]]), [1, 2, 3]);
        assert_eq!(known::<1>(&[&[1], &[], &[]]), [1]);
    }

    #[test]
    fn a_value_is_made_once_for_each_shared_value_and_not_for_its_equal() {
        let mut cache: Cache<Shared<u32>, usize> = Cache::default();
        let (one, equal) = (Arc::new(7), Arc::new(7));
        let mut made = 0;
        for of in [&one, &one, &equal, &one] {
            cache.get(Shared::of(of), || {
                made += 1;
                made
            });
        }
        assert_eq!(made, 2);
    }
}
