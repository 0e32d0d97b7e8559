package io.secateur.plugin;

import io.secateur.spi.Spi;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Collectors;

/**
 * Reads a plugin jar: its service lines, and a class loader of its own whose parent is the
 * framework's, so that jars neither see each other nor load the engine twice.
 */
final class PluginJar {
  private static final String OURS = ServiceLine.FOLDER + "io.secateur.";
  private static final int CHUNK = 1 << 16;

  private PluginJar() {}

  /** Adds what a jar offers to a collection, and what is wrong with it to the same. */
  static void read(Path file, String sha256, Collected into) {
    try (JarFile jar = new JarFile(file.toFile())) {
      Origin.Jar origin = origin(file, sha256, jar);
      Optional<String> refusal = origin.spi().flatMap(SpiVersion::refusal);
      if (refusal.isPresent()) {
        into.broken(origin, "", refusal.get());
        return;
      }
      List<ServiceLine> lines = lines(jar, origin, into);
      if (lines.isEmpty()) {
        return;
      }
      ClassLoader loader = loader(file);
      for (ServiceLine line : lines) {
        into.add(line, loader, true, origin);
      }
    } catch (IOException e) {
      into.broken(unread(file), "", "is not a readable jar: " + RecordShape.reason(e));
    }
  }

  /** Returns the origin of what a jar that cannot be read would have held. */
  static Origin.Jar unread(Path file) {
    return new Origin.Jar(file, "", Optional.empty(), Optional.empty());
  }

  private static Origin.Jar origin(Path file, String sha256, JarFile jar) throws IOException {
    Manifest manifest = Objects.requireNonNullElseGet(jar.getManifest(), Manifest::new);
    return new Origin.Jar(
        file,
        sha256,
        attribute(manifest, Attributes.Name.IMPLEMENTATION_VERSION.toString()),
        attribute(manifest, Spi.ATTRIBUTE));
  }

  private static Optional<String> attribute(Manifest manifest, String name) {
    return Optional.ofNullable(manifest.getMainAttributes().getValue(name)).map(String::strip);
  }

  // Lives as long as the plugins that it loads: to the end of the process.
  private static ClassLoader loader(Path file) throws IOException {
    URL[] urls = {file.toUri().toURL()};
    return new URLClassLoader(
        file.getFileName().toString(), urls, PluginJar.class.getClassLoader());
  }

  private static List<ServiceLine> lines(JarFile jar, Origin origin, Collected into)
      throws IOException {
    List<ServiceLine> lines = new ArrayList<>();
    boolean offers = false;
    for (JarEntry entry : jar.stream().filter(e -> e.getName().startsWith(OURS)).toList()) {
      offers = true;
      String service = entry.getName().substring(ServiceLine.FOLDER.length());
      Optional<Kind> kind = kind(service);
      if (kind.isEmpty()) {
        into.broken(
            origin,
            entry.getName(),
            "there is no such service." + DidYouMean.among(service, services()));
        continue;
      }
      try (InputStream file = jar.getInputStream(entry)) {
        List<ServiceLine> read = ServiceLine.read(kind.get(), type(kind.get(), service), file);
        if (read.isEmpty()) {
          into.broken(origin, entry.getName(), "is empty; it should name a class");
        }
        lines.addAll(read);
      }
    }
    if (!offers) {
      into.broken(
          origin,
          "",
          "offers nothing: it has no file %s<interface>, as %s%s"
              .formatted(ServiceLine.FOLDER, ServiceLine.FOLDER, services().get(0)));
    }
    return lines;
  }

  private static List<String> services() {
    return Arrays.stream(Kind.values())
        .flatMap(kind -> kind.services().stream().map(Class::getName))
        .toList();
  }

  private static Optional<Kind> kind(String service) {
    return Arrays.stream(Kind.values())
        .filter(
            kind ->
                kind.services().stream()
                    .map(Class::getName)
                    .collect(Collectors.toSet())
                    .contains(service))
        .findFirst();
  }

  private static Class<?> type(Kind kind, String service) {
    return kind.services().stream()
        .filter(type -> type.getName().equals(service))
        .findFirst()
        .orElseThrow();
  }

  /** Returns the sha-256 of a file, in hexadecimal. */
  static String sha256(Path file) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] chunk = new byte[CHUNK];
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        digest.update(chunk, 0, n);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
