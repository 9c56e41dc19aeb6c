//! Resizing identical to `cv2.resize(…, interpolation=cv2.INTER_LINEAR)` for eight-bit pictures: 11-bit fixed point.
//!
//! Weights are rounded half to even. Along x the fraction is 0 at both borders; along y only the row index is clamped.
//! The two products of the vertical pass are truncated to 16 bits before they are added, as in OpenCV's vector code on
//! every processor.

use super::{RowPair, Window};

/// 2^11, one in fixed point.
const ONE: f32 = 2048.0;

/// RGB rows.
pub fn linear(window: &Window, width: u32, height: u32) -> Vec<u8> {
    let columns: Vec<Column> = columns(window.width(), width);
    let mut rgb = Vec::with_capacity(width as usize * height as usize * 3);
    let mut pair = RowPair::new();
    for y in 0..height {
        let (index, fraction) = position(y, window.height(), height);
        let last = i64::from(window.height()) - 1;
        let (upper, lower) = (index.clamp(0, last), (index + 1).clamp(0, last));
        let weights = fixed(fraction);
        let (upper, lower) = pair.get(window, upper as u32, lower as u32);
        for column in &columns {
            for c in 0..3 {
                let along = |line: &[u8]| {
                    i32::from(line[column.left + c]) * column.weights[0]
                        + i32::from(line[column.right + c]) * column.weights[1]
                };
                let top = (weights[0] * (along(upper) >> 4)) >> 16;
                let bottom = (weights[1] * (along(lower) >> 4)) >> 16;
                rgb.push(((top + bottom + 2) >> 2).clamp(0, 255) as u8);
            }
        }
    }
    rgb
}

/// Byte offsets of two neighbours in a row, and their weights.
struct Column {
    left: usize,
    right: usize,
    weights: [i32; 2],
}

fn columns(source: u32, target: u32) -> Vec<Column> {
    let last = i64::from(source) - 1;
    let column = |x: u32| {
        let (index, fraction) = position(x, source, target);
        let inside = (0..last).contains(&index);
        let left = index.clamp(0, last);
        Column {
            left: left as usize * 3,
            right: (left + 1).min(last) as usize * 3,
            weights: fixed(if inside { fraction } else { 0.0 }),
        }
    };
    (0..target).map(column).collect()
}

/// Index of the neighbour before the centre of target pixel `i`, and the distance of the centre from it.
fn position(i: u32, source: u32, target: u32) -> (i64, f32) {
    // OpenCV stores the inverse scale and divides by it: two roundings.
    let scale = 1.0 / (f64::from(target) / f64::from(source));
    let position = ((f64::from(i) + 0.5) * scale - 0.5) as f32;
    let floor = position.floor();
    (floor as i64, position - floor)
}

fn fixed(fraction: f32) -> [i32; 2] {
    [1.0 - fraction, fraction].map(|w| (w * ONE).round_ties_even() as i32)
}
