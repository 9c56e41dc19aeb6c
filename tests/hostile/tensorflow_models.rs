//! Damaged SavedModels and checkpoints are refused or give a valid network.

use std::collections::BTreeMap;

use gantei::graph;
use gantei::keras::{Bytes, FilesInMemory, ModelFiles};

use crate::keras_fixtures::tensorflow::{import, read, rows, versions};
use crate::keras_fixtures::{harmed, random};
use crate::memory::{Worst, alone, mutations};

#[test]
fn no_damaged_file_crashes_or_fills_the_memory() {
    let _alone = alone();
    let versions = versions();
    let mut targets = Vec::new();
    for (version, files) in &versions {
        for row in rows(files).into_iter().filter(|row| row.refused.is_none()) {
            let checkpoint = match row.form.as_str() {
                "saved-model" => format!("{}/variables/variables", row.name),
                _ => row.name.clone(),
            };
            let data = format!("{checkpoint}.data-00000-of-00001");
            let index = Index::of(files, format!("{checkpoint}.index"));
            let mut names: Vec<String> = ["keras_metadata.pb", "saved_model.pb"]
                .map(|name| format!("{}/{name}", row.name))
                .into_iter()
                .chain(row.config.clone())
                .chain([data.clone(), index.name.clone()])
                .filter(|name| files.has(name))
                .collect();
            names.sort();
            targets.push((version, files, row, names, data, index));
        }
    }
    let mut worst = Worst::default();
    let mut random = random();
    let (mut valid, tries) = (0, mutations());
    for round in 0..tries {
        let (version, files, row, names, data, index) = &targets[round % targets.len()];
        let damaged = &names[random() as usize % names.len()];
        let mut changed = BTreeMap::new();
        changed.insert(damaged, harmed(&read(files, damaged), &mut random));
        // Half of all damages have the right checksums, so that they reach what is behind.
        let is_sealed = random().is_multiple_of(2);
        if is_sealed && *damaged == index.name {
            changed.insert(damaged, index.sealed(changed[damaged].clone()));
        } else if is_sealed && damaged == data {
            let sealed = index.of_data(files, &read(files, data), &changed[data]);
            changed.insert(&index.name, sealed);
        }
        let all = files.names().unwrap().iter().map(|name| {
            let bytes = changed.get(name).cloned();
            (
                name.clone(),
                Bytes::from(bytes.unwrap_or_else(|| read(files, name))),
            )
        });
        let all: FilesInMemory = all.collect();
        let name = format!("{version} {}, {damaged}, round {round}", row.name);
        let length = read(files, damaged).len();
        if let Ok(model) = worst.watch_import(&name, length, || import(&all, row)) {
            graph::validate(&model.graph).unwrap();
            valid += 1;
        }
    }
    println!("{tries} damaged copies, {valid} of them still whole; {worst:?}");
    worst.report_unmeasured();
}

/// The index of a checkpoint, whose checksums can be made right again.
struct Index {
    name: String,
    /// Offset and length of its blocks.
    blocks: Vec<(usize, usize)>,
    /// Where the data has the graph of objects, and its checksum.
    graph: Option<(std::ops::Range<usize>, u32)>,
}

impl Index {
    fn of(files: &FilesInMemory, name: String) -> Self {
        let bytes = read(files, &name);
        let mut footer = &bytes[bytes.len() - 48..];
        let place = |rest: &mut &[u8]| (varint(rest), varint(rest));
        let unread = place(&mut footer);
        let list = place(&mut footer);
        // Small checkpoints have one block of entries, at the start.
        let mut entry = &bytes[list.0..];
        let [_, own, _] = [varint(&mut entry), varint(&mut entry), varint(&mut entry)];
        let mut value = &entry[own..];
        let entries = place(&mut value);
        assert_eq!(entries.0, 0);
        let data = read(files, &name.replace(".index", ".data-00000-of-00001"));
        let key = b"_CHECKPOINTABLE_OBJECT_GRAPH";
        let at = bytes.windows(key.len()).position(|window| window == key);
        let graph = at.and_then(|at| {
            // Fields of the entry: type, shape, offset, size, checksum.
            let mut rest = &bytes[at + key.len()..];
            let (mut start, mut length) = (0, 0);
            let crc = loop {
                match varint(&mut rest) {
                    0x08 => {
                        varint(&mut rest);
                    }
                    0x12 => {
                        let length = varint(&mut rest);
                        rest = &rest[length..];
                    }
                    0x20 => start = varint(&mut rest),
                    0x28 => length = varint(&mut rest),
                    0x35 => break u32::from_le_bytes(rest[..4].try_into().unwrap()),
                    _ => return None,
                }
            };
            (start + length <= data.len()).then_some((start..start + length, crc))
        });
        Self {
            name,
            blocks: vec![entries, unread, list],
            graph,
        }
    }

    /// The same with the checksums of its blocks.
    fn sealed(&self, mut index: Vec<u8>) -> Vec<u8> {
        for &(at, length) in &self.blocks {
            let end = at + length + 1;
            let crc = masked(crc32c(&[&index[at..end]]));
            index[end..end + 4].copy_from_slice(&crc.to_le_bytes());
        }
        index
    }

    /// The index for changed data: with the checksum of its graph of objects.
    fn of_data(&self, files: &FilesInMemory, before: &[u8], data: &[u8]) -> Vec<u8> {
        let mut index = read(files, &self.name);
        let Some((range, crc)) = self.graph.clone() else {
            return index;
        };
        let text = |data: &[u8]| {
            let mut rest = &data[range.clone()];
            let length = varint(&mut rest) as u32;
            let (checksum, text) = rest.split_at(4);
            masked(crc32c(&[&length.to_le_bytes(), checksum, text]))
        };
        assert_eq!(text(before), crc);
        let at = index.windows(4).position(|four| four == crc.to_le_bytes());
        let at = at.unwrap();
        index[at..at + 4].copy_from_slice(&text(data).to_le_bytes());
        self.sealed(index)
    }
}

fn varint(rest: &mut &[u8]) -> usize {
    let mut number = 0;
    for shift in (0..63).step_by(7) {
        let byte = rest[0];
        *rest = &rest[1..];
        number |= usize::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            break;
        }
    }
    number
}

fn crc32c(parts: &[&[u8]]) -> u32 {
    let mut crc = u32::MAX;
    for byte in parts.concat() {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0x82f6_3b78 * (crc & 1));
        }
    }
    !crc
}

fn masked(crc: u32) -> u32 {
    crc.rotate_right(15).wrapping_add(0xa282_ead8)
}
