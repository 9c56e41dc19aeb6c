"""Trains a demonstration model on computer-drawn eyes, from random initialisation, on a CPU.

    python train.py mobilenet       --sets SET [SET …] --validation SET --out demo-mobilenet.h5
    python train.py efficientnet-b0 --sets SET [SET …] --validation SET --out demo-efficientnet-b0.h5

Stages at 128 px, then 224 px, each with a one-cycle learning rate. The pooled features have two linear readouts: one
output for the recorded label (binary cross-entropy) and four for the latent signs that gantei draw records (squared
error). The second only speeds up learning from random weights and is dropped before saving.

The last stage also trains where the network takes its evidence: the share of the logit from cells of the last map
without any sign, and the constant of the head, are penalised by their absolute value. Trained on the label alone, a
network keeps constants in odd places (for MobileNet the lower right corner, which one-sided padding marks) and smears
evidence over neighbouring cells, so that the peak of its map means little; README.md has the figures of both.

On a machine with bfloat16 the 128 px stage may use it; the saved network is float32.

Seeds fix weights, order and augmentation. Sums over threads are not ordered, so a repetition gives the same figures
within noise, not the same bytes.
"""
import argparse
import math
import os
import queue
import threading
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
import numpy as np
import tensorflow as tf
from PIL import Image
from tensorflow import keras

import eyes

SEED = 20
CLOSE, SMALL, FULL = 64, 128, eyes.SIZE
BATCH = 32
IMAGENET_MEAN = np.array([0.485, 0.456, 0.406], np.float32)
IMAGENET_STD = np.array([0.229, 0.224, 0.225], np.float32)
# stages: side in pixels (CLOSE: cut around the fovea), steps, peak learning rate, penalty on evidence outside the
# signs, with or without local readouts
PLANS = {
    "mobilenet": [(SMALL, 1799, 2e-3, 0.0, False), (FULL, 620, 1e-3, 0.0, False), (FULL, 285, 6e-4, 0.3, False)],
    "efficientnet-b0": [
        (SMALL, 1120, 2e-3, 0.0, False),
        (FULL, 420, 1e-3, 0.3, False),
        (CLOSE, 600, 2e-3, 0.0, True),
        (FULL, 245, 1e-3, 0.3, True),
        (FULL, 145, 1e-3, 0.3, True),
    ],
}


def backbone(name, size, for_training):
    shape = (size, size, 3)
    if name == "mobilenet":
        return keras.applications.MobileNet(alpha=1.0, weights=None, include_top=False, input_shape=shape)
    # Stochastic depth slows down so short a training; at inference these layers are identities either way.
    drop = {"drop_connect_rate": 0.0} if for_training else {}
    base = keras.applications.EfficientNetB0(weights=None, include_top=False, input_shape=shape, **drop)
    normalization = base.get_layer("normalization")
    normalization.set_weights([IMAGENET_MEAN, IMAGENET_STD**2, np.array(0, np.int64)])
    normalization.finalize_state()
    return base


def training_model(name, size):
    base = backbone(name, size, True)
    features = keras.layers.GlobalAveragePooling2D(dtype="float32")(base.output)
    features = keras.layers.Dropout(0.1)(features)
    label = keras.layers.Dense(1, name="recorded_sex", dtype="float32")
    signs = keras.layers.Dense(len(eyes.SIGNS), name="signs", dtype="float32")
    local = keras.layers.Conv2D(len(eyes.SIGNS), 1, name="signs_of_cells", dtype="float32")
    return base, label, keras.Model(base.input, [label(features), signs(features), base.output, local(base.output)])


def saved_model(name, base, label):
    """The network as published: float32, one sigmoid output, nothing of the training."""
    base_weights, label_weights = base.get_weights(), label.get_weights()
    keras.backend.clear_session()
    keras.mixed_precision.set_global_policy("float32")
    final = backbone(name, FULL, False)
    final.set_weights(base_weights)
    if name != "mobilenet":
        final.get_layer("normalization").finalize_state()
    x = keras.layers.GlobalAveragePooling2D(name="avg_pool")(final.output)
    x = keras.layers.Dropout(0.1, name="top_dropout")(x)
    x = keras.layers.Dense(1, activation="sigmoid", name="recorded_sex")(x)
    model = keras.Model(final.input, x, name="demo_" + name.replace("-", "_"))
    model.get_layer("recorded_sex").set_weights(label_weights)
    return model


def scaled(name, pixels):
    """Keras input from uint8 pixels: mode "tf" for MobileNet, raw for EfficientNet, which scales in its graph."""
    x = pixels.astype(np.float32)
    return x / 127.5 - 1.0 if name == "mobilenet" else x


