package io.secateur.study;

import java.util.List;

/**
 * What is wrong with a study, or with what was asked of one: every fault found, each in one line
 * that says where it stands and what would be right.
 */
public final class StudyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final List<String> faults;

  /** Reports one fault. */
  public StudyException(String fault) {
    this(List.of(fault));
  }

  /** Reports several faults, in the order of the file. */
  public StudyException(List<String> faults) {
    super(String.join("\n", faults));
    this.faults = List.copyOf(faults);
  }

  /** Reports one fault that something else caused. */
  public StudyException(String fault, Throwable cause) {
    super(fault, cause);
    this.faults = List.of(fault);
  }

  /** Returns the faults, one line each. */
  public List<String> faults() {
    return faults;
  }
}
