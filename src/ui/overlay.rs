//! The saliency map as a texture over the photograph.
//!
//! The same colours as in an exported picture, made by [`crate::imaging::overlay`]. Opacity is a tint: moving its
//! slider uploads nothing.

use std::sync::Arc;

use egui::{
    Color32, ColorImage, Context, Painter, Pos2, Rect, TextureFilter, TextureHandle,
    TextureOptions, pos2,
};

use super::camera::Camera;
use super::tiles::TILE_PX;
use crate::app::verbs::Answer;
use crate::imaging::Grid;
use crate::imaging::overlay::{OverlayOptions, Style, overlay_rgba};

/// Longer side of the texture of an interpolated map.
const SMOOTH_PX: usize = 512;

/// The texture of the map that is shown, made anew when map or options change.
#[derive(Default)]
pub struct OverlayTexture {
    shown: Option<Shown>,
}

struct Shown {
    /// Held, so that its address cannot be given to another answer while it is compared.
    answer: Arc<Answer>,
    options: OverlayOptions,
    texture: TextureHandle,
}

impl OverlayTexture {
    /// Paints the map of `answer` where it lies in the photograph, cut to the photograph (`whole_in_image`).
    pub fn paint(
        &mut self,
        painter: &Painter,
        view: Rect,
        camera: &Camera,
        whole_in_image: Rect,
        answer: &Arc<Answer>,
        options: &OverlayOptions,
    ) {
        let Some(grid) = answer
            .map
            .as_ref()
            .map(|map| &map.grid)
            .filter(|grid| is_drawable(grid))
        else {
            return;
        };
        let texture = self.texture(painter.ctx(), answer, grid, options);
        let area = answer.geometry.crop_in_image();
        let bounds = Rect::from_min_max(
            pos2(area.left as f32, area.top as f32),
            pos2(area.right as f32, area.bottom as f32),
        );
        let clip = camera
            .rect_ui_from_image(view, whole_in_image)
            .intersect(painter.clip_rect());
        painter.with_clip_rect(clip).image(
            texture.id(),
            camera.rect_ui_from_image(view, bounds),
            Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0)),
            Color32::from_white_alpha((options.opacity.clamp(0.0, 1.0) * 255.0).round() as u8),
        );
    }

    fn texture(
        &mut self,
        ctx: &Context,
        answer: &Arc<Answer>,
        grid: &Grid,
        options: &OverlayOptions,
    ) -> &TextureHandle {
        // Opacity is not in the texture.
        let options = OverlayOptions {
            opacity: 1.0,
            ..*options
        };
        if !self
            .shown
            .as_ref()
            .is_some_and(|s| Arc::ptr_eq(&s.answer, answer) && s.options == options)
        {
            self.shown = None;
        }
        let shown = self.shown.get_or_insert_with(|| Shown {
            answer: Arc::clone(answer),
            options,
            texture: ctx.load_texture(
                "saliency map",
                picture(grid, &options),
                sampling(options.style),
            ),
        });
        &shown.texture
    }
}

fn is_drawable(grid: &Grid) -> bool {
    grid.rows().max(grid.columns()) <= TILE_PX as usize
}

fn sampling(style: Style) -> TextureOptions {
    TextureOptions {
        magnification: match style {
            Style::Smooth => TextureFilter::Linear,
            Style::Cells => TextureFilter::Nearest,
        },
        ..TextureOptions::LINEAR
    }
}

/// The coloured map: one pixel per cell, or interpolated between the cells' centres.
fn picture(grid: &Grid, options: &OverlayOptions) -> ColorImage {
    let times = match options.style {
        Style::Cells => 1,
        Style::Smooth => (SMOOTH_PX / grid.rows().max(grid.columns())).max(1),
    };
    let rgba = overlay_rgba(grid, options, grid.columns() * times, grid.rows() * times);
    ColorImage::from_rgba_unmultiplied([rgba.width, rgba.height], &rgba.rgba)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_have_one_pixel_each_and_smooth_maps_many() {
        let grid = Grid::new(5, 7, vec![0.5; 35]).unwrap();
        let size = |style| {
            let options = OverlayOptions {
                style,
                ..OverlayOptions::default()
            };
            picture(&grid, &options).size
        };
        assert_eq!(size(Style::Cells), [7, 5]);
        assert_eq!(size(Style::Smooth), [7 * 73, 5 * 73]);
    }

    #[test]
    fn a_map_of_zeros_or_of_too_many_cells_does_no_harm() {
        let zeros = Grid::new(3, 3, vec![0.0; 9]).unwrap();
        let clear = picture(&zeros, &OverlayOptions::default());
        assert!(clear.pixels.iter().all(|p| p.a() == 0));
        assert!(!is_drawable(&Grid::new(1, 4096, vec![0.0; 4096]).unwrap()));
    }
}
