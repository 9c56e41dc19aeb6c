//! The 16 supported networks of Keras applications as layer plans, for weights-only files.
//!
//! A plan is a [`Network`] as `model_config` would describe it: the same layers, names, settings and calls as in Keras,
//! in the order in which Keras creates them. Layers that Keras numbers itself are numbered as in a fresh process.

mod bind;
mod build;
mod densenet;
mod efficientnet;
mod head;
mod inception_resnet_v2;
mod inception_v3;
mod mobilenet;
mod order;
mod xception;

pub use bind::weights_only;

use super::Architecture;
use super::config::Network;
use build::Plan;

/// The network without a head, for this input height and width. `rescaling`: whether EfficientNet has the second
/// rescaling that Keras adds with ImageNet weights; `None` leaves its whole preprocessing out.
fn backbone(architecture: Architecture, size: [usize; 2], rescaling: Option<bool>) -> Plan {
    use Architecture as A;
    let mut p = Plan::new(size);
    match architecture {
        A::DenseNet121 => densenet::densenet(&mut p, [6, 12, 24, 16]),
        A::DenseNet169 => densenet::densenet(&mut p, [6, 12, 32, 32]),
        A::DenseNet201 => densenet::densenet(&mut p, [6, 12, 48, 32]),
        A::EfficientNetB0 => efficientnet::efficientnet(&mut p, 1.0, 1.0, rescaling),
        A::EfficientNetB1 => efficientnet::efficientnet(&mut p, 1.0, 1.1, rescaling),
        A::EfficientNetB2 => efficientnet::efficientnet(&mut p, 1.1, 1.2, rescaling),
        A::EfficientNetB3 => efficientnet::efficientnet(&mut p, 1.2, 1.4, rescaling),
        A::EfficientNetB4 => efficientnet::efficientnet(&mut p, 1.4, 1.8, rescaling),
        A::EfficientNetB5 => efficientnet::efficientnet(&mut p, 1.6, 2.2, rescaling),
        A::EfficientNetB6 => efficientnet::efficientnet(&mut p, 1.8, 2.6, rescaling),
        A::EfficientNetB7 => efficientnet::efficientnet(&mut p, 2.0, 3.1, rescaling),
        A::InceptionResNetV2 => inception_resnet_v2::inception_resnet_v2(&mut p),
        A::InceptionV3 => inception_v3::inception_v3(&mut p),
        A::MobileNet => mobilenet::mobilenet(&mut p),
        A::MobileNetV2 => mobilenet::mobilenet_v2(&mut p),
        A::Xception => xception::xception(&mut p),
    }
    p
}

fn network(plan: Plan) -> Network {
    plan.finish()
}

#[cfg(test)]
mod tests;
