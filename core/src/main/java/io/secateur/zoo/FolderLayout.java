package io.secateur.zoo;

import ai.djl.ndarray.types.DataType;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.CheckpointFiles;
import io.secateur.model.ModelFolder;
import io.secateur.model.ParameterSpec;
import io.secateur.model.Safetensors;
import io.secateur.model.Tensor;
import io.secateur.model.TiedLinear;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Carries the layout of a folder with its model: attachments say which tensors of which type are in
 * which file, and hold what the network does not use.
 */
final class FolderLayout {
  private static final String LAYOUT = "hugging-face-layout.json";
  private static final String OTHERS = "hugging-face-others.safetensors";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private FolderLayout() {}

  /**
   * Returns the model that a folder holds.
   *
   * @throws IllegalArgumentException when tensors that the architecture asks for are missing or
   *     have other shapes: all of them at once
   */
  static Checkpoint open(Path path, ModelFolder folder, Architecture architecture)
      throws IOException {
    Set<String> asked =
        architecture.parameters().stream().map(ParameterSpec::name).collect(Collectors.toSet());
    Map<String, Tensor> used = new LinkedHashMap<>();
    Map<String, Tensor> others = new LinkedHashMap<>();
    folder.tensors().forEach((name, own) -> (asked.contains(name) ? used : others).put(name, own));
    tied(architecture).keySet().forEach(others::remove);
    Map<String, byte[]> attached = new TreeMap<>(folder.beside());
    attached.put(LAYOUT, layout(folder));
    if (!others.isEmpty()) {
      attached.put(OTHERS, bytes(new Safetensors(others)));
    }
    return CheckpointFiles.ofStateDict(path, used, architecture).attaching(attached);
  }

  /** A file may hold the shared table once more, under the name of the layer that shares it. */
  private static Map<String, String> tied(Architecture architecture) {
    Map<String, String> tied = new LinkedHashMap<>();
    for (Architecture.Place place : architecture.places()) {
      if (place.layer() instanceof TiedLinear layer) {
        tied.put(layer.name() + ".weight", layer.to() + ".weight");
      }
    }
    return tied;
  }

  private static byte[] layout(ModelFolder folder) {
    ObjectNode root = JSON.createObjectNode();
    ArrayNode beside = root.putArray("beside");
    folder.beside().keySet().forEach(beside::add);
    ObjectNode files = root.putObject("files");
    folder
        .files()
        .forEach(
            (name, file) -> {
              ObjectNode own = files.putObject(name);
              ObjectNode metadata = own.putObject("metadata");
              file.metadata().forEach(metadata::put);
              ObjectNode tensors = own.putObject("tensors");
              file.tensors()
                  .forEach(
                      (tensor, at) ->
                          tensors
                              .putObject(tensor)
                              .put("type", at.type().name())
                              .put("shape", at.shape().toString()));
            });
    return JSON.writeValueAsBytes(root);
  }

  /** Returns a digest of configuration and tensors. */
  static String fingerprint(Path folder) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
    try (Stream<Path> inside = Files.list(folder)) {
      for (Path file : inside.filter(FolderLayout::counts).sorted().toList()) {
        digest.update((file.getFileName() + "\n").getBytes(StandardCharsets.UTF_8));
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
          in.transferTo(OutputStream.nullOutputStream());
        }
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static boolean counts(Path file) {
    String name = file.getFileName().toString();
    return name.equals("config.json") || name.matches("model.*\\.safetensors(\\.index\\.json)?");
  }

  private static byte[] bytes(Safetensors tensors) throws IOException {
    Path file = Files.createTempFile("others", ".safetensors");
    try {
      Files.delete(file);
      tensors.write(file);
      return Files.readAllBytes(file);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static Map<String, Tensor> others(Checkpoint model) throws IOException {
    byte[] bytes = model.attachments().get(OTHERS);
    if (bytes == null) {
      return Map.of();
    }
    Path file = Files.createTempFile("others", ".safetensors");
    try {
      Files.write(file, bytes);
      return Safetensors.read(file).tensors();
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /**
   * Returns a model in the layout that it came from.
   *
   * @throws IllegalArgumentException when it came from no such folder, or no longer fits its layout
   */
  static ModelFolder folder(Checkpoint model) throws IOException {
    byte[] written = model.attachments().get(LAYOUT);
    if (written == null) {
      throw new IllegalArgumentException(
          "the model came from no folder of Hugging Face, whose layout it would be written in; use"
              + " the format safetensors");
    }
    JsonNode root = JSON.readTree(new String(written, StandardCharsets.UTF_8));
    Map<String, Tensor> values = new LinkedHashMap<>(others(model));
    values.putAll(model.parameters());
    tied(model.architecture()).forEach((name, table) -> values.put(name, model.parameter(table)));
    Map<String, Safetensors> files = new LinkedHashMap<>();
    List<String> faults = new ArrayList<>();
    for (Map.Entry<String, JsonNode> file : root.path("files").properties()) {
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> each : file.getValue().path("tensors").properties()) {
        Tensor value = values.get(each.getKey());
        String shape = each.getValue().path("shape").asString("");
        if (value == null) {
          faults.add(each.getKey() + " is missing");
        } else if (!value.shape().toString().equals(shape)) {
          faults.add("%s is %s, was %s".formatted(each.getKey(), value.shape(), shape));
        } else {
          DataType type = DataType.valueOf(each.getValue().path("type").asString(""));
          tensors.put(each.getKey(), value.as(type));
        }
      }
      Map<String, String> metadata = new TreeMap<>();
      file.getValue()
          .path("metadata")
          .properties()
          .forEach(each -> metadata.put(each.getKey(), each.getValue().asString("")));
      files.put(file.getKey(), new Safetensors(tensors, metadata));
    }
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(
          "the model no longer fits the layout that it came in, which its config.json describes: "
              + String.join("; ", faults));
    }
    Map<String, byte[]> beside = new TreeMap<>();
    for (JsonNode name : root.path("beside")) {
      byte[] bytes = model.attachments().get(name.asString(""));
      if (bytes != null) {
        beside.put(name.asString(""), bytes);
      }
    }
    return new ModelFolder(files, beside);
  }

  /** Returns a model without the attachments that its layout takes in. */
  static Checkpoint withoutLayout(Checkpoint model) {
    Map<String, byte[]> left = new TreeMap<>(model.attachments());
    byte[] written = left.remove(LAYOUT);
    if (written != null) {
      left.remove(OTHERS);
      JsonNode root = JSON.readTree(new String(written, StandardCharsets.UTF_8));
      root.path("beside").forEach(name -> left.remove(name.asString("")));
    }
    return new Checkpoint(
        model.architecture(),
        model.parameters(),
        model.masks(),
        model.training(),
        left,
        model.quantization());
  }
}
