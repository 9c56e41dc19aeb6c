//! How far the two maps of the two-model view agree: a line between its panes.

use std::sync::Arc;

use egui::{Align2, FontId, Rect, Role, Sense, Ui, WidgetInfo, vec2};

use crate::app::State;
use crate::app::state::Layout;
use crate::app::verbs::Answer;
use crate::saliency::Agreement;
use crate::ui::theme;
use crate::words::window::Texts;
use crate::workflow::two_maps::maps_agree;

/// The last pair that was compared, so that a frame does not compare it again. Held, so that an address cannot be given
/// to another answer.
#[derive(Default)]
pub struct Agreed(Option<(Arc<Answer>, Arc<Answer>, Option<Agreement>)>);

impl Agreed {
    /// Paints the figure at the foot of the panes, where two finished maps can be compared.
    pub fn agreed_ui(&mut self, ui: &Ui, view: Rect, state: &State, t: Texts) {
        if state.layout != Layout::Models || !state.settings.overlay_shown {
            return;
        }
        let Some(photo) = state.selected() else {
            return;
        };
        // The brush hides the maps; what is covered is not in them.
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
        let Some(found) = self.of(a, b) else {
            return;
        };
        let text = t.maps_agree(found.rank_correlation);
        let painter = ui.painter_at(view);
        let galley =
            painter.layout_no_wrap(text.clone(), FontId::proportional(13.0), theme::ON_CANVAS);
        let place = Align2::CENTER_BOTTOM.anchor_size(
            view.center_bottom() - vec2(0.0, 14.0),
            galley.size() + vec2(16.0, 10.0),
        );
        painter.rect_filled(place, theme::CORNER, theme::CANVAS_VEIL);
        painter.galley(place.min + vec2(8.0, 5.0), galley, theme::ON_CANVAS);
        let response = ui.interact(place, ui.scope_id().with("agreement"), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &text));
        response.on_hover_text(t.agreement_tip());
    }

    fn of(&mut self, a: &Arc<Answer>, b: &Arc<Answer>) -> Option<Agreement> {
        let known = self.0.as_ref();
        match known.filter(|(x, y, _)| Arc::ptr_eq(x, a) && Arc::ptr_eq(y, b)) {
            Some((_, _, found)) => *found,
            None => {
                let found = maps_agree(a, b);
                self.0 = Some((Arc::clone(a), Arc::clone(b), found));
                found
            }
        }
    }
}
