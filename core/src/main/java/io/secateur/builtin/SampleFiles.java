package io.secateur.builtin;

import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** The files in which {@link Samples} keeps what it has seen. */
final class SampleFiles {
  static final String IMAGES = "images.json";
  static final String PREDICTIONS = "predictions.json";

  private static final JsonMapper JSON = new JsonMapper();

  private final List<Integer> examples;
  private final long[] labels;

  SampleFiles(List<Integer> examples, long[] labels) {
    this.examples = examples;
    this.labels = labels;
  }

  /**
   * Returns the images as the model sees them: {@code {shape, images: [{example, label, pixels}]}},
   * pixels as float32, little-endian, in Base64.
   */
  byte[] images(Shape shape, float[] inputs) {
    int size = Math.toIntExact(shape.size());
    List<Map<String, Object>> images = new ArrayList<>();
    for (int i = 0; i < examples.size(); i++) {
      ByteBuffer pixels = ByteBuffer.allocate(size * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      pixels.asFloatBuffer().put(inputs, i * size, size);
      Map<String, Object> image = new LinkedHashMap<>();
      image.put("example", examples.get(i));
      image.put("label", labels[i]);
      image.put("pixels", Base64.getEncoder().encodeToString(pixels.array()));
      images.add(image);
    }
    Map<String, Object> file = new LinkedHashMap<>();
    file.put("shape", shape.getShape());
    file.put("images", images);
    return bytes(file);
  }

  /**
   * Returns what the model says: {@code [{example, label, predicted, probability}]}, the
   * probability that of the predicted class; of outputs with a NaN, class −1 with probability 0.
   */
  byte[] predictions(float[] outputs) {
    List<Map<String, Object>> predictions = new ArrayList<>();
    for (int i = 0; i < examples.size(); i++) {
      float[] own = outputs(outputs, i);
      int predicted = highest(own);
      Map<String, Object> prediction = new LinkedHashMap<>();
      prediction.put("example", examples.get(i));
      prediction.put("label", labels[i]);
      prediction.put("predicted", predicted);
      prediction.put("probability", predicted < 0 ? 0.0 : probability(own, predicted));
      predictions.add(prediction);
    }
    return bytes(predictions);
  }

  private static byte[] bytes(Object value) {
    return JSON.writeValueAsString(value).getBytes(StandardCharsets.UTF_8);
  }

  int correct(float[] outputs) {
    int correct = 0;
    for (int i = 0; i < examples.size(); i++) {
      correct += highest(outputs(outputs, i)) == labels[i] ? 1 : 0;
    }
    return correct;
  }

  private float[] outputs(float[] outputs, int example) {
    int classes = outputs.length / examples.size();
    return Arrays.copyOfRange(outputs, example * classes, (example + 1) * classes);
  }

  private static int highest(float[] outputs) {
    int best = 0;
    for (int i = 0; i < outputs.length; i++) {
      if (Float.isNaN(outputs[i])) {
        return -1;
      }
      best = outputs[i] > outputs[best] ? i : best;
    }
    return best;
  }

  /** The softmax, which leaves the logarithms of probabilities as they are. */
  private static double probability(float[] outputs, int of) {
    double sum = 0;
    for (float output : outputs) {
      sum += Math.exp((double) output - outputs[of]);
    }
    return Double.isNaN(sum) ? 1 : 1 / sum;
  }
}
