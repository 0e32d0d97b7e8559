package io.secateur.report;

import io.secateur.study.Archive;
import io.secateur.study.ResultRow;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Writes a run's numbers as files of events for TensorBoard: {@code
 * DIR/arm/seed-1/events.out.tfevents.*}, those of a branch in a folder within. Their names end with
 * the study's, so that writing again replaces the run's own files and no others. Equal results give
 * equal bytes: all events have the time at which the results were written.
 */
public final class TensorBoard {
  /** A run's events are at most this deep: arm, seed, branch, file. */
  private static final int DEPTH = 4;

  private final Path run;
  private final Path folder;
  private final RunFolder read;
  private final double time;
  private final List<String> notes = new ArrayList<>();

  private TensorBoard(Path run, Path folder) throws IOException {
    this.run = run;
    this.folder = folder;
    this.read = RunFolder.read(run);
    this.time = Files.getLastModifiedTime(run.resolve("results.jsonl")).toMillis() / 1000.0;
  }

  /**
   * What was written.
   *
   * @param notes what could not be, a line each
   */
  public record Written(List<Path> files, List<String> notes) {
    public Written {
      files = List.copyOf(files);
      notes = List.copyOf(notes);
    }
  }

  /**
   * Refuses a folder for events that is a file.
   *
   * @throws IllegalArgumentException in one line
   */
  public static void check(Path folder) {
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new IllegalArgumentException(
          "%s is a file; events for TensorBoard are written into a folder".formatted(folder));
    }
  }

  /**
   * Writes the events of a run, all of them or none.
   *
   * @throws IllegalArgumentException when this is not a run folder or a file of it is damaged
   */
  public static Written write(Path runFolder, Path folder) throws IOException {
    check(folder);
    return new TensorBoard(runFolder, folder).write();
  }

  private Written write() throws IOException {
    Map<EventTrack.Name, List<ResultRow>> tracks = new LinkedHashMap<>();
    for (ResultRow row : read.rows()) {
      tracks.computeIfAbsent(EventTrack.Name.of(row), name -> new ArrayList<>()).add(row);
    }
    Map<Path, Path> finished = new LinkedHashMap<>();
    try {
      for (Map.Entry<EventTrack.Name, List<ResultRow>> each : tracks.entrySet()) {
        Path file = place(each.getKey(), finished.keySet());
        Files.createDirectories(file.getParent());
        Path beside = Files.createTempFile(file.getParent(), "unfinished", ".tmp");
        finished.put(file, beside);
        events(new EventTrack(each.getKey(), each.getValue()), beside);
      }
      for (Map.Entry<Path, Path> each : finished.entrySet()) {
        Files.move(each.getValue(), each.getKey(), StandardCopyOption.REPLACE_EXISTING);
      }
    } finally {
      for (Path beside : finished.values()) {
        Files.deleteIfExists(beside);
      }
    }
    for (Path earlier : finished.isEmpty() ? Set.<Path>of() : own()) {
      if (!finished.containsKey(earlier)) {
        Files.delete(earlier);
      }
    }
    return new Written(List.copyOf(finished.keySet()), notes);
  }

  private void events(EventTrack track, Path file) throws IOException {
    try (EventFile events =
        new EventFile(new BufferedOutputStream(Files.newOutputStream(file)), time)) {
      track.epochs(events);
      track.measured(events);
      try {
        // One archive for each, since it keeps in memory what it has read.
        track.weights(events, Archive.of(run));
      } catch (IOException gone) {
        String note = "weights are left out: " + gone.getMessage();
        if (!notes.contains(note)) {
          notes.add(note);
        }
      }
    }
  }

  private Path place(EventTrack.Name name, Set<Path> taken) {
    Path inside = folder.resolve(plain(name.arm())).resolve("seed-" + name.seed());
    if (!name.branch().isEmpty()) {
      inside = inside.resolve(plain(name.branch()));
    }
    Path file = inside.resolve("events.out.tfevents.%d%s".formatted((long) time, ending()));
    // Arms whose names differ in signs that no folder may have.
    for (int i = 2; taken.contains(file); i++) {
      file = inside.resolveSibling(inside.getFileName() + "-" + i).resolve(file.getFileName());
    }
    return file;
  }

  private String ending() {
    return ".secateur." + plain(read.info().study());
  }

  private static String plain(String name) {
    String plain = name.replaceAll("[^A-Za-z0-9._=+-]", "_");
    return plain.startsWith(".") ? "_" + plain.substring(1) : plain;
  }

  /** Returns the files that this run, or an earlier state of it, has there. */
  private Set<Path> own() throws IOException {
    Set<Path> own = new LinkedHashSet<>();
    try (Stream<Path> walk = Files.walk(folder, DEPTH)) {
      for (Path file : walk.filter(Files::isRegularFile).toList()) {
        String name = file.getFileName().toString();
        if (name.matches("events\\.out\\.tfevents\\.[0-9]+" + Pattern.quote(ending()))) {
          own.add(file);
        }
      }
    }
    return own;
  }
}
