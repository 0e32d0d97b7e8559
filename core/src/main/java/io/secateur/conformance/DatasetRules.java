package io.secateur.conformance;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.secateur.spi.DataFiles;
import io.secateur.spi.DatasetSource;
import io.secateur.spi.Examples;
import io.secateur.spi.Split;
import io.secateur.spi.Task;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** What data sets keep, as far as their files are here. */
final class DatasetRules {
  /** Examples that are looked at of a split. */
  private static final int LOOKED = 64;

  private static final int BATCH = 256;

  /** Numbers of the training part beyond which it is not searched for test examples. */
  private static final long SEARCHED = 20_000_000;

  private final DatasetSource source;
  private final DataFiles files;
  private final Map<Split, Examples> opened = new EnumMap<>(Split.class);
  private Optional<String> absent = Optional.empty();
  private boolean looked;

  DatasetRules(DatasetSource source, DataFiles files) {
    this.source = source;
    this.files = files;
  }

  List<Rule> rules() {
    return List.of(
        new Rule("opens what it counts", this::opens),
        new Rule("examples are those of its task", this::suits),
        new Rule("examples come as asked, in any order", this::order),
        new Rule("opens to the same examples again", this::repeats),
        new Rule("test examples are not those trained on", this::disjoint));
  }

  /** Opens every split once; without its files, or the settings that it needs, says so. */
  private boolean here(Findings findings) {
    if (!looked) {
      looked = true;
      try {
        source.task();
        for (Split split : Split.values()) {
          if (source.size(split, files) > 0) {
            opened.put(split, source.open(split, files));
          }
        }
      } catch (IOException | RuntimeException e) {
        absent = Optional.of(Rule.reason(e));
      }
    }
    absent.ifPresent(reason -> findings.untried("it is not to be had here: " + reason));
    return absent.isEmpty();
  }

  private void opens(Findings findings) throws IOException {
    if (!here(findings)) {
      return;
    }
    for (Split needed : List.of(Split.TRAIN, Split.TEST)) {
      if (!opened.containsKey(needed)) {
        findings.violation("" + needed, "it has no examples", "a study trains and tests");
      }
    }
    for (Map.Entry<Split, Examples> each : opened.entrySet()) {
      int counted = source.size(each.getKey(), files);
      if (counted != each.getValue().size()) {
        findings.violation(
            "" + each.getKey(),
            "size() is %d, and %d examples are opened".formatted(counted, each.getValue().size()),
            "both are the same");
      }
    }
  }

