package io.secateur.cli;

import io.secateur.study.Plan;
import java.io.PrintWriter;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Draws a bar on a terminal, below the lines of the epochs: steps done, rate, time left, and what
 * is running.
 */
final class BarProgress extends Progress {
  private static final int INTERVAL_MILLIS = 200;
  private static final String CLEARED_LINE = "\r\u001b[K";

  private final PrintWriter err;
  private final boolean verbose;
  private final int workers;
  private final Map<String, String> running = new LinkedHashMap<>();
  private Optional<ProgressBar> bar = Optional.empty();
  private Optional<TimeLeft> timeLeft = Optional.empty();

  BarProgress(PrintWriter err, boolean verbose, int workers) {
    this.err = err;
    this.verbose = verbose;
    this.workers = workers;
  }

  @Override
  public synchronized void planned(Plan plan, Set<String> done) {
    super.planned(plan, done);
    err.println(opening(plan, done));
    err.flush();
    if (done.size() == plan.nodes().size()) {
      return;
    }
    TimeLeft estimate = new TimeLeft(plan, done, workers);
    timeLeft = Optional.of(estimate);
    bar =
        Optional.of(
            new ProgressBarBuilder()
                .setTaskName(plan.study().name())
                .setInitialMax(plan.nodes().size())
                .startsFrom(done.size(), Duration.ZERO)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(INTERVAL_MILLIS)
                .setConsumer(new ConsoleProgressBarConsumer(System.err, Layout.WIDTH - 1))
                .showSpeed(new DecimalFormat("0.0", DecimalFormatSymbols.getInstance(Locale.ROOT)))
                .setSpeedUnit(ChronoUnit.MINUTES)
                .setEtaFunction(state -> estimate.estimate())
                .build());
  }

  @Override
  public void started(Piece piece) {
    running.put(piece.node().key(), name(piece));
    show();
  }

  @Override
  public void progressed(Piece piece, long done, long total) {
    if (total > 0) {
      running.put(piece.node().key(), "%s %d%%".formatted(name(piece), 100 * done / total));
      show();
    }
  }

  @Override
  public void said(Piece piece, String line) {
    if (verbose || isForAll(line)) {
      above(name(piece) + ": " + line);
    }
  }

  @Override
  public void finished(Piece piece, double seconds) {
    timeLeft.ifPresent(left -> left.finished(piece.node(), seconds));
    gone(piece);
    bar.ifPresent(ProgressBar::step);
    if (verbose) {
      above("%s  %s".formatted(name(piece), Layout.duration(seconds)));
    }
  }

  @Override
  public void reused(Piece piece) {
    timeLeft.ifPresent(left -> left.gone(piece.node()));
    bar.ifPresent(ProgressBar::step);
  }

  @Override
  public void failed(Piece piece, String message) {
    timeLeft.ifPresent(left -> left.gone(piece.node()));
    gone(piece);
    above("%s  failed: %s".formatted(name(piece), message));
  }

  @Override
  public void warned(String line) {
    above("warning: " + line);
  }

  private void gone(Piece piece) {
    running.remove(piece.node().key());
    if (!running.isEmpty()) {
      show();
    }
  }

  /** Shows what has been running longest, and how much runs beside it. */
  private void show() {
    String first = running.values().iterator().next();
    // How many comes first: what does not fit on the line is cut at its end.
    String several = running.size() == 1 ? "" : running.size() + " steps: ";
    bar.ifPresent(drawn -> drawn.setExtraMessage(" " + several + first));
  }

  /** Prints a line in place of the bar, which is drawn anew below it. */
  private void above(String line) {
    if (!Interruption.isUnderWay()) {
      err.print(CLEARED_LINE);
      err.println(line);
      err.flush();
      bar.ifPresent(ProgressBar::refresh);
    }
  }

  @Override
  public synchronized void close() {
    bar.ifPresent(ProgressBar::close);
    bar = Optional.empty();
  }
}
