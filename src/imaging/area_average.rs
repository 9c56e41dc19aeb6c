//! Smaller copies by summing blocks of whole pixels: the working copy and thumbnails for lists.
//!
//! Two other averages are separate: figures shrink by any ratio without aliasing (`export::shrink`, blocks with
//! fractional pixels), and zoom levels extend one pixel beyond an odd edge (`app::pyramid`). Each rounds differently,
//! and existing measurements, drawings and files depend on that.

/// Width and height of a copy whose longer side is at most `longest`, with the same aspect ratio, rounded down, at
/// least 1.
pub(super) fn size_within([width, height]: [u32; 2], longest: u32) -> [u32; 2] {
    let side = width.max(height);
    if side <= longest {
        return [width, height];
    }
    [width, height].map(|s| (u64::from(s) * u64::from(longest) / u64::from(side)).max(1) as u32)
}

/// For each pixel of a copy of `to` pixels, row by row: the sum over its block of `from` pixels of `N` channels, and
/// the number of pixels in the block. No side of `to` may be longer than that of `from`.
pub(super) fn block_sums<const N: usize>(
    values: &[u8],
    from: [u32; 2],
    to: [u32; 2],
    mut each: impl FnMut([u64; N], u64),
) {
    let [full_width, full_height] = from.map(|side| side as usize);
    let [width, height] = to.map(|side| side as usize);
    let edges: Vec<usize> = (0..=width).map(|x| x * full_width / width).collect();
    let mut sums = vec![[0_u64; N]; width];
    for y in 0..height {
        let rows = y * full_height / height..(y + 1) * full_height / height;
        sums.fill([0; N]);
        for row in rows.clone() {
            let line = &values[row * full_width * N..(row + 1) * full_width * N];
            for (x, sum) in sums.iter_mut().enumerate() {
                let mut of_row = [0_u32; N];
                for pixel in line[edges[x] * N..edges[x + 1] * N].as_chunks::<N>().0 {
                    for (sum, &value) in of_row.iter_mut().zip(pixel) {
                        *sum += u32::from(value);
                    }
                }
                for (sum, of_row) in sum.iter_mut().zip(of_row) {
                    *sum += u64::from(of_row);
                }
            }
        }
        for (x, &sum) in sums.iter().enumerate() {
            each(sum, ((edges[x + 1] - edges[x]) * rows.len()) as u64);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_share_the_picture_out_without_a_rest() {
        let values: Vec<u8> = (0..15).collect();
        let mut blocks = Vec::new();
        block_sums::<1>(&values, [5, 3], [2, 2], |[sum], count| {
            blocks.push((sum, count))
        });
        assert_eq!(blocks, [(1, 2), (9, 3), (32, 4), (63, 6)]);
        let [sum, count] = blocks.iter().fold([0; 2], |[s, c], b| [s + b.0, c + b.1]);
        assert_eq!((sum, count), (105, 15));
    }

    #[test]
    fn sides_keep_their_proportion_and_one_pixel() {
        assert_eq!(size_within([400, 200], 100), [100, 50]);
        assert_eq!(size_within([3000, 1], 64), [64, 1]);
        assert_eq!(size_within([3000, 1], 0), [1, 1]);
        assert_eq!(size_within([30, 10], 64), [30, 10]);
    }
}
