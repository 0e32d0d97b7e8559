package io.secateur.cli;

import io.secateur.study.Setup;
import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What the child that evaluates is asked.
 *
 * @param checkpoint as typed
 * @param data the data set, as a study file writes it
 * @param metrics as a study file writes them; none for the usual ones
 */
record EvaluateQuestion(
    String checkpoint,
    ModelOptions model,
    String data,
    List<String> metrics,
    int threads,
    Setup setup) {
  EvaluateQuestion {
    metrics = List.copyOf(metrics);
  }

  Map<String, String> asMap() {
    Map<String, String> map = new LinkedHashMap<>();
    map.put("checkpoint", checkpoint);
    model.model().ifPresent(name -> map.put("model", name));
    map.put("input", model.input());
    map.put("classes", Integer.toString(model.classes()));
    map.put("vocabulary", Integer.toString(model.vocabulary()));
    map.put("data", data);
    map.put("metrics", String.join("\n", metrics));
    map.put("threads", Integer.toString(threads));
    map.put(
        "plugins",
        setup.plugins().stream()
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator)));
    setup.data().ifPresent(folder -> map.put("folder", folder.toString()));
    map.put("device", setup.device());
    return map;
  }

  static EvaluateQuestion of(Map<String, String> map) {
    return new EvaluateQuestion(
        map.getOrDefault("checkpoint", ""),
        new ModelOptions(
            Optional.ofNullable(map.get("model")),
            map.getOrDefault("input", ""),
            Integer.parseInt(map.getOrDefault("classes", "1")),
            Integer.parseInt(map.getOrDefault("vocabulary", "0"))),
        map.getOrDefault("data", ""),
        parts(map, "metrics", "\n"),
        Integer.parseInt(map.getOrDefault("threads", "1")),
        new Setup(
            parts(map, "plugins", File.pathSeparator).stream().map(Path::of).toList(),
            Optional.ofNullable(map.get("folder")).map(Path::of),
            map.getOrDefault("device", "cpu")));
  }

  private static List<String> parts(Map<String, String> map, String name, String separator) {
    String joined = map.getOrDefault(name, "");
    return joined.isEmpty() ? List.of() : Arrays.asList(joined.split(separator, -1));
  }
}
