package io.secateur.study;

import io.secateur.model.Architecture;
import io.secateur.model.Conv2d;
import io.secateur.plugin.Binder;
import io.secateur.plugin.Catalogs;
import io.secateur.plugin.DidYouMean;
import io.secateur.plugin.Faults;
import io.secateur.plugin.Settings;
import io.secateur.plugin.YamlDocument;
import io.secateur.spi.Metric;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A figure that a study asks for, by name or with settings: what the list {@code report: {figures:
 * […]}} holds. The settings are the components; a report knows how each is drawn.
 *
 * <p>All stand in this one file: a closed family, of which a reader wants to see what there is.
 */
public sealed interface Figure {
  /** Returns the name a study file writes. */
  String name();

  /** Returns what it shows, in one line. */
  String description();

  /** Returns the name of its file without an ending; no two figures of a report share it. */
  default String id() {
    return name();
  }

  /** Returns the metrics that must be measured for it, by plugin name. */
  default List<String> metrics() {
    return List.of();
  }

  /** Returns what in its settings does not fit the study; empty when all is well. */
  default List<Problem> problems(Subject subject) {
    return List.of();
  }

  /** Calls the case that belongs to this figure. */
  <T> T as(Cases<T> cases);

  /** Returns it as a study file writes it: a name, or a name with settings. */
  default String written() {
    return Settings.written(this);
  }

  /** Returns the figure that {@link #written} wrote; empty when it is none of these. */
  static Optional<Figure> read(String written) {
    Faults faults = new Faults();
    Binder binder = new Binder(Catalogs.holding(List.of()), faults);
    return YamlDocument.read(written, "run.json", faults)
        .flatMap(node -> binder.bind(node, Figure.class));
  }

  /** Returns one of each, with settings as examples have them, in the order of the manual. */
  static List<Figure> examples() {
    return List.of(
        new SparsityAccuracy(),
        new DiskSizeAccuracy(),
        new LatencyAccuracy(),
        new OnnxLatencyAccuracy(),
        new ParametersAccuracy(),
        new MacsAccuracy(),
        new CompressionAccuracy(),
        new Curve("sparsity", "loss"),
        new LayerSparsity(),
        new TrainingCurves(),
        new Kernels("conv1", Optional.empty()),
        new WeightHistograms(),
        new Masks("fc1", Optional.empty()),
        new Samples(),
        new Sensitivity());
  }

  /** Returns the names of all figures, in order. */
  static List<String> names() {
    return examples().stream().map(Figure::name).toList();
  }

  /**
   * What a figure is about, known before anything runs.
   *
   * @param axes the grid's axes with their labels, in the study's order
   */
  record Subject(Architecture architecture, List<Metric> measured, Map<String, List<String>> axes) {
    public Subject {
      measured = List.copyOf(measured);
      axes = Collections.unmodifiableMap(new LinkedHashMap<>(axes));
    }

    /** Of a study without a grid. */
    public Subject(Architecture architecture, List<Metric> measured) {
      this(architecture, measured, Map.of());
    }

    /** Returns a problem with a quantity that no metric gives, as far as metrics are known. */
    private Optional<Problem> unmeasured(String figure, String setting, String quantity) {
      List<String> names =
          measured.stream()
              .flatMap(metric -> metric.quantities().stream())
              .map(Metric.Quantity::name)
              .toList();
      return names.isEmpty() || names.contains(quantity)
          ? Optional.empty()
          : Optional.of(
              new Problem(
                  setting,
                  ("the figure '%s' draws '%s', which no metric under 'measure' gives.%s They"
                          + " give: %s")
                      .formatted(
                          figure,
                          quantity,
                          DidYouMean.among(quantity, names),
                          String.join(", ", names))));
    }
  }

  /**
   * Something that does not fit.
   *
   * @param setting the setting that is wrong; empty for the figure as a whole
   */
  record Problem(String setting, String message) {}

  /** What to do with each figure. */
  interface Cases<T> {
    /** For the figure of that name. */
    T sparsityAccuracy(SparsityAccuracy figure);

    /** For the figure of that name. */
    T diskSizeAccuracy(DiskSizeAccuracy figure);

    /** For the figure of that name. */
    T latencyAccuracy(LatencyAccuracy figure);

