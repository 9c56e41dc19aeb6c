//! The red-free picture: the green channel as grey, in which vessels and haemorrhages stand out.

/// The grey of a pixel, as a camera's green filter shows it. Used by the window, its display adjustments and exports.
pub fn grey_of([_, green, _]: [u8; 3]) -> u8 {
    green
}
