//! Pixels in, pixels out: opening photographs, measuring them and preparing them for a network.
//!
//! Everything here is a pure function of bytes. Foreign bytes are checked against [`Limits`] before memory is
//! taken, and a broken file is an [`Error`], never a panic.

pub mod anatomy;
mod circle;
mod codecs;
pub mod colormap;
mod corridors;
mod disc;
mod error;
mod field_of_view;
pub mod geometry;
pub mod grid;
pub mod landmarks;
mod laterality;
mod likeness;
mod limits;
pub mod mark;
mod measure;
mod measures;
mod no_photograph;
mod open;
pub mod overlay;
mod person;
pub mod prepare;
mod quality;
pub mod resize;
mod thumbnail;
pub mod unscale;
mod vessels;
mod working_copy;

pub use anatomy::Anatomy;
pub use codecs::{FORMATS, Format, extensions, is_extension, sniff};
pub use error::{Error, Limited};
pub use geometry::{Area, CropRect, Geometry};
pub use grid::{Cell, Grid};
pub use laterality::laterality_from_name;
pub use limits::Limits;
pub use no_photograph::no_photograph;
pub use open::{OpenOptions, frame_count, open, patient};
pub use person::{Named, persons_from_names};
pub use prepare::{Prepared, Preprocessing, prepare};
pub use thumbnail::thumbnail;
