package io.secateur.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SeedsTest {
  @Test
  void staysWhatItWas() {
    Golden.check(
        "seeds",
        "initialise 1: %d%ntrain 1: %d%nprune 2 round 3: %d"
            .formatted(
                Seeds.of(1, "initialise", 0), Seeds.of(1, "train", 0), Seeds.of(2, "prune", 3)));
  }

  @Test
  void tellsReplicatesPurposesAndOrdinalsApart() {
    Set<Long> seeds = new HashSet<>();
    for (int replicate = 1; replicate <= 5; replicate++) {
      for (String purpose : new String[] {"train", "finetune", "random fc1.weight"}) {
        for (int ordinal = 0; ordinal < 5; ordinal++) {
          seeds.add(Seeds.of(replicate, purpose, ordinal));
        }
      }
    }
    assertThat(seeds).hasSize(75);
  }
}
