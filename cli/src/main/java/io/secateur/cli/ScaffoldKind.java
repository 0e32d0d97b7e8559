package io.secateur.cli;

import io.secateur.spi.DatasetSource;
import io.secateur.spi.Format;
import io.secateur.spi.Metric;
import io.secateur.spi.ModelSource;
import io.secateur.spi.Plugin;
import io.secateur.spi.PruningMethod;
import io.secateur.spi.Recipe;
import io.secateur.spi.Schedule;
import io.secateur.spi.Stage;
import io.secateur.spi.Step;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The kinds of plugins that a project can be started for. */
enum ScaffoldKind {
  METHOD(PruningMethod.class, PruningMethod.class, "pruning method", "writing-a-method"),
  SCHEDULE(Schedule.class, Schedule.class, "schedule", "writing-a-schedule"),
  METRIC(Metric.class, Metric.class, "metric", "writing-a-metric"),
  STAGE(Stage.class, Step.class, "stage", "writing-a-stage"),
  MODEL(ModelSource.class, ModelSource.class, "model", "writing-a-model"),
  DATASET(DatasetSource.class, DatasetSource.class, "data set", "writing-a-data-set"),
  RECIPE(Recipe.class, Step.class, "recipe", "writing-a-recipe"),
  FORMAT(Format.class, Format.class, "file format", "exporting");

  private final Class<? extends Plugin> service;
  private final Class<? extends Plugin> namespace;
  private final String word;
  private final String guide;

  ScaffoldKind(
      Class<? extends Plugin> service,
      Class<? extends Plugin> namespace,
      String word,
      String guide) {
    this.service = service;
    this.namespace = namespace;
    this.word = word;
    this.guide = guide;
  }

  /** Returns what {@code --kind} calls it, which is the folder of its templates too. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the kind of a label, if there is one. */
  static Optional<ScaffoldKind> of(String label) {
    return Arrays.stream(values()).filter(kind -> kind.label().equals(label)).findFirst();
  }

  /** Returns what all of them are called, in the order in which they are shown. */
  static List<String> labels() {
    return Arrays.stream(values()).map(ScaffoldKind::label).toList();
  }

  /**
   * Returns the interface that a plugin of the kind implements, and that its service file names.
   */
  Class<? extends Plugin> service() {
    return service;
  }

  /** Returns what its name must be unique among: stages and recipes stand in one pipeline. */
  Class<? extends Plugin> namespace() {
    return namespace;
  }

  /** Returns what a user calls those that it shares its names with. */
  String namespaceWord() {
    return namespace == Step.class ? "stage or recipe" : word;
  }

  /** Returns what a user calls it, in the singular. */
  String word() {
    return word;
  }

  /** Returns the page of the documentation that explains it. */
  String guide() {
    return "docs/" + guide + ".md";
  }
}