    /** For the figure of that name. */
    T onnxLatencyAccuracy(OnnxLatencyAccuracy figure);

    /** For the figure of that name. */
    T parametersAccuracy(ParametersAccuracy figure);

    /** For the figure of that name. */
    T macsAccuracy(MacsAccuracy figure);

    /** For the figure of that name. */
    T compressionAccuracy(CompressionAccuracy figure);

    /** For the figure of that name. */
    T curve(Curve figure);

    /** For the figure of that name. */
    T layerSparsity(LayerSparsity figure);

    /** For the figure of that name. */
    T trainingCurves(TrainingCurves figure);

    /** For the figure of that name. */
    T kernels(Kernels figure);

    /** For the figure of that name. */
    T weightHistograms(WeightHistograms figure);

    /** For the figure of that name. */
    T masks(Masks figure);

    /** For the figure of that name. */
    T samples(Samples figure);

    /** For the figure of that name. */
    T sensitivity(Sensitivity figure);
  }

  /** Accuracy over sparsity. */
  record SparsityAccuracy() implements Figure {
    @Override
    public String name() {
      return "sparsity-accuracy";
    }

    @Override
    public String description() {
      return "Accuracy over the sparsity of the prunable weights.";
    }

    @Override
    public List<String> metrics() {
      return List.of("sparsity", "accuracy");
    }

    @Override
    public <T> T as(Cases<T> cases) {
      return cases.sparsityAccuracy(this);
    }
  }

  /** Accuracy over the size of the model's file. */
  record DiskSizeAccuracy() implements Figure {
    @Override
    public String name() {
      return "disk-size-accuracy";
    }

    @Override
    public String description() {
      return "Accuracy over the size of the model's file, a panel per encoding that saves space; where"
          + " models are quantized, first one with the smallest file of each model.";
    }

    @Override
    public List<String> metrics() {
      return List.of("disk-size", "accuracy");
    }

    @Override
    public <T> T as(Cases<T> cases) {
      return cases.diskSizeAccuracy(this);
    }
  }

  /** Accuracy over the time that a batch takes. */
  record LatencyAccuracy() implements Figure {
    @Override
    public String name() {
      return "latency-accuracy";
    }

    @Override
    public String description() {
      return "Accuracy over the time that a batch takes.";
    }

    @Override
    public List<String> metrics() {
      return List.of("latency", "accuracy");
    }

    @Override
    public <T> T as(Cases<T> cases) {
      return cases.latencyAccuracy(this);
    }
  }

  /** Accuracy over the time that a batch takes, both in ONNX Runtime. */
  record OnnxLatencyAccuracy() implements Figure {
    @Override
    public String name() {
      return "onnx-latency-accuracy";
    }

    @Override
    public String description() {
      return "Accuracy over the time that a batch takes, both in ONNX Runtime.";
    }

    @Override
    public List<String> metrics() {
      return List.of("onnx-latency", "onnx-accuracy");
    }

    @Override
    public <T> T as(Cases<T> cases) {
      return cases.onnxLatencyAccuracy(this);
    }
  }

  /** Accuracy over the parameters that are left. */
  record ParametersAccuracy() implements Figure {
    @Override
    public String name() {
      return "parameters-accuracy";
    }

    @Override
    public String description() {
      return "Accuracy over the share of the dense model's parameters that is left, be the rest 0 or gone.";
    }

    @Override
    public List<String> metrics() {
      return List.of("parameters", "accuracy");
    }

    @Override
    public <T> T as(Cases<T> cases) {
      return cases.parametersAccuracy(this);
    }
  }

  /** Accuracy over the multiply-accumulates that are left. */
  record MacsAccuracy() implements Figure {
    @Override
    public String name() {
      return "macs-accuracy";
    }

    @Override
    public String description() {
      return "Accuracy over the share of the dense model's multiply-accumulates that is left.";
    }

    @Override
    public List<String> metrics() {
      return List.of("macs", "accuracy");
    }

    @Override
    public <T> T as(Cases<T> cases) {
      return cases.macsAccuracy(this);
    }
  }

  /** Accuracy over the compression. */
  record CompressionAccuracy() implements Figure {
    @Override
    public String name() {
      return "compression-accuracy";
    }

    @Override
    public String description() {
      return "Accuracy over the compression: the dense model's parameters over those left.";
    }

