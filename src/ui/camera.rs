//! Where the canvas looks: a point of the photograph in the middle of the view, and a scale.

use egui::{Pos2, Rect, Vec2, pos2};

/// Largest magnification, in points of the screen per pixel of the photograph.
const MAX_SCALE: f32 = 40.0;
/// The photograph never becomes smaller than this share of its fitted size.
const MIN_OF_FIT: f32 = 0.5;
/// Free space around a fitted photograph, as a share of the view.
const FIT_MARGIN: f32 = 0.02;

/// The camera of one canvas.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Camera {
    /// The point of the photograph, in its pixels, that lies in the middle of the view.
    centre_in_image: Pos2,
    /// Points of the screen per pixel of the photograph.
    scale: f32,
    /// While true, the whole photograph stays in view whatever the window's size.
    fitted: bool,
}

impl Default for Camera {
    fn default() -> Self {
        Self {
            centre_in_image: Pos2::ZERO,
            scale: 1.0,
            fitted: true,
        }
    }
}

impl Camera {
    /// Shows the whole photograph, now and after the window's size changes.
    pub fn fit(&mut self) {
        self.fitted = true;
    }

    /// Points of the screen per pixel of the photograph.
    pub fn scale(&self) -> f32 {
        self.scale
    }

    /// To be called once per frame before anything is drawn: refits a fitted photograph and keeps the others in reach.
    pub fn settle(&mut self, view: Rect, image: Vec2) {
        if self.fitted {
            self.scale = fitted_scale(view, image);
            self.centre_in_image = pos2(image.x / 2.0, image.y / 2.0);
        }
        // The middle of the view stays on the photograph, so that it cannot be lost.
        self.centre_in_image = self.centre_in_image.clamp(Pos2::ZERO, image.to_pos2());
        self.scale = self.scale.clamp(smallest_scale(view, image), MAX_SCALE);
    }

    pub fn ui_from_image(&self, view: Rect, point_in_image: Pos2) -> Pos2 {
        view.center() + (point_in_image - self.centre_in_image) * self.scale
    }

    pub fn image_from_ui(&self, view: Rect, point_in_ui: Pos2) -> Pos2 {
        self.centre_in_image + (point_in_ui - view.center()) / self.scale
    }

    /// The rectangle of the screen that a rectangle of the photograph covers.
    pub fn rect_ui_from_image(&self, view: Rect, rect_in_image: Rect) -> Rect {
        Rect::from_min_max(
            self.ui_from_image(view, rect_in_image.min),
            self.ui_from_image(view, rect_in_image.max),
        )
    }

    /// Zooms so that what lies under `anchor_in_ui` stays there.
    pub fn zoom_about(&mut self, view: Rect, image: Vec2, anchor_in_ui: Pos2, factor: f32) {
        self.scale_about(view, image, anchor_in_ui, self.scale * factor);
    }

    /// Sets the scale so that what lies under `anchor_in_ui` stays there.
    pub fn scale_about(&mut self, view: Rect, image: Vec2, anchor_in_ui: Pos2, scale: f32) {
        if !scale.is_finite() {
            return;
        }
        let under = self.image_from_ui(view, anchor_in_ui);
        self.scale = scale.clamp(smallest_scale(view, image), MAX_SCALE);
        self.centre_in_image = under - (anchor_in_ui - view.center()) / self.scale;
        self.fitted = false;
    }

    /// Moves the photograph by a distance on the screen.
    pub fn pan(&mut self, distance_in_ui: Vec2) {
        if distance_in_ui != Vec2::ZERO {
            self.centre_in_image -= distance_in_ui / self.scale;
            self.fitted = false;
        }
    }
}

fn fitted_scale(view: Rect, image: Vec2) -> f32 {
    let free = view.size() * (1.0 - 2.0 * FIT_MARGIN);
    (free.x / image.x.max(1.0))
        .min(free.y / image.y.max(1.0))
        .clamp(1e-4, MAX_SCALE)
}

fn smallest_scale(view: Rect, image: Vec2) -> f32 {
    fitted_scale(view, image) * MIN_OF_FIT
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::vec2;
    use proptest::prelude::*;

    const VIEW: Rect = Rect::from_min_max(pos2(200.0, 40.0), pos2(1000.0, 840.0));
    const IMAGE: Vec2 = vec2(4000.0, 3000.0);

    #[test]
    fn a_fitted_photograph_is_centred_and_wholly_visible() {
        let mut camera = Camera::default();
        camera.settle(VIEW, IMAGE);
        let rect = camera.rect_ui_from_image(VIEW, Rect::from_min_size(Pos2::ZERO, IMAGE));
        assert!(VIEW.contains_rect(rect));
        assert!((rect.center() - VIEW.center()).length() < 1e-3);
        let smaller = Rect::from_min_max(pos2(0.0, 0.0), pos2(300.0, 200.0));
        camera.settle(smaller, IMAGE);
        let rect = camera.rect_ui_from_image(smaller, Rect::from_min_size(Pos2::ZERO, IMAGE));
        assert!(smaller.contains_rect(rect));
    }

    #[test]
    fn dragging_moves_what_is_under_the_pointer() {
        let mut camera = Camera::default();
        camera.settle(VIEW, IMAGE);
        camera.scale_about(VIEW, IMAGE, VIEW.center(), 1.0);
        let before = camera.image_from_ui(VIEW, pos2(500.0, 500.0));
        camera.pan(vec2(30.0, -12.0));
        let after = camera.image_from_ui(VIEW, pos2(530.0, 488.0));
        assert!((before - after).length() < 1e-2);
        assert!(!camera.fitted);
    }

    #[test]
    fn the_photograph_cannot_be_lost() {
        let mut camera = Camera::default();
        camera.settle(VIEW, IMAGE);
        camera.pan(vec2(1e9, -1e9));
        camera.settle(VIEW, IMAGE);
        let rect = camera.rect_ui_from_image(VIEW, Rect::from_min_size(Pos2::ZERO, IMAGE));
        assert!(rect.intersects(VIEW));
    }

    proptest! {
        #[test]
        fn zooming_keeps_the_point_under_the_pointer(
            x in 200.0_f32..1000.0, y in 40.0_f32..840.0, factor in 0.2_f32..8.0, before in 0.2_f32..6.0,
        ) {
            let mut camera = Camera::default();
            camera.settle(VIEW, IMAGE);
            camera.zoom_about(VIEW, IMAGE, VIEW.center(), before);
            let anchor = pos2(x, y);
            let under = camera.image_from_ui(VIEW, anchor);
            camera.zoom_about(VIEW, IMAGE, anchor, factor);
            let now = camera.ui_from_image(VIEW, under);
            prop_assert!((now - anchor).length() < 0.5);
        }

        #[test]
        fn screen_and_photograph_are_each_others_inverse(x in -500.0_f32..4500.0, y in -500.0_f32..3500.0) {
            let mut camera = Camera::default();
            camera.settle(VIEW, IMAGE);
            let there = camera.ui_from_image(VIEW, pos2(x, y));
            prop_assert!((camera.image_from_ui(VIEW, there) - pos2(x, y)).length() < 0.05);
        }
    }
}
