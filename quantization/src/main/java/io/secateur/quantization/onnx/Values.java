package io.secateur.quantization.onnx;

import ai.djl.ndarray.types.Shape;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.secateur.model.Affine;
import io.secateur.model.Checkpoint;
import io.secateur.model.Grid;
import io.secateur.model.Quantization;
import io.secateur.model.Tensor;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The parameters of a checkpoint in a graph, each under its name: float32, or integers with their
 * scales; and activations that are rounded. A parameter stands in the graph once, whoever uses it.
 */
final class Values {
  private final Checkpoint checkpoint;
  private final Graph graph;
  private final Optional<Quantization> quantization;
  private final Map<String, String> floats = new HashMap<>();
  private final Map<String, Integers> integers = new HashMap<>();
  private final Map<String, Affine> rounded = new HashMap<>();

  Values(Checkpoint checkpoint, Graph graph) {
    this.checkpoint = checkpoint;
    this.graph = graph;
    this.quantization = checkpoint.quantization();
  }

  /**
   * A parameter of integers.
   *
   * @param numbers int8 or int32
   * @param scales one without axes, or one per row
   * @param zero as many zeros, of the numbers' type
   */
  record Integers(String numbers, String scales, String zero, boolean perRow) {}

  /** Returns whether a parameter's numbers are integers of 8 bits. */
  boolean narrow(String name) {
    return grid(name).filter(grid -> grid.largest() <= Byte.MAX_VALUE).isPresent();
  }

  private Optional<Grid> grid(String name) {
    return quantization.map(each -> each.grids().get(name));
  }

  /** Returns whether the inputs of a layer are spread over their own range. */
  boolean dynamic(String layer) {
    return quantization.isPresent() && quantization.get().dynamic().contains(layer);
  }

  /** Returns a parameter's shape. */
  Shape shape(String name) {
    return checkpoint.parameter(name).shape();
  }

  /** Returns a parameter as float32: where it is made of integers, what they stand for. */
  String floats(String name) {
    String made = floats.get(name);
    if (made == null) {
      made = grid(name).isPresent() ? dequantized(name) : asItIs(name);
      floats.put(name, made);
    }
    return made;
  }

  private String asItIs(String name) {
    Tensor numbers = checkpoint.parameter(name);
    return graph.parameter(name, numbers, TensorProto.DataType.FLOAT, numbers.shape());
  }

  private String dequantized(String name) {
    Integers parts = integers(name);
    return graph.node(
        "DequantizeLinear",
        name + "/DequantizeLinear",
        List.of(parts.numbers(), parts.scales(), parts.zero()),
        Graph.attribute("axis", 0));
  }

  /** Returns a parameter that lies on a grid as its integers. */
  Integers integers(String name) {
    Integers made = integers.get(name);
    if (made == null) {
      made = written(name, grid(name).orElseThrow());
      integers.put(name, made);
    }
    return made;
  }

  private Integers written(String name, Grid grid) {
    Tensor numbers = grid.integers(checkpoint.parameter(name));
    boolean narrow = grid.largest() <= Byte.MAX_VALUE;
    TensorProto.DataType type = narrow ? TensorProto.DataType.INT8 : TensorProto.DataType.INT32;
    graph.parameter(name, numbers, type, numbers.shape());
    float[] scales = grid.scales().toFloats();
    long[] shape = grid.perRow() ? new long[] {scales.length} : new long[0];
    ByteBuffer zeros = ByteBuffer.allocate(scales.length * (narrow ? 1 : Integer.BYTES));
    return new Integers(
        name,
        graph.constant(name + ".scale", scales, shape),
        graph.constant(name + ".zero-point", type, zeros, shape),
        grid.perRow());
  }

  /** Returns what comes out of a layer, rounded where its range is fixed; else itself. */
  String rounded(String layer, String value) {
    Optional<Affine> range = quantization.map(each -> each.activations().get(layer));
    if (range.isEmpty() || range.get().equals(rounded.get(value))) {
      return value;
    }
    Affine affine = range.get();
    String name = layer.equals(Quantization.INPUT) ? Graph.INPUT : layer;
    String scale = graph.constant(name + ".scale", affine.scale());
    ByteBuffer point = ByteBuffer.wrap(new byte[] {(byte) affine.zeroPoint()});
    String zero = graph.constant(name + ".zero-point", TensorProto.DataType.UINT8, point);
    String whole =
        graph.node("QuantizeLinear", name + "/QuantizeLinear", List.of(value, scale, zero));
    String back =
        graph.node("DequantizeLinear", name + "/DequantizeLinear", List.of(whole, scale, zero));
    rounded.put(back, affine);
    return back;
  }
}
