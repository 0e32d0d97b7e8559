package io.secateur.data;

import io.secateur.data.Publication.Item;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fetches the files of a publication into a folder. What has arrived lies in {@code NAME.part} and
 * is gone on with, here or when the same is asked for again; it gets its name when its checksum is
 * the published one.
 */
public final class Download {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int TRIES = 5;
  private static final int OK = 200;
  private static final int PARTIAL = 206;
  private static final int BEYOND = 416;
  private static final Pattern RANGE = Pattern.compile("bytes (?:(\\d+)-\\d+|\\*)/(\\d+)");

  private final HttpClient client;
  private final Watch watch;

  /** Sees what happens. */
  public interface Watch {
    /** A file is asked for, from some byte on. */
    void begins(String file, long from, long total);

    /** So many bytes of a file are here; the total is 0 where nobody knows it. */
    void progresses(String file, long done, long total);

    /** A file is whole, or was it before. */
    void ends(String file, boolean before);
  }

  /** Downloads that somebody watches. */
  public Download(Watch watch) {
    this.client =
        HttpClient.newBuilder()
            .connectTimeout(PATIENCE)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();
    this.watch = watch;
  }

  /**
   * Fetches what is not there.
   *
   * @param folder where the files are put; made if need be
   * @throws IOException when it cannot be had; says why and what to do by hand
   */
  public void fetch(Publication publication, Path folder) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    for (Item item : publication.items()) {
      try {
        fetch(item, folder);
      } catch (RefusedException refused) {
        throw new IOException(
            "%s: %s; %s"
                .formatted(item.name(), refused.getMessage(), Publication.byHand(item, folder)),
            refused);
      }
    }
  }

  /** It cannot be had so; by hand perhaps. */
  private static final class RefusedException extends IOException {
    private static final long serialVersionUID = 1;

    RefusedException(String message) {
      super(message);
    }
  }

  private void fetch(Item item, Path folder) throws IOException, InterruptedException {
    Path whole = folder.resolve(item.name());
    if (Files.exists(whole)) {
      String md5;
      try (InputStream in = Files.newInputStream(whole)) {
        md5 = Digest.md5(in);
      }
      if (!md5.equals(item.md5())) {
        throw new RefusedException(
            "%s is there and has the MD5 %s, but %s is published; move it away to fetch it anew"
                .formatted(whole, md5, item.md5()));
      }
      watch.ends(item.name(), true);
      return;
    }
    Path part = folder.resolve(item.name() + ".part");
    boolean right = false;
    try (FileChannel out =
        FileChannel.open(
            part, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      lock(out, part);
      arrive(item, part, out);
      String md5 = Digest.md5(Channels.newInputStream(out.position(0)));
      right = md5.equals(item.md5());
      if (!right) {
        out.truncate(0);
        throw new RefusedException(
            "what arrived from %s has the MD5 %s, but %s is published; it is thrown away"
                .formatted(item.from(), md5, item.md5()));
      }
    } finally {
      if (!right && Files.exists(part) && Files.size(part) == 0) {
        Files.delete(part);
        Files.deleteIfExists(tag(part));
      }
    }
    Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE);
    Files.deleteIfExists(tag(part));
    watch.ends(item.name(), false);
  }

  /** Until the channel is closed. */
  private static void lock(FileChannel part, Path path) throws IOException {
    try {
      if (part.tryLock() != null) {
        return;
      }
    } catch (OverlappingFileLockException here) {
      // By another thread of this process; as if by another process.
    }
    throw new IOException(path + ": another process is fetching this file; wait for it");
  }

  /** Goes on until all has arrived, or nothing more comes. */
  private void arrive(Item item, Path part, FileChannel out)
      throws IOException, InterruptedException {
    for (int tried = 1; ; tried++) {
      long before = out.size();
      try {
        request(item, part, out);
        return;
      } catch (RefusedException refused) {
        throw refused;
      } catch (ConnectException | UnknownHostException | HttpConnectTimeoutException offline) {
        throw new RefusedException(
            "%s cannot be reached%s".formatted(item.from().getHost(), kept(part, out.size())));
      } catch (IOException broken) {
        if (tried == TRIES || out.size() <= before) {
          throw new RefusedException(
              "the connection to %s broke off (%s)%s"
                  .formatted(item.from().getHost(), broken.getMessage(), kept(part, out.size())));
        }
      }
    }
  }

  private static String kept(Path part, long bytes) {
    return bytes == 0
        ? ""
        : "; the %,d bytes that have arrived are kept in %s, and the same command goes on from there"
            .formatted(bytes, part);
  }

  private void request(Item item, Path part, FileChannel out)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(item.from()).timeout(PATIENCE);
    long have = out.size();
    if (have > 0) {
      request.header("Range", "bytes=" + have + "-");
      if (Files.exists(tag(part))) {
        request.header("If-Range", Files.readString(tag(part)));
      }
    }
    HttpResponse<InputStream> response = client.send(request.build(), BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      Matcher range = RANGE.matcher(response.headers().firstValue("Content-Range").orElse(""));
      boolean ranged = range.matches();
      switch (response.statusCode()) {
        case OK -> {
          out.truncate(0);
          keepTag(part, response);
          write(item, body, part, out, 0, length(response));
        }
        case PARTIAL -> {
          if (!ranged || !Long.toString(have).equals(range.group(1))) {
            out.truncate(0);
            throw new IOException("the server sent another part than was asked for");
          }
          write(item, body, part, out, have, Long.parseLong(range.group(2)));
        }
        case BEYOND -> {
          if (!ranged || Long.parseLong(range.group(2)) != have) {
            // Longer than the file is now: of another file.
            out.truncate(0);
            request(item, part, out);
          }
        }
        default ->
            throw new RefusedException(
                "%s answers %d%s"
                    .formatted(
                        item.from(),
                        response.statusCode(),
                        response.statusCode() == 404 ? ", there is no such file" : ""));
      }
    }
  }

  private static long length(HttpResponse<?> response) {
    return response.headers().firstValueAsLong("Content-Length").orElse(0);
  }

  private static void keepTag(Path part, HttpResponse<?> response) throws IOException {
    // A weak tag must not stand in If-Range.
    Optional<String> tag =
        response.headers().firstValue("ETag").filter(each -> each.startsWith("\""));
    if (tag.isPresent()) {
      Files.writeString(tag(part), tag.get());
    } else {
      Files.deleteIfExists(tag(part));
    }
  }

  private static Path tag(Path part) {
    return part.resolveSibling(part.getFileName() + ".etag");
  }

  private void write(Item item, InputStream body, Path part, FileChannel out, long from, long total)
      throws IOException {
    long free = Files.getFileStore(part).getUsableSpace();
    if (free < total - from) {
      throw new RefusedException(
          "%,d bytes are still to come, and %s has room for %,d"
              .formatted(total - from, part.getParent(), free));
    }
    watch.begins(item.name(), from, total);
    byte[] buffer = new byte[1 << 16];
    long at = from;
    for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
      ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, count);
      try {
        while (bytes.hasRemaining()) {
          at += out.write(bytes, at);
        }
      } catch (IOException full) {
        throw new RefusedException(
            "%s cannot be written: %s%s".formatted(part, full.getMessage(), kept(part, at)));
      }
      watch.progresses(item.name(), at, total);
    }
    if (total > 0 && at < total) {
      throw new IOException("%,d of %,d bytes arrived".formatted(at, total));
    }
  }
}
