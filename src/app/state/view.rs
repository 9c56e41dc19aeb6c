//! The middle of the window: which panes are shown, and how the photograph is displayed.

use strum::EnumIter;

/// The panes in the middle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, EnumIter)]
pub enum Layout {
    /// One photograph with the overlay.
    #[default]
    Single,
    /// The unchanged photograph, and the photograph with the overlay.
    SideBySide,
    /// The overlays of two models.
    Models,
    /// The right eye (on the left, as when facing the person) and the left eye.
    Eyes,
    /// The list as a table.
    Table,
}

/// How pixels are displayed. For the screen only: models and exports use the original photograph.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Display {
    /// The green channel as grey, in which vessels and haemorrhages stand out.
    pub red_free: bool,
    /// Added to every value, as a fraction of the full scale: −0.5 to 0.5.
    pub brightness: f32,
    /// Multiplies the distance from mid-grey: 0.25 to 4.
    pub contrast: f32,
    /// Exponent 1/gamma: values above 1 lift dark parts. 0.25 to 4.
    pub gamma: f32,
}

impl Default for Display {
    fn default() -> Self {
        Self {
            red_free: false,
            brightness: 0.0,
            contrast: 1.0,
            gamma: 1.0,
        }
    }
}

impl Display {
    /// True if the photograph is shown unchanged.
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }

    /// Clamps every value to its range; a value that is not finite becomes the default.
    pub fn sound(self) -> Self {
        let plain = Self::default();
        let within = |v: f32, low: f32, high: f32, default: f32| {
            if v.is_finite() {
                v.clamp(low, high)
            } else {
                default
            }
        };
        Self {
            red_free: self.red_free,
            brightness: within(self.brightness, -0.5, 0.5, plain.brightness),
            contrast: within(self.contrast, 0.25, 4.0, plain.contrast),
            gamma: within(self.gamma, 0.25, 4.0, plain.gamma),
        }
    }

    /// Maps each of the 256 values to the one shown. Order: gamma, then contrast about mid-grey, then brightness.
    pub fn table(&self) -> [u8; 256] {
        let Self {
            brightness,
            contrast,
            gamma,
            ..
        } = self.sound();
        std::array::from_fn(|value| {
            let v = (value as f32 / 255.0).powf(1.0 / gamma);
            let v = (v - 0.5) * contrast + 0.5 + brightness;
            (v.clamp(0.0, 1.0) * 255.0).round() as u8
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plain_display_changes_nothing() {
        let table = Display::default().table();
        assert!((0..256).all(|i| usize::from(table[i]) == i));
    }

    #[test]
    fn gamma_lifts_the_dark_and_keeps_the_ends() {
        let table = Display {
            gamma: 2.0,
            ..Display::default()
        }
        .table();
        assert_eq!((table[0], table[255]), (0, 255));
        assert!(table[64] > 120);
    }

    #[test]
    fn contrast_turns_about_mid_grey_and_brightness_shifts() {
        let strong = Display {
            contrast: 2.0,
            ..Display::default()
        }
        .table();
        assert_eq!((strong[0], strong[255]), (0, 255));
        assert_eq!(strong[191], 255);
        let light = Display {
            brightness: 0.25,
            ..Display::default()
        }
        .table();
        assert_eq!(light[0], 64);
    }

    #[test]
    fn figures_without_sense_are_mended() {
        let display = Display {
            red_free: true,
            brightness: f32::NAN,
            contrast: 1e9,
            gamma: 0.0,
        }
        .sound();
        assert_eq!(
            (display.brightness, display.contrast, display.gamma),
            (0.0, 4.0, 0.25)
        );
        assert!(display.red_free);
    }
}
