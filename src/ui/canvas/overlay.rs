//! Saliency maps as textures over photographs, with contour and cell borders.
//!
//! Uses the colours of exported pictures, from [`crate::imaging::overlay`]. Opacity is a tint: moving its slider
//! uploads nothing.

use std::sync::Arc;

use egui::{
    Color32, ColorImage, Context, Painter, Pos2, Rect, Shape, Stroke, TextureFilter,
    TextureOptions, pos2,
};

use super::camera::Placed;
use super::legend::paint_outside;
use crate::imaging::colormap::Colormap;
use crate::imaging::overlay::{
    Contour, DASH, GAP, Ground, OverlayOptions, Style, contour_lines, overlay_rgba,
};
use crate::imaging::{Area, Grid};
use crate::saliency::SaliencyMap;
use crate::ui::textures::{Cache, Shared, Textures};
use crate::ui::theme;
use crate::workflow::Answer;

/// Maximum number of cells along the longer side of a drawn map; supported by every graphics card and egui's default.
const MOST_CELLS: usize = 2048;
/// Longer side of the texture of an interpolated map: on a coarse map, so many points per cell that linear sampling
/// between them shows no facets, also when zoomed.
const SMOOTH_PX: usize = 1024;

/// Smallest size of cells on the screen whose borders are drawn; borders of smaller ones would hide the map.
const FINEST_BORDERED: f32 = 4.0;

/// The maps on display, rebuilt when a map or the options change.
#[derive(Default)]
pub struct Overlays {
    textures: Textures<(Shared<Answer>, OverlayOptions)>,
    contours: Cache<(Shared<Answer>, OverlayOptions), Vec<Contour>>,
}

/// An answer whose map can be drawn.
#[derive(Clone, Copy)]
pub struct Drawn<'a> {
    pub answer: &'a Arc<Answer>,
    pub map: &'a SaliencyMap,
}

/// The map of an answer that is drawn over its photograph; `None` if there is none, or it has too many cells.
pub fn drawn(answer: &Arc<Answer>) -> Option<Drawn<'_>> {
    let map = answer.map.as_ref()?;
    let drawable = map.grid.rows().max(map.grid.columns()) <= MOST_CELLS;
    drawable.then_some(Drawn { answer, map })
}

impl Overlays {
    /// Call after the panes of a frame are painted.
    pub fn end(&mut self) {
        self.textures.end();
        self.contours.end();
    }

    /// Paints a map at its position in the photograph, also beyond the photograph's borders.
    pub fn paint(
        &mut self,
        painter: &Painter,
        placed: &Placed,
        drawn: Drawn<'_>,
        options: &OverlayOptions,
        grid_shown: bool,
    ) {
        let grid = &drawn.map.grid;
        let area = drawn.answer.geometry.crop_in_image();
        let bounds = placed.rect_ui_from_image(rect_of(&area));
        painter.image(
            self.texture(painter.ctx(), drawn, options),
            bounds,
            Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0)),
            Color32::from_white_alpha((options.opacity.clamp(0.0, 1.0) * 255.0).round() as u8),
        );
        let cell = bounds.width() / grid.columns() as f32;
        if grid_shown && cell >= FINEST_BORDERED {
            paint_borders(painter, bounds, grid);
        }
        self.paint_contour(painter, bounds, drawn, options);
        let photograph = placed.rect_ui_from_image(placed.whole_in_image());
        for strip in beyond(bounds, photograph) {
            paint_outside(painter, strip);
        }
    }

    fn texture(
        &mut self,
        ctx: &Context,
        drawn: Drawn<'_>,
        options: &OverlayOptions,
    ) -> egui::TextureId {
        // Only what the texture depends on: the opacity is a tint.
        let options = OverlayOptions {
            opacity: 1.0,
            contour: None,
            ground: Ground::default(),
            ..*options
        };
        let make = || {
            let picture = picture(&drawn.map.grid, &options);
            ctx.load_texture("saliency map", picture, sampling(options.style))
        };
        let key = (Shared::of(drawn.answer), options);
        self.textures.get(key, make).id()
    }

    fn paint_contour(
        &mut self,
        painter: &Painter,
        bounds: Rect,
        drawn: Drawn<'_>,
        options: &OverlayOptions,
    ) {
        let grid = &drawn.map.grid;
        // Only what the lines depend on.
        let options = OverlayOptions {
            opacity: 1.0,
            colormap: Colormap::default(),
            ground: Ground::default(),
            ..*options
        };
        let key = (Shared::of(drawn.answer), options);
        let contours = self.contours.get(key, || contour_lines(grid, &options));
        let (rows, columns) = (grid.rows() as f32, grid.columns() as f32);
        let ui_from_map = |&(column, row): &(f64, f64)| {
            bounds.lerp_inside(egui::vec2(column as f32 / columns, row as f32 / rows))
        };
        for stroke in [
            Stroke::new(theme::LINE_WIDTH + 1.5, theme::LINE_BACKING),
            Stroke::new(theme::LINE_WIDTH, theme::CONTOUR),
        ] {
            for line in contours {
                let points: Vec<Pos2> = line.points.iter().map(ui_from_map).collect();
                if line.negative {
                    let [dash, gap] = [DASH, GAP].map(|times| theme::LINE_WIDTH * times as f32);
                    painter.extend(Shape::dashed_line(&points, stroke, dash, gap));
                } else {
                    painter.line(points, stroke);
                }
            }
        }
    }
}

/// The parts of a map that lie beyond the photograph, on any of its four sides, if they are large enough to be seen.
fn beyond(map: Rect, photograph: Rect) -> impl Iterator<Item = Rect> {
    const LEAST: f32 = 2.0;
    let (x, y) = (map.x_range(), map.y_range());
    let strips = [
        Rect::from_x_y_ranges(x.min..=photograph.left(), y),
        Rect::from_x_y_ranges(photograph.right()..=x.max, y),
        Rect::from_x_y_ranges(x, y.min..=photograph.top()),
        Rect::from_x_y_ranges(x, photograph.bottom()..=y.max),
    ];
    let seen = |strip: &Rect| strip.width() > LEAST && strip.height() > LEAST;
    strips.into_iter().filter(seen)
}

fn rect_of(area: &Area) -> Rect {
    Rect::from_min_max(
        pos2(area.left as f32, area.top as f32),
        pos2(area.right as f32, area.bottom as f32),
    )
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
        assert_eq!(size(Style::Smooth), [7 * 146, 5 * 146]);
    }

    #[test]
    fn a_map_of_zeros_is_transparent() {
        let zeros = Grid::new(3, 3, vec![0.0; 9]).unwrap();
        let clear = picture(&zeros, &OverlayOptions::default());
        assert!(clear.pixels.iter().all(|p| p.a() == 0));
    }

    #[test]
    fn only_what_lies_beyond_the_photograph_is_marked() {
        let photograph = Rect::from_min_max(pos2(0.0, 0.0), pos2(300.0, 200.0));
        let square = Rect::from_min_max(pos2(0.0, -50.0), pos2(300.0, 250.0));
        let marked: Vec<Rect> = beyond(square, photograph).collect();
        assert_eq!(
            marked,
            [
                Rect::from_min_max(pos2(0.0, -50.0), pos2(300.0, 0.0)),
                Rect::from_min_max(pos2(0.0, 200.0), pos2(300.0, 250.0)),
            ]
        );
        assert_eq!(beyond(photograph.shrink(20.0), photograph).count(), 0);
    }
}
