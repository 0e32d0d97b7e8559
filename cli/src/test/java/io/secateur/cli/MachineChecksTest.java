package io.secateur.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class MachineChecksTest {

  @Test
  void nativesThatDoNotLoadAreMissingAndSaySo() {
    ChildJvm.Outcome outcome =
        new ChildJvm.Outcome(
            1,
            Map.of(),
            "Exception in thread \"main\" ai.djl.engine.EngineException: Failed to load PyTorch"
                + " native library\n\tat x");
    assertThat(MachineChecks.engine(outcome))
        .singleElement()
        .satisfies(
            check -> {
              assertThat(check.state()).isEqualTo(Check.State.MISSING);
              assertThat(check.found()).contains("Failed to load PyTorch native library");
              assertThat(check.advice()).contains("linux-x86_64");
            });
  }

  @Test
  void withoutAGpuTheProfileToBuildWithIsNamed() {
    ChildJvm.Outcome outcome =
        new ChildJvm.Outcome(
            0,
            Map.of("computes", "true", "gpus", "0", "engine", "PyTorch 2.7.1", "djl", "0.35.1"),
            "");
    assertThat(MachineChecks.engine(outcome))
        .allMatch(check -> check.state() == Check.State.OK)
        .anyMatch(check -> check.found().contains("SECATEUR_PROFILES=gpu"));
  }
}
