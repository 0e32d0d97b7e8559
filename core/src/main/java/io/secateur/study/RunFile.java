package io.secateur.study;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** Reads the files of a run's folder, and says in words what is wrong with them. */
final class RunFile {
  private RunFile() {}

  /**
   * Reads a file that is one record.
   *
   * @throws StudyException when it is not there, or damaged
   */
  static <T> T read(Path file, Class<T> type) {
    try {
      return Json.whole(Files.readString(file), type);
    } catch (IOException | JacksonException e) {
      throw told(file, e);
    }
  }

  /**
   * Reads a file with a record on each line.
   *
   * @throws StudyException when it is not there, or damaged
   */
  static <T> List<T> lines(Path file, Class<T> type) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.map(line -> Json.whole(line, type)).toList();
    } catch (IOException | UncheckedIOException | JacksonException e) {
      throw told(file, e);
    }
  }

  private static StudyException told(Path file, Exception thrown) {
    Throwable cause = thrown instanceof UncheckedIOException ? thrown.getCause() : thrown;
    if (cause instanceof NoSuchFileException) {
      return new StudyException(
          "%s is no folder of a finished run: it has no %s"
              .formatted(folder(file), file.getFileName()),
          thrown);
    }
    if (cause instanceof JacksonException || cause instanceof CharacterCodingException) {
      return new StudyException(
          file + " is damaged; running the study again writes it anew", thrown);
    }
    return new StudyException(file + " cannot be read: " + thrown.getMessage(), thrown);
  }

  private static @Nullable Path folder(Path file) {
    return file.getParent();
  }
}
