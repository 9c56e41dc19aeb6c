//! Textures of photographs: tiles cut from the levels of a pyramid, uploaded when they come into view, for a few
//! milliseconds per frame.
//!
//! No texture is larger than [`TILE_PX`], so that every graphics card can hold it and photographs of any size can be
//! drawn. The coarsest level is uploaded first and drawn beneath the others, so that there are no black gaps.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use egui::{
    Color32, ColorImage, Context, Painter, Pos2, Rect, Shape, TextureFilter, TextureHandle,
    TextureOptions, pos2,
};

use super::camera::Placed;
use crate::app::state::{Display, Opened};
use crate::domain::Pixels;
use crate::imaging::red_free::grey_of;

/// Side of a tile: below the limit of every graphics card and of egui's default, and small enough that one is uploaded
/// within a few milliseconds even by software rendering.
pub const TILE_PX: u32 = 512;
/// Time for preparing tiles in one frame; uploading them takes about as long again. The rest follow in the next frames.
const TIME_PER_FRAME: Duration = Duration::from_millis(4);
/// Bytes of textures that are kept while out of view.
const KEPT_BYTES: usize = 256 << 20;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    /// Digest of the file: identical photographs share tiles.
    sha256: String,
    level: usize,
    column: u32,
    row: u32,
    /// One photograph can be in view with a map, on grey, and without.
    red_free: bool,
}

struct Tile {
    texture: TextureHandle,
    /// The display adjustments at upload; a stale tile is painted until it is replaced.
    display: Display,
    last_frame: u64,
}

/// The uploaded tiles of all photographs.
#[derive(Default)]
pub struct Tiles {
    tiles: HashMap<Key, Tile>,
    frame: u64,
    /// When the first tile of this frame was started.
    uploading_since: Option<Instant>,
    /// A tile has to wait for the next frame.
    some_wait: bool,
}

impl Tiles {
    /// Call before the panes of a frame are painted.
    pub fn begin(&mut self) {
        self.frame += 1;
        self.uploading_since = None;
        self.some_wait = false;
    }

    /// Call after the panes are painted: requests another frame while tiles are missing, and frees tiles that are out
    /// of view.
    pub fn end(&mut self, ctx: &Context) {
        if self.some_wait {
            ctx.request_repaint();
        }
        self.forget_unseen();
    }

    /// Paints the part of the photograph that is in the pane.
    pub fn paint(&mut self, painter: &Painter, placed: &Placed, photo: &Opened, display: Display) {
        let scale_in_px = placed.scale() * painter.pixels_per_point();
        let finest = photo.pyramid.level_for(scale_in_px);
        let coarsest = photo.pyramid.levels().len() - 1;
        let below = painter.add(Shape::Noop);
        let base = self.level(painter.ctx(), placed, photo, coarsest, display);
        if finest == coarsest {
            painter.extend(base.shapes);
            return;
        }
        let detail = self.level(painter.ctx(), placed, photo, finest, display);
        // If nothing is missing, the level beneath would be invisible.
        if detail.some_missing {
            painter.set(below, base.shapes);
        }
        painter.extend(detail.shapes);
    }

    /// The tiles of a level that are in the pane.
    fn level(
        &mut self,
        ctx: &Context,
        placed: &Placed,
        photo: &Opened,
        level: usize,
        display: Display,
    ) -> Level {
        let full = &photo.pyramid.levels()[0];
        let pixels = &photo.pyramid.levels()[level];
        let texel = (1_u64 << level) as f32;
        let mut drawn = Level::default();
        for (column, row) in visible(pixels, texel, placed) {
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
                red_free: display.red_free,
            };
            let part = Part {
                x,
                y,
                width,
                height,
            };
            self.make_ready(ctx, &key, pixels, part, display);
            let Some(tile) = self.tiles.get_mut(&key) else {
                drawn.some_missing = true;
                continue;
            };
            tile.last_frame = self.frame;
            // The last texel of an odd level extends beyond the photograph and is clipped there.
            let from = pos2(x as f32 * texel, y as f32 * texel);
            let to = pos2(
                ((x + width) as f32 * texel).min(full.width as f32),
                ((y + height) as f32 * texel).min(full.height as f32),
            );
            let uv = pos2(
                (to.x - from.x) / texel / width as f32,
                (to.y - from.y) / texel / height as f32,
            );
            drawn.shapes.push(Shape::image(
                tile.texture.id(),
                placed.rect_ui_from_image(Rect::from_min_max(from, to)),
                Rect::from_min_max(Pos2::ZERO, uv),
                Color32::WHITE,
            ));
        }
        drawn
    }

    /// Uploads a missing or stale tile if there is time for it in this frame.
    fn make_ready(
        &mut self,
        ctx: &Context,
        key: &Key,
        pixels: &Pixels,
        part: Part,
        display: Display,
    ) {
        let known = self.tiles.get_mut(key);
        let fresh = known.as_ref().is_some_and(|tile| tile.display == display);
        if fresh {
            return;
        }
        // At least one tile, however slow the machine.
        let since = *self.uploading_since.get_or_insert_with(Instant::now);
        if since.elapsed() > TIME_PER_FRAME {
            self.some_wait = true;
            return;
        }
        let image = picture(pixels, part, display);
        let options = sampling(key.level);
        match known {
            Some(tile) => {
                tile.texture.set(image, options);
                tile.display = display;
            }
            None => {
                let tile = Tile {
                    texture: ctx.load_texture("photograph", image, options),
                    display,
                    last_frame: 0,
                };
                self.tiles.insert(key.clone(), tile);
            }
        }
    }

    /// Frees tiles that were not painted in this frame, least recently seen first, until the rest fits.
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

