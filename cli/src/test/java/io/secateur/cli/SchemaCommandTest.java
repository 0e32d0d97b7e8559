package io.secateur.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.secateur.plugin.Catalog;
import io.secateur.plugin.Catalogs;
import io.secateur.plugin.Settings;
import io.secateur.spi.Plugin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The schema of study files, tried with a validator on studies that are right and wrong. */
class SchemaCommandTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String STUDY =
      """
      study: small
      seeds: 1..3
      threads: 1
      data: {digits: {train: 100}}
      model: ffn
      pipeline:
        - train: {epochs: 2, label: dense}
        - prune: {method: l1, scope: layer, amount: 0.8}
        - "${arm}"
      grid:
        arm: {one: finetune, two: [finetune, compact]}
      measure: [accuracy, {latency: {batches: [1]}}]
      measure-on: [test, train]
      controls: [random-mask, dense]
      report: {figures: [{curve: {x: sparsity, y: loss}}], by: arm, primary: loss, compare: [[one, two]], title: Small, authors: [A. Author], text: {discussion: It shows.}}
      """;

  @TempDir private static Path folder;
  private static String text = "";

  @BeforeAll
  static void schemaWithTheExamplesJar() throws IOException {
    ExampleJar.pack(folder.resolve("relative-magnitude.jar"));
    Files.writeString(folder.resolve("torn.jar"), "no zip");
    Cli.Result result = Cli.run("schema", "--plugins", folder.toString());
    assertThat(result.exitCode()).isZero();
    assertThat(result.err()).startsWith("not in the schema: ").contains("torn.jar").hasLineCount(1);
    text = result.out();
  }

  private static Schema schema() {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7).getSchema(text);
  }

  @Test
  void isItselfASchemaOfItsDraft() {
    String draft = "http://json-schema.org/draft-07/schema#";
    assertThat(JSON.readTree(text).path("$schema").asString()).isEqualTo(draft);
    Schema ofSchemas =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
            .getSchema(SchemaLocation.of(draft));
    assertThat(ofSchemas.validate(JSON.readTree(text))).isEmpty();
  }

  @Test
  void everyStudyThatShipsIsValid() throws IOException {
    Schema schema = schema();
    List<Path> studies = new ArrayList<>();
    for (String place : List.of("studies", "docs/examples")) {
      try (Stream<Path> files = Files.walk(Cli.root().resolve(place))) {
        files
            .filter(file -> file.toString().endsWith(".yaml"))
            .filter(file -> !Objects.requireNonNull(file.getParent()).endsWith("models"))
            .forEach(studies::add);
      }
    }
    assertThat(studies).hasSizeGreaterThan(20);
    for (Path study : studies) {
      assertThat(schema.validate(json(Files.readString(study)))).as(study.toString()).isEmpty();
    }
  }

  /** Everything the reader takes for defaults, the schema takes: every setting of every plugin. */
  @Test
  void everyPluginIsValidByNameAndWithAllItsSettings() {
    Catalogs catalogs = Catalogs.load(List.of(folder));
    Map<String, String> places = new LinkedHashMap<>();
    places.put("pruning method", "pipeline: [{prune: {method: %s}}]");
    places.put("schedule", "pipeline: [{prune: {schedule: %s}}]");
    places.put("metric", "measure: [%s]");
    places.put("stage", "pipeline: [%s]");
    places.put("recipe", "pipeline: [%s]");
    places.put("model", "model: %s");
    places.put("data set", "data: %s");
    Schema schema = schema();
    int tried = 0;
    for (Catalog<?> catalog : catalogs.all()) {
      String place = places.get(catalog.kind());
      if (place == null) {
        assertThat(catalog.kind()).isEqualTo("format");
        continue;
      }
      for (Catalog.Entry<?> entry : catalog.entries()) {
        Plugin plugin = entry.defaults();
        for (String written : List.of(entry.name(), Settings.writtenInFull(plugin))) {
          assertThat(schema.validate(with(place.formatted(written)))).as(written).isEmpty();
          tried++;
        }
      }
    }
    assertThat(tried).isGreaterThan(100);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          an unknown key                    | seed: 1
          a misspelt method                 | pipeline: [{prune: {method: l3}}]
          a misspelt stage                  | pipeline: [{prun: {method: l1}}]
          a misspelt setting                | pipeline: [{prune: {method: l1, amont: 0.5}}]
          two plugins in one step           | pipeline: [{prune: {method: l1}, compact: {}}]
          text for a number                 | pipeline: [{train: {epochs: many}}]
          a fraction for a whole number     | pipeline: [{train: {epochs: 1.5}}]
          a list for an amount              | pipeline: [{prune: {method: l1, amount: [0.5]}}]
          a word for an amount              | pipeline: [{prune: {method: l1, amount: half}}]
          an unknown scope                  | pipeline: [{prune: {method: l1, scope: column}}]
          a tile without a width            | pipeline: [{prune: {method: l1, scope: tile}}]
          a choice of two                   | pipeline: [{prune: {method: l1, amount: {count: 1, below: 2}}}]
          settings of what has none         | pipeline: [{prune: {method: {l1: {n: 1}}}}]
          a truth that is none              | model: {ffn: {hidden: [3], batch-norm: perhaps}}
          a pipeline that is no list        | pipeline: {train: {epochs: 2}}
          a stage among measurements        | measure: [train]
          a metric for data                 | data: accuracy
          an unknown split                  | measure-on: [exam]
          no thread                         | threads: 0
          seeds of text                     | seeds: [one]
          a figure without its layer        | 'report: {figures: [kernels]}'
          a figure that is none             | 'report: {figures: [pie]}'
          a report of something else        | 'report: {pictures: []}'
          a text of an unknown section      | 'report: {text: {dicussion: It shows.}}'
          a comparison of three             | 'report: {compare: [[a, b, c]]}'
          a control that is none            | controls: [randomly]
          an axis without values            | 'grid: {arm: []}'
          a grid in what all arms share     | 'data: "${arm}"'
          a name with a blank               | study: two words
          """)
  void refuses(String what, String section) {
    assertThat(schema().validate(with("threads: 1"))).isEmpty();
    assertThat(schema().validate(with(section))).as(what).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({"study", "data", "model", "pipeline", "measure"})
  void refusesAStudyThatLacks(String key) {
    Map<String, Object> study = new LinkedHashMap<>(map(STUDY));
    study.remove(key);
    assertThat(schema().validate(JSON.valueToTree(study)).toString()).contains("'" + key + "'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a shorthand                      | pipeline: [{prune: {method: l1, amount: {of-remaining: 0.2}, scope: {tile: 4}}}]
          a recipe written flat            | pipeline: [{rounds: 2, stages: [train, {prune: {method: l1}}], label: all}]
          a recipe by its own setting      | pipeline: [{imp: {rounds: 3, rewind: {epoch: 1}}}]
          a step with nothing behind it    | 'pipeline: [{train: }]'
          what is left to the grid         | 'pipeline: [{prune: {method: "${m}", amount: "${a}"}}, {"${s}": {epochs: 1}}]'
          a model in a file                | model: {file: models/net.yaml}
          one seed                         | seeds: 7
          infinity                         | pipeline: [{prune: {method: l1, amount: {below: inf}}}]
          none                             | pipeline: [{prune: {method: l1, schedule: none}}]
          a method of a jar                | pipeline: [{prune: {method: relative-magnitude}}]
          """)
  void takes(String what, String section) {
    assertThat(schema().validate(with(section))).as(what).isEmpty();
  }

  @Test
  void holdsTypesDefaultsAndTexts() {
    JsonNode definitions = JSON.readTree(text).path("definitions");
    JsonNode rounds = definitions.at("/recipe.imp/anyOf/0/properties/rounds");
    assertThat(rounds.path("default").asInt()).isEqualTo(5);
    assertThat(rounds.at("/anyOf/0/type").asString()).isEqualTo("integer");
    assertThat(definitions.at("/recipe.imp/description").asString()).isNotEmpty();
    assertThat(definitions.at("/pruning-method/anyOf/0/enum").toString())
        .contains("\"l1\"", "\"relative-magnitude\"");
    // The jar was compiled without anything but core's jar, as its author would.
    assertThat(definitions.at("/pruning-method.relative-magnitude/description").asString())
        .contains("Zhang et al.");
  }

  /** The page's study is valid as it stands, quotes and all, and is what the reader takes too. */
  @Test
  void theStudyOfThePageIsValidAndPlanned() throws IOException {
    String page = Files.readString(Cli.root().resolve("docs/editors.md"));
    String study = page.split("```yaml\n", -1)[1].split("```", -1)[0];
    assertThat(study).startsWith("# yaml-language-server: $schema=study.schema.json\n");
    assertThat(schema().validate(JSON.valueToTree(load(study)))).isEmpty();
    Path file = Files.writeString(folder.resolve("first.yaml"), study);
    assertThat(Cli.run("plan", file.toString()).err()).isEmpty();
    assertThat(Cli.run("schema", "--help").out()).contains(study.lines().findFirst().orElseThrow());
  }

  /** Returns the study with a section put in the place of its own. */
  private static JsonNode with(String section) {
    Map<String, Object> study = new LinkedHashMap<>(map(STUDY));
    study.putAll(map(section));
    return JSON.valueToTree(study);
  }

  /** Reads YAML as an editor does, but for references in braces, which are no YAML unquoted. */
  private static JsonNode json(String yaml) {
    return JSON.valueToTree(map(yaml));
  }

  private static Map<String, Object> map(String yaml) {
    return load(yaml.replaceAll("(?<=[ {])(\\$\\{[^}]*})(?=[,} ])", "\"$1\""));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> load(String yaml) {
    LoadSettings settings =
        LoadSettings.builder().setSchema(new CoreSchema()).setAllowDuplicateKeys(false).build();
    return (Map<String, Object>) new Load(settings).loadFromString(yaml);
  }
}
