package io.secateur.builtin;

import io.secateur.model.Checkpoint;
import io.secateur.model.Encoding;
import io.secateur.spi.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Sizes of files that were written, read back, and found to hold the same numbers. */
public record DiskSize() implements Metric.OfRuntime {
  @Override
  public String name() {
    return "disk-size";
  }

  @Override
  public String description() {
    return """
        Bytes of a file of the whole model, biases included, in MB (10^6 bytes); each file is \
        written, read back and compared.
        dense: every number, 4 bytes. coo: an int64 index per dimension and the value for every \
        number that is not zero. weights-and-masks: as PyTorch stores a model that is being \
        pruned. bitmask: a bit per weight, then the weights that are not zero.
        COO is not in proportion to sparsity: a kept weight of a matrix takes 20 bytes (two 8-byte \
        indices and 4 bytes of value) against 4 when dense, so COO is the smaller one only above \
        80 % sparsity.""";
  }

  @Override
  public List<Quantity> quantities() {
    return Arrays.stream(Encoding.values())
        .map(encoding -> new Quantity(quantity(encoding), "MB", false, true))
        .toList();
  }

  private static String quantity(Encoding encoding) {
    return "disk-size/" + encoding.label();
  }

  @Override
  public List<Value> measure(Checkpoint model, Bench bench) throws IOException {
    List<Value> values = new ArrayList<>();
    for (Encoding encoding : Encoding.values()) {
      Path file = bench.folder().resolve(encoding.label() + ".safetensors");
      encoding.write(model, file);
      compare(model, encoding.read(file), encoding);
      values.add(new Value(quantity(encoding), Files.size(file) / 1e6));
    }
    return values;
  }

  private static void compare(Checkpoint written, Checkpoint read, Encoding encoding) {
    written
        .parameters()
        .forEach(
            (name, tensor) -> {
              if (!tensor.sameNumbers(read.parameter(name))) {
                throw new IllegalStateException(
                    "%s read back from its %s file holds other numbers than were written"
                        .formatted(name, encoding.label()));
              }
            });
  }
}
