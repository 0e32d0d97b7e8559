package io.secateur.spi;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What plugins compile against is what its version says: every public or protected type and member
 * of four packages stands in a file, with the version that it belongs to. What goes or changes asks
 * for a new major version, what comes for a new minor one; {@code -Dgolden.write=true} then writes
 * the file anew. A file that is not there is written as a baseline.
 */
class SpiVersionTest {
  private static final Path FILE = Path.of("src", "test", "resources", "golden", "spi.txt");
  private static final String[] PACKAGES = {
    "io.secateur.spi", "io.secateur.sparsity", "io.secateur.model", "io.secateur.conformance"
  };

  @Test
  void theVersionIsRaisedWithWhatPluginsCompileAgainst() throws IOException {
    List<String> now = listing();
    boolean write = Boolean.getBoolean("golden.write");
    if (write && !Files.exists(FILE)) {
      write(now);
    }
    List<String> lines = Files.readAllLines(FILE);
    String before = lines.get(0).substring("version ".length());
    List<String> known = lines.subList(1, lines.size());

    assertThat(fault(before, known, Spi.VERSION, now)).isEmpty();
    if (write) {
      write(now);
    }
    assertThat(Files.readAllLines(FILE))
        .as("-Dgolden.write=true writes it")
        .isEqualTo(Stream.concat(Stream.of("version " + Spi.VERSION), now.stream()).toList());
  }

  @Test
  void whatGoesAsksForAMajorVersionAndWhatComesForAMinorOne() {
    List<String> both = List.of("my.A interface", "my.A method name(): String");
    List<String> one = both.subList(0, 1);

    assertThat(fault("1.2", both, "1.2", both)).isEmpty();
    assertThat(fault("1.2", both, "1.3", one)).get().asString().contains("major", "my.A method");
    assertThat(fault("1.2", both, "2.0", one)).isEmpty();
    assertThat(fault("1.2", one, "1.2", both)).get().asString().contains("minor", "my.A method");
    assertThat(fault("1.2", one, "1.3", both)).isEmpty();
    assertThat(fault("1.9", one, "1.10", both)).isEmpty();
    assertThat(fault("1.2", one, "2.0", both)).isEmpty();
  }

  @Test
  void whatAPluginWouldHaveToImplementAnewAsksForAMajorVersion() {
    List<String> before = List.of("my.A interface");
    List<String> after = List.of("my.A interface", "my.A abstract method late(): int");

    assertThat(fault("1.2", before, "1.3", after)).get().asString().contains("major", "late");
    assertThat(fault("1.2", before, "2.0", after)).isEmpty();
    // Of a type that is new itself, nobody has an implementation yet.
    assertThat(fault("1.2", List.of(), "1.3", after)).isEmpty();
  }

  @Test
  void theListSeesWhatPluginsSee() {
    assertThat(listing())
        .contains(
            "io.secateur.spi.Plugin interface",
            "io.secateur.spi.Plugin abstract method name(): java.lang.String",
            "io.secateur.spi.Plugin method version(): int",
            "io.secateur.sparsity.Amount$OfAll constructor(double)")
        .noneMatch(line -> line.contains("Test") || line.contains("lambda$"))
        .noneMatch(line -> line.contains("io.secateur.plugin.Binder "));
  }

  /** Returns what is wrong with a version after a change; nothing when it was raised enough. */
  private static Optional<String> fault(
      String before, List<String> known, String version, List<String> now) {
    Set<String> gone = new TreeSet<>(known);
    now.forEach(gone::remove);
    Set<String> come = new TreeSet<>(now);
    known.forEach(come::remove);
    Set<String> types = known.stream().map(SpiVersionTest::type).collect(Collectors.toSet());
    come.stream()
        .filter(line -> line.contains(" abstract method ") && types.contains(type(line)))
        .forEach(gone::add);
    if (!gone.isEmpty() && part(version, 0) <= part(before, 0)) {
      return Optional.of(
          "plugins built against %s may not run any more: raise the major version of Spi.VERSION,"
                  .formatted(before)
              + " or take back:\n"
              + String.join("\n", gone));
    }
    boolean raised =
        part(version, 0) > part(before, 0)
            || (part(version, 0) == part(before, 0) && part(version, 1) > part(before, 1));
    return come.isEmpty() || raised
        ? Optional.empty()
        : Optional.of(
            "plugins may use what %s did not have: raise the minor version of Spi.VERSION for:\n"
                    .formatted(before)
                + String.join("\n", come));
  }

