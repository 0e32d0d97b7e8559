package io.secateur.study;

import io.secateur.model.Architecture;
import io.secateur.plugin.Settings;
import io.secateur.study.Plan.Place;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A plan as text: what runs from where, once for all seeds, what of it is in the store, and what
 * the rest will take.
 */
final class PlanTree {
  private static final Pattern LONG_FRACTION = Pattern.compile("\\b\\d+\\.\\d{7,}\\b");

  private final Plan plan;
  private final Set<String> done;
  private final Collection<Manifest> before;
  private final int workers;
  private final boolean verbose;
  private final Architecture architecture;
  private final Map<String, Plan.Node> nodes;
  private final Map<String, Outlook> outlooks = new HashMap<>();
  private final StringBuilder text = new StringBuilder();

  /**
   * A tree.
   *
   * @param before all that the store has, of this study and others
   * @param workers among which the rest is divided
   * @param verbose whether to tell which units go as one
   */
  PlanTree(Plan plan, Collection<Manifest> before, int workers, boolean verbose) {
    this.workers = workers;
    this.verbose = verbose;
    this.plan = plan;
    this.before = before;
    this.nodes = plan.byKey();
    this.done =
        before.stream().map(Manifest::key).filter(nodes::containsKey).collect(Collectors.toSet());
    Study study = plan.study();
    this.architecture = study.model().architecture(study.data().task());
  }

  /** A place of the arms that come through it, for all seeds. */
  private static final class Twig {
    private final Place place;
    private final Set<String> checkpoints = new LinkedHashSet<>();
    private final Set<String> leaves = new LinkedHashSet<>();
    private final Set<String> arms = new LinkedHashSet<>();
    private final Map<String, Twig> children = new LinkedHashMap<>();

    Twig(Place place) {
      this.place = place;
    }
  }

  String text() {
    Study study = plan.study();
    line("%s: %s, %s".formatted(study.name(), count(study.arms().size(), "arm"), seeds(study)));
    line(
        "data %s, model %s"
            .formatted(Settings.complete(study.data()), Settings.complete(study.model())));
    line(
        "%s parameters, %s of them prunable; %s"
            .formatted(
                number(architecture.parameterCount()),
                number(
                    architecture.prunable().stream().mapToLong(spec -> spec.shape().size()).sum()),
                count(study.threads(), "thread")));
    text.append('\n');
    grow().values().forEach(root -> print(root, "", Outlook.start(architecture)));
    plan.without().forEach(this::line);
    text.append('\n');
    totals();
    return text.toString();
  }

  private static String seeds(Study study) {
    String seeds = study.seeds().stream().map(String::valueOf).collect(Collectors.joining(", "));
    return (study.seeds().size() == 1 ? "seed " : "seeds ") + seeds;
  }

  /** Arms that share a past share its twigs; the seeds of an arm share all of them. */
  private Map<String, Twig> grow() {
    Map<String, Twig> roots = new LinkedHashMap<>();
    Map<String, List<Place>> walks = new LinkedHashMap<>();
    for (Place place : plan.places()) {
      walks.computeIfAbsent(place.arm() + "\n" + place.seed(), key -> new ArrayList<>()).add(place);
    }
    Map<String, List<Twig>> first = new HashMap<>();
    for (List<Place> walk : walks.values()) {
      String arm = walk.get(0).arm();
      List<Twig> path = first.get(arm);
      if (path == null) {
        path = path(walk, roots);
        first.put(arm, path);
      }
      for (int i = 0; i < walk.size(); i++) {
        Twig twig = path.get(i);
        twig.checkpoints.add(walk.get(i).checkpoint());
        twig.leaves.addAll(walk.get(i).measured());
      }
    }
    return roots;
  }

  private static List<Twig> path(List<Place> walk, Map<String, Twig> roots) {
    List<Twig> path = new ArrayList<>();
    Map<String, Twig> here = roots;
    for (Place place : walk) {
      String id = place.checkpoint() + place.branch() + place.label();
      Twig twig = here.computeIfAbsent(id, key -> new Twig(place));
      twig.arms.add(place.arm());
      path.add(twig);
      here = twig.children;
    }
    return path;
  }

