package io.secateur.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.nodes.Node;

class YamlDocumentTest {
  private final Faults faults = new Faults();

  @Test
  void readsAMappingWithoutFaults() {
    Optional<Node> root = YamlDocument.read("a: 1\nb: [2, 3]\n# comment\n", "s.yaml", faults);

    assertThat(root).isPresent();
    assertThat(faults.list()).isEmpty();
  }

  @Test
  void namesBothPlacesOfEveryKeyGivenTwice() {
    YamlDocument.read("a: 1\nb: {c: 1, d: 2, c: 3}\na: 2\na: 3\n", "s.yaml", faults);

    Golden.check("yaml-duplicate-keys", text());
  }

  @Test
  void refusesAliasesAndTagsWithTheirPlaces() {
    YamlDocument.read("a: &x [1]\nb: *x\nc: !!str 5\nd: !mine {e: 1}\n", "s.yaml", faults);

    Golden.check("yaml-aliases-and-tags", text());
  }

  @Test
  void neverExpandsAliasesWithinAliases() {
    String text = "a: &a [1]\nb: &b [*a,*a]\nc: &c [*b,*b]\nd: &d {d: *d}\n";

    assertThat(YamlDocument.read(text, "s.yaml", faults)).isEmpty();
    assertThat(faults.list()).hasSize(5);
  }

  @Test
  void saysWhereTheSyntaxIsWrong() {
    for (String text :
        new String[] {
          "a: [1, 2\nb: 3\n",
          "a: 1\n  b: 2\n",
          "a:\n\tb: 2\n",
          "a: 'open\n",
          "a: 1\n---\nb: 2\n",
          "a: \u0007\n",
          "",
          "# only a comment\n",
          "{[a]: 1}\n"
        }) {
      YamlDocument.read(text, "file" + faults.size() + ".yaml", faults);
    }

    Golden.check("yaml-syntax", text());
  }

  @Test
  void refusesWhatIsNestedBeyondReason() {
    YamlDocument.read("[".repeat(100_000), "s.yaml", faults);

    assertThat(text()).isEqualTo("s.yaml:1:65: is nested deeper than 64 levels");
  }

  @Test
  void refusesWhatIsTooLarge() {
    YamlDocument.read("a: " + "x".repeat(1 << 20), "s.yaml", faults);

    assertThat(text())
        .isEqualTo("s.yaml:1:1: is 1048579 characters long; at most 1048576 are read");
  }

  private String text() {
    return faults.list().stream().map(Fault::toString).collect(Collectors.joining("\n"));
  }
}
