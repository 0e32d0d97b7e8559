package @package@;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.secateur.conformance.RecipeContract;
import io.secateur.sparsity.Amount;
import io.secateur.spi.Recipe;
import io.secateur.stage.Prune;
import io.secateur.stage.Rounds;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The rules of recipes, each a test, and what this one stands for. */
class @class@Test implements RecipeContract {
  @Override
  public Recipe plugin() {
    return new @class@();
  }

  @Test
  void twoRoundsOfAHalfLeaveAQuarter() {
    List<Recipe.Element> elements =
        new @class@(Optional.empty(), 2, 0.75, 1).expand(List.of());

    Recipe.Element.Run run = assertInstanceOf(Recipe.Element.Run.class, elements.get(0));
    Rounds rounds = assertInstanceOf(Rounds.class, run.step());
    Prune prune = assertInstanceOf(Prune.class, rounds.stages().get(0).step());
    assertEquals(2, rounds.rounds());
    assertEquals(Optional.of(new Amount.OfRemaining(0.5)), prune.amount());
  }
}
