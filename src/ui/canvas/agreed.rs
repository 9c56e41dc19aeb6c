//! The agreement of the two maps in the two-model view, or why they are not compared: a line between its panes.

use std::sync::Arc;

use egui::{Align2, FontId, Rect, Role, Sense, Ui, WidgetInfo, vec2};

use crate::app::State;
use crate::app::state::Layout;
use crate::text::window::Texts;
use crate::ui::textures::{Cache, Shared};
use crate::ui::theme;
use crate::workflow::Answer;
use crate::workflow::two_maps::{NotComparable, maps_agree, why_apart};

/// The last compared pair, so that it is not compared again in every frame.
#[derive(Default)]
pub struct Agreed(Cache<(Shared<Answer>, Shared<Answer>), MapComparison, 1>);

/// The result of a comparison of two maps.
#[derive(Clone, Copy, Debug)]
enum MapComparison {
    /// Their rank correlation.
    Agreement(f64),
    NotComparable(NotComparable),
    /// A map is missing, or they have no part of the photograph in common.
    Nothing,
}

impl Agreed {
    /// Call after the panes of a frame are painted.
    pub fn end(&mut self) {
        self.0.end();
    }

    /// Paints the figure at the bottom of the panes if there are two finished maps.
    pub fn agreed_ui(&mut self, ui: &Ui, view: Rect, state: &State, t: Texts) {
        if state.layout != Layout::Models || !state.settings.overlay_shown {
            return;
        }
        let Some(photo) = state.selected() else {
            return;
        };
        // The brush hides the maps, which do not include what is covered.
        if state.brush_on(photo.id).is_some() {
            return;
        }
        let models = state.models_in_view().into_iter();
        let answers: Vec<_> = models
            .filter_map(|m| state.answer_on(photo, &m.id))
            .collect();
        let [a, b] = answers[..] else {
            return;
        };
        let text = match self.of(a, b) {
            MapComparison::Agreement(rank_correlation) => t.maps_agree(rank_correlation),
            MapComparison::NotComparable(NotComparable::Questions) => {
                t.apart_questions().to_owned()
            }
            MapComparison::NotComparable(NotComparable::Methods) => t.apart_methods().to_owned(),
            MapComparison::NotComparable(NotComparable::Targets) => t.apart_targets().to_owned(),
            MapComparison::Nothing => return,
        };
        let painter = ui.painter_at(view);
        let galley =
            painter.layout_no_wrap(text.clone(), FontId::proportional(13.0), theme::ON_CANVAS);
        let place = Align2::CENTER_BOTTOM.anchor_size(
            view.center_bottom() - vec2(0.0, 14.0),
            galley.size() + vec2(16.0, 10.0),
        );
        painter.rect_filled(place, theme::CORNER, theme::CANVAS_SHADE);
        painter.galley(place.min + vec2(8.0, 5.0), galley, theme::ON_CANVAS);
        let response = ui.interact(place, ui.scope_id().with("agreement"), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &text));
        response.on_hover_text(t.agreement_tip());
    }

    fn of(&mut self, a: &Arc<Answer>, b: &Arc<Answer>) -> MapComparison {
        *self.0.get((Shared::of(a), Shared::of(b)), || {
            let agreement = || Some(MapComparison::Agreement(maps_agree(a, b)?.rank_correlation));
            let apart = why_apart(a, b).map(MapComparison::NotComparable);
            apart.or_else(agreement).unwrap_or(MapComparison::Nothing)
        })
    }
}
