//! Saliency maps as textures over photographs, with contour and cell borders.
//!
//! Uses the colours of exported pictures, from [`crate::imaging::overlay`]. Opacity is a tint: moving its slider
//! uploads nothing.

use std::sync::Arc;

use egui::{
    Color32, ColorImage, Context, Painter, Pos2, Rect, Stroke, TextureFilter, TextureHandle,
    TextureOptions, pos2,
};

use super::camera::Placed;
use crate::imaging::Grid;
use crate::imaging::overlay::{OverlayOptions, Style, contour_lines, overlay_rgba};
use crate::ui::textures::{Cache, Shared};
use crate::ui::theme;
use crate::workflow::Answer;

/// Maximum number of cells along the longer side of a drawn map; supported by every graphics card and egui's default.
const MOST_CELLS: usize = 2048;
/// Longer side of the texture of an interpolated map.
const SMOOTH_PX: usize = 512;

/// Smallest size of cells on the screen whose borders are drawn; borders of smaller ones would hide the map.
const FINEST_BORDERED: f32 = 4.0;

/// The maps on display, rebuilt when a map or the options change.
#[derive(Default)]
pub struct Overlays(Cache<(Shared<Answer>, OverlayOptions), Shown>);

struct Shown {
    texture: TextureHandle,
    /// Segments in map coordinates.
    contour: Vec<[(f64, f64); 2]>,
}

impl Overlays {
    /// Call after the panes of a frame are painted.
    pub fn end(&mut self) {
        self.0.end();
    }

    /// Paints the map of `answer` at its position in the photograph, clipped to the photograph.
    pub fn paint(
        &mut self,
        painter: &Painter,
        placed: &Placed,
        answer: &Arc<Answer>,
        options: &OverlayOptions,
        grid_shown: bool,
    ) {
        let Some(grid) = answer
            .map
            .as_ref()
            .map(|map| &map.grid)
            .filter(|grid| is_drawable(grid))
        else {
            return;
        };
        let shown = self.shown(painter.ctx(), answer, grid, options);
        let area = answer.geometry.crop_in_image();
        let bounds = Rect::from_min_max(
            pos2(area.left as f32, area.top as f32),
            pos2(area.right as f32, area.bottom as f32),
        );
        let in_photograph = placed.rect_ui_from_image(placed.whole_in_image());
        let painter = painter.with_clip_rect(in_photograph.intersect(painter.clip_rect()));
        let bounds = placed.rect_ui_from_image(bounds);
        painter.image(
            shown.texture.id(),
            bounds,
            Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0)),
            Color32::from_white_alpha((options.opacity.clamp(0.0, 1.0) * 255.0).round() as u8),
        );
        let (rows, columns) = (grid.rows() as f32, grid.columns() as f32);
        let ui_from_map = |(column, row): (f64, f64)| {
            bounds.lerp_inside(egui::vec2(column as f32 / columns, row as f32 / rows))
        };
        let cell = bounds.width() / columns;
        if grid_shown && cell >= FINEST_BORDERED {
            paint_borders(&painter, bounds, grid);
        }
        for [from, to] in &shown.contour {
            let ends = [ui_from_map(*from), ui_from_map(*to)];
            painter.line_segment(
                ends,
                Stroke::new(theme::LINE_WIDTH + 1.5, theme::LINE_BACKING),
            );
        }
        for [from, to] in &shown.contour {
            let ends = [ui_from_map(*from), ui_from_map(*to)];
            painter.line_segment(ends, Stroke::new(theme::LINE_WIDTH, theme::CONTOUR));
        }
    }

    fn shown(
        &mut self,
        ctx: &Context,
        answer: &Arc<Answer>,
        grid: &Grid,
        options: &OverlayOptions,
    ) -> &Shown {
        // Opacity is not part of the texture.
        let options = OverlayOptions {
            opacity: 1.0,
            ..*options
        };
        self.0.get((Shared::of(answer), options), || Shown {
            texture: ctx.load_texture(
                "saliency map",
                picture(grid, &options),
                sampling(options.style),
            ),
            contour: contour_lines(grid, &options),
        })
    }
}

/// Thin lines between the map's cells.
fn paint_borders(painter: &Painter, bounds: Rect, grid: &Grid) {
    let stroke = Stroke::new(1.0, theme::CELL_BORDER);
    let place = |i: usize, of: usize| i as f32 / of as f32;
    for column in 0..=grid.columns() {
        let x = egui::lerp(bounds.x_range(), place(column, grid.columns()));
        painter.vline(x, bounds.y_range(), stroke);
    }
    for row in 0..=grid.rows() {
        let y = egui::lerp(bounds.y_range(), place(row, grid.rows()));
        painter.hline(bounds.x_range(), y, stroke);
    }
}

fn is_drawable(grid: &Grid) -> bool {
    grid.rows().max(grid.columns()) <= MOST_CELLS
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
