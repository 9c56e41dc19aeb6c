//! The part of the input that a network looks at, after the crops, borders and resizes at its beginning.

use super::axes::from_front;
use super::operation::{indices, of_every_axis};
use super::resample::{Span, around_the_middle, spans};
use crate::graph::Pads;
use crate::keras::kind::{Conv, Fit, Kind, Operation, Padding, Selection};

/// A rectangle in pixels of the input; beyond its edges there are zeros.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl View {
    /// The whole input of this height and width.
    pub fn whole([height, width]: [usize; 2]) -> Self {
        Self {
            left: 0.0,
            top: 0.0,
            right: width as f64,
            bottom: height as f64,
        }
    }

    /// The view without these pixels of a map of this height and width; negative ones are added.
    fn without(self, [height, width]: [usize; 2], [top, bottom, left, right]: [f64; 4]) -> Self {
        let down = (self.bottom - self.top) / height as f64;
        let across = (self.right - self.left) / width as f64;
        Self {
            left: self.left + left * across,
            top: self.top + top * down,
            right: self.right - right * across,
            bottom: self.bottom - bottom * down,
        }
    }

    /// The view with its edges exchanged along height (axis 0) or width (axis 1).
    fn mirrored(self, axis: usize) -> Self {
        match axis {
            0 => Self {
                top: self.bottom,
                bottom: self.top,
                ..self
            },
            _ => Self {
                left: self.right,
                right: self.left,
                ..self
            },
        }
    }

    fn is_mirrored(self) -> bool {
        self.left > self.right || self.top > self.bottom
    }

    /// The view after a layer that removes, adds or resizes pixels; `size` is that of its input.
    fn after(self, kind: &Kind, size: [usize; 2]) -> Self {
        let removed =
            |pads: Pads| [pads.top, pads.bottom, pads.left, pads.right].map(|pixels| pixels as f64);
        let fitted = |output: [usize; 2], fit: Fit| {
            let [rows, columns] = spans(size, output, fit);
            let outside = |span: Span, side: usize| {
                let before = span.start as f64;
                [before, side as f64 - before - span.length as f64]
            };
            let ([top, bottom], [left, right]) =
                (outside(rows, size[0]), outside(columns, size[1]));
            self.without(size, [top, bottom, left, right])
        };
        match kind {
            Kind::ZeroPad(pads) => self.without(size, removed(*pads).map(|pixels| -pixels)),
            Kind::Crop(pads) => self.without(size, removed(*pads)),
            Kind::CenterCrop(output) => match around_the_middle(size, *output) {
                Some(pads) => self.without(size, removed(pads)),
                None => fitted(*output, Fit::Crop),
            },
            Kind::Resize(resize) | Kind::Operation(Operation::Resize(resize)) => {
                fitted(resize.size, resize.fit)
            }
            _ => self,
        }
    }

    /// The view of a convolution without padding of its own over a map with these zeros around it: they count as far as
    /// they go beyond those of a padding that keeps the size.
    fn of_conv(self, conv: &Conv, zeros: Pads, size: [usize; 2]) -> Self {
        if conv.window.padding != Padding::Valid || zeros.is_none() {
            return self;
        }
        let half =
            |axis: usize| ((conv.window.kernel[axis] - 1) * conv.dilations[axis]) as f64 / 2.0;
        let beyond = |zeros: usize, axis: usize| -(zeros as f64 - half(axis)).max(0.0);
        let sides = [
            beyond(zeros.top, 0),
            beyond(zeros.bottom, 0),
            beyond(zeros.left, 1),
            beyond(zeros.right, 1),
        ];
        self.without(size, sides)
    }

    /// As the card of a model states it: left, top, right and bottom; mirrored if left lies beyond right, or top beyond
    /// bottom.
    pub fn edges(self) -> [f64; 4] {
        [self.left, self.top, self.right, self.bottom]
    }
}

/// Where a map lies in the input.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Place {
    In(View),
    /// Parts of it in several views: it is laid over the whole input.
    Several,
    /// Turned, or mirrored in parts: it cannot be laid over the input.
    Unknown,
}

