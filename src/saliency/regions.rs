//! How a map's evidence is distributed over the regions of the fundus, and masks that hide a region from the network.

use super::Mask;
use crate::domain::{Region, RegionShare};
use crate::imaging::{Anatomy, Geometry, Grid};
use crate::numeric::random::Random;

/// Minimum number of raster points along the longer side for counting areas of maps with few cells.
const RASTER: usize = 1024;
/// Number of positions tried for a random patch, to limit its overlap with the region that it is compared with.
const PATIENCE: usize = 10;

/// The share of each region, in the order of [`Region::ALL`]; `None` if the map holds no evidence.
///
/// Evidence is taken as uniform within each cell.
pub fn region_shares(
    grid: &Grid,
    geometry: &Geometry,
    anatomy: &Anatomy,
) -> Option<[RegionShare; 6]> {
    let (rows, columns) = (grid.rows(), grid.columns());
    let raster = (RASTER / rows.max(columns)).clamp(2, 64);
    let points = (raster * raster) as f64;
    let mut shares = Region::ALL.map(|region| RegionShare {
        region,
        raising: 0.0,
        lowering: 0.0,
        area: 0.0,
    });
    let mut whole = 0.0;
    for cell in grid.cells() {
        let value = f64::from(grid.at(cell));
        let value = if value.is_finite() { value } else { 0.0 };
        whole += value.abs();
        for i in 0..raster * raster {
            let at = |cell: usize, step: usize| cell as f64 + (step as f64 + 0.5) / raster as f64;
            let place = (at(cell.column, i % raster), at(cell.row, i / raster));
            let point = geometry.image_from_map(place, rows, columns);
            let share = &mut shares[anatomy.region_at(point) as usize];
            share.raising += value.max(0.0) / points;
            share.lowering += (-value).max(0.0) / points;
            share.area += 1.0 / points / (rows * columns) as f64;
        }
    }
    if whole == 0.0 {
        return None;
    }
    for share in &mut shares {
        share.raising /= whole;
        share.lowering /= whole;
    }
    Some(shares)
}

/// Hides one region of the network's input.
pub fn mask_of(region: Region, geometry: &Geometry, anatomy: &Anatomy) -> Mask {
    let [columns, rows] = geometry.input.map(|side| side as usize);
    Mask::where_(rows, columns, |point| {
        anatomy.region_at(geometry.image_from_input(point)) == region
    })
}

