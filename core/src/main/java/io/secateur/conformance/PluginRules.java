package io.secateur.conformance;

import io.secateur.plugin.Binder;
import io.secateur.plugin.Broken;
import io.secateur.plugin.Catalogs;
import io.secateur.plugin.Faults;
import io.secateur.plugin.Setting;
import io.secateur.plugin.Settings;
import io.secateur.plugin.YamlDocument;
import io.secateur.spi.Plugin;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What every plugin keeps, whatever its kind. */
final class PluginRules {
  private static final String UNKNOWN = "no-such-setting-there";

  private final Plugin plugin;
  private final Class<? extends Plugin> kind;
  private final Catalogs catalogs;

  PluginRules(Plugin plugin, Class<? extends Plugin> kind, Catalogs catalogs) {
    this.plugin = plugin;
    this.kind = kind;
    this.catalogs = catalogs;
  }

  List<Rule> rules() {
    return List.of(
        new Rule("has a name of lower-case words joined by hyphens", this::named),
        new Rule("is registered in META-INF/services", this::registered),
        new Rule("is a public record with defaults", this::defaults),
        new Rule("describes itself", this::described),
        new Rule("settings go into YAML and back", this::roundTrip),
        new Rule("refuses settings that make no sense", this::refusals));
  }

  private void named(Findings findings) {
    if (!isNamed()) {
      findings.violation(
          "",
          "its name is '" + plugin.name() + "'",
          "names are lower-case words joined by hyphens, as 'my-name'");
    }
  }

  private boolean isNamed() {
    String name = plugin.name();
    return Objects.nonNull(name) && name.matches("[a-z][a-z0-9]*(-[a-z0-9]+)*");
  }

  private void registered(Findings findings) {
    if (!isNamed() || isRegistered()) {
      return;
    }
    String type = plugin.getClass().getName();
    String found =
        catalogs.broken().stream()
            .filter(broken -> broken.what().contains(type))
            .findFirst()
            .map(Broken::toString)
            .or(
                () ->
                    catalogs
                        .of(kind)
                        .find(plugin.name())
                        .map(
                            other ->
                                "'%s' is %s of %s"
                                    .formatted(
                                        plugin.name(), other.type().getName(), other.origin())))
            .orElse("no service file names it, or another plugin has its name");
    findings.violation(
        "",
        found,
        "the file META-INF/services/%s holds the line %s".formatted(kind.getName(), type));
  }

  private boolean isRegistered() {
    return catalogs
        .of(kind)
        .find(plugin.name())
        .filter(entry -> entry.type() == plugin.getClass())
        .isPresent();
  }

  private void defaults(Findings findings) {
    Class<?> type = plugin.getClass();
    for (Class<?> each = type; each != null; each = each.getEnclosingClass()) {
      if (!type.isRecord() || !Modifier.isPublic(each.getModifiers())) {
        findings.violation("", each.getName() + " is no public record", "a plugin is one");
        return;
      }
    }
    Object made;
    Object again;
    try {
      made = type.getConstructor().newInstance();
      again = type.getConstructor().newInstance();
    } catch (NoSuchMethodException e) {
      findings.violation(
          "",
          "it has no public constructor without arguments",
          "such a constructor gives the defaults of its settings");
      return;
    } catch (InvocationTargetException e) {
      findings.violation(
          "", "its defaults throw " + Rule.reason(e.getTargetException()), "defaults are allowed");
      return;
    } catch (ReflectiveOperationException e) {
      findings.violation("", "it cannot be made: " + Rule.reason(e), "a plugin is a public record");
      return;
    }
    if (!made.equals(again) || made.hashCode() != again.hashCode()) {
      findings.violation(
          "", "two of it with the defaults are not equal", "plugins with equal settings are equal");
    }
    String text = made.toString();
    if (text == null || text.isBlank() || !text.equals(again.toString())) {
      findings.violation(
          "",
          "two of it with the defaults print as '%s' and '%s'".formatted(text, again),
          "equal plugins print the same text, since results are traced back by it");
    }
  }

  private void described(Findings findings) {
    String description = plugin.description();
    if (description == null || description.isBlank()) {
      findings.violation(
          "",
          "its description is empty",
          "description() says what it does, why it should work, its equation and paper");
    }
  }

  private void roundTrip(Findings findings) {
    if (!isRegistered()) {
      return;
    }
    roundTrip(plugin, "as it is", findings);
    for (Setting setting : Settings.describe(plugin.getClass(), catalogs)) {
      for (String value : probes(setting.type())) {
        bound(text(setting.name(), value), new Faults())
            .ifPresent(other -> roundTrip(other, setting.name() + ": " + value, findings));
      }
    }
  }

  private void roundTrip(Plugin one, String where, Findings findings) {
    for (String text : List.of(Settings.written(one), Settings.writtenInFull(one))) {
      Faults faults = new Faults();
      Optional<? extends Plugin> back = bound(text, faults);
      if (back.isEmpty()) {
        findings.violation(
            where,
            "%s is refused: %s".formatted(text, faults.list().get(0).message()),
            "what is written can be read");
      } else if (!Settings.complete(back.get()).equals(Settings.complete(one))) {
        findings.violation(
            where,
            "%s is read as %s".formatted(text, Settings.complete(back.get())),
            "the constructor keeps the settings that it is given");
        return;
      }
    }
  }

  private void refusals(Findings findings) {
    if (!isRegistered()) {
      return;
    }
    if (bound(text(UNKNOWN, "1"), new Faults()).isPresent()) {
      findings.violation(
          "", "it takes a setting '" + UNKNOWN + "'", "settings that there are not are refused");
    }
    for (Setting setting : Settings.describe(plugin.getClass(), catalogs)) {
      for (String value : probes(setting.type())) {
        Faults faults = new Faults();
        if (bound(text(setting.name(), value), faults).isEmpty()) {
          faults.list().stream()
              .filter(fault -> fault.message().contains("its constructor threw"))
              .findFirst()
              .ifPresent(
                  fault ->
                      findings.violation(
                          setting.name() + ": " + value,
                          fault.message(),
                          "a value is refused by an IllegalArgumentException that says what would"
                              + " be right"));
        }
      }
    }
  }

  private String text(String setting, String value) {
    return "{%s: {%s: %s}}".formatted(plugin.name(), setting, value);
  }

  private static List<String> probes(String type) {
    return switch (type) {
      case "whole number" -> List.of("-1", "0", "1", "3");
      case "number" -> List.of("-1", "0", "0.25", "3", ".nan", ".inf");
      case "true or false" -> List.of("true", "false");
      default -> List.of();
    };
  }

  private Optional<? extends Plugin> bound(String text, Faults faults) {
    return YamlDocument.read(text, "settings", faults)
        .flatMap(node -> new Binder(catalogs, faults).bind(node, kind));
  }
}
