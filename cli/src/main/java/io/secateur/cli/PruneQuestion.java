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
 * What the child that prunes files is asked.
 *
 * @param within the dict of the file that is meant
 * @param method as a study file writes it; scope and amount likewise
 * @param names the tensors that are pruned
 * @param to where the result goes; nothing for a dry run
 */
record PruneQuestion(
    Path file,
    String within,
    String method,
    String scope,
    String amount,
    long seed,
    List<String> names,
    List<Path> plugins,
    Optional<Path> to) {
  PruneQuestion {
    names = List.copyOf(names);
    plugins = List.copyOf(plugins);
  }

  Map<String, String> asMap() {
    Map<String, String> map = new LinkedHashMap<>();
    map.put("file", file.toString());
    map.put("within", within);
    map.put("method", method);
    map.put("scope", scope);
    map.put("amount", amount);
    map.put("seed", Long.toString(seed));
    map.put("names", String.join("\n", names));
    map.put(
        "plugins",
        plugins.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
    to.ifPresent(path -> map.put("to", path.toString()));
    return map;
  }

  static PruneQuestion of(Map<String, String> map) {
    return new PruneQuestion(
        Path.of(map.getOrDefault("file", "")),
        map.getOrDefault("within", ""),
        map.getOrDefault("method", ""),
        map.getOrDefault("scope", ""),
        map.getOrDefault("amount", ""),
        Long.parseLong(map.getOrDefault("seed", "1")),
        parts(map, "names", "\n"),
        parts(map, "plugins", File.pathSeparator).stream().map(Path::of).toList(),
        Optional.ofNullable(map.get("to")).map(Path::of));
  }

  private static List<String> parts(Map<String, String> map, String name, String separator) {
    String joined = map.getOrDefault(name, "");
    return joined.isEmpty() ? List.of() : Arrays.asList(joined.split(separator, -1));
  }
}
