package io.secateur.model;

import ai.djl.ndarray.types.Shape;
import java.util.Map;
import java.util.Objects;

/** Computes one example layer by layer with plain loops: slow, and plainly right. */
final class Naive {
  private Naive() {}

  /** Returns an entry that is there. */
  static <T> T value(Map<String, T> map, String name) {
    return Objects.requireNonNull(map.get(name), name);
  }

  static float[] forward(
      Architecture architecture, Map<String, Tensor> parameters, float[] example) {
    float[] values = example;
    for (Architecture.Place place : architecture.places()) {
      Layer layer = place.layer();
      if (layer instanceof Linear) {
        values = linear(layer.name(), parameters, values, (int) place.output().size());
      } else if (layer instanceof Conv2d conv) {
        values = convolution(conv, parameters, values, place.input(), place.output());
      } else if (layer instanceof MaxPool2d pool) {
        values = pool(pool, values, place.input(), place.output());
      } else if (layer instanceof Relu) {
        values = values.clone();
        for (int i = 0; i < values.length; i++) {
          values[i] = Math.max(0, values[i]);
        }
      }
    }
    return values;
  }

  private static float[] linear(
      String name, Map<String, Tensor> parameters, float[] input, int outputs) {
    float[] weight = value(parameters, name + ".weight").toFloats();
    float[] result = bias(name, parameters, outputs);
    for (int o = 0; o < outputs; o++) {
      for (int i = 0; i < input.length; i++) {
        result[o] += weight[o * input.length + i] * input[i];
      }
    }
    return result;
  }

  private static float[] bias(String name, Map<String, Tensor> parameters, int outputs) {
    Tensor bias = parameters.get(name + ".bias");
    return bias == null ? new float[outputs] : bias.toFloats();
  }

  private static float[] convolution(
      Conv2d conv, Map<String, Tensor> parameters, float[] input, Shape in, Shape out) {
    float[] weight = value(parameters, conv.name() + ".weight").toFloats();
    float[] bias = bias(conv.name(), parameters, conv.filters());
    int height = (int) in.get(1);
    int width = (int) in.get(2);
    int channels = (int) in.get(0) / conv.groups();
    int kernel = conv.kernel();
    float[] result = new float[(int) out.size()];
    int at = 0;
    for (int f = 0; f < out.get(0); f++) {
      int first = f / (conv.filters() / conv.groups()) * channels;
      for (int y = 0; y < out.get(1); y++) {
        for (int x = 0; x < out.get(2); x++, at++) {
          result[at] = bias[f];
          for (int c = 0; c < channels; c++) {
            for (int i = 0; i < kernel; i++) {
              for (int j = 0; j < kernel; j++) {
                int row = y * conv.stride() + i - conv.padding();
                int column = x * conv.stride() + j - conv.padding();
                if (row >= 0 && row < height && column >= 0 && column < width) {
                  result[at] +=
                      weight[((f * channels + c) * kernel + i) * kernel + j]
                          * input[((first + c) * height + row) * width + column];
                }
              }
            }
          }
        }
      }
    }
    return result;
  }

  private static float[] pool(MaxPool2d pool, float[] input, Shape in, Shape out) {
    int height = (int) in.get(1);
    int width = (int) in.get(2);
    float[] result = new float[(int) out.size()];
    int at = 0;
    for (int c = 0; c < out.get(0); c++) {
      for (int y = 0; y < out.get(1); y++) {
        for (int x = 0; x < out.get(2); x++, at++) {
          result[at] = Float.NEGATIVE_INFINITY;
          for (int i = 0; i < pool.size(); i++) {
            for (int j = 0; j < pool.size(); j++) {
              int cell = (c * height + y * pool.stride() + i) * width + x * pool.stride() + j;
              result[at] = Math.max(result[at], input[cell]);
            }
          }
        }
      }
    }
    return result;
  }
}
