//! Disc, fovea and the borders of the regions over a photograph, and the clicks that place the marks.

use egui::{
    Align2, Color32, ColorImage, CursorIcon, FontId, Painter, Pos2, Rect, Response, Stroke,
    TextureOptions, pos2, vec2,
};

use super::camera::Placed;
use crate::app::State;
use crate::app::apply::{Action, Anatomy as Do};
use crate::app::state::{PhotoId, Photograph};
use crate::domain::{Certainty, DetectedPoint, MarkSource, Point, Region};
use crate::imaging::Anatomy;
use crate::imaging::retina::anatomy::circles;
use crate::text::window::Texts;
use crate::ui::textures::{Shared, Textures};
use crate::ui::theme;
use crate::ui::view::FrameContext;

/// Longer side of the picture of the arcades.
const ARCADES_PX: f64 = 640.0;
/// Half the length of a mark's cross, in points.
const ARM: f32 = 9.0;

/// The next click places a mark on the photograph.
pub fn click_ui(response: &Response, placed: &Placed, photo: PhotoId, view: &mut FrameContext<'_>) {
    let response = response.clone().on_hover_cursor(CursorIcon::Crosshair);
    let Some(pointer) = response
        .interact_pointer_pos()
        .filter(|_| response.clicked())
    else {
        return;
    };
    let at = placed.image_from_ui(pointer);
    if placed.whole_in_image().contains(at) {
        let point = Point {
            x: at.x.into(),
            y: at.y.into(),
        };
        view.action(Action::Anatomy(Do::Mark(photo, point)));
    }
}

/// Cached pictures of the arcades.
#[derive(Default)]
pub struct Outlines(Textures<Shared<Anatomy>>);

impl Outlines {
    /// Call after the panes of a frame are painted.
    pub fn end(&mut self) {
        self.0.end();
    }

    /// Paints the borders if they are switched on, and the marks if there are any.
    pub fn paint(
        &mut self,
        painter: &Painter,
        placed: &Placed,
        photo: &Photograph,
        state: &State,
        t: Texts,
    ) {
        let fundus = &photo.fundus;
        let cut = placed.rect_ui_from_image(placed.whole_in_image());
        let inside = painter.with_clip_rect(cut.intersect(painter.clip_rect()));
        let shown = state.anatomy.outlines_shown;
        if let Some(anatomy) = fundus.layout.as_ref().filter(|_| shown) {
            let texture = self.0.get(Shared::of(anatomy), || {
                let options = TextureOptions::LINEAR;
                painter
                    .ctx()
                    .load_texture("arcades", arcades(anatomy), options)
            });
            let whole = Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0));
            inside.image(texture.id(), cut, whole, Color32::WHITE);
            for circle in circles(&anatomy.landmarks()) {
                let centre = placed.ui_from_image(spot(circle.centre));
                let radius = circle.radius as f32 * placed.scale();
                for stroke in lines() {
                    inside.circle_stroke(centre, radius, stroke);
                }
            }
        }
        let placing = state.anatomy.placing.filter(|p| p.photo == photo.id);
        if let Some(placing) = placing {
            if let Some(disc) = placing.disc {
                paint_mark(&inside, placed, disc, t.region(Region::Disc));
            }
            prompt(painter, t.click_next(placing.disc.is_some()));
            return;
        }
        let Some((landmarks, source)) = fundus.marks else {
            return;
        };
        let proposed = source == MarkSource::Proposed;
        let found = fundus.proposal.filter(|_| proposed).unwrap_or_default();
        let named = |what: &str, found: Option<DetectedPoint>| match found {
            Some(found) => t.proposed_mark(what, Certainty::of(found.sureness)),
            None => what.to_owned(),
        };
        let disc = named(t.region(Region::Disc), found.disc);
        paint_mark(&inside, placed, landmarks.disc, &disc);
        paint_mark(
            &inside,
            placed,
            landmarks.fovea,
            &named(t.fovea(), found.fovea),
        );
    }
}

fn spot(point: Point) -> Pos2 {
    pos2(point.x as f32, point.y as f32)
}

