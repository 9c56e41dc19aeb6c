//! The colour scale of a map, on a plate in the lower left corner of the pane that draws it.
//!
//! Numbers are never cut: where there is no room for two texts beside each other, they take two lines.

use std::sync::Arc;

use egui::text::LayoutJob;
use egui::{
    Color32, FontId, Galley, Mesh, Painter, Pos2, Rect, Role, Sense, Shape, Stroke, StrokeKind, Ui,
    WidgetInfo, pos2, vec2,
};

use crate::export::page::colours_of_scale;
use crate::imaging::overlay::OverlayOptions;
use crate::text::map_scale::MapScale;
use crate::ui::theme;

/// Width of the scale where the pane and its texts allow.
const WIDTH: f32 = 220.0;
const BAR_HEIGHT: f32 = 12.0;
/// Length of a mark below the scale.
const TICK: f32 = 3.0;
/// Between the plate and the pane, and between the plate and its content.
const MARGIN: f32 = 12.0;
const PADDING: f32 = 8.0;
/// Width of the mark of what lies outside the photograph, with the space after it.
const MARK: f32 = TEXT_SIZE + 4.0;
/// Between texts on one line.
const GAP: f32 = 12.0;
const TEXT_SIZE: f32 = 12.5;
/// Line spacing as a multiple of the text size.
const LINE: f32 = 1.25;

/// The colour scale of one pane.
pub struct Legend {
    pub words: MapScale,
    pub options: OverlayOptions,
    /// The mean colour of the photograph as displayed, beneath the colours of the map.
    pub ground: [u8; 3],
}

/// Texts with their positions relative to the top left of the content.
struct Content {
    texts: Vec<(Pos2, Arc<Galley>)>,
    bar: Rect,
    /// The mark of what lies outside the photograph.
    outside: Option<Rect>,
    height: f32,
}