  private void suits(Findings findings) {
    if (!here(findings)) {
      return;
    }
    Task task = source.task();
    opened.forEach(
        (split, examples) -> {
          int[] indices = first(examples);
          try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            Examples.Batch batch = examples.batch(indices, manager);
            fault(task, batch, indices.length)
                .ifPresent(
                    fault ->
                        findings.violation(
                            "" + split, fault, "examples are as the task says: " + task));
          }
        });
  }

  private static Optional<String> fault(Task task, Examples.Batch batch, int count) {
    NDArray inputs = batch.inputs();
    NDArray targets = batch.targets();
    DataType type = task.vocabulary() > 0 ? DataType.INT64 : DataType.FLOAT32;
    Shape shape = new Shape(count).addAll(task.input());
    if (!inputs.getShape().equals(shape) || inputs.getDataType() != type) {
      return Optional.of(
          "inputs are %s%s, not %s%s"
              .formatted(inputs.getDataType(), inputs.getShape(), type, shape));
    }
    boolean tokens = task instanceof Task.TokenPrediction;
    DataType targetType = task instanceof Task.Regression ? DataType.FLOAT32 : DataType.INT64;
    Shape targetShape =
        tokens
            ? shape
            : task instanceof Task.Regression ? new Shape(count, task.outputs()) : new Shape(count);
    if (!targets.getShape().equals(targetShape) || targets.getDataType() != targetType) {
      return Optional.of(
          "targets are %s%s, not %s%s"
              .formatted(targets.getDataType(), targets.getShape(), targetType, targetShape));
    }
    if (task.vocabulary() > 0) {
      long lowest = tokens ? -1 : 0;
      for (long id : inputs.toLongArray()) {
        if (id < lowest || id >= task.vocabulary()) {
          return Optional.of("an input holds id %d of %d".formatted(id, task.vocabulary()));
        }
      }
    } else if (!finite(inputs)) {
      return Optional.of("an input holds a number that is not finite");
    }
    if (targetType == DataType.FLOAT32) {
      return finite(targets) ? Optional.empty() : Optional.of("a target is not finite");
    }
    for (long target : targets.toLongArray()) {
      if (target >= task.outputs() || (target < 0 && !tokens)) {
        return Optional.of("a target is %d, of %d".formatted(target, task.outputs()));
      }
    }
    return Optional.empty();
  }

  private static boolean finite(NDArray array) {
    for (float number : array.toFloatArray()) {
      if (!Float.isFinite(number)) {
        return false;
      }
    }
    return true;
  }

  private static int[] first(Examples examples) {
    return IntStream.range(0, Math.min(LOOKED, examples.size())).toArray();
  }

  private void order(Findings findings) {
    if (!here(findings)) {
      return;
    }
    opened.forEach(
        (split, examples) -> {
          int[] indices = first(examples);
          int[] reversed =
              IntStream.range(0, indices.length).map(i -> indices.length - 1 - i).toArray();
          ByteBuffer[] there = rows(examples, indices);
          ByteBuffer[] back = rows(examples, reversed);
          for (int i = 0; i < there.length; i++) {
            if (!there[i].equals(back[back.length - 1 - i])) {
              findings.violation(
                  "" + split,
                  "example %d is another one when asked for in another order".formatted(i),
                  "batch(indices) gives the named examples in that order");
              return;
            }
          }
        });
  }

  private void repeats(Findings findings) throws IOException {
    if (!here(findings)) {
      return;
    }
    if (!source.fingerprint(files).equals(source.fingerprint(files))) {
      findings.violation("", "its fingerprint changes", "equal files have an equal fingerprint");
    }
    for (Map.Entry<Split, Examples> each : opened.entrySet()) {
      int[] indices = first(each.getValue());
      Examples again = source.open(each.getKey(), files);
      if (!Arrays.equals(rows(each.getValue(), indices), rows(again, indices))) {
        findings.violation(
            "" + each.getKey(),
            "opened twice, its examples are others",
            "the same settings and files give the same examples in the same order");
      }
      if (!Arrays.equals(augmented(again, indices), augmented(each.getValue(), indices))) {
        findings.violation(
            "" + each.getKey(),
            "augmented with one seed, its examples are others",
            "equal seeds give equal batches");
      }
    }
  }

  private static ByteBuffer[] augmented(Examples examples, int[] indices) {
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      return rows(examples.augmented(indices, 1, manager), indices.length);
    }
  }

  private static ByteBuffer[] rows(Examples examples, int[] indices) {
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      return rows(examples.batch(indices, manager), indices.length);
    }
  }

  /** Returns the bytes of each example, its target behind it. */
  private static ByteBuffer[] rows(Examples.Batch batch, int count) {
    byte[] inputs = batch.inputs().toByteArray();
    byte[] targets = batch.targets().toByteArray();
    ByteBuffer[] rows = new ByteBuffer[count];
    int input = inputs.length / Math.max(1, count);
    int target = targets.length / Math.max(1, count);
    for (int i = 0; i < count; i++) {
      ByteBuffer row = ByteBuffer.allocate(input + target);
      row.put(inputs, i * input, input).put(targets, i * target, target);
      rows[i] = row.flip();
    }
    return rows;
  }

  /** Real data holds some examples twice; the same part under another name is most of it. */
  private void disjoint(Findings findings) {
    if (!here(findings)) {
      return;
    }
    Examples train = opened.get(Split.TRAIN);
    if (train == null) {
      return;
    }
    if (train.size() * source.task().input().size() > SEARCHED) {
      findings.untried("the training part is too large to be searched for test examples");
      return;
    }
    for (Split split : List.of(Split.TEST, Split.VALIDATION)) {
      Examples other = opened.get(split);
      if (other == null) {
        continue;
      }
      Set<ByteBuffer> held = new HashSet<>(Arrays.asList(rows(other, first(other))));
      int all = held.size();
      for (int first = 0; first < train.size(); first += BATCH) {
        int end = Math.min(train.size(), first + BATCH);
        held.removeAll(Arrays.asList(rows(train, IntStream.range(first, end).toArray())));
      }
      if (held.size() * 2 < all) {
        findings.violation(
            "" + split,
            "%d of the first %d examples are in the training part too"
                .formatted(all - held.size(), all),
            "what is reported or chosen by was not trained on");
      }
    }
  }
}
