//! What a file is that holds no model Gantei can open: what it is, why it cannot be opened, and one next step, with a line
//! of Python to copy where Python is the way out.
//!
//! Window and command line show the same sentences; they name neither flags nor places of the window.

use super::remedies::{TF2ONNX, as_onnx};
use super::{FaultText, wording};
use crate::domain::Lang;
use crate::keras::FileKind;

pub(super) fn of_kind(kind: FileKind) -> FaultText {
    use FileKind as K;
    match kind {
        K::Empty => wording(
            "The file is empty.",
            "Download or copy it again.",
            "ファイルが空です。",
            "ダウンロードまたはコピーし直してください。",
        ),
        K::Zeros => wording(
            "The file holds only zeros: its download did not finish, or its contents are still in a cloud folder.",
            "Download it again; if it is in a cloud folder, first choose to keep it on this computer.",
            "ファイルの中身がすべて0です。ダウンロードが完了していないか、実体がクラウド上に残っています。",
            "ダウンロードし直してください。クラウドのフォルダーにある場合は、先にこのコンピューターへ保存してください。",
        ),
        K::CutShort => wording(
            "The file is cut short: its end is missing.",
            "Download or copy it again.",
            "ファイルが途中で切れています。",
            "ダウンロードまたはコピーし直してください。",
        ),
        K::GitLfsPointer => wording(
            "The file is a git-lfs pointer, a short text in place of the model.",
            "Run \"git lfs pull\" in the repository, or download the file from the repository's web page.",
            "このファイルはgit-lfsのポインター(モデルの代わりの短いテキスト)です。",
            "リポジトリで git lfs pull を実行するか、リポジトリのウェブページからファイルをダウンロードしてください。",
        ),
        K::WebPage => wording(
            "The file is a web page or a server's response, not a model. The download ended on a sign-in, consent or error page.",
            "Open the address in a browser, sign in or accept the terms, and download the file itself.",
            "このファイルはモデルではなく、ウェブページまたはサーバーの応答です。ログイン、利用条件の同意、またはエラーの画面が保存されています。",
            "ブラウザーでアドレスを開き、ログインまたは利用条件への同意をしてから、ファイル本体をダウンロードしてください。",
        ),
        K::Shortcut => wording(
            "The file is a shortcut to another file or address.",
            "Choose the file that it points to.",
            "このファイルは別のファイルまたはアドレスへのショートカットです。",
            "リンク先のファイルを選んでください。",
        ),

        K::PyTorch => wording(
            "The file is a PyTorch model, which only PyTorch can run.",
            "Load it in Python with its network. Export it to ONNX with the input size used in training: torch.onnx.export(model.eval(), torch.zeros(1, 3, 224, 224), \"model.onnx\").",
            "このファイルはPyTorchのモデルで、PyTorchでしか実行できません。",
            "Pythonでネットワークとともに読み込み、学習時の入力サイズでONNXに書き出してください: torch.onnx.export(model.eval(), torch.zeros(1, 3, 224, 224), \"model.onnx\")。",
        ),
        K::Safetensors => wording(
            "The file holds weights in the safetensors format, without their network.",
            "Build the network in Python, load these weights, and save it as one file: model.save(\"model.h5\") in Keras, torch.onnx.export(model.eval(), torch.zeros(1, 3, 224, 224), \"model.onnx\") in PyTorch.",
            "このファイルはsafetensors形式の重みで、ネットワークが含まれていません。",
            "Pythonでネットワークを作り、この重みを読み込んで1つのファイルに保存してください。Keras: model.save(\"model.h5\")、PyTorch: torch.onnx.export(model.eval(), torch.zeros(1, 3, 224, 224), \"model.onnx\")。",
        ),
        K::TensorFlowLite => wording(
            "The file is a TensorFlow Lite model, converted for phones.",
            "Ask for the file from which it was converted (.h5, .keras or a SavedModel), or convert it in Python: tf2onnx.convert.from_tflite(\"model.tflite\", output_path=\"model.onnx\").",
            "このファイルは、スマートフォン向けに変換されたTensorFlow Liteのモデルです。",
            "変換元のファイル(.h5、.keras、SavedModel)を入手するか、Pythonで変換してください: tf2onnx.convert.from_tflite(\"model.tflite\", output_path=\"model.onnx\")。",
        ),
        K::FrozenGraph => wording(
            "The file is a TensorFlow graph (GraphDef), without the layers of Keras.",
            "Convert it in Python with the names of its input and output: tf2onnx.convert.from_graph_def(tf.compat.v1.GraphDef.FromString(open(\"model.pb\", \"rb\").read()), input_names=[\"x:0\"], output_names=[\"y:0\"], output_path=\"model.onnx\").",
            "このファイルはTensorFlowのグラフ(GraphDef)で、Kerasの層の情報がありません。",
            "入力と出力の名前を指定してPythonで変換してください: tf2onnx.convert.from_graph_def(tf.compat.v1.GraphDef.FromString(open(\"model.pb\", \"rb\").read()), input_names=[\"x:0\"], output_names=[\"y:0\"], output_path=\"model.onnx\")。",
        ),
        K::MetaGraph => wording(
            "The file is the graph of a TensorFlow 1 checkpoint (.meta), without weights and without the layers of Keras.",
            "Choose the .index file of the checkpoint, with the model's configuration, the text of model.to_json(), next to it as model.json.",
            "このファイルはTensorFlow 1のチェックポイントのグラフ(.meta)です。重みもKerasの層の情報もありません。",
            "モデルの設定(model.to_json() のテキスト)を model.json として隣に置いてください。その後、チェックポイントの .index ファイルを選びます。",
        ),
        K::TensorFlowJs => wording(
            "The file is a TensorFlow.js model, converted for web pages.",
            "Open the file from which it was converted. If there is none and it consists of layers (its format is layers-model), convert it back in Python: tensorflowjs.converters.load_keras_model(\"model.json\").save(\"model.h5\").",
            "このファイルは、ウェブページ向けに変換されたTensorFlow.jsのモデルです。",
            "変換元のファイルを開いてください。それがなく、層で構成されたモデル(形式が layers-model)の場合は、Pythonで変換し直してください: tensorflowjs.converters.load_keras_model(\"model.json\").save(\"model.h5\")。",
        ),
        K::OnnxRuntime => wording(
            "The file is a model in ONNX Runtime's own format (.ort).",
            "Open the .onnx file from which it was made.",
            "このファイルはONNX Runtime独自の形式(.ort)のモデルです。",
            "変換元の .onnx ファイルを開いてください。",
        ),
        K::CoreMl => wording(
            "The file is a Core ML model, converted for Apple devices.",
            "Open the file from which it was converted (.h5, .keras or .onnx).",
            "このファイルは、Apple製品向けに変換されたCore MLのモデルです。",
            "変換元のファイル(.h5、.keras、.onnx)を開いてください。",
        ),
        K::OpenVino => wording(
            "The file is an OpenVINO network (.xml, with its weights in a .bin file).",
            "Open the file from which it was converted (.h5, .keras or .onnx).",
            "このファイルはOpenVINOのネットワーク(.xml。重みは .bin ファイル)です。",
            "変換元のファイル(.h5、.keras、.onnx)を開いてください。",
        ),
        K::TensorRt => wording(
            "The file is a TensorRT engine, which runs only on the kind of GPU it was built for.",
            "Open the file from which it was built (.onnx, .h5 or .keras).",
            "このファイルはTensorRTのエンジンで、作成時と同じ種類のGPUでしか実行できません。",
            "作成元のファイル(.onnx、.h5、.keras)を開いてください。",
        ),
        K::Pickle => wording(
            "The file holds Python objects (pickle or joblib). Loading them would run code from the file, so Gantei never does.",
            "If you trust its source and it holds a Keras model, convert it in Python: pickle.load(open(\"model.pkl\", \"rb\")).save(\"model.h5\").",
            "このファイルはPythonのオブジェクト(pickleまたはjoblib)です。読み込むとファイル内のコードが実行されるため、Ganteiでは開きません。",
            "提供元を信頼でき、Kerasのモデルが入っている場合は、Pythonで変換してください: pickle.load(open(\"model.pkl\", \"rb\")).save(\"model.h5\")。",
        ),
        K::Matlab => wording(
            "The file is a MATLAB file.",
            "If it holds a network, export it in MATLAB: exportONNXNetwork(net, \"model.onnx\").",
            "このファイルはMATLABのファイルです。",
            "ネットワークが入っている場合は、MATLABで書き出してください: exportONNXNetwork(net, \"model.onnx\")。",
        ),

        K::OptimizerOnly => wording(
            "The file holds only the state of an optimizer, which training needs, and no network.",
            "Choose the file of the model, or save the whole model in Python: model.save(\"model.h5\").",
            "このファイルには学習用のオプティマイザーの状態だけがあり、ネットワークがありません。",
            "モデルのファイルを選ぶか、Pythonでモデル全体を保存してください: model.save(\"model.h5\")。",
        ),
        K::WeightsOfUnknownNetwork => wording(
            "The file holds only weights, and their network is not one of the 16 that Gantei recognises.",
            "Put the model's configuration, the text of model.to_json(), next to it as a .json file. Or save the whole model in Python: model.save(\"model.h5\"). A model that is a Python class of its own allows neither: save it as ONNX.",
            "このファイルには重みだけがあり、Ganteiが識別できる16種類のネットワークのいずれでもありません。",
            "モデルの設定(model.to_json() のテキスト)を .json ファイルとして隣に置いてください。またはPythonでモデル全体を保存してください: model.save(\"model.h5\")。独自のPythonクラスとして作られたモデルではどちらもできないため、ONNXとして保存してください。",
        ),
        K::CheckpointOfUnknownNetwork => wording(
            "The files are a TensorFlow checkpoint: weights without their network, which is not one of the 16 that Gantei recognises.",
            "Put the model's configuration, the text of model.to_json(), next to it as a .json file. Or build the model in Python, load the checkpoint (model.load_weights(\"best.ckpt\")) and save it whole: model.save(\"model.h5\").",
            "これはTensorFlowのチェックポイントで、重みだけがあります。Ganteiが識別できる16種類のネットワークのいずれでもありません。",
            "モデルの設定(model.to_json() のテキスト)を .json ファイルとして隣に置いてください。または、Pythonでモデルを作り、チェックポイントの重みを読み込んで(model.load_weights(\"best.ckpt\"))全体を保存してください: model.save(\"model.h5\")。",
        ),
        K::ShardsOfUnknownNetwork => wording(
            "The files are the parts of one set of weights (shards). Their network is not one of the 16 that Gantei recognises.",
            "Put the model's configuration, the text of model.to_json(), next to them as a .json file. Or build the model in Python, load the weights (model.load_weights(\"model.weights.json\")) and save it whole: model.save(\"model.keras\").",
            "これは分割保存された重みで、Ganteiが識別できる16種類のネットワークのいずれでもありません。",
            "モデルの設定(model.to_json() のテキスト)を .json ファイルとして隣に置いてください。または、Pythonでモデルを作り、重みを読み込んで(model.load_weights(\"model.weights.json\"))全体を保存してください: model.save(\"model.keras\")。",
        ),
        K::WeightsOfSubclass => wording(
            "The file holds the weights of a model that is a Python class, without the class.",
            format!(
                "Load the weights into the model in Python and save it as ONNX. {}",
                as_onnx(Lang::En)
            ),
            "このファイルには、Pythonのクラスとして作られたモデルの重みだけがあり、クラスの定義がありません。",
            format!(
                "Pythonでモデルに重みを読み込み、ONNXとして保存してください。{}",
                as_onnx(Lang::Ja)
            ),
        ),
        K::WeightsWithoutHead => wording(
            "The file holds only the weights up to the last feature map of a known network. The layers that compute the output are missing.",
            "Save the whole model in Python, with its last layers: model.save(\"model.h5\").",
            "このファイルには、既知のネットワークの最後の特徴マップまでの重みだけがあり、出力を計算する層がありません。",
            "最終層を含むモデル全体をPythonで保存してください: model.save(\"model.h5\")。",
        ),
        K::SubclassedModel => wording(
            "The model is a Python class of its own. What it computes is written in Python code, not in the file.",
            format!(
                "Load it in Python with its class and save it as ONNX. {}",
                as_onnx(Lang::En)
            ),
            "このモデルは独自のPythonクラスで、計算の内容はファイルではなくPythonのコードにあります。",
            format!(
                "Pythonでクラスとともに読み込み、ONNXとして保存してください。{}",
                as_onnx(Lang::Ja)
            ),
        ),
        K::Keras1 => wording(
            "The file was written by Keras 1, which named and ordered weights differently.",
            "Load it in Python with Keras 2.2 and save it again: keras.models.load_model(\"old.h5\").save(\"model.h5\").",
            "このファイルはKeras 1で保存されたもので、重みの名前と順序が異なります。",
            "PythonのKeras 2.2で読み込み、保存し直してください: keras.models.load_model(\"old.h5\").save(\"model.h5\")。",
        ),
        K::Configuration => wording(
            "The file holds the configuration of a network without its weights.",
            "Put the weights of the same model, such as model.weights.h5, into the same folder.",
            "このファイルにはネットワークの設定だけがあり、重みがありません。",
            "同じモデルの重み(model.weights.h5 など)を同じフォルダーに置いてください。",
        ),
        K::Yaml => wording(
            "The file holds the configuration of a network as YAML, without its weights.",
            "Save the whole model in Python, or its configuration as JSON next to its weights: open(\"model.json\", \"w\").write(model.to_json()).",
            "このファイルにはYAML形式のネットワークの設定だけがあり、重みがありません。",
            "Pythonでモデル全体を保存するか、設定をJSONとして重みの隣に保存してください: open(\"model.json\", \"w\").write(model.to_json())。",
        ),
        K::PartOfKeras => wording(
            "The file is the metadata.json of an unpacked .keras file, which holds no network.",
            "Choose its folder, with config.json and the weights, or the .keras file itself.",
            "このファイルは、展開された .keras ファイルの一部(metadata.json)です。ネットワークが含まれていません。",
            "config.json と重みのあるフォルダー、または元の .keras ファイルを選んでください。",
        ),

        K::SavedModel => wording(
            "The file is a SavedModel of TensorFlow, or a part of one.",
            "Load its folder in Python with Keras 2 and save it as one file: tf.keras.models.load_model(\"FOLDER\").save(\"model.h5\").",
            "これはTensorFlowのSavedModel、またはその一部です。",
            "PythonのKeras 2でフォルダーを読み込み、1つのファイルに保存してください: tf.keras.models.load_model(\"FOLDER\").save(\"model.h5\")。",
        ),
        K::GraphFunctions => wording(
            "The SavedModel holds only functions for serving (model.export of Keras, or tf.saved_model.save), not the layers of the network.",
            format!("Convert its folder to ONNX in Python, with the package tf2onnx: {TF2ONNX}."),
            "このSavedModelにはネットワークの層の情報がありません。推論用の関数(Kerasの model.export、または tf.saved_model.save)だけがあります。",
            format!(
                "Pythonのパッケージ tf2onnx で、フォルダーをONNXに変換してください: {TF2ONNX}。"
            ),
        ),
        K::WithoutMetadata => wording(
            "The SavedModel does not state the layers of its network: its keras_metadata.pb is missing, or it was written by tf.saved_model.save.",
            format!(
                "If the original folder has a keras_metadata.pb, copy it next to saved_model.pb. Otherwise convert the folder to ONNX in Python, with the package tf2onnx: {TF2ONNX}."
            ),
            "このSavedModelにはネットワークの層の情報がありません。keras_metadata.pb が欠けているか、tf.saved_model.save で保存されています。",
            format!(
                "元のフォルダーに keras_metadata.pb があれば、saved_model.pb の隣にコピーしてください。なければ、Pythonのパッケージ tf2onnx でフォルダーをONNXに変換してください: {TF2ONNX}。"
            ),
        ),
        K::SeveralModels => wording(
            "The checkpoint holds the weights of several models.",
            "Load it in Python and save the one model: model.save(\"model.h5\").",
            "このチェックポイントには複数のモデルの重みが入っています。",
            "Pythonで読み込み、必要なモデルだけを保存してください: model.save(\"model.h5\")。",
        ),
        K::PartitionedCheckpoint => wording(
            "The variables of the checkpoint were divided between several machines.",
            "Load it in Python and save the whole model: model.save(\"model.h5\").",
            "このチェックポイントの変数は、複数の機器に分割して保存されています。",
            "Pythonで読み込み、モデル全体を保存してください: model.save(\"model.h5\")。",
        ),
        K::CheckpointOfNames => wording(
            "The checkpoint was written by TensorFlow 1 and holds only named weights, without their network.",
            "Put the model's configuration, the text of model.to_json(), next to it as model.json. Or save the whole model in Python: model.save(\"model.h5\").",
            "このチェックポイントはTensorFlow 1で保存されたもので、名前付きの重みだけがあり、ネットワークがありません。",
            "モデルの設定(model.to_json() のテキスト)を model.json として隣に置いてください。またはPythonでモデル全体を保存してください: model.save(\"model.h5\")。",
        ),

        K::PandasTable => wording(
            "The file is a table of pandas or PyTables in HDF5, not a model.",
            "Choose the file that model.save wrote. Save a table of labels as CSV: pandas.read_hdf(\"table.h5\").to_csv(\"labels.csv\").",
            "このファイルはモデルではなく、pandasまたはPyTablesの表(HDF5)です。",
            "model.save で保存したファイルを選んでください。ラベルの表はCSVにしてください: pandas.read_hdf(\"table.h5\").to_csv(\"labels.csv\")。",
        ),
        K::Hdf5Data => wording(
            "The file is an HDF5 file with other data, such as pictures or arrays, not a Keras model.",
            "Choose the file that model.save(\"model.h5\") wrote.",
            "このファイルは画像や配列などのデータが入ったHDF5ファイルで、Kerasのモデルではありません。",
            "model.save(\"model.h5\") で保存したファイルを選んでください。",
        ),
        K::NumPy => wording(
            "The file holds arrays of NumPy, without a network.",
            "Build the network in Python, set these weights with model.set_weights, and save it: model.save(\"model.h5\").",
            "このファイルにはNumPyの配列だけがあり、ネットワークがありません。",
            "Pythonでネットワークを作り、model.set_weights で重みを設定して保存してください: model.save(\"model.h5\")。",
        ),
        K::Picture => wording(
            "The file is a picture, not a model.",
            "Open it as a photograph, and choose the file of the model here.",
            "このファイルはモデルではなく画像です。",
            "画像は写真として開き、ここではモデルのファイルを選んでください。",
        ),
        K::Document => wording(
            "The file is a document (PDF, Word, Excel or the like), not a model.",
            "Choose a file saved by Keras (.h5, .keras) or an ONNX file.",
            "このファイルはモデルではなく文書(PDF、Word、Excelなど)です。",
            "Kerasが保存したファイル(.h5、.keras)またはONNXファイルを選んでください。",
        ),
        K::ZipWithoutModel => wording(
            "The file is an archive without a model inside.",
            "Choose a file saved by Keras (.h5, .keras), an ONNX file, or an archive with one of them.",
            "このファイルは、モデルの入っていない圧縮ファイルです。",
            "Kerasのファイル(.h5、.keras)、ONNXファイル、またはそれらの圧縮ファイルを選んでください。",
        ),
        K::PackedModel => wording(
            "The file is not the model itself but an archive in which it is packed.",
            "Unpack it and open the model inside.",
            "このファイルはモデルそのものではなく、モデルを入れた圧縮ファイルです。",
            "展開して、中のモデルを開いてください。",
        ),
        K::ArchiveInArchive => wording(
            "The archive holds another archive.",
            "Unpack it and open the archive inside.",
            "圧縮ファイルの中に、別の圧縮ファイルがあります。",
            "展開して、中の圧縮ファイルを開いてください。",
        ),
        K::UnsafeArchive => wording(
            "The archive holds files whose names lead out of it, so it is not opened.",
            "Download it again from its publisher, or unpack it with a program that you trust and open the model inside.",
            "この圧縮ファイルには、展開先の外を指す名前のファイルがあるため、開きません。",
            "提供元からダウンロードし直すか、信頼できるソフトで展開して、中のモデルを開いてください。",
        ),
        K::LockedArchive => wording(
            "The archive is protected by a password, or compressed in an uncommon way.",
            "Unpack it and open the model inside.",
            "この圧縮ファイルはパスワードで保護されているか、特殊な形式で圧縮されています。",
            "展開して、中のモデルを開いてください。",
        ),
        K::OtherArchive => wording(
            "The file is packed in a format that Gantei does not unpack (7-Zip, RAR, xz, bzip2 or Zstandard).",
            "Unpack it and open the model inside.",
            "このファイルの圧縮形式(7-Zip、RAR、xz、bzip2、Zstandard)は、Ganteiでは展開できません。",
            "展開して、中のモデルを開いてください。",
        ),
        K::Text => wording(
            "The file is text (a table, a program or notes), not a model.",
            "Choose a file saved by Keras (.h5, .keras) or an ONNX file.",
            "このファイルはモデルではなくテキスト(表、プログラム、メモなど)です。",
            "Kerasが保存したファイル(.h5、.keras)またはONNXファイルを選んでください。",
        ),
        K::Folder => wording(
            "The folder holds no model.",
            "Choose a file saved by Keras (.h5, .keras), an ONNX file, or the folder of a SavedModel.",
            "このフォルダーにはモデルがありません。",
            "Kerasのファイル(.h5、.keras)、ONNXファイル、またはSavedModelのフォルダーを選んでください。",
        ),
        K::Unknown => wording(
            "The file is not a model that Gantei can open.",
            "Choose a file saved by Keras (.h5, .keras), an ONNX file, or the folder of a SavedModel.",
            "Ganteiで開けるモデルのファイルではありません。",
            "Kerasのファイル(.h5、.keras)、ONNXファイル、またはSavedModelのフォルダーを選んでください。",
        ),
    }
}