def batches(name, pixels, labels, latents, places, steps, random):
    """Random batches: half of each label, mirrored, shifted by some pixels, with varied light and colour.

    Mirroring only swaps right and left eyes: no sign depends on the side.
    """
    groups = [np.flatnonzero(labels == k) for k in (0, 1)]
    reach = pixels.shape[1] // 32
    for _ in range(steps):
        chosen = np.concatenate([random.choice(g, BATCH // 2, replace=False) for g in groups])
        x = pixels[chosen]
        mirrored = random.random(BATCH) < 0.5
        x[mirrored] = x[mirrored, :, ::-1]
        shift = random.integers(-reach, reach + 1, 2)
        x = np.roll(x, shift, axis=(1, 2))
        place = places[chosen]
        place[mirrored] = place[mirrored, :, ::-1]
        fine = place.shape[1] / pixels.shape[1]
        place = np.roll(place, np.rint(shift * fine).astype(int), axis=(1, 2))
        gain = random.uniform(0.9, 1.1, (BATCH, 1, 1, 1)) * random.uniform(0.96, 1.04, (BATCH, 1, 1, 3))
        x = np.minimum(x * gain.astype(np.float32), 255.0)
        yield scaled(name, x), labels[chosen][:, None], latents[chosen], place.astype(np.float32)


def close_ups(name, pixels, labels, latents, places, steps, random):
    """Batches of squares cut from the 224 px pictures around the fovea, at the same scale.

    The foveal reflex is faint next to vessels and disc; without them batch normalisation does not suppress it.
    """
    ratio = pixels.shape[1] // places.shape[1]
    blocks = CLOSE // ratio
    fovea = eyes.SIGNS.index("foveal_reflex")
    for _ in range(steps):
        chosen = random.choice(len(pixels), BATCH, replace=False)
        x = np.empty((BATCH, CLOSE, CLOSE, 3), np.float32)
        place = np.empty((BATCH, blocks, blocks, places.shape[-1]), np.float32)
        for i, k in enumerate(chosen):
            corner = [v.mean() - blocks / 2 + random.integers(-3, 4) for v in np.nonzero(places[k, :, :, fovea])]
            top, left = (int(np.clip(v, 0, places.shape[1] - blocks)) for v in corner)
            x[i] = pixels[k, top * ratio : top * ratio + CLOSE, left * ratio : left * ratio + CLOSE]
            place[i] = places[k, top : top + blocks, left : left + blocks]
            if random.random() < 0.5:
                x[i], place[i] = x[i, :, ::-1].copy(), place[i, :, ::-1].copy()
        gain = random.uniform(0.9, 1.1, (BATCH, 1, 1, 1)) * random.uniform(0.96, 1.04, (BATCH, 1, 1, 3))
        x = np.minimum(x * gain.astype(np.float32), 255.0)
        yield scaled(name, x), labels[chosen][:, None], latents[chosen], place


def ahead(iterator, depth=6):
    """The items of an iterator, computed ahead in a second thread."""
    line = queue.Queue(depth)

    def fill():
        for item in iterator:
            line.put(item)
        line.put(None)

    threading.Thread(target=fill, daemon=True).start()
    while (item := line.get()) is not None:
        yield item


def rate(progress, peak):
    """Learning rate: linear warm-up during the first twelfth, then cosine decay."""
    warm = 1 / 12
    if progress < warm:
        return peak * (0.05 + 0.95 * progress / warm)
    return peak * (0.5 + 0.5 * math.cos(math.pi * min((progress - warm) / (1 - warm), 1.0))) + 1e-6


def stage(name, model, label, data, steps, peak, price, local, minutes, random):
    optimizer = keras.optimizers.Adam(peak, epsilon=1e-6)

    close = model.input_shape[1] == CLOSE
    make = close_ups if close else batches

    @tf.function
    def step(x, y, z, place):
        with tf.GradientTape() as tape:
            logit, signs, features, signs_of_cells = model(x, training=True)
            label_loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(y, logit))
            sign_loss = tf.reduce_mean(tf.square(signs - z))
            cells = features.shape[1]
            block = place.shape[1] // cells
            inside = tf.nn.max_pool2d(place, block, block, "VALID")
            outside = 1.0 - tf.reduce_max(inside, -1, keepdims=True)
            evidence = tf.tensordot(tf.cast(features, tf.float32), label.kernel, 1) / cells**2
            place_loss = tf.reduce_mean(tf.reduce_sum(tf.abs(evidence) * outside, (1, 2, 3))) + tf.abs(label.bias[0])
            loss = label_loss + sign_loss + price * place_loss
            if local:
                # Pooling dilutes a small sign by the number of cells; its own cells show it in full.
                here = tf.reduce_sum(signs_of_cells * inside, (1, 2)) / tf.maximum(tf.reduce_sum(inside, (1, 2)), 1.0)
                seen = tf.cast(tf.reduce_sum(inside, (1, 2)) > 0, tf.float32)
                local_loss = tf.reduce_sum(tf.square(here - z) * seen) / tf.reduce_sum(seen)
                # A close-up does not show every sign, so it trains the local readouts only.
                loss = local_loss if close else loss + local_loss
            else:
                local_loss = 0.0
        gradients = tape.gradient(loss, model.trainable_variables)
        gradients, _ = tf.clip_by_global_norm(gradients, 5.0)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables))
        return label_loss, sign_loss, place_loss, local_loss

    start, recent = time.time(), []
    for done, batch in enumerate(ahead(make(name, *data, steps, random))):
        # On a slow machine the schedule follows the clock, so that training ends in time and at a low learning rate.
        progress = max(done / steps, (time.time() - start) / (60 * minutes))
        if progress >= 1.0:
            print(f"  stopped by the clock after {done} of {steps} steps", flush=True)
            break
        optimizer.learning_rate.assign(rate(progress, peak))
        recent.append([float(v) for v in step(*map(tf.constant, batch))])
        if (done + 1) % 50 == 0:
            losses = " ".join(f"{k} {v:.3f}" for k, v in zip(("label", "signs", "outside", "local"), np.mean(recent[-50:], axis=0)))
            print(f"  {done + 1}/{steps} {losses}, {BATCH * (done + 1) / (time.time() - start):.1f} images/s", flush=True)