/// Light lines on a dark backing, visible on any background.
fn lines() -> [Stroke; 2] {
    [
        Stroke::new(theme::LINE_WIDTH + 1.5, theme::LINE_BACKING),
        Stroke::new(theme::LINE_WIDTH, theme::CONTOUR),
    ]
}

/// The border of the arcades over the whole photograph.
fn arcades(anatomy: &Anatomy) -> ColorImage {
    let [width, height] = anatomy.frame();
    let step = (width.max(height) / ARCADES_PX).max(1.0);
    let size = [width, height].map(|side| (side / step).ceil() as usize);
    let is_arcade = |x: usize, y: usize| {
        let point = ((x as f64 + 0.5) * step, (y as f64 + 0.5) * step);
        anatomy.region_at(point) == Region::Arcades
    };
    let inside: Vec<bool> = (0..size[0] * size[1])
        .map(|i| is_arcade(i % size[0], i / size[0]))
        .collect();
    let pixel = |i: usize| {
        let (x, y) = (i % size[0], i / size[0]);
        let beside = [
            (x > 0).then(|| i - 1),
            (x + 1 < size[0]).then(|| i + 1),
            (y > 0).then(|| i - size[0]),
            (y + 1 < size[1]).then(|| i + size[0]),
        ];
        match inside[i] && beside.into_iter().flatten().any(|n| !inside[n]) {
            true => Color32::from_white_alpha(210),
            false => Color32::TRANSPARENT,
        }
    };
    ColorImage::new(size, (0..inside.len()).map(pixel).collect())
}

/// A cross with its name.
fn paint_mark(painter: &Painter, placed: &Placed, at: Point, name: &str) {
    let at = placed.ui_from_image(spot(at));
    for stroke in lines() {
        painter.line_segment([at - vec2(ARM, 0.0), at + vec2(ARM, 0.0)], stroke);
        painter.line_segment([at - vec2(0.0, ARM), at + vec2(0.0, ARM)], stroke);
    }
    let galley = painter.layout_no_wrap(
        name.to_owned(),
        FontId::proportional(13.0),
        theme::ON_CANVAS,
    );
    let corner = at + vec2(ARM + 3.0, 6.0);
    let backing = Rect::from_min_size(corner, galley.size()).expand2(vec2(5.0, 2.0));
    painter.rect_filled(backing, theme::CORNER, theme::CANVAS_SHADE);
    painter.galley(corner, galley, theme::ON_CANVAS);
}

/// The instruction at the bottom of the view.
fn prompt(painter: &Painter, text: &str) {
    let view = painter.clip_rect();
    let font = FontId::proportional(15.0);
    let galley = painter.layout_no_wrap(text.to_owned(), font, theme::ON_CANVAS);
    let middle = view.center_bottom() - vec2(0.0, 30.0);
    let place = Align2::CENTER_CENTER.anchor_size(middle, galley.size());
    painter.rect_filled(
        place.expand2(vec2(10.0, 6.0)),
        theme::CORNER,
        theme::CANVAS_SHADE,
    );
    painter.galley(place.min, galley, theme::ON_CANVAS);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Landmarks, Pixels};

    #[test]
    fn arcades_are_drawn_by_their_border_alone() {
        // One broad vessel across a plain background, away from disc and macula.
        let rgb = (0..300 * 300).flat_map(|i| {
            let on_vessel = (248..252).contains(&(i / 300));
            if on_vessel {
                [90, 30, 20]
            } else {
                [170, 80, 40]
            }
        });
        let pixels = Pixels::new(300, 300, rgb.collect()).unwrap();
        let landmarks = Landmarks {
            disc: Point { x: 220.0, y: 100.0 },
            fovea: Point { x: 100.0, y: 100.0 },
        };
        let anatomy = Anatomy::new(&pixels, None, landmarks).unwrap();
        let picture = arcades(&anatomy);
        assert_eq!(picture.size, [300, 300]);
        let drawn = |y: usize| picture.pixels[y * 300 + 150].a() > 0;
        let rows: Vec<usize> = (0..300).filter(|y| drawn(*y)).collect();
        assert_eq!(rows.len(), 2, "{rows:?}");
        assert!(rows[0] < 248 && rows[1] >= 252, "{rows:?}");
    }
}
