//! The canvas in the middle: one or two photographs on black, maps over them, and a status line.

mod agreed;
mod anatomy;
mod brush;
mod camera;
mod layout;
mod legend;
mod map_controls;
mod overlay;
mod pane;
mod start;
mod tiles;
mod tools;

use egui::{
    Align2, CentralPanel, Event, Frame, InputState, Margin, Panel, PointerButton, Pos2, Rect,
    Response, Role, Sense, TextStyle, Ui, WidgetInfo, pos2,
};

use super::command::Command;
use super::list::table;
use super::path_field::PathField;
use super::photograph_menu::statements_ui;
use super::theme::{self, Palette};
use super::view::FrameContext;
use crate::app::State;
use crate::app::state::Layout;
use crate::text::window::Texts;
use agreed::Agreed;
use anatomy::Outlines;
use brush::CoverTextures;
use camera::{Camera, Placed};
use layout::{Missing, panes_of};
use overlay::Overlays;
use pane::{Pane, say, split};
use tiles::Tiles;
pub use tools::{icon_command_ui, tool_ui};

/// The zoom that wheel and fingers ask for in this frame. With Ctrl, a wheel is a pinch already.
fn zoom_of_input(input: &InputState) -> f32 {
    let notches = input.events.iter().map(|event| match event {
        Event::MouseWheel {
            unit,
            delta,
            modifiers,
            ..
        } if !modifiers.command => camera::notches(*unit, delta.y),
        _ => 0.0,
    });
    camera::zoom_of(notches.sum(), input.zoom_delta())
}

/// State that only the canvas uses.
#[derive(Default)]
pub struct Canvas {
    camera: Camera,
    tiles: Tiles,
    overlays: Overlays,
    outlines: Outlines,
    agreed: Agreed,
    veils: CoverTextures,
    /// The first pane of the last frame, for commands that zoom.
    last: Option<Placed>,
    path: PathField,
}

/// A point of a photograph under the pointer.
struct Pointed {
    pane: usize,
    at_in_image: Pos2,
}

impl Canvas {
    pub fn fit(&mut self) {
        self.camera.fit();
    }

    /// Zooms about the centre of the view.
    pub fn zoom(&mut self, steps: i32) {
        if let Some(placed) = self.last {
            self.camera
                .zoom_about(&placed, placed.view.center(), camera::STEP.powi(steps));
        }
    }

    /// Shows one pixel of the photograph on one screen pixel.
    pub fn show_actual_size(&mut self, pixels_per_point: f32) {
        if let Some(placed) = self.last {
            self.camera.show_actual_size(&placed, pixels_per_point);
        }
    }

    /// Returns the place below the bars, where messages may lie.
    pub fn canvas_ui(&mut self, ui: &mut Ui, view: &mut FrameContext<'_>) -> Rect {
        let (state, t) = (view.state, view.t);
        let bar = |ui: &Ui| {
            Frame::new()
                .fill(Palette::of(ui.visuals()).panel)
                .inner_margin(Margin::symmetric(8, 4))
        };
        if !state.settings.welcomed {
            start::steps_ui(ui, view);
        }
        if state.photographs.is_empty() {
            let place = ui.available_rect_before_wrap();
            CentralPanel::no_frame()
                .frame(Frame::new().fill(theme::CANVAS))
                .show(ui, |ui| start::empty_ui(ui, &mut self.path, view));
            return place;
        }
        Panel::top("canvas tools")
            .frame(bar(ui))
            .show(ui, |ui| tools::tools_ui(ui, view));
        if state.layout == Layout::Table {
            let place = ui.available_rect_before_wrap();
            CentralPanel::no_frame()
                .frame(
                    Frame::new()
                        .fill(Palette::of(ui.visuals()).panel)
                        .inner_margin(Margin::same(8)),
                )
                .show(ui, |ui| table::table_ui(ui, view));
            return place;
        }
        if let Some(brush) = &state.brush {
            Panel::top("cover tools")
                .frame(bar(ui))
                .show(ui, |ui| brush::tools_ui(ui, brush, view));
        }
        let figures = Panel::bottom("canvas figures")
            .frame(bar(ui))
            .exact_size(theme::CONTROL_HEIGHT + 4.0)
            .show(ui, |ui| ui.available_rect_before_wrap())
            .inner;
        let panes = panes_of(state, t);
        let place = ui.available_rect_before_wrap();
        let pointed = CentralPanel::no_frame()
            .frame(Frame::new().fill(theme::CANVAS))
            .show(ui, |ui| self.panes_ui(ui, &panes, view))
            .inner;
        self.figures_ui(ui, figures, &panes, pointed, state, t);
        place
    }

