package io.secateur.sparsity;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.secateur.sparsity.Granularity.Axis;
import org.junit.jupiter.api.Test;

class PatternTest {
  @Test
  void refusesTilesOfAnythingButSingleWeights() {
    assertThatThrownBy(() -> new Pattern(new Granularity.Block(2, 2), new Scope.Tile(4)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a tile (N:M) holds single weights; use granularity element");
  }

  @Test
  void refusesRowsOfWholeSlices() {
    assertThatThrownBy(() -> new Pattern(new Granularity.Slice(Axis.OUTPUT), new Scope.Row()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("use scope layer or global");
  }

  @Test
  void refusesTilesOfOneAndBlocksWithoutSides() {
    assertThatThrownBy(() -> new Scope.Tile(1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a tile's width must be at least 2, was 1");
    assertThatThrownBy(() -> new Granularity.Block(0, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a block's sides must be at least 1, were 0 x 2");
  }
}
