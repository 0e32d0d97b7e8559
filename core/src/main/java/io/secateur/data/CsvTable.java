package io.secateur.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The columns of one or two files that a study uses, as numbers: texts stand for their place among
 * the texts of their column, in the order in which they first appear.
 *
 * @param columns the features in order, the target last
 * @param rows of all files, one after the other
 * @param first how many rows the first file has
 */
record CsvTable(List<Column> columns, List<double[]> rows, int first) {
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][-+]?[0-9]+)?");
  private static final int SHOWN = 40;
  private static final Set<String> MISSING =
      Set.of("", "?", "-", "na", "n/a", "nan", "null", "none");

  /**
   * A column.
   *
   * @param texts what its numbers stand for; none for a column of numbers
   */
  record Column(String name, Optional<List<String>> texts) {
    boolean isNumbers() {
      return texts.isEmpty();
    }
  }

  /**
   * Reads the columns named.
   *
   * @param names the features, the target last
   * @param asText which columns are taken as texts, even if they are numbers
   */
  static CsvTable read(List<CsvFile> files, List<String> names, Predicate<String> asText)
      throws IOException {
    boolean[] numbers = numbers(files.get(0), names, asText);
    List<Map<String, Integer>> texts = new ArrayList<>();
    names.forEach(name -> texts.add(new LinkedHashMap<>()));
    List<double[]> rows = new ArrayList<>();
    int first = 0;
    for (CsvFile file : files) {
      int[] places = places(file, names);
      file.rows(
          (line, cells) -> {
            double[] row = new double[places.length];
            for (int i = 0; i < row.length; i++) {
              String cell = cells.get(places[i]);
              if (cell.isEmpty()) {
                throw file.fault(
                    line,
                    "column '%s' is empty; fill it in, or take the row out"
                        .formatted(names.get(i)));
              }
              row[i] =
                  numbers[i] ? number(file, line, names.get(i), cell) : place(cell, texts.get(i));
            }
            rows.add(row);
          });
      first = first == 0 ? rows.size() : first;
    }
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      columns.add(
          new Column(
              names.get(i),
              numbers[i] ? Optional.empty() : Optional.of(List.copyOf(texts.get(i).keySet()))));
    }
    return new CsvTable(List.copyOf(columns), rows, first);
  }

  private static int place(String text, Map<String, Integer> texts) {
    Integer known = texts.putIfAbsent(text, texts.size());
    return known == null ? texts.size() - 1 : known;
  }

  private static int[] places(CsvFile file, List<String> names) throws IOException {
    List<String> columns = file.columns();
    return names.stream().mapToInt(name -> file.indexOf(name, columns)).toArray();
  }

  /** Returns which columns hold numbers in at least half of their rows, and so must in all. */
  private static boolean[] numbers(CsvFile file, List<String> names, Predicate<String> asText)
      throws IOException {
    int[] places = places(file, names);
    long[] balance = new long[places.length];
    boolean[] any = new boolean[places.length];
    file.rows(
        (line, cells) -> {
          for (int i = 0; i < places.length; i++) {
            String cell = cells.get(places[i]);
            if (NUMBER.matcher(cell).matches()) {
              balance[i]++;
              any[i] = true;
            } else if (!MISSING.contains(cell.toLowerCase(Locale.ROOT))) {
              balance[i]--;
            }
          }
        });
    boolean[] numbers = new boolean[places.length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = any[i] && balance[i] >= 0 && !asText.test(names.get(i));
    }
    return numbers;
  }

  private static double number(CsvFile file, long line, String column, String cell)
      throws IOException {
    boolean isNumber = NUMBER.matcher(cell).matches();
    double number = isNumber ? Double.parseDouble(cell) : Double.NaN;
    if (isNumber && Float.isFinite((float) number)) {
      return number;
    }
    throw file.fault(
        line,
        "column '%s' holds '%s' here%s"
            .formatted(
                column,
                cell.length() > SHOWN ? cell.substring(0, SHOWN) + "…" : cell,
                isNumber
                    ? ", which is too large a number"
                    : MISSING.contains(cell.toLowerCase(Locale.ROOT))
                        ? "; fill it in, or take the row out"
                        : " and numbers elsewhere; if its numbers are names of categories, list"
                            + " the column: categories: ["
                            + column
                            + "]"));
  }

  /** The order of classes and categories: numbers by size, before texts, which are by letter. */
  static int compare(String a, String b) {
    boolean first = NUMBER.matcher(a).matches();
    boolean second = NUMBER.matcher(b).matches();
    int order =
        first && second
            ? Double.compare(Double.parseDouble(a), Double.parseDouble(b))
            : Boolean.compare(second, first);
    return order != 0 ? order : a.compareTo(b);
  }
}
