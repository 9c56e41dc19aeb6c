"""Writes the output of Keras for one drawn eye as a reference for other programs.

    python reference.py demo-mobilenet.h5 --set SET

`reference.png` is the first eye of the set, cropped and resized to 224 × 224: the pixels before the scaling of a model
card. `<model>.reference.json` holds the scaling from these pixels to the network's input, and Keras's logit and
probability.
"""
import argparse
import json
import os
import pathlib

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
import numpy as np
from PIL import Image
from tensorflow import keras

import eyes


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("model")
    parser.add_argument("--set", required=True)
    arguments = parser.parse_args()
    path = pathlib.Path(arguments.model)
    folder = pathlib.Path(arguments.set)
    entry = json.loads((folder / "signs.json").read_text())["images"][0]
    with Image.open(folder / entry["image"]) as image:
        pixels = eyes.prepare(image.convert("RGB"), eyes.square_around_field(entry["field_of_view"]))
    Image.fromarray(pixels).save(path.with_name("reference.png"), optimize=True)

    model = keras.models.load_model(path, compile=False)
    scaling = "tf" if "mobilenet" in path.name else "raw"
    x = pixels[None].astype(np.float32)
    x = x / 127.5 - 1.0 if scaling == "tf" else x
    probability = float(model(x, training=False).numpy()[0, 0])
    logit = float(linear(model)(x, training=False).numpy()[0, 0])
    record = {"picture": "reference.png", "scaling": scaling, "shape": [1, 224, 224, 3], "logit": logit, "probability": probability}
    path.with_suffix("").with_suffix(".reference.json").write_text(json.dumps(record, indent=2) + "\n")
    print(json.dumps(record))


def linear(model):
    """The same network without its last sigmoid."""
    head = model.get_layer("recorded_sex")
    dense = keras.layers.Dense(1, name="logit")
    bare = keras.Model(model.input, dense(head.input))
    dense.set_weights(head.get_weights())
    return bare


if __name__ == "__main__":
    main()
