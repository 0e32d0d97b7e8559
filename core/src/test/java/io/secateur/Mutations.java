package io.secateur;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Damages valid files in all the ways that files are damaged, and sees that whoever reads them
 * gives a result or says in words what is wrong: nothing else is thrown, and little memory is
 * taken.
 */
public final class Mutations {
  /** Within {@code mvn verify}; under {@code -Pstress} it is {@link #WHOLE}. */
  public static final int SAMPLE = 150;

  /** All of them. */
  public static final int WHOLE = 10_000;

  private static final int LARGEST = 256 << 20;
  private static final long[] EXTREMES = {
    -1,
    0,
    1,
    0x7f,
    0x80,
    0xff,
    0x7fff,
    0xffff,
    0x7fffffffL,
    0x80000000L,
    0xffffffffL,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };
  private static final List<String> NUMBERS =
      List.of("-1", "0", "9999999999999999999999", "2147483647", "1e308", "NaN", "0x7f", "", "[]");
  private static final ThreadMXBean MEMORY = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final SplittableRandom random;

  private Mutations(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** Reads a file to its end. */
  public interface Reading {
    /** Reads. */
    void read(Path file) throws IOException;
  }

  /**
   * Damages a file again and again.
   *
   * @param format for the figures that are printed
   * @param file what is read each time; it is valid now
   * @param cases how often
   */
  public static void check(String format, Path file, int cases, Reading reading)
      throws IOException {
    byte[] valid = Files.readAllBytes(file);
    reading.read(file);
    long seed = cases == SAMPLE ? 1 : System.nanoTime();
    int refused = 0;
    long slowest = 0;
    long largest = 0;
    List<String> faults = new ArrayList<>();
    for (int i = 0; i < cases; i++) {
      byte[] damaged = damaged(valid, seed + i);
      Files.write(file, damaged);
      long before = MEMORY.getThreadAllocatedBytes(Thread.currentThread().getId());
      long start = System.nanoTime();
      try {
        reading.read(file);
      } catch (IOException | IllegalArgumentException | UncheckedIOException e) {
        refused++;
        unclear(e, file).ifPresent(faults::add);
      } catch (RuntimeException | Error e) {
        refused++;
        if (!e.getClass().getName().startsWith("io.secateur.")) {
          faults.add(
              "case %d: %s at %s"
                  .formatted(
                      i,
                      e,
                      Arrays.asList(e.getStackTrace())
                          .subList(0, Math.min(6, e.getStackTrace().length))));
        } else {
          unclear(e, file).ifPresent(faults::add);
        }
      }
      slowest = Math.max(slowest, System.nanoTime() - start);
      long taken = MEMORY.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
      if (taken > LARGEST) {
        faults.add("case %d took %,d bytes".formatted(i, taken));
      }
      largest = Math.max(largest, taken);
    }
    Files.write(file, valid);
    faults.stream().limit(3).forEach(System.out::println);
    System.out.printf(
        "bad input, %s: %,d cases from seed %d, %,d refused, the slowest %.1f s, at most %.1f MB%n",
        format, cases, seed, refused, slowest / 1e9, largest / 1e6);
    assertThat(faults.stream().distinct().limit(12)).as("%s, seed %d", format, seed).isEmpty();
  }

  /** Returns a file's bytes as one of all seeds damages them. */
  public static byte[] damaged(byte[] valid, long seed) {
    return new Mutations(seed).damaged(valid);
  }

  private static Optional<String> unclear(Throwable e, Path file) {
    String message = e.getMessage();
    String place = file.getFileName().toString();
    if (message == null || message.isBlank()) {
      return Optional.of(
          "without words: " + e + " at " + Arrays.asList(e.getStackTrace()).subList(0, 3));
    }
    // What does not fit between files of one folder is told of the folder.
    String folder = Pattern.quote(String.valueOf(file.getParent()));
    boolean each =
        message.lines().allMatch(line -> line.contains(place) || line.matches(folder + "[: ].*"));
    boolean printable = message.lines().allMatch(line -> line.length() < 2000);
    return each && printable
        ? Optional.empty()
        : Optional.of(
            "says not where, or too much: " + e.getClass().getName() + ": " + shortened(message));
  }

  private static String shortened(String message) {
    return message.substring(0, Math.min(300, message.length()));
  }

  private byte[] damaged(byte[] valid) {
    byte[] bytes = valid;
    int times = 1 + random.nextInt(3);
    for (int i = 0; i < times; i++) {
      bytes = once(bytes);
    }
    return bytes;
  }

  private byte[] once(byte[] bytes) {
    if (bytes.length < 2) {
      return new byte[] {(byte) random.nextInt()};
    }
    return switch (random.nextInt(10)) {
      case 0 -> flipped(bytes);
      case 1 -> Arrays.copyOf(bytes, random.nextInt(bytes.length));
      case 2 -> spliced(bytes);
      case 3, 4 -> extreme(bytes);
      case 5, 6 -> renumbered(bytes);
      case 7 -> lines(bytes);
      case 8 -> misspelt(bytes);
      default -> zeroed(bytes);
    };
  }

  private byte[] flipped(byte[] bytes) {
    byte[] copy = bytes.clone();
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      copy[random.nextInt(copy.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return copy;
  }

  private byte[] spliced(byte[] bytes) {
    int from = random.nextInt(bytes.length);
    int length = 1 + random.nextInt(Math.min(200, bytes.length - from));
    int to = random.nextInt(bytes.length);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes, 0, to);
    out.write(bytes, from, length);
    int rest = random.nextBoolean() ? to : Math.min(bytes.length, to + length);
    out.write(bytes, rest, bytes.length - rest);
    return out.toByteArray();
  }

  private byte[] extreme(byte[] bytes) {
    byte[] copy = bytes.clone();
    int width = new int[] {1, 2, 4, 8}[random.nextInt(4)];
    if (copy.length < width) {
      return flipped(bytes);
    }
    // Headers stand at the beginning or the end, and are where numbers mean sizes.
    int reach = copy.length - width + 1;
    int near = Math.min(reach, 120);
    int at =
        switch (random.nextInt(3)) {
          case 0 -> random.nextInt(near);
          case 1 -> reach - 1 - random.nextInt(near);
          default -> random.nextInt(reach);
        };
    ByteBuffer number =
        ByteBuffer.allocate(8)
            .order(random.nextBoolean() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN)
            .putLong(EXTREMES[random.nextInt(EXTREMES.length)]);
    int begin = number.order() == ByteOrder.BIG_ENDIAN ? 8 - width : 0;
    System.arraycopy(number.array(), begin, copy, at, width);
    return copy;
  }

  private byte[] renumbered(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    Matcher digits = Pattern.compile("[0-9]+").matcher(text);
    List<int[]> places = new ArrayList<>();
    while (digits.find() && places.size() < 2000) {
      places.add(new int[] {digits.start(), digits.end()});
    }
    if (places.isEmpty()) {
      return extreme(bytes);
    }
    int[] place = places.get(random.nextInt(places.size()));
    String other = NUMBERS.get(random.nextInt(NUMBERS.size()));
    return (text.substring(0, place[0]) + other + text.substring(place[1]))
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  private byte[] lines(byte[] bytes) {
    List<String> lines =
        new ArrayList<>(
            List.of(new String(bytes, StandardCharsets.ISO_8859_1).split("(?<=[\n,])", -1)));
    int at = random.nextInt(lines.size());
    switch (random.nextInt(3)) {
      case 0 -> lines.remove(at);
      case 1 -> lines.add(at, lines.get(random.nextInt(lines.size())));
      default -> lines.add(lines.remove(at));
    }
    return String.join("", lines).getBytes(StandardCharsets.ISO_8859_1);
  }

  private byte[] misspelt(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    Matcher words = Pattern.compile("[A-Za-z_]{3,}").matcher(text);
    List<Integer> places = new ArrayList<>();
    while (words.find() && places.size() < 2000) {
      places.add(words.start() + random.nextInt(words.end() - words.start()));
    }
    if (places.isEmpty()) {
      return flipped(bytes);
    }
    byte[] copy = bytes.clone();
    copy[places.get(random.nextInt(places.size()))] =
        (byte) "abxz{}[]:,\"'*&!\n\t-".charAt(random.nextInt(18));
    return copy;
  }

  private byte[] zeroed(byte[] bytes) {
    byte[] copy = bytes.clone();
    int from = random.nextInt(copy.length);
    Arrays.fill(copy, from, Math.min(copy.length, from + 1 + random.nextInt(64)), (byte) 0);
    return copy;
  }
}
