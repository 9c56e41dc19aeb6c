//! The camera shared by all panes, also for photographs of different sizes: it stores the position as a fraction of the
//! photograph and the zoom relative to the fitted size, so that panes stay linked and browsing keeps zoom and position.

use egui::{MouseWheelUnit, Pos2, Rect, Vec2, pos2};

/// Zoom of one notch of the wheel, and of one press of a zoom key.
pub const STEP: f32 = 1.2;

/// Points of a touchpad that count as one notch.
const POINTS: f32 = 40.0;

/// The notches that a wheel reports in one event.
pub fn notches(unit: MouseWheelUnit, delta: f32) -> f32 {
    match unit {
        MouseWheelUnit::Line | MouseWheelUnit::Page => delta,
        MouseWheelUnit::Point => delta / POINTS,
    }
}

/// The zoom of one frame. However many notches arrive at once, it zooms by one of them, so that the photograph never
/// jumps; `pinch` is the factor of a pinch, which follows the fingers.
pub fn zoom_of(notches: f32, pinch: f32) -> f32 {
    pinch * STEP.powf(notches.clamp(-1.0, 1.0))
}

/// Largest magnification, in screen points per pixel of the photograph.
const MAX_SCALE: f32 = 40.0;
/// Smallest size of the photograph as a fraction of its fitted size.
const MIN_OF_FIT: f32 = 0.5;
/// Margin around a fitted photograph as a fraction of the view.
const FIT_MARGIN: f32 = 0.02;

/// How large the photograph is shown.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Zoom {
    /// Fitted to the view, whatever the window's size.
    Fit,
    /// This many screen points per pixel of the photograph, whatever its size.
    Scale(f32),
    /// This multiple of the fitted size.
    OfFit(f32),
}

/// The camera of all panes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Camera {
    /// The centre of the view, 0–1 across and down the photograph.
    centre: Pos2,
    zoom: Zoom,
}

impl Default for Camera {
    fn default() -> Self {
        Self {
            centre: pos2(0.5, 0.5),
            zoom: Zoom::Fit,
        }
    }
}

/// One photograph in one pane, as seen by the camera.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placed {
    pub view: Rect,
    /// Size of the photograph in pixels.
    pub image: Vec2,
    /// Size that is fitted to the view, in pixels of the photograph: the photograph, or more about its centre.
    room: Vec2,
    centre_in_image: Pos2,
    scale: f32,
}

impl Placed {
    /// Screen points per pixel of the photograph.
    pub fn scale(&self) -> f32 {
        self.scale
    }

    pub fn ui_from_image(&self, point_in_image: Pos2) -> Pos2 {
        self.view.center() + (point_in_image - self.centre_in_image) * self.scale
    }

    pub fn image_from_ui(&self, point_in_ui: Pos2) -> Pos2 {
        self.centre_in_image + (point_in_ui - self.view.center()) / self.scale
    }

    /// Converts a rectangle of the photograph to screen coordinates.
    pub fn rect_ui_from_image(&self, rect_in_image: Rect) -> Rect {
        Rect::from_min_max(
            self.ui_from_image(rect_in_image.min),
            self.ui_from_image(rect_in_image.max),
        )
    }

    /// The rectangle of the whole photograph, in its pixels.
    pub fn whole_in_image(&self) -> Rect {
        Rect::from_min_size(Pos2::ZERO, self.image)
    }
}

impl Camera {
    /// Shows the whole photograph, also after the window is resized.
    pub fn fit(&mut self) {
        *self = Self::default();
    }

    /// The placement of a photograph of this size in this view.
    #[cfg(test)]
    pub fn placed(&self, view: Rect, image: Vec2) -> Placed {
        self.placed_in(view, image, image)
    }

    /// The placement of a photograph of this size in this view, fitting `room` about its centre: a map can lie partly
    /// beyond the photograph.
    pub fn placed_in(&self, view: Rect, image: Vec2, room: Vec2) -> Placed {
        let fitted = fitted_scale(view, room);
        let scale = match self.zoom {
            Zoom::Fit => fitted,
            Zoom::Scale(scale) => scale,
            Zoom::OfFit(times) => fitted * times,
        };
        Placed {
            view,
            image,
            room,
            centre_in_image: pos2(self.centre.x * image.x, self.centre.y * image.y),
            scale: scale.clamp(fitted * MIN_OF_FIT, MAX_SCALE.max(fitted * MIN_OF_FIT)),
        }
    }