    /// Draws all panes; returns the point under the pointer.
    fn panes_ui(
        &mut self,
        ui: &mut Ui,
        panes: &[Result<Pane<'_>, Missing>],
        view: &mut FrameContext<'_>,
    ) -> Option<Pointed> {
        let (state, t) = (view.state, view.t);
        let rects = split(ui.available_rect_before_wrap(), panes.len());
        let mut responses = Vec::new();
        for (i, (rect, pane)) in rects.iter().zip(panes).enumerate() {
            let several = panes.len() > 1;
            responses.push(self.pane_ui(ui, (i, *rect), pane, several, view));
        }
        self.tiles.begin();
        self.last = None;
        let mut legends: f32 = 0.0;
        let mut pointed = None;
        for (i, (rect, pane)) in rects.iter().zip(panes).enumerate() {
            let painter = ui.painter_at(*rect);
            let pane = match pane {
                Ok(pane) => pane,
                Err(missing) => {
                    say(&painter, *rect, missing.what, missing.hint);
                    continue;
                }
            };
            let placed = pane.placed(*rect, &self.camera);
            self.last = self.last.or(placed);
            let textures = (&mut self.tiles, &mut self.overlays);
            pane.paint(&painter, *rect, placed.as_ref(), textures, state, t);
            if let Some(placed) = &placed {
                self.outlines.paint(&painter, placed, pane.photo, state, t);
            }
            if let Some(brush) = state.brush_on(pane.photo.id).filter(|_| pane.covers)
                && let Some(placed) = placed
            {
                self.veils.paint(&painter, &placed, brush, pane.model);
                brush::paint_cursor(&painter, &placed, brush, responses[i].hover_pos());
            }
            if let Some(legend) = pane.legend(state, t) {
                legends = legends.max(legend.legend_ui(ui, *rect, i));
            }
            let pointer = responses[i].hover_pos();
            let in_image = placed
                .zip(pointer)
                .map(|(placed, p)| (placed.image, placed.image_from_ui(p)))
                .filter(|(size, p)| p.x >= 0.0 && p.y >= 0.0 && p.x < size.x && p.y < size.y);
            if let Some((_, at_in_image)) = in_image {
                pointed = Some(Pointed {
                    pane: i,
                    at_in_image,
                });
            }
        }
        self.tiles.end(ui.ctx());
        self.overlays.end();
        self.outlines.end();
        self.veils.end();
        let whole = ui.available_rect_before_wrap();
        let above_legends = whole.with_max_y(whole.bottom() - legends);
        self.agreed.agreed_ui(ui, above_legends, state, t);
        self.agreed.end();
        pointed
    }

    /// Handles input on a pane and sets its text for screen readers.
    fn pane_ui(
        &mut self,
        ui: &Ui,
        (i, rect): (usize, Rect),
        pane: &Result<Pane<'_>, Missing>,
        several: bool,
        view: &mut FrameContext<'_>,
    ) -> Response {
        let (state, t) = (view.state, view.t);
        let response = ui.interact(
            rect,
            ui.scope_id().with(("pane", i)),
            Sense::click_and_drag(),
        );
        let view_name = t.image_view();
        let name = match pane {
            Err(missing) => format!("{view_name}: {} {}", missing.what, missing.hint),
            Ok(pane) if several || pane.photo.opened().is_none() || state.brush.is_some() => {
                format!("{view_name}: {}", pane.words(state, t))
            }
            Ok(_) => view_name.to_owned(),
        };
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &name));
        if let Ok(pane) = pane
            && let Some(placed) = pane.placed(rect, &self.camera)
        {
            let placing = state.is_placing_on(pane.photo.id);
            if placing {
                anatomy::click_ui(&response, &placed, pane.photo.id, view);
            }
            let brush = pane.covers && state.brush_on(pane.photo.id).is_some();
            self.steer(ui, &response, &placed, brush && !placing, view);
            if !brush && !placing {
                response.context_menu(|ui| statements_ui(ui, pane.photo, view));
            }
            // Two clicks that place two marks in a row are not a double click.
            if response.double_clicked() && !brush && !placing {
                view.command(Command::Fit);
            }
        }
        response
    }

    /// Wheel and pinch zoom at the pointer, dragging moves. While the brush is active, the left button paints and the
    /// other buttons move.
    fn steer(
        &mut self,
        ui: &Ui,
        response: &Response,
        placed: &Placed,
        brush: bool,
        view: &mut FrameContext<'_>,
    ) {
        if brush {
            brush::paint(response, placed, view);
        }
        let paints = brush && response.dragged_by(PointerButton::Primary);
        if response.dragged() && !paints {
            self.camera.pan(placed, response.drag_delta());
        }
        if let Some(pointer) = response.hover_pos() {
            let factor = ui.input(zoom_of_input);
            if (factor - 1.0).abs() > f32::EPSILON {
                self.camera.zoom_about(placed, pointer, factor);
            }
        }
    }

    /// The status line: size, zoom, and the point under the pointer, each at a fixed position.
    fn figures_ui(
        &self,
        ui: &Ui,
        bar: Rect,
        panes: &[Result<Pane<'_>, Missing>],
        pointed: Option<Pointed>,
        state: &State,
        t: Texts,
    ) {
        let pane = panes.get(pointed.as_ref().map_or(0, |p| p.pane));
        let Some(Ok(pane)) = pane else {
            return;
        };
        let (Some(opened), Some(last)) = (pane.photo.opened(), &self.last) else {
            return;
        };
        let pixels = &opened.image.pixels;
        let percent = pane
            .placed(last.view, &self.camera)
            .map_or(0.0, |p| p.scale() * ui.ctx().pixels_per_point() * 100.0);
        let mut figures = vec![
            (150.0, format!("{} × {} px", pixels.width, pixels.height)),
            (110.0, format!("{} {percent:.0} %", t.zoom())),
        ];
        if let Some(Pointed { at_in_image: p, .. }) = pointed {
            // The value in the photograph itself, independent of display adjustments.
            let [r, g, b] = pixels.at(p.x as u32, p.y as u32);
            let (x, y) = (p.x as u32, p.y as u32);
            figures.push((270.0, format!("{} {x}, {y}   R {r} G {g} B {b}", t.pixel())));
            let answer = pane.answer.or(state
                .answer()
                .filter(|_| Some(pane.photo.id) == state.selected));
            let value = answer.and_then(|a| a.evidence_at((f64::from(p.x), f64::from(p.y))));
            if let Some(value) = value {
                figures.push((
                    130.0,
                    format!("{} {}", t.map_value(), t.signed(format!("{value:+.3}"))),
                ));
            }
        }
        let texts: Vec<_> = figures.iter().map(|(_, text)| text.as_str()).collect();
        let read = texts.join("   ");
        ui.interact(bar, egui::Id::unique("figures of the view"), Sense::hover())
            .widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &read));
        let font = TextStyle::Small.resolve(ui.style());
        let painter = ui.painter_at(bar);
        let mut x = bar.left();
        for (width, text) in figures {
            let at = pos2(x, bar.center().y);
            let ink = ui.visuals().weak_text_color();
            painter.text(at, Align2::LEFT_CENTER, text, font.clone(), ink);
            x += width;
        }
    }
}
