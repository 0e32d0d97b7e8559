package io.secateur.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.secateur.data.Mnist;
import io.secateur.plugin.Catalogs;
import io.secateur.spi.Plugin;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each planted defect is reported by the rule that it breaks, and by no other. */
@Tag("engine")
class ConformanceTest {
  @TempDir private Path cache;

  static Stream<Arguments> defects() {
    return Stream.of(
        planted(new MethodDefects.OwnIdentity(), "is a public record with defaults"),
        planted(new MethodDefects.Silent(), "describes itself"),
        planted(new MethodDefects.Shrinking(), "settings go into YAML and back"),
        planted(new MethodDefects.Dividing(), "refuses settings that make no sense"),
        planted(new MethodDefects.OnePerRow(), "scores weights of every shape"),
        planted(new MethodDefects.RowShare(), "scores are finite"),
        planted(new MethodDefects.Remembering(), "equal inputs and seed give equal scores"),
        planted(
            new MethodDefects.FalselyRowwise(),
            "rowwise: scores of some rows are those of the whole"),
        planted(
            new MethodDefects.FalselyCellwise(),
            "cellwise: scores in Java are those of the matrix"),
        planted(new MethodDefects.Writing(), "leaves weights and statistics as they are"),
        planted(new MethodDefects.Hoarding(), "leaves no native array behind"),
        planted(new MethodDefects.Choosy(), "prunes in every pattern that it claims"),
        planted(new MethodDefects.AfraidOfTies(), "exact counts, whatever the ties"),
        planted(
            new MethodDefects.AfraidOfZeros(),
            "nothing that was pruned returns, round after round"),
        planted(new MethodDefects.AfraidOfTiles(), "N:M keeps its count in every tile"),
        planted(new MethodDefects.SignedZeros(), "what was not kept is +0.0"),
        planted(
            new MethodDefects.Worsening(),
            "a repaired layer errs no more than one pruned by magnitude"),
        planted(new MethodDefects.Overflowing(), "repaired weights are finite"),
        planted(new MethodDefects.NoSingleRows(), "repairs weights of every shape"),
        planted(new MethodDefects.RememberingRepair(), "equal inputs and seed give equal weights"),
        planted(new MethodDefects.WritingRepair(), "leaves weights and statistics as they are"),
        planted(new MethodDefects.HoardingRepair(), "leaves no native array behind"),
        planted(new Defects.LateRefusal(), "takes ordinary targets, and refuses others at once"),
        planted(new Defects.Overshooting(), "sparsity is a number from 0 to the target"),
        planted(new Defects.Falling(), "sparsity never falls"),
        planted(new Defects.TooShort(), "sparsity ends at the target"),
        planted(new Defects.Wavering(), "equal progress gives equal sparsity"),
        planted(new Defects.Shouting(), "quantities are well named"),
        planted(new Defects.Unsuited(), "measures every task that it suits"),
        planted(new Defects.Undeclared(), "gives the quantities that it declares"),
        planted(new Defects.NoNumber(), "values are finite"),
        planted(new Defects.Unsteady(), "reproducible quantities are equal when measured again"),
        planted(new Defects.MeanOfMeans(), "tallies do not depend on how examples are batched"),
        planted(new Defects.Scribbling(), "leaves the model as it is"),
        planted(new Defects.HoardingMetric(), "leaves no native array behind"),
        planted(new StageDefects.Failing(), "runs wherever it finds no fault"),
        planted(
            new StageDefects.ScribblingStage(), "leaves the checkpoint that it is given as it is"),
        planted(new StageDefects.RememberingStage(), "equal seeds give equal checkpoints"),
        planted(new StageDefects.Reviving(), "pruned weights stay at 0"),
        planted(new StageDefects.Unmasking(), "pruned weights stay at 0"),
        planted(new StageDefects.HoardingStage(), "leaves no native array behind"),
        planted(new StageDefects.FalseProphet(), "foresees what happens"),
        planted(new StageDefects.Boasting(), "says whether it quantizes"),
        planted(new StageDefects.Unquantizing(), "says whether it quantizes"),
        planted(
            new StageDefects.ForgetfulTraining(),
            "cut at a step and gone on with, it ends the same"),
        planted(new Defects.Stumbling(), "unfolds, or says why it cannot stand there"),
        planted(new Defects.Endless(), "unfolds to an end"),
        planted(new Defects.Fickle(), "unfolds equally when asked again"),
        planted(new Defects.OpenRound(), "rounds begin, end and are counted"),
        planted(new Defects.Nowhere(), "goes back to labels that are there"),
        planted(new Defects.TooWide(), "fits a task, or refuses it and says why"),
        planted(new Defects.Surprising(), "opens with its architecture"),
        planted(new Defects.Restless(), "equal seeds give equal parameters"),
        planted(new Defects.NoFingerprint(), "its fingerprint is that of its files"),
        planted(new DatasetDefects.Miscounting(), "opens what it counts"),
        planted(new DatasetDefects.UnknownClass(), "examples are those of its task"),
        planted(new DatasetDefects.OwnOrder(), "examples come as asked, in any order"),
        planted(new DatasetDefects.Changing(), "opens to the same examples again"),
        planted(new DatasetDefects.OnePart(), "test examples are not those trained on"),
        planted(new DatasetDefects.Stranger(), "writes models, and knows what it has written"),
        planted(new DatasetDefects.Forgetful(), "reads back what it has written"),
        planted(new DatasetDefects.Ruthless(), "does not write over what is there"),
        planted(new DatasetDefects.Littering(), "writes whole or not at all"),
        planted(new DatasetDefects.Inventing(), "refuses what is damaged"));
  }