/// The drawn part of a level.
#[derive(Default)]
struct Level {
    shapes: Vec<Shape>,
    some_missing: bool,
}

/// A rectangle of a level, in its pixels.
#[derive(Clone, Copy)]
struct Part {
    x: u32,
    y: u32,
    width: u32,
    height: u32,
}

/// Columns and rows of the tiles that intersect the view.
fn visible(pixels: &Pixels, texel: f32, placed: &Placed) -> Vec<(u32, u32)> {
    let seen = Rect::from_min_max(
        placed.image_from_ui(placed.view.min),
        placed.image_from_ui(placed.view.max),
    );
    let side = TILE_PX as f32 * texel;
    // Casts saturate: anything left of or above the photograph is tile 0.
    let range = |from: f32, to: f32, length: u32| {
        let last = length.div_ceil(TILE_PX).saturating_sub(1);
        ((from / side).floor() as u32).min(last)..=((to / side).floor() as u32).min(last)
    };
    let columns = range(seen.min.x, seen.max.x, pixels.width);
    let rows = range(seen.min.y, seen.max.y, pixels.height);
    rows.flat_map(|row| columns.clone().map(move |column| (column, row)))
        .collect()
}

/// The pixels of a tile with display adjustments applied.
fn picture(from: &Pixels, part: Part, display: Display) -> ColorImage {
    let rows = (part.y..part.y + part.height).map(|row| {
        let start = (row as usize * from.width as usize + part.x as usize) * 3;
        &from.rgb[start..start + part.width as usize * 3]
    });
    let pixels = rows.flat_map(|row| row.as_chunks::<3>().0.iter().copied());
    let size = [part.width as usize, part.height as usize];
    if display.is_plain() {
        let plain = pixels.map(|[r, g, b]| Color32::from_rgb(r, g, b));
        return ColorImage::new(size, plain.collect());
    }
    let table = display.table();
    let shown = pixels.map(|rgb| {
        let shown = |v: u8| table[usize::from(v)];
        if display.red_free {
            Color32::from_gray(shown(grey_of(rgb)))
        } else {
            let [r, g, b] = rgb.map(shown);
            Color32::from_rgb(r, g, b)
        }
    });
    ColorImage::new(size, shown.collect())
}

fn sampling(level: usize) -> TextureOptions {
    TextureOptions {
        // A photograph magnified beyond its pixels shows them unfiltered.
        magnification: if level == 0 {
            TextureFilter::Nearest
        } else {
            TextureFilter::Linear
        },
        minification: TextureFilter::Linear,
        ..TextureOptions::LINEAR
    }
}

#[cfg(test)]
mod tests {
    use super::super::camera::Camera;
    use super::*;
    use egui::vec2;

    fn seen(size: (u32, u32), scale: f32, at: Pos2) -> Vec<(u32, u32)> {
        let view = Rect::from_min_size(Pos2::ZERO, vec2(800.0, 600.0));
        let image = vec2(size.0 as f32, size.1 as f32);
        let mut camera = Camera::default();
        camera.show_actual_size(&camera.placed(view, image), 1.0 / scale);
        let placed = camera.placed(view, image);
        camera.pan(&placed, view.center() - placed.ui_from_image(at));
        let pixels = Pixels {
            width: size.0,
            height: size.1,
            rgb: vec![],
        };
        visible(&pixels, 1.0, &camera.placed(view, image))
    }

    #[test]
    fn only_tiles_in_view_are_taken() {
        assert_eq!(
            seen((12000, 9000), 1.0, pos2(5000.0, 500.0)),
            [(8, 0), (9, 0), (10, 0), (8, 1), (9, 1), (10, 1)]
        );
        assert_eq!(
            seen((12000, 9000), 20.0, pos2(11_990.0, 8_990.0)),
            [(23, 17)]
        );
        assert_eq!(seen((300, 200), 1.0, pos2(150.0, 100.0)), [(0, 0)]);
    }

    #[test]
    fn no_tile_lies_outside_the_photograph() {
        for (column, row) in seen((1025, 2048), 0.3, pos2(512.0, 1024.0)) {
            assert!(column * TILE_PX < 1025 && row * TILE_PX < 2048);
        }
    }

    #[test]
    fn a_tile_holds_its_part_as_it_is_displayed() {
        let pixels = Pixels::new(3, 2, (0..18).map(|v| v * 10).collect()).unwrap();
        let part = Part {
            x: 1,
            y: 1,
            width: 2,
            height: 1,
        };
        let plain = picture(&pixels, part, Display::default());
        assert_eq!(plain.pixels[0], Color32::from_rgb(120, 130, 140));
        let red_free = Display {
            red_free: true,
            ..Display::default()
        };
        assert_eq!(
            picture(&pixels, part, red_free).pixels[1],
            Color32::from_gray(160)
        );
    }
}
