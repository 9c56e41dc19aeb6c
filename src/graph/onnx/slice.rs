//! The parts of a tensor that a Slice takes.

use super::proto;
use super::read::Reader;
use crate::graph::{AxisSlice, Dim, Error};

impl Reader<'_> {
    /// The parts that a Slice takes of its axes.
    pub(super) fn cuts(&mut self, node: &proto::Node) -> Result<Vec<AxisSlice>, Error> {
        let wrong = || Error::unsupported(&node.name, "Slice with these limits");
        let name = node.inputs.first().cloned().unwrap_or_default();
        let id = self.value(&name, &node.name)?;
        let dims = self.builder.ty(id).dims().to_vec();
        let (starts, ends) = (self.integers(node, 1)?, self.integers(node, 2)?);
        let in_order: Vec<i64> = (0..starts.len() as i64).collect();
        let axes = match node.inputs.len() > 3 {
            true => self.integers(node, 3)?,
            false => in_order.as_slice(),
        };
        let ones = vec![1; starts.len()];
        let steps = match node.inputs.len() > 4 {
            true => self.integers(node, 4)?,
            false => ones.as_slice(),
        };
        let mut cuts = Vec::with_capacity(starts.len());
        for (at, &start) in starts.iter().enumerate() {
            let (Some(&end), Some(&axis), Some(&step)) =
                (ends.get(at), axes.get(at), steps.get(at))
            else {
                return Err(wrong());
            };
            let from_front = if axis < 0 {
                axis.saturating_add(dims.len() as i64)
            } else {
                axis
            };
            let axis = usize::try_from(from_front).map_err(|_| wrong())?;
            let Some(&Dim::Size(size)) = dims.get(axis) else {
                return Err(wrong());
            };
            let place = |at: i64| {
                let at = if at < 0 {
                    at.saturating_add(size as i64)
                } else {
                    at
                };
                at.clamp(0, size as i64) as usize
            };
            cuts.push(AxisSlice {
                axis,
                start: place(start),
                end: place(end),
                step: usize::try_from(step)
                    .ok()
                    .filter(|&s| s > 0)
                    .ok_or_else(wrong)?,
            });
        }
        Ok(cuts)
    }
}
