//! Textures of photographs: tiles cut from a pyramid's levels, uploaded when they come into view, a few per frame.
//!
//! No texture is larger than [`TILE_PX`], so that no graphics card is asked for more than it can hold, and a photograph
//! of any size can be drawn. The coarsest level is uploaded first and lies beneath the others: there is no black hole.

use std::collections::HashMap;

use egui::{
    Color32, ColorImage, Context, Painter, Pos2, Rect, TextureFilter, TextureHandle,
    TextureOptions, pos2,
};

use super::camera::Camera;
use crate::app::state::Opened;
use crate::clinic::Pixels;

/// Side of a tile; below what every graphics card and the default of egui allow.
pub const TILE_PX: u32 = 1024;
/// Tiles uploaded in one frame; the rest follow in the next.
const UPLOADS_PER_FRAME: usize = 3;
/// Bytes of textures that are kept when they are out of view.
const KEPT_BYTES: usize = 256 << 20;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    /// Digest of the file: the same photograph has the same tiles.
    sha256: String,
    level: usize,
    column: u32,
    row: u32,
}

struct Tile {
    texture: TextureHandle,
    last_frame: u64,
}

/// The uploaded tiles of all photographs.
#[derive(Default)]
pub struct Tiles {
    tiles: HashMap<Key, Tile>,
    frame: u64,
}

impl Tiles {
    /// Paints the photograph as far as it lies in `view`; asks for another frame while tiles are missing.
    pub fn paint(&mut self, painter: &Painter, view: Rect, camera: &Camera, photo: &Opened) {
        self.frame += 1;
        let scale_in_px = camera.scale() * painter.pixels_per_point();
        let finest = photo.pyramid.level_for(scale_in_px);
        let coarsest = photo.pyramid.levels().len() - 1;
        let mut uploads_left = UPLOADS_PER_FRAME;
        for level in [coarsest, finest] {
            self.paint_level(painter, view, camera, photo, level, &mut uploads_left);
            if finest == coarsest {
                break;
            }
        }
        if uploads_left == 0 {
            painter.ctx().request_repaint();
        }
        self.forget_unseen();
    }

    fn paint_level(
        &mut self,
        painter: &Painter,
        view: Rect,
        camera: &Camera,
        photo: &Opened,
        level: usize,
        uploads_left: &mut usize,
    ) {
        let full = &photo.pyramid.levels()[0];
        let pixels = &photo.pyramid.levels()[level];
        let texel = (1_u64 << level) as f32;
        for (column, row) in visible(pixels, texel, camera, view) {
            let (x, y) = (column * TILE_PX, row * TILE_PX);
            let (width, height) = (
                TILE_PX.min(pixels.width - x),
                TILE_PX.min(pixels.height - y),
            );
            let key = Key {
                sha256: photo.image.sha256.clone(),
                level,
                column,
                row,
            };
            if !self.tiles.contains_key(&key) {
                if *uploads_left == 0 {
                    continue;
                }
                *uploads_left -= 1;
                let texture = upload(painter.ctx(), pixels, (x, y), (width, height), level);
                self.tiles.insert(
                    key.clone(),
                    Tile {
                        texture,
                        last_frame: 0,
                    },
                );
            }
            let Some(tile) = self.tiles.get_mut(&key) else {
                continue;
            };
            tile.last_frame = self.frame;
            // The last texel of an odd level reaches beyond the photograph: it is cut there.
            let from = pos2(x as f32 * texel, y as f32 * texel);
            let to = pos2(
                ((x + width) as f32 * texel).min(full.width as f32),
                ((y + height) as f32 * texel).min(full.height as f32),
            );
            let uv = pos2(
                (to.x - from.x) / texel / width as f32,
                (to.y - from.y) / texel / height as f32,
            );
            painter.image(
                tile.texture.id(),
                camera.rect_ui_from_image(view, Rect::from_min_max(from, to)),
                Rect::from_min_max(Pos2::ZERO, uv),
                Color32::WHITE,
            );
        }
    }

