//! Circle fitting that tolerates many outliers.

use std::cmp::Ordering;

/// A circle in the coordinates of its points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Circle {
    pub x: f64,
    pub y: f64,
    pub radius: f64,
}

impl Circle {
    /// Signed distance of a point from the border; negative inside.
    pub fn distance(&self, (x, y): (f64, f64)) -> f64 {
        (x - self.x).hypot(y - self.y) - self.radius
    }

    /// How [`Circle::distance`] compares with `-inset`, without a square root unless the two are nearly equal.
    #[inline]
    pub fn compare(&self, point: (f64, f64), inset: f64) -> Ordering {
        let (dx, dy, reach) = (point.0 - self.x, point.1 - self.y, self.radius - inset);
        let (square, limit) = (dx * dx + dy * dy, reach * reach);
        let [one, other] = match reach > 0.0 && (square - limit).abs() > 1e-9 * limit {
            true => [square, limit],
            false => [self.distance(point), -inset],
        };
        one.partial_cmp(&other).unwrap_or(Ordering::Greater)
    }

    fn through(a: (f64, f64), b: (f64, f64), c: (f64, f64)) -> Option<Self> {
        let (bx, by, cx, cy) = (b.0 - a.0, b.1 - a.1, c.0 - a.0, c.1 - a.1);
        let d = 2.0 * (bx * cy - by * cx);
        if d.abs() < 1e-9 {
            return None;
        }
        let (b2, c2) = (bx * bx + by * by, cx * cx + cy * cy);
        let (ux, uy) = ((cy * b2 - by * c2) / d, (bx * c2 - cx * b2) / d);
        Some(Self {
            x: a.0 + ux,
            y: a.1 + uy,
            radius: ux.hypot(uy),
        })
    }

    /// Taubin's algebraic fit (IEEE PAMI 13, 1991) by Newton's method, as in Chernov, Circular and Linear
    /// Regression (2010), section 5.8. `None` for fewer than three or collinear points.
    pub fn taubin(points: &[(f64, f64)]) -> Option<Self> {
        if points.len() < 3 {
            return None;
        }
        let n = points.len() as f64;
        let (mx, my) = points
            .iter()
            .fold((0.0, 0.0), |s, p| (s.0 + p.0 / n, s.1 + p.1 / n));
        let [mut xx, mut yy, mut xy, mut xz, mut yz, mut zz] = [0.0; 6];
        for p in points {
            let (x, y) = (p.0 - mx, p.1 - my);
            let z = x * x + y * y;
            xx += x * x / n;
            yy += y * y / n;
            xy += x * y / n;
            xz += x * z / n;
            yz += y * z / n;
            zz += z * z / n;
        }
        let z = xx + yy;
        let covariance = xx * yy - xy * xy;
        let variance = zz - z * z;
        let a3 = 4.0 * z;
        let a2 = -3.0 * z * z - zz;
        let a1 = variance * z + 4.0 * covariance * z - xz * xz - yz * yz;
        let a0 = xz * (xz * yy - yz * xy) + yz * (yz * xx - xz * xy) - variance * covariance;
        let mut root = 0.0_f64;
        let mut value = f64::INFINITY;
        for _ in 0..30 {
            let next = a0 + root * (a1 + root * (a2 + root * a3));
            let slope = a1 + root * (2.0 * a2 + 3.0 * root * a3);
            if next.abs() > value.abs() || slope == 0.0 {
                break;
            }
            value = next;
            let step = next / slope;
            root -= step;
            if step.abs() <= 1e-12 * root.abs().max(1e-12) {
                break;
            }
        }
        let determinant = 2.0 * (root * root - root * z + covariance);
        if determinant.abs() < 1e-12 || !determinant.is_finite() {
            return None;
        }
        let x = (xz * (yy - root) - yz * xy) / determinant;
        let y = (yz * (xx - root) - xz * xy) / determinant;
        let radius = (x * x + y * y + z).sqrt();
        radius.is_finite().then_some(Self {
            x: x + mx,
            y: y + my,
            radius,
        })
    }

