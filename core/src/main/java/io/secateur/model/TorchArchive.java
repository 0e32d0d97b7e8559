package io.secateur.model;

import io.secateur.model.TorchObjects.View;
import io.secateur.model.ZipPlaces.Entry;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A file of torch. Written again, it is the same file, pickle and code included, but for numbers
 * that are 0 and their checksums: so whatever reads the one reads the other.
 */
record TorchArchive(
    TorchFile torch,
    Map<String, Tensor> tensors,
    Map<String, String> sealed,
    Map<String, List<String>> shared)
    implements TensorArchive {

  static TorchArchive open(Path file, String within) throws IOException {
    TorchFile torch = TorchFile.open(file, within);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Map<String, String> sealed = new LinkedHashMap<>();
    Map<String, List<String>> shared = new LinkedHashMap<>();
    Map<String, Map<String, View>> taken = new LinkedHashMap<>();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      for (Map.Entry<String, View> each : torch.views().entrySet()) {
        View view = each.getValue();
        Map<String, View> others =
            taken.computeIfAbsent(view.storage().key(), key -> new LinkedHashMap<>());
        List<String> overlapped =
            others.entrySet().stream()
                .filter(other -> TorchFile.overlap(view, other.getValue()))
                .map(Map.Entry::getKey)
                .toList();
        others.put(each.getKey(), view);
        if (!overlapped.isEmpty()) {
          shared.put(each.getKey(), overlapped);
          sealed.put(each.getKey(), "they share the numbers of " + overlapped.get(0));
        } else if (TorchFile.type(view).isEmpty()) {
          sealed.put(each.getKey(), "their numbers are a " + view.storage().type());
        } else if (!TorchFile.inOrder(view)) {
          sealed.put(each.getKey(), "their numbers are not in order (make them contiguous())");
        } else {
          tensors.put(each.getKey(), torch.tensor(view, channel));
        }
      }
    }
    return new TorchArchive(
        torch,
        Collections.unmodifiableMap(tensors),
        Collections.unmodifiableMap(sealed),
        Collections.unmodifiableMap(shared));
  }

  @Override
  public void write(Path to, Masks masks) throws IOException {
    if (Files.exists(to)) {
      throw new FileAlreadyExistsException(
          to.toString(), null, "a model is written to a new file; delete this first");
    }
    try (FileChannel source = FileChannel.open(torch.file(), StandardOpenOption.READ)) {
      WholeFiles.write(
          to,
          channel -> {
            SafetensorsArchive.transfer(source, 0, source.size(), channel);
            Set<Entry> changed = new LinkedHashSet<>();
            for (Map.Entry<String, Tensor> each : tensors.entrySet()) {
              Optional<Mask> mask = masks.of(each.getKey());
              if (mask.isPresent()) {
                View view = Objects.requireNonNull(torch.views().get(each.getKey()));
                Entry entry = torch.entry(view);
                int size = Tensor.size(each.getValue().type());
                put(each.getValue(), mask.get(), entry.begin() + view.offset() * size, channel);
                changed.add(entry);
              }
            }
            for (Entry entry : changed) {
              ZipPlaces.seal(channel, entry);
            }
          });
    }
  }

  private static void put(Tensor tensor, Mask mask, long at, FileChannel channel)
      throws IOException {
    long[] next = {at};
    MaskedBytes.copy(
        tensor,
        mask,
        (ByteBuffer bytes) -> {
          while (bytes.hasRemaining()) {
            next[0] += channel.write(bytes, next[0]);
          }
        });
  }
}
