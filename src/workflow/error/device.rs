//! Errors of engines and devices, and of the files that ONNX Runtime comes in.

use super::Class;
use super::row::{Row, row};
use crate::domain::DeviceFault;
use crate::runtime;
use crate::runtime::wheel::WheelError;
use crate::text::failures::{Fault, ModelFault, TaskFault};

/// For a request of the system or a model file for more memory than there is.
pub(super) fn out_of_memory<'a>(fault: Fault) -> Row<'a> {
    row(Class::Device, "memory", fault)
}

pub(super) fn of_runtime(error: &runtime::Error) -> Row<'_> {
    let fault = match error {
        runtime::Error::Memory(_) => {
            return out_of_memory(Fault::Device(DeviceFault::Memory));
        }
        runtime::Error::Input(_) => {
            return row(Class::Model, "tensor", Fault::Device(DeviceFault::Input));
        }
        runtime::Error::Cancelled => Fault::Task(TaskFault::Cancelled),
        runtime::Error::Model(_) => Fault::Model(ModelFault::Refused),
        runtime::Error::NoOutput(_) => Fault::Device(DeviceFault::NoOutput),
        runtime::Error::Device { device, .. } => Fault::Device(DeviceFault::Unavailable {
            device: device.to_string(),
        }),
        runtime::Error::Deviates {
            device, against, ..
        } => Fault::Device(DeviceFault::Disagrees {
            device: device.to_string(),
            against: against.clone(),
        }),
        runtime::Error::Run(_) => Fault::Device(DeviceFault::Run),
    };
    // Another device may help, or the model may be the cause.
    let class = match error.is_unavailable() {
        true => Class::Device,
        false => Class::Model,
    };
    row(class, "device", fault)
}

pub(super) fn of_wheel(error: &WheelError) -> DeviceFault {
    match error {
        WheelError::TooLarge(limit) | WheelError::Limit(limit) => {
            DeviceFault::LibraryTooLarge { limit: *limit }
        }
        WheelError::NeitherWheelNorLibrary => DeviceFault::NotALibrary,
        WheelError::LibraryName => DeviceFault::LibraryName,
        WheelError::OtherPlatform { os, arch } => DeviceFault::OtherPlatform { os, arch },
        WheelError::Checksum { .. } => DeviceFault::Checksum,
        WheelError::NotPinned { .. } => DeviceFault::NotPinned,
        WheelError::Damaged(_) | WheelError::UnsafeName => DeviceFault::LibraryDamaged,
        WheelError::NoLibrary => DeviceFault::NoLibrary,
    }
}
