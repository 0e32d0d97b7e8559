package io.secateur.report;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * How numbers are spread, as TensorBoard takes it; those that are not finite are left out.
 *
 * @param limits right ends of bins of equal width; the first begins at the least number
 * @param counts numbers in each bin
 */
record WeightHistogram(
    double least,
    double most,
    double sum,
    double squares,
    List<Double> limits,
    List<Double> counts) {
  private static final int BINS = 60;

  private static final int MIN = 1;
  private static final int MAX = 2;
  private static final int NUM = 3;
  private static final int SUM = 4;
  private static final int SUM_SQUARES = 5;
  private static final int BUCKET_LIMIT = 6;
  private static final int BUCKET = 7;

  WeightHistogram {
    limits = List.copyOf(limits);
    counts = List.copyOf(counts);
  }

  /**
   * Returns how numbers are spread; nothing when there are none.
   *
   * @param zeros whether those that are 0 count
   */
  static Optional<WeightHistogram> of(float[] numbers, boolean zeros) {
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (float number : numbers) {
      if (counts(number, zeros)) {
        least = Math.min(least, number);
        most = Math.max(most, number);
      }
    }
    if (least > most) {
      return Optional.empty();
    }
    int bins = least == most ? 1 : BINS;
    double width = (most - least) / bins;
    double[] limits = new double[bins];
    for (int bin = 0; bin < bins; bin++) {
      limits[bin] = bin + 1 == bins ? most : least + (bin + 1) * width;
    }
    double[] counts = new double[bins];
    double sum = 0;
    double squares = 0;
    for (float number : numbers) {
      if (counts(number, zeros)) {
        int bin = width == 0 ? 0 : (int) ((number - least) / width);
        counts[Math.min(bins - 1, bin)]++;
        sum += number;
        squares += (double) number * number;
      }
    }
    return Optional.of(new WeightHistogram(least, most, sum, squares, list(limits), list(counts)));
  }

  private static List<Double> list(double[] numbers) {
    return Arrays.stream(numbers).boxed().toList();
  }

  private static boolean counts(float number, boolean zeros) {
    return Float.isFinite(number) && (zeros || number != 0);
  }

  /** Writes the fields of a {@code HistogramProto}. */
  void to(CodedOutputStream message) throws IOException {
    message.writeDouble(MIN, least);
    message.writeDouble(MAX, most);
    message.writeDouble(NUM, counts.stream().mapToDouble(Double::doubleValue).sum());
    message.writeDouble(SUM, sum);
    message.writeDouble(SUM_SQUARES, squares);
    packed(BUCKET_LIMIT, limits, message);
    packed(BUCKET, counts, message);
  }

  private static void packed(int field, List<Double> values, CodedOutputStream message)
      throws IOException {
    message.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    message.writeUInt32NoTag(values.size() * Double.BYTES);
    for (double value : values) {
      message.writeDoubleNoTag(value);
    }
  }
}
