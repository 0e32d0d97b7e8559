package io.secateur.cli;

import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Encoding;
import io.secateur.model.Inspection;
import io.secateur.model.ParameterSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Says what a model consists of. */
final class Anatomy {
  private static final int FLOAT_BYTES = 4;

  private Anatomy() {}

  static List<String> lines(Subject subject) throws IOException {
    Optional<Checkpoint> checkpoint = subject.checkpoint();
    Inspection inspection =
        checkpoint.map(Inspection::of).orElseGet(() -> Inspection.of(subject.architecture()));
    List<String> lines = new ArrayList<>();
    lines.add(subject.name());
    lines.add("");
    List<List<String>> rows = new ArrayList<>();
    List<Architecture.Place> places = subject.architecture().places();
    for (int i = 0; i < places.size(); i++) {
      rows.add(row(inspection.rows().get(i), shape(places.get(i)), checkpoint.isPresent()));
    }
    rows.add(row(inspection.total(), "", checkpoint.isPresent()));
    List<String> headings =
        checkpoint.isPresent()
            ? List.of("layer", "kind", "weight", "parameters>", "non-zero>", "sparsity>", "MACs>")
            : List.of("layer", "kind", "weight", "output", "parameters>", "MACs>");
    lines.addAll(Layout.table(headings, rows).lines().toList());
    lines.add("");
    if (checkpoint.isPresent()) {
      lines.addAll(Integers.lines(checkpoint.get()));
      sizes(checkpoint.get(), lines);
      checkpoint
          .get()
          .attachments()
          .forEach(
              (name, bytes) ->
                  lines.add("attached: %s, %s".formatted(name, Layout.bytes(bytes.length))));
    } else {
      lines.add(
          "dense size: "
              + Layout.bytes(FLOAT_BYTES * subject.architecture().parameterCount())
              + ", the numbers alone");
    }
    return lines;
  }

  private static List<String> row(Inspection.Row row, String shape, boolean numbers) {
    String parameters = row.parameters() == 0 ? "" : Layout.count(row.parameters());
    String macs = row.macs() == 0 ? "" : Layout.count(row.macs());
    if (!numbers) {
      return List.of(row.name(), row.kind(), shape, row.output(), parameters, macs);
    }
    return List.of(
        row.name(),
        row.kind(),
        shape,
        parameters,
        row.parameters() == 0 ? "" : Layout.count(row.nonZeros()),
        row.weights() == 0 ? "" : String.format(Locale.ROOT, "%.2f %%", 100 * row.sparsity()),
        macs);
  }

  /** Returns the shape of a layer's weight, outputs first. */
  private static String shape(Architecture.Place place) {
    return place.parameters().stream()
        .filter(ParameterSpec::prunable)
        .findFirst()
        .map(Anatomy::shape)
        .orElse("");
  }

  static String shape(ParameterSpec spec) {
    return Arrays.stream(spec.shape().getShape())
        .mapToObj(Long::toString)
        .collect(Collectors.joining(" x "));
  }

  /** Sizes are those of files that are written, since headers and indices count too. */
  private static void sizes(Checkpoint checkpoint, List<String> lines) throws IOException {
    Path folder = Files.createTempDirectory("secateur-sizes");
    try {
      lines.add("size as a file:");
      for (Encoding encoding : Encoding.values()) {
        if (!encoding.suits(checkpoint)) {
          continue;
        }
        Path file = folder.resolve(encoding.label() + ".safetensors");
        try {
          lines.add(
              "  %-18s %10s"
                  .formatted(encoding.label(), Layout.bytes(encoding.write(checkpoint, file))));
        } finally {
          Files.deleteIfExists(file);
        }
      }
    } finally {
      Files.deleteIfExists(folder);
    }
  }
}