impl Place {
    /// The place of what combines two maps.
    pub fn with(self, other: Self) -> Self {
        let is_straight = |place: Self| match place {
            Self::In(view) => !view.is_mirrored(),
            Self::Several => true,
            Self::Unknown => false,
        };
        match (self, other) {
            (one, other) if one == other => one,
            (one, other) if is_straight(one) && is_straight(other) => Self::Several,
            _ => Self::Unknown,
        }
    }

    /// The place after a layer over a map with these sizes of Keras. In a map of single pixels each border and crop
    /// counts; in later ones they are parts of convolutions.
    pub fn after(self, kind: &Kind, is_of_pixels: bool, sizes: &[usize]) -> Self {
        let rank = sizes.len() + 1;
        let size = match *sizes {
            [height, width, ..] if (rank > 3 || is_of_pixels) && height * width > 1 => {
                [height, width]
            }
            _ => return self,
        };
        let is_place = |axis: &i64, rank: usize| matches!(from_front(*axis, rank), Some(1 | 2));
        match kind {
            Kind::Concatenate { axis } | Kind::Operation(Operation::Concatenate { axis })
                if is_place(axis, rank) =>
            {
                Self::Unknown
            }
            Kind::Operation(Operation::Stack { axis } | Operation::ExpandDims { axis })
                if is_place(axis, rank + 1) =>
            {
                Self::Unknown
            }
            Kind::Operation(Operation::Squeeze { axes })
                if axes.iter().any(|axis| is_place(axis, rank)) =>
            {
                Self::Unknown
            }
            Kind::Operation(Operation::Flip { axes }) => {
                let axes = axes.iter().filter_map(|&axis| from_front(axis, rank));
                axes.fold(self, Self::mirrored)
            }
            Kind::Operation(Operation::Select(selections)) => {
                self.selected(selections, is_of_pixels, size, rank)
            }
            Kind::Operation(Operation::Transpose { axes }) => {
                self.ordered(axes.get(1..).unwrap_or_default(), rank)
            }
            Kind::Permute { dims } => self.ordered(dims, rank),
            kind => match self {
                Self::In(view) if is_of_pixels => Self::In(view.after(kind, size)),
                other => other,
            },
        }
    }

    /// The place after a convolution over single pixels.
    pub fn of_conv(self, conv: &Conv, zeros: Pads, sizes: &[usize]) -> Self {
        match (self, sizes) {
            (Self::In(view), &[height, width, _]) => {
                Self::In(view.of_conv(conv, zeros, [height, width]))
            }
            (other, _) => other,
        }
    }

    /// After a flip of an axis of Keras.
    fn mirrored(self, axis: usize) -> Self {
        match (self, axis) {
            (place, 0 | 3..) => place,
            (Self::In(view), axis) => Self::In(view.mirrored(axis - 1)),
            _ => Self::Unknown,
        }
    }

    /// After another order of the axes but the batch.
    fn ordered(self, axes: &[i64], rank: usize) -> Self {
        let first = |axis: i64| from_front(axis, rank);
        match axes {
            &[rows, columns, ..] if [first(rows), first(columns)] == [Some(1), Some(2)] => self,
            _ => Self::Unknown,
        }
    }

