package io.secateur.cli;

import io.secateur.model.Checkpoint;
import io.secateur.model.Encoding;
import io.secateur.model.Grid;
import io.secateur.model.ParameterSpec;
import io.secateur.model.Quantization;
import io.secateur.model.Tensor;
import io.secateur.spi.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What became of a model that was quantized: weight by weight, and as a whole. */
record QuantizedTables(Checkpoint before, Checkpoint after) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Returns a row for each quantized weight, zeros counted among its integers. */
  String weights() {
    Quantization quantization = after.quantization().orElseThrow();
    List<List<String>> rows = new ArrayList<>();
    long[] all = new long[3];
    for (ParameterSpec spec : after.architecture().prunable()) {
      Grid grid = quantization.grids().get(spec.name());
      if (grid != null) {
        long zeros = zeros(before.parameter(spec.name()));
        long now = zeros(grid.integers(after.parameter(spec.name())).toFloat32());
        rows.add(row(spec.name(), spec.shape().size(), grid.scales().size(), zeros, now));
        all[0] += spec.shape().size();
        all[1] += zeros;
        all[2] += now;
      }
    }
    int scales =
        quantization.grids().values().stream().mapToInt(g -> (int) g.scales().size()).sum();
    rows.add(row("all", all[0], scales, all[1], all[2]));
    return Layout.table(
        List.of("weight", "numbers>", "scales>", "zeros before>", "zeros of the integers>"), rows);
  }

  private static List<String> row(String name, long size, long scales, long zeros, long now) {
    return List.of(
        name, Layout.count(size), Layout.count(scales), Layout.count(zeros), Layout.count(now));
  }

  private static long zeros(Tensor tensor) {
    long zeros = 0;
    float[] part = new float[1 << 14];
    for (long first = 0; first < tensor.size(); first += part.length) {
      int length = (int) Math.min(part.length, tensor.size() - first);
      tensor.read(first, part, length);
      for (int i = 0; i < length; i++) {
        zeros += part[i] == 0 ? 1 : 0;
      }
    }
    return zeros;
  }

  /**
   * Returns a row for each measured quantity and for the sizes of files that are written for it.
   *
   * @param results of the run: the model as it was opened, and quantized
   * @param folder for those files
   */
  String measured(Path results, List<Metric> metrics, Path folder) throws IOException {
    Map<String, String[]> found = new LinkedHashMap<>();
    for (Metric metric : metrics) {
      for (Metric.Quantity quantity : metric.quantities()) {
        String unit = quantity.unit().isEmpty() ? "" : " (" + quantity.unit() + ")";
        found.put(quantity.name(), new String[] {quantity.name() + unit, "", ""});
      }
    }
    for (String line : Files.readAllLines(results)) {
      JsonNode row = JSON.readTree(line);
      String[] cells = found.get(row.path("metric").asString(""));
      boolean whole = row.path("layer").asString("").isEmpty();
      if (cells != null && whole && !row.path("source").asString("").equals("stage")) {
        boolean quantized = row.path("stage").asString("").equals("quantize");
        cells[quantized ? 2 : 1] = Layout.number(row.path("value").asDouble(Double.NaN));
      }
    }
    List<List<String>> rows = new ArrayList<>();
    found.values().forEach(cells -> rows.add(List.of(cells)));
    rows.add(sizes("file", Encoding.DENSE, Encoding.INT8, folder));
    rows.add(sizes("file, a bit per weight", Encoding.BITMASK, Encoding.INT8_BITMASK, folder));
    return Layout.table(List.of("on the test split", "float32>", "quantized>"), rows);
  }

  private List<String> sizes(String name, Encoding was, Encoding is, Path folder)
      throws IOException {
    return List.of(
        name,
        Layout.bytes(was.write(before, folder.resolve(was.label()))),
        Layout.bytes(is.write(after, folder.resolve(is.label()))));
  }
}
