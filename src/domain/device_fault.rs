//! Why a model or a device cannot run on this computer: faults of engines, of devices, and of the files that ONNX Runtime
//! comes in.

/// What is refused because the memory for it is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// The passes of a saliency map.
    Map,
    /// A forward pass of a network.
    Network,
    /// Reading a model file and making a network of it, or reading a tensor.
    Reading,
    /// Anything at all.
    Start,
}

/// Why a model could not run here, or why an engine's library is not installed.
#[derive(Clone, Debug, PartialEq, Eq, strum::EnumCount)]
pub enum DeviceFault {
    /// The chosen device does not work here; its word in files.
    Unavailable {
        device: String,
    },
    Memory,
    /// Told before the work: the bytes it takes, and the bytes that there are.
    NeedsMemory {
        work: Operation,
        need: u64,
        available: u64,
    },
    /// The library in use was built without this device, or nothing was installed for it.
    Absent,
    /// It ran, and its answer is further from the reference than is allowed.
    Deviates,
    /// It computes another answer for this model than the second engine; the words of both in files.
    Disagrees {
        device: String,
        against: String,
    },
    /// The engine stopped during the run.
    Run,
    /// The input does not fit the network.
    Input,
    /// The network has no output of a name that is needed.
    NoOutput,
    NotALibrary,
    LibraryName,
    /// The wheel is for another system.
    OtherPlatform {
        os: &'static str,
        arch: &'static str,
    },
    /// Not the official file of this name.
    Checksum,
    /// A checksum that is not known; the person may accept it.
    NotPinned,
    LibraryDamaged,
    /// More bytes or members than are taken.
    LibraryTooLarge {
        limit: u64,
    },
    /// The wheel holds no library.
    NoLibrary,
    /// The library could not be stored.
    NotStored,
}
