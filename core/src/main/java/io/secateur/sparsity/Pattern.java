package io.secateur.sparsity;

/** The shape of sparsity asked for: what is removed, and who competes. */
public record Pattern(Granularity granularity, Scope scope) {
  public Pattern {
    if (scope instanceof Scope.Tile && !(granularity instanceof Granularity.Element)) {
      throw new IllegalArgumentException(
          "a tile (N:M) holds single weights; use granularity element, not " + granularity);
    }
    if (scope instanceof Scope.Row
        && !(granularity instanceof Granularity.Element)
        && !(granularity instanceof Granularity.Block)) {
      throw new IllegalArgumentException(
          "rows hold single weights or blocks, not whole slices; use scope layer or global");
    }
  }
}
