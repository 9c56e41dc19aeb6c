//! Asks ONNX Runtime which provider got which nodes, and for its version.
//!
//! `ort` has no safe call for either. The unsafe code follows pointers owned by ONNX Runtime
//! and copies their contents while the session or environment is alive.
#![expect(
    unsafe_code,
    reason = "ort has no safe wrapper for these queries of the C interface"
)]

use std::collections::BTreeMap;
use std::ffi::{CStr, c_char};
use std::ptr;

use ort::AsPointer;
use ort::environment::Environment;
use ort::session::Session;

/// Nodes of the optimised graph per execution provider. The session must have been opened with the entry
/// `session.record_ep_graph_assignment_info` = `1`.
pub fn nodes_per_provider(session: &Session) -> Result<BTreeMap<String, usize>, ort::Error> {
    let api = ort::api();
    let mut nodes = BTreeMap::new();
    let (mut subgraphs, mut count) = (ptr::null(), 0_usize);
    // SAFETY: the session is alive; both out-pointers are valid; ONNX Runtime keeps the array as long as the session.
    unsafe {
        ort::Error::result_from_status((api.Session_GetEpGraphAssignmentInfo)(
            session.ptr(),
            &mut subgraphs,
            &mut count,
        ))?;
    }
    if subgraphs.is_null() {
        return Ok(nodes);
    }
    for index in 0..count {
        let (mut name, mut list, mut length) = (ptr::null::<c_char>(), ptr::null(), 0_usize);
        // SAFETY: `index` is below the count returned with the array; its entries live as long as the session.
        unsafe {
            let subgraph = *subgraphs.add(index);
            ort::Error::result_from_status((api.EpAssignedSubgraph_GetEpName)(
                subgraph, &mut name,
            ))?;
            ort::Error::result_from_status((api.EpAssignedSubgraph_GetNodes)(
                subgraph,
                &mut list,
                &mut length,
            ))?;
        }
        *nodes.entry(owned(name)).or_default() += length;
    }
    Ok(nodes)
}

/// The version of the loaded library, as stated by the CPU provider; `None` if it states none.
pub fn library_version(environment: &Environment) -> Option<String> {
    let api = ort::api();
    let device = environment
        .devices()
        .find(|device| device.ep().is_ok_and(|name| name == "CPUExecutionProvider"))?;
    // SAFETY: the device belongs to the living environment; ONNX Runtime owns the pairs and the text it returns.
    let text = unsafe {
        let pairs = (api.EpDevice_EpMetadata)(device.ptr());
        if pairs.is_null() {
            return None;
        }
        (api.GetKeyValue)(pairs, c"version".as_ptr())
    };
    (!text.is_null())
        .then(|| owned(text))
        .filter(|version| !version.is_empty())
}

/// Copies a string owned by ONNX Runtime.
fn owned(text: *const c_char) -> String {
    if text.is_null() {
        return String::new();
    }
    // SAFETY: not null, and strings of ONNX Runtime are null-terminated.
    unsafe { CStr::from_ptr(text) }
        .to_string_lossy()
        .into_owned()
}
