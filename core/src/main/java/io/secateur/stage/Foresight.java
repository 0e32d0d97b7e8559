package io.secateur.stage;

import io.secateur.model.Architecture;
import io.secateur.model.ParameterSpec;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Form;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Granularity.Axis;
import io.secateur.sparsity.Limits;
import io.secateur.sparsity.Pattern;
import io.secateur.sparsity.Scope;
import io.secateur.spi.Stage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reckons from shapes how many cells a pruning will leave pruned. It knows what depends on no
 * score: counts of budgets that are all alike, when all that was pruned before was pruned in that
 * pattern too.
 */
final class Foresight {
  private final Pattern pattern;
  private final Limits limits;
  private final Map<String, Form> forms = new LinkedHashMap<>();
  private final Map<String, Long> before;

  /**
   * Foresight of a pattern.
   *
   * @param before cells lost, by weight or by weights joined by a comma; another pattern than
   *     single weights that compete in their layer, or in all, is written behind the names
   */
  Foresight(Pattern pattern, Limits limits, Architecture architecture, Map<String, Long> before) {
    this.pattern = pattern;
    this.limits = limits;
    this.before = before;
    for (ParameterSpec spec : architecture.parameters()) {
      if (spec.shape().dimension() >= 1 && spec.shape().dimension() <= 4) {
        forms.put(spec.name(), spec.form());
      }
    }
  }

  Map<String, Long> after(Map<String, Amount> amounts) {
    Map<String, Long> after = new LinkedHashMap<>(before);
    // What was known of units is no longer all that is pruned.
    after.keySet().removeIf(key -> key.startsWith(Stage.UNITS_OF));
    if (pattern.scope() instanceof Scope.Global) {
      List<String> names = List.copyOf(amounts.keySet());
      forget(names, after);
      boolean single = pattern.granularity() instanceof Granularity.Element;
      // Which weights have no more to give depends on scores.
      if (!names.isEmpty() && single && !limits.binding()) {
        Amount amount = amounts.values().iterator().next();
        long cells = names.stream().mapToLong(name -> form(name).size()).sum();
        lost(names)
            .ifPresent(
                lost ->
                    grown(amount, cells, lost)
                        .ifPresent(pruned -> after.put(String.join(", ", names), pruned)));
      }
      return after;
    }
    amounts.forEach(
        (name, amount) -> {
          forget(List.of(name), after);
          inBudgets(name, amount).ifPresent(pruned -> after.put(name + suffix(), pruned));
        });
    return after;
  }

  /** Cells pruned of one weight that divides into equal budgets of equal units. */
  private OptionalLong inBudgets(String name, Amount amount) {
    Form form = form(name);
    OptionalLong lost = lost(List.of(name));
    if (lost.isEmpty()) {
      return lost;
    }
    if (pattern.scope() instanceof Scope.Tile tile) {
      return tiles(form, tile.width(), amount, lost.getAsLong());
    }
    long budgets = pattern.scope() instanceof Scope.Row ? form.rows() : 1;
    long units = units(form) / budgets;
    long cells = units == 0 ? 0 : form.size() / (units * budgets);
    if (units * budgets * cells != form.size()) {
      return OptionalLong.empty();
    }
    OptionalLong grown = grown(amount, units, lost.getAsLong() / (budgets * cells), limits);
    return grown.isEmpty() ? grown : OptionalLong.of(grown.getAsLong() * budgets * cells);
  }

  /** A row's last tile may be shorter, so that what remains is not the same in all. */
  private static OptionalLong tiles(Form form, int width, Amount amount, long lost) {
    if (!(amount instanceof Amount.OfAll)) {
      return OptionalLong.empty();
    }
    long rows = form.rows() * form.kernel();
    long whole = grown(amount, width, 0).orElse(0) * (form.inputs() / width);
    long last = grown(amount, form.inputs() % width, 0).orElse(0);
    return OptionalLong.of(Math.max(lost, rows * (whole + last)));
  }

  /** Units pruned of a budget in the end, within limits. */
  static OptionalLong grown(Amount amount, long units, long lost, Limits limits) {
    OptionalLong grown = grown(amount, units, lost);
    if (grown.isEmpty()) {
      return grown;
    }
    long most = limits.most(units, units - lost);
    long more = Math.min(most, grown.getAsLong() - lost);
    return OptionalLong.of(lost + limits.rounded(units - lost, more));
  }

  /** Units pruned of a budget in the end. */
  static OptionalLong grown(Amount amount, long units, long lost) {
    if (amount instanceof Amount.OfAll all) {
      return OptionalLong.of(Math.max(lost, (long) Math.rint(all.fraction() * units)));
    }
    if (amount instanceof Amount.OfRemaining of) {
      return OptionalLong.of(lost + (long) Math.rint(of.fraction() * (units - lost)));
    }
    return amount instanceof Amount.Count count
        ? OptionalLong.of(Math.min(units, lost + count.units()))
        : OptionalLong.empty();
  }

  private long units(Form form) {
    Optional<Axis> axis = pattern.granularity().sliced();
    if (axis.isPresent()) {
      return switch (axis.get()) {
        case OUTPUT -> form.rows();
        case INPUT -> form.inputs();
        case KERNEL_ROW -> form.kernelHeight();
        case KERNEL_COLUMN -> form.kernelWidth();
      };
    }
    if (pattern.granularity() instanceof Granularity.Block block) {
      boolean even = form.rows() % block.height() == 0 && form.columns() % block.width() == 0;
      // Blocks at an edge are smaller, and which of them go is not known; a row of blocks is not
      // a row of the form.
      return even && !(pattern.scope() instanceof Scope.Row)
          ? form.size() / ((long) block.height() * block.width())
          : 0;
    }
    return form.size();
  }

  /** What some weights have lost together, when it was lost in this pattern or is nothing. */
  private OptionalLong lost(List<String> names) {
    Long together = before.get(String.join(", ", names) + suffix());
    if (together != null) {
      return OptionalLong.of(together);
    }
    long sum = 0;
    for (String name : names) {
      Long own = before.get(name);
      if (own == null || (own != 0 && !suffix().isEmpty())) {
        return OptionalLong.empty();
      }
      sum += own;
    }
    return OptionalLong.of(sum);
  }

  private String suffix() {
    boolean plain =
        pattern.granularity() instanceof Granularity.Element
            && (pattern.scope() instanceof Scope.Layer || pattern.scope() instanceof Scope.Global);
    return plain ? "" : " by " + pattern.granularity() + " " + pattern.scope();
  }

  /** Removes what was known of weights whose count changes, and of all counted with them. */
  private static void forget(List<String> names, Map<String, Long> counts) {
    counts.keySet().removeIf(key -> names(key).stream().anyMatch(names::contains));
  }

  private static List<String> names(String key) {
    int by = key.indexOf(" by ");
    return List.of((by < 0 ? key : key.substring(0, by)).split(", "));
  }

  private Form form(String name) {
    Form form = forms.get(name);
    if (form == null) {
      throw new IllegalArgumentException("no parameter " + name);
    }
    return form;
  }
}
