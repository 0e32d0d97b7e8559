package io.secateur.plugin;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Properties;

/** The files in which {@link SettingsProcessor} leaves what is said of a record's components. */
final class SettingTexts {
  private static final String FOLDER = "META-INF/secateur/settings/";

  private SettingTexts() {}

  /** Returns where the texts of a class are, from the root of its jar. */
  static String file(String binaryName) {
    return FOLDER + binaryName + ".properties";
  }

  /** Returns the line of a component, its end included. */
  static String line(String component, String text) {
    return component + "=" + text.replace("\\", "\\\\") + "\n";
  }

  /** Returns the texts of a record's components by their names; none where it came without. */
  static Properties of(Class<?> record) {
    Properties texts = new Properties();
    try (InputStream file = record.getResourceAsStream("/" + file(record.getName()))) {
      if (file != null) {
        texts.load(new InputStreamReader(file, StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the texts of " + record.getName() + " cannot be read", e);
    }
    return texts;
  }
}
