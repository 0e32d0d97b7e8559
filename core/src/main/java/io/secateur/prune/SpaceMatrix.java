package io.secateur.prune;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.calibrate.Calibrator;
import io.secateur.model.Checkpoint;
import io.secateur.model.Coupling;
import io.secateur.model.Owners;
import io.secateur.model.ParameterSpec;
import io.secateur.model.UnitSpace;
import io.secateur.sparsity.Form;
import io.secateur.sparsity.Mask;
import io.secateur.spi.Statistic;
import io.secateur.spi.Statistics;
import io.secateur.spi.Weight;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * The weights that make the units of a space, side by side: a matrix with a row per unit, which
 * holds the unit's rows of one weight after the other, and columns of tables.
 */
final class SpaceMatrix {
  private final Checkpoint model;
  private final Coupling coupling;
  private final UnitSpace space;
  private final Map<String, Lines> lines = new LinkedHashMap<>();

  /**
   * What each unit owns of a weight that makes it.
   *
   * @param columns whether these are columns, as of a table, or rows
   */
  private record Lines(Form form, boolean columns, List<List<Integer>> ofUnits) {
    int length() {
      return Math.toIntExact(columns ? form.rows() : form.columns());
    }

    int cell(int line, int at) {
      int across = Math.toIntExact(form.columns());
      return columns ? at * across + line : line * across + at;
    }
  }

  SpaceMatrix(Checkpoint model, Coupling coupling, UnitSpace space) {
    this.model = model;
    this.coupling = coupling;
    this.space = space;
    for (String name : space.producers()) {
      boolean table = coupling.owners(name).orElseThrow().table();
      lines.put(name, new Lines(form(name), table, lines(coupling, space, name)));
    }
  }

  /** Returns the rows of a parameter that each unit owns; of a table, the columns. */
  private static List<List<Integer>> lines(Coupling coupling, UnitSpace space, String name) {
    List<List<Integer>> lines = new ArrayList<>();
    for (int unit = 0; unit < space.size(); unit++) {
      lines.add(new ArrayList<>());
    }
    Owners owners = coupling.owners(name).orElseThrow();
    for (int line = 0; line < (owners.table() ? owners.inputs() : owners.rows()); line++) {
      int unit = owners.table() ? owners.input(line) : owners.row(line);
      if (space.holds(unit)) {
        lines.get(unit - space.first()).add(line);
      }
    }
    return lines;
  }

  /** Returns whether each unit of a space owns as many rows of every weight as the others do. */
  static boolean even(Coupling coupling, UnitSpace space) {
    return space.producers().stream()
        .map(name -> lines(coupling, space, name))
        .allMatch(lines -> lines.stream().mapToInt(List::size).distinct().count() == 1);
  }

  /** Returns whether the matrix is that of its one weight. */
  private boolean plain() {
    return plain(coupling, space);
  }

  static boolean plain(Coupling coupling, UnitSpace space) {
    if (space.producers().size() != 1) {
      return false;
    }
    Owners owners = coupling.owners(space.producers().get(0)).orElseThrow();
    return !owners.table() && owners.rows() == space.size();
  }

  Form form() {
    Form first = form(space.producers().get(0));
    return plain() ? first : Form.matrix(space.size(), columns());
  }

  private Form form(String name) {
    return model.architecture().parameter(name).form();
  }

  private long columns() {
    return lines.values().stream()
        .mapToLong(each -> (long) each.ofUnits().get(0).size() * each.length())
        .sum();
  }

  /** Returns the matrix as a method sees it. */
  Weight weight(long seed, NDManager manager) {
    NDArray matrix = matrix(name -> model.parameter(name).toFloats(), manager);
    return new Weight(space.name(), form(), matrix, companions(manager), seed);
  }