  private static Arguments planted(Plugin plugin, String rule) {
    return Arguments.of(plugin, rule);
  }

  @ParameterizedTest
  @MethodSource("defects")
  void aDefectIsReportedByTheRuleThatItBreaksAlone(Plugin plugin, String rule) {
    List<Violation> violations = violations(plugin, Catalogs.holding(List.of(plugin.getClass())));
    assertThat(violations).as("%s", violations).isNotEmpty();
    assertThat(violations).allMatch(violation -> violation.rule().equals(rule));
  }

  @Test
  void whatNoServiceFileNamesIsToldTheLineThatWould() {
    assertThat(violations(new MethodDefects.Unregistered(), Catalogs.holding(List.of())))
        .extracting(Violation::toString)
        .containsExactly(
            "is registered in META-INF/services: no service file names it, or another plugin has"
                + " its name; the file META-INF/services/io.secateur.spi.PruningMethod holds the"
                + " line io.secateur.conformance.MethodDefects$Unregistered");
  }

  @Test
  void whatIsNotNamedAsOthersIsToldHow() {
    assertThat(violations(new MethodDefects.BadName(), Catalogs.holding(List.of())))
        .extracting(Violation::rule)
        .containsExactly("has a name of lower-case words joined by hyphens");
  }

  @Test
  void whatKeepsTheRulesIsNotReported() {
    for (Plugin sound :
        List.of(
            new MethodDefects.Sound(), new MethodDefects.SoundRepair(), new StageDefects.Idle())) {
      assertThat(violations(sound, Catalogs.holding(List.of(sound.getClass())))).isEmpty();
    }
  }

  @Test
  void aDataSetWithoutItsFilesSaysSo() {
    Plugin mnist = new Mnist();
    Conformance conformance =
        new Conformance(Catalogs.load(List.of()), new BuiltInContract.NoFiles(cache));
    assertThat(
            conformance.rules(mnist).stream()
                .map(Rule::check)
                .flatMap(findings -> findings.untried().stream()))
        .isNotEmpty()
        .allMatch(line -> line.startsWith("it is not to be had here: FileNotFoundException"));
    assertThat(conformance.violations(mnist)).isEmpty();
  }

  private List<Violation> violations(Plugin plugin, Catalogs catalogs) {
    return new Conformance(catalogs, new BuiltInContract.NoFiles(cache)).violations(plugin);
  }
}
