package io.secateur.benchmarks;

import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Pattern;
import io.secateur.sparsity.Scope;

/**
 * What a benchmark of selection is to do, as its parameter says it: {@code
 * global/100000000/50/distinct/first}.
 *
 * @param scope {@code global}, {@code layer}, {@code row}, {@code tile} (of 4) or {@code filter}
 * @param cells about how many weights there are
 * @param percent of them that are to be gone in the end
 * @param ties whether nearly all scores have equals
 * @param second whether half of what is to go has gone before
 */
public record Task(String scope, long cells, int percent, boolean ties, boolean second) {

  /** Reads a parameter. */
  public static Task of(String text) {
    String[] parts = text.split("/", 5);
    return new Task(
        parts[0],
        Long.parseLong(parts[1]),
        Integer.parseInt(parts[2]),
        parts[3].equals("ties"),
        parts[4].equals("second"));
  }

  /** Returns the parameter. */
  String text() {
    return String.join(
        "/",
        scope,
        Long.toString(cells),
        Integer.toString(percent),
        ties ? "ties" : "distinct",
        second ? "second" : "first");
  }

  /** Returns what the table says. */
  String what() {
    return "%s, %s, %d %%%s%s"
        .formatted(
            scope.equals("tile") ? "2:4".replace("2", "" + (4 - percent / 25)) : scope,
            millions(),
            percent,
            ties ? ", ties" : "",
            second ? ", second round" : "");
  }

  private String millions() {
    return cells / 1_000_000 + " M";
  }

  /** Returns how many weights there are. */
  long weights() {
    long side = Numbers.side(cells);
    return 4 * side * side;
  }

  /** Returns the pattern asked for. */
  public Pattern pattern() {
    return new Pattern(
        scope.equals("filter")
            ? new Granularity.Slice(Granularity.Axis.OUTPUT)
            : new Granularity.Element(),
        switch (scope) {
          case "global" -> new Scope.Global();
          case "row" -> new Scope.Row();
          case "tile" -> new Scope.Tile(4);
          default -> new Scope.Layer();
        });
  }

  /** Returns how much is to be gone in the end. */
  public Amount amount() {
    return Amount.of(percent / 100.0);
  }

  /** Returns how much has gone before the second round. */
  public Amount before() {
    return Amount.of(percent / 200.0);
  }
}
