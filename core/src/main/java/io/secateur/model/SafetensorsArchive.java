package io.secateur.model;

import io.secateur.model.SafetensorsReader.Layout;
import io.secateur.model.SafetensorsReader.Place;
import io.secateur.sparsity.Mask;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A safetensors file, whose header and layout stay as they are when it is written again. */
record SafetensorsArchive(Path file, Layout layout) implements TensorArchive {

  static SafetensorsArchive open(Path file) throws IOException {
    return new SafetensorsArchive(file, SafetensorsReader.layout(file));
  }

  @Override
  public Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Place place : layout.places()) {
      place.tensor().ifPresent(tensor -> tensors.put(place.name(), tensor));
    }
    return Collections.unmodifiableMap(tensors);
  }

  @Override
  public Map<String, String> sealed() {
    Map<String, String> sealed = new LinkedHashMap<>();
    for (Place place : layout.places()) {
      if (place.tensor().isEmpty()) {
        sealed.put(place.name(), "its type is " + place.type());
      }
    }
    return Collections.unmodifiableMap(sealed);
  }

  @Override
  public void write(Path to, Masks masks) throws IOException {
    if (Files.exists(to)) {
      throw new FileAlreadyExistsException(
          to.toString(), null, "a model is written to a new file; delete this first");
    }
    copy(to, masks);
  }

  /** Writes a file, also where one is. */
  void copy(Path to, Masks masks) throws IOException {
    try (FileChannel source = FileChannel.open(file, StandardOpenOption.READ)) {
      WholeFiles.write(
          to,
          channel -> {
            long at = 0;
            at += transfer(source, at, layout.base(), channel);
            for (Place place : layout.places()) {
              Optional<Mask> mask =
                  place.tensor().isPresent() ? masks.of(place.name()) : Optional.empty();
              if (mask.isPresent()) {
                Tensor tensor = place.tensor().orElseThrow();
                MaskedBytes.copy(tensor, mask.get(), bytes -> WholeFiles.put(channel, bytes));
              } else {
                transfer(source, at, place.bytes(), channel);
              }
              at += place.bytes();
            }
          });
    }
  }

  /** Copies bytes to where a channel stands. */
  static long transfer(FileChannel source, long from, long length, FileChannel channel)
      throws IOException {
    ByteBuffer part = ByteBuffer.allocate((int) Math.min(length, 1 << 18));
    for (long done = 0; done < length; ) {
      part.clear().limit((int) Math.min(part.capacity(), length - done));
      int read = source.read(part, from + done);
      if (read < 0) {
        throw new IOException("the file ended while it was read; was it written to?");
      }
      done += read;
      WholeFiles.put(channel, part.flip());
    }
    return length;
  }
}
