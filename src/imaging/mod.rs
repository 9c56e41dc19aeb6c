//! Pixels in, pixels out: opening photographs, measuring them and preparing them for a network.
//!
//! Everything here is a pure function of bytes. Untrusted bytes are checked against [`Limits`] before memory is
//! allocated, and a broken file is an [`Error`], never a panic.

mod area_average;
mod codecs;
pub mod colormap;
mod error;
mod file_names;
mod foreign;
pub mod geometry;
pub mod grid;
mod limits;
pub mod mark;
mod no_photograph;
mod open;
pub mod overlay;
pub mod prepare;
pub mod red_free;
pub mod resize;
pub mod retina;
mod thumbnail;
pub mod unscale;

pub use area_average::shrink;
pub use codecs::{
    FORMATS, Format, ListedFile, MAX_PARTS, StatedPatient, StatedRecord, TRANSFER_SYNTAXES, caught,
    extensions, files_of_disc, is_extension, sniff,
};
pub use error::{Error, Limited};
pub use file_names::{
    NamePattern, Named, NamedPerson, PatternFault, laterality_from_name, persons_by_pattern,
    persons_from_names,
};
pub use foreign::{FIRST_BYTES, Foreign, foreign};
pub use geometry::{Area, CropRect, Geometry};
pub use grid::{Cell, Grid};
pub use limits::Limits;
pub use no_photograph::no_photograph;
pub use open::{
    Checksums, Decoded, OpenOptions, decode, not_a_picture, open, patient, stated_patient,
    stated_record,
};
pub use prepare::{Prepared, prepare};
pub use retina::anatomy::Anatomy;
pub use retina::assess::{Assessment, Step};
pub use thumbnail::thumbnail;
