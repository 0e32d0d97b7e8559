package io.secateur.study;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One line of {@code results.jsonl} or {@code timings.jsonl}: one number, where it was measured,
 * and on what.
 *
 * @param key the node that gave it
 * @param axes the arm's label on each axis of the grid
 * @param round 0 before and outside rounds
 * @param stage the plugin name of the stage after which it was measured
 * @param label that stage's label, or empty
 * @param branch a control's name, or empty
 * @param source {@code measure} for a metric of the study, {@code stage} for what a stage recorded
 * @param metric the quantity: {@code accuracy}, {@code disk-size/coo}, {@code loss}
 * @param unit its unit, or empty
 * @param split {@code test}, {@code train} …, or empty
 * @param epoch from 1; 0 for none
 * @param layer the parameter it belongs to; empty for the whole model
 */
public record ResultRow(
    String key,
    String arm,
    Map<String, String> axes,
    long seed,
    int round,
    String stage,
    String label,
    String branch,
    String source,
    String metric,
    double value,
    String unit,
    String split,
    int epoch,
    String layer) {

  /** Returns where the row belongs: arm, seed and round, as {@link CheckpointRef#name} has them. */
  String place() {
    return arm + "/" + seed + "/" + round;
  }

  /** Returns the row as a line of timings has it: with what it was timed on, and when. */
  Map<String, Object> timed(String machine, int threads, String at) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("key", key);
    line.put("arm", arm);
    line.put("axes", axes);
    line.put("seed", seed);
    line.put("round", round);
    line.put("stage", stage);
    line.put("label", label);
    line.put("branch", branch);
    line.put("source", source);
    line.put("metric", metric);
    line.put("value", value);
    line.put("unit", unit);
    line.put("split", split);
    line.put("epoch", epoch);
    line.put("layer", layer);
    line.put("machine", machine);
    line.put("threads", threads);
    line.put("at", at);
    return line;
  }
}