    /// The circle with the most points within `tolerance`: random triples from a fixed seed, then Taubin's fit of the
    /// inliers. Radii outside `radii` are not considered.
    pub fn consensus(
        points: &[(f64, f64)],
        tolerance: f64,
        radii: std::ops::Range<f64>,
    ) -> Option<Self> {
        const TRIES: usize = 400;
        if points.len() < 8 {
            return None;
        }
        let mut state = 0x9E37_79B9_7F4A_7C15_u64;
        let mut pick = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            points[((state >> 33) as usize) % points.len()]
        };
        let votes = |circle: &Self| {
            let agrees = |&&point: &&(f64, f64)| {
                circle.compare(point, -tolerance).is_le()
                    && circle.compare(point, tolerance).is_ge()
            };
            points.iter().filter(agrees).count()
        };
        let mut best: Option<(usize, Self)> = None;
        for _ in 0..TRIES {
            let Some(circle) = Self::through(pick(), pick(), pick()) else {
                continue;
            };
            if !radii.contains(&circle.radius) {
                continue;
            }
            let count = votes(&circle);
            if best.is_none_or(|(most, _)| count > most) {
                best = Some((count, circle));
            }
        }
        let (_, mut circle) = best?;
        for _ in 0..3 {
            let agreeing: Vec<_> = points
                .iter()
                .copied()
                .filter(|&p| circle.distance(p).abs() <= tolerance)
                .collect();
            match Self::taubin(&agreeing) {
                Some(refined) if radii.contains(&refined.radius) => circle = refined,
                _ => break,
            }
        }
        Some(circle)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_compare_as_their_distances_do() {
        let circle = Circle {
            x: 100.25,
            y: 90.75,
            radius: 61.3,
        };
        for inset in [0.0, 1.839, 61.3, 80.0] {
            for i in 0..200 * 200 {
                let point = (f64::from(i % 200) + 0.5, f64::from(i / 200) + 0.5);
                let expected = circle.distance(point).partial_cmp(&-inset);
                assert_eq!(Some(circle.compare(point, inset)), expected, "{point:?}");
            }
        }
        // On the border, where the distance itself decides.
        let circle = Circle {
            x: 0.0,
            y: 0.0,
            radius: 5.0,
        };
        assert_eq!(circle.compare((3.0, 4.0), 0.0), Ordering::Equal);
    }

    fn arc(from: f64, to: f64) -> Vec<(f64, f64)> {
        (0..100)
            .map(|i| {
                let angle = from + (to - from) * f64::from(i) / 99.0;
                (40.0 + 25.0 * angle.cos(), 30.0 + 25.0 * angle.sin())
            })
            .collect()
    }

    fn assert_found(circle: Circle, within: f64) {
        assert!((circle.x - 40.0).abs() < within, "{circle:?}");
        assert!((circle.y - 30.0).abs() < within, "{circle:?}");
        assert!((circle.radius - 25.0).abs() < within, "{circle:?}");
    }

    #[test]
    fn an_arc_is_enough() {
        assert_found(Circle::taubin(&arc(0.0, 6.2)).unwrap(), 1e-6);
        assert_found(Circle::taubin(&arc(1.0, 2.5)).unwrap(), 1e-6);
    }

    #[test]
    fn foreign_points_do_not_pull() {
        let mut points = arc(0.0, 5.0);
        points.extend((0..60).map(|i| (f64::from(i), 3.0)));
        assert_found(Circle::consensus(&points, 0.5, 5.0..100.0).unwrap(), 0.1);
    }

    #[test]
    fn lines_and_single_places_give_nothing() {
        assert!(Circle::taubin(&[(1.0, 1.0); 9]).is_none());
        let line: Vec<_> = (0..50).map(|i| (f64::from(i), f64::from(i))).collect();
        assert!(Circle::consensus(&line, 0.5, 5.0..1000.0).is_none());
    }
}
