package io.secateur.cli;

import io.secateur.plugin.Catalog;
import io.secateur.plugin.Catalogs;
import io.secateur.plugin.Setting;
import io.secateur.plugin.Settings;
import io.secateur.spi.Metric;
import io.secateur.spi.Plugin;
import io.secateur.spi.PruningMethod;
import io.secateur.spi.ReconstructingMethod;
import io.secateur.study.Figure;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says what a plugin is: its own words, its settings, what it needs and what it gives. */
final class Descriptions {
  /** A full stop, but not the last of three. */
  private static final Pattern SENTENCE_END = Pattern.compile("(?<!\\.)\\.( |$)");

  private Descriptions() {}

  /** Returns the first sentence of a description. */
  static String sentence(String description) {
    String text = description.strip().replaceAll("\\s+", " ");
    Matcher end = SENTENCE_END.matcher(text);
    return end.find() ? text.substring(0, end.start()) : text;
  }

  /** Returns all there is to say, in lines at most 80 wide. */
  static List<String> lines(Catalog.Entry<?> entry, Catalogs catalogs) {
    Plugin plugin = entry.defaults();
    List<String> lines = new ArrayList<>();
    lines.add(entry.name() + ": " + entry.kind() + ", from " + entry.origin());
    lines.add("");
    lines.addAll(Layout.wrapped(paragraphs(entry.description()), "  ", Layout.WIDTH));
    lines.add("");
    settings(Settings.describe(entry.type(), catalogs), lines);
    facts(plugin, lines);
    return lines;
  }

  /** Returns all there is to say of a figure, in lines at most 80 wide. */
  static List<String> lines(Figure figure, Catalogs catalogs) {
    List<String> lines = new ArrayList<>();
    lines.add(figure.name() + ": figure of a report");
    lines.add("");
    lines.addAll(Layout.wrapped(figure.description(), "  ", Layout.WIDTH));
    lines.add("");
    settings(Settings.describe(figure.getClass(), catalogs), lines);
    if (!figure.metrics().isEmpty()) {
      lines.add("");
      lines.add("Draws, from 'measure': " + String.join(", ", figure.metrics()));
    }
    return lines;
  }

  /** Lines are broken where their author's editor was full; those that end a sentence stay. */
  private static String paragraphs(String description) {
    String text = description.strip();
    return text.isEmpty()
        ? "It does not describe itself."
        : text.replaceAll("(?<![^.][.]|:)\\s*\n\\s*(?!\n)", " ");
  }

  /** Returns a setting for a list of plugins: its type and default, and what it is. */
  static List<String> brief(Setting setting) {
    String text = setting.text().isEmpty() ? "" : ": " + setting.text();
    return hanging(
        "    %s (%s, %s)%s".formatted(setting.name(), setting.type(), byDefault(setting), text),
        "        ");
  }

  private static String byDefault(Setting setting) {
    return setting.byDefault().isEmpty() ? "must be given" : "default " + setting.byDefault();
  }

  private static void settings(List<Setting> settings, List<String> lines) {
    if (settings.isEmpty()) {
      lines.add("It has no settings.");
      return;
    }
    lines.add("Settings:");
    for (Setting setting : settings) {
      lines.addAll(
          hanging(
              "  %s: %s; %s".formatted(setting.name(), setting.type(), byDefault(setting)),
              "      "));
      if (!setting.text().isEmpty()) {
        lines.addAll(hanging("      " + setting.text(), "      "));
      }
      if (!setting.allowed().isEmpty()) {
        lines.addAll(hanging("      one of: " + setting.allowed(), "      "));
      }
    }
  }

  /** Wraps a line whose continuation is indented further. */
  private static List<String> hanging(String text, String indent) {
    int blanks = text.length() - text.stripLeading().length();
    List<String> lines = Layout.wrapped(text, indent, Layout.WIDTH);
    List<String> hanging = new ArrayList<>(lines);
    hanging.set(0, " ".repeat(blanks) + lines.get(0).strip());
    return hanging;
  }

  private static void facts(Plugin plugin, List<String> lines) {
    if (plugin instanceof PruningMethod method) {
      lines.add("");
      lines.addAll(hanging("Needs: " + needs(method), "  "));
    }
    if (plugin instanceof Metric metric) {
      lines.add("");
      lines.add("Gives:");
      for (Metric.Quantity quantity : metric.quantities()) {
        lines.add(
            "  %s%s%s%s"
                .formatted(
                    quantity.name(),
                    quantity.unit().isEmpty() ? "" : " in " + quantity.unit(),
                    quantity.higherIsBetter() ? ", higher is better" : "",
                    quantity.reproducible() ? "" : ", differs from run to run"));
      }
    }
  }

  private static String needs(PruningMethod method) {
    String weights =
        method instanceof ReconstructingMethod ? "; it changes the weights that stay" : "";
    if (method.needs().isEmpty()) {
      return "the weights alone, no data" + weights + ".";
    }
    List<String> statistics =
        method.needs().stream()
            .map(
                statistic ->
                    statistic instanceof Enum<?> usual
                        ? usual.getDeclaringClass().getSimpleName().toLowerCase(Locale.ROOT)
                            + " "
                            + usual.name().toLowerCase(Locale.ROOT).replace('_', '-')
                        : statistic.toString())
            .sorted()
            .toList();
    return "calibration data, of which it uses " + String.join(", ", statistics) + weights + ".";
  }
}