    /// Frees tiles that were not painted in this frame, the longest unseen first, until the rest fits.
    fn forget_unseen(&mut self) {
        let bytes = |tile: &Tile| tile.texture.byte_size();
        let mut kept: usize = self
            .tiles
            .values()
            .filter(|t| t.last_frame < self.frame)
            .map(bytes)
            .sum();
        while kept > KEPT_BYTES {
            let oldest = self
                .tiles
                .iter()
                .filter(|(_, tile)| tile.last_frame < self.frame)
                .min_by_key(|(_, tile)| tile.last_frame)
                .map(|(key, _)| key.clone());
            let Some(tile) = oldest.and_then(|key| self.tiles.remove(&key)) else {
                return;
            };
            kept -= bytes(&tile);
        }
    }
}

/// Columns and rows of the tiles that meet the view.
fn visible(pixels: &Pixels, texel: f32, camera: &Camera, view: Rect) -> Vec<(u32, u32)> {
    let seen = Rect::from_min_max(
        camera.image_from_ui(view, view.min),
        camera.image_from_ui(view, view.max),
    );
    let side = TILE_PX as f32 * texel;
    // Casts saturate: what lies left of or above the photograph is tile 0.
    let range = |from: f32, to: f32, length: u32| {
        let last = length.div_ceil(TILE_PX).saturating_sub(1);
        ((from / side).floor() as u32).min(last)..=((to / side).floor() as u32).min(last)
    };
    let columns = range(seen.min.x, seen.max.x, pixels.width);
    let rows = range(seen.min.y, seen.max.y, pixels.height);
    rows.flat_map(|row| columns.clone().map(move |column| (column, row)))
        .collect()
}

fn upload(
    ctx: &Context,
    from: &Pixels,
    (x, y): (u32, u32),
    (width, height): (u32, u32),
    level: usize,
) -> TextureHandle {
    let mut rgb = Vec::with_capacity(width as usize * height as usize * 3);
    for row in y..y + height {
        let start = (row as usize * from.width as usize + x as usize) * 3;
        rgb.extend_from_slice(&from.rgb[start..start + width as usize * 3]);
    }
    let image = ColorImage::from_rgb([width as usize, height as usize], &rgb);
    let options = TextureOptions {
        // Magnified beyond its own pixels a photograph shows them as they are.
        magnification: if level == 0 {
            TextureFilter::Nearest
        } else {
            TextureFilter::Linear
        },
        minification: TextureFilter::Linear,
        ..TextureOptions::LINEAR
    };
    ctx.load_texture("photograph", image, options)
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::vec2;

    fn seen(size: (u32, u32), scale: f32, at: Pos2) -> Vec<(u32, u32)> {
        let view = Rect::from_min_size(Pos2::ZERO, vec2(800.0, 600.0));
        let image = vec2(size.0 as f32, size.1 as f32);
        let mut camera = Camera::default();
        camera.settle(view, image);
        camera.scale_about(view, image, view.center(), scale);
        let centre = camera.ui_from_image(view, at);
        camera.pan(view.center() - centre);
        let pixels = Pixels {
            width: size.0,
            height: size.1,
            rgb: vec![],
        };
        visible(&pixels, 1.0, &camera, view)
    }

    #[test]
    fn only_tiles_in_view_are_taken() {
        assert_eq!(
            seen((12000, 9000), 1.0, pos2(5000.0, 500.0)),
            [(4, 0), (5, 0)]
        );
        assert_eq!(
            seen((12000, 9000), 20.0, pos2(11_990.0, 8_990.0)),
            [(11, 8)]
        );
        assert_eq!(seen((300, 200), 1.0, pos2(150.0, 100.0)), [(0, 0)]);
    }

    #[test]
    fn no_tile_lies_outside_the_photograph() {
        for (column, row) in seen((1025, 2048), 0.3, pos2(512.0, 1024.0)) {
            assert!(column * TILE_PX < 1025 && row * TILE_PX < 2048);
        }
    }
}