    fn selected(
        self,
        selections: &[Selection],
        is_of_pixels: bool,
        size: [usize; 2],
        rank: usize,
    ) -> Self {
        let all = of_every_axis(selections, rank).unwrap_or_default();
        let [_, rows, columns, ..] = all[..] else {
            return Self::Unknown;
        };
        let Self::In(mut view) = self else {
            let steps = [rows, columns]
                .map(|selection| matches!(selection, Selection::Range { step: 1.., .. }));
            return if steps == [true; 2] {
                self
            } else {
                Self::Unknown
            };
        };
        for (axis, selection) in [rows, columns].into_iter().enumerate() {
            let Selection::Range { step, .. } = selection else {
                return Self::Unknown;
            };
            let Some(chosen) = indices(selection, size[axis]) else {
                return Self::Unknown;
            };
            if is_of_pixels {
                // Each pixel that is taken stands for as many as the step.
                let low = chosen.iter().copied().min().unwrap_or_default();
                let reach = chosen.len() as f64 * step.unsigned_abs() as f64;
                let (start, end) = match step < 0 {
                    false => (low as f64, low as f64 + reach),
                    true => {
                        let high = chosen[0] as f64 + 1.0;
                        (high - reach, high)
                    }
                };
                let after = size[axis] as f64 - end;
                let sides = match axis {
                    0 => [start, after, 0.0, 0.0],
                    _ => [0.0, 0.0, start, after],
                };
                view = view.without(size, sides);
            }
            if step < 0 {
                view = view.mirrored(axis);
            }
        }
        Self::In(view)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keras::kind::{Interpolation, Resize};

    #[test]
    fn crops_borders_and_resizes_follow_each_other() {
        let size = [64, 64];
        let middle = View::whole(size).after(&Kind::CenterCrop([48, 48]), size);
        assert_eq!(middle.edges(), [8.0, 8.0, 56.0, 56.0]);
        let resize = Resize {
            size: [24, 24],
            interpolation: Interpolation::Bilinear,
            antialias: false,
            fit: Fit::Stretch,
        };
        let resized = middle.after(&Kind::Resize(resize), [48, 48]);
        assert_eq!(resized, middle);
        // A pixel of the smaller picture is two of the input.
        let border = Pads {
            top: 4,
            ..Pads::NONE
        };
        let padded = resized.after(&Kind::ZeroPad(border), [24, 24]);
        assert_eq!(padded.edges(), [8.0, 0.0, 56.0, 56.0]);
    }

    #[test]
    fn flips_and_indices_follow_each_other() {
        let sizes = [64, 48, 3];
        let whole = Place::In(View::whole([64, 48]));
        let edges = |place| match place {
            Place::In(view) => Some(view.edges()),
            _ => None,
        };
        let range = |start, stop, step| Selection::Range { start, stop, step };
        let select =
            |selections: &[Selection]| Kind::Operation(Operation::Select(selections.to_vec()));
        let all = range(None, None, 1);
        let turned = select(&[all, all, range(None, None, -1)]);
        let after = |kind: &Kind, place: Place| place.after(kind, true, &sizes);
        assert_eq!(edges(after(&turned, whole)), Some([48.0, 0.0, 0.0, 64.0]));
        assert_eq!(after(&turned, after(&turned, whole)), whole);
        let flip = Kind::Operation(Operation::Flip { axes: vec![1, -2] });
        assert_eq!(edges(after(&flip, whole)), Some([48.0, 64.0, 0.0, 0.0]));
        let part = select(&[
            all,
            range(Some(8), Some(-8), 2),
            range(Some(9), Some(1), -2),
        ]);
        assert_eq!(edges(after(&part, whole)), Some([10.0, 8.0, 2.0, 56.0]));
        // The colours in another order.
        let colours = select(&[Selection::Rest, range(None, None, -1)]);
        assert_eq!(after(&colours, whole), whole);
        let axes = vec![0, 2, 1, 3];
        let transpose = Kind::Operation(Operation::Transpose { axes });
        assert_eq!(after(&transpose, whole), Place::Unknown);
        let row = select(&[all, Selection::At(3)]);
        assert_eq!(after(&row, whole), Place::Unknown);
    }

    #[test]
    fn a_map_that_is_mirrored_in_parts_lies_nowhere() {
        let whole = Place::In(View::whole([8, 8]));
        let mirrored = whole.mirrored(2);
        let part = whole.after(&Kind::CenterCrop([4, 4]), true, &[8, 8, 3]);
        assert_eq!(mirrored.with(mirrored), mirrored);
        assert_eq!(whole.with(part), Place::Several);
        assert_eq!(whole.with(mirrored), Place::Unknown);
        assert_eq!(Place::Several.mirrored(2), Place::Unknown);
    }
}
