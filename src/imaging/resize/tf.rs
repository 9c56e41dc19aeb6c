//! Resizing identical to `tf.image.resize(…, method="bilinear")`: float32, no antialiasing, half-pixel centres, no
//! rounding.

use super::{RowPair, Window};

/// RGB rows; 0–255 with fractions.
pub fn bilinear(window: &Window, width: u32, height: u32) -> Vec<f32> {
    let columns: Vec<Blend> = blends(window.width(), width);
    let mut rgb = Vec::with_capacity(width as usize * height as usize * 3);
    let mut pair = RowPair::new();
    for row in blends(window.height(), height) {
        let (upper, lower) = pair.get(window, row.low, row.high);
        for column in &columns {
            let (left, right) = (column.low as usize * 3, column.high as usize * 3);
            for c in 0..3 {
                let along = |line: &[u8]| {
                    let (l, r) = (f32::from(line[left + c]), f32::from(line[right + c]));
                    l + (r - l) * column.weight
                };
                let (top, bottom) = (along(upper), along(lower));
                rgb.push(top + (bottom - top) * row.weight);
            }
        }
    }
    rgb
}

/// Two neighbours along one axis and the share of the second.
struct Blend {
    low: u32,
    high: u32,
    weight: f32,
}

fn blends(source: u32, target: u32) -> Vec<Blend> {
    let scale = source as f32 / target as f32;
    let blend = |i: u32| {
        let position = (i as f32 + 0.5) * scale - 0.5;
        let floor = position.floor();
        Blend {
            low: (floor.max(0.0) as u32).min(source - 1),
            high: (position.ceil().max(0.0) as u32).min(source - 1),
            weight: position - floor,
        }
    };
    (0..target).map(blend).collect()
}
