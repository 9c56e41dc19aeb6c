//! The part of the input that a network looks at, after the crops, borders and resizes at its beginning.

use super::resample::{Span, around_the_middle, spans};
use crate::graph::Pads;
use crate::keras::kind::{Conv, Fit, Kind, Operation, Padding};

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

    /// The view after a layer that moves pixels or leaves them where they are; `size` is that of its input.
    pub fn after(self, kind: &Kind, size: [usize; 2]) -> Self {
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
    pub fn of_conv(self, conv: &Conv, zeros: Pads, size: [usize; 2]) -> Self {
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

    /// As the card of a model states it: left, top, right and bottom.
    pub fn edges(self) -> [f64; 4] {
        [self.left, self.top, self.right, self.bottom]
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
}
