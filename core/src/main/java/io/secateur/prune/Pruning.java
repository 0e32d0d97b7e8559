package io.secateur.prune;

import io.secateur.calibrate.Calibration;
import io.secateur.calibrate.Calibrator;
import io.secateur.model.Architecture;
import io.secateur.model.ParameterSpec;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Form;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Granularity.Axis;
import io.secateur.sparsity.Limits;
import io.secateur.sparsity.Pattern;
import io.secateur.sparsity.Scope;
import io.secateur.spi.PruningMethod;
import io.secateur.spi.ReconstructingMethod;
import io.secateur.spi.ScoringMethod;
import io.secateur.spi.Statistic;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is to be pruned: by which method, in which pattern, and how much of which weights.
 *
 * @param amounts by the names of the weights that take part; under global scope all equal
 * @param calibration what a method with statistics is shown
 * @param limits what keeps units besides
 */
public record Pruning(
    PruningMethod method,
    Pattern pattern,
    Map<String, Amount> amounts,
    Calibration calibration,
    Limits limits) {
  public Pruning {
    limits.requireSuited(pattern);
    amounts = Collections.unmodifiableMap(new LinkedHashMap<>(amounts));
  }

  /** With the default calibration. */
  public Pruning(PruningMethod method, Pattern pattern, Map<String, Amount> amounts) {
    this(method, pattern, amounts, new Calibration(), Limits.NONE);
  }

  /**
   * Units that are pruned as one wherever they are.
   *
   * @param name the weights that make them, joined by {@code " + "}
   * @param units how many there are
   */
  public record Group(String name, long units, Amount amount) {}

  /** Returns the groups of coupled units that would lose some; none under other granularities. */
  public List<Group> groups(Architecture architecture) {
    List<Group> groups = new ArrayList<>();
    if (pattern.granularity().coupled()) {
      Spaces.of(architecture, this)
          .amounts()
          .forEach((space, amount) -> groups.add(new Group(space.name(), space.size(), amount)));
    }
    return groups;
  }

  /** Returns what makes this impossible on an architecture, one line each; none when fine. */
  public List<String> faults(Architecture architecture) {
    boolean coupled = pattern.granularity().coupled();
    List<String> faults = new ArrayList<>();
    if (coupled && method instanceof ScoringMethod) {
      faults.addAll(Spaces.of(architecture, this).faults());
    } else {
      faults.addAll(Counts.faults(architecture, pattern, amounts));
      limits.fault(units(architecture)).ifPresent(faults::add);
    }
    wholeUnits().ifPresent(faults::add);
    if (amounts.isEmpty()) {
      faults.add("nothing is left to prune");
    }
    if (method instanceof ReconstructingMethod) {
      combination().ifPresent(faults::add);
      if (limits.binding()) {
        faults.add(
            "%s decides some columns of a weight at a time and cannot count what is left of all;"
                    .formatted(method.name())
                + " leave keep-at-least out");
      }
    }
    order().ifPresent(faults::add);
    for (ParameterSpec spec : architecture.parameters()) {
      if (amounts.containsKey(spec.name())) {
        unsuited(spec).ifPresent(faults::add);
        unaccompanied(architecture, spec).ifPresent(faults::add);
        if (method instanceof ReconstructingMethod) {
          kernel(spec).ifPresent(faults::add);
        }
      }
    }
    return faults;
  }

  /**
   * Returns the weights that keep all their units though they take part, each with the reason;
   * there are such under coupled units only.
   */
  public List<String> spared(Architecture architecture) {
    return pattern.granularity().coupled() ? Spaces.of(architecture, this).spared() : List.of();
  }

  private List<Long> units(Architecture architecture) {
    return architecture.parameters().stream()
        .filter(spec -> amounts.containsKey(spec.name()))
        .map(spec -> Counts.units(pattern.granularity(), spec.form()))
        .toList();
  }

  /**
   * Refuses methods of whole units, and statistics with a number for each, where there are none.
   */
  private Optional<String> wholeUnits() {
    Granularity granularity = pattern.granularity();
    Optional<Axis> axis = granularity.sliced();
    if (method instanceof ScoringMethod scoring && scoring.unitwise() && axis.isEmpty()) {
      return Optional.of(
          "%s scores whole units, and granularity %s has none; write granularity: output-units"
              .formatted(method.name(), granularity));
    }
    for (Statistic statistic : method.needs()) {
      if (SpaceMatrix.ofOutputs(statistic) && axis.isPresent() && axis.get() != Axis.OUTPUT) {
        return Optional.of(
            "%s needs %s, which has a number for each output, and granularity %s prunes others; write"
                    .formatted(method.name(), statistic, granularity)
                + " granularity: output-units");
      }
      boolean turned = axis.isPresent() && axis.get() != Axis.OUTPUT && !granularity.coupled();
      if (statistic instanceof Statistic.OfInputs && turned) {
        return Optional.of(
            "%s needs %s, which has a number for each column, and granularity %s turns the matrix; write"
                    .formatted(method.name(), statistic, granularity)
                + " granularity: element, or {slice: output}");
      }
    }
    return Optional.empty();
  }

  /** Units of a weight alone have what stands in its own layer. */
  private Optional<String> unaccompanied(Architecture architecture, ParameterSpec spec) {
    if (pattern.granularity().coupled() || !(method instanceof ScoringMethod scoring)) {
      return Optional.empty();
    }
    Set<String> kinds = WeightMatrix.companions(architecture, spec, pattern.granularity()).keySet();
    return scoring.companions().stream()
        .filter(companion -> !kinds.contains(companion))
        .findFirst()
        .map(
            companion ->
                "%s needs a %s of every unit, and %s has none in its own layer; write granularity:"
                        .formatted(method.name(), companion, spec.name())
                    + " output-units, under which that of a batch norm behind it counts");
  }

  private Optional<String> combination() {
    if (!(pattern.granularity() instanceof Granularity.Element)) {
      return Optional.of(
          "%s repairs a weight for single cells pruned; use granularity element, not %s"
              .formatted(method.name(), pattern.granularity()));
    }
    return pattern.scope() instanceof Scope.Global
        ? Optional.of(
            "%s repairs weight by weight and cannot rank all of them first; use scope layer, row"
                    .formatted(method.name())
                + " or tile, not global")
        : Optional.empty();
  }

  /** Decides while examples are on their way through the network. */
  boolean walks() {
    return calibration.order() != Calibration.Order.PARALLEL
        && !TrainingSums.calibrated(method).isEmpty();
  }

  private Optional<String> order() {
    if (!walks()) {
      return Optional.empty();
    }
    String order = calibration.order().name().toLowerCase(Locale.ROOT);
    Optional<Statistic> back = method.needs().stream().filter(Calibrator::comesBack).findFirst();
    if (back.isPresent()) {
      return Optional.of(
          "%s needs %s, which come back through the whole network; calibration in order %s knows what"
                  .formatted(method.name(), back.get(), order)
              + " goes into layers and out of them; use order parallel");
    }
    if (pattern.granularity().coupled()) {
      return Optional.of(
          "units are decided over all layers that own them, calibration in order %s goes layer by"
                  .formatted(order)
              + " layer; use order parallel, or output-units: {coupled: false}");
    }
    return pattern.scope() instanceof Scope.Global
        ? Optional.of(
            "scope global ranks all weights first, calibration in order %s decides those of a layer"
                    .formatted(order)
                + " before it sees the next; use scope layer, row or tile, or order parallel")
        : Optional.empty();
  }

  private Optional<String> kernel(ParameterSpec spec) {
    Form form = spec.form();
    return pattern.scope() instanceof Scope.Tile && form.kernel() > 1
        ? Optional.of(
            "%s decides neighbouring columns together, but the tiles of %s (kernel %d x %d) lie"
                    .formatted(method.name(), spec.name(), form.kernelHeight(), form.kernelWidth())
                + " across kernel cells; exclude it, or use scope layer or row")
        : Optional.empty();
  }

  private Optional<String> unsuited(ParameterSpec spec) {
    for (Statistic statistic : method.needs()) {
      if (!Calibrator.suits(statistic, spec)) {
        return Optional.of(
            "%s needs %s, which only weights of linear layers and convolutions have; %s %s"
                .formatted(
                    method.name(),
                    statistic,
                    spec.prunable() ? "exclude" : "do not include",
                    spec.name()));
      }
    }
    return Optional.empty();
  }
}
