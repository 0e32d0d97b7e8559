package io.secateur.study;

import io.secateur.model.TrainingState;
import io.secateur.spi.Metric;
import io.secateur.spi.Stage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the store knows of a finished step: {@code manifest.json}.
 *
 * @param key the step's key: the hash of {@code provenance}
 * @param provenance all that the step's result depends on
 * @param parent the key of the checkpoint that it computed from; empty for a model as opened
 * @param model the checkpoint it gave; absent for a measurement
 * @param rows what the stage recorded
 * @param values what a measurement gave
 * @param kept the files that a measurement gave beside its values; absent in older stores
 * @param standing how the arm stands in rounds that may stop; absent outside such rounds
 */
record Manifest(
    int format,
    String key,
    String provenance,
    String parent,
    @Nullable Model model,
    List<Stage.Row> rows,
    List<Metric.Value> values,
    @Nullable List<Bytes> kept,
    Made made,
    @Nullable RoundState standing) {
  static final int FORMAT = 1;

  /** Every blob that the step needs. */
  List<Blobs.Ref> blobs() {
    List<Blobs.Ref> refs = new ArrayList<>(model == null ? List.of() : model.blobs());
    files().forEach(each -> refs.add(each.blob()));
    return refs;
  }

  /** The files that a measurement gave beside its values. */
  List<Bytes> files() {
    return kept == null ? List.of() : kept;
  }

  /**
   * A checkpoint whose bytes are blobs.
   *
   * @param architecture as the architecture's own JSON
   * @param quantization which parameters are integers times a scale; absent for models of float32
   */
  record Model(
      String architecture,
      List<Numbers> parameters,
      List<Bytes> masks,
      @Nullable Training training,
      List<Bytes> attachments,
      @Nullable Grids quantization) {

    List<Blobs.Ref> blobs() {
      List<Blobs.Ref> refs = new ArrayList<>();
      parameters.forEach(each -> refs.add(each.blob()));
      masks.forEach(each -> refs.add(each.blob()));
      attachments.forEach(each -> refs.add(each.blob()));
      if (training != null) {
        training.optimizer().forEach(each -> refs.add(each.blob()));
      }
      if (quantization != null) {
        quantization.scales().forEach(each -> refs.add(each.blob()));
      }
      return refs;
    }
  }

  /** A tensor. */
  record Numbers(String name, String type, List<Long> shape, Blobs.Ref blob) {}

  /** A mask's bits, an attachment, or a file that a measurement gave. */
  record Bytes(String name, Blobs.Ref blob) {}

  /**
   * What a model's integers stand for.
   *
   * @param json as the quantization's own JSON
   */
  record Grids(String json, List<Numbers> scales) {}

  /** Where a training stands. */
  record Training(
      long step, long total, List<Numbers> optimizer, List<TrainingState.Epoch> history) {}

  /**
   * How the step came about: nothing that its result depends on.
   *
   * @param at when it started, ISO 8601
   */
  record Made(
      String machine, String host, int threads, String at, double seconds, String version) {}
}
