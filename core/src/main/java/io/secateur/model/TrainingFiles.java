package io.secateur.model;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;

/** Training states on disk: numbers as JSON, the optimiser's tensors beside them. */
final class TrainingFiles {
  private static final String NUMBERS = "training.json";
  private static final String TENSORS = "training.safetensors";

  private TrainingFiles() {}

  /** What the JSON holds. */
  private record Numbers(long step, long total, List<Epoch> history) {}

  /** One epoch, its numbers by name. */
  private record Epoch(int epoch, Map<String, Double> numbers) {}

  static void write(TrainingState state, Path folder) throws IOException {
    Numbers numbers =
        new Numbers(
            state.step(),
            state.total(),
            state.history().stream()
                .map(each -> new Epoch(each.epoch(), new TreeMap<>(each.numbers())))
                .toList());
    if (!state.optimizer().isEmpty()) {
      new Safetensors(state.optimizer()).write(folder.resolve(TENSORS));
    }
    String json = Layers.JSON.writeValueAsString(numbers);
    WholeFiles.write(folder.resolve(NUMBERS), json.getBytes(StandardCharsets.UTF_8));
  }

  static Optional<TrainingState> read(Path folder) throws IOException {
    Path file = folder.resolve(NUMBERS);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    Path tensors = folder.resolve(TENSORS);
    Numbers numbers;
    try {
      numbers = Layers.JSON.readValue(Files.readString(file), Numbers.class);
    } catch (JacksonException fault) {
      throw new MalformedFileException(file, fault.getOriginalMessage(), fault);
    } catch (CharacterCodingException fault) {
      throw new MalformedFileException(file, "this is no text in UTF-8", fault);
    }
    return Optional.of(
        new TrainingState(
            numbers.step(),
            numbers.total(),
            Files.exists(tensors) ? Safetensors.read(tensors).tensors() : Map.of(),
            numbers.history().stream()
                .map(each -> new TrainingState.Epoch(each.epoch(), each.numbers()))
                .toList()));
  }
}
