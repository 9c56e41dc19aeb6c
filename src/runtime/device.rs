//! The devices a person can name, and what each is called in ONNX Runtime.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Where a model shall run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Device {
    /// The best that works on a trial run; the only choice that may fall back.
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
    /// Every device, in the order of the contract.
    pub const ALL: [Self; 11] = [
        Self::Auto,
        Self::Embedded,
        Self::Cpu,
        Self::Cuda,
        Self::TensorRt,
        Self::DirectMl,
        Self::CoreMl,
        Self::OpenVino,
        Self::WebGpu,
        Self::MiGraphX,
        Self::Xnnpack,
    ];

    /// The devices that ONNX Runtime serves.
    pub const OF_ONNX_RUNTIME: [Self; 9] = [
        Self::Cpu,
        Self::Cuda,
        Self::TensorRt,
        Self::DirectMl,
        Self::CoreMl,
        Self::OpenVino,
        Self::WebGpu,
        Self::MiGraphX,
        Self::Xnnpack,
    ];

    /// The word used with `--device` and in every file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Embedded => "embedded",
            Self::Cpu => "cpu",
            Self::Cuda => "cuda",
            Self::TensorRt => "tensorrt",
            Self::DirectMl => "directml",
            Self::CoreMl => "coreml",
            Self::OpenVino => "openvino",
            Self::WebGpu => "webgpu",
            Self::MiGraphX => "migraphx",
            Self::Xnnpack => "xnnpack",
        }
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

impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The word is not a device.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "unknown device {0:?}; use auto, embedded, cpu, cuda, tensorrt, directml, coreml, openvino, webgpu, migraphx or xnnpack"
)]
pub struct UnknownDevice(pub String);

impl FromStr for Device {
    type Err = UnknownDevice;

    fn from_str(word: &str) -> Result<Self, UnknownDevice> {
        Self::ALL
            .into_iter()
            .find(|device| device.as_str().eq_ignore_ascii_case(word))
            .ok_or_else(|| UnknownDevice(word.to_owned()))
    }
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
    use super::*;

    #[test]
    fn every_word_reads_back() {
        for device in Device::ALL {
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

    #[test]
    fn only_devices_of_onnx_runtime_have_a_provider() {
        for device in Device::ALL {
            assert_eq!(
                device.provider_name().is_some(),
                Device::OF_ONNX_RUNTIME.contains(&device)
            );
        }
    }
}
