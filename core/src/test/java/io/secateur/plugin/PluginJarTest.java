package io.secateur.plugin;

import static io.secateur.plugin.JarWorkshop.method;
import static io.secateur.plugin.JarWorkshop.named;
import static io.secateur.plugin.JarWorkshop.source;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.secateur.builtin.LinearSchedule;
import io.secateur.spi.Metric;
import io.secateur.spi.PruningMethod;
import io.secateur.spi.Schedule;
import io.secateur.spi.ScoringMethod;
import io.secateur.spi.Spi;
import io.secateur.spi.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginJarTest {
  @TempDir private Path scratch;
  private Path folder;

  @BeforeEach
  void makeFolder() throws IOException {
    folder = Files.createDirectory(scratch.resolve("plugins"));
  }

  @Test
  void findsAMethodInAJarWithItsOrigin() {
    Path jar = good("tidy.jar", "Tidy", "tidy");

    Catalog.Entry<PruningMethod> tidy = load().of(PruningMethod.class).named("tidy");

    assertThat(tidy.defaults().name()).isEqualTo("tidy");
    assertThat(tidy.origin().jar()).get().extracting(Origin.Jar::file).isEqualTo(jar);
    assertThat(tidy.origin().jar().orElseThrow().sha256()).matches("[0-9a-f]{64}");
  }

  @Test
  void knowsTheJarOfAnInstance() {
    good("tidy.jar", "Tidy", "tidy");
    Catalogs catalogs = load();

    Object tidy = catalogs.of(PruningMethod.class).named("tidy").defaults();

    assertThat(catalogs.jarOf(tidy.getClass())).isPresent();
    assertThat(catalogs.jarOf(LinearSchedule.class)).isEmpty();
    assertThat(catalogs.jarOf(String.class)).isEmpty();
  }

  @Test
  void countsAClassListedUnderTwoServicesOnce() {
    new JarWorkshop(scratch)
        .type("my.Tidy", method("Tidy", "", named("tidy")))
        .service(PruningMethod.class, "my.Tidy")
        .service(ScoringMethod.class, "# the same", "my.Tidy  # again")
        .pack(folder.resolve("tidy.jar"));

    Catalogs catalogs = load();

    assertThat(catalogs.of(PruningMethod.class).names()).contains("tidy");
    assertThat(catalogs.broken()).isEmpty();
  }

  @Test
  void takesTheSameJarInTwoFoldersAsOne() throws IOException {
    Path jar = good("tidy.jar", "Tidy", "tidy");
    Path other = Files.createDirectory(scratch.resolve("other"));
    Files.copy(jar, other.resolve("copy.jar"));

    Catalogs catalogs = Catalogs.load(List.of(folder, other, folder));

    assertThat(catalogs.of(PruningMethod.class).names()).contains("tidy");
    assertThat(catalogs.broken()).isEmpty();
  }

  @Test
  void keepsJarsApartSoThatEachHasItsOwnClassOfAName() {
    good("a.jar", "Tidy", "tidy-a");
    good("b.jar", "Tidy", "tidy-b");

    Catalog<PruningMethod> methods = load().of(PruningMethod.class);

    assertThat(methods.names()).contains("tidy-a", "tidy-b");
    assertThat(methods.named("tidy-a").type()).isNotEqualTo(methods.named("tidy-b").type());
  }

  @Test
  void refusesANameThatTwoJarsClaimNamingBoth() {
    good("a.jar", "Tidy", "tidy");
    good("b.jar", "Neat", "tidy");
    good("c.jar", "Clean", "clean");
    Catalogs catalogs = load();
    Catalog<PruningMethod> methods = catalogs.of(PruningMethod.class);

    assertThat(methods.names()).contains("clean").doesNotContain("tidy");
    assertThatThrownBy(() -> methods.named("tidy")).isInstanceOf(PluginException.class);
    Golden.check("duplicate-name", message(methods, "tidy") + "\n\n" + broken(catalogs));
  }

  @Test
  void neverDisplacesABuiltIn() {
    new JarWorkshop(scratch)
        .type(
            "my.Mine",
            source(
                "public record Mine() implements Schedule { public String name() { return"
                    + " \"linear\"; } public double sparsity(double p, double t) { return t; } }"))
        .service(Schedule.class, "my.Mine")
        .pack(folder.resolve("mine.jar"));
    Catalogs catalogs = load();

    assertThat(catalogs.of(Schedule.class).named("linear").type()).isEqualTo(LinearSchedule.class);
    assertThat(catalogs.of(Schedule.class).named("linear").origin().jar()).isEmpty();
    assertThat(broken(catalogs))
        .startsWith(
            "<folder>/mine.jar: my.Mine: its name 'linear' is that of the built-in"
                + " io.secateur.builtin.LinearSchedule");
  }

  @Test
  void putsEveryBrokenJarAsideWithItsReasonAndKeepsTheGoodOne() throws IOException {
    breakInEveryWay();
    good("tidy.jar", "Tidy", "tidy");

    Catalogs catalogs = load();

    assertThat(catalogs.of(PruningMethod.class).named("tidy").defaults().name()).isEqualTo("tidy");
    assertThat(catalogs.of(Metric.class).names()).isNotEmpty();
    Golden.check("broken-jars", broken(catalogs));
  }

  @Test
  void namesWhatIsBrokenToWhoeverAsksForAMissingName() {
    good("tidy.jar", "Tidy", "tidy");
    new JarWorkshop(scratch).pack(folder.resolve("empty.jar"));
    Catalogs catalogs = load();

    String message = message(catalogs.of(PruningMethod.class), "tidi");

    assertThat(message)
        .startsWith("there is no pruning method 'tidi'. Did you mean 'tidy'? There are: ")
        .contains(" Could not be loaded: <folder>/empty.jar: ");
  }

  @Test
  void refusesAFolderThatIsNotThere() {
    assertThatThrownBy(() -> Catalogs.load(List.of(scratch.resolve("nowhere"))))
        .isInstanceOf(PluginException.class)
        .hasMessage("there is no plugin folder " + scratch.resolve("nowhere"));
  }

  @Test
  void takesAJarThatDeclaresTheVersionOfTheSpiOnOffer() {
    versioned("tidy", "Secateur-SPI-Version: " + Spi.VERSION, "Implementation-Version: 1.2");

    Origin.Jar jar = origin("tidy");

    assertThat(jar.spi()).contains(Spi.VERSION);
    assertThat(jar.version()).contains("1.2");
  }

  @Test
  void takesAJarThatDeclaresNothingAndKnowsThatItDoesNot() {
    good("tidy.jar", "Tidy", "tidy");

    assertThat(origin("tidy").spi()).isEmpty();
    assertThat(origin("tidy").version()).isEmpty();
  }

  @Test
  void refusesAJarOfAnotherVersionOfTheSpiWithWhatToDo() {
    SpiVersion offered = SpiVersion.offered();
    versioned("a-newer", spi(offered.major() + 1, 0));
    versioned("b-newer-minor", spi(offered.major(), offered.minor() + 1));
    versioned("c-older", spi(offered.major() - 1, 9));
    versioned("d-no-minor", "Secateur-SPI-Version: " + offered.major());
    versioned("e-no-number", "Secateur-SPI-Version: one");
    versioned("f-empty", "Secateur-SPI-Version: ");
    Catalogs catalogs = load();

    assertThat(catalogs.broken()).hasSize(6);
    assertThat(catalogs.of(PruningMethod.class).names()).doesNotContain("a-newer", "c-older");
    Golden.check("other-spi", broken(catalogs));
  }

  @Test
  void hintsAtTheVersionWhereAJarThatDeclaresNoneDoesNotFit() {
    missingMethod("silent");
    missingMethod("declared", "Secateur-SPI-Version: " + Spi.VERSION);

    assertThat(broken(load()))
        .isEqualTo(
            "<folder>/declared.jar: my.A: does not fit this version of Secateur or of Java:"
                + " NoSuchMethodError: 'int io.secateur.sparsity.Amount.gone()'\n"
                + "<folder>/silent.jar: my.A: does not fit this version of Secateur or of Java:"
                + " NoSuchMethodError: 'int io.secateur.sparsity.Amount.gone()'; the manifest does"
                + " not say for which version of the SPI the jar was built, and this Secateur"
                + " offers %s ('Secateur-SPI-Version: %s')".formatted(Spi.VERSION, Spi.VERSION));
  }

  private static String spi(int major, int minor) {
    return "Secateur-SPI-Version: %d.%d".formatted(major, minor);
  }

  private void versioned(String name, String... manifest) {
    new JarWorkshop(scratch)
        .manifest(manifest)
        .type("my.A", method("A", "", named(name)))
        .service(PruningMethod.class, "my.A")
        .pack(folder.resolve(name + ".jar"));
  }

  private Origin.Jar origin(String name) {
    return load().of(PruningMethod.class).named(name).origin().jar().orElseThrow();
  }

  /** Packs a plugin whose constructor calls what an Amount of another version has. */
  private void missingMethod(String jar, String... manifest) {
    String amount =
        "package io.secateur.sparsity; public interface Amount { static int gone() { return 1; } }";
    String plugin =
        method(
            "A",
            "int n",
            "  public A() { this(io.secateur.sparsity.Amount.gone()); }\n" + named(jar));
    new JarWorkshop(scratch)
        .manifest(manifest)
        .classes(
            Map.of("io.secateur.sparsity.Amount", amount, "my.A", plugin),
            name -> name.startsWith("my/"))
        .service(PruningMethod.class, "my.A")
        .pack(folder.resolve(jar + ".jar"));
  }

  private void breakInEveryWay() throws IOException {
    Files.write(folder.resolve("corrupt.jar"), "PK and then nothing of the kind".getBytes(UTF_8));
    Files.createFile(folder.resolve("zero-bytes.jar"));
    new JarWorkshop(scratch).pack(folder.resolve("empty.jar"));
    one("missing-type", method("A", "", "  public lib.Dep dep() { return null; }\n" + named("a")));
    one(
        "throws",
        method(
            "A",
            "int n",
            "  public A() { this(1); throw new IllegalStateException(\"no\\nway\"); }\n"
                + named("a")));
    one(
        "throws-in-static",
        method("A", "", "  static final int N = Integer.parseInt(\"x\");\n" + named("a")));
    one(
        "throws-in-name",
        method("A", "", "  public String name() { throw new UnsupportedOperationException(); }"));
    one("null-name", method("A", "", "  public String name() { return null; }"));
    one("bad-name", method("A", "", named("My Method")));
    one("needs-settings", method("A", "double n", named("a")));
    one(
        "array-setting",
        method("A", "int[] n", "  public A() { this(new int[0]); }\n" + named("a")));
    one("null-setting", method("A", "String n", "  public A() { this(null); }\n" + named("a")));
    one(
        "dependency-in-setting",
        method("A", "lib.Dep n", "  public A() { this(null); }\n" + named("a")));
    one(
        "dependency-in-constructor",
        method("A", "int n", "  public A() { this(lib.Dep.N()); }\n" + named("a")));
    one(
        "not-a-record",
        source(
            "public final class A implements ScoringMethod { public String name() { return \"a\"; }"
                + " public NDArray scores(Weight w, Statistics s) { return w.matrix(); } }"));
    one(
        "not-public",
        source(
            "record A() implements ScoringMethod { public String name() { return \"a\"; } public"
                + " NDArray scores(Weight w, Statistics s) { return w.matrix(); } }"));
    one(
        "not-a-method",
        source(
            "public record A() implements Schedule { public String name() { return \"a\"; } public"
                + " double sparsity(double p, double t) { return t; } }"));
    new JarWorkshop(scratch)
        .service(PruningMethod.class, "# nobody", "my.Missing")
        .pack(folder.resolve("no-such-class.jar"));
    new JarWorkshop(scratch)
        .service(PruningMethod.class, "my.Tidy, my.Neat")
        .pack(folder.resolve("two-on-a-line.jar"));
    new JarWorkshop(scratch)
        .service("io.secateur.spi.PruningMethods", "my.A")
        .pack(folder.resolve("no-such-service.jar"));
    new JarWorkshop(scratch)
        .service(Schedule.class, LinearSchedule.class.getName())
        .pack(folder.resolve("not-its-own.jar"));
    new JarWorkshop(scratch)
        .service(Schedule.class, "# nothing")
        .pack(folder.resolve("no-line.jar"));
    new JarWorkshop(scratch)
        .type(
            "my.A",
            source(
                "public record A(String label) implements Stage { public A() { this(\"\"); } public"
                    + " String name() { return \"a\"; } public Checkpoint run(Checkpoint c, Context"
                    + " x) { return c; } }"))
        .service(Stage.class, "my.A")
        .pack(folder.resolve("label-setting.jar"));
    otherVersions();
  }

  private void otherVersions() {
    // Compiled against a Schedule that has another method.
    String old =
        "package io.secateur.spi; public interface Schedule extends Plugin { double at(double p);"
            + " }";
    String plugin =
        "package my; public record A() implements io.secateur.spi.Schedule { public String name() {"
            + " return \"a\"; } public double at(double p) { return p; } }";
    new JarWorkshop(scratch)
        .classes(
            Map.of("io.secateur.spi.Schedule", old, "my.A", plugin), name -> name.startsWith("my/"))
        .service(Schedule.class, "my.A")
        .pack(folder.resolve("other-version.jar"));
    JarWorkshop newer = new JarWorkshop(scratch).type("my.A", method("A", "", named("a")));
    byte[] code = newer.entry("my/A.class");
    code[7] = 99;
    newer
        .entry("my/A.class", code)
        .service(PruningMethod.class, "my.A")
        .pack(folder.resolve("newer-java.jar"));
    byte[] cut = Arrays.copyOf(code, 40);
    cut[7] = 61;
    new JarWorkshop(scratch)
        .entry("my/A.class", cut)
        .service(PruningMethod.class, "my.A")
        .pack(folder.resolve("damaged-class.jar"));
  }

  private void one(String jar, String source) {
    String dependency = "package lib; public class Dep { public static int N() { return 1; } }";
    new JarWorkshop(scratch)
        .classes(Map.of("my.A", source, "lib.Dep", dependency), name -> name.startsWith("my/"))
        .service(PruningMethod.class, "my.A")
        .pack(folder.resolve(jar + ".jar"));
  }

  private Path good(String jar, String className, String name) {
    return new JarWorkshop(scratch)
        .type("my." + className, method(className, "", named(name)))
        .service(PruningMethod.class, "my." + className)
        .pack(folder.resolve(jar));
  }

  private Catalogs load() {
    return Catalogs.load(List.of(folder));
  }

  private String message(Catalog<?> catalog, String name) {
    try {
      catalog.named(name);
      throw new AssertionError(name + " was found");
    } catch (PluginException e) {
      return String.valueOf(e.getMessage()).replace(folder.toString(), "<folder>");
    }
  }

  private String broken(Catalogs catalogs) {
    return catalogs.broken().stream()
        .map(Broken::toString)
        .collect(Collectors.joining("\n"))
        .replace(folder.toString(), "<folder>")
        .replace("this one, " + Runtime.version().feature(), "this one, <java>");
  }
}
