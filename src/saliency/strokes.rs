//! The brush strokes that the user painted over a photograph, as a mask of the network's input, and their fill.

use super::Mask;
use crate::domain::{Baseline, FieldOfView, Fill, Tensor};
use crate::imaging::Geometry;

/// One stroke of a round brush: a polyline through points of the photograph.
#[derive(Clone, Debug, PartialEq)]
pub struct Stroke {
    pub points_in_image: Vec<(f64, f64)>,
    /// In pixels of the photograph.
    pub radius: f64,
}

impl Fill {
    /// The whole input filled; `black` is a black pixel in the network's scale. Without a round field the mean is taken
    /// over the whole photograph.
    pub fn of(
        self,
        x: &Tensor,
        black: &[f32],
        geometry: &Geometry,
        field: Option<&FieldOfView>,
    ) -> Tensor {
        match self {
            Self::Blur => Baseline::Blur.of(x, black),
            Self::Black => Baseline::Black.of(x, black),
            Self::FieldMean => mean_in(x, &seen(geometry, field)),
        }
    }
}

/// 1 for pixels of the input inside the field of view, 0 for those beyond it or beyond the frame.
pub fn seen(geometry: &Geometry, field: Option<&FieldOfView>) -> Mask {
    let [columns, rows] = geometry.input.map(|s| s as usize);
    let [width, height] = geometry.image.map(f64::from);
    Mask::where_(rows, columns, |point| {
        let (x, y) = geometry.image_from_input(point);
        let in_frame = (0.0..width).contains(&x) && (0.0..height).contains(&y);
        let in_field =
            field.is_none_or(|f| !f.round || (x - f.centre_x).hypot(y - f.centre_y) <= f.radius);
        in_frame && in_field
    })
}

/// Each channel's mean over the pixels of a mask, at every pixel.
fn mean_in(x: &Tensor, mask: &Mask) -> Tensor {
    let weight: f64 = mask.values.iter().map(|&m| f64::from(m)).sum();
    let planes = x.values.chunks(mask.values.len().max(1));
    let values = planes.flat_map(|plane| {
        let terms = plane.iter().zip(&mask.values);
        let sum: f64 = terms.map(|(&v, &m)| f64::from(v) * f64::from(m)).sum();
        std::iter::repeat_n((sum / weight.max(1.0)) as f32, plane.len())
    });
    Tensor {
        shape: x.shape.clone(),
        values: values.collect(),
    }
}

/// The pixels of an input hidden by strokes: 1 within a brush, falling to 0 over one input pixel at its border.
pub fn painted(geometry: &Geometry, strokes: &[Stroke]) -> Mask {
    let [columns, rows] = geometry.input.map(|s| s as usize);
    let mut mask = Mask::clear(rows, columns);
    let [across, down] = geometry.image_pixels_per_input_pixel();
    let border = across.max(down);
    for stroke in strokes {
        let reach = stroke.radius + border;
        let points = &stroke.points_in_image;
        let alone = (points.len() == 1).then(|| [points[0], points[0]]);
        let pairs = points.windows(2).map(|w| [w[0], w[1]]);
        for [from, to] in pairs.chain(alone) {
            let low = (from.0.min(to.0) - reach, from.1.min(to.1) - reach);
            let high = (from.0.max(to.0) + reach, from.1.max(to.1) + reach);
            let (low, high) = (
                geometry.input_from_image(low),
                geometry.input_from_image(high),
            );
            // Casts saturate: anything left of or above the input becomes pixel 0.
            let part = |low: f64, high: f64, size: usize| {
                (low.floor() as usize).min(size)..(high.ceil().max(0.0) as usize).min(size)
            };
            for row in part(low.1, high.1, rows) {
                for column in part(low.0, high.0, columns) {
                    let centre = (column as f64 + 0.5, row as f64 + 0.5);
                    let away = distance(geometry.image_from_input(centre), from, to);
                    let hides = ((stroke.radius - away) / border + 0.5).clamp(0.0, 1.0) as f32;
                    let value = &mut mask.values[row * columns + column];
                    *value = value.max(hides);
                }
            }
        }
    }
    mask
}

