package io.secateur.report;

import io.secateur.model.Checkpoint;
import io.secateur.sparsity.Form;
import io.secateur.sparsity.Mask;
import io.secateur.study.CheckpointRef;
import io.secateur.study.Figure.Masks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A layer's masks, arm by arm, in the first, a middle and the last round: cell by cell, or how many
 * weights each pixel of the input keeps.
 *
 * @param counts whether the pictures count weights per pixel
 * @param note what is left out; empty for nothing
 */
record MaskPictures(
    String id, String title, String subtitle, boolean counts, List<Row> arms, String note)
    implements Figure {
  private static final int MOST = 6;

  /** A picture has at most as many pixels as the page has room for. */
  private static final int WIDEST = 440;

  private static final int HIGHEST = 400;

  MaskPictures {
    arms = List.copyOf(arms);
  }

  /** One arm's pictures. */
  record Row(String arm, List<Picture> pictures) {
    Row {
      pictures = List.copyOf(pictures);
    }
  }

  /**
   * A picture, row by row.
   *
   * @param values from 0 to {@code end}: shares of kept cells, or counts of kept weights
   */
  record Picture(String title, int rows, int columns, List<Double> values, double end) {
    Picture {
      values = List.copyOf(values);
    }
  }

  static MaskPictures of(Masks asked, Evidence evidence) throws IOException {
    String weight = asked.layer() + ".weight";
    List<Row> rows = new ArrayList<>();
    int pruning = 0;
    for (Course course : Course.all(evidence.info(), evidence.archive())) {
      pruning += course.pruned() >= 0 ? 1 : 0;
      if (course.pruned() >= 0 && rows.size() < MOST) {
        rows.add(
            new Row(
                course.words(evidence.info()),
                pictures(course, weight, asked.asImage(), evidence)));
      }
    }
    if (rows.isEmpty()) {
      throw new NotDrawnException("nothing was pruned");
    }
    boolean image = asked.asImage().isPresent();
    return new MaskPictures(
        asked.id(),
        image
            ? "What %s keeps of each pixel".formatted(asked.layer())
            : "Masks of %s".formatted(weight),
        rows.stream().anyMatch(row -> row.pictures().size() > 2)
            ? "In the first, a middle and the last round"
            : "As pruned",
        image,
        rows,
        pruning > MOST ? " The first %d of %d arms that prune.".formatted(MOST, pruning) : "");
  }

  private static List<Picture> pictures(
      Course course, String weight, Optional<List<Integer>> image, Evidence evidence)
      throws IOException {
    List<Picture> pictures = new ArrayList<>();
    Optional<Mask> before = Optional.empty();
    for (CheckpointRef ref : chosen(course)) {
      Checkpoint checkpoint = evidence.archive().read(ref);
      Mask mask = checkpoint.mask(weight);
      if (!before.equals(Optional.of(mask))) {
        String title =
            "%s: %s %% pruned"
                .formatted(
                    ref.round() == 0 ? Course.name(ref) : "Iteration " + ref.round(),
                    new Numbers(1).text(100 * mask.sparsity()));
        pictures.add(
            image.isPresent()
                ? pixels(title, mask, image.get().get(0), image.get().get(1))
                : cells(title, mask));
      }
      before = Optional.of(mask);
    }
    return pictures;
  }

  /** Returns the ends of the first, a middle and the last round; without rounds, both ends. */
  private static List<CheckpointRef> chosen(Course course) {
    Map<Integer, CheckpointRef> ends = new LinkedHashMap<>();
    List<CheckpointRef> masked = course.refs().subList(course.pruned(), course.refs().size());
    masked.forEach(ref -> ends.put(ref.round(), ref));
    List<CheckpointRef> rounds = List.copyOf(ends.values());
    int last = rounds.size() - 1;
    if (last == 0) {
      return List.of(masked.get(0), masked.get(masked.size() - 1));
    }
    return last == 1 ? rounds : List.of(rounds.get(0), rounds.get(last / 2), rounds.get(last));
  }

  /** Returns the mask, a pixel per cell or per block of cells. */
  static Picture cells(String title, Mask mask) {
    Form form = mask.form();
    long columns = form.columns();
    // Blocks need not be square: a weight may be a hundred times as wide as high.
    int wide = Math.toIntExact((columns + WIDEST - 1) / WIDEST);
    int high = Math.toIntExact((form.rows() + HIGHEST - 1) / HIGHEST);
    int across = Math.toIntExact((columns + wide - 1) / wide);
    int down = Math.toIntExact((form.rows() + high - 1) / high);
    List<Double> shares = new ArrayList<>();
    for (int y = 0; y < down; y++) {
      for (int x = 0; x < across; x++) {
        long kept = 0;
        long of = 0;
        for (long row = (long) y * high; row < Math.min(form.rows(), (y + 1L) * high); row++) {
          for (long at = (long) x * wide; at < Math.min(columns, (x + 1L) * wide); at++) {
            kept += mask.keeps(row * columns + at) ? 1 : 0;
            of++;
          }
        }
        shares.add((double) kept / of);
      }
    }
    return new Picture(title, down, across, shares, 1);
  }

  /** Returns how many weights each pixel keeps, over all units and colour planes. */
  static Picture pixels(String title, Mask mask, int height, int width) {
    Form form = mask.form();
    int pixels = height * width;
    double[] kept = new double[pixels];
    for (long cell = 0; cell < form.size(); cell++) {
      kept[(int) (cell % form.columns() % pixels)] += mask.keeps(cell) ? 1 : 0;
    }
    List<Double> counts = new ArrayList<>();
    for (double count : kept) {
      counts.add(count);
    }
    return new Picture(title, height, width, counts, Collections.max(counts));
  }

  @Override
  public boolean picture() {
    return true;
  }

  @Override
  public String alt() {
    return "%s. %s."
        .formatted(
            title,
            arms.stream()
                .map(
                    row ->
                        row.arm()
                            + ": "
                            + Words.list(row.pictures().stream().map(Picture::title).toList()))
                .collect(Collectors.joining("; ")));
  }

  @Override
  public String caption() {
    return (counts
            ? "The darker a pixel, the more of the weights that leave it are kept; each picture"
                + " has a scale of its own, written under it."
            : "Kept cells are black, pruned ones white; rows are output units, columns input"
                + " units. Where a pixel stands for several cells, its grey is the share that is"
                + " kept.")
        + note;
  }

  @Override
  public Drawing drawing(Typeface typeface) {
    return new MaskDrawing(this, typeface);
  }
}
