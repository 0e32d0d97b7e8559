package io.secateur.conformance;

import io.secateur.model.Checkpoint;
import io.secateur.model.WholeFiles;
import io.secateur.spi.Format;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What file formats keep, on small models half pruned. */
final class FormatRules {
  private final Format format;

  FormatRules(Format format) {
    this.format = format;
  }

  List<Rule> rules() {
    return List.of(
        new Rule("writes models, and knows what it has written", this::writes),
        new Rule("reads back what it has written", this::reads),
        new Rule("does not write over what is there", this::refusesToOverwrite),
        new Rule("writes whole or not at all", this::whole),
        new Rule("refuses what is damaged", this::damaged));
  }

  /** Tries a rule in a folder of its own, on what the format has written there. */
  private interface Body {
    void on(Checkpoint model, Path written, Findings findings) throws IOException;
  }

  private void each(Findings findings, Body body) throws IOException {
    List<String> refusals = new ArrayList<>();
    boolean any = false;
    for (Trial trial : Trial.all()) {
      Checkpoint model = trial.half();
      Path folder = Files.createTempDirectory("secateur-format");
      try {
        Path target = folder.resolve("model." + format.name());
        try {
          format.write(model, target);
        } catch (IOException | IllegalArgumentException | UnsupportedOperationException e) {
          refusals.add(trial.name() + ": " + Rule.reason(e));
          continue;
        }
        any = true;
        body.on(model, target, findings);
      } finally {
        WholeFiles.delete(folder);
      }
    }
    if (!any) {
      findings.untried("it writes none of the small models here: " + String.join("; ", refusals));
    }
  }

  private void writes(Findings findings) throws IOException {
    each(
        findings,
        (model, written, into) -> {
          if (!Files.exists(written)) {
            into.violation("", "nothing is where it was told to write", "it writes to that path");
          } else if (!format.reads(written) && !onlyWrites(written)) {
            into.violation(
                "",
                "reads() says no to %s, which it wrote".formatted(written.getFileName()),
                "it knows its own files, by name or by their first bytes");
          }
        });
  }

  /** Formats that are for others to read say so by an UnsupportedOperationException. */
  private Optional<Checkpoint> read(Path written) throws IOException {
    try {
      return Optional.of(format.read(written));
    } catch (UnsupportedOperationException e) {
      return Optional.empty();
    }
  }

  private boolean onlyWrites(Path written) {
    try {
      return read(written).isEmpty();
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }

  private void reads(Findings findings) throws IOException {
    each(
        findings,
        (model, written, into) -> {
          if (!Files.exists(written)) {
            return;
          }
          Optional<Checkpoint> back = read(written);
          if (back.isEmpty()) {
            into.untried("it only writes");
          } else if (!back.get().equals(model)) {
            into.violation(
                "",
                "what is read back is another checkpoint",
                "architecture, parameters, masks and attachments are as they were, bit for bit");
          }
        });
  }

  private void refusesToOverwrite(Findings findings) throws IOException {
    each(
        findings,
        (model, written, into) -> {
          Path other = written.resolveSibling("taken." + format.name());
          Files.writeString(other, "somebody else's");
          try {
            format.write(model, other);
            into.violation("", "it writes over a file", "a target that exists is refused");
          } catch (IOException | RuntimeException e) {
            if (!Files.isRegularFile(other) || !Files.readString(other).equals("somebody else's")) {
              into.violation(
                  "", "it refuses a file that exists and changes it", "a refusal changes nothing");
            }
          }
        });
  }

  private void whole(Findings findings) throws IOException {
    each(
        findings,
        (model, written, into) -> {
          onlyThose(written, List.of(written), into);
          Path file = written.resolveSibling("file");
          Files.writeString(file, "no folder");
          Path tooLong = written.resolveSibling("n".repeat(300) + "." + format.name());
          for (Path impossible : List.of(file.resolve("model." + format.name()), tooLong)) {
            try {
              format.write(model, impossible);
              into.violation(
                  "", "it says nothing where nothing can be written", "an IOException says so");
            } catch (IOException | RuntimeException e) {
              onlyThose(written, List.of(written, file), into);
            }
          }
        });
  }

  private static void onlyThose(Path written, List<Path> expected, Findings into)
      throws IOException {
    List<String> more = new ArrayList<>();
    try (Stream<Path> inside = Files.list(written.getParent())) {
      inside
          .filter(path -> !expected.contains(path))
          .forEach(path -> more.add("" + path.getFileName()));
    }
    if (!more.isEmpty()) {
      into.violation(
          "",
          "it leaves %s beside its target".formatted(String.join(", ", more)),
          "what it needs on its way is gone afterwards");
    }
  }

  private void damaged(Findings findings) throws IOException {
    each(
        findings,
        (model, written, into) -> {
          if (!Files.exists(written) || readable(written).isEmpty()) {
            return;
          }
          Path largest;
          try (Stream<Path> all = Files.walk(written)) {
            largest =
                all.filter(Files::isRegularFile)
                    .max(Comparator.comparingLong(path -> path.toFile().length()))
                    .orElseThrow();
          }
          try (RandomAccessFile cut = new RandomAccessFile(largest.toFile(), "rw")) {
            cut.setLength(cut.length() / 2);
          }
          try {
            format.read(written);
            into.violation("", "it reads half a file", "a malformed file is refused");
          } catch (IOException | IllegalArgumentException e) {
            if (e.getMessage() == null) {
              into.violation("", "it refuses half a file without a word", "a refusal says why");
            }
          }
        });
  }

  /** What cannot be read when whole is told by another rule. */
  private Optional<Checkpoint> readable(Path written) {
    try {
      return read(written);
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }
}
