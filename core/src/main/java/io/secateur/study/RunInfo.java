package io.secateur.study;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What {@code run.json} in a run folder says about the run: enough to read its results without the
 * study file.
 *
 * @param study the study's name
 * @param version Secateur's version
 * @param arms name and axes, in order
 * @param quantities of the metrics asked for, in the order of the study's {@code measure}
 * @param figures the figures asked for, each as a study file writes it
 * @param by the grid axis that gives a figure its lines
 * @param machine what it ran on
 * @param overrides what the command line changed
 * @param differences of the study file from the shipped study of the same name, one line each
 * @param text the study file as written
 * @param nodes distinct pieces of work in the plan
 * @param reused how many of them were in the store already
 * @param seconds wall time of the last run
 * @param failures one per arm and seed that did not finish
 * @param data the data set's provenance: name, settings, fingerprint
 * @param model the model's name and settings; of several, one after the other
 */
public record RunInfo(
    String study,
    String version,
    List<Long> seeds,
    int threads,
    List<Arm> arms,
    List<Quantity> quantities,
    List<String> figures,
    String by,
    Machine machine,
    List<String> overrides,
    List<String> differences,
    String text,
    int nodes,
    int reused,
    double seconds,
    List<Failure> failures,
    String data,
    String model) {

  /**
   * An arm of the study.
   *
   * @param model its model's name and settings, where the grid varies the model; else empty
   */
  public record Arm(String name, Map<String, String> axes, String model) {
    /** An arm; runs of before the grid could vary the model say nothing of it. */
    public Arm(String name, Map<String, String> axes, @Nullable String model) {
      this.name = name;
      this.axes = axes;
      this.model = Objects.requireNonNullElse(model, "");
    }

    /** An arm of a study with one model. */
    public Arm(String name, Map<String, String> axes) {
      this(name, axes, "");
    }
  }

  /** A quantity that was asked for, and the metric that gives it. */
  public record Quantity(
      String name, String metric, String unit, boolean higherIsBetter, boolean reproducible) {}

  /** An arm and seed that did not finish, with its reason in one line. */
  public record Failure(String arm, long seed, int round, String stage, String message) {}

  /**
   * What a run ran on.
   *
   * @param processor as the system names it
   * @param cores logical processors
   * @param memoryBytes installed memory
   * @param device {@code cpu} or {@code gpu}
   */
  public record Machine(
      String processor,
      int cores,
      long memoryBytes,
      String system,
      String jvm,
      String djl,
      String libtorch,
      String device) {}
}