    /// Zooms so that the point under `anchor_in_ui` stays there.
    pub fn zoom_about(&mut self, placed: &Placed, anchor_in_ui: Pos2, factor: f32) {
        let fitted = fitted_scale(placed.view, placed.room);
        self.set(
            placed,
            anchor_in_ui,
            Zoom::OfFit(placed.scale * factor / fitted),
        );
    }

    /// Shows one pixel of the photograph on one screen pixel, also for the following photographs.
    pub fn show_actual_size(&mut self, placed: &Placed, pixels_per_point: f32) {
        self.set(
            placed,
            placed.view.center(),
            Zoom::Scale(1.0 / pixels_per_point),
        );
    }

    fn set(&mut self, placed: &Placed, anchor_in_ui: Pos2, zoom: Zoom) {
        let sound = match zoom {
            Zoom::Fit => true,
            Zoom::Scale(value) | Zoom::OfFit(value) => value.is_finite() && value > 0.0,
        };
        if !sound {
            return;
        }
        let under = placed.image_from_ui(anchor_in_ui);
        self.zoom = zoom;
        let scale = self.placed_in(placed.view, placed.image, placed.room).scale;
        if let Zoom::OfFit(_) = zoom {
            // Zooming past a limit has no effect that zooming back would have to undo first.
            self.zoom = Zoom::OfFit(scale / fitted_scale(placed.view, placed.room));
        }
        self.look_at(
            placed.image,
            under - (anchor_in_ui - placed.view.center()) / scale,
        );
    }

    /// Moves the photograph by a screen distance.
    pub fn pan(&mut self, placed: &Placed, distance_in_ui: Vec2) {
        if distance_in_ui == Vec2::ZERO {
            return;
        }
        if self.zoom == Zoom::Fit {
            self.zoom = Zoom::OfFit(1.0);
        }
        self.look_at(
            placed.image,
            placed.centre_in_image - distance_in_ui / placed.scale,
        );
    }

    /// Keeps the centre of the view on the photograph, so that it cannot be lost.
    fn look_at(&mut self, image: Vec2, point_in_image: Pos2) {
        self.centre = pos2(
            (point_in_image.x / image.x.max(1.0)).clamp(0.0, 1.0),
            (point_in_image.y / image.y.max(1.0)).clamp(0.0, 1.0),
        );
    }
}