  /** Goes down without calling itself where there is no fork: rounds may be thousands. */
  private void print(Twig first, String indent, Outlook before) {
    Twig twig = first;
    Outlook after = line(twig, indent, before);
    while (twig.children.size() == 1) {
      twig = twig.children.values().iterator().next();
      after = line(twig, indent, after);
    }
    for (Twig child : twig.children.values()) {
      text.append(indent).append("- ").append(String.join(", ", child.arms)).append('\n');
      print(child, indent + "    ", after);
    }
  }

  private Outlook line(Twig twig, String indent, Outlook above) {
    Plan.Node node = nodes.get(twig.place.checkpoint());
    // A control's line may start elsewhere than where the line above it ends.
    Outlook before = node == null ? above : outlooks.getOrDefault(node.parent(), above);
    Outlook after = before;
    String what = "open";
    String count = "";
    if (node != null && node.work() instanceof Plan.Run run) {
      what = shortened(Settings.canonical(run.stage()));
      after = before.after(run.stage(), architecture);
      count = after.told(before, architecture);
    }
    if (node != null && node.work() instanceof Plan.Check check) {
      what = "stop: undone when " + check.stop().words();
    }
    outlooks.put(twig.place.checkpoint(), after);
    StringBuilder line = new StringBuilder(indent);
    if (twig.place.round() > 0) {
      line.append("round ").append(twig.place.round()).append("  ");
    }
    if (!twig.place.branch().isEmpty()) {
      line.append(twig.place.branch()).append(": ");
    }
    line.append(what);
    if (!twig.place.label().isEmpty()) {
      line.append("  label ").append(twig.place.label());
    }
    line.append(count);
    if (!twig.leaves.isEmpty()) {
      line.append("  measured");
    }
    line.append(mark(twig));
    text.append(line).append('\n');
    if (verbose) {
      after.groupsTold(before, architecture).forEach(group -> line(indent + "      " + group));
    }
    return after;
  }

  /** Fractions that a schedule gives have more digits than a reader wants. */
  private static String shortened(String settings) {
    return LONG_FRACTION
        .matcher(settings)
        .replaceAll(
            number ->
                new BigDecimal(number.group())
                    .setScale(6, RoundingMode.HALF_EVEN)
                    .stripTrailingZeros()
                    .toPlainString());
  }

  private String mark(Twig twig) {
    Set<String> all = new LinkedHashSet<>(twig.checkpoints);
    all.addAll(twig.leaves);
    long ready = all.stream().filter(done::contains).count();
    if (ready == 0) {
      return "";
    }
    return ready == all.size() ? "  [done]" : "  [%d of %d done]".formatted(ready, all.size());
  }

  private void totals() {
    Set<String> places = plan.places().stream().map(Place::checkpoint).collect(Collectors.toSet());
    long steps = 0;
    long measured = 0;
    for (Place place : plan.places()) {
      steps++;
      measured += place.measured().size();
    }
    long leaves = plan.nodes().stream().filter(node -> node.work() instanceof Plan.Measure).count();
    long checkpoints = plan.nodes().size() - leaves;
    long cuts =
        plan.nodes().stream()
            .filter(node -> !(node.work() instanceof Plan.Measure))
            .filter(node -> !places.contains(node.key()))
            .count();
    line(
        "%s steps and %s measurements, of which distinct: %s steps%s and %s measurements"
            .formatted(
                number(steps),
                number(measured),
                number(checkpoints),
                cuts == 0 ? "" : " (" + number(cuts) + " where a training is cut for a rewind)",
                number(leaves)));
    line(
        "in the store already: %s of %s"
            .formatted(number(done.size()), number(plan.nodes().size())));
    Estimate estimate = Estimate.of(plan, done, before, architecture.parameterCount(), workers);
    if (done.size() < plan.nodes().size()) {
      String divided = workers == 1 ? "" : " (" + workers + " workers)";
      line("time for the rest%s: %s".formatted(divided, estimate.time()));
      line("disk for the rest: %s".formatted(estimate.disk()));
    }
  }

  private void line(String words) {
    text.append(words).append('\n');
  }

  private static String count(int n, String word) {
    return n + " " + word + (n == 1 ? "" : "s");
  }

  private static String number(long n) {
    return String.format(Locale.ROOT, "%,d", n);
  }
}
