//! Photographs as they are opened, and what is found in them.

mod formats;
mod landmarks;
mod likeness;
mod pictures;
mod reference_images;

#[path = "../means/mod.rs"]
mod means;
#[path = "../test_images/mod.rs"]
mod test_images;
