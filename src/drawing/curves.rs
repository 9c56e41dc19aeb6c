//! The smooth steps and bumps that all painting uses.

/// 0 up to `low`, 1 from `high`, smooth in between.
pub(super) fn smooth(low: f32, high: f32, x: f32) -> f32 {
    let t = ((x - low) / (high - low)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// A bump of height 1 at 0 with the given standard deviation.
pub(super) fn gauss(x: f32, sigma: f32) -> f32 {
    libm::expf(-0.5 * x * x / (sigma * sigma))
}

/// Share of a blurred view at `distance` from the middle of a band of the given half width that the band fills.
pub(super) fn blurred_band(distance: f32, half_width: f32, blur: f32) -> f32 {
    rise((distance + half_width) / blur) - rise((distance - half_width) / blur)
}

/// Smooth step from 0 at −1 to 1 at 1: the integral of a parabolic blur.
fn rise(x: f32) -> f32 {
    let x = x.clamp(-1.0, 1.0);
    0.5 + 0.75 * x - 0.25 * x * x * x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blurred_band_keeps_its_area() {
        for half_width in [0.2_f32, 1.0, 3.0] {
            let area: f32 = (-800..800)
                .map(|i| blurred_band(i as f32 * 0.01, half_width, 1.5) * 0.01)
                .sum();
            assert!(
                (area - 2.0 * half_width).abs() < 0.01,
                "{area} for {half_width}"
            );
        }
    }

    #[test]
    fn a_soft_step_starts_and_ends_flat() {
        assert_eq!(
            (
                smooth(1.0, 3.0, 0.5),
                smooth(1.0, 3.0, 2.0),
                smooth(1.0, 3.0, 9.0)
            ),
            (0.0, 0.5, 1.0)
        );
        assert_eq!(gauss(0.0, 2.0), 1.0);
    }
}
