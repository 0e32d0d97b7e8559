package io.secateur.methods.wanda;

import io.secateur.conformance.BuiltInContract;
import io.secateur.sparsity.Amount;
import io.secateur.spi.Plugin;
import java.util.List;
import java.util.Optional;

/** Every plugin of this module keeps the rules of its kind. */
class BuiltInPluginsTest implements BuiltInContract {
  @Override
  public List<Plugin> further() {
    return List.of(new SynFlow(Optional.of(new Amount.OfAll(0.5)), 3, List.of()));
  }
}
