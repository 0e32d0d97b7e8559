package io.secateur.sparsity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FormTest {
  @Test
  void readsTensorsOfOneToFourDimensionsAsMatrices() {
    assertThat(Form.of(7)).isEqualTo(Form.matrix(7, 1));
    assertThat(Form.of(7, 5)).isEqualTo(Form.matrix(7, 5));
    assertThat(Form.of(7, 5, 3)).isEqualTo(new Form(7, 5, 1, 3));
    assertThat(Form.of(7, 5, 2, 3)).isEqualTo(new Form(7, 5, 2, 3));
    assertThatThrownBy(() -> Form.of(1, 2, 3, 4, 5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a weight has 1 to 4 dimensions, this one has 5");
  }

  @Test
  void hasAColumnPerInputAndKernelCell() {
    Form convolution = new Form(7, 5, 2, 3);

    assertThat(convolution.kernel()).isEqualTo(6);
    assertThat(convolution.columns()).isEqualTo(30);
    assertThat(convolution.size()).isEqualTo(210);
  }

  @Test
  void countsBeyondAnInt() {
    assertThat(new Form(1L << 30, 1L << 20, 3, 3).size()).isEqualTo(9L << 50);
  }

  @Test
  void refusesEmptySidesAndMoreCellsThanALongCounts() {
    assertThatThrownBy(() -> Form.matrix(0, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a form's sides must be at least 1, were 0 x 3 x 1 x 1");
    assertThatThrownBy(() -> Form.matrix(1L << 32, 1L << 31))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a form holds at most 2^63 - 1 cells");
  }
}