    @Override
    public List<String> metrics() {
      return List.of("parameters", "accuracy");
    }

    @Override
    public <T> T as(Cases<T> cases) {
      return cases.compressionAccuracy(this);
    }
  }

  /**
   * Any measured quantity over any other.
   *
   * @param x the quantity to the right: {@code sparsity}, {@code disk-size/coo}
   * @param y the quantity upwards
   */
  record Curve(String x, String y) implements Figure {
    @Override
    public String name() {
      return "curve";
    }

    @Override
    public String description() {
      return "Any measured quantity over any other: 'y' upwards, 'x' to the right.";
    }

    @Override
    public String id() {
      return "curve-%s-over-%s".formatted(Layers.slug(y), Layers.slug(x));
    }

    @Override
    public List<Problem> problems(Subject subject) {
      List<Problem> problems = new ArrayList<>();
      subject.unmeasured(name(), "x", x).ifPresent(problems::add);
      subject.unmeasured(name(), "y", y).ifPresent(problems::add);
      return problems;
    }

    @Override
    public <T> T as(Cases<T> cases) {
      return cases.curve(this);
    }
  }

  /** How much of each layer is gone. */
  record LayerSparsity() implements Figure {
    @Override
    public String name() {
      return "layer-sparsity";
    }

    @Override
    public String description() {
      return "The share of zeros in each layer's weight at the end of each arm, as bars.";
    }

    @Override
    public List<String> metrics() {
      return List.of("sparsity");
    }

    @Override
    public <T> T as(Cases<T> cases) {
      return cases.layerSparsity(this);
    }
  }

  /** Loss and metrics epoch by epoch. */
  record TrainingCurves() implements Figure {
    @Override
    public String name() {
      return "training-curves";
    }

    @Override
    public String description() {
      return "Loss and metrics per epoch on each part of the data, arm by arm.";
    }

    @Override
    public <T> T as(Cases<T> cases) {
      return cases.trainingCurves(this);
    }
  }

  /**
   * The kernels of a convolution as heat maps.
   *
   * @param layer a convolution's name
   * @param channel the input channel, from 0, which is also what none stands for
   */
  record Kernels(String layer, Optional<Integer> channel) implements Figure {
    public Kernels {
      channel = channel.filter(number -> number != 0);
      if (channel.orElse(0) < 0) {
        throw new IllegalArgumentException(
            "channels are numbered from 0, was " + channel.orElse(0));
      }
    }

    @Override
    public String name() {
      return "kernels";
    }

    @Override
    public String description() {
      return "A convolution's kernels with their values: before and after pruning, and at the end."
          + " 'layer' is the convolution, 'channel' the input channel, from 0.";
    }

    @Override
    public String id() {
      return "kernels-" + Layers.slug(layer) + channel.map(n -> "-channel-" + n).orElse("");
    }

    @Override
    public List<Problem> problems(Subject subject) {
      Optional<Architecture.Place> place = Layers.named(layer, subject.architecture());
      if (place.isEmpty()) {
        return List.of(Layers.unknown(layer, subject.architecture()));
      }
      if (!(place.get().layer() instanceof Conv2d)) {
        return List.of(Layers.noConvolution(place.get(), subject.architecture()));
      }
      long channels = Layers.weight(place.get()).form().inputs();
      int asked = channel.orElse(0);
      return asked < channels
          ? List.of()
          : List.of(
              new Problem(
                  "channel",
                  "the kernels of %s have %d input %s, numbered from 0; there is no channel %d"
                      .formatted(layer, channels, channels == 1 ? "channel" : "channels", asked)));
    }

    @Override
    public <T> T as(Cases<T> cases) {
      return cases.kernels(this);
    }
  }

  /** The weights of each layer as histograms. */
  record WeightHistograms() implements Figure {
    @Override
    public String name() {
      return "weight-histograms";
    }

    @Override
    public String description() {
      return "Histograms of each layer's kept weights: before and after pruning, and at the end.";
    }

    @Override
    public <T> T as(Cases<T> cases) {
      return cases.weightHistograms(this);
    }
  }

  /**
   * Pictures of a layer's masks.
   *
   * @param asImage height and width of the image that the layer sees: each pixel then shows how
   *     many of its weights are kept
   */
  record Masks(String layer, Optional<List<Integer>> asImage) implements Figure {
    private static final int SIDES = 2;

