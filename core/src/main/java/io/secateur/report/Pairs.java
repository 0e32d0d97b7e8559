package io.secateur.report;

import io.secateur.study.Declared;
import io.secateur.study.RunInfo;
import java.util.ArrayList;
import java.util.List;

/** Which contenders are compared with which: known before anything is measured. */
final class Pairs {
  private Pairs() {}

  /** Two contenders; differences are of the first minus the second. */
  record Pair(Contender one, Contender other) {}

  /** Returns the pairs that a study declares, else all of arms; then each arm and its controls. */
  static List<Pair> of(RunInfo info, Declared declared, List<Contender> contenders) {
    List<Contender> arms = contenders.stream().filter(each -> !each.control()).toList();
    List<Pair> pairs = new ArrayList<>();
    if (declared.compare().isEmpty()) {
      for (int i = 0; i < arms.size(); i++) {
        for (int j = i + 1; j < arms.size(); j++) {
          pairs.add(new Pair(arms.get(j), arms.get(i)));
        }
      }
    }
    for (List<String> names : declared.compare()) {
      for (Contender one : named(names.get(0), arms, info)) {
        named(names.get(1), arms, info).stream()
            .filter(other -> !other.equals(one))
            .forEach(other -> pairs.add(new Pair(one, other)));
      }
    }
    for (Contender arm : arms) {
      contenders.stream()
          .filter(each -> each.control() && each.family().equals(arm.family()))
          .forEach(control -> pairs.add(new Pair(arm, control)));
    }
    return pairs;
  }

  /** Returns the contender of a name, else those whose arms have it as their label. */
  private static List<Contender> named(String name, List<Contender> arms, RunInfo info) {
    List<Contender> exact = arms.stream().filter(each -> each.name().equals(name)).toList();
    if (!exact.isEmpty()) {
      return exact;
    }
    List<String> labelled =
        info.arms().stream()
            .filter(arm -> arm.name().equals(name) || name.equals(arm.axes().get(info.by())))
            .map(RunInfo.Arm::name)
            .toList();
    return arms.stream()
        .filter(
            each -> each.spots().stream().anyMatch(spot -> labelled.contains(spot.line().arm())))
        .toList();
  }
}
