package io.secateur.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.secateur.calibrate.Calibration;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Scope;
import io.secateur.spi.LabelledStep;
import io.secateur.spi.PruningMethod;
import io.secateur.spi.Step;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snakeyaml.engine.v2.nodes.Node;

class SettingsTest {
  private static final Toys.Weighted WEIGHTED =
      new Toys.Weighted(
          2,
          2,
          3,
          0.3f,
          true,
          "a \"b\"",
          Toys.Mode.PER_COLUMN,
          List.of(300, 100),
          Set.of("x", "m", "a"),
          Map.of("fc3", 0.1, "fc1", 0.2),
          Optional.of(4),
          new Toys.Box(3, 4));

  @Test
  void leavesTheDefaultsOut() {
    assertThat(Settings.canonical(new Toys.Weighted())).isEqualTo("weighted");
  }

  @Test
  void showsPeopleTheDefaultsToo() {
    assertThat(Settings.complete(new Toys.Trim()))
        .startsWith("trim{")
        .contains("granularity=element", "scope=global");
  }

  @Test
  void namesWhatDiffersFromTheDefaults() {
    assertThat(Settings.canonical(WEIGHTED))
        .isEqualTo(
            "weighted{exponent=2,share=0.3,fast=true,note=\"a \\\"b\\\"\",mode=per-column,"
                + "sizes=[300,100],tags=[a,m,x],rates={fc1=0.2,fc3=0.1},limit=4,"
                + "box={height=3,width=4}}");
  }

  @Test
  void anOrderOfCalibrationThatIsNotAskedForChangesNoKey() {
    // As keys read before there was an order to ask for.
    assertThat(Canonical.of(new Calibration())).isEqualTo("{}");
    assertThat(Canonical.of(new Calibration(128, 64))).isEqualTo("{examples=128}");
    assertThat(Canonical.of(new Calibration(128, 64, Calibration.Order.SEQUENTIAL)))
        .isEqualTo("{examples=128,order=sequential}");
  }

  @Test
  void leavesTheDefaultsOfSettingsWithinSettingsOut() {
    Toys.Trim trim =
        new Toys.Trim(
            WEIGHTED.times() == 2 ? new Toys.Weighted() : WEIGHTED,
            new Granularity.Slice(Granularity.Axis.INPUT),
            new Scope.Row(),
            new Amount.OfRemaining(0.33),
            new Toys.Steady());

    assertThat(Settings.canonical(trim))
        .isEqualTo(
            "trim{method=weighted,granularity=slice{axis=input},scope=row,"
                + "amount=of-remaining{fraction=0.33}}");
  }

  @Test
  void writesWhatReadsBackAsTheSame() {
    LabelledStep learn =
        new LabelledStep(new Toys.Learn(2, 1e-9, new Toys.Pace.Warm(3, 0.1)), "dense");
    Toys.Trim trim =
        new Toys.Trim(
            WEIGHTED,
            new Granularity.Block(2, 3),
            new Scope.Tile(4),
            new Amount.Count(7),
            new Toys.Steady());
    Toys.Rounds rounds = new Toys.Rounds(5, List.of(learn, new LabelledStep(trim, "")));

    Faults faults = new Faults();
    Node node = YamlDocument.read(Settings.written(rounds), "s.yaml", faults).orElseThrow();

    assertThat(new Binder(Toys.catalogs(), faults).bind(node, Step.class)).contains(rounds);
  }

  @ParameterizedTest
  @CsvSource({
    "0.33, 0.33",
    "1, 1",
    "100, 100",
    "1e-3, 0.001",
    "2e-3, 0.002",
    "1e-9, 1E-9",
    "2e23, 2E+23",
    "4.9e-324, 5E-324",
    "-0.0, -0",
    "0, 0",
    "Infinity, .inf",
    "1.7976931348623157e308, 1.7976931348623157E+308"
  })
  void writesTheShortestDecimal(double number, String text) {
    assertThat(Written.number(number)).isEqualTo(text);
  }

  @Test
  void writesNumbersThatReadBackExactly() {
    long seed = 20260101;
    Random random = new Random(seed);
    for (int i = 0; i < 2000; i++) {
      double number = Double.longBitsToDouble(random.nextLong());
      float single = Float.intBitsToFloat(random.nextInt());
      if (Double.isFinite(number)) {
        assertThat(Double.parseDouble(Written.number(number))).as("seed " + seed).isEqualTo(number);
      }
      if (Float.isFinite(single)) {
        assertThat(Float.parseFloat(Written.number(single))).as("seed " + seed).isEqualTo(single);
      }
    }
  }

  @Test
  void findsThePluginsWithinAPlugin() {
    Toys.Rounds rounds =
        new Toys.Rounds(2, List.of(new LabelledStep(new Toys.Trim(), ""), learn()));

    assertThat(Settings.plugins(rounds))
        .containsExactly(
            rounds, new Toys.Trim(), new Toys.Plain(), new Toys.Steady(), new Toys.Learn());
  }

  @Test
  void describesEverySettingWithTypeDefaultAndChoices() {
    Catalogs catalogs = Toys.catalogs();
    String text =
        List.of(Toys.Weighted.class, Toys.Trim.class, Toys.Learn.class, Toys.Rounds.class).stream()
            .flatMap(type -> Settings.describe(type, catalogs).stream())
            .map(Setting::toString)
            .collect(Collectors.joining("\n"));

    Golden.check("describe", text);
  }

  @Test
  void listsThePluginsThatASettingMayHold() {
    Setting method = Settings.describe(Toys.Trim.class, Toys.catalogs()).get(0);

    assertThat(method.allowed()).isEqualTo("plain, weighted");
    assertThat(method.type()).isEqualTo(Toys.catalogs().of(PruningMethod.class).kind());
  }

  private static LabelledStep learn() {
    return new LabelledStep(new Toys.Learn(), "");
  }
}