  private static int part(String version, int index) {
    return Integer.parseInt(version.split("\\.", -1)[index]);
  }

  private static String type(String line) {
    return line.substring(0, line.indexOf(' '));
  }

  private static void write(List<String> lines) throws IOException {
    Files.writeString(FILE, "version " + Spi.VERSION + "\n" + String.join("\n", lines) + "\n");
  }

  private static List<String> listing() {
    // From where the SPI itself is: tests stand in the same packages.
    return new ClassFileImporter()
        .importUrl(Plugin.class.getProtectionDomain().getCodeSource().getLocation()).stream()
            .filter(found -> Arrays.asList(PACKAGES).contains(found.getPackageName()))
            .<Class<?>>map(JavaClass::reflect)
            .filter(SpiVersionTest::isShown)
            .flatMap(type -> lines(type).stream())
            .sorted()
            .toList();
  }

  private static boolean isShown(Class<?> type) {
    return isShown(type.getModifiers())
        && (type.getEnclosingClass() == null || isShown(type.getEnclosingClass()));
  }

  private static boolean isShown(int modifiers) {
    return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
  }

  private static List<String> lines(Class<?> type) {
    String name = type.getName() + " ";
    List<String> lines = new ArrayList<>();
    lines.add(name + kind(type));
    for (Type parent : type.getGenericInterfaces()) {
      lines.add(name + "is " + parent.getTypeName());
    }
    if (type.isSealed()) {
      Arrays.stream(type.getPermittedSubclasses())
          .filter(SpiVersionTest::isShown)
          .forEach(permitted -> lines.add(name + "permits " + permitted.getName()));
    }
    for (Constructor<?> constructor : type.getDeclaredConstructors()) {
      if (isShown(constructor.getModifiers())) {
        lines.add(name + "constructor" + parameters(constructor));
      }
    }
    for (Method method : type.getDeclaredMethods()) {
      if (isShown(method.getModifiers()) && !method.isSynthetic() && !isEverybodys(method)) {
        lines.add(
            name
                + modifiers(method.getModifiers())
                + "method "
                + method.getName()
                + parameters(method)
                + ": "
                + method.getGenericReturnType().getTypeName());
      }
    }
    for (Field field : type.getDeclaredFields()) {
      if (isShown(field.getModifiers()) && !field.isSynthetic()) {
        lines.add(
            name
                + modifiers(field.getModifiers())
                + "field "
                + field.getName()
                + ": "
                + field.getGenericType().getTypeName());
      }
    }
    return lines;
  }

  private static boolean isEverybodys(Method method) {
    return List.of("equals", "hashCode", "toString").contains(method.getName());
  }

  private static String kind(Class<?> type) {
    String sealed = type.isSealed() ? "sealed " : "";
    String last = Modifier.isFinal(type.getModifiers()) && !type.isRecord() ? "final " : "";
    String open =
        Modifier.isAbstract(type.getModifiers()) && !type.isInterface() ? "abstract " : "";
    return sealed
        + (type.isEnum()
            ? "enum"
            : type.isRecord()
                ? "record"
                : type.isInterface() ? "interface" : last + open + "class");
  }

  private static String modifiers(int modifiers) {
    return (Modifier.isAbstract(modifiers) ? "abstract " : "")
        + (Modifier.isStatic(modifiers) ? "static " : "");
  }

  private static String parameters(Executable executable) {
    return Arrays.stream(executable.getGenericParameterTypes())
        .map(Type::getTypeName)
        .collect(Collectors.joining(", ", "(", ")"));
  }
}
