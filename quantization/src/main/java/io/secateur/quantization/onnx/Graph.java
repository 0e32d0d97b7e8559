package io.secateur.quantization.onnx;

import ai.djl.ndarray.types.Shape;
import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.secateur.model.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A graph of ONNX that grows node by node. Values and nodes have names of their own; where a name
 * is taken already, a number is added.
 */
final class Graph {
  /** What the network is given. */
  static final String INPUT = "input";

  /** What it gives. */
  static final String OUTPUT = "output";

  private final List<NodeProto> nodes = new ArrayList<>();
  private final List<TensorProto> initializers = new ArrayList<>();
  private final Set<String> values = new HashSet<>();
  private final Set<String> names = new HashSet<>();

  /** A graph in which these values belong to parameters. */
  Graph(Set<String> parameters) {
    values.add(INPUT);
    values.add(OUTPUT);
    values.addAll(parameters);
  }

  private static String free(Set<String> taken, String wanted) {
    String name = wanted;
    for (int i = 2; !taken.add(name); i++) {
      name = wanted + "#" + i;
    }
    return name;
  }

  /** Adds a parameter's numbers under its name, which was set aside for it. */
  String parameter(String name, Tensor numbers, TensorProto.DataType type, Shape shape) {
    ByteString bytes = ByteString.EMPTY;
    for (ByteBuffer chunk : numbers.chunks()) {
      bytes = bytes.concat(UnsafeByteOperations.unsafeWrap(chunk));
    }
    initializers.add(tensor(name, type, bytes, shape.getShape()));
    return name;
  }

  /** Adds numbers. */
  String constant(String name, float[] numbers, long... shape) {
    ByteBuffer bytes = bytes(numbers.length * Float.BYTES);
    bytes.asFloatBuffer().put(numbers);
    return constant(name, TensorProto.DataType.FLOAT, bytes, shape);
  }

  /** Adds one number, which has no axes. */
  String constant(String name, float number) {
    return constant(name, new float[] {number});
  }

  /** Adds int64 numbers in a row: axes, sides of a shape. */
  String integers(String name, long... numbers) {
    ByteBuffer bytes = bytes(numbers.length * Long.BYTES);
    bytes.asLongBuffer().put(numbers);
    return constant(name, TensorProto.DataType.INT64, bytes, numbers.length);
  }

  /** Adds numbers of any type, given as little-endian bytes. */
  String constant(String name, TensorProto.DataType type, ByteBuffer bytes, long... shape) {
    String free = free(values, name);
    initializers.add(tensor(free, type, ByteString.copyFrom(bytes), shape));
    return free;
  }

  private static ByteBuffer bytes(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static TensorProto tensor(
      String name, TensorProto.DataType type, ByteString bytes, long... shape) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName(name).setDataType(type.getNumber()).setRawData(bytes);
    Arrays.stream(shape).forEach(tensor::addDims);
    return tensor.build();
  }

  /**
   * Adds a node with one output.
   *
   * @param name of the node, and of what it gives
   * @return the output's name
   */
  String node(String operator, String name, List<String> inputs, AttributeProto... attributes) {
    return node(operator, name, inputs, 1, attributes).get(0);
  }

  /** Adds a node with several outputs. */
  List<String> node(
      String operator,
      String name,
      List<String> inputs,
      int outputs,
      AttributeProto... attributes) {
    List<String> made = new ArrayList<>();
    for (int i = 0; i < outputs; i++) {
      made.add(free(values, i == 0 ? name : name + "." + i));
    }
    nodes.add(
        NodeProto.newBuilder()
            .setOpType(operator)
            .setName(free(names, name))
            .addAllInput(inputs)
            .addAllOutput(made)
            .addAllAttribute(List.of(attributes))
            .build());
    return made;
  }

  static AttributeProto attribute(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  static AttributeProto attribute(String name, float value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.FLOAT)
        .setF(value)
        .build();
  }

  static AttributeProto attribute(String name, long... values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
    Arrays.stream(values).forEach(attribute::addInts);
    return attribute.build();
  }

  /**
   * Returns the graph, whose last value is called {@link #OUTPUT}.
   *
   * @param type of the input's numbers; those of the output are float32
   */
  GraphProto.Builder finished(String last, TensorProto.DataType type, Shape input, Shape output) {
    // What is given back as it was given needs a node, so that it has two names.
    String end = last.equals(INPUT) ? node("Identity", "identity", List.of(last)) : last;
    Map<String, String> renamed = Map.of(end, OUTPUT);
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .setName("secateur")
            .addInput(value(INPUT, type, input))
            .addOutput(value(OUTPUT, TensorProto.DataType.FLOAT, output))
            .addAllInitializer(initializers);
    for (NodeProto node : nodes) {
      graph.addNode(
          node.toBuilder()
              .clearInput()
              .clearOutput()
              .addAllInput(renamed(node.getInputList(), renamed))
              .addAllOutput(renamed(node.getOutputList(), renamed)));
    }
    return graph;
  }

  private static List<String> renamed(List<String> names, Map<String, String> renamed) {
    return names.stream().map(name -> renamed.getOrDefault(name, name)).toList();
  }

  private static ValueInfoProto value(String name, TensorProto.DataType type, Shape example) {
    TensorShapeProto.Builder shape =
        TensorShapeProto.newBuilder()
            .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("batch"));
    for (long side : example.getShape()) {
      shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(side));
    }
    TypeProto.Tensor.Builder tensor =
        TypeProto.Tensor.newBuilder().setElemType(type.getNumber()).setShape(shape);
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }
}
