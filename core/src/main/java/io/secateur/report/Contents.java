package io.secateur.report;

import io.secateur.study.Manuscript;
import io.secateur.study.RunInfo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Everything that a report says, before it is laid out.
 *
 * @param info the run; of several that are compared, all of them as one
 * @param runs the run, or those that are compared
 * @param manuscript what the study's authors say
 * @param sentences the findings
 * @param svg the figures that were drawn
 * @param skipped a line for each that was not
 * @param notes what a reader must be told about the numbers
 * @param sweep layers pruned one at a time, which then stands before the main table
 * @param fronts the models that none beats in accuracy and cost, a table per cost
 * @param deflated the sizes of compressed files
 * @param runtimes the models in other engines too; empty when measured in one
 * @param quantized what rounding to integers did, weight by weight
 * @param elsewhere what was timed on other machines, a table each
 * @param sections what is compared and checked, behind the findings
 * @param seeds how many seeds the rows of its tables have
 */
record Contents(
    RunInfo info,
    List<RunInfo> runs,
    Manuscript manuscript,
    List<String> sentences,
    Map<Figure, String> svg,
    List<String> skipped,
    List<String> notes,
    Optional<Table> sweep,
    Table main,
    List<Table> fronts,
    Table further,
    Table deflated,
    Table labelled,
    Table compaction,
    Table runtimes,
    List<Table> elsewhere,
    Map<Spot.Line, Table> layers,
    Table quantized,
    Table training,
    List<Section> sections,
    List<Quantity> quantities,
    Set<Integer> seeds) {
  Contents {
    runs = List.copyOf(runs);
    sentences = List.copyOf(sentences);
    fronts = List.copyOf(fronts);
    svg = new LinkedHashMap<>(svg);
    skipped = List.copyOf(skipped);
    notes = List.copyOf(notes);
    elsewhere = List.copyOf(elsewhere);
    layers = new LinkedHashMap<>(layers);
    sections = sections.stream().filter(section -> !section.isEmpty()).toList();
    quantities = List.copyOf(quantities);
    seeds = Set.copyOf(seeds);
  }

  /** Returns the tables after the main one; some may be empty. */
  List<Table> others() {
    return Stream.concat(
            Stream.of(runtimes, compaction, further, deflated, labelled), elsewhere.stream())
        .toList();
  }

  /** Returns how means and intervals came about. */
  String howToRead() {
    String latency =
        " Latencies were taken on the machine below with %s."
            .formatted(Words.count(info.threads(), "engine thread"));
    if (info.seeds().size() == 1) {
      return "There is one seed, so every number is that of one run and has no interval." + latency;
    }
    boolean same = seeds.size() == 1;
    String over =
        same
            ? "the %s of every row".formatted(Words.count(seeds.iterator().next(), "seed"))
            : "the seeds of each row (planned: %d)".formatted(info.seeds().size());
    String plain = same ? "for every seed" : "for all of its seeds, or had one seed";
    return ("Mean ± half-width of the 95 %% interval over %s: Student's t with n − 1 degrees of"
                + " freedom times the standard error. A number without ± was the same %s. Arms"
                + " share their seeds, so differences are paired. A ratio of latencies is the"
                + " geometric mean over seeds, its interval that of the logarithms with the spread"
                + " of all iterations timed. Numbers are rounded here; table.csv has them in full.")
            .formatted(over, plain)
        + latency;
  }

  /** Returns an unfinished arm and seed in one line. */
  static String line(RunInfo.Failure failure) {
    return "%s, seed %d, iteration %d, stage %s: %s"
        .formatted(
            failure.arm(), failure.seed(), failure.round(), failure.stage(), failure.message());
  }
}
