//! Small pictures on the graphics card: those of rows on the screen and of some that were.

use std::collections::HashMap;
use std::sync::Arc;

use egui::{ColorImage, Context, TextureHandle, TextureOptions};

use crate::app::State;
use crate::app::state::PhotoId;
use crate::domain::Pixels;

/// Textures that are kept when they are out of view.
const KEPT: usize = 256;

/// A texture with the pixels it was made of.
struct Small {
    of: Arc<Pixels>,
    texture: TextureHandle,
    last_frame: u64,
}

#[derive(Default)]
pub struct Thumbnails {
    small: HashMap<PhotoId, Small>,
    frame: u64,
}

impl Thumbnails {
    pub fn texture(&mut self, ctx: &Context, id: PhotoId, pixels: &Arc<Pixels>) -> TextureHandle {
        let frame = self.frame;
        if let Some(small) = self.small.get_mut(&id)
            && Arc::ptr_eq(&small.of, pixels)
        {
            small.last_frame = frame;
            return small.texture.clone();
        }
        let size = [pixels.width as usize, pixels.height as usize];
        let image = ColorImage::from_rgb(size, &pixels.rgb);
        let texture = ctx.load_texture("thumbnail", image, TextureOptions::LINEAR);
        let small = Small {
            of: Arc::clone(pixels),
            texture: texture.clone(),
            last_frame: frame,
        };
        self.small.insert(id, small);
        texture
    }

    /// To be called after the rows of a frame: frees what left the list, and the longest unseen beyond a number.
    pub fn end(&mut self, state: &State) {
        self.frame += 1;
        if self.small.len() <= KEPT {
            return;
        }
        self.small.retain(|id, _| state.photograph(*id).is_some());
        let mut seen: Vec<u64> = self.small.values().map(|s| s.last_frame).collect();
        seen.sort_unstable_by(|a, b| b.cmp(a));
        if let Some(&oldest) = seen.get(KEPT) {
            self.small.retain(|_, s| s.last_frame > oldest);
        }
    }
}
