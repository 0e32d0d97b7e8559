package io.secateur.study;

import io.secateur.model.Checkpoint;
import io.secateur.model.WholeFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;

/**
 * Finished steps by key, in a folder: {@code steps/<key>/manifest.json} says what a step gave and
 * names its tensors, which lie in {@code blobs} under their own checksum. A step appears by one
 * atomic rename: it is there whole, or not at all, whatever dies when.
 *
 * <p>Several processes may use a store at once; {@link Claims} keep them off each other's work.
 */
final class Store {
  private final Path folder;
  private final Path steps;
  private final Path temporary;
  private final Blobs blobs;
  private final Claims claims;
  private final Owner owner;
  private final AtomicLong counter = new AtomicLong();

  private Store(Path folder, Clock clock, Owner owner) {
    this.folder = folder;
    this.steps = folder.resolve("steps");
    this.temporary = folder.resolve("tmp");
    this.owner = owner;
    this.blobs = new Blobs(folder.resolve("blobs"), this::fresh);
    this.claims = new Claims(folder.resolve("claims"), clock, System::nanoTime, owner);
  }

  /** Opens the store in a folder, makes it where there is none, and clears what the dead left. */
  static Store open(Path folder, Clock clock) throws IOException {
    Store store = new Store(folder, clock, Owner.current());
    Files.createDirectories(store.steps);
    Files.createDirectories(store.temporary);
    Files.createDirectories(folder.resolve("blobs"));
    Files.createDirectories(folder.resolve("claims"));
    store.clear(clock);
    return store;
  }

  /** Opens a store to read what is finished: nothing is made, cleared or claimed. */
  static Store reading(Path folder) {
    // Only claims ask for the time, and none are made.
    return new Store(folder, Clock.fixed(Instant.EPOCH, ZoneOffset.UTC), Owner.current());
  }

  /**
   * Opens the store in a folder as {@link #open} does, if it can be written to.
   *
   * @throws StudyException when it cannot
   */
  static Store writing(Path folder, Clock clock) throws IOException {
    for (String inside : List.of("", "steps", "blobs", "claims", "tmp")) {
      Path each = folder.resolve(inside);
      if (Files.exists(each)) {
        Durable.require(each, "finished steps are kept there; --store names another place");
      }
    }
    return open(folder, clock);
  }

  Path folder() {
    return folder;
  }

  Claims claims() {
    return claims;
  }

  /** Returns whether a step is finished. */
  boolean contains(String key) {
    return Files.exists(steps.resolve(key).resolve("manifest.json"));
  }

  /**
   * Returns what is known of a step, if it is finished.
   *
   * @throws DamagedStepException when its manifest cannot be read
   */
  Optional<Manifest> manifest(String key) throws IOException {
    String text;
    String sum;
    try {
      text = Files.readString(steps.resolve(key).resolve("manifest.json"));
      sum = Files.readString(steps.resolve(key).resolve("manifest.sha256")).strip();
    } catch (NoSuchFileException e) {
      if (contains(key)) {
        throw new DamagedStepException(key, e.getFile() + " is missing");
      }
      return Optional.empty();
    } catch (CharacterCodingException e) {
      throw new DamagedStepException(key, steps.resolve(key) + " has a manifest that is no text");
    }
    if (!Digests.sha256(text).equals(sum)) {
      throw new DamagedStepException(
          key, steps.resolve(key).resolve("manifest.json") + " does not have its checksum");
    }
    try {
      return Optional.of(Json.read(text, Manifest.class));
    } catch (JacksonException e) {
      throw new DamagedStepException(
          key, steps.resolve(key).resolve("manifest.json") + ": " + e.getOriginalMessage());
    }
  }

  /**
   * Reads the checkpoint of a finished step.
   *
   * @throws DamagedStepException when its bytes are not those that were written
   */
  Checkpoint checkpoint(String key) throws IOException {
    Manifest manifest =
        manifest(key).orElseThrow(() -> new DamagedStepException(key, "no step " + key));
    return new Shelf(blobs).take(manifest);
  }

  /** Stores a checkpoint's bytes; nothing refers to them before its step is published. */
  Manifest.Model shelve(Checkpoint checkpoint) throws IOException {
    return new Shelf(blobs).put(checkpoint);
  }

  /** Stores the files of a measurement; nothing refers to them before its step is published. */
  List<Manifest.Bytes> keep(Map<String, byte[]> files) throws IOException {
    List<Manifest.Bytes> kept = new ArrayList<>();
    for (Map.Entry<String, byte[]> file : new TreeMap<>(files).entrySet()) {
      kept.add(
          new Manifest.Bytes(
              file.getKey(), blobs.write(List.of(ByteBuffer.wrap(file.getValue())))));
    }
    return List.copyOf(kept);
  }

  /**
   * Reads a file that a measurement gave beside its values, if the step is finished and gave it.
   *
   * @throws DamagedStepException when its bytes are not those that were written
   */
  Optional<byte[]> kept(String key, String name) throws IOException {
    for (Manifest.Bytes file : manifest(key).map(Manifest::files).orElse(List.of())) {
      if (file.name().equals(name)) {
        return Optional.of(new Shelf(blobs).array(file.blob(), key));
      }
    }
    return Optional.empty();
  }

  /** Publishes steps. One that is there already stays. */
  void publish(Manifest... manifests) throws IOException {
    for (Manifest manifest : manifests) {
      write(manifest);
    }
    Durable.sync(steps);
  }

