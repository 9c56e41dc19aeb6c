//! Vessels as strokes in the picture: the share of each pixel of a row that they cover.

use super::anatomy::Frame;
use super::curves::{blurred_band, smooth};
use super::vessels::{Kind, Segment};

/// Rows that share one list of pieces.
const BAND: u32 = 16;

/// All vessels of a picture, indexed for drawing row by row.
pub(super) struct Strokes {
    pieces: Vec<Piece>,
    /// Indices of the pieces that may touch each band of [`BAND`] rows.
    bands: Vec<Vec<u32>>,
    /// Half width of the blur in pixels.
    blur: f32,
}

/// Coverage of the pixels of one row, 0–1; reused between rows.
#[derive(Default)]
pub(super) struct RowCover {
    pub artery: Vec<f32>,
    pub vein: Vec<f32>,
    /// The bright central line of arteries.
    pub shine: Vec<f32>,
}

/// A vessel segment in pixels.
struct Piece {
    kind: Kind,
    x: f32,
    y: f32,
    dx: f32,
    dy: f32,
    inverse_length_squared: f32,
    half_width: (f32, f32),
    reach: f32,
}

impl Strokes {
    /// `blur` is the half width of the optical blur in pixels.
    pub fn new(segments: &[Segment], frame: &Frame, blur: f32) -> Self {
        let pieces: Vec<Piece> = segments.iter().map(|s| piece(s, frame, blur)).collect();
        let count = frame.height.div_ceil(BAND);
        let mut bands = vec![Vec::new(); count as usize];
        for (number, piece) in pieces.iter().enumerate() {
            let top = piece.y.min(piece.y + piece.dy) - piece.reach;
            let bottom = piece.y.max(piece.y + piece.dy) + piece.reach;
            if bottom < 0.0 || top >= frame.height as f32 {
                continue;
            }
            let first = top.max(0.0) as u32 / BAND;
            let last = (bottom as u32 / BAND).min(count - 1);
            for band in first..=last {
                bands[band as usize].push(number as u32);
            }
        }
        Self {
            pieces,
            bands,
            blur,
        }
    }

    /// Fills `cover` for row `y` of a picture of the given width.
    pub fn cover_row(&self, y: u32, width: usize, cover: &mut RowCover) {
        for line in [&mut cover.artery, &mut cover.vein, &mut cover.shine] {
            line.clear();
            line.resize(width, 0.0);
        }
        for &number in self
            .bands
            .get((y / BAND) as usize)
            .map_or(&[][..], Vec::as_slice)
        {
            self.pieces[number as usize].cover(y as f32 + 0.5, self.blur, cover);
        }
    }
}

impl Piece {
    /// Adds this piece's coverage of the row whose pixel centres are at height `y`.
    fn cover(&self, y: f32, blur: f32, into: &mut RowCover) {
        let left = self.x.min(self.x + self.dx) - self.reach;
        let right = self.x.max(self.x + self.dx) + self.reach;
        let width = into.artery.len();
        if right < 0.0 || left >= width as f32 {
            return;
        }
        let first = left.max(0.0) as usize;
        let last = ((right + 1.0) as usize).min(width);
        for column in first..last {
            let (px, py) = (column as f32 + 0.5 - self.x, y - self.y);
            let t = ((px * self.dx + py * self.dy) * self.inverse_length_squared).clamp(0.0, 1.0);
            let (qx, qy) = (px - t * self.dx, py - t * self.dy);
            let distance = (qx * qx + qy * qy).sqrt();
            if distance >= self.reach {
                continue;
            }
            let half = self.half_width.0 + (self.half_width.1 - self.half_width.0) * t;
            let body = blurred_band(distance, half, blur);
            match self.kind {
                Kind::Artery => {
                    let shine = blurred_band(distance, 0.26 * half, blur) * smooth(0.5, 2.6, half);
                    into.artery[column] = into.artery[column].max(body);
                    into.shine[column] = into.shine[column].max(shine);
                }
                Kind::Vein => into.vein[column] = into.vein[column].max(body),
            }
        }
    }
}

fn piece(segment: &Segment, frame: &Frame, blur: f32) -> Piece {
    let (from, to) = (
        frame.image_from_eye(segment.from),
        frame.image_from_eye(segment.to),
    );
    let scale = frame.pixels_per_unit();
    let half_width = (
        (segment.half_width.0 * scale) as f32,
        (segment.half_width.1 * scale) as f32,
    );
    let (dx, dy) = ((to.x - from.x) as f32, (to.y - from.y) as f32);
    Piece {
        kind: segment.kind,
        x: from.x as f32,
        y: from.y as f32,
        dx,
        dy,
        inverse_length_squared: 1.0 / (dx * dx + dy * dy).max(1e-6),
        half_width,
        reach: half_width.0.max(half_width.1) + blur,
    }
}