impl Legend {
    /// Paints the plate, with its texts for screen readers; returns the height that it takes at the bottom of the pane.
    pub fn legend_ui(&self, ui: &Ui, view: Rect, pane: usize) -> f32 {
        let painter = &ui.painter_at(view);
        let most = view.width() - 2.0 * (MARGIN + PADDING);
        let content = self.content(painter, most);
        let size = vec2(content.bar.width(), content.height) + vec2(2.0, 2.0) * PADDING;
        // A plate that hides most of a tiny pane, or is cut by it, would say nothing.
        if size.x + 2.0 * MARGIN > view.width() + 0.5 || size.y > 0.6 * view.height() {
            return 0.0;
        }
        let corner = pos2(view.left() + MARGIN, view.bottom() - MARGIN - size.y);
        let plate = Rect::from_min_size(corner, size);
        painter.rect_filled(plate, theme::CORNER, theme::CANVAS_SHADE);
        let origin = plate.min.to_vec2() + vec2(PADDING, PADDING);
        let response = ui.interact(plate, ui.scope_id().with(("legend", pane)), Sense::hover());
        let read = self.words.texts().join("   ");
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &read));
        self.paint_bar(painter, content.bar.translate(origin));
        for (at, galley) in content.texts {
            painter.galley(at + origin, galley, theme::ON_CANVAS);
        }
        if let Some(mark) = content.outside {
            paint_outside(painter, mark.translate(origin));
        }
        size.y + MARGIN
    }

    fn content(&self, painter: &Painter, most: f32) -> Content {
        let font = FontId::proportional(TEXT_SIZE);
        let text = |text: &str, width: f32| {
            let ink = theme::ON_CANVAS;
            let mut job = LayoutJob::simple(text.to_owned(), font.clone(), ink, width);
            for section in &mut job.sections {
                section.format.line_height = Some(TEXT_SIZE * LINE);
            }
            painter.layout_job(job)
        };
        let line = |of: &str| text(of, f32::INFINITY);
        let numbers: Vec<_> = self
            .words
            .numbers
            .iter()
            .filter_map(|(strength, number)| Some((self.words.place(*strength)?, line(number))))
            .collect();
        let wide = |galleys: &[&Arc<Galley>]| {
            let widths = galleys.iter().map(|g| g.size().x + GAP);
            (widths.sum::<f32>() - GAP).max(0.0)
        };
        let [low, high] = self.words.directions.each_ref().map(|of| line(of));
        let of_numbers = wide(&numbers.iter().map(|(_, g)| g).collect::<Vec<_>>());
        let outside = self.words.outside.as_deref().map(|of| (of, line(of)));
        let of_outside = outside.as_ref().map_or(0.0, |(_, g)| g.size().x + MARK);
        let wanted = WIDTH.max(of_numbers).max(of_outside);
        let wanted = wanted.max(wide(&[&low, &high]));
        let width = wanted.min(most).max(of_numbers);

        let mut texts = Vec::new();
        let title = text(&self.words.title, width);
        let top = title.size().y + 4.0;
        texts.push((Pos2::ZERO, title));
        let bar = Rect::from_min_size(pos2(0.0, top), vec2(width, BAR_HEIGHT));
        let mut y = bar.bottom() + TICK + 1.0;
        let mut below = y;
        for (place, number) in numbers {
            let room = width - number.size().x;
            let x = (place * width - number.size().x / 2.0).clamp(0.0, room.max(0.0));
            below = below.max(y + number.size().y);
            texts.push((pos2(x, y), number));
        }
        y = below;
        let beside = wide(&[&low, &high]) <= width;
        for (of, galley, right) in [
            (&self.words.directions[0], low, false),
            (&self.words.directions[1], high, true),
        ] {
            if of.is_empty() {
                continue;
            }
            let galley = if galley.size().x > width {
                text(of, width)
            } else {
                galley
            };
            let x = if right { width - galley.size().x } else { 0.0 };
            below = y + galley.size().y;
            texts.push((pos2(x, y), galley));
            if !beside {
                y = below;
            }
        }
        let mut mark = None;
        if let Some((of, _)) = outside {
            let galley = text(of, width - MARK);
            let top = below + 3.0;
            let side = TEXT_SIZE - 2.0;
            mark = Some(Rect::from_min_size(pos2(0.5, top + 2.5), vec2(side, side)));
            below = top + galley.size().y;
            texts.push((pos2(MARK, top), galley));
        }
        Content {
            texts,
            bar,
            outside: mark,
            height: below,
        }
    }

    fn paint_bar(&self, painter: &Painter, bar: Rect) {
        let mut mesh = Mesh::default();
        let colours = self.colours(bar.width().max(2.0) as usize);
        let step = bar.width() / colours.len() as f32;
        for (i, colour) in colours.into_iter().enumerate() {
            let left = bar.left() + i as f32 * step;
            let column = Rect::from_x_y_ranges(left..=left + step, bar.y_range());
            mesh.add_colored_rect(column, colour);
        }
        painter.add(Shape::mesh(mesh));
        let line = Stroke::new(1.0, theme::ON_CANVAS_WEAK);
        painter.rect_stroke(bar, 0, line, StrokeKind::Outside);
        let x = |strength| Some(bar.left() + self.words.place(strength)? * bar.width());
        let ink = Stroke::new(1.0, theme::ON_CANVAS);
        for at in self.words.numbers.iter().filter_map(|(s, _)| x(*s)) {
            painter.vline(at, bar.bottom()..=bar.bottom() + TICK, ink);
        }
        for mark in self.words.marks() {
            let Some(at) = x(mark) else { continue };
            let ends = [pos2(at, bar.top()), pos2(at, bar.bottom())];
            // As the contour: dashed where it is around negative values.
            if mark < 0.0 {
                painter.extend(Shape::dashed_line(&ends, ink, 2.0, 2.0));
            } else {
                painter.line_segment(ends, ink);
            }
        }
    }

    /// The colours of the scale from left to right, exactly as the picture is blended.
    fn colours(&self, count: usize) -> Vec<Color32> {
        colours_of_scale(&self.words, &self.options, self.ground, count)
            .into_iter()
            .map(|[r, g, b]| Color32::from_rgb(r, g, b))
            .collect()
    }
}

