"""Networks of keras.applications with tf2onnx's graphs, for `cargo bench --bench forward -- MODEL=GRAPH`.

    python tf2onnx_graphs.py FOLDER [NAME ...]     with TensorFlow 2.15 and tf2onnx 1.16

Writes NAME.h5 (random weights, one sigmoid) and NAME.onnx for each network at its usual input size; the default is the
three that are compared in README.md.
"""

import os
import pathlib
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"

import numpy as np
import tensorflow as tf
import tf2onnx

from keras_applications import randomised

# Keras 2 calls grouped convolutions through a compiled function, which tf2onnx leaves as a call that nothing can run.
Convolution = tf.keras.layers.Conv2D.__mro__[1]
Convolution._jit_compiled_convolution_op = Convolution.convolution_op

NAMES = ["ResNet50", "ConvNeXtTiny", "EfficientNetV2B0"]
SIDE = 224


def main(folder, names):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        base = getattr(tf.keras.applications, name)(weights=None, include_top=False, input_shape=(SIDE, SIDE, 3))
        x = tf.keras.layers.GlobalAveragePooling2D()(base.output)
        model = tf.keras.Model(base.input, tf.keras.layers.Dense(1, activation="sigmoid")(x))
        randomised(model, np.random.default_rng(24)).save(folder / f"{name}.h5")
        picture = tf.TensorSpec((None, SIDE, SIDE, 3), tf.float32, name="x")
        tf2onnx.convert.from_keras(model, [picture], output_path=str(folder / f"{name}.onnx"))
        print(folder / f"{name}.onnx", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:] or NAMES)
