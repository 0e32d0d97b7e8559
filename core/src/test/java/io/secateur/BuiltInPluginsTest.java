package io.secateur;

import io.secateur.conformance.BuiltInContract;
import io.secateur.spi.LabelledStep;
import io.secateur.spi.Plugin;
import io.secateur.stage.Rewind;
import io.secateur.stage.Rounds;
import io.secateur.stage.Train;
import java.util.List;

/** Every plugin that core brings keeps the rules of its kind. */
class BuiltInPluginsTest implements BuiltInContract {
  @Override
  public List<Plugin> further() {
    return List.of(
        new Rounds(
            2, List.of(new LabelledStep(new Rewind(), ""), new LabelledStep(new Train(), ""))));
  }
}
