package io.secateur.report;

import io.secateur.study.ResultRow;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A number that was asked for, and how tables and figures call it. */
record Quantity(String name, String unit) {
  static final String SPARSITY = "sparsity";
  static final String ACCURACY = "accuracy";
  static final String PARAMETERS = "parameters";
  static final String NON_ZERO_PARAMETERS = "non-zero-parameters";

  private static final String DISK_SIZE = "disk-size/";
  private static final String LATENCY = "latency/batch-";

  private static final String GAP = "/train-test";

  /** Returns the quantity of a row: results are those of the test split, others say theirs. */
  static Quantity of(ResultRow row) {
    String split = row.split();
    boolean plain = split.isEmpty() || split.equals("test");
    return new Quantity(plain ? row.metric() : row.metric() + "/" + split, row.unit());
  }

  /** Returns the same measured on the examples that were trained on. */
  Quantity onTrain() {
    return new Quantity(name + "/train", unit);
  }

  /** Returns the difference between train and test. */
  Quantity gap() {
    return new Quantity(name + GAP, unit.equals("%") ? "points" : unit);
  }

  /** Returns the words of a table's header, its unit included. */
  String title() {
    for (String split : List.of("train", "validation")) {
      if (name.endsWith("/" + split)) {
        return withUnit(bare("/" + split) + " on " + split);
      }
    }
    if (name.endsWith(GAP)) {
      return withUnit(bare(GAP) + ", train − test");
    }
    Optional<Timing> timing = timing();
    if (timing.isPresent()) {
      return withUnit("Latency") + ", " + timing.get().words();
    }
    Optional<RuntimeTiming> elsewhere = runtimeTiming();
    if (elsewhere.isPresent()) {
      return withUnit(elsewhere.get().what()) + ", " + elsewhere.get().words();
    }
    if (encoding().isPresent()) {
      return withUnit("Disk size") + ": " + encoding().get();
    }
    return switch (name) {
      case "sparsity/model" -> withUnit("Sparsity of the whole model");
      case "revived" -> "Pruned weights not at 0";
      case "pruned" -> "Pruned weights (mask bits)";
      case PARAMETERS -> "Parameters (total)";
      case NON_ZERO_PARAMETERS -> "Parameters (non-zero)";
      case "ideal-size" -> "Ideal size (%s, computed)".formatted(unit);
      case "top-5" -> withUnit("Top-5 accuracy");
      case "mse", "mae" -> withUnit(name.toUpperCase(Locale.ROOT));
      case "macs/dense" -> "MACs (dense)";
      case "macs/non-zero" -> "MACs (non-zero weights)";
      case "speed-up/theoretical" -> "Speed-up (×, theoretical)";
      case "onnx-accuracy" -> withUnit("Accuracy in ONNX Runtime");
      case "onnx-accuracy/agreement" -> withUnit("Same class in ONNX Runtime");
      case "onnx-size" -> withUnit("ONNX file");
      case "onnx-size/deflated" -> withUnit("ONNX file, deflated");
      case "samples/correct" -> "Samples classified right";
      case "memory/before" -> withUnit("Memory before the model");
      case "memory/peak" -> withUnit("Memory at its peak");
      default -> withUnit(name.isEmpty() ? name : capitalised());
    };
  }

  /** Returns the words without unit of what this is when measured on the test split. */
  private String bare(String ending) {
    return new Quantity(name.substring(0, name.length() - ending.length()), "").title();
  }

  /** Returns its name within a sentence. */
  String inSentence() {
    return name.equals("mse") || name.equals("mae") ? name.toUpperCase(Locale.ROOT) : name;
  }

  /** Returns the words of a figure's heading, without a unit. */
  String inWords() {
    return timing()
        .map(timing -> "Latency, " + timing.words())
        .or(() -> runtimeTiming().map(timing -> timing.what() + ", " + timing.words()))
        .or(() -> encoding().map(encoding -> "Disk size, " + encoding))
        .orElseGet(() -> new Quantity(name, "").title());
  }

  /** Returns its name and unit, as {@code Disk size (MB)}. */
  String withUnit(String words) {
    return unit.isEmpty() ? words : "%s (%s)".formatted(words, unit.equals("x") ? "×" : unit);
  }

  /** Returns the unit as it follows a number, with its space: {@code " %"}. */
  String suffix() {
    return unit.isEmpty() ? "" : unit.equals("x") ? " ×" : " " + unit;
  }

  private String capitalised() {
    return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
  }

  /** Returns the encoding's name in words, if this is the size of a file. */
  Optional<String> encoding() {
    if (!name.startsWith(DISK_SIZE)) {
      return Optional.empty();
    }
    String encoding = name.substring(DISK_SIZE.length());
    return Optional.of(
        switch (encoding) {
          case "coo" -> "COO";
          case "coo-deflated" -> "COO, deflated";
          case "weights-and-masks" -> "weights + masks";
          case "weights-and-masks-deflated" -> "weights + masks, deflated";
          default -> encoding.replace("-deflated", ", deflated");
        });
  }

  /** Returns batch, threads and statistic, if this is a time in ONNX Runtime. */
  Optional<RuntimeTiming> runtimeTiming() {
    return RuntimeTiming.of(name);
  }

  /** Returns whether this is the size of a file that only quantized models have. */
  boolean ofIntegers() {
    return name.startsWith(DISK_SIZE + "int8");
  }

  /** Returns whether this is the size of a compressed file. */
  boolean deflated() {
    return name.startsWith(DISK_SIZE) && name.endsWith("-deflated");
  }

  /** Returns batch and statistic, if this is a latency. */
  Optional<Timing> timing() {
    int slash = name.lastIndexOf('/');
    if (!name.startsWith(LATENCY) || slash <= LATENCY.length()) {
      return Optional.empty();
    }
    String batch = name.substring(LATENCY.length(), slash);
    return batch.matches("[0-9]{1,9}")
        ? Optional.of(new Timing(Integer.parseInt(batch), name.substring(slash + 1)))
        : Optional.empty();
  }

  /** How many examples went through at once, and which statistic of the repetitions it is. */
  record Timing(int batch, String statistic) {
    String words() {
      return "batch %d, %s".formatted(batch, statistic);
    }
  }
}