/// Distance from a point to a line segment.
fn distance(point: (f64, f64), from: (f64, f64), to: (f64, f64)) -> f64 {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = dx * dx + dy * dy;
    let along = ((point.0 - from.0) * dx + (point.1 - from.1) * dy) / length;
    let along = if length > 0.0 {
        along.clamp(0.0, 1.0)
    } else {
        0.0
    };
    (point.0 - from.0 - along * dx).hypot(point.1 - from.1 - along * dy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imaging::CropRect;

    /// A photograph of 400 × 300 whose left 300 × 300 pixels are the crop, at 60 × 60.
    fn geometry() -> Geometry {
        Geometry::new([400, 300], CropRect::from((0, 0, 300, 300)), [60, 60]).unwrap()
    }

    fn stroke(points: &[(f64, f64)], radius: f64) -> Stroke {
        Stroke {
            points_in_image: points.to_vec(),
            radius,
        }
    }

    #[test]
    fn a_dot_hides_its_disc_and_a_line_what_it_swept_over() {
        let area = |strokes: &[Stroke]| painted(&geometry(), strokes).area() * 300.0 * 300.0;
        let dot = stroke(&[(150.0, 150.0)], 50.0);
        let disc = std::f64::consts::PI * 50.0 * 50.0;
        assert!((area(std::slice::from_ref(&dot)) / disc - 1.0).abs() < 0.01);
        let line = stroke(&[(100.0, 150.0), (200.0, 150.0)], 50.0);
        let swept = disc + 100.0 * 100.0;
        assert!((area(std::slice::from_ref(&line)) / swept - 1.0).abs() < 0.01);
        // Painting twice hides once.
        assert_eq!(area(&[line.clone(), dot]), area(&[line]));
        assert_eq!(area(&[]), 0.0);
    }

    #[test]
    fn the_radius_counts_in_pixels_of_the_photograph() {
        let mask = painted(&geometry(), &[stroke(&[(152.5, 152.5)], 20.0)]);
        let at = |x: usize, y: usize| mask.values[y * 60 + x];
        // Five pixels of the photograph are one of the input.
        assert_eq!(at(30, 30), 1.0);
        assert_eq!(at(33, 30), 1.0);
        assert_eq!(at(34, 30), 0.5);
        assert_eq!(at(35, 30), 0.0);
        assert_eq!(at(27, 30), 1.0);
    }

    #[test]
    fn strokes_beyond_what_the_network_sees_hide_nothing() {
        let beyond = [
            stroke(&[(390.0, 150.0)], 30.0),
            stroke(&[(-500.0, -500.0), (-400.0, -300.0)], 10.0),
            stroke(&[], 10.0),
        ];
        assert!(painted(&geometry(), &beyond).hides_nothing());
    }

    #[test]
    fn the_field_mean_leaves_margins_out() {
        let field = FieldOfView {
            centre_x: 150.0,
            centre_y: 150.0,
            radius: 100.0,
            completeness: 1.0,
            round: true,
        };
        let lit = seen(&geometry(), Some(&field));
        assert!((lit.area() - std::f64::consts::PI / 9.0).abs() < 0.01);
        // 3 in the field, 100 around it.
        let values = lit
            .values
            .iter()
            .map(|m| if *m > 0.0 { 3.0 } else { 100.0 });
        let x = Tensor {
            shape: vec![1, 1, 60, 60],
            values: values.collect(),
        };
        let fill = |fill: Fill| fill.of(&x, &[-1.0], &geometry(), Some(&field)).values;
        assert!(
            fill(Fill::FieldMean)
                .iter()
                .all(|v| (*v - 3.0).abs() < 1e-5)
        );
        assert!(fill(Fill::Black).iter().all(|v| *v == -1.0));
        let blurred = fill(Fill::Blur);
        let at_border = blurred[30 * 60 + 49];
        assert!(at_border > 20.0 && at_border < 80.0, "{at_border}");
    }

    #[test]
    fn each_fill_is_written_by_its_name() {
        for fill in Fill::ALL {
            let json = serde_json::to_string(&fill).unwrap();
            assert_eq!(json, format!("\"{fill}\""));
        }
    }
}
