package io.secateur.data;

import java.io.IOException;
import java.lang.ref.SoftReference;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The table read last, while its files stay as they are and memory lasts: a plan asks what a table
 * holds once for every step.
 */
final class CsvMemo {
  private static final AtomicReference<@Nullable SoftReference<Known>> LAST =
      new AtomicReference<>();

  private CsvMemo() {}

  private record Known(List<Object> origin, CsvParts parts) {}

  /** Returns what a data set has in its files. */
  static CsvParts of(Csv csv, List<CsvFile> files) throws IOException {
    List<Object> origin = new ArrayList<>(List.of(csv));
    for (CsvFile file : files) {
      origin.add(file.path().toAbsolutePath());
      origin.add(Files.size(file.path()));
      origin.add(Files.getLastModifiedTime(file.path()));
    }
    SoftReference<Known> last = LAST.get();
    Known known = last == null ? null : last.get();
    if (known != null && known.origin().equals(origin)) {
      return known.parts();
    }
    CsvParts parts = CsvParts.read(csv, files);
    LAST.set(new SoftReference<>(new Known(List.copyOf(origin), parts)));
    return parts;
  }
}