  /** Returns the units of which no cell is left as pruned. */
  Mask remaining() {
    boolean[] kept = new boolean[space.size()];
    lines.forEach(
        (name, own) -> {
          Mask mask = model.mask(name);
          for (int unit = 0; unit < kept.length; unit++) {
            for (int line : own.ofUnits().get(unit)) {
              for (int at = 0; at < own.length() && !kept[unit]; at++) {
                kept[unit] = mask.keeps(own.cell(line, at));
              }
            }
          }
        });
    return Mask.of(Form.matrix(kept.length, 1), unit -> kept[(int) unit]);
  }

  /** Adds up a matrix of scores, those of pruned cells left out, as doubles. */
  float[] sums(float[] scores) {
    float[] kept = laidOut(this::kept);
    float[] sums = new float[space.size()];
    int columns = scores.length / sums.length;
    for (int unit = 0; unit < sums.length; unit++) {
      double sum = 0;
      for (int cell = unit * columns; cell < (unit + 1) * columns; cell++) {
        sum += kept[cell] == 0 ? 0 : scores[cell];
      }
      sums[unit] = (float) sum;
    }
    return sums;
  }

  private float[] kept(String name) {
    Mask mask = model.mask(name);
    float[] kept = new float[Math.toIntExact(mask.form().size())];
    for (int cell = 0; cell < kept.length; cell++) {
      kept[cell] = mask.keeps(cell) ? 1 : 0;
    }
    return kept;
  }

  private NDArray matrix(Function<String, float[]> cells, NDManager manager) {
    return manager.create(laidOut(cells), new Shape(form().rows(), form().columns()));
  }

  private float[] laidOut(Function<String, float[]> cells) {
    long width = columns();
    float[] matrix = new float[Math.toIntExact(space.size() * width)];
    int[] next = new int[space.size()];
    lines.forEach(
        (name, own) -> {
          float[] given = cells.apply(name);
          for (int unit = 0; unit < next.length; unit++) {
            for (int line : own.ofUnits().get(unit)) {
              int into = Math.toIntExact(unit * width) + next[unit];
              for (int at = 0; at < own.length(); at++) {
                matrix[into + at] = given[own.cell(line, at)];
              }
              next[unit] += own.length();
            }
          }
        });
    return matrix;
  }

  /** Returns statistics whose totals in the shape of a weight are laid out as the matrix. */
  Statistics statistics(Map<String, Statistics> ofWeights, NDManager manager) {
    Statistics first = ofWeights.getOrDefault(space.producers().get(0), none(manager));
    if (plain()) {
      return first;
    }
    return new Statistics() {
      @Override
      public NDArray total(Statistic statistic) {
        return matrix(
            name -> ofWeights.getOrDefault(name, none(manager)).total(statistic).toFloatArray(),
            manager);
      }

      @Override
      public long count(Statistic statistic) {
        return first.count(statistic);
      }
    };
  }

  private Statistics none(NDManager manager) {
    return Calibrator.none(space.name(), manager);
  }

  /** Returns the bias, scale and shift of the units, where each has one. */
  private Map<String, NDArray> companions(NDManager manager) {
    Map<String, List<String>> byKind = new LinkedHashMap<>();
    for (String name : space.vectors()) {
      ParameterSpec spec = model.architecture().parameter(name);
      byKind
          .computeIfAbsent(spec.kind().name().toLowerCase(Locale.ROOT), k -> new ArrayList<>())
          .add(name);
    }
    Map<String, NDArray> companions = new HashMap<>();
    byKind.forEach(
        (kind, names) -> {
          List<List<Integer>> entries = lines(coupling, space, names.get(0));
          boolean one = names.size() == 1 && entries.stream().allMatch(own -> own.size() == 1);
          boolean trained = model.architecture().parameter(names.get(0)).trainable();
          if (one && trained) {
            float[] all = model.parameter(names.get(0)).toFloats();
            float[] own = new float[space.size()];
            for (int unit = 0; unit < own.length; unit++) {
              own[unit] = all[entries.get(unit).get(0)];
            }
            companions.put(kind, manager.create(own));
          }
        });
    return companions;
  }
}
