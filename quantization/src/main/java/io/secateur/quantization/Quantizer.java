package io.secateur.quantization;

import ai.djl.ndarray.NDManager;
import io.secateur.calibrate.Calibration;
import io.secateur.calibrate.Calibrator;
import io.secateur.calibrate.Sample;
import io.secateur.calibrate.Walk;
import io.secateur.model.Affine;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Conv2d;
import io.secateur.model.Embedding;
import io.secateur.model.Grid;
import io.secateur.model.Linear;
import io.secateur.model.Quantization;
import io.secateur.model.Tensor;
import io.secateur.model.TrainingState;
import io.secateur.spi.Examples;
import io.secateur.spi.Split;
import io.secateur.spi.Stage;
import io.secateur.spi.Statistic;
import io.secateur.spi.Statistics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Quantizes one model, its batch norms folded, as a stage asks. */
final class Quantizer {
  private final Quantize stage;
  private final Checkpoint model;
  private final Map<String, Architecture.Place> places;
  private final Stage.Context context;
  private final Wiring wiring;
  private final Map<String, Tensor> parameters;
  private final Map<String, Grid> grids = new LinkedHashMap<>();
  private int rounded;

  /**
   * A quantization.
   *
   * @param places of the weights that take part, by weight
   */
  Quantizer(
      Quantize stage,
      Checkpoint model,
      Map<String, Architecture.Place> places,
      Stage.Context context) {
    this.stage = stage;
    this.model = model;
    this.places = places;
    this.context = context;
    this.wiring = Wiring.of(model.architecture());
    this.parameters = new LinkedHashMap<>(model.parameters());
  }

  /** Returns the model on its grids. */
  Checkpoint quantized() throws IOException {
    boolean fixed = stage.activations() == Quantize.Activations.STATIC;
    Map<String, Affine> activations = Map.of();
    try (NDManager manager = NDManager.newBaseManager(context.device(), "PyTorch")) {
      if (fixed) {
        activations = ranges(manager);
      }
      lay(activations);
      round(manager);
    }
    Set<String> dynamic =
        stage.activations() == Quantize.Activations.DYNAMIC ? layers(Linear.class) : Set.of();
    return new Checkpoint(
        model.architecture(),
        parameters,
        model.masks(),
        model.training().filter(TrainingState::over).filter(state -> state.optimizer().isEmpty()),
        model.attachments(),
        Optional.of(new Quantization(grids, activations, dynamic)));
  }

  private Set<String> layers(Class<?>... kinds) {
    Set<String> names = new LinkedHashSet<>();
    for (Architecture.Place place : places.values()) {
      for (Class<?> kind : kinds) {
        if (kind.isInstance(place.layer())) {
          names.add(place.layer().name());
        }
      }
    }
    return names;
  }

  private Map<String, Affine> ranges(NDManager manager) throws IOException {
    Examples examples = examples();
    Calibration calibration = stage.calibration();
    int[] sample = Sample.of(examples.size(), calibration.examples(), context.seed("calibrate"));
    return new Ranges(wiring, layers(Linear.class, Conv2d.class), stage.range())
        .of(model, calibration, examples, sample, manager);
  }

  private Examples examples() throws IOException {
    Examples examples = context.data(Split.TRAIN);
    if (examples.size() == 0) {
      throw new IllegalArgumentException(
          "quantize calibrates on training examples, the training part has none; use activations:"
              + " none");
    }
    return examples;
  }

  /** Decides all scales. */
  private void lay(Map<String, Affine> activations) {
    places.forEach(
        (name, place) -> {
          Tensor weight = model.parameter(name);
          boolean table = place.layer() instanceof Embedding;
          boolean perRow = table || stage.granularity() == Quantize.Granularity.PER_CHANNEL;
          String bias = place.layer().name() + ".bias";
          Affine input = activations.get(wiring.into().getOrDefault(place.layer().name(), ""));
          Tensor shifts = parameters.get(bias);
          Scales scales =
              table || input == null || shifts == null
                  ? Scales.of(weight, perRow, stage.largest())
                  : Scales.of(weight, shifts, input, perRow, stage.largest());
          grids.put(name, scales.weight());
          scales
              .bias()
              .ifPresent(
                  grid -> {
                    grids.put(bias, grid);
                    parameters.put(bias, grid.rounded(model.parameter(bias)));
                  });
        });
  }

  private void round(NDManager manager) throws IOException {
    List<String> fed = new ArrayList<>();
    places.forEach(
        (name, place) -> {
          boolean feeds = stage.rounding() instanceof WeightRounding.Gptq && hasInputs(place);
          if (feeds) {
            fed.add(name);
          } else {
            put(name, grid(name).rounded(model.parameter(name)));
          }
        });
    if (fed.isEmpty()) {
      return;
    }
    Calibration calibration = stage.calibration();
    Set<Statistic> needs = Set.of(Statistic.Inputs.GRAM);
    long seed = context.seed("calibrate");
    if (calibration.order() == Calibration.Order.PARALLEL) {
      Calibrator.gather(model, needs, fed, calibration, examples(), context.task(), seed, manager)
          .forEach((name, statistics) -> feed(name, statistics, manager));
    } else {
      Walk.through(
          model,
          needs,
          fed,
          calibration,
          examples(),
          seed,
          manager,
          gathered -> {
            Map<String, Tensor> changed = new LinkedHashMap<>();
            gathered.forEach(
                (name, statistics) -> changed.put(name, feed(name, statistics, manager)));
            return changed;
          });
    }
  }

  /** A convolution in groups has no one matrix of inputs, a table none at all. */
  private boolean hasInputs(Architecture.Place place) {
    boolean grouped = place.layer() instanceof Conv2d layer && layer.groups() > 1;
    if (grouped) {
      context.say(
          "%s  rounded to the nearest: gptq knows no convolutions in groups"
              .formatted(place.layer().name()));
    }
    return !grouped && !(place.layer() instanceof Embedding);
  }

  private Tensor feed(String name, Statistics statistics, NDManager manager) {
    Tensor feedback =
        ErrorFeedback.rounded(
            name,
            model.parameter(name),
            model.architecture().parameter(name).form(),
            grid(name),
            statistics,
            (WeightRounding.Gptq) stage.rounding(),
            manager);
    put(name, feedback);
    return feedback;
  }

  private Grid grid(String name) {
    Grid grid = grids.get(name);
    if (grid == null) {
      throw new IllegalStateException("no grid was laid for " + name);
    }
    return grid;
  }

  private void put(String name, Tensor numbers) {
    parameters.put(name, numbers);
    rounded++;
    context.progress(rounded, places.size());
  }
}
