//! Texts about models, engines and settings.

use super::{Lang, Texts};

texts! {
    menu_models: "Models", "モデル";
    models_sheet: "Models", "モデル一覧";
    import_model: "Import a model", "モデルを取り込む";
    devices_sheet: "Devices", "デバイス";
    settings_sheet: "Settings", "設定";

    installed_models: "Installed", "導入済み";
    get_joir: "Get JOIR models", "JOIRモデルの入手";
    architecture: "Network", "ネットワーク";
    input_size: "Input", "入力";
    task: "Task", "推定項目";
    task_sex: "recorded-sex estimate", "記録上の性別の推定";
    task_age: "age estimate", "年齢の推定";
    task_other: "score of other labels", "その他のラベルのスコア";
    source_file: "Source file", "元ファイル";
    scaling: "Scaling", "画素値の変換";
    crop: "Crop", "切り出し";
    resize: "Resizing", "リサイズ方法";
    colour_order: "Colour order", "色の順序";
    labels: "Labels", "ラベル";
    citation: "Citation", "引用";
    acknowledgment: "Acknowledgment", "謝辞";
    copy: "Copy", "コピー";
    model_card: "Model card", "モデルカード";
    self_test: "Self-test", "動作確認";
    self_test_tip: "Run the stored reference input and compare its output with the stored one", "保存済みの参照入力を実行し、保存済みの出力と比べる";
    self_test_running: "Testing...", "テスト中…";
    self_test_good: "Agrees with the reference result.", "参照値と一致しました。";
    self_test_bad: "The output differs from the reference. Do not use this device.", "参照値と一致しません。このデバイスは使わないでください。";
    deviation: "Deviation", "参照値との差";
    remove_model: "Remove", "削除";
    remove_really: "Remove this model?", "このモデルを削除しますか?";
    keep: "Keep", "残す";
    use_model: "Use", "使用する";
    in_use: "In use", "使用中";

    joir_about: "The Japanese Ophthalmological Society and the National Institute of Informatics published models that analyse fundus photographs. The models for recorded sex (EfficientNet-B7 and MobileNet) date from December 2023. The model for age dates from January 2023. They may not be redistributed. Download them yourself; Gantei reads the file on this computer.", "日本眼科学会と国立情報学研究所は、眼底写真を解析するモデルを公開しています。記録上の性別のモデル(EfficientNet-B7とMobileNet)は2023年12月の公開です。年齢のモデルは2023年1月の公開です。再配布はできないため、ご自身でダウンロードしてください。ファイルは、このコンピューター上でGanteiが読み込みます。";
    joir_step_1: "Open the website of the Japan Ocular Imaging Registry (www.joir.jp), find the published models and read their terms.", "Japan Ocular Imaging Registryのウェブサイト(www.joir.jp)を開きます。公開モデルを探し、利用条件を読みます。";
    joir_step_2: "Download the Keras file (its name ends in .h5).", "Kerasのファイル(拡張子 .h5)をダウンロードします。";
    joir_step_3: "Import it here and choose the preset that fits. Gantei shows what the file contains and what is assumed.", "ここで取り込み、該当するプリセットを選びます。ファイルに書かれている内容と仮定した内容を表示します。";
    joir_step_4: "Check the assumed fields (crop, scaling, class order) on photographs with known labels before you use a score.", "仮定した項目(切り出し、画素値の変換、クラスの順序)は、スコアを使う前にラベルの分かる写真で確かめてください。";
    joir_figures: "Their publishers report 92.0 % correct and an AUC of 0.971 (EfficientNet-B7) and 91.2 % correct (MobileNet): internal validation, JOIR data.", "提供者の報告では、正答率はEfficientNet-B7で92.0 %(AUC 0.971)です。MobileNetは91.2 %です。いずれもJOIRデータでの内部検証です。";

    choose_keras: "Choose a model file...", "モデルファイルを選ぶ…";
    choose_keras_folder: "Choose a model folder...", "モデルのフォルダーを選ぶ…";
    keras_field: "Path of the model file or folder", "モデルのファイルまたはフォルダーのパス";
    read_this: "Open", "開く";
    import_intro: "Opens a model saved by Keras (.h5, .keras, weights with or without model.json) or an ONNX file. Folders and downloaded archives can be opened as well. The file is read here, without Python; no code in it is run.", "Kerasのモデル(.h5、.keras、重みのみ、重みとmodel.json)またはONNXファイルを開きます。フォルダーや、ダウンロードした圧縮ファイルも開けます。Pythonなしで読み込み、ファイル内のコードは実行しません。";
    reading_file: "Reading the file...", "ファイルを読み込み中…";
    storing: "Importing...", "取り込み中…";
    file_says: "Contents of the file", "ファイルの内容";
    still_open: "Not in the file", "ファイルにない項目";
    preset: "Preset", "プリセット";
    preset_none: "None", "なし";
    model_id: "Name", "名前";
    parameters: "Parameters", "パラメーター数";
    keras_version: "Keras version", "Kerasのバージョン";
    head: "Last layer", "最終層";
    in_file_scaling: "Scaling inside the network", "ネットワーク内での画素値の変換";
    label_0: "Label of output 0", "出力0のラベル";
    label_1: "Label of output 1", "出力1のラベル";
    not_said: "choose", "選択";
    missing_fields: "Still missing:", "未設定の項目:";
    assumed_fields: "Assumed, not confirmed:", "仮定(未確認):";
    import_now: "Import", "取り込む";
    imported_hint: "It will be used for the next run.", "次の実行に使われます。";

    try_devices: "Test all devices", "すべてのデバイスを確認";
    trying: "Testing each device...", "各デバイスを確認しています…";
    devices_intro: "Each device runs the demonstration model once. Its output is compared with that of Keras.", "各デバイスでデモ用モデルを1回実行し、Kerasの出力と比べます。";
    works_here: "Works on this machine", "この環境で使用できるデバイス";
    other_devices: "Other devices", "その他のデバイス";
    need_runtime: "These need ONNX Runtime, which is not installed:", "次のデバイスにはONNX Runtimeが必要ですが、導入されていません:";
    other_devices_more: "Other devices...", "その他のデバイス…";
    no_library: "ONNX Runtime was not found. Gantei runs with its embedded engine; with ONNX Runtime it is faster and can use a GPU.", "ONNX Runtimeが見つかりません。内蔵エンジンで動作します。ONNX Runtimeがあれば速くなり、GPUも使えます。";
    how_to_get: "How to get ONNX Runtime", "ONNX Runtimeの入手方法";
    how_to_get_text: "Download the official onnxruntime wheel (.whl; onnxruntime-gpu for NVIDIA), or run the script get-runtime supplied with Gantei. Then install the file here; Python is not needed.", "公式のonnxruntimeのwheel(拡張子 .whl)をダウンロードします。NVIDIAのGPUではonnxruntime-gpuを選びます。Gantei付属のスクリプトget-runtimeも使えます。そのファイルをここで導入してください。Pythonは不要です。";
    install_runtime: "Install from wheel or library...", "wheelまたはライブラリから導入…";
    runtime_field: "Path of the wheel or library", "wheelまたはライブラリのパス";
    install_this: "Install", "導入";
    installing: "Installing...", "導入中…";
    installed_now: "Installed and in use.", "導入し、使用を開始しました。";
    installed_refused: "Installed, but it cannot be used.", "導入しましたが、使用できません。";
    installed_restart: "Installed. It is used from the next start of Gantei.", "導入しました。次回の起動から使われます。";
    not_pinned: "The checksum of this file is not known to Gantei. Install it only if you trust its source.", "このファイルのチェックサムは登録されていません。入手元が確かな場合だけ導入してください。";
    install_anyway: "Install anyway", "導入する";
    accept_cancel: "Do not install", "導入しない";
    provider: "Provider", "プロバイダー";
    engine: "Engine", "エンジン";
    run_ms: "One run", "1回の実行";

    settings_language: "Language", "言語";
    settings_theme: "Theme", "テーマ";
    theme_system: "As the system", "システムに合わせる";
    theme_dark: "Dark", "ダーク";
    theme_light: "Light", "ライト";
    theme_high_contrast: "High contrast", "ハイコントラスト";
    settings_scale: "Text size", "文字の大きさ";
    larger: "Larger text", "文字を大きく";
    smaller: "Smaller text", "文字を小さく";
    remember_files: "Remember recent files", "最近使ったファイルを記録";
    remember_files_tip: "Their paths are kept on this computer and may contain a person's name", "パスがこのコンピューターに残ります。個人名を含むことがあります";
    show_welcome: "Show the three steps", "3ステップの案内を表示";
    settings_saved_where: "No photograph, name or result is kept in the settings.", "設定には写真・氏名・結果を保存しません。";
}

