//! Why a model or a device cannot run on this computer: faults of engines, devices and ONNX Runtime library files.

/// The operation refused for lack of memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// The passes of a saliency map.
    Map,
    /// A forward pass of a network.
    Network,
    /// Reading a model file and building its network, or reading a tensor.
    Reading,
    /// Any other work.
    Start,
}

/// Why a model could not run here, or why an engine's library is not installed.
#[derive(Clone, Debug, PartialEq, Eq, strum::EnumCount)]
pub enum DeviceFault {
    /// The chosen device, by its name in files, does not work here.
    Unavailable {
        device: String,
    },
    Memory,
    /// Known before the work starts: the bytes it needs, and the bytes available.
    NeedsMemory {
        work: Operation,
        need: u64,
        available: u64,
    },
    /// The library in use was built without this device, or none was installed for it.
    Absent,
    /// It ran, but its answer deviates from the reference more than allowed.
    Deviates,
    /// Its answer for this model differs from the second engine's; both by their names in files.
    Disagrees {
        device: String,
        against: String,
    },
    /// The engine failed during the run.
    Run,
    /// The input does not fit the network.
    Input,
    /// The network has no output of the required name.
    NoOutput,
    NotALibrary,
    LibraryName,
    /// The wheel is for another platform.
    OtherPlatform {
        os: &'static str,
        arch: &'static str,
    },
    /// Not the official file of this name.
    Checksum,
    /// The checksum is unknown; the user may accept it.
    NotPinned,
    LibraryDamaged,
    /// More bytes or members than the limit.
    LibraryTooLarge {
        limit: u64,
    },
    /// The wheel contains no library.
    NoLibrary,
    /// The library could not be stored.
    NotStored,
}
