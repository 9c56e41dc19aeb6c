//! The devices that the user can name, and their names in ONNX Runtime.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

/// Where a model runs.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Display,
    EnumIter,
    EnumString,
    IntoStaticStr,
)]
#[strum(
    serialize_all = "lowercase",
    ascii_case_insensitive,
    parse_err_fn = unknown,
    parse_err_ty = UnknownDevice
)]
pub enum Device {
    /// The fastest device that passes a trial run; the only choice that may fall back.
    #[default]
    Auto,
    /// The engine inside the executable.
    Embedded,
    /// ONNX Runtime on the processor.
    Cpu,
    Cuda,
    TensorRt,
    DirectMl,
    CoreMl,
    OpenVino,
    WebGpu,
    MiGraphX,
    Xnnpack,
}

impl Device {
    /// The word used with `--device` and in every file.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The execution provider's name in ONNX Runtime; `None` for `auto` and `embedded`.
    pub fn provider_name(self) -> Option<&'static str> {
        match self {
            Self::Auto | Self::Embedded => None,
            Self::Cpu => Some("CPUExecutionProvider"),
            Self::Cuda => Some("CUDAExecutionProvider"),
            Self::TensorRt => Some("TensorrtExecutionProvider"),
            Self::DirectMl => Some("DmlExecutionProvider"),
            Self::CoreMl => Some("CoreMLExecutionProvider"),
            Self::OpenVino => Some("OpenVINOExecutionProvider"),
            Self::WebGpu => Some("WebGpuExecutionProvider"),
            Self::MiGraphX => Some("MIGraphXExecutionProvider"),
            Self::Xnnpack => Some("XnnpackExecutionProvider"),
        }
    }
}

/// The word does not name a device.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "unknown device {0:?}; use auto, embedded, cpu, cuda, tensorrt, directml, coreml, openvino, webgpu, migraphx or xnnpack"
)]
pub struct UnknownDevice(pub String);

fn unknown(word: &str) -> UnknownDevice {
    UnknownDevice(word.to_owned())
}

impl Serialize for Device {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Device {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        word.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn every_word_reads_back() {
        for device in Device::iter() {
            assert_eq!(device.to_string().parse(), Ok(device));
        }
        assert_eq!("CUDA".parse(), Ok(Device::Cuda));
        let error = "gpu".parse::<Device>().unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("unknown device \"gpu\"; use auto")
        );
    }
}
