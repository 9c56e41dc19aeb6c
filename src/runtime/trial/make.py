"""Creates trial.onnx and expected.f32: a very small network with the operators that the application's models use.

Run with Python 3.11, numpy 2 and onnx 1.23:  python make.py
The input is not stored: value i is ((i * 7919) % 511) / 256 - 1, in NCHW order, shape 1x3x32x32.
expected.f32 holds `score` (2 values) and then `map` (16x8x8 values) as little-endian float32, calculated here in
float64 without any engine.
"""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

random = np.random.default_rng(20261123)
nodes, weights = [], {}


def weight(name, *shape, scale):
    weights[name] = (random.standard_normal(shape) * scale).astype(np.float32)
    return name


def conv(x, name, kernel, stride, pads, groups=1):
    """NCHW convolution in float64; pads are top, left, bottom, right."""
    w, b = weights[name + ".w"].astype(np.float64), weights[name + ".b"].astype(np.float64)
    x = np.pad(x, ((0, 0), (0, 0), (pads[0], pads[2]), (pads[1], pads[3])))
    rows = (x.shape[2] - kernel) // stride + 1
    columns = (x.shape[3] - kernel) // stride + 1
    out = np.zeros((1, w.shape[0], rows, columns))
    per_group, outputs = w.shape[1], w.shape[0] // groups
    for o in range(w.shape[0]):
        first = (o // outputs) * per_group
        for r in range(rows):
            for c in range(columns):
                patch = x[0, first:first + per_group, r * stride:r * stride + kernel, c * stride:c * stride + kernel]
                out[0, o, r, c] = np.sum(patch * w[o]) + b[o]
    return out


def add_conv(name, source, kernel, stride, pads, inputs, outputs, groups=1):
    weight(name + ".w", outputs, inputs // groups, kernel, kernel, scale=1.5 / np.sqrt(kernel * kernel * inputs / groups))
    weight(name + ".b", outputs, scale=0.2)
    nodes.append(helper.make_node("Conv", [source, name + ".w", name + ".b"], [name], kernel_shape=[kernel] * 2,
                                  strides=[stride] * 2, pads=pads, group=groups))


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


x = ((((np.arange(3 * 32 * 32, dtype=np.int64) * 7919) % 511) / 256) - 1).reshape(1, 3, 32, 32)

add_conv("stem", "image", 3, 2, [0, 0, 1, 1], 3, 8)
nodes.append(helper.make_node("Clip", ["stem", "zero", "six"], ["stem.relu6"]))
weights["zero"], weights["six"] = np.array(0, np.float32), np.array(6, np.float32)
add_conv("depthwise", "stem.relu6", 3, 2, [0, 0, 1, 1], 8, 8, groups=8)
nodes.append(helper.make_node("Sigmoid", ["depthwise"], ["depthwise.gate"]))
nodes.append(helper.make_node("Mul", ["depthwise", "depthwise.gate"], ["depthwise.swish"]))
nodes.append(helper.make_node("GlobalAveragePool", ["depthwise.swish"], ["squeeze"]))
add_conv("reduce", "squeeze", 1, 1, [0, 0, 0, 0], 8, 2)
nodes.append(helper.make_node("Relu", ["reduce"], ["reduce.relu"]))
add_conv("expand", "reduce.relu", 1, 1, [0, 0, 0, 0], 2, 8)
nodes.append(helper.make_node("Sigmoid", ["expand"], ["excite"]))
nodes.append(helper.make_node("Mul", ["depthwise.swish", "excite"], ["excited"]))
add_conv("project", "excited", 1, 1, [0, 0, 0, 0], 8, 16)
nodes.append(helper.make_node("Relu", ["project"], ["map"]))
nodes.append(helper.make_node("GlobalAveragePool", ["map"], ["pooled"]))
nodes.append(helper.make_node("Flatten", ["pooled"], ["features"]))
weight("head.w", 16, 2, scale=1.0)
weight("head.b", 2, scale=0.5)
nodes.append(helper.make_node("Gemm", ["features", "head.w", "head.b"], ["logits"]))
nodes.append(helper.make_node("Softmax", ["logits"], ["score"], axis=1))

a = np.clip(conv(x, "stem", 3, 2, [0, 0, 1, 1]), 0, 6)
b = conv(a, "depthwise", 3, 2, [0, 0, 1, 1], groups=8)
b = b * sigmoid(b)
s = b.mean(axis=(2, 3), keepdims=True)
s = sigmoid(conv(np.maximum(conv(s, "reduce", 1, 1, [0] * 4), 0), "expand", 1, 1, [0] * 4))
m = np.maximum(conv(b * s, "project", 1, 1, [0] * 4), 0)
z = m.mean(axis=(2, 3)) @ weights["head.w"].astype(np.float64) + weights["head.b"]
p = np.exp(z - z.max())
p /= p.sum()

graph = helper.make_graph(
    nodes, "trial",
    [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["N", 3, 32, 32])],
    [helper.make_tensor_value_info("score", TensorProto.FLOAT, ["N", 2]),
     helper.make_tensor_value_info("map", TensorProto.FLOAT, ["N", 16, 8, 8])],
    [numpy_helper.from_array(v, k) for k, v in weights.items()])
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8, producer_name="gantei")
onnx.checker.check_model(model, full_check=True)
onnx.save(model, "trial.onnx")
np.concatenate([p.ravel(), m.ravel()]).astype("<f4").tofile("expected.f32")
print("score", p, "map", m.shape, m.min(), m.max())
