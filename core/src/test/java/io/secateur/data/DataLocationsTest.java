package io.secateur.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.secateur.spi.DataFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataLocationsTest {
  @TempDir Path given;
  @TempDir Path variable;
  @TempDir Path home;

  @Test
  void looksInTheFolderGivenThenInTheVariablesThenInTheUsersCache() {
    DataFiles files = everywhere();

    assertThat(files.searched())
        .containsExactly(given, variable, home.resolve(".cache/secateur/data"));
  }

  @Test
  void theFirstPlaceThatHasTheFileWins() throws IOException {
    Path last = put(home.resolve(".cache/secateur/data"));
    assertThat(everywhere().find("mnist", "labels")).contains(last);

    Path second = put(variable);
    assertThat(everywhere().find("mnist", "labels")).contains(second);

    Path first = put(given);
    assertThat(everywhere().find("mnist", "labels")).contains(first);
    assertThat(everywhere().require("mnist", "labels", "nowhere")).isEqualTo(first);
  }

  @Test
  void aFolderIsNoFile() throws IOException {
    Files.createDirectories(given.resolve("mnist/labels"));

    assertThat(everywhere().find("mnist", "labels")).isEmpty();
  }

  @Test
  void saysWhatIsMissingWhereItLookedWhereItIsHadAndWhereItGoes() {
    assertThatThrownBy(() -> everywhere().require("mnist", "labels", "a page"))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage(
            ("mnist: labels is missing; looked in %s, %s, %s; 'secateur data get mnist' fetches it;"
                        + " it can be had from a page; put it into")
                    .formatted(
                        given.resolve("mnist"),
                        variable.resolve("mnist"),
                        home.resolve(".cache/secateur/data/mnist"))
                + " %s, or name the folder above it with --data or SECATEUR_DATA"
                    .formatted(given.resolve("mnist")));
  }

  @Test
  void refusesAFolderThatIsNotThere() {
    Path absent = given.resolve("absent");

    assertThatThrownBy(() -> DataLocations.of(Optional.of(absent)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "--data %s: there is no such folder; it would hold one for each data set, such as mnist"
                .formatted(absent));
  }

  @Test
  void aBlankVariableAndARepeatedPlaceAddNothing() {
    assertThat(on("Linux", Map.of("SECATEUR_DATA", " ")).searched()).hasSize(1);
    assertThat(
            DataLocations.of(
                    Optional.of(given), Map.of("SECATEUR_DATA", given.toString()), "Linux", home)
                .searched())
        .hasSize(2);
  }

  @Test
  void theUsersCacheIsTheUsualOneOfEachSystem() {
    Path local = home.resolve("local");

    assertThat(on("Linux", Map.of()).cache()).isEqualTo(home.resolve(".cache/secateur/derived"));
    assertThat(on("Linux", Map.of("XDG_CACHE_HOME", local.toString())).cache())
        .isEqualTo(local.resolve("secateur/derived"));
    assertThat(on("Linux", Map.of("XDG_CACHE_HOME", "relative")).cache())
        .isEqualTo(home.resolve(".cache/secateur/derived"));
    assertThat(on("Mac OS X", Map.of()).cache())
        .isEqualTo(home.resolve("Library/Caches/secateur/derived"));
    assertThat(on("Windows 11", Map.of("LOCALAPPDATA", local.toString())).cache())
        .isEqualTo(local.resolve("secateur/derived"));
    assertThat(on("Windows 11", Map.of()).cache())
        .isEqualTo(home.resolve("AppData/Local/secateur/derived"));
  }

  private DataFiles everywhere() {
    return DataLocations.of(
        Optional.of(given), Map.of("SECATEUR_DATA", variable.toString()), "Linux", home);
  }

  private DataFiles on(String system, Map<String, String> environment) {
    return DataLocations.of(Optional.empty(), environment, system, home);
  }

  private static Path put(Path place) throws IOException {
    return Files.createFile(Files.createDirectories(place.resolve("mnist")).resolve("labels"));
  }
}
