package io.secateur.model;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A model as Hugging Face keeps it in a folder: {@code model.safetensors}, or several such files
 * and {@code model.safetensors.index.json} that says which tensor is in which; and small files
 * beside them (configuration, tokenizer).
 *
 * @param files tensors and texts about them, by file name
 * @param beside the small files, by name
 */
public record ModelFolder(Map<String, Safetensors> files, Map<String, byte[]> beside) {
  static final String MODEL = "model.safetensors";
  static final String INDEX = "model.safetensors.index.json";
  private static final long LARGEST_BESIDE = 64L << 20;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  public ModelFolder {
    files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
    beside = Collections.unmodifiableMap(new TreeMap<>(beside));
  }

  /**
   * Opens a folder. Large tensors are mapped, not copied: the files must not be written to while
   * they are in use.
   *
   * @throws MalformedFileException when a file is damaged, or the index and the files contradict
   *     each other
   */
  public static ModelFolder read(Path folder) throws IOException {
    Map<String, Safetensors> files = new LinkedHashMap<>();
    Map<String, String> index = index(folder);
    for (String name : new LinkedHashSet<>(index.values())) {
      files.put(name, Safetensors.read(folder.resolve(name)));
    }
    if (index.isEmpty()) {
      files.put(MODEL, Safetensors.read(folder.resolve(MODEL)));
    }
    Map<String, Set<String>> held = new LinkedHashMap<>();
    files.forEach((name, file) -> held.put(name, file.tensors().keySet()));
    check(folder, index, held);
    return new ModelFolder(files, besides(folder));
  }

  /**
   * Returns which tensor an index says is in which file; nothing where one file has all of them.
   *
   * @throws NoSuchFileException when neither is there
   */
  static Map<String, String> index(Path folder) throws IOException {
    if (Files.isRegularFile(folder.resolve(INDEX))) {
      return indexIn(folder.resolve(INDEX));
    }
    if (!Files.isRegularFile(folder.resolve(MODEL))) {
      throw new NoSuchFileException(
          folder.toString(), null, "no model is here: neither %s nor %s".formatted(MODEL, INDEX));
    }
    return Map.of();
  }

  private static Map<String, String> indexIn(Path file) throws IOException {
    JsonNode root;
    try {
      root = JSON.readTree(file.toFile());
    } catch (JacksonException fault) {
      throw new MalformedFileException(file, "no JSON: " + fault.getOriginalMessage(), fault);
    }
    Map<String, String> index = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> each : root.path("weight_map").properties()) {
      String name = each.getValue().asString("");
      if (!name.matches("[A-Za-z0-9_-][A-Za-z0-9._-]*")) {
        throw new MalformedFileException(
            file, "%s is in '%s', which is no file's name".formatted(each.getKey(), name));
      }
      if (!Files.isRegularFile(file.resolveSibling(name))) {
        throw new MalformedFileException(
            file, "%s is said to be in %s, which is not here".formatted(each.getKey(), name));
      }
      index.put(each.getKey(), name);
    }
    if (index.isEmpty()) {
      throw new MalformedFileException(file, "there is no weight_map with tensors here");
    }
    return index;
  }

  /** Refuses an index that names tensors which its files do not hold. */
  static void check(Path folder, Map<String, String> index, Map<String, Set<String>> held)
      throws IOException {
    for (Map.Entry<String, String> each : index.entrySet()) {
      Set<String> own = held.getOrDefault(each.getValue(), Set.of());
      if (!own.contains(each.getKey())) {
        throw new MalformedFileException(
            folder.resolve(INDEX),
            "%s is said to be in %s, and is not".formatted(each.getKey(), each.getValue()));
      }
    }
  }

  /** Returns the small files beside the tensors. */
  static Map<String, byte[]> besides(Path folder) throws IOException {
    Map<String, byte[]> beside = new TreeMap<>();
    try (Stream<Path> inside = Files.list(folder)) {
      for (Path file : inside.filter(Files::isRegularFile).sorted().toList()) {
        String name = file.getFileName().toString();
        boolean small = name.matches("[A-Za-z0-9_-][A-Za-z0-9._-]*\\.(json|txt|model|jinja|md)");
        if (small && !name.equals(INDEX) && Files.size(file) <= LARGEST_BESIDE) {
          beside.put(name, Files.readAllBytes(file));
        }
      }
    }
    return beside;
  }

  /** Returns all tensors, in the order of the files. */
  public Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    files.values().forEach(file -> tensors.putAll(file.tensors()));
    return tensors;
  }

  /**
   * Writes a folder, whole or not at all.
   *
   * @throws FileAlreadyExistsException when there is something at that path already
   */
  public void write(Path folder) throws IOException {
    WholeFiles.folder(
        folder,
        "a model",
        inside -> {
          for (Map.Entry<String, Safetensors> each : files.entrySet()) {
            each.getValue().write(inside.resolve(each.getKey()));
          }
          for (Map.Entry<String, byte[]> each : beside.entrySet()) {
            WholeFiles.write(inside.resolve(each.getKey()), each.getValue());
          }
          if (!files.keySet().equals(Set.of(MODEL))) {
            WholeFiles.write(inside.resolve(INDEX), JSON.writeValueAsBytes(index()));
          }
        });
  }

  private ObjectNode index() {
    ObjectNode root = JSON.createObjectNode();
    long bytes =
        files.values().stream()
            .flatMap(file -> file.tensors().values().stream())
            .mapToLong(Tensor::bytes)
            .sum();
    root.putObject("metadata").put("total_size", bytes);
    ObjectNode map = root.putObject("weight_map");
    files.forEach((file, own) -> own.tensors().keySet().forEach(name -> map.put(name, file)));
    return root;
  }
}