fn fitted_scale(view: Rect, image: Vec2) -> f32 {
    let free = view.size() * (1.0 - 2.0 * FIT_MARGIN);
    (free.x / image.x.max(1.0))
        .min(free.y / image.y.max(1.0))
        .clamp(1e-4, MAX_SCALE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::vec2;
    use proptest::prelude::*;

    const VIEW: Rect = Rect::from_min_max(pos2(200.0, 40.0), pos2(1000.0, 840.0));
    const IMAGE: Vec2 = vec2(4000.0, 3000.0);

    #[test]
    fn a_fitted_photograph_is_centred_and_wholly_visible_in_any_view() {
        let camera = Camera::default();
        let smaller = Rect::from_min_max(pos2(0.0, 0.0), pos2(300.0, 200.0));
        for view in [VIEW, smaller] {
            let placed = camera.placed(view, IMAGE);
            let rect = placed.rect_ui_from_image(placed.whole_in_image());
            assert!(view.contains_rect(rect));
            assert!((rect.center() - view.center()).length() < 1e-3);
        }
    }

    #[test]
    fn a_map_that_reaches_beyond_the_photograph_is_wholly_visible() {
        // A square about a photograph of 4 : 3.
        let room = vec2(IMAGE.x, IMAGE.x);
        let view = Rect::from_min_max(pos2(0.0, 0.0), pos2(300.0, 200.0));
        let mut camera = Camera::default();
        let placed = camera.placed_in(view, IMAGE, room);
        let map = Rect::from_center_size((IMAGE / 2.0).to_pos2(), room);
        assert!(view.contains_rect(placed.rect_ui_from_image(map)));
        // Zooming in and out again leads back.
        camera.zoom_about(&placed, view.center(), 4.0);
        let near = camera.placed_in(view, IMAGE, room);
        assert!((near.scale() / placed.scale() - 4.0).abs() < 1e-3);
    }

    #[test]
    fn dragging_moves_what_is_under_the_pointer() {
        let mut camera = Camera::default();
        camera.show_actual_size(&camera.placed(VIEW, IMAGE), 1.0);
        let placed = camera.placed(VIEW, IMAGE);
        let before = placed.image_from_ui(pos2(500.0, 500.0));
        camera.pan(&placed, vec2(30.0, -12.0));
        let after = camera.placed(VIEW, IMAGE).image_from_ui(pos2(530.0, 488.0));
        assert!((before - after).length() < 0.05);
    }

    #[test]
    fn a_notch_zooms_by_one_step_and_back_and_a_jump_by_no_more() {
        let notch = notches(MouseWheelUnit::Line, 1.0);
        assert_eq!(zoom_of(notch, 1.0), STEP);
        assert!((zoom_of(notch, 1.0) * zoom_of(-notch, 1.0) - 1.0).abs() < 1e-6);
        for many in [2.0, 10.0, 4000.0] {
            assert_eq!(zoom_of(many, 1.0), STEP);
            assert_eq!(zoom_of(-many, 1.0), 1.0 / STEP);
        }
    }

    #[test]
    fn a_touchpad_zooms_in_small_parts_of_a_notch() {
        let parts = [12.0, 20.0, 8.0].map(|points| notches(MouseWheelUnit::Point, points));
        let zoom: f32 = parts.map(|part| zoom_of(part, 1.0)).iter().product();
        assert!((zoom - STEP).abs() < 1e-5);
    }

    #[test]
    fn a_pinch_follows_the_fingers() {
        assert_eq!(zoom_of(0.0, 1.07), 1.07);
    }

    #[test]
    fn the_photograph_cannot_be_lost() {
        let mut camera = Camera::default();
        camera.pan(&camera.placed(VIEW, IMAGE), vec2(1e9, -1e9));
        let placed = camera.placed(VIEW, IMAGE);
        assert!(
            placed
                .rect_ui_from_image(placed.whole_in_image())
                .intersects(VIEW)
        );
    }

    #[test]
    fn zoom_and_place_are_kept_for_a_photograph_of_another_size() {
        let mut camera = Camera::default();
        camera.zoom_about(&camera.placed(VIEW, IMAGE), pos2(300.0, 300.0), 4.0);
        let share = |image: Vec2| {
            let seen = camera.placed(VIEW, image).image_from_ui(VIEW.center());
            (seen.x / image.x, seen.y / image.y)
        };
        let (a, b) = (share(IMAGE), share(IMAGE / 2.0));
        assert!((a.0 - b.0).abs() < 1e-3 && (a.1 - b.1).abs() < 1e-3);
        let scale = |image: Vec2| camera.placed(VIEW, image).scale() * image.x;
        assert!((scale(IMAGE) / scale(IMAGE / 2.0) - 1.0).abs() < 1e-3);
    }

    #[test]
    fn actual_size_stays_actual_for_the_next_photograph() {
        let mut camera = Camera::default();
        camera.show_actual_size(&camera.placed(VIEW, IMAGE), 2.0);
        assert_eq!(camera.placed(VIEW, IMAGE / 3.0).scale(), 0.5);
    }

    proptest! {
        #[test]
        fn zooming_keeps_the_point_under_the_pointer(
            // Near the middle: farther out, the centre is clamped to the photograph.
            x in 420.0_f32..780.0, y in 260.0_f32..620.0, factor in 1.0_f32..8.0, before in 1.0_f32..6.0,
        ) {
            let mut camera = Camera::default();
            camera.zoom_about(&camera.placed(VIEW, IMAGE), VIEW.center(), before);
            let placed = camera.placed(VIEW, IMAGE);
            let anchor = pos2(x, y);
            let under = placed.image_from_ui(anchor);
            camera.zoom_about(&placed, anchor, factor);
            let now = camera.placed(VIEW, IMAGE).ui_from_image(under);
            prop_assert!((now - anchor).length() < 0.5);
        }

        #[test]
        fn screen_and_photograph_are_each_others_inverse(x in -500.0_f32..4500.0, y in -500.0_f32..3500.0) {
            let placed = Camera::default().placed(VIEW, IMAGE);
            let there = placed.ui_from_image(pos2(x, y));
            prop_assert!((placed.image_from_ui(there) - pos2(x, y)).length() < 0.05);
        }
    }
}
