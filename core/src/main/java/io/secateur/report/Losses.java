package io.secateur.report;

import io.secateur.report.Spot.Line;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * How far pruning goes before accuracy is lost: where each line is first below the dense model by
 * more than a stated loss, and the smallest file of a model that is not.
 */
final class Losses {
  /** In points of accuracy. */
  static final double STATED = 1;

  private static final Numbers POINTS = new Numbers(2);
  private static final Numbers MEGABYTES = new Numbers(3);

  private final Measurements measurements;
  private final Baselines baselines;
  private final Sizes sizes;

  Losses(Measurements measurements) {
    this.measurements = measurements;
    this.baselines = new Baselines(measurements);
    this.sizes = new Sizes(measurements);
  }

  /** A model, and its accuracy minus that of the dense model over the seeds that have both. */
  private record Model(Spot spot, Spot dense, Interval difference) {
    /** Returns whether the loss is more than stated, and no accident as far as seeds tell. */
    boolean lost() {
      return difference.mean() < -STATED && (difference.n() == 1 || difference.high() < 0);
    }

    String inWords() {
      String size = POINTS.signed(difference.mean()) + " points";
      return Double.isNaN(difference.halfWidth())
          ? size + (difference.n() == 1 ? ", one seed" : "")
          : "%s, 95 %% interval %s to %s"
              .formatted(size, POINTS.signed(difference.low()), POINTS.signed(difference.high()));
    }
  }

  /** Returns where lines first lose accuracy, and a sentence about the smallest file. */
  List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    List<String> nowhere = new ArrayList<>();
    List<Model> all = new ArrayList<>();
    for (Line line : measurements.lines()) {
      List<Model> models = models(line);
      all.addAll(models);
      Optional<Model> lost = models.stream().filter(Model::lost).findFirst();
      if (models.size() > 1 && lost.isPresent()) {
        sentences.add(
            "%s: accuracy first falls %s%s (%s)."
                .formatted(
                    line.title(), below(models), at(lost.get().spot()), lost.get().inWords()));
      } else if (models.size() > 1) {
        Spot last = models.get(models.size() - 1).spot();
        nowhere.add("%s up to its last model,%s".formatted(line.title(), at(last)));
      }
    }
    if (!nowhere.isEmpty()) {
      sentences.add("Accuracy nowhere falls %s: %s.".formatted(below(all), Words.list(nowhere)));
    }
    smallest(all).ifPresent(sentences::add);
    return sentences;
  }

  private String at(Spot spot) {
    return Findings.at(measurements, spot);
  }

  private static String below(List<Model> models) {
    boolean alone = models.stream().allMatch(model -> model.difference().n() == 1);
    return "more than %s point below dense%s"
        .formatted(
            new Numbers(0).text(STATED), alone ? "" : " with a 95 % interval that leaves out 0");
  }

  private List<Model> models(Line line) {
    Optional<Spot> dense = baselines.of(line);
    List<Model> models = new ArrayList<>();
    if (dense.isEmpty() || measurements.quantity(Quantity.SPARSITY).isEmpty()) {
      return models;
    }
    SortedMap<Long, Double> before = measurements.values(dense.get(), Quantity.ACCURACY);
    for (Spot spot : measurements.iterations(line)) {
      List<Double> differences = new ArrayList<>();
      measurements
          .values(spot, Quantity.ACCURACY)
          .forEach(
              (seed, value) -> {
                Double other = before.get(seed);
                if (other != null && Double.isFinite(value - other)) {
                  differences.add(value - other);
                }
              });
      if (!spot.equals(dense.get()) && changed(spot, dense.get()) && !differences.isEmpty()) {
        models.add(new Model(spot, dense.get(), Interval.of(differences)));
      }
    }
    return models;
  }

  /** A line may begin with a dense model that it shares with others. */
  private boolean changed(Spot spot, Spot dense) {
    return spot.round() > 0
        || !measurements
            .values(spot, Quantity.SPARSITY)
            .equals(measurements.values(dense, Quantity.SPARSITY));
  }

  private Optional<String> smallest(List<Model> models) {
    List<Model> sized =
        models.stream().filter(model -> !sizes.smallest(model.spot()).isEmpty()).toList();
    if (sized.isEmpty()) {
      return Optional.empty();
    }
    String within = "within %s point of dense in the mean".formatted(new Numbers(0).text(STATED));
    return Optional.of(
        sized.stream()
            .filter(model -> model.difference().mean() >= -STATED)
            .min(Comparator.comparingDouble(model -> size(model.spot())))
            .map(model -> sentence(model, within))
            .orElse("No model of those measured is " + within + "."));
  }

  private String sentence(Model model, String within) {
    double dense = size(model.dense());
    double size = size(model.spot());
    String factor =
        dense > 0 && size > 0
            ? ", %s × smaller than the smallest of the dense model"
                .formatted(new Numbers(1).text(dense / size))
            : "";
    return "Smallest file of a model %s: %s%s, %s MB as %s%s (accuracy %s)."
        .formatted(
            within,
            model.spot().line().title(),
            at(model.spot()),
            MEGABYTES.text(size),
            sizes.encoding(model.spot()).orElseThrow(),
            factor,
            model.inWords());
  }

  private double size(Spot spot) {
    SortedMap<Long, Double> bySeed = sizes.smallest(spot);
    return bySeed.isEmpty() ? Double.NaN : Interval.of(bySeed.values()).mean();
  }
}
