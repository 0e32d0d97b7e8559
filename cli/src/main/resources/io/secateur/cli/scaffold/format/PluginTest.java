package @package@;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.types.Shape;
import io.secateur.conformance.FormatContract;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Linear;
import io.secateur.model.Tensor;
import io.secateur.spi.Format;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The rules of file formats, each a test, and what this one writes. */
class @class@Test implements FormatContract {
  @Override
  public Format plugin() {
    return new @class@();
  }

  @Test
  void isALineForEachNumber() {
    Architecture architecture =
        new Architecture(new Shape(2), List.of(new Linear("out", 1)));
    Checkpoint model =
        new Checkpoint(
            architecture,
            Map.of(
                "out.weight", Tensor.of(new Shape(1, 2), 1, -2),
                "out.bias", Tensor.of(new Shape(1), 0.5f)));

    assertEquals(
        "parameter,index,value\nout.weight,0,1.0\nout.weight,1,-2.0\nout.bias,0,0.5\n",
        @class@.text(model));
  }
}
