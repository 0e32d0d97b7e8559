package io.secateur.cli;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What the child that exports is asked.
 *
 * @param checkpoint as typed
 * @param format as a study file writes it
 * @param encoding of a single safetensors file; nothing for what the format writes
 * @param usual whether the encoding may be another one that suits the model better
 * @param to where it is written
 */
record ExportQuestion(
    String checkpoint,
    ModelOptions model,
    String format,
    Optional<String> encoding,
    boolean usual,
    Path to,
    List<Path> plugins) {
  ExportQuestion {
    plugins = List.copyOf(plugins);
  }

  Map<String, String> asMap() {
    Map<String, String> map = new LinkedHashMap<>();
    map.put("checkpoint", checkpoint);
    model.model().ifPresent(name -> map.put("model", name));
    map.put("input", model.input());
    map.put("classes", Integer.toString(model.classes()));
    map.put("vocabulary", Integer.toString(model.vocabulary()));
    map.put("format", format);
    encoding.ifPresent(name -> map.put("encoding", name));
    map.put("usual", Boolean.toString(usual));
    map.put("to", to.toString());
    map.put(
        "plugins",
        plugins.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
    return map;
  }

  static ExportQuestion of(Map<String, String> map) {
    String joined = map.getOrDefault("plugins", "");
    List<String> plugins =
        joined.isEmpty() ? List.of() : Arrays.asList(joined.split(File.pathSeparator, -1));
    return new ExportQuestion(
        map.getOrDefault("checkpoint", ""),
        new ModelOptions(
            Optional.ofNullable(map.get("model")),
            map.getOrDefault("input", ""),
            Integer.parseInt(map.getOrDefault("classes", "1")),
            Integer.parseInt(map.getOrDefault("vocabulary", "0"))),
        map.getOrDefault("format", ""),
        Optional.ofNullable(map.get("encoding")),
        Boolean.parseBoolean(map.getOrDefault("usual", "false")),
        Path.of(map.getOrDefault("to", "")),
        plugins.stream().map(Path::of).toList());
  }
}
