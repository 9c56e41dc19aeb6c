//! Texts about the photograph in view: a guessed eye, the frame, the camera.

use super::{Lang, Texts};

texts! {
    accept_guess: "Accept", "確定する";
    frame: "Frame", "フレーム";
    previous_frame: "Previous frame", "前のフレーム";
    next_frame: "Next frame", "次のフレーム";
    frame_waits: "Another frame can be chosen when the work on this photograph has ended.", "この写真の処理が終わると、別のフレームを選べます。";
    camera: "Camera", "カメラ";
    applicability: "Applicability", "適用範囲";
    applicability_tip: "How well this photograph matches the data that published models were trained on", "公開モデルの学習データにどの程度合う写真か";
}

impl Texts {
    /// The number of frames, after that of the frame in view.
    pub fn of_frames(self, frames: u32) -> String {
        match self.0 {
            Lang::En => format!("of {frames}"),
            Lang::Ja => format!("/ {frames}"),
        }
    }

    /// The horizontal field of view that a file states.
    pub fn degrees(self, degrees: f64) -> String {
        let figure = match degrees.fract() == 0.0 {
            true => format!("{degrees:.0}"),
            false => format!("{degrees:.1}"),
        };
        match self.0 {
            Lang::En => format!("horizontal angle of view {figure}°"),
            Lang::Ja => format!("水平画角 {figure}°"),
        }
    }
}