/// Hides as many pixels as `like`, in one patch around a random point of the field of view; the same `draw` gives the
/// same patch. `None` if the field has too few pixels.
///
/// The patch is the part of the field nearest to the point, so it is a disc unless the edge of the field cuts it. Its
/// overlap with `like` is at most that expected by chance; if no tried position achieves this, the smallest overlap
/// wins.
pub fn random_patch(
    like: &Mask,
    geometry: &Geometry,
    anatomy: &Anatomy,
    draw: u64,
) -> Option<Mask> {
    let (rows, columns) = (like.rows, like.columns);
    let count = like.values.iter().filter(|&&v| v > 0.0).count();
    let at = |i: usize| ((i % columns) as f64 + 0.5, (i / columns) as f64 + 0.5);
    let mut field: Vec<usize> = (0..rows * columns)
        .filter(|&i| anatomy.region_at(geometry.image_from_input(at(i))) != Region::Outside)
        .collect();
    if count == 0 || count >= field.len() {
        return None;
    }
    let enough = count * count / field.len();
    let mut random = Random::new(draw);
    let mut best: Option<(usize, Mask)> = None;
    for _ in 0..PATIENCE {
        let (x, y) = at(field[random.below(field.len())]);
        let distance = |i: &usize| {
            let (px, py) = at(*i);
            (px - x) * (px - x) + (py - y) * (py - y)
        };
        field.select_nth_unstable_by(count - 1, |a, b| distance(a).total_cmp(&distance(b)));
        let shared = field[..count]
            .iter()
            .filter(|&&i| like.values[i] > 0.0)
            .count();
        if best.as_ref().is_none_or(|(least, _)| shared < *least) {
            let mut mask = Mask::clear(rows, columns);
            field[..count].iter().for_each(|&i| mask.values[i] = 1.0);
            best = Some((shared, mask));
        }
        if shared <= enough {
            break;
        }
    }
    best.map(|(_, mask)| mask)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{FieldOfView, Landmarks, Pixels, Point};

    fn anatomy() -> Anatomy {
        let pixels = Pixels::new(200, 200, vec![120; 120_000]).unwrap();
        let field = FieldOfView {
            centre_x: 100.0,
            centre_y: 100.0,
            radius: 100.0,
            completeness: 1.0,
            round: true,
        };
        let landmarks = Landmarks {
            disc: Point { x: 150.0, y: 100.0 },
            fovea: Point { x: 80.0, y: 100.0 },
        };
        Anatomy::new(&pixels, Some(&field), landmarks).unwrap()
    }

    fn square() -> Geometry {
        Geometry::new([200, 200], (0, 0, 200, 200).into(), [40, 40]).unwrap()
    }

    fn of(shares: &[RegionShare; 6], region: Region) -> RegionShare {
        shares[region as usize]
    }

    #[test]
    fn an_even_map_is_shared_by_area_and_everything_is_shared_out() {
        let grid = Grid::new(8, 8, vec![-0.5; 64]).unwrap();
        let shares = region_shares(&grid, &square(), &anatomy()).unwrap();
        for share in shares {
            assert_eq!(share.raising, 0.0);
            assert!((share.lowering - share.area).abs() < 1e-9, "{share:?}");
        }
        let sum = |of: fn(&RegionShare) -> f64| shares.iter().map(of).sum::<f64>();
        assert!((sum(|s| s.area) - 1.0).abs() < 1e-9);
        assert!((sum(RegionShare::evidence) - 1.0).abs() < 1e-9);
        // Circles have the area of circles: 3 mm at 70 / 4.76 pixels per millimetre.
        let macula = 3.0 * 70.0 / 4.76;
        let expected = std::f64::consts::PI * macula * macula / 40_000.0;
        assert!((of(&shares, Region::Macula).area - expected).abs() < 1e-3);
        let corners = 1.0 - std::f64::consts::PI / 4.0;
        assert!((of(&shares, Region::Outside).area - corners).abs() < 1e-3);
        assert_eq!(of(&shares, Region::Arcades).area, 0.0);
        assert_eq!(of(&shares, Region::Arcades).ratio(), None);
    }

    #[test]
    fn signs_are_kept_apart() {
        // One cell over the fovea raises the target, one in a corner lowers it.
        let mut values = vec![0.0; 400];
        values[9 * 20 + 8] = 3.0;
        values[0] = -1.0;
        values[1] = f32::NAN;
        let grid = Grid::new(20, 20, values).unwrap();
        let shares = region_shares(&grid, &square(), &anatomy()).unwrap();
        let macula = of(&shares, Region::Macula);
        assert!((macula.raising - 0.75).abs() < 1e-9 && macula.lowering == 0.0);
        let outside = of(&shares, Region::Outside);
        assert!((outside.lowering - 0.25).abs() < 1e-9 && outside.raising == 0.0);
        let empty = Grid::new(1, 1, vec![0.0]).unwrap();
        assert_eq!(region_shares(&empty, &square(), &anatomy()), None);
    }

    #[test]
    fn masks_share_the_input_out_and_random_patches_are_as_large() {
        let (anatomy, geometry) = (anatomy(), square());
        let masks = Region::ALL.map(|region| mask_of(region, &geometry, &anatomy));
        for i in 0..1600 {
            let hidden = masks.iter().filter(|m| m.values[i] == 1.0).count();
            assert_eq!(hidden, 1);
        }
        let macula = &masks[Region::Macula as usize];
        let patch = |draw| random_patch(macula, &geometry, &anatomy, draw).unwrap();
        assert_eq!(patch(3), patch(3));
        assert_ne!(patch(3), patch(4));
        let outside = &masks[Region::Outside as usize];
        for draw in 0..20 {
            let patch = patch(draw);
            assert_eq!(patch.area(), macula.area());
            let both = patch.values.iter().zip(&outside.values);
            assert!(both.clone().all(|(a, b)| a * b == 0.0));
        }
        // Nothing to hide, and more than the field holds.
        let none = &masks[Region::Arcades as usize];
        assert_eq!(random_patch(none, &geometry, &anatomy, 0), None);
        let all = Mask::clear(40, 40).inverted();
        assert_eq!(random_patch(&all, &geometry, &anatomy, 0), None);
    }
}