/// The execution providers as their makers spell them, by their words for `--device`; the word itself if it is unknown.
fn device_brand(word: &str) -> &str {
    match word {
        "cuda" => "CUDA",
        "tensorrt" => "TensorRT",
        "directml" => "DirectML",
        "coreml" => "Core ML",
        "openvino" => "OpenVINO",
        "webgpu" => "WebGPU",
        "migraphx" => "MIGraphX",
        "xnnpack" => "XNNPACK",
        other => other,
    }
}

impl Texts {
    /// A device by its word, spelled as its maker spells it.
    pub fn device_name(self, word: &str) -> String {
        match word {
            "auto" => self.device_auto().to_owned(),
            "embedded" => self.device_embedded().to_owned(),
            "cpu" => self.device_cpu().to_owned(),
            word => {
                let name = device_brand(word);
                match self.0 {
                    Lang::En => format!("ONNX Runtime, {name}"),
                    Lang::Ja => format!("ONNX Runtime・{name}"),
                }
            }
        }
    }

    /// The same without the engine.
    pub fn device_short(self, word: &str) -> &str {
        match (self.0, word) {
            (Lang::En, "cpu") => "processor",
            (Lang::Ja, "cpu") => "CPU",
            (_, word) => device_brand(word),
        }
    }

    pub fn imported(self, name: &str) -> String {
        match self.0 {
            Lang::En => format!("{name} was imported and selected."),
            Lang::Ja => format!("{name} を取り込み、選択しました。"),
        }
    }

