package io.secateur.cli;

import io.secateur.plugin.Broken;
import io.secateur.plugin.Catalog;
import io.secateur.plugin.Catalogs;
import io.secateur.spi.DataFiles;
import io.secateur.spi.DatasetSource;
import io.secateur.spi.Split;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Looks at what studies name: data sets and where they are looked for, and plugins. */
final class DataChecks {
  private DataChecks() {}

  static List<Check> all(Catalogs catalogs, DataFiles files) throws IOException {
    List<Check> checks = new ArrayList<>();
    checks.add(
        Check.ok(
            "data is looked for in",
            files.searched().stream().map(Path::toString).collect(Collectors.joining(", "))));
    for (Catalog.Entry<DatasetSource> entry : catalogs.of(DatasetSource.class).entries()) {
      checks.add(data(entry.defaults(), files));
    }
    checks.add(MachineChecks.size("cache of data", files.cache()));
    long plugins = catalogs.all().stream().mapToLong(each -> each.entries().size()).sum();
    checks.add(Check.ok("plugins", plugins + " can be named; 'secateur plugins' lists them"));
    for (Broken broken : catalogs.broken()) {
      checks.add(
          Check.absent(
              "plugin", broken.toString(), "mend or remove it; nothing else is hurt by it"));
    }
    return checks;
  }

  private static Check data(DatasetSource source, DataFiles files) {
    String what = "data set " + source.name();
    try {
      return Check.ok(
          what,
          "%s to train on, %s to test on"
              .formatted(
                  Layout.count(source.size(Split.TRAIN, files)),
                  Layout.count(source.size(Split.TEST, files))));
    } catch (IllegalArgumentException e) {
      // Reads what its user brings: its defaults name no files, and the message says how to.
      return Check.ok(what, String.join("; ", Errors.lines(e)));
    } catch (IOException | RuntimeException e) {
      // The message says which file is missing, where it can be had, and where to put it.
      return Check.absent(what, String.join("; ", Errors.lines(e)), "");
    }
  }
}