def check(name, model, data):
    pixels, labels, latents, _ = data
    parts = [model(scaled(name, pixels[i : i + 50]), training=False) for i in range(0, len(pixels), 50)]
    logits = np.concatenate([p[0].numpy()[:, 0] for p in parts]).astype(np.float64)
    signs = np.concatenate([p[1].numpy() for p in parts])
    r = [np.corrcoef(signs[:, k], latents[:, k])[0, 1] for k in range(4)]
    print(f"  validation AUC {eyes.auc(logits, labels):.4f}, signs r " + " ".join(f"{v:.2f}" for v in r), flush=True)


def with_places(loaded):
    """Pixels, labels, latents, and the place of each sign: (N, 56, 56, 4), true for blocks of 4 pixels that hold it."""
    pixels, labels, latents, squares, entries = loaded
    return pixels, labels, latents, np.stack([eyes.places(*pair) for pair in zip(entries, squares)])


def small(pixels):
    return np.stack([np.asarray(Image.fromarray(p).resize((SMALL, SMALL), Image.BILINEAR)) for p in pixels])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("architecture", choices=sorted(PLANS))
    parser.add_argument("--sets", nargs="+", required=True)
    parser.add_argument("--validation", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--cache", help="file that keeps the cropped pictures between runs (.npz)")
    parser.add_argument("--bfloat16", action="store_true", help="use it in the 128 px stage")
    parser.add_argument("--minutes", type=float, default=60.0, help="longest time of a stage")
    parser.add_argument("--from-stage", type=int, default=0, help="go on after that many stages, with --weights")
    parser.add_argument("--weights", help="weights that an earlier run kept (OUT.stage-N.npz)")
    arguments = parser.parse_args()
    name = arguments.architecture

    if arguments.cache and os.path.exists(arguments.cache):
        kept = np.load(arguments.cache)
        train, validation = [tuple(kept[f"{part}{k}"] for k in range(4)) for part in "tv"]
    else:
        loaded = [with_places(eyes.load(folder, jitter=0.02, seed=SEED + i)) for i, folder in enumerate(arguments.sets)]
        train = tuple(np.concatenate(column) for column in zip(*loaded))
        validation = with_places(eyes.load(arguments.validation))
        if arguments.cache:
            parts = {f"{part}{k}": a for part, arrays in zip("tv", (train, validation)) for k, a in enumerate(arrays)}
            np.savez(arguments.cache, **parts)
    print(f"{name}: {len(train[0])} eyes to learn from, {len(validation[0])} to watch", flush=True)

    keras.utils.set_random_seed(SEED)
    random = np.random.default_rng(SEED)
    weights = None
    if arguments.weights:
        kept = np.load(arguments.weights)
        weights = [kept[key] for key in kept.files]
    for number, (size, steps, peak, price, local) in enumerate(PLANS[name][arguments.from_stage :], arguments.from_stage + 1):
        keras.backend.clear_session()
        policy = "mixed_bfloat16" if arguments.bfloat16 and size == SMALL else "float32"
        keras.mixed_precision.set_global_policy(policy)
        base, label, model = training_model(name, size)
        if weights is not None:
            # An earlier stage without local readouts may have saved no weights for them.
            model.set_weights(weights + model.get_weights()[len(weights) :])
            if name != "mobilenet":
                base.get_layer("normalization").finalize_state()
        shrink = small if size == SMALL else (lambda p: p)
        print(f" stage {number}: {size} px, {policy}", flush=True)
        stage(name, model, label, (shrink(train[0]), *train[1:]), steps, peak, price, local, arguments.minutes, random)
        if size != CLOSE:
            check(name, model, (shrink(validation[0]), *validation[1:]))
        weights = model.get_weights()
        np.savez(f"{arguments.out}.stage-{number}.npz", *weights)
    saved_model(name, base, label).save(arguments.out, include_optimizer=False)
    print(f"saved {arguments.out}: {os.path.getsize(arguments.out) / 1e6:.1f} MB", flush=True)


if __name__ == "__main__":
    main()
