package io.secateur.data;

import io.secateur.model.MalformedFileException;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * A file of sentences and their labels: UTF-8, a row per line, columns separated by tabs, nothing
 * quoted. The first line names the columns: {@code label}, and {@code sentence} or {@code content}.
 * Gzipped or not, or an entry of a zip archive. Every fault names file and line.
 *
 * @param entry of an archive; none for a file of its own
 */
record SentenceFile(Path path, Optional<String> entry) {
  private static final List<String> TEXT = List.of("sentence", "content");
  private static final String LABEL = "label";

  /** A sentence as it stands there, and the number of its class. */
  record Sentence(String text, int label) {}

  /** Returns how many sentences there are, without reading them. */
  int count() throws IOException {
    try (BufferedReader reader = reader()) {
      int lines = 0;
      while (reader.readLine() != null) {
        lines++;
      }
      return Math.max(0, lines - 1);
    } catch (CharacterCodingException | ZipException | EOFException fault) {
      throw unreadable(fault);
    }
  }

  /** Returns all sentences, in order; labels are from 0 up to below {@code classes}. */
  List<Sentence> read(int classes) throws IOException {
    List<Sentence> sentences = new ArrayList<>();
    try (BufferedReader reader = reader()) {
      String header = reader.readLine();
      List<String> columns = header == null ? List.of() : cells(header);
      int text = TEXT.stream().mapToInt(columns::indexOf).max().orElse(-1);
      int label = columns.indexOf(LABEL);
      if (text < 0 || label < 0) {
        throw fault(
            1,
            "the columns are %s; they should be named sentence and label, separated by a tab"
                .formatted(columns));
      }
      long number = 1;
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        sentences.add(sentence(cells(line), columns.size(), text, label, classes, ++number));
      }
    } catch (CharacterCodingException | ZipException | EOFException fault) {
      throw unreadable(fault);
    }
    return sentences;
  }

  private Sentence sentence(
      List<String> cells, int columns, int text, int label, int classes, long line)
      throws IOException {
    if (cells.size() != columns) {
      throw fault(line, "%d values, but there are %d columns".formatted(cells.size(), columns));
    }
    if (cells.get(text).isBlank()) {
      throw fault(line, "there is no sentence here");
    }
    String written = cells.get(label);
    int number = written.matches("[0-9]{1,6}") ? Integer.parseInt(written) : classes;
    if (number >= classes) {
      throw fault(
          line, "the label is '%s', 0 to %d would be right".formatted(written, classes - 1));
    }
    return new Sentence(cells.get(text), number);
  }

  private static List<String> cells(String line) {
    return Arrays.stream(line.split("\t", -1)).map(String::strip).toList();
  }

  private IOException fault(long line, String what) {
    return new MalformedFileException(this + ":" + line, what);
  }

  private IOException unreadable(IOException fault) {
    return fault instanceof CharacterCodingException
        ? new MalformedFileException(toString(), "not all of it is text in UTF-8", fault)
        : Unpacked.damaged(toString(), fault);
  }

  private BufferedReader reader() throws IOException {
    return new BufferedReader(
        new InputStreamReader(open(), StandardCharsets.UTF_8.newDecoder()), 1 << 16);
  }

  /** Opens what is packed, or not, so that the bytes of the text come. */
  InputStream open() throws IOException {
    if (entry.isPresent()) {
      return open(entry.get());
    }
    return Unpacked.open(path);
  }

  private InputStream open(String name) throws IOException {
    ZipFile zip;
    try {
      zip = new ZipFile(path.toFile());
    } catch (ZipException fault) {
      throw unreadable(fault);
    }
    try {
      ZipEntry found = zip.getEntry(name);
      if (found == null) {
        throw new MalformedFileException(path.toString(), "the archive holds no " + name);
      }
      InputStream packed = zip.getInputStream(found);
      return new FilterInputStream(new Unpacked(toString(), Files.size(path), packed)) {
        @Override
        public void close() throws IOException {
          zip.close();
        }
      };
    } catch (ZipException | EOFException fault) {
      zip.close();
      throw unreadable(fault);
    } catch (IOException | RuntimeException fault) {
      zip.close();
      throw fault;
    }
  }

  @Override
  public String toString() {
    return entry.map(name -> path + "!" + name).orElse(path.toString());
  }
}
