package io.secateur.plugin;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A line of a service file: the class it names, under which kind, and where it stands. The files
 * are those of {@link java.util.ServiceLoader}; they are read here so that one bad line spoils no
 * other and every reason has its place.
 */
record ServiceLine(Kind kind, Class<?> service, String className, String place) {
  static final String FOLDER = "META-INF/services/";

  /** Reads a service file: a class name per line, {@code #} starts a comment. */
  static List<ServiceLine> read(Kind kind, Class<?> service, InputStream file) throws IOException {
    List<ServiceLine> lines = new ArrayList<>();
    BufferedReader reader = new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8));
    int number = 1;
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      int comment = line.indexOf('#');
      String name = (comment < 0 ? line : line.substring(0, comment)).strip();
      if (!name.isEmpty()) {
        String place = FOLDER + service.getName() + " line " + number;
        lines.add(new ServiceLine(kind, service, name, place));
      }
      number++;
    }
    return lines;
  }
}
