package io.secateur.plugin;

import io.secateur.spi.Spi;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Providers as they are found, and those that are not usable with their reasons. */
final class Collected {
  private final List<Provider> providers = new ArrayList<>();
  private final List<Broken> broken = new ArrayList<>();

  void add(ServiceLine line, ClassLoader loader, boolean own, Origin origin) {
    try {
      add(Provider.of(line, loader, own, origin));
    } catch (Refusal e) {
      broken(origin, line.className(), e.reason() + (e.isMisfit() ? hint(origin) : ""));
    }
  }

  /** What does not fit may be built against another SPI; a jar that says which would have told. */
  private static String hint(Origin origin) {
    return origin.jar().filter(jar -> jar.spi().isEmpty()).isPresent()
        ? "; the manifest does not say for which version of the SPI the jar was built, and this"
            + " Secateur offers %s ('%s: %s')"
                .formatted(SpiVersion.offered(), Spi.ATTRIBUTE, SpiVersion.offered())
        : "";
  }

  /** Adds a provider once, however many service files list it. */
  void add(Provider provider) {
    if (!providers.contains(provider)) {
      providers.add(provider);
    }
  }

  void broken(Origin origin, String what, String reason) {
    Broken one = new Broken(origin.toString(), what, reason);
    if (!broken.contains(one)) {
      broken.add(one);
    }
  }

  List<Broken> broken() {
    return List.copyOf(broken);
  }

  /**
   * Returns the providers by name, those of one kind and name in one list. What is built in is
   * never displaced: a jar's provider of the same name is put aside. Several that remain are
   * ambiguous, and named as broken too.
   */
  List<List<Provider>> byName() {
    Map<String, List<Provider>> groups = new LinkedHashMap<>();
    for (Provider provider : providers) {
      groups
          .computeIfAbsent(
              provider.kind().namespace() + "/" + provider.name(), key -> new ArrayList<>())
          .add(provider);
    }
    List<List<Provider>> result = new ArrayList<>();
    for (List<Provider> group : groups.values()) {
      result.add(settled(group));
    }
    return result;
  }

  private List<Provider> settled(List<Provider> group) {
    List<Provider> builtIn = group.stream().filter(p -> p.origin().jar().isEmpty()).toList();
    List<Provider> kept = builtIn.isEmpty() ? group : builtIn;
    for (Provider provider : group) {
      if (!kept.contains(provider)) {
        broken(
            provider.origin(),
            provider.type().getName(),
            "its name '%s' is that of the built-in %s; give it another"
                .formatted(provider.name(), builtIn.get(0).where()));
      } else if (kept.size() > 1) {
        broken(
            provider.origin(),
            provider.type().getName(),
            "its name '%s' is also that of %s; keep one of them"
                .formatted(provider.name(), others(provider, kept)));
      }
    }
    return kept;
  }

  private static String others(Provider one, List<Provider> all) {
    return String.join(
        " and ", all.stream().filter(p -> !p.equals(one)).map(Provider::where).toList());
  }
}
