package io.secateur.report;

import java.util.Optional;

/** What the built-in quantities mean, for the reader of a report. */
final class Glossary {
  private Glossary() {}

  /** Returns the meaning of a quantity in one or two sentences; empty for a plugin's own. */
  static Optional<String> definition(String quantity) {
    if (quantity.startsWith("latency/")) {
      return Optional.of(
          "Seconds that one forward pass of a batch of test examples takes, after warm-up: the"
              + " statistic named, over repeated passes. It belongs to the machine and to the"
              + " thread count it was taken with.");
    }
    Optional<RuntimeTiming> elsewhere = RuntimeTiming.of(quantity);
    if (elsewhere.isPresent()) {
      return Optional.of(
          elsewhere.get().statistic().equals("throughput")
              ? "Examples of a batch divided by the median of the seconds that it takes there."
              : "Seconds that one batch of test examples takes in ONNX Runtime, on the processor,"
                  + " after warm-up: the statistic named. All threads are as many as the engine has."
                  + " It belongs to the machine.");
    }
    if (quantity.startsWith("disk-size/") && quantity.endsWith("-deflated")) {
      return Optional.of("Size of the same file compressed by DEFLATE (zlib, level 6).");
    }
    if (quantity.endsWith("/train") || quantity.endsWith("/validation")) {
      return Optional.of("The same quantity, over the examples of that part instead of test.");
    }
    if (quantity.endsWith("/train-test")) {
      return Optional.of(
          "The number on the training examples minus the one on the test examples, seed by seed:"
              + " how far a model fits what it has seen better than what it has not.");
    }
    return Optional.ofNullable(
        switch (quantity) {
          case "accuracy" ->
              "Share of the test examples whose highest output is the right class; every example"
                  + " counts once, the last short batch included.";
          case "top-5" ->
              "Share of the test examples whose right class is among the five highest outputs.";
          case "perplexity" ->
              "e to the power of the mean cross-entropy of the next token; tokens without one before"
                  + " them in their text or window do not count. It compares with others of the same"
                  + " tokens only.";
          case "next-token-accuracy" ->
              "Share of the same tokens that the model held for the likeliest.";
          case "mse" -> "Mean squared error over all outputs of the test examples.";
          case "mae" -> "Mean absolute error over all outputs of the test examples.";
          case "macs/dense" ->
              "Multiply-accumulates of one example: one per weight and position in linear and"
                  + " convolution layers, by groups, and those of attention's scores and means; no bias, no"
                  + " activation, no normalisation.";
          case "macs/non-zero" -> "Those multiply-accumulates whose weight is not zero.";
          case "speed-up/theoretical" ->
              "MACs (dense) divided by MACs (non-zero weights). Computed, not measured: what an"
                  + " engine would gain that skips every zero at no cost.";
          case "memory/before" ->
              "Resident memory of the whole process, Java, engine and data included, before the"
                  + " model is loaded; 1 MB is 10⁶ bytes. It belongs to the machine.";
          case "memory/peak" ->
              "The most that the same process holds while it computes one batch of test examples.";
          case "onnx-accuracy" ->
              "Accuracy of the exported model in ONNX Runtime, over all test examples; integers of a"
                  + " quantized model are computed as integers there.";
          case "onnx-accuracy/agreement" ->
              "Share of the test examples for which ONNX Runtime and DJL predict the same class.";
          case "onnx-size" -> "Size of the file that the onnx format writes; 1 MB is 10⁶ bytes.";
          case "onnx-size/deflated" ->
              "Size of the same file compressed by DEFLATE (zlib, level 6).";
          case "samples/correct" ->
              "How many of the test examples that the study lists are classified right.";
          case "loss" -> "Mean loss of the task over the test examples.";
          case "sparsity" ->
              "Zeros among the prunable weights: those of linear, convolution and embedding layers,"
                  + " never biases.";
          case "sparsity/model" -> "Zeros among all parameters, biases included.";
          case "pruned" ->
              "Weights that a mask holds at zero, counted from the masks, not from the values.";
          case "parameters" -> "All parameters, zeros included.";
          case "non-zero-parameters" -> "Parameters that are not zero.";
          case "compression" -> "All parameters divided by the non-zero ones.";
          case "ideal-size" ->
              "Non-zero parameters times bits per parameter. Computed, not measured: no file is"
                  + " that small, since it would not say where the zeros are.";
          case "disk-size/dense" ->
              "Size of a file with every parameter as float32. Sizes are those of files that were"
                  + " written and read back; 1 MB is 10⁶ bytes.";
          case "disk-size/coo" ->
              "Coordinate lists: for every tensor, biases too, each non-zero as one int64 index per"
                  + " dimension and its float32 value.";
          case "disk-size/weights-and-masks" ->
              "What a framework stores while it prunes: all weights as float32, and a float32 mask"
                  + " of the same shape beside each pruned one.";
          case "disk-size/bitmask" ->
              "One bit per weight, then the non-zeros in order, as float32.";
          case "disk-size/int8" ->
              "Of a quantized model: int8 integers and the float32 scales of their rows, biases as"
                  + " int32. The other encodings hold the float32 numbers that these stand for.";
          case "disk-size/int8-bitmask" ->
              "The same, a weight being one bit per integer, then the non-zeros in order.";
          default -> null;
        });
  }

  /** Says why the size of COO does not follow the share of weights that are left. */
  static final String COO =
      "COO is not in proportion to the share of weights that are left: of a matrix, every non-zero"
          + " takes 20 bytes (two int64 indices and a float32 value) where the dense file takes 4 for"
          + " every weight, so COO is larger than dense until 80 % of the weights are zero.";
}
