package io.secateur.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Runs of one small study in folders of their own, and what they leave. */
final class Trial {
  static final String STUDY =
      Lab.study(
          "seeds: [1]",
          "pipeline:",
          "  - train: {nap: 2}",
          "  - ${arm}",
          "grid:",
          "  arm:",
          "    tuned: {rounds: 2, stages: [prune, tune]}",
          "    rewound: {rounds: 2, stages: [prune, rewind: {step: 3}, train: {nap: 2}]}",
          "measure: [total, sparsity, jitter, keeper]");

  /** What a run says, in the order in which it is said. */
  final List<String> heard = new ArrayList<>();

  private final RunListener listener =
      new RunListener() {
        @Override
        public void failed(Piece piece, String message) {
          heard.add("failed: " + message);
        }

        @Override
        public void warned(String line) {
          heard.add("warning: " + line);
        }
      };

  private final Path file;

  /** Trials whose study file lies in a folder. */
  Trial(Path folder) throws IOException {
    this.file = Files.writeString(folder.resolve("toy.yaml"), STUDY);
  }

  RunOutcome run(Path out) throws IOException {
    return run(new RunOptions().out(out), Clock.systemUTC());
  }

  RunOutcome run(RunOptions options, Clock clock) throws IOException {
    return run(options, Lab.studies(clock));
  }

  RunOutcome run(RunOptions options, Studies studies) throws IOException {
    heard.clear();
    return studies.run(file, options.listener(listener));
  }

  /** The parameters and masks of every step: what its manifest says but for when and how long. */
  static Map<String, String> steps(Path store) throws IOException {
    Map<String, String> steps = new TreeMap<>();
    Store reading = Store.reading(store);
    for (Manifest manifest : reading.manifests()) {
      reading.check(manifest.key());
      // Timings are of their machine.
      List<String> values =
          manifest.values().stream()
              .filter(value -> !value.quantity().contains("jitter"))
              .map(Object::toString)
              .toList();
      steps.put(
          manifest.key(),
          manifest.model() + " " + manifest.rows() + " " + values + " " + manifest.files());
    }
    return steps;
  }

  /** All that a run gave and that must not differ from another's. */
  static Map<String, String> results(Path out) throws IOException {
    Map<String, String> results = steps(out.resolve("store"));
    results.put("results", Files.readString(out.resolve("results.jsonl")));
    results.put("checkpoints", Files.readString(out.resolve("checkpoints.jsonl")));
    return results;
  }

  /** Copies a run with its store; dates too, as {@code cp -a} does. */
  static void copy(Path from, Path to) throws IOException {
    for (Path file : files(from)) {
      Path copied = to.resolve(file);
      Files.createDirectories(Objects.requireNonNull(copied.getParent()));
      Files.copy(from.resolve(file), copied, StandardCopyOption.COPY_ATTRIBUTES);
    }
  }

  /** All files of a folder, by their paths in it. */
  static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.filter(Files::isRegularFile).sorted().map(folder::relativize).toList();
    }
  }
}
