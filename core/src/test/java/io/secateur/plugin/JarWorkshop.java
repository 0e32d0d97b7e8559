package io.secateur.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import io.secateur.spi.Plugin;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** Makes plugin jars as their authors would: compiles sources and packs classes and services. */
public final class JarWorkshop {
  private static final String IMPORTS =
      """
      import ai.djl.ndarray.NDArray;
      import io.secateur.model.Checkpoint;
      import io.secateur.spi.*;
      import java.util.*;
      """;

  private final Path scratch;
  private final Map<String, byte[]> entries = new LinkedHashMap<>();

  public JarWorkshop(Path scratch) {
    this.scratch = scratch;
  }

  /** Returns a method's source: its header, and what stands in the body beside the scores. */
  public static String method(String className, String header, String body) {
    return source(
        """
        public record %s(%s) implements ScoringMethod {
        %s
          public NDArray scores(Weight w, Statistics s) { return w.matrix().abs(); }
        }
        """
            .formatted(className, header, body));
  }

  /** Returns a body that gives a name. */
  public static String named(String name) {
    return "  public String name() { return \"" + name + "\"; }";
  }

  /** Returns another kind's source. */
  public static String source(String text) {
    return "package my;\n" + IMPORTS + text;
  }

  public JarWorkshop service(Class<?> service, String... lines) {
    return service(service.getName(), lines);
  }

  public JarWorkshop service(String service, String... lines) {
    entries.put(
        "META-INF/services/" + service, String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /** Writes the main attributes of the manifest, as {@code Name: value}. */
  JarWorkshop manifest(String... attributes) {
    String text = "Manifest-Version: 1.0\n" + String.join("\n", attributes) + "\n\n";
    return entry("META-INF/MANIFEST.MF", text.getBytes(StandardCharsets.UTF_8));
  }

  public JarWorkshop entry(String name, byte[] bytes) {
    entries.put(name, bytes);
    return this;
  }

  /** Compiles sources, by class name, and adds the classes that are wanted. */
  public JarWorkshop classes(Map<String, String> sources, Predicate<String> wanted) {
    try {
      Path out = Files.createTempDirectory(scratch, "classes");
      compile(sources, out);
      try (Stream<Path> files = Files.walk(out)) {
        for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
          String name = out.relativize(file).toString().replace('\\', '/');
          if (wanted.test(name)) {
            entries.put(name, Files.readAllBytes(file));
          }
        }
      }
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public JarWorkshop type(String className, String source) {
    return classes(Map.of(className, source), name -> true);
  }

  byte[] entry(String name) {
    return Objects.requireNonNull(entries.get(name), name).clone();
  }

  public Path pack(Path jar) {
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        out.putNextEntry(new JarEntry(entry.getKey()));
        out.write(entry.getValue());
        out.closeEntry();
      }
      return jar;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void compile(Map<String, String> sources, Path out) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<JavaFileObject> units = new ArrayList<>();
    sources.forEach((name, text) -> units.add(new Source(name, text)));
    String path =
        // The last two for tests that implement contracts.
        Stream.of(Plugin.class, NDArray.class, JarWorkshop.class, Test.class)
            .map(JarWorkshop::location)
            .collect(Collectors.joining(File.pathSeparator));
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of("--release", "17", "-proc:none", "-cp", path, "-d", out.toString());
      boolean done = compiler.getTask(messages, files, null, options, null, units).call();
      assertThat(done).as(messages.toString()).isTrue();
    }
  }

  private static String location(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String className, String text) {
      super(URI.create("string:///" + className.replace('.', '/') + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
