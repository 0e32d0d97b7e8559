package io.secateur.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A folder as Hugging Face keeps it, its files by name: tensors are in the order of {@code
 * model-00001-of-00002.safetensors} before {@code model-00002-of-00002.safetensors}.
 */
record FolderArchive(Path folder, Map<String, SafetensorsArchive> files) implements TensorArchive {

  static FolderArchive open(Path folder) throws IOException {
    if (Files.isRegularFile(folder.resolve(CheckpointFiles.ARCHITECTURE))) {
      throw new MalformedFileException(
          folder,
          "a checkpoint with its architecture is pruned in a study, where its masks are kept; of a"
              + " study it is the model '{checkpoint: {path: ...}}'");
    }
    Map<String, String> index = ModelFolder.index(folder);
    Set<String> names = index.isEmpty() ? Set.of(ModelFolder.MODEL) : new TreeSet<>(index.values());
    Map<String, SafetensorsArchive> files = new LinkedHashMap<>();
    Map<String, Set<String>> held = new LinkedHashMap<>();
    Map<String, String> seen = new LinkedHashMap<>();
    for (String name : names) {
      SafetensorsArchive file = SafetensorsArchive.open(folder.resolve(name));
      files.put(name, file);
      Set<String> own = new TreeSet<>(file.tensors().keySet());
      own.addAll(file.sealed().keySet());
      for (String tensor : own) {
        String other = seen.put(tensor, name);
        if (other != null) {
          throw new MalformedFileException(
              folder, "%s is in %s and in %s".formatted(tensor, other, name));
        }
      }
      held.put(name, own);
    }
    ModelFolder.check(folder, index, held);
    return new FolderArchive(folder, files);
  }

  @Override
  public Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    files.values().forEach(file -> tensors.putAll(file.tensors()));
    return Collections.unmodifiableMap(tensors);
  }

  @Override
  public Map<String, String> sealed() {
    Map<String, String> sealed = new LinkedHashMap<>();
    files.values().forEach(file -> sealed.putAll(file.sealed()));
    return Collections.unmodifiableMap(sealed);
  }

  @Override
  public void write(Path to, Masks masks) throws IOException {
    WholeFiles.folder(
        to,
        "a model",
        inside -> {
          for (Map.Entry<String, SafetensorsArchive> each : files.entrySet()) {
            each.getValue().copy(inside.resolve(each.getKey()), masks);
          }
          Map<String, byte[]> beside = new TreeMap<>(ModelFolder.besides(folder));
          Path index = folder.resolve(ModelFolder.INDEX);
          if (Files.isRegularFile(index)) {
            beside.put(ModelFolder.INDEX, Files.readAllBytes(index));
          }
          for (Map.Entry<String, byte[]> each : beside.entrySet()) {
            WholeFiles.write(inside.resolve(each.getKey()), each.getValue());
          }
        });
  }
}
