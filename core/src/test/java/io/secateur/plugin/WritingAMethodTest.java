package io.secateur.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.conformance.Conformance;
import io.secateur.data.DataLocations;
import io.secateur.sparsity.Form;
import io.secateur.spi.PruningMethod;
import io.secateur.spi.ScoringMethod;
import io.secateur.spi.Statistic;
import io.secateur.spi.Statistics;
import io.secateur.spi.Weight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of {@code docs/writing-a-method.md} compiles, loads and scores. */
@Tag("engine")
class WritingAMethodTest {
  private static final Path PAGE =
      Path.of(System.getProperty("secateur.root", ".."), "docs", "writing-a-method.md");
  private static final Pattern CODE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern RECORD = Pattern.compile("public record (\\w+)");
  private static final Pattern LINE =
      Pattern.compile("`META-INF/services/([\\w.]+)`:\n\n```\n(\\S+)\n```");

  @TempDir private Path scratch;
  private String page = "";

  @BeforeEach
  void read() throws IOException {
    page = Files.readString(PAGE);
  }

  @Test
  void loadsTheFirstMethodByItsServiceLineAndScoresWithIt() {
    MatchResult line = LINE.matcher(page).results().findFirst().orElseThrow();
    new JarWorkshop(scratch)
        .type("my." + className(code(0)), code(0))
        .service(line.group(1), line.group(2))
        .pack(scratch.resolve("first.jar"));

    float[] scores = scores("row-share", new float[] {1, -3, 2, 2});

    assertThat(scores).containsExactly(new float[] {0.25f, 0.75f, 0.5f, 0.5f}, within(1e-6f));
  }

  @Test
  void loadsTheMethodWithSettingsAndStatisticsAndScoresWithIt() {
    new JarWorkshop(scratch)
        .type("my." + className(code(1)), code(1))
        .service(PruningMethod.class, "my." + className(code(1)))
        .pack(scratch.resolve("second.jar"));

    float[] scores = scores("my-wanda", new float[] {3, 1, -1, 2});

    assertThat(scores).containsExactly(new float[] {3, 2, 1, 4}, within(1e-6f));
  }

  @Test
  void theFirstMethodKeepsTheRulesThatItsTestTries() {
    String test = code(2);
    assertThat(test).contains("class RowShareTest implements PruningMethodContract");
    MatchResult line = LINE.matcher(page).results().findFirst().orElseThrow();
    new JarWorkshop(scratch)
        .classes(Map.of("my.RowShare", code(0), "my.RowShareTest", test), name -> true)
        .service(line.group(1), line.group(2))
        .pack(scratch.resolve("first.jar"));

    Catalogs catalogs = Catalogs.load(List.of(scratch));
    PruningMethod method = catalogs.of(PruningMethod.class).named("row-share").defaults();

    assertThat(new Conformance(catalogs, DataLocations.of(Optional.empty())).violations(method))
        .isEmpty();
  }

  private String code(int index) {
    return CODE.matcher(page).results().skip(index).findFirst().orElseThrow().group(1);
  }

  private static String className(String code) {
    return RECORD.matcher(code).results().findFirst().orElseThrow().group(1);
  }

  /** Scores a 2 × 2 weight whose inputs have the squared norms 1 and 4. */
  private float[] scores(String name, float[] cells) {
    Catalogs catalogs = Catalogs.load(List.of(scratch));
    assertThat(catalogs.broken()).isEmpty();
    PruningMethod method = catalogs.of(PruningMethod.class).named(name).defaults();
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray matrix = manager.create(cells, new Shape(2, 2));
      Weight weight = new Weight("fc.weight", Form.matrix(2, 2), matrix, Map.of(), 1);
      Statistics statistics = new Norms(manager.create(new float[] {1, 4}));
      return ((ScoringMethod) method).scores(weight, statistics).toFloatArray();
    }
  }

  private record Norms(NDArray squared) implements Statistics {
    @Override
    public NDArray total(Statistic statistic) {
      assertThat(statistic).isEqualTo(Statistic.Inputs.SQUARED_NORM);
      return squared;
    }

    @Override
    public long count(Statistic statistic) {
      return 2;
    }
  }
}
