package io.secateur.sparsity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class AmountTest {
  @Test
  void roundsHalfToEven() {
    assertThat(Amount.of(0.5).more(5, 5)).isEqualTo(2);
    assertThat(Amount.of(0.5).more(7, 7)).isEqualTo(4);
    assertThat(new Amount.OfRemaining(0.5).more(100, 5)).isEqualTo(2);
  }

  @Test
  void countsWhatIsPrunedAlreadyOnlyInFractionsOfAll() {
    assertThat(Amount.of(0.5).more(10, 7)).isEqualTo(2);
    assertThat(Amount.of(0.5).more(10, 4)).isEqualTo(-1);
    assertThat(new Amount.OfRemaining(0.5).more(10, 4)).isEqualTo(2);
    assertThat(new Amount.Count(3).more(10, 4)).isEqualTo(3);
    assertThat(new Amount.Below(0.1).more(10, 4)).isEqualTo(4);
  }

  @Test
  void countsBeyondAnInt() {
    assertThat(Amount.of(0.5).more(6_000_000_001L, 6_000_000_001L)).isEqualTo(3_000_000_000L);
  }

  @Test
  void onlyBelowLimitsTheScore() {
    assertThat(new Amount.Below(0.1).limit()).isEqualTo(0.1);
    assertThat(Amount.of(1).limit()).isEqualTo(Double.POSITIVE_INFINITY);
  }

  @Test
  void refusesWhatIsNoFractionNoCountAndNoScore() {
    assertThatThrownBy(() -> Amount.of(1.01))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a fraction must be from 0 to 1, was 1.01");
    assertThatThrownBy(() -> new Amount.OfRemaining(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a fraction must be from 0 to 1, was NaN");
    assertThatThrownBy(() -> new Amount.Count(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a count must be at least 0, was -1");
    assertThatThrownBy(() -> new Amount.Below(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be a number");
  }

  @Test
  void holdsMinusZeroEqualToZero() {
    assertThat(Amount.of(-0.0)).isEqualTo(Amount.of(0));
  }
}
