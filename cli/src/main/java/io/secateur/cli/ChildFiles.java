package io.secateur.cli;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;

/** What the command line and its children tell each other: names with values, in a file. */
final class ChildFiles {
  private ChildFiles() {}

  static void write(Map<String, String> values, Path file) throws IOException {
    Properties properties = new Properties();
    properties.putAll(values);
    try (Writer writer = Files.newBufferedWriter(file)) {
      properties.store(writer, null);
    }
  }

  /** Returns the values in the order of their names. */
  static Map<String, String> read(Path file) throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    Map<String, String> values = new LinkedHashMap<>();
    for (String name : new TreeSet<>(properties.stringPropertyNames())) {
      values.put(name, properties.getProperty(name));
    }
    return values;
  }

  /** Returns where a child says how it gets on. */
  static Path progress(Path answer) {
    return answer.resolveSibling("progress");
  }

  /** Says how a child gets on, in place of what it said before. */
  static void progress(Path answer, String text) {
    try {
      Path written = Files.writeString(answer.resolveSibling("progress.tmp"), text);
      Files.move(written, progress(answer), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
