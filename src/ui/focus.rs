//! Keyboard focus: a ring around whatever has it, and scrolling that brings it into view. One mechanism for every widget,
//! because none can be forgotten then.
//!
//! The ring appears once a key was pressed and goes with the next press of the pointer; a text field shows it always.

use egui::accesskit::{Action, ActionRequest, TreeId};
use egui::{Context, CornerRadius, Event, Id, Plugin, RawInput, Rect, Stroke, StrokeKind, Ui};

use super::theme::{self, Palette};

pub fn install(ctx: &Context) {
    ctx.add_plugin(KeyboardFocus::default());
}

/// Shows the ring for a focus that was set without a key, such as on the safe choice of a question.
pub fn show(ctx: &Context) {
    ctx.with_plugin(|plugin: &mut KeyboardFocus| plugin.by_keyboard = true);
}

/// Passes from the request to the picture: the area takes it, moves, and draws its content there.
const ARRIVAL: u8 = 3;

#[derive(Default)]
struct KeyboardFocus {
    /// The last input came from the keyboard.
    by_keyboard: bool,
    /// What had the focus before this pass.
    focused: Option<Id>,
    /// Passes still to be drawn until a scroll area has arrived.
    arriving: u8,
}

impl Plugin for KeyboardFocus {
    fn debug_name(&self) -> &'static str {
        "keyboard focus"
    }

    fn input_hook(&mut self, ctx: &Context, input: &mut RawInput) {
        for event in &input.events {
            match event {
                Event::Key { pressed: true, .. } => self.by_keyboard = true,
                Event::PointerButton { pressed: true, .. } => self.by_keyboard = false,
                _ => {}
            }
        }
        let focused = ctx.memory(|m| m.focused());
        if focused == self.focused {
            return;
        }
        self.focused = focused;
        if let Some(id) = focused
            && self.by_keyboard
            && is_hidden(ctx, id)
        {
            self.arriving = ARRIVAL;
            // The request that a screen reader makes: egui answers it where the widget is, for any widget.
            input
                .events
                .push(Event::AccessKitActionRequest(ActionRequest {
                    action: Action::ScrollIntoView,
                    target_tree: TreeId::ROOT,
                    target_node: id.accesskit_id(),
                    data: None,
                }));
        }
    }

    fn on_end_pass(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx();
        let focused = ctx.memory(|m| m.focused());
        if focused != self.focused || self.arriving > 0 {
            self.arriving = self.arriving.saturating_sub(1);
            ctx.request_repaint();
        }
        if self.by_keyboard || ctx.text_edit_focused() {
            ring_ui(ctx, focused);
        }
    }
}

/// True if a part of a widget lies outside its scroll area.
fn is_hidden(ctx: &Context, id: Id) -> bool {
    let response = ctx.read_response(id);
    response.is_some_and(|r| !r.interact_rect.expand(0.5).contains_rect(r.rect))
}

/// Paints the ring on the widget's layer, above its neighbours and below popups.
fn ring_ui(ctx: &Context, focused: Option<Id>) {
    let Some(response) = focused.and_then(|id| ctx.read_response(id)) else {
        return;
    };
    let visible = response.interact_rect;
    if !visible.is_positive() {
        return;
    }
    let palette = Palette::of(&ctx.global_style().visuals);
    let painter = ctx.layer_painter(response.layer_id);
    let outside = theme::FOCUS_RING + 2.0 * theme::FOCUS_BACKING;
    let ring = visible.expand(outside).intersect(ctx.content_rect());
    let stroke = |rect: Rect, width: f32, colour| {
        let stroke = Stroke::new(width, colour);
        let corner = CornerRadius::same(theme::CORNER + 2);
        painter.rect_stroke(rect, corner, stroke, StrokeKind::Inside);
    };
    stroke(ring, outside, palette.focus_backing);
    stroke(
        ring.shrink(theme::FOCUS_BACKING),
        theme::FOCUS_RING,
        palette.focus,
    );
}

#[cfg(test)]
mod tests {
    use egui::{Key, ScrollArea, Shape};
    use egui_kittest::Harness;
    use egui_kittest::kittest::Queryable;

    use super::*;
    use crate::app::settings::Appearance;

    fn list() -> Harness<'static> {
        let mut harness = Harness::new_ui(|ui| {
            if ui.ctx().cumulative_pass_nr() == 0 {
                install(ui.ctx());
                theme::show(ui.ctx(), Appearance::Dark);
            }
            ScrollArea::vertical().max_height(120.0).show(ui, |ui| {
                for i in 0..30 {
                    let _ = ui.button(format!("Button {i}"));
                }
            });
        });
        harness.run();
        harness
    }

    fn rings(harness: &Harness<'_>) -> usize {
        let focus = Palette::of(&harness.ctx.global_style().visuals).focus;
        let shapes = harness.output().shapes.iter();
        let of_ring = |shape: &Shape| matches!(shape, Shape::Rect(r) if r.stroke.color == focus);
        shapes.filter(|clipped| of_ring(&clipped.shape)).count()
    }

    #[test]
    fn what_gets_the_focus_by_key_is_scrolled_to_and_has_a_ring() {
        let mut harness = list();
        for i in 0..30 {
            harness.key_press(Key::Tab);
            harness.run();
            let name = format!("Button {i}");
            assert!(harness.get_by_label(&name).is_focused());
            let at = harness.ctx.memory(|m| m.focused()).unwrap();
            assert!(!is_hidden(&harness.ctx, at), "button {i} is hidden");
            assert_eq!(rings(&harness), 1, "button {i}");
        }
    }

    #[test]
    fn the_pointer_takes_the_ring_away() {
        let mut harness = list();
        harness.key_press(Key::Tab);
        harness.run();
        harness.get_by_label("Button 1").click();
        harness.run();
        assert_eq!(rings(&harness), 0);
    }
}