    public Masks {
      asImage = asImage.map(List::copyOf);
      List<Integer> sides = asImage.orElse(List.of(1, 1));
      if (sides.size() != SIDES || sides.get(0) < 1 || sides.get(1) < 1) {
        throw new IllegalArgumentException(
            "as-image is [height, width], such as [28, 28], was " + sides);
      }
    }

    @Override
    public String name() {
      return "masks";
    }

    @Override
    public String description() {
      return "A layer's mask in the first, a middle and the last round. With 'as-image', the"
          + " height and width of the image that the layer sees: how many weights each pixel keeps.";
    }

    @Override
    public String id() {
      return "masks-" + Layers.slug(layer) + (asImage.isPresent() ? "-as-image" : "");
    }

    @Override
    public List<Problem> problems(Subject subject) {
      Optional<Architecture.Place> place = Layers.named(layer, subject.architecture());
      if (place.isEmpty()) {
        return List.of(Layers.unknown(layer, subject.architecture()));
      }
      return asImage
          .flatMap(sides -> Layers.noImage(place.get(), sides, subject.architecture()))
          .map(List::of)
          .orElse(List.of());
    }

    @Override
    public <T> T as(Cases<T> cases) {
      return cases.masks(this);
    }
  }

  /** Test images with what the model says of them. */
  record Samples() implements Figure {
    @Override
    public String name() {
      return "samples";
    }

    @Override
    public String description() {
      return "Test images with true and predicted class: before and after pruning, and at the end.";
    }

    @Override
    public List<String> metrics() {
      return List.of("samples");
    }

    @Override
    public <T> T as(Cases<T> cases) {
      return cases.samples(this);
    }
  }

  /**
   * What a metric loses when layers, or groups of them, are pruned one at a time.
   *
   * @param axis the axis of the grid whose labels are the fractions pruned
   * @param metric the quantity that is lost
   * @param target the share of all prunable weights for which amounts per layer are worked out
   */
  record Sensitivity(String axis, String metric, Optional<Double> target) implements Figure {
    /** Accuracy over the axis {@code sparsity}, without amounts. */
    public Sensitivity() {
      this("sparsity", "accuracy", Optional.empty());
    }

    public Sensitivity {
      target.ifPresent(
          share -> {
            if (!(share > 0 && share < 1)) {
              throw new IllegalArgumentException(
                  "target is a share of the weights between 0 and 1, such as 0.8, was " + share);
            }
          });
    }

    @Override
    public String name() {
      return "sensitivity";
    }

    @Override
    public String description() {
      return "What a metric loses when each layer or group alone is pruned: a line per label of"
          + " 'by', over the fractions on the axis 'axis'. With 'target', a share of all weights,"
          + " also the amounts per layer that reach it at the least predicted loss.";
    }

    @Override
    public List<Problem> problems(Subject subject) {
      List<Problem> problems = new ArrayList<>();
      List<String> labels = subject.axes().get(axis);
      if (labels == null) {
        problems.add(
            new Problem(
                "axis",
                "the figure 'sensitivity' goes along an axis '%s', which the grid has not%s"
                    .formatted(
                        axis,
                        subject.axes().isEmpty()
                            ? ""
                            : "; its axes: " + String.join(", ", subject.axes().keySet()))));
      } else {
        labels.stream()
            .filter(label -> fraction(label).isEmpty())
            .findFirst()
            .ifPresent(
                label ->
                    problems.add(
                        new Problem(
                            "axis",
                            "the labels of the axis '%s' are fractions pruned, such as 0.5, but '%s' is none"
                                .formatted(axis, label))));
      }
      subject.unmeasured(name(), "metric", metric).ifPresent(problems::add);
      return problems;
    }

    /** Returns the fraction that a label writes, from 0 to 1; empty for any other text. */
    public static OptionalDouble fraction(String label) {
      if (!label.matches("[01]?\\.?[0-9]{0,17}") || label.isEmpty() || label.equals(".")) {
        return OptionalDouble.empty();
      }
      double value = Double.parseDouble(label);
      return value <= 1 ? OptionalDouble.of(value) : OptionalDouble.empty();
    }

    @Override
    public <T> T as(Cases<T> cases) {
      return cases.sensitivity(this);
    }
  }
}
