package io.secateur.data;

import io.secateur.model.MalformedFileException;
import io.secateur.model.Nearest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * A file of comma-separated values as text: UTF-8, gzipped or not, with or without a byte order
 * mark, lines ended in any way, values quoted as RFC 4180 says. Every fault names file and line.
 *
 * @param separator between values
 * @param header whether the first line names the columns; else they are called 1, 2, 3
 */
record CsvFile(Path path, char separator, boolean header) {
  private static final int BYTE_ORDER_MARK = 0xfeff;

  /** Sees the rows of a file, one after the other. */
  interface Visitor {
    /**
     * Sees a row.
     *
     * @param line where it begins, from 1
     * @param cells as many as there are columns, without blanks around them
     */
    void row(long line, List<String> cells) throws IOException;
  }

  /** Returns the names of the columns. */
  List<String> columns() throws IOException {
    List<List<String>> names = new ArrayList<>();
    read((columns, line, cells) -> names.add(columns), 1);
    if (names.isEmpty()) {
      throw new MalformedFileException(
          path.toString(), "there are no rows" + (header ? " below the header" : ""));
    }
    return names.get(0);
  }

  /** Shows all rows. */
  void rows(Visitor visitor) throws IOException {
    read((columns, line, cells) -> visitor.row(line, cells), Long.MAX_VALUE);
  }

  /** Returns the position of a column; refuses a name that there is not. */
  int indexOf(String name, List<String> columns) {
    int index = columns.indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException(
          "%s has no column '%s'%s its columns: %s"
              .formatted(
                  path,
                  name,
                  Nearest.to(name, columns).map(n -> "; did you mean '" + n + "'?").orElse(";"),
                  onOneLine(
                      columns.size() > 20
                          ? String.join(", ", columns.subList(0, 20)) + ", …"
                          : String.join(", ", columns))));
    }
    return index;
  }

  /** Returns what to throw about a line. */
  IOException fault(long line, String what) {
    return new MalformedFileException(path + ":" + line, what);
  }

  /** Names and values of a quoted table may hold line breaks; a message is one line. */
  private static String onOneLine(String text) {
    return text.replaceAll("\\R", "\\\\n");
  }

  private interface Each {
    void row(List<String> columns, long line, List<String> cells) throws IOException;
  }

  private void read(Each each, long most) throws IOException {
    List<String> columns = List.of();
    long rows = 0;
    long line = 1;
    try (Reader reader = reader();
        CSVParser parser = format().parse(reader)) {
      Iterator<CSVRecord> records = parser.iterator();
      while (rows < most && records.hasNext()) {
        List<String> cells = records.next().stream().map(String::strip).toList();
        long begin = line;
        line = parser.getCurrentLineNumber() + 1;
        if (cells.size() == 1 && cells.get(0).isEmpty()) {
          continue;
        }
        if (columns.isEmpty()) {
          columns = header ? named(cells, begin) : numbered(cells.size());
          if (header) {
            continue;
          }
        }
        if (cells.size() != columns.size()) {
          throw fault(
              begin, "%d values, but there are %d columns".formatted(cells.size(), columns.size()));
        }
        each.row(columns, begin, cells);
        rows++;
      }
    } catch (UncheckedIOException e) {
      throw unreadable(line, e);
    } catch (CharacterCodingException e) {
      throw unreadable(line, e);
    }
  }

  private IOException unreadable(long line, Exception fault) {
    Throwable cause = fault;
    if (fault instanceof UncheckedIOException && fault.getCause() != null) {
      cause = fault.getCause();
    }
    if (cause instanceof CharacterCodingException) {
      return new MalformedFileException(
          path.toString(), "after line " + line + " there is no text in UTF-8", cause);
    }
    if (cause instanceof MalformedFileException told) {
      return told;
    }
    return new MalformedFileException(
        path + ":" + line, "the row that begins here cannot be read: " + cause.getMessage(), cause);
  }

  private CSVFormat format() {
    return CSVFormat.RFC4180
        .builder()
        .setDelimiter(separator)
        .setIgnoreEmptyLines(false)
        .setIgnoreSurroundingSpaces(true)
        .get();
  }

  private Reader reader() throws IOException {
    InputStream in = Unpacked.open(path);
    try {
      BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()), 1 << 16);
      reader.mark(1);
      if (reader.read() != BYTE_ORDER_MARK) {
        reader.reset();
      }
      return reader;
    } catch (CharacterCodingException e) {
      in.close();
      throw unreadable(1, e);
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  private List<String> named(List<String> names, long line) throws IOException {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).isEmpty()) {
        throw fault(
            line,
            "column %d has no name; a row index, which some programs write, is best left out"
                .formatted(i + 1));
      }
      if (!seen.add(names.get(i))) {
        throw fault(line, "two columns are called '%s'".formatted(names.get(i)));
      }
    }
    return names;
  }

  private static List<String> numbered(int count) {
    return IntStream.rangeClosed(1, count).mapToObj(Integer::toString).toList();
  }
}
