package io.secateur.data;

import ai.djl.ndarray.types.Shape;
import io.secateur.spi.DataFiles;
import io.secateur.spi.Examples;
import io.secateur.spi.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What data sets of tokens do alike: their tokenizer, and how texts become pieces of a length.
 *
 * @param tokenizer a folder or file, or a name where data is looked for
 * @param length positions of a piece
 */
record TokenParts(String dataset, String tokenizer, int length, Pieces pieces) {
  TokenParts {
    if (length < 2) {
      throw new IllegalArgumentException(
          "length must be at least 2 tokens, of which one is predicted, was " + length);
    }
  }

  Task task() {
    try {
      // Planning knows no --data: the tokenizer lies as typed, or where data is always looked for.
      int ids = tokenizer(DataLocations.of(Optional.empty())).vocabulary();
      return new Task.TokenPrediction(new Shape(length), ids);
    } catch (IOException fault) {
      throw new UncheckedIOException(fault.getMessage(), fault);
    }
  }

  Tokenizer tokenizer(DataFiles files) {
    if (tokenizer.isBlank()) {
      throw new IllegalArgumentException(
          "%s needs a tokenizer: the folder of a language model with tokenizer.json"
              .formatted(dataset));
    }
    return Tokenizer.at(Whereabouts.of(tokenizer, files));
  }

  /** Returns how many pieces there are; only windows need all ids for that. */
  int size(List<String> texts, DataFiles files) throws IOException {
    return pieces == Pieces.DOCUMENTS ? texts.size() : cut(texts, files).length;
  }

  Examples open(List<String> texts, DataFiles files) throws IOException {
    return new Tokens(length, cut(texts, files));
  }

  private int[][] cut(List<String> texts, DataFiles files) throws IOException {
    int[][] ids = tokenizer(files).ids(texts);
    if (pieces == Pieces.DOCUMENTS) {
      return Arrays.stream(ids)
          .map(own -> Arrays.copyOf(own, Math.min(own.length, length)))
          .toArray(int[][]::new);
    }
    int[] all = Arrays.stream(ids).flatMapToInt(Arrays::stream).toArray();
    List<int[]> windows = new ArrayList<>();
    for (int first = 0; first + length <= all.length; first += length) {
      windows.add(Arrays.copyOfRange(all, first, first + length));
    }
    if (windows.isEmpty()) {
      throw new IOException(
          "%s: %d tokens do not fill a window of %d; choose a smaller length"
              .formatted(dataset, all.length, length));
    }
    return windows.toArray(int[][]::new);
  }
}
