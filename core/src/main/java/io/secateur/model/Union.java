package io.secateur.model;

import java.util.Arrays;

/** Numbers that become one; the lowest of those that are one stands for all. */
final class Union {
  private int[] parents = new int[64];
  private int size;

  /** Returns the next number, which is one with no other yet. */
  int add() {
    if (size == parents.length) {
      parents = Arrays.copyOf(parents, 2 * size);
    }
    parents[size] = size;
    return size++;
  }

  int size() {
    return size;
  }

  int root(int number) {
    int root = number;
    while (parents[root] != root) {
      parents[root] = parents[parents[root]];
      root = parents[root];
    }
    return root;
  }

  void join(int a, int b) {
    int first = root(a);
    int second = root(b);
    parents[Math.max(first, second)] = Math.min(first, second);
  }
}
