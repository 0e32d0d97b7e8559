package io.secateur.study;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The figures that a study may ask for, and the metrics that each of them draws. */
public enum Figure {
  /** Accuracy over sparsity. */
  SPARSITY_ACCURACY("sparsity-accuracy", "sparsity"),
  /** Accuracy over the size of the model's file. */
  DISK_SIZE_ACCURACY("disk-size-accuracy", "disk-size"),
  /** Accuracy over the time that a batch takes. */
  LATENCY_ACCURACY("latency-accuracy", "latency");

  private final String label;
  private final String across;

  Figure(String label, String across) {
    this.label = label;
    this.across = across;
  }

  /** Returns the name a study file writes. */
  public String label() {
    return label;
  }

  /** Returns the metrics that must be measured for it, by plugin name. */
  public List<String> metrics() {
    return List.of(across, "accuracy");
  }

  /** Returns the names of all figures, in order. */
  public static List<String> labels() {
    return Arrays.stream(values()).map(Figure::label).toList();
  }

  /** Returns the figure of a name. */
  public static Optional<Figure> named(String label) {
    return Arrays.stream(values()).filter(figure -> figure.label.equals(label)).findFirst();
  }
}
