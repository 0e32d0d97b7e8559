package io.secateur.data;

import java.util.List;

/** The means and deviations of a table's columns, by which it is standardised. */
final class Standard {
  private final double[] means;
  private final double[] deviations;

  /** Holds the arrays it is given. */
  Standard(double[] means, double[] deviations) {
    this.means = means;
    this.deviations = deviations;
  }

  /** Returns those of one column of some rows; a column that never changes is only shifted. */
  static Standard of(List<double[]> rows, int columns) {
    double[] means = new double[columns];
    double[] deviations = new double[columns];
    for (double[] row : rows) {
      for (int column = 0; column < columns; column++) {
        means[column] += row[column] / rows.size();
      }
    }
    for (double[] row : rows) {
      for (int column = 0; column < columns; column++) {
        double off = row[column] - means[column];
        deviations[column] += off * off / rows.size();
      }
    }
    for (int column = 0; column < columns; column++) {
      deviations[column] = deviations[column] > 0 ? Math.sqrt(deviations[column]) : 1;
    }
    return new Standard(means, deviations);
  }

  double[] means() {
    return means.clone();
  }

  double[] deviations() {
    return deviations.clone();
  }

  double apply(int column, double value) {
    return (value - means[column]) / deviations[column];
  }
}