/// The border of an area outside the photograph.
pub fn paint_outside(painter: &Painter, area: Rect) {
    let [a, b, c, d] = [
        area.left_top(),
        area.right_top(),
        area.right_bottom(),
        area.left_bottom(),
    ];
    let stroke = Stroke::new(1.0, theme::ON_CANVAS_WEAK);
    painter.extend(Shape::dashed_line(&[a, b, c, d, a], stroke, 3.0, 3.0));
}

#[cfg(test)]
mod tests {
    use egui_kittest::Harness;

    use super::*;
    use crate::domain::{Pixels, model_card};
    use crate::imaging::overlay::blend;
    use crate::imaging::{CropRect, Geometry, Grid};
    use crate::saliency::{Method, SaliencyMap, Target};
    use crate::text::Lang;
    use crate::text::report::Report;
    use crate::ui::fonts;

    fn legend(options: OverlayOptions, lang: Lang) -> Legend {
        let map = SaliencyMap {
            method: Method::GradCam,
            layer: None,
            target: Target::Logit,
            grid: Grid::new(1, 2, vec![0.241, -0.1]).unwrap(),
        };
        let words = Report(lang).map_scale(&model_card::example(), &map, &options, 0.3);
        Legend {
            words: words.unwrap(),
            options,
            ground: [90; 3],
        }
    }

    #[test]
    fn the_scale_has_the_colours_of_the_picture_to_the_bit() {
        let photograph = Pixels::new(3, 3, vec![90; 27]).unwrap();
        let crop = CropRect::from((0, 0, 3, 3));
        let geometry = Geometry::new([3, 3], crop, [3, 3]).unwrap();
        for opacity in [0.2, 0.6, 1.0] {
            let options = OverlayOptions {
                opacity,
                limit: Some(1.0),
                ..OverlayOptions::default()
            };
            let colours = legend(options, Lang::En).colours(40);
            for (i, colour) in colours.into_iter().enumerate() {
                let strength = (i as f32 + 0.5) / 20.0 - 1.0;
                let even = Grid::new(1, 1, vec![strength]).unwrap();
                let [r, g, b] = blend(&photograph, &even, &geometry, &options).at(1, 1);
                assert_eq!(colour, Color32::from_rgb(r, g, b), "{opacity} {strength}");
            }
        }
    }

    #[test]
    fn every_word_of_the_scale_is_written_whole_and_none_lies_on_another() {
        let options = OverlayOptions::default();
        let mut fonts_installed = false;
        let page = |ui: &mut egui::Ui| {
            if !fonts_installed {
                // They arrive in the next frame.
                fonts::show(ui.ctx(), Lang::En);
                fonts_installed = true;
                return;
            }
            for lang in [Lang::En, Lang::Ja] {
                let heights = [150.0, 700.0].map(|most| {
                    let legend = legend(options, lang);
                    let content = legend.content(ui.painter(), most);
                    check(&content, &legend.words);
                    content.height
                });
                assert!(lang == Lang::Ja || heights[0] > heights[1], "{heights:?}");
            }
        };
        Harness::new_ui(page).run();
    }

    fn check(content: &Content, words: &MapScale) {
        let written: Vec<_> = content.texts.iter().map(|(_, g)| g.text()).collect();
        assert_eq!(written, words.texts());
        assert!(content.texts.iter().all(|(_, galley)| !galley.elided));
        let place = |(at, galley): &(Pos2, Arc<Galley>)| Rect::from_min_size(*at, galley.size());
        let places: Vec<Rect> = content.texts.iter().map(place).collect();
        for (i, a) in places.iter().enumerate() {
            for b in &places[i + 1..] {
                assert!(!a.shrink(0.5).intersects(b.shrink(0.5)), "{a} {b}");
            }
        }
    }
}