    /// A deviation and the largest permitted one. In words, because the typeface draws the sign the wrong way round.
    pub fn deviation_allowed(self, deviation: f64, allowed: f64) -> String {
        let deviation = self.signed(format!("{deviation:.1e}"));
        let allowed = self.signed(format!("{allowed:.0e}"));
        match self.0 {
            Lang::En => format!("Deviation {deviation} (at most {allowed} allowed)"),
            Lang::Ja => format!("参照値との差 {deviation}(許容 {allowed})"),
        }
    }

    /// A field of the model card that is unknown or unconfirmed, by its name in files.
    pub fn card_field(self, field: &str) -> &str {
        match field {
            "input_size" | "size" => self.input_size(),
            "head" => self.head(),
            "scaling" => self.scaling(),
            "colour" => self.colour_order(),
            "resize" => self.resize(),
            "crop" => self.crop(),
            "labels" => self.labels(),
            "threshold" => self.threshold(),
            "task" => self.task(),
            "mean" => self.mean(),
            "std" => self.deviation_of(),
            "value_scale" => self.value_scale(),
            "value_offset" => self.value_offset(),
            "value_range" => self.value_range(),
            "architecture" => self.architecture(),
            "pooling" => self.pooling(),
            "head_norm" => self.head_norm(),
            "norm_epsilon" => self.norm_epsilon(),
            "hidden_activation" => self.hidden_activation(),
            "imagenet_rescaling" => self.imagenet_rescaling(),
            _ => field,
        }
    }
}
