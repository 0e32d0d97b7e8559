package io.secateur.benchmarks;

/**
 * A row of the table before it is measured.
 *
 * @param group by which rows are asked for
 * @param what is done, as the table shows it
 * @param method of a benchmark class, with the class's full name
 * @param work the benchmark's parameter
 * @param items weights, or numbers, that the time is divided by
 * @param peer what the peer is asked for, empty when it has nothing like it
 */
record Row(
    String group, String what, String method, String work, long items, Cost cost, String peer) {

  /** Returns this row beside a peer's. */
  Row beside(String request) {
    return new Row(group, what, method, work, items, cost, request);
  }
}
