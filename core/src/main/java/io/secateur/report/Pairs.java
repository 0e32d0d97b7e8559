package io.secateur.report;

import io.secateur.study.Declared;
import io.secateur.study.RunInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Which contenders are compared with which: known before anything is measured. */
final class Pairs {
  private Pairs() {}

  /** Two contenders; differences are of the first minus the second. */
  record Pair(Contender one, Contender other) {}

  /**
   * Returns the pairs that a study declares, else all of arms of one model; then each arm and its
   * controls.
   */
  static List<Pair> of(RunInfo info, Declared declared, List<Contender> contenders) {
    List<Contender> arms = contenders.stream().filter(each -> !each.control()).toList();
    List<Pair> pairs = new ArrayList<>();
    if (declared.compare().isEmpty()) {
      for (int i = 0; i < arms.size(); i++) {
        for (int j = i + 1; j < arms.size(); j++) {
          if (model(arms.get(i), info).equals(model(arms.get(j), info))) {
            pairs.add(new Pair(arms.get(j), arms.get(i)));
          }
        }
      }
    }
    for (List<String> names : declared.compare()) {
      List<Contender> others = named(names.get(1), arms, info);
      for (Contender one : named(names.get(0), arms, info)) {
        others.stream()
            .filter(other -> !other.equals(one))
            // A label may stand for arms of several models.
            .filter(other -> others.size() == 1 || model(other, info).equals(model(one, info)))
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

  /** Returns what a contender's network is, where arms differ in it. */
  private static Set<String> model(Contender contender, RunInfo info) {
    Set<String> arms =
        contender.spots().stream().map(spot -> spot.line().arm()).collect(Collectors.toSet());
    return info.arms().stream()
        .filter(arm -> arms.contains(arm.name()))
        .map(RunInfo.Arm::model)
        .collect(Collectors.toSet());
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
