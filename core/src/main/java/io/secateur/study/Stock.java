package io.secateur.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What lies in a store: its steps, their files, what is damaged, and what nobody needs. */
public final class Stock {
  private final Store store;
  private final Map<String, Manifest> manifests = new TreeMap<>();
  private final Map<String, StoredStep> steps = new TreeMap<>();
  private final Map<String, Long> files = new TreeMap<>();

  /**
   * Looks through a store; nothing is changed.
   *
   * @param folder the store's folder
   * @throws StudyException when it is none
   */
  public Stock(Path folder) throws IOException {
    this(folder, Store.reading(folder));
  }

  private Stock(Path folder, Store store) throws IOException {
    this.store = store;
    if (!Files.isDirectory(folder.resolve("steps"))) {
      throw new StudyException(
          "%s is no store of finished steps: it has no folder steps".formatted(folder));
    }
    for (Path step : listed(folder.resolve("steps"))) {
      String key = step.getFileName().toString();
      try {
        Optional<Manifest> manifest = store.manifest(key);
        if (manifest.isPresent()) {
          manifests.put(key, manifest.get());
          steps.put(key, StoredStep.of(manifest.get()));
        } else {
          steps.put(key, StoredStep.damaged(key, step + " has no manifest"));
        }
      } catch (DamagedStepException e) {
        steps.put(key, StoredStep.damaged(key, String.valueOf(e.getMessage())));
      }
    }
    for (Path shelf : listed(folder.resolve("blobs"))) {
      for (Path file : listed(shelf)) {
        files.put(file.getFileName().toString(), Files.size(file));
      }
    }
  }

  /** Opens a store to clean it: what dead processes left in it is cleared first. */
  public static Stock open(Path folder, Clock clock) throws IOException {
    // Of what is no store none is to be made.
    return new Stock(
        folder,
        Files.isDirectory(folder.resolve("steps"))
            ? Store.open(folder, clock)
            : Store.reading(folder));
  }

  private static List<Path> listed(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> inside = Files.list(folder)) {
      return inside.sorted().toList();
    }
  }

  /** Returns the steps in the order of their keys. */
  public List<StoredStep> steps() {
    return List.copyOf(steps.values());
  }

  /** Returns how many files hold the steps' tensors, masks and what measurements kept. */
  public int files() {
    return files.size();
  }

  /** Returns the bytes of those files; what several steps have in common counts once. */
  public long bytes() {
    return files.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Returns the bytes of the files that no step needs: a run that was ended leaves such. */
  public long idleBytes() {
    return bytesWithout(Set.of());
  }

  /** Returns the bytes that removing some steps, and what no step needs, would free. */
  public long bytesWithout(Set<String> removed) {
    Set<String> needed = needed(removed);
    return files.entrySet().stream()
        .filter(file -> !needed.contains(file.getKey()))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  private Set<String> needed(Set<String> removed) {
    Set<String> needed = new HashSet<>();
    manifests.forEach(
        (key, manifest) -> {
          if (!removed.contains(key)) {
            manifest.blobs().forEach(blob -> needed.add(blob.sha256()));
          }
        });
    return needed;
  }

  /**
   * Reads every byte, and returns what is not as it was written: a line for each damaged step, then
   * for each damaged file that no step needs.
   */
  public List<String> damage() throws IOException {
    List<String> damage = new ArrayList<>();
    Map<String, Optional<String>> known = new HashMap<>();
    for (StoredStep step : steps.values()) {
      step.damage().ifPresent(why -> damage.add("step %s: %s".formatted(step.key(), why)));
      Manifest manifest = manifests.get(step.key());
      if (manifest != null) {
        Set<String> told = new HashSet<>();
        for (Blobs.Ref ref : manifest.blobs()) {
          Optional<String> why = known.get(ref.sha256());
          if (why == null) {
            why = store.damage(ref);
            known.put(ref.sha256(), why);
          }
          why.filter(told::add)
              .ifPresent(
                  text -> damage.add("step %s (%s): %s".formatted(step.key(), step.what(), text)));
        }
      }
    }
    for (Map.Entry<String, Long> file : files.entrySet()) {
      if (!known.containsKey(file.getKey())) {
        store.damage(new Blobs.Ref(file.getKey(), file.getValue())).ifPresent(damage::add);
      }
    }
    return damage;
  }

  /** Returns the steps that are not among those used. */
  public List<StoredStep> unused(Set<String> used) {
    return steps.values().stream().filter(step -> !used.contains(step.key())).toList();
  }

  /** Returns how many bytes the steps of each kind have, files in common counted at the first. */
  public Map<String, long[]> kinds() {
    Map<String, long[]> kinds = new TreeMap<>();
    Map<String, Boolean> counted = new LinkedHashMap<>();
    steps
        .values()
        .forEach(
            step -> {
              long[] sums = kinds.computeIfAbsent(step.what(), what -> new long[2]);
              sums[0]++;
              Manifest manifest = manifests.get(step.key());
              if (manifest != null) {
                for (Blobs.Ref ref : manifest.blobs()) {
                  if (counted.putIfAbsent(ref.sha256(), true) == null) {
                    sums[1] += ref.bytes();
                  }
                }
              }
            });
    return kinds;
  }

  /**
   * Removes steps, and then every file that no step needs. No process may be at work in the store;
   * while this goes on none on this machine can begin anything.
   *
   * @param unused of {@link #unused}
   * @return the bytes that are free again
   * @throws StudyException when somebody works in the store, or a step that stays is damaged, so
   *     that nobody knows which files it needs
   */
  public long remove(List<StoredStep> unused) throws IOException {
    Set<String> removed = new HashSet<>();
    unused.forEach(step -> removed.add(step.key()));
    for (StoredStep step : steps.values()) {
      if (step.damage().isPresent() && !removed.contains(step.key())) {
        throw new StudyException(
            "step %s is damaged, so that nobody knows which files it needs (%s); run its study"
                    .formatted(step.key(), step.damage().get())
                + " again, which mends it, and clean up then");
      }
    }
    return store.cleaning(
        () -> {
          for (String key : removed) {
            store.remove(key);
          }
          // Looked up again: a run may have ended meanwhile, whose steps are to stay whole.
          Stock left = new Stock(store.folder(), store);
          Set<String> needed = left.needed(Set.of());
          long freed = 0;
          for (Map.Entry<String, Long> file : left.files.entrySet()) {
            if (!needed.contains(file.getKey())) {
              store.removeFile(file.getKey());
              freed += file.getValue();
            }
          }
          return freed;
        });
  }
}
