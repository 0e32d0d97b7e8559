package io.secateur.study;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import io.secateur.model.Architecture;
import io.secateur.model.Conv2d;
import io.secateur.model.GlobalAvgPool2d;
import io.secateur.model.Linear;
import io.secateur.model.Residual;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OutlookTest {
  private static final Architecture NET =
      new Architecture(
          new Shape(1, 4, 4),
          List.of(
              new Conv2d("stem", 8, 3, 1, 1),
              new Residual(
                  "add",
                  List.of(new Conv2d("in", 6, 3, 1, 1), new Conv2d("out", 8, 3, 1, 1)),
                  List.of()),
              new GlobalAvgPool2d("pool"),
              new Linear("fc", 2)));

  private static final Outlook DENSE = Outlook.start(NET);

  @Test
  void tellsHowManyUnitsGoOfEachGroup() {
    Map<String, Long> units = new LinkedHashMap<>();
    units.put("units of stem.weight + out.weight", 4L);
    units.put("units of in.weight", 3L);
    Outlook after = new Outlook(units);

    assertThat(after.told(DENSE, NET)).isEqualTo("  -> 7 / 14 units (50.00 %)");
    assertThat(after.groupsTold(DENSE, NET))
        .containsExactly(
            "stem.weight + out.weight: 4 of 8 units, with inputs of in.weight, fc.weight",
            "in.weight: 3 of 6 units, with inputs of out.weight");
    assertThat(after.groupsTold(after, NET)).isEmpty();
  }

  @Test
  void tellsWhichGroupsCompete() {
    Outlook after = new Outlook(Map.of("units of stem.weight + out.weight, in.weight", 7L));

    assertThat(after.told(DENSE, NET)).isEqualTo("  -> 7 / 14 units (50.00 %)");
    assertThat(after.groupsTold(DENSE, NET))
        .containsExactly(
            "stem.weight + out.weight: some of 8 units, with inputs of in.weight, fc.weight",
            "in.weight: some of 6 units, with inputs of out.weight");
  }

  @Test
  void tellsGroupsOfWhichOnlyARunKnowsHowMuchGoes() {
    Outlook after = new Outlook(Map.of("units of in.weight", -1L));

    assertThat(after.told(DENSE, NET)).isEqualTo("  -> known when run");
    assertThat(after.groupsTold(DENSE, NET))
        .containsExactly("in.weight: some of 6 units, with inputs of out.weight");
  }

  @Test
  void saysWhatIsKnownWhenRun() {
    assertThat(new Outlook(Map.of()).told(DENSE, NET)).isEqualTo("  -> known when run");
    assertThat(DENSE.groupsTold(DENSE, NET)).isEmpty();
  }
}
