package io.secateur.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.secateur.spi.DataFiles;
import io.secateur.spi.Split;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class Friedman1Test {
  private static final DataFiles FILES =
      DataLocations.of(Optional.empty(), Map.of(), "Linux", Path.of("/none"));

  @Test
  void followsTheFunction() {
    // 10 sin(π/4) + 20 · 0.0625 + 10 · 0.1 + 5 · 0.2
    double[] x = {0.5, 0.5, 0.25, 0.1, 0.2, 0.9};

    assertThat(Friedman1.function(x)).isCloseTo(7.0710678 + 1.25 + 1 + 1, within(1e-6));
  }

  @Test
  void givesEverySampleTheFunctionsValueWhenThereIsNoNoise() {
    Rows rows = rows(new Friedman1(50, 7, 0, 3, 0.2, 0), Split.TRAIN);

    for (int i = 0; i < rows.size(); i++) {
      double[] x = new double[7];
      for (int k = 0; k < 7; k++) {
        x[k] = rows.row(i)[k];
      }
      assertThat((double) rows.numbers()[i]).isCloseTo(Friedman1.function(x), within(1e-4));
    }
  }

  @Test
  void dividesTenThousandAsTheTutorialDoes() {
    Friedman1 whole = new Friedman1();
    Friedman1 parted = new Friedman1(10_000, 10, 0, 0, 0.33, 0.2);

    assertThat(whole.size(Split.TRAIN, FILES)).isEqualTo(6_700);
    assertThat(whole.size(Split.TEST, FILES)).isEqualTo(3_300);
    assertThat(parted.size(Split.TRAIN, FILES)).isEqualTo(5_360);
    assertThat(parted.size(Split.VALIDATION, FILES)).isEqualTo(1_340);
  }

  @Test
  void sharesNoSampleBetweenParts() {
    Friedman1 parted = new Friedman1(300, 5, 0.5, 1, 0.33, 0.25);
    Set<List<Float>> seen = new HashSet<>();
    int count = 0;
    for (Split split : List.of(Split.TRAIN, Split.VALIDATION, Split.TEST)) {
      Rows rows = rows(parted, split);
      assertThat(rows.size()).isEqualTo(parted.size(split, FILES));
      for (int i = 0; i < rows.size(); i++) {
        float[] row = rows.row(i);
        seen.add(List.of(row[0], row[1], row[2]));
        count++;
      }
    }

    assertThat(seen).hasSize(count).hasSize(300);
  }

  @Test
  void addsNoiseOfTheDeviationAskedFor() {
    float[] plain = rows(new Friedman1(20_000, 5, 0, 9, 0.1, 0), Split.TRAIN).numbers();
    float[] noisy = rows(new Friedman1(20_000, 5, 2, 9, 0.1, 0), Split.TRAIN).numbers();
    double square = 0;
    for (int i = 0; i < plain.length; i++) {
      square += (noisy[i] - plain[i]) * (noisy[i] - plain[i]) / plain.length;
    }

    assertThat(Math.sqrt(square)).isCloseTo(2, within(0.05));
  }

  @Test
  void givesEqualNumbersForEqualSettings() {
    Friedman1 source = new Friedman1(40, 5, 1, 4, 0.5, 0);

    assertThat(rows(source, Split.TEST).numbers())
        .containsExactly(rows(source, Split.TEST).numbers());
    assertThat(
            Arrays.equals(
                rows(source, Split.TEST).numbers(),
                rows(new Friedman1(40, 5, 1, 5, 0.5, 0), Split.TEST).numbers()))
        .isFalse();
  }

  @Test
  void refusesWhatLeavesAPartEmpty() {
    assertThatThrownBy(() -> new Friedman1(100, 4, 0, 0, 0.3, 0))
        .hasMessage("features must be at least 5, which the function uses, was 4");
    assertThatThrownBy(() -> new Friedman1(100, 5, 0, 0, 1, 0))
        .hasMessage(
            "test must be a fraction between 0 and 1 that leaves samples to train on, was 1.0");
    assertThatThrownBy(() -> new Friedman1(100, 5, 0, 0, 0.3, 1))
        .hasMessage(
            "validation must be a fraction of the training part, at least 0 and below 1, was 1.0");
  }

  private static Rows rows(Friedman1 source, Split split) {
    return (Rows) source.open(split, FILES);
  }
}
