"""A typical Python script: one photograph, one Keras model, score and Grad-CAM overlay.

Usage: python tensorflow_gradcam.py MODEL.h5 PHOTOGRAPH OUT.png

MobileNet and EfficientNet of keras.applications with a global-average-pooling head. Prints the score.
"""

import sys

import numpy as np
import tensorflow as tf
from PIL import Image

model_path, photograph, out = sys.argv[1:4]
model = tf.keras.models.load_model(model_path, compile=False)
height, width = model.input_shape[1:3]
picture = Image.open(photograph).convert("RGB")
x = np.asarray(picture.resize((width, height), Image.BILINEAR), np.float32)[None]
if not any(layer.__class__.__name__ == "Rescaling" for layer in model.layers):
    x = x / 127.5 - 1.0

pooling = [layer for layer in model.layers if layer.__class__.__name__ == "GlobalAveragePooling2D"][-1]
grad_model = tf.keras.Model(model.inputs, [pooling.input, model.output])
with tf.GradientTape() as tape:
    features, score = grad_model(tf.constant(x), training=False)
    logit = tf.math.log(score / (1.0 - score))
gradient = tape.gradient(logit, features)
weights = tf.reduce_mean(gradient, axis=(1, 2), keepdims=True)
cam = tf.reduce_sum(weights * features, axis=-1)[0].numpy()

cam = np.maximum(cam, 0) / (np.abs(cam).max() + 1e-9)
heat = Image.fromarray((cam * 255).astype(np.uint8)).resize(picture.size, Image.BILINEAR)
heat = np.asarray(heat, np.float32)[..., None] / 255 * np.array([255.0, 60.0, 0.0], np.float32)
overlay = 0.6 * np.asarray(picture, np.float32) + 0.4 * heat
Image.fromarray(overlay.clip(0, 255).astype(np.uint8)).save(out)
print(f"{float(score[0, 0]):.6f}")
