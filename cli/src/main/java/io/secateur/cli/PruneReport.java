package io.secateur.cli;

import io.secateur.model.Tensor;
import io.secateur.prune.FilePruning.Count;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What was pruned of files: as a table, and as JSON.
 *
 * @param question what was asked
 * @param tensors of the file, by name
 */
record PruneReport(
    PruneQuestion question,
    Map<String, Tensor> tensors,
    ChosenTensors chosen,
    List<Count> counts,
    List<String> warnings) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Reads what the child answered. */
  static PruneReport of(
      PruneQuestion question,
      Map<String, Tensor> tensors,
      ChosenTensors chosen,
      Map<String, String> answer) {
    List<Count> counts = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    answer.forEach(
        (place, value) -> {
          if (place.startsWith("w")) {
            warnings.add(value);
          } else {
            String[] parts = value.split(" ", 4);
            counts.add(
                new Count(
                    parts[3],
                    Long.parseLong(parts[0]),
                    Long.parseLong(parts[1]),
                    Long.parseLong(parts[2])));
          }
        });
    return new PruneReport(question, tensors, chosen, counts, warnings);
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s by %s, scope %s, amount %s"
            .formatted(question.file(), question.method(), question.scope(), question.amount()));
    lines.add("");
    List<List<String>> rows = new ArrayList<>();
    for (Count count : counts) {
      Tensor tensor = tensor(count);
      rows.add(row(count.name(), tensor.typeName() + " " + shape(tensor), count));
    }
    rows.add(row("together", "", together()));
    lines.add(
        Layout.table(
            List.of("tensor", "numbers", "weights>", "0 before>", "0 after>", "share>"), rows));
    lines.add("");
    lines.addAll(chosen.lines());
    warnings.forEach(warning -> lines.add("warning: " + warning));
    return lines;
  }

  private Tensor tensor(Count count) {
    return Objects.requireNonNull(tensors.get(count.name()));
  }

  private static List<String> row(String name, String kind, Count count) {
    return List.of(
        name,
        kind,
        Layout.count(count.weights()),
        Layout.count(count.before()),
        Layout.count(count.pruned()),
        String.format(Locale.ROOT, "%.2f %%", 100.0 * count.pruned() / count.weights()));
  }

  private Count together() {
    return new Count(
        "together",
        counts.stream().mapToLong(Count::before).sum(),
        counts.stream().mapToLong(Count::pruned).sum(),
        counts.stream().mapToLong(Count::weights).sum());
  }

  private static String shape(Tensor tensor) {
    return LongStream.of(tensor.shape().getShape())
        .mapToObj(Long::toString)
        .collect(Collectors.joining("x"));
  }

  /** Returns the same for programs. */
  String json() {
    ObjectNode root = JSON.createObjectNode();
    root.put("file", question.file().toString());
    root.put("within", question.within());
    question.to().ifPresent(to -> root.put("out", to.toString()));
    root.put("method", question.method());
    root.put("scope", question.scope());
    root.put("amount", question.amount());
    root.put("seed", question.seed());
    ArrayNode pruned = root.putArray("tensors");
    for (Count count : counts) {
      ObjectNode each = pruned.addObject();
      each.put("name", count.name());
      each.put("type", tensor(count).typeName());
      ArrayNode shape = each.putArray("shape");
      LongStream.of(tensor(count).shape().getShape()).forEach(shape::add);
      counted(count, each);
    }
    counted(together(), root.putObject("together"));
    ObjectNode left = root.putObject("left");
    chosen
        .left()
        .forEach(
            (reason, names) -> {
              ArrayNode some = left.putArray(reason);
              names.forEach(some::add);
            });
    ArrayNode said = root.putArray("warnings");
    warnings.forEach(said::add);
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
  }

  private static void counted(Count count, ObjectNode into) {
    into.put("weights", count.weights());
    into.put("zeros_before", count.before());
    into.put("zeros_after", count.pruned());
  }
}
