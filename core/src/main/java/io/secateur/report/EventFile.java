package io.secateur.report;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * A file of events as TensorBoard reads it: records, each with its length and masked checksums
 * (CRC-32C), of the protocol buffers {@code Event}, {@code Summary} and {@code HistogramProto}.
 * Only the few fields that are used are written, by their numbers in TensorFlow's definitions.
 */
final class EventFile implements AutoCloseable {
  private static final int MASK = 0xa282ead8;

  private static final int EVENT_TIME = 1;
  private static final int EVENT_STEP = 2;
  private static final int EVENT_VERSION = 3;
  private static final int EVENT_SUMMARY = 5;
  private static final int SUMMARY_VALUE = 1;
  private static final int VALUE_TAG = 1;
  private static final int VALUE_SCALAR = 2;
  private static final int VALUE_HISTOGRAM = 5;

  private final OutputStream out;
  private final double time;

  /**
   * Begins a file.
   *
   * @param time of all events, in seconds since 1970
   */
  EventFile(OutputStream out, double time) throws IOException {
    this.out = out;
    this.time = time;
    record(message(event -> event.writeString(EVENT_VERSION, "brain.Event:2"), 0));
  }

  /** Fills a message. */
  private interface Fields {
    void to(CodedOutputStream message) throws IOException;
  }

  void scalar(String tag, long step, double value) throws IOException {
    summary(tag, step, fields -> fields.writeFloat(VALUE_SCALAR, (float) value));
  }

  void histogram(String tag, long step, WeightHistogram histogram) throws IOException {
    byte[] written = message(histogram::to);
    summary(tag, step, fields -> fields.writeByteArray(VALUE_HISTOGRAM, written));
  }

  private void summary(String tag, long step, Fields content) throws IOException {
    byte[] value =
        message(
            fields -> {
              fields.writeString(VALUE_TAG, tag);
              content.to(fields);
            });
    byte[] summary = message(fields -> fields.writeByteArray(SUMMARY_VALUE, value));
    record(message(event -> event.writeByteArray(EVENT_SUMMARY, summary), step));
  }

  private byte[] message(Fields content, long step) throws IOException {
    return message(
        event -> {
          event.writeDouble(EVENT_TIME, time);
          event.writeInt64(EVENT_STEP, step);
          content.to(event);
        });
  }

  private static byte[] message(Fields fields) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream message = CodedOutputStream.newInstance(bytes);
    fields.to(message);
    message.flush();
    return bytes.toByteArray();
  }

  private void record(byte[] content) throws IOException {
    byte[] length =
        ByteBuffer.allocate(Long.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(content.length)
            .array();
    out.write(length);
    out.write(checksum(length));
    out.write(content);
    out.write(checksum(content));
  }

  private static byte[] checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    int value = Integer.rotateRight((int) crc.getValue(), 15) + MASK;
    return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
