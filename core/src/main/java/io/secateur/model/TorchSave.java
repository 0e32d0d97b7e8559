package io.secateur.model;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes tensors as {@code torch.save} writes a state dict since PyTorch 1.6: a zip file, nothing
 * in it compressed, with {@code data.pkl}, {@code byteorder}, the numbers of each tensor in {@code
 * data/0}, {@code data/1} … and {@code version}. Equal tensors give equal bytes.
 */
public final class TorchSave {
  private static final String ROOT = "archive/";

  /** As torch's own writer aligns numbers, so that they can be mapped. */
  private static final int ALIGNMENT = 64;

  private static final int LOCAL_HEADER = 30;
  private static final int LARGE_EXTRA = 20;
  private static final int EXTRA_HEADER = 4;

  /** The id of torch's own padding, the letters FB. */
  private static final short PADDING = 0x4246;

  /** No file says when it was written. */
  private static final LocalDateTime WHENEVER = LocalDateTime.of(1980, 2, 1, 0, 0);

  private final Counted counted;
  private final ZipOutputStream zip;

  private TorchSave(OutputStream out) {
    this.counted = new Counted(out);
    this.zip = new ZipOutputStream(counted);
    zip.setMethod(ZipOutputStream.STORED);
  }

  /**
   * Writes a state dict, whole or not at all.
   *
   * @param tensors in the order of the dict
   * @throws FileAlreadyExistsException when there is something at that path already
   */
  public static void write(Map<String, Tensor> tensors, Path file) throws IOException {
    if (Files.exists(file)) {
      throw new FileAlreadyExistsException(
          file.toString(), null, "a state dict is written to a new file; delete this first");
    }
    byte[] pickle = Pickler.stateDict(tensors);
    WholeFiles.write(
        file,
        channel -> {
          TorchSave save =
              new TorchSave(new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16));
          save.entry("data.pkl", pickle);
          save.entry("byteorder", "little".getBytes(StandardCharsets.US_ASCII));
          int storage = 0;
          for (Tensor tensor : tensors.values()) {
            save.entry("data/" + storage++, tensor.chunks());
          }
          save.entry("version", "3\n".getBytes(StandardCharsets.US_ASCII));
          save.zip.finish();
          save.zip.flush();
        });
  }

  private void entry(String name, byte[] bytes) throws IOException {
    entry(name, List.of(ByteBuffer.wrap(bytes)));
  }

  private void entry(String name, List<ByteBuffer> chunks) throws IOException {
    CRC32 crc = new CRC32();
    long size = 0;
    for (ByteBuffer chunk : chunks) {
      size += chunk.remaining();
      crc.update(chunk.duplicate());
    }
    ZipEntry entry = new ZipEntry(ROOT + name);
    entry.setTimeLocal(WHENEVER);
    entry.setSize(size);
    entry.setCompressedSize(size);
    entry.setCrc(crc.getValue());
    entry.setExtra(padding(entry.getName().length(), size));
    zip.putNextEntry(entry);
    byte[] part = new byte[1 << 16];
    for (ByteBuffer chunk : chunks) {
      ByteBuffer rest = chunk.duplicate();
      while (rest.hasRemaining()) {
        int length = Math.min(part.length, rest.remaining());
        rest.get(part, 0, length);
        zip.write(part, 0, length);
      }
    }
    zip.closeEntry();
  }

  /** Returns an extra field that moves an entry's bytes to where they are to begin. */
  private byte[] padding(int name, long size) {
    int large = size >= 0xffffffffL ? LARGE_EXTRA : 0;
    long begin = counted.count + LOCAL_HEADER + name + large + EXTRA_HEADER;
    int length = (int) (-begin & (ALIGNMENT - 1));
    ByteBuffer extra = ByteBuffer.allocate(EXTRA_HEADER + length).order(ByteOrder.LITTLE_ENDIAN);
    return extra.putShort(PADDING).putShort((short) length).array();
  }

  /** Counts what goes through. */
  private static final class Counted extends FilterOutputStream {
    private long count;

    Counted(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b);
      count++;
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      out.write(bytes, from, length);
      count += length;
    }
  }
}
