//! The corridors along vessels, which count as arcades in the anatomy of a photograph.

use crate::domain::{FieldOfView, Pixels};

use super::field_of_view::Field;
use super::vessels::{Lines, VESSEL_WIDTH};
use super::working_copy::WorkingCopy;

/// Minimum length of a vessel relative to the diameter of the field: shorter dark lines are mostly bleedings and
/// pigment.
const SHORTEST: f64 = 0.12;

/// Everything within a distance of a vessel, on a small copy of the photograph.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Arcades {
    width: usize,
    height: usize,
    /// Pixels of the photograph per pixel of the copy.
    scale: [f64; 2],
    covered: Vec<bool>,
}

impl Arcades {
    /// The area within `reach` pixels of the photograph's vessels.
    pub fn find(pixels: &Pixels, view: &FieldOfView, reach: f64) -> Self {
        let copy = WorkingCopy::of_pixels(pixels);
        let field = Field::of_view(view, &copy);
        let green = copy.plane(|[_, g, _]| g);
        let diameter = field.measured_diameter();
        let lines = Lines::find(&green, &field.inside, diameter * VESSEL_WIDTH);
        let vessels = lines.long_dark(lines.strong(&field.inside), SHORTEST * diameter);
        let reach = reach / (copy.scale[0] * copy.scale[1]).sqrt();
        Self {
            width: copy.width,
            height: copy.height,
            scale: copy.scale,
            covered: widened(&vessels, copy.width, copy.height, reach),
        }
    }

    /// Whether a point of the photograph is in a corridor.
    pub fn hold(&self, (x, y): (f64, f64)) -> bool {
        let (x, y) = (x / self.scale[0], y / self.scale[1]);
        let within =
            (0.0..self.width as f64).contains(&x) && (0.0..self.height as f64).contains(&y);
        within && self.covered[y as usize * self.width + x as usize]
    }
}

/// Every pixel whose centre is within `reach` of a marked pixel's centre.
fn widened(marked: &[bool], width: usize, height: usize, reach: f64) -> Vec<bool> {
    let whole = reach.max(0.0) as isize;
    let mut covered = vec![false; marked.len()];
    for at in (0..marked.len()).filter(|&at| marked[at]) {
        let (x, y) = ((at % width) as isize, (at / width) as isize);
        for row in (y - whole).max(0)..=(y + whole).min(height as isize - 1) {
            let half = (reach * reach - ((row - y) * (row - y)) as f64)
                .max(0.0)
                .sqrt() as isize;
            let (left, right) = ((x - half).max(0), (x + half).min(width as isize - 1));
            let line = row as usize * width;
            covered[line + left as usize..=line + right as usize].fill(true);
        }
    }
    covered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marked_pixel_widens_to_a_disc_that_stays_in_the_picture() {
        let mut marked = vec![false; 81];
        marked[4 * 9 + 4] = true;
        let covered = widened(&marked, 9, 9, 2.0);
        assert_eq!(covered.iter().filter(|&&c| c).count(), 13);
        assert!(covered[4 * 9 + 2] && covered[5 * 9 + 5] && !covered[2 * 9 + 2]);
        marked.fill(false);
        marked[0] = true;
        assert_eq!(
            widened(&marked, 9, 9, 1.0).iter().filter(|&&c| c).count(),
            3
        );
    }
}
