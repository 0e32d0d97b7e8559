package io.secateur.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class CouplingTest {
  private static Architecture images(Layer... layers) {
    return new Architecture(new Shape(3, 4, 4), List.of(layers));
  }

  private static Conv2d conv(String name, int filters) {
    return new Conv2d(name, filters, 3, 1, 1);
  }

  private static Layer pool() {
    return new GlobalAvgPool2d("pool");
  }

  private static List<Integer> rows(Coupling coupling, String name) {
    Owners owners = coupling.owners(name).orElseThrow();
    List<Integer> units = new ArrayList<>();
    for (int row = 0; row < owners.rows(); row++) {
      units.add(owners.row(row));
    }
    return units;
  }

  private static List<Integer> inputs(Coupling coupling, String name) {
    Owners owners = coupling.owners(name).orElseThrow();
    List<Integer> units = new ArrayList<>();
    for (int input = 0; input < owners.inputs(); input++) {
      units.add(owners.input(input));
    }
    return units;
  }

  @Test
  void aChannelOwnsItsFilterItsScaleAndItsColumnsBehindFlatten() {
    Coupling coupling =
        images(
                conv("conv", 2),
                new BatchNorm("bn"),
                new Relu("relu"),
                new MaxPool2d("max", 2, 2),
                new Flatten("flat"),
                new Linear("fc", 5))
            .coupling();

    assertThat(coupling.spaces()).hasSize(3);
    UnitSpace space = coupling.spaces().get(1);
    assertThat(space.producers()).containsExactly("conv.weight");
    assertThat(space.consumers()).containsExactly("fc.weight");
    assertThat(space.vectors())
        .containsExactly("conv.bias", "bn.weight", "bn.bias", "bn.running_mean", "bn.running_var");
    assertThat(space.fixed()).isEmpty();
    assertThat(rows(coupling, "conv.weight")).containsExactly(3, 4);
    assertThat(inputs(coupling, "fc.weight")).containsExactly(3, 3, 3, 3, 4, 4, 4, 4);
    assertThat(coupling.spaces().get(0).fixed()).contains("the network's input");
    assertThat(coupling.spaces().get(2).fixed()).contains("the network's output");
  }

  @Test
  void aSumTiesWhatIsAdded() {
    Coupling coupling =
        images(
                conv("stem", 4),
                new Residual("add", List.of(conv("inner", 2), conv("body", 4)), List.of()),
                pool(),
                new Linear("fc", 2))
            .coupling();

    assertThat(rows(coupling, "body.weight")).isEqualTo(rows(coupling, "stem.weight"));
    assertThat(inputs(coupling, "inner.weight")).isEqualTo(rows(coupling, "stem.weight"));
    assertThat(inputs(coupling, "fc.weight")).isEqualTo(rows(coupling, "stem.weight"));
    assertThat(coupling.spaces().get(1).name()).isEqualTo("stem.weight + body.weight");
  }

  @Test
  void aSumWithTheNetworksInputStays() {
    Coupling coupling =
        images(
                new Residual("add", List.of(conv("body", 3)), List.of()),
                pool(),
                new Linear("fc", 2))
            .coupling();

    assertThat(coupling.spaces().get(0).producers()).containsExactly("body.weight");
    assertThat(coupling.spaces().get(0).fixed()).contains("the network's input");
  }

  @Test
  void aPaddedShortcutTiesChannelsToThoseThatTheyAreAddedTo() {
    Coupling coupling =
        images(
                conv("stem", 2),
                new Residual(
                    "add",
                    List.of(new Conv2d("body", 5, 3, 2, 1)),
                    List.of(new PadShortcut("pad", 2, 1, 2))),
                pool(),
                new Linear("fc", 2))
            .coupling();

    List<Integer> stem = rows(coupling, "stem.weight");
    List<Integer> body = rows(coupling, "body.weight");
    assertThat(body.subList(1, 3)).isEqualTo(stem);
    assertThat(body).doesNotHaveDuplicates();
    assertThat(inputs(coupling, "fc.weight")).isEqualTo(body);
    assertThat(coupling.spaces().get(1).fixed()).isEmpty();
    BitSet gone = new BitSet();
    gone.set(body.get(0));
    gone.set(body.get(2));
    gone.set(body.get(3));
    Residual narrow = (Residual) coupling.without(gone).layers().get(1);
    assertThat(narrow.shortcut()).containsExactly(new PadShortcut("pad", 2, 0, 1));
    assertThat(coupling.without(gone).parameter("fc.weight").shape()).isEqualTo(new Shape(2, 2));
  }

  @Test
  void columnsFollowTheOffsetsOfAConcatenation() {
    Coupling coupling =
        images(
                conv("stem", 2),
                new Concat("cat", List.of(List.of(conv("left", 3)), List.of())),
                conv("next", 4),
                pool(),
                new Linear("fc", 2))
            .coupling();

    List<Integer> columns = new ArrayList<>(rows(coupling, "left.weight"));
    columns.addAll(rows(coupling, "stem.weight"));
    assertThat(inputs(coupling, "next.weight")).isEqualTo(columns);
    BitSet gone = new BitSet();
    gone.set(rows(coupling, "stem.weight").get(1));
    gone.set(rows(coupling, "left.weight").get(0));
    assertThat(coupling.without(gone).parameter("next.weight").shape())
        .isEqualTo(new Shape(4, 3, 3, 3));
  }

  @Test
  void groupsLoseInProportion() {
    Coupling coupling =
        images(
                conv("stem", 6),
                new Conv2d("grouped", 4, 3, 1, 1, 2, true),
                pool(),
                new Linear("fc", 2))
            .coupling();

    List<Integer> stem = rows(coupling, "stem.weight");
    assertThat(stem.subList(3, 6)).isEqualTo(stem.subList(0, 3)).doesNotHaveDuplicates();
    List<Integer> grouped = rows(coupling, "grouped.weight");
    assertThat(grouped.subList(2, 4)).isEqualTo(grouped.subList(0, 2)).doesNotHaveDuplicates();
    BitSet gone = new BitSet();
    gone.set(stem.get(1));
    gone.set(grouped.get(0));
    Architecture narrow = coupling.without(gone);
    assertThat(narrow.parameter("grouped.weight").shape()).isEqualTo(new Shape(2, 2, 3, 3));
    assertThat(((Conv2d) narrow.layers().get(1)).groups()).isEqualTo(2);
  }

  @Test
  void aFilterForEachChannelIsThatChannel() {
    Coupling coupling =
        images(
                conv("stem", 4),
                new Conv2d("depth", 4, 3, 1, 1, 4, true),
                pool(),
                new Linear("fc", 2))
            .coupling();

    assertThat(rows(coupling, "depth.weight")).isEqualTo(rows(coupling, "stem.weight"));
    assertThat(inputs(coupling, "depth.weight")).isEmpty();
    BitSet gone = new BitSet();
    gone.set(rows(coupling, "stem.weight").get(2));
    Architecture narrow = coupling.without(gone);
    assertThat(narrow.layers().get(1)).isEqualTo(new Conv2d("depth", 3, 3, 1, 1, 3, true));
    assertThat(narrow.macs()).isEqualTo(16 * (3 * 3 * 9 + 3 * 9) + 3 * 2);
  }

  @Test
  void whatLooksAtAllUnitsAtOnceFixesThem() {
    Coupling coupling =
        new Architecture(
                new Shape(3),
                List.of(new Linear("a", 4), new LogSoftmax("log"), new Linear("b", 2)))
            .coupling();

    assertThat(coupling.spaces().get(1).fixed())
        .contains("log (log-softmax) sets them against each other");
  }

  @Test
  void positionsShareTheirFeatures() {
    Coupling coupling =
        new Architecture(
                new Shape(2, 3),
                List.of(new Linear("a", 2), new Flatten("flat"), new Linear("b", 2)))
            .coupling();

    List<Integer> units = rows(coupling, "a.weight");
    assertThat(inputs(coupling, "b.weight"))
        .containsExactly(units.get(0), units.get(1), units.get(0), units.get(1));
  }

  private static Attention attention(int heads, int shared, int size) {
    return new Attention(
        "attention",
        List.of(new Linear("q", heads * size)),
        List.of(new Linear("k", heads / shared * size)),
        List.of(new Linear("v", heads / shared * size)),
        size,
        false,
        0);
  }

  @Test
  void aHeadOwnsItsQueriesKeysAndValues() {
    Coupling coupling =
        new Architecture(
                new Shape(3, 5), List.of(attention(4, 2, 3), new Linear("o", 5), new Flatten("f")))
            .coupling();

    UnitSpace heads = coupling.spaces().get(1);
    assertThat(heads.heads()).isTrue();
    assertThat(heads.size()).isEqualTo(2);
    assertThat(heads.name()).isEqualTo("q.weight + k.weight + v.weight");
    assertThat(heads.vectors()).containsExactly("q.bias", "k.bias", "v.bias");
    assertThat(heads.consumers()).containsExactly("o.weight");
    assertThat(rows(coupling, "q.weight"))
        .containsExactly(5, 5, 5, 5, 5, 5, 6, 6, 6, 6, 6, 6)
        .isEqualTo(inputs(coupling, "o.weight"));
    assertThat(rows(coupling, "v.weight")).containsExactly(5, 5, 5, 6, 6, 6);
    BitSet gone = new BitSet();
    gone.set(5);
    Architecture narrow = coupling.without(gone);
    assertThat(narrow.parameter("q.weight").shape()).isEqualTo(new Shape(6, 5));
    assertThat(narrow.parameter("k.weight").shape()).isEqualTo(new Shape(3, 5));
    assertThat(narrow.parameter("o.weight").shape()).isEqualTo(new Shape(5, 6));
  }

  @Test
  void featuresOfTextsAreColumnsOfTablesAndGoThroughNormsAndTiedLayers() {
    Coupling coupling =
        new Architecture(
                new Shape(3),
                List.of(
                    new Embedding("table", 7, 4),
                    new PositionEmbedding("position"),
                    new Residual(
                        "add",
                        List.of(
                            new LayerNorm("norm"),
                            new Product(
                                "gated",
                                List.of(
                                    List.of(new Linear("gate", 6), new Silu("silu")),
                                    List.of(new Linear("up", 6)))),
                            new Linear("down", 4)),
                        List.of()),
                    new RmsNorm("root"),
                    new TiedLinear("head", "table", 7)))
            .coupling();

    UnitSpace stream = coupling.spaces().get(1);
    assertThat(stream.name()).isEqualTo("table.weight + position.weight + down.weight");
    assertThat(stream.vectors())
        .containsExactly("norm.weight", "norm.bias", "down.bias", "root.weight");
    assertThat(stream.fixed()).isEmpty();
    assertThat(coupling.spaces().get(2).name()).isEqualTo("gate.weight + up.weight");
    BitSet gone = new BitSet();
    gone.set(stream.first() + 1);
    gone.set(coupling.spaces().get(2).first());
    Architecture narrow = coupling.without(gone);
    assertThat(narrow.parameter("table.weight").shape()).isEqualTo(new Shape(7, 3));
    assertThat(narrow.parameter("up.weight").shape()).isEqualTo(new Shape(5, 3));
    assertThat(narrow.layers().get(3)).isEqualTo(new RmsNorm("root", 1e-5, 4));
  }

  @Test
  void aMeanOverFeaturesThatPruningLeavesOtherThanZeroFixesThem() {
    Coupling coupling =
        new Architecture(
                new Shape(3),
                List.of(
                    new Linear("a", 4),
                    new Sigmoid("sigmoid"),
                    new LayerNorm("norm"),
                    new Linear("b", 2)))
            .coupling();

    assertThat(coupling.spaces().get(1).fixed())
        .contains("norm (layer-norm) takes a mean over what is not 0 when they are pruned");
  }

  @Test
  void refusesToLeaveOutWhatMustStay() {
    Coupling coupling = images(conv("conv", 2), pool(), new Linear("fc", 2)).coupling();

    assertThatThrownBy(() -> coupling.without(BitSet.valueOf(new long[] {0b1})))
        .hasMessage("input: no unit can be left out, the network's input");
    assertThatThrownBy(() -> coupling.without(BitSet.valueOf(new long[] {0b11000})))
        .hasMessage("conv.weight: one unit at least must stay, all were to go");
  }
}
