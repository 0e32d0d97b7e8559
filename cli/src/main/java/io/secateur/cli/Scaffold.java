package io.secateur.cli;

import io.secateur.model.WholeFiles;
import io.secateur.spi.Spi;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A Maven project of one plugin that works, with its test, a study and a README. The files are the
 * templates beside this class, with what stands between two {@code @} filled in.
 *
 * @param name as a study file writes it: {@code my-method}
 * @param packageName of its class
 * @param version of Secateur, which the project compiles against
 */
record Scaffold(ScaffoldKind kind, String name, String packageName, String version) {
  private static final String CLASS = "@class@";

  /** Returns the jar that the project packs, within its folder. */
  String jar() {
    return "target/" + name + "-1.0.jar";
  }

  /** Returns the texts of all files, by their paths within the project. */
  Map<String, String> files() {
    String plugin = template(kind.label() + "/Plugin.java");
    String test = template(kind.label() + "/PluginTest.java");
    String type = className(plugin + test);
    String path = packageName.replace('.', '/');
    Map<String, String> files = new LinkedHashMap<>();
    files.put("pom.xml", template("pom.xml"));
    files.put("README.md", template("README.md"));
    files.put("study.yaml", template(kind.label() + "/study.yaml"));
    files.put("src/main/java/%s/%s.java".formatted(path, type), plugin);
    files.put(
        "src/main/resources/META-INF/services/" + kind.service().getName(), "@package@." + CLASS);
    files.put("src/test/java/%s/%sTest.java".formatted(path, type), test);
    files.replaceAll((file, text) -> filled(text, type));
    return files;
  }

  private String filled(String template, String type) {
    return template
        .replace("@name@", name)
        .replace("@package@", packageName)
        .replace("@path@", packageName.replace('.', '/'))
        .replace(CLASS, type)
        .replace("@word@", kind.word())
        .replace("@service@", kind.service().getName())
        .replace("@contract@", kind.service().getSimpleName() + "Contract")
        .replace("@guide@", kind.guide())
        .replace("@spi@", Spi.VERSION)
        .replace("@version@", version);
  }

  /**
   * Returns {@code MyMethod} for {@code my-method}, with the kind behind it where the sources, or
   * Java itself, use that name already.
   */
  private String className(String sources) {
    String type =
        Arrays.stream(name.split("-", -1))
            .map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
            .collect(Collectors.joining());
    boolean taken =
        Pattern.compile("\\b" + type + "\\b").matcher(sources).find() || isInJavaLang(type);
    String label = kind.label();
    return taken ? type + Character.toUpperCase(label.charAt(0)) + label.substring(1) : type;
  }

  private static boolean isInJavaLang(String type) {
    try {
      Class.forName("java.lang." + type, false, Object.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  private static String template(String file) {
    try (InputStream in =
        Objects.requireNonNull(Scaffold.class.getResourceAsStream("scaffold/" + file), file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Writes the project to a folder that is not there yet, or is empty: all of it or nothing.
   *
   * @throws FileAlreadyExistsException when there is something in that folder
   */
  void write(Path folder) throws IOException {
    refuseContents(folder);
    Path absolute = folder.toAbsolutePath().normalize();
    // Beside it, so that all of it appears by one renaming.
    Path temporary = absolute.resolveSibling("." + name + "-" + UUID.randomUUID());
    Files.createDirectories(temporary);
    try {
      for (Map.Entry<String, String> each : files().entrySet()) {
        Path file = temporary.resolve(each.getKey());
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, each.getValue());
      }
      moveInto(temporary, absolute);
    } finally {
      WholeFiles.delete(temporary);
    }
  }

  /** An empty folder stays, for somebody may stand in it. */
  private static void moveInto(Path temporary, Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.move(temporary, folder);
      return;
    }
    List<Path> entries;
    try (Stream<Path> inside = Files.list(temporary)) {
      entries = inside.toList();
    }
    for (Path entry : entries) {
      Files.move(entry, folder.resolve(temporary.relativize(entry)));
    }
  }

  private static void refuseContents(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    if (!Files.isDirectory(folder)) {
      throw new NotDirectoryException(folder.toString());
    }
    try (Stream<Path> inside = Files.list(folder)) {
      if (inside.findAny().isPresent()) {
        throw new FileAlreadyExistsException(
            folder.toString(),
            null,
            "is not empty, and a project is written to a new folder; --dir names another one");
      }
    }
  }
}
