package io.secateur.methods.magnitude;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The lottery-ticket levels computed elsewhere: what remains of every layer, round by round. */
record ImpLevels(List<List<Long>> remaining, List<Double> percent) {
  static final String LENET = "lenet_300_100 (20/20/10 %)";
  static final String CONV2 = "conv2 (conv 10 %, fc 20 %, output 10 %)";

  static ImpLevels of(String name) {
    try (InputStream in = ImpLevels.class.getResourceAsStream("/oracle/imp-levels.json")) {
      JsonNode levels = JsonMapper.builder().build().readTree(in).get("imp_levels").get(name);
      return new ImpLevels(
          levels
              .valueStream()
              .map(level -> level.get("remaining").valueStream().map(JsonNode::asLong).toList())
              .toList(),
          levels.valueStream().map(level -> level.get("Pm_percent").asDouble()).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
