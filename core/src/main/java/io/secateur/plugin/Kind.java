package io.secateur.plugin;

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
import io.secateur.spi.Step;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The kinds of plugins there are: their service, their word, and where a study file names them. */
enum Kind {
  METHOD(
      PruningMethod.class,
      "pruning method",
      "it is the method of a prune stage, written 'method: %s'"),
  SCHEDULE(Schedule.class, "schedule", "it says how sparsity grows, written 'schedule: %s'"),
  METRIC(Metric.class, "metric", "it is an element of the study's measurements, 'measure: [%s]'"),
  STAGE(Stage.class, "stage", "it is an element of the pipeline, written '- %s'"),
  RECIPE(Recipe.class, "recipe", "it is an element of the pipeline, written '- %s'"),
  MODEL(ModelSource.class, "model", "it is the study's model, written 'model: %s'"),
  DATASET(DatasetSource.class, "data set", "it is the study's data, written 'data: %s'"),
  FORMAT(Format.class, "format", "it is a file format, written 'format: %s'");

  private final Class<? extends Plugin> service;
  private final String word;
  private final String place;

  Kind(Class<? extends Plugin> service, String word, String place) {
    this.service = service;
    this.word = word;
    this.place = place;
  }

  Class<? extends Plugin> service() {
    return service;
  }

  /** Returns what a user calls it, in the singular. */
  String word() {
    return word;
  }

  /** Returns a clause that says where a study file names it, with an example. */
  String place(String example) {
    return place.formatted(example);
  }

  /** Returns the interfaces that a jar may list it under. */
  List<Class<? extends Plugin>> services() {
    return this == METHOD
        ? List.of(service, ScoringMethod.class, ReconstructingMethod.class)
        : List.of(service);
  }

  /** Returns the kind whose names it shares: stages and recipes stand in one pipeline. */
  Kind namespace() {
    return this == RECIPE ? STAGE : this;
  }

  /** Returns what a user calls plugins of a class: a kind, several, or something narrower. */
  static String word(Class<?> type) {
    if (type == Step.class) {
      return "stage or recipe";
    }
    return of(type).filter(kind -> kind.service == type).map(Kind::word).orElse(Names.words(type));
  }

  /** Returns the kind of a plugin class or interface. */
  static Optional<Kind> of(Class<?> type) {
    return Arrays.stream(values()).filter(k -> k.service.isAssignableFrom(type)).findFirst();
  }
}
