package io.secateur.data;

/** The means and deviations of a table's columns, by which it is standardised. */
final class Standard {
  private final double[] means;
  private final double[] deviations;

  private Standard(double[] means, double[] deviations) {
    this.means = means;
    this.deviations = deviations;
  }

  /** Returns those of some rows; a column that never changes is only shifted. */
  static Standard of(float[][] rows, int[] chosen, int columns) {
    double[] means = new double[columns];
    double[] deviations = new double[columns];
    for (int row : chosen) {
      for (int column = 0; column < columns; column++) {
        means[column] += rows[row][column] / chosen.length;
      }
    }
    for (int row : chosen) {
      for (int column = 0; column < columns; column++) {
        double off = rows[row][column] - means[column];
        deviations[column] += off * off / chosen.length;
      }
    }
    for (int column = 0; column < columns; column++) {
      deviations[column] = deviations[column] > 0 ? Math.sqrt(deviations[column]) : 1;
    }
    return new Standard(means, deviations);
  }

  float[] apply(float[] row) {
    float[] standard = new float[row.length];
    for (int column = 0; column < row.length; column++) {
      standard[column] = (float) ((row[column] - means[column]) / deviations[column]);
    }
    return standard;
  }
}
