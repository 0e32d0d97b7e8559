package io.secateur.data;

import io.secateur.model.MalformedFileException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Plain texts in UTF-8: a file, or the files of a folder by name; gzipped or not. */
record TextFiles(List<Path> files) {
  private static final Pattern NAMES = Pattern.compile(".*\\.(txt|tokens|md)(\\.gz)?");

  static TextFiles at(Path place) throws IOException {
    if (!Files.isDirectory(place)) {
      return new TextFiles(List.of(place));
    }
    try (Stream<Path> inside = Files.list(place)) {
      List<Path> found =
          inside
              .filter(file -> NAMES.matcher(file.getFileName().toString()).matches())
              .sorted()
              .toList();
      if (found.isEmpty()) {
        throw new MalformedFileException(
            place.toString(), "no text is here; files named .txt or .txt.gz are");
      }
      return new TextFiles(found);
    }
  }

  /**
   * Returns the texts, without blanks around them; empty ones are passed over.
   *
   * @param separator what stands between texts; empty when each file is one
   */
  List<String> texts(String separator) throws IOException {
    List<String> texts = new ArrayList<>();
    for (Path file : files) {
      String all = text(file);
      List<String> parts =
          separator.isEmpty()
              ? List.of(all)
              : Arrays.asList(all.split(Pattern.quote(separator), -1));
      parts.stream().map(String::strip).filter(part -> !part.isEmpty()).forEach(texts::add);
    }
    if (texts.isEmpty()) {
      throw new MalformedFileException(files.get(0).toString(), "there are no texts here");
    }
    return texts;
  }

  private static String text(Path file) throws IOException {
    try (InputStream in = new SentenceFile(file, Optional.empty()).open()) {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(in.readAllBytes()))
          .toString();
    } catch (CharacterCodingException fault) {
      throw new MalformedFileException(file.toString(), "not all of it is text in UTF-8", fault);
    }
  }

  void addTo(Digest digest) throws IOException {
    for (Path file : files) {
      digest.add((file.getFileName() + "\n").getBytes(StandardCharsets.UTF_8));
      digest.add(new SentenceFile(file, Optional.empty()).open());
    }
  }
}
