package io.secateur.methods.magnitude;

import io.secateur.builtin.LinearSchedule;
import io.secateur.calibrate.Calibration;
import io.secateur.conformance.BuiltInContract;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Scope;
import io.secateur.spi.Plugin;
import io.secateur.stage.Prune;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Every plugin of this module keeps the rules of its kind, and so does the stage that prunes. */
class BuiltInPluginsTest implements BuiltInContract {
  @Override
  public List<Plugin> further() {
    return List.of(
        prune(new Granularity.Element(), new Scope.Global()),
        prune(new Granularity.Element(), new Scope.Tile(4)),
        prune(new Granularity.OutputUnits(), new Scope.Layer()));
  }

  private static Prune prune(Granularity granularity, Scope scope) {
    return new Prune(
        Optional.of(new L1()),
        granularity,
        scope,
        Optional.of(new Amount.OfAll(0.75)),
        Map.of(),
        List.of(),
        List.of(),
        Optional.of(new LinearSchedule()),
        new Calibration());
  }
}
