package io.secateur.conformance;

import io.secateur.plugin.Catalogs;
import io.secateur.spi.DataFiles;
import io.secateur.spi.DatasetSource;
import io.secateur.spi.Format;
import io.secateur.spi.Metric;
import io.secateur.spi.ModelSource;
import io.secateur.spi.Plugin;
import io.secateur.spi.PruningMethod;
import io.secateur.spi.Recipe;
import io.secateur.spi.ReconstructingMethod;
import io.secateur.spi.Schedule;
import io.secateur.spi.ScoringMethod;
import io.secateur.spi.Stage;
import java.util.ArrayList;
import java.util.List;

/**
 * The rules that plugins keep: those of all, and those of each kind. A plugin is tried with the
 * settings that it has, on small made-up weights, models and examples.
 */
public final class Conformance {
  private static final List<Class<? extends Plugin>> KINDS =
      List.of(
          PruningMethod.class,
          Schedule.class,
          Metric.class,
          Stage.class,
          Recipe.class,
          ModelSource.class,
          DatasetSource.class,
          Format.class);

  private final Catalogs catalogs;
  private final DataFiles files;

  /**
   * The rules for plugins of some catalogs.
   *
   * @param files where data sets are looked for; what is not there is not tried
   */
  public Conformance(Catalogs catalogs, DataFiles files) {
    this.catalogs = catalogs;
    this.files = files;
  }

  /** Returns the rules that a plugin is to keep; nothing is tried yet. */
  public List<Rule> rules(Plugin plugin) {
    List<Rule> rules = new ArrayList<>(new PluginRules(plugin, kind(plugin), catalogs).rules());
    if (plugin instanceof ScoringMethod method) {
      rules.addAll(new ScoreRules(method).rules());
    }
    if (plugin instanceof ReconstructingMethod method) {
      rules.addAll(new ReconstructionRules(method).rules());
    }
    if (plugin instanceof PruningMethod method) {
      rules.addAll(new PatternRules(method).rules());
    }
    if (plugin instanceof Schedule schedule) {
      rules.addAll(new ScheduleRules(schedule).rules());
    }
    if (plugin instanceof Metric metric) {
      rules.addAll(new MetricRules(metric).rules());
    }
    if (plugin instanceof Stage stage) {
      rules.addAll(new StageRules(stage).rules());
    }
    if (plugin instanceof Recipe recipe) {
      rules.addAll(new RecipeRules(recipe).rules());
    }
    if (plugin instanceof ModelSource model) {
      rules.addAll(new ModelRules(model).rules());
    }
    if (plugin instanceof DatasetSource data) {
      rules.addAll(new DatasetRules(data, files).rules());
    }
    if (plugin instanceof Format format) {
      rules.addAll(new FormatRules(format).rules());
    }
    return List.copyOf(rules);
  }

  /** Returns what a plugin does that its rules do not allow. */
  public List<Violation> violations(Plugin plugin) {
    List<Violation> violations = new ArrayList<>();
    rules(plugin).forEach(rule -> violations.addAll(rule.check().violations()));
    return violations;
  }

  /** Returns the interface that names a plugin's kind, and its service file. */
  public static Class<? extends Plugin> kind(Plugin plugin) {
    return KINDS.stream()
        .filter(kind -> kind.isInstance(plugin))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    plugin.getClass().getName() + " is none of the kinds of plugins"));
  }
}
