//! How each execution provider is requested: always in float32, always explicitly.
//!
//! By default ONNX Runtime picks a provider itself, and some providers calculate in bfloat16 or TF32; the options here
//! forbid that where the provider allows it.

use ort::ep::{self, ExecutionProvider, ExecutionProviderDispatch};

use super::Device;

/// By default OpenVINO calculates in bfloat16 on processors that support it.
const OPENVINO_FLOAT32: &str =
    r#"{"CPU":{"INFERENCE_PRECISION_HINT":"f32"},"GPU":{"INFERENCE_PRECISION_HINT":"f32"}}"#;

/// Options for a provider that offers devices, as `provider.key` and value.
pub fn device_options(device: Device) -> Vec<(String, String)> {
    let Some(provider) = device.provider_name() else {
        return Vec::new();
    };
    let options: &[(&str, &str)] = match device {
        Device::OpenVino => &[("load_config", OPENVINO_FLOAT32)],
        Device::Cuda => &[("use_tf32", "0"), ("cudnn_conv_algo_search", "HEURISTIC")],
        _ => &[],
    };
    options
        .iter()
        .map(|(key, value)| (format!("{provider}.{key}"), (*value).to_owned()))
        .collect()
}

/// The registration of a provider that offers no devices; its failure is an error. `None` if nothing is to be
/// registered.
pub fn registration(device: Device) -> Option<ExecutionProviderDispatch> {
    let dispatch = match device {
        Device::Auto | Device::Embedded => return None,
        Device::Cpu => ep::CPU::default().build(),
        Device::Cuda => ep::CUDA::default()
            .with_tf32(false)
            .with_conv_algorithm_search(ep::cuda::ConvAlgorithmSearch::Heuristic)
            .build(),
        Device::TensorRt => ep::TensorRT::default()
            .with_fp16(false)
            .with_bf16(false)
            .build(),
        Device::DirectMl => ep::DirectML::default().build(),
        Device::CoreMl => ep::CoreML::default()
            .with_model_format(ep::coreml::ModelFormat::MLProgram)
            .with_compute_units(ep::coreml::ComputeUnits::CPUAndGPU)
            .with_low_precision_accumulation_on_gpu(false)
            .build(),
        Device::OpenVino => ep::OpenVINO::default()
            .with_device_type("CPU")
            .with_precision("FP32")
            .build(),
        Device::WebGpu => ep::WebGPU::default().build(),
        Device::MiGraphX => ep::MIGraphX::default().with_fp16(false).build(),
        Device::Xnnpack => ep::XNNPACK::default().build(),
    };
    Some(dispatch.error_on_failure())
}

/// Whether the provider was compiled into the loaded library. It may still not work.
pub fn is_compiled_in(device: Device) -> bool {
    let answer = match device {
        Device::Auto | Device::Embedded => return false,
        Device::Cpu => ep::CPU::is_available(),
        Device::Cuda => ep::CUDA::is_available(),
        Device::TensorRt => ep::TensorRT::is_available(),
        Device::DirectMl => ep::DirectML::is_available(),
        Device::CoreMl => ep::CoreML::is_available(),
        Device::OpenVino => ep::OpenVINO::is_available(),
        Device::WebGpu => ep::WebGPU::is_available(),
        Device::MiGraphX => ep::MIGraphX::is_available(),
        Device::Xnnpack => ep::XNNPACK::is_available(),
    };
    answer.unwrap_or(false)
}
