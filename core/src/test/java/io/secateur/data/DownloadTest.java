package io.secateur.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.secateur.data.Publication.Item;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a server on this machine; nothing else is ever asked. */
class DownloadTest {
  private static final byte[] BYTES = bytes(200_000);

  @TempDir private Path folder;
  private HttpServer server = unstarted();
  private final List<String> asked = new ArrayList<>();
  private final List<String> seen = new ArrayList<>();
  private byte[] served = BYTES;
  private String tag = "\"one\"";
  private boolean ranges = true;
  private int breaksAfter = Integer.MAX_VALUE;
  private int breaks;

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    new Random(7).nextBytes(bytes);
    return bytes;
  }

  private static HttpServer unstarted() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @BeforeEach
  void start() {
    server.createContext("/set.bin", this::serve);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void serve(HttpExchange exchange) throws IOException {
    Optional<String> range =
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("Range")).filter(r -> ranges);
    Optional<String> condition =
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("If-Range"));
    asked.add(range.orElse("all"));
    int from =
        range.isPresent() && condition.map(tag::equals).orElse(true)
            ? Integer.parseInt(range.get().replaceAll("\\D", ""))
            : 0;
    if (!tag.isEmpty()) {
      exchange.getResponseHeaders().add("ETag", tag);
    }
    if (from >= served.length) {
      exchange.getResponseHeaders().add("Content-Range", "bytes */" + served.length);
      exchange.sendResponseHeaders(416, -1);
      exchange.close();
      return;
    }
    if (from > 0) {
      exchange
          .getResponseHeaders()
          .add("Content-Range", "bytes %d-%d/%d".formatted(from, served.length - 1, served.length));
    }
    exchange.sendResponseHeaders(from > 0 ? 206 : 200, served.length - from);
    int until = breaks-- > 0 ? Math.min(served.length, from + breaksAfter) : served.length;
    try (var out = exchange.getResponseBody()) {
      out.write(served, from, until - from);
      out.flush();
    } finally {
      exchange.close();
    }
  }

  private Publication set(byte[] published) throws IOException {
    return new Publication(
        "set",
        "numbers",
        "none",
        List.of(item("set.bin", Digest.md5(new ByteArrayInputStream(published)))));
  }

  private Item item(String name, String md5) {
    int port = server.getAddress().getPort();
    return new Item(name, URI.create("http://127.0.0.1:" + port + "/" + name), 0, md5);
  }

  private void fetch(Publication publication) throws IOException, InterruptedException {
    Download.Watch watch =
        new Download.Watch() {
          @Override
          public void begins(String file, long from, long total) {
            seen.add("begins %d/%d".formatted(from, total));
          }

          @Override
          public void progresses(String file, long done, long total) {
            assertThat(done).isLessThanOrEqualTo(total);
            if (done == total) {
              seen.add("all");
            }
          }

          @Override
          public void ends(String file, boolean before) {
            seen.add(before ? "was here" : "whole");
          }
        };
    new Download(watch).fetch(publication, folder);
  }

  private Path part() {
    return folder.resolve("set.bin.part");
  }

  private void assertWholeAndAlone() throws IOException {
    assertThat(folder.resolve("set.bin")).hasBinaryContent(BYTES);
    try (var files = Files.list(folder)) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void fetchesOnceAndTellsHowFarItIs() throws Exception {
    fetch(set(BYTES));
    fetch(set(BYTES));

    assertThat(seen).containsExactly("begins 0/200000", "all", "whole", "was here");
    assertThat(asked).containsExactly("all");
    assertWholeAndAlone();
  }

  @Test
  void goesOnByItselfWhenTheConnectionBreaks() throws Exception {
    breaks = 2;
    breaksAfter = 70_000;

    fetch(set(BYTES));

    assertThat(asked).hasSize(3).startsWith("all").allMatch(r -> r.matches("all|bytes=\\d+-"));
    assertThat(seen).endsWith("all", "whole");
    assertWholeAndAlone();
  }

  @Test
  void goesOnFromWhatAnEarlierCommandLeft() throws Exception {
    Files.write(part(), Arrays.copyOf(BYTES, 150_000));

    fetch(set(BYTES));

    assertThat(asked).containsExactly("bytes=150000-");
    assertThat(seen).containsExactly("begins 150000/200000", "all", "whole");
    assertWholeAndAlone();
  }

  @Test
  void takesAPartThatIsWholeAlready() throws Exception {
    Files.write(part(), BYTES);

    fetch(set(BYTES));

    assertThat(asked).containsExactly("bytes=200000-");
    assertWholeAndAlone();
  }

  @Test
  void startsAnewWhenTheFileThereHasChanged() throws Exception {
    Files.write(part(), new byte[1000]);
    Files.writeString(folder.resolve("set.bin.part.etag"), "\"older\"");

    fetch(set(BYTES));

    assertThat(seen).startsWith("begins 0/200000");
    assertWholeAndAlone();
  }

  @Test
  void startsAnewWhenThePartIsLongerThanTheFile() throws Exception {
    Files.write(part(), new byte[300_000]);

    fetch(set(BYTES));

    assertThat(asked).containsExactly("bytes=300000-", "all");
    assertWholeAndAlone();
  }

  @Test
  void startsAnewWithAServerThatKnowsNoRanges() throws Exception {
    ranges = false;
    tag = "";
    Files.write(part(), Arrays.copyOf(BYTES, 150_000));

    fetch(set(BYTES));

    assertThat(seen).startsWith("begins 0/200000");
    assertWholeAndAlone();
  }

  @Test
  void keepsWhatArrivedWhenTheConnectionBreaksForGood() throws Exception {
    breaks = 100;
    breaksAfter = 20_000;

    assertThatThrownBy(() -> fetch(set(BYTES)))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("set.bin: the connection to 127.0.0.1 broke off (")
        .hasMessageContaining("bytes that have arrived are kept in " + part())
        .hasMessageEndingWith("/set.bin into " + folder);
    assertThat(Files.size(part())).isGreaterThan(0);
    assertThat(folder.resolve("set.bin")).doesNotExist();
    breaks = 0;
    fetch(set(BYTES));
    assertWholeAndAlone();
  }

  @Test
  void throwsAwayWhatIsNotThePublishedFile() throws Exception {
    Publication other = set(new byte[] {1});

    assertThatThrownBy(() -> fetch(other))
        .hasMessageMatching(
            "set\\.bin: what arrived from http://127\\.0\\.0\\.1:\\d+/set\\.bin has the MD5"
                + " [0-9a-f]{32}, but 55a54008ad1ba589aa210d2629c1df41 is published; it is thrown"
                + " away; by hand, put http.*/set\\.bin into .*");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void doesNotOverwriteAFileThatIsNotThePublishedOne() throws Exception {
    Files.write(folder.resolve("set.bin"), new byte[] {1});

    assertThatThrownBy(() -> fetch(set(BYTES)))
        .hasMessageContaining("has the MD5 55a54008ad1ba589aa210d2629c1df41, but")
        .hasMessageContaining("move it away to fetch it anew");
    assertThat(asked).isEmpty();
    assertThat(folder.resolve("set.bin")).hasBinaryContent(new byte[] {1});
  }

  @Test
  void saysWhatTheServerAnsweredAndWhatToDoByHand() {
    Publication absent = new Publication("set", "numbers", "none", List.of(item("none.bin", "00")));

    assertThatThrownBy(() -> fetch(absent))
        .hasMessageMatching(
            "none\\.bin: http://127\\.0\\.0\\.1:\\d+/none\\.bin answers 404, there is no such"
                + " file; by hand, put http://127\\.0\\.0\\.1:\\d+/none\\.bin into .*");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void saysWhenNobodyAnswers() throws Exception {
    Publication set = set(BYTES);
    Files.write(part(), new byte[10]);
    server.stop(0);

    assertThatThrownBy(() -> fetch(set))
        .hasMessageStartingWith("set.bin: 127.0.0.1 cannot be reached; the 10 bytes that have")
        .hasMessageEndingWith("into " + folder);
    assertThat(part()).hasSize(10);
  }

  @Test
  void leavesAFileAloneThatAnotherIsFetching() throws Exception {
    try (var channel =
            FileChannel.open(part(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var lock = channel.lock()) {
      assertThat(lock.isValid()).isTrue();
      channel.write(ByteBuffer.wrap(new byte[5]));
      assertThatThrownBy(() -> fetch(set(BYTES)))
          .hasMessage(part() + ": another process is fetching this file; wait for it");
    }
    assertThat(part()).hasSize(5);
    assertThat(asked).isEmpty();
  }

  @Test
  void whatIsPublishedHasChecksumsAndPlaces() {
    assertThat(Publication.all())
        .extracting(Publication::name)
        .containsExactly("mnist", "fashion-mnist", "cifar10", "cinic10", "sst2");
    assertThat(Publication.all().stream().flatMap(each -> each.items().stream()))
        .hasSize(11)
        .allMatch(item -> item.md5().matches("[0-9a-f]{32}"))
        .allMatch(item -> item.from().getPath().endsWith("/" + item.name()));
  }
}