  private void write(Manifest manifest) throws IOException {
    Path made = fresh();
    String text = Json.pretty(manifest);
    try {
      Files.createDirectory(made);
      // Need not wait for the disk: a manifest without its checksum counts as damaged.
      Files.writeString(made.resolve("manifest.sha256"), Digests.sha256(text) + "\n");
      Durable.write(made.resolve("manifest.json"), text);
      if (!contains(manifest.key())) {
        // What is left of a step without its manifest would be in the way.
        remove(manifest.key());
      }
      Durable.publish(made, steps.resolve(manifest.key()));
    } catch (FileSystemException e) {
      // Systems differ in how they say that something is there already.
      if (!contains(manifest.key())) {
        throw e;
      }
    } finally {
      WholeFiles.delete(made);
    }
  }

  /** Forgets a damaged step and those of its blobs that are damaged. */
  void discard(String key) throws IOException {
    try {
      Optional<Manifest> manifest = manifest(key);
      if (manifest.isPresent()) {
        for (Blobs.Ref ref : manifest.get().blobs()) {
          blobs.removeIfDamaged(ref);
        }
      }
    } catch (DamagedStepException e) {
      // Which blobs it had is not known any more; those damaged are found when next written.
      removeDamagedBlobs();
    }
    remove(key);
  }

  private void removeDamagedBlobs() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("blobs"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        blobs.removeIfDamaged(new Blobs.Ref(file.getFileName().toString(), Files.size(file)));
      }
    }
  }

  /** Returns the manifests of all readable steps, in the order of their keys. */
  List<Manifest> manifests() throws IOException {
    List<Manifest> found = new ArrayList<>();
    if (!Files.isDirectory(steps)) {
      return found;
    }
    try (Stream<Path> folders = Files.list(steps)) {
      for (Path step : folders.sorted().toList()) {
        readable(step.getFileName().toString()).ifPresent(found::add);
      }
    }
    return found;
  }

  /** Returns what is known of a step if it is finished and its manifest undamaged. */
  Optional<Manifest> readable(String key) throws IOException {
    try {
      return manifest(key);
    } catch (DamagedStepException e) {
      return Optional.empty();
    }
  }

  /**
   * Sees that a finished step is as it was written: its manifest is read, the files of its
   * checkpoint only where they were touched since.
   *
   * @throws DamagedStepException when it is not
   */
  void check(String key) throws IOException {
    Optional<Manifest> manifest = manifest(key);
    if (manifest.isPresent()) {
      for (Blobs.Ref ref : manifest.get().blobs()) {
        blobs.check(ref, key);
      }
    }
  }

  /** Returns whether a step is finished, and as it was written. */
  boolean isIntact(String key) throws IOException {
    try {
      check(key);
      return contains(key);
    } catch (DamagedStepException e) {
      return false;
    }
  }

  /** Returns whether a finished step can be read now, whatever was seen of it before. */
  boolean canBeRead(String key) throws IOException {
    try {
      Optional<Manifest> manifest = manifest(key);
      if (manifest.isPresent()) {
        for (Blobs.Ref ref : manifest.get().blobs()) {
          blobs.read(ref, key);
        }
      }
      return manifest.isPresent();
    } catch (DamagedStepException e) {
      return false;
    }
  }

  /** Returns what is wrong with a file; nothing when it is as it was written. */
  Optional<String> damage(Blobs.Ref ref) throws IOException {
    try {
      blobs.read(ref, "");
      return Optional.empty();
    } catch (DamagedStepException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /** Something done while nobody else on this machine can begin a step. */
  interface Cleaning<T> {
    T run() throws IOException;
  }

  /**
   * Does something while nobody else works here.
   *
   * @throws StudyException when somebody does
   */
  <T> T cleaning(Cleaning<T> deed) throws IOException {
    if (!claims.takeAlone()) {
      throw busy();
    }
    try {
      if (claims.othersWork()) {
        throw busy();
      }
      return deed.run();
    } finally {
      claims.releaseAlone();
    }
  }

  private StudyException busy() {
    return new StudyException(
        "a run is at work in %s; clean up when it has ended".formatted(folder));
  }

  /** Removes a step; its files stay. */
  void remove(String key) throws IOException {
    Path away = fresh();
    if (Files.exists(steps.resolve(key))) {
      Files.move(steps.resolve(key), away);
      WholeFiles.delete(away);
    }
  }

  /** Removes a file that no step needs, by its checksum. */
  void removeFile(String sha256) throws IOException {
    Files.deleteIfExists(blobs.path(new Blobs.Ref(sha256, 0)));
  }

  /** Returns a path for what a step writes while it runs; whoever uses it deletes it. */
  Path scratch() {
    return fresh();
  }

  private Path fresh() {
    return temporary.resolve(owner.id() + "." + counter.incrementAndGet());
  }

  private void clear(Clock clock) throws IOException {
    Set<String> claimants = claims.claimants();
    try (Stream<Path> left = Files.list(temporary)) {
      for (Path path : left.toList()) {
        String name = path.getFileName().toString();
        String id = name.substring(0, Math.max(0, name.lastIndexOf('.')));
        if (owner.isDead(id, () -> !claimants.contains(id) && Claims.isOld(path, clock))) {
          WholeFiles.delete(path);
        }
      }
    }
  }
}
