package io.secateur.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.secateur.spi.Metric;
import io.secateur.spi.PruningMethod;
import io.secateur.spi.Recipe;
import io.secateur.spi.ReconstructingMethod;
import io.secateur.spi.Schedule;
import io.secateur.spi.Stage;
import io.secateur.spi.Step;
import java.util.List;
import org.junit.jupiter.api.Test;

class CatalogsTest {
  @Test
  void loadsEveryBuiltInWithoutAFault() {
    Catalogs catalogs = Catalogs.load(List.of());

    assertThat(catalogs.broken()).isEmpty();
    assertThat(catalogs.of(Schedule.class).names())
        .contains("linear", "polynomial", "exponential", "one-shot");
  }

  @Test
  void listsNamesSorted() {
    assertThat(Toys.catalogs().of(Step.class).names())
        .containsExactly("ladder", "learn", "rounds", "trim");
  }

  @Test
  void givesStagesAndRecipesTogetherAsSteps() {
    Catalogs catalogs = Toys.catalogs();

    assertThat(catalogs.of(Stage.class).names()).containsExactly("learn", "trim");
    assertThat(catalogs.of(Recipe.class).names()).containsExactly("ladder", "rounds");
    assertThat(catalogs.of(Step.class).find("learn")).get().extracting("kind").isEqualTo("stage");
  }

  @Test
  void narrowsAKindToAnInterfaceWithinIt() {
    assertThat(Toys.catalogs().of(ReconstructingMethod.class).names()).isEmpty();
  }

  @Test
  void findsANameWhateverItsKind() {
    assertThat(Toys.catalogs().everywhere("ladder"))
        .singleElement()
        .extracting("type")
        .isEqualTo(Toys.Ladder.class);
  }

  @Test
  void hasACatalogPerKind() {
    assertThat(Toys.catalogs().all())
        .extracting(Catalog::kind)
        .containsExactly(
            "pruning method",
            "schedule",
            "metric",
            "stage",
            "recipe",
            "model",
            "data set",
            "format");
  }

  @Test
  void answersAMissingNameWithWhatThereIs() {
    Catalogs catalogs = Toys.catalogs();
    String messages =
        String.join(
            "\n",
            message(catalogs.of(PruningMethod.class), "plian"),
            message(catalogs.of(PruningMethod.class), "ladder"),
            message(catalogs.of(Step.class), "momentum"),
            message(catalogs.of(Metric.class), "accuracy"),
            message(catalogs.of(ReconstructingMethod.class), "plain"),
            message(catalogs.of(Schedule.class), "learn"));

    Golden.check("missing-names", messages);
  }

  @Test
  void refusesAClassThatIsNoUsablePlugin() {
    assertThatThrownBy(() -> Catalogs.holding(List.of(Hidden.class)))
        .isInstanceOf(PluginException.class)
        .hasMessage("io.secateur.plugin.CatalogsTest$Hidden: is not public");
  }

  private record Hidden() implements Schedule {
    @Override
    public String name() {
      return "hidden";
    }

    @Override
    public double sparsity(double progress, double target) {
      return target;
    }
  }

  private static String message(Catalog<?> catalog, String name) {
    try {
      catalog.named(name);
      throw new AssertionError(name + " was found");
    } catch (PluginException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
