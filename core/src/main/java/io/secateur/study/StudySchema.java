package io.secateur.study;

import static io.secateur.plugin.SettingsSchema.described;
import static io.secateur.plugin.SettingsSchema.object;

import io.secateur.plugin.Catalogs;
import io.secateur.plugin.SettingsSchema;
import io.secateur.spi.ControlArm;
import io.secateur.spi.DatasetSource;
import io.secateur.spi.LabelledStep;
import io.secateur.spi.Metric;
import io.secateur.spi.ModelSource;
import io.secateur.spi.Split;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The JSON Schema of study files, so that editors complete and check them. Draft 7, the newest that
 * editors agree on: yaml-language-server and so VS Code, and IntelliJ.
 */
public final class StudySchema {
  private StudySchema() {}

  /** Returns the schema with the plugins of some catalogs, as indented JSON. */
  public static String text(Catalogs catalogs) {
    SettingsSchema settings = new SettingsSchema(catalogs);
    Map<String, Object> properties = object();
    for (String key : StudyFile.KEYS) {
      properties.put(key, section(key, settings));
    }
    return Json.pretty(
        object(
            "$schema",
            "http://json-schema.org/draft-07/schema#",
            "title",
            "Secateur study",
            "description",
            "What is trained, pruned, measured and compared.",
            "type",
            "object",
            "properties",
            properties,
            "required",
            StudyFile.REQUIRED,
            "additionalProperties",
            false,
            "definitions",
            settings.definitions()));
  }

  private static Map<String, Object> section(String key, SettingsSchema settings) {
    return switch (key) {
      case "study" ->
          object(
              "description",
              "The study's name, which names its folder too.",
              "type",
              List.of("string", "number"),
              "pattern",
              "^" + StudyFile.NAME + "$");
      case "seeds" ->
          object(
              "description",
              "Replicates: [1, 2, 3], or a range as 1..5. Default: 1.",
              "anyOf",
              List.of(
                  object("type", "array", "items", object("type", "integer"), "minItems", 1),
                  object("type", "string", "pattern", "^-?\\d+\\s*\\.\\.\\s*-?\\d+$"),
                  object("type", "integer")));
      case "threads" ->
          object(
              "description",
              "Threads of the engine. Default: all processors.",
              "type",
              "integer",
              "minimum",
              1,
              "maximum",
              StudyFile.MOST_THREADS);
      case "data" -> described("The data set.", settings.of(DatasetSource.class));
      case "model" ->
          described("The model; ${axis} where it varies.", settings.varying(ModelSource.class));
      case "pipeline" ->
          described(
              "Stages and recipes in their order; ${axis} stands for what varies.",
              settings.varyingListOf(LabelledStep.class));
      case "grid" -> grid(settings);
      case "measure" -> described("What is measured.", settings.listOf(Metric.class));
      case "measure-on" ->
          described(
              "Splits on which predictions are measured, test among them. Default: [test].",
              settings.listOf(Split.class));
      case "measure-examples" ->
          object(
              "description", "On how many examples of a split at most. Default: all.",
              "type", "integer",
              "minimum", 1);
      case "controls" -> controls();
      case "report" -> report(settings);
      default -> throw new IllegalStateException("the schema does not know the key " + key);
    };
  }

  private static Map<String, Object> text(String description) {
    return object("description", description, "type", "string");
  }

  private static Map<String, Object> prose() {
    Map<String, Object> sections = object();
    Manuscript.SECTIONS.forEach(name -> sections.put(name, object("type", "string")));
    return object(
        "description",
        "Markdown by section, or the path of a file of it.",
        "anyOf",
        List.of(
            object("type", "string", "pattern", "\\.md$"),
            object("type", "object", "properties", sections, "additionalProperties", false)));
  }

  private static Map<String, Object> controls() {
    List<String> names = Stream.of(ControlArm.values()).map(ControlArm::label).toList();
    return object(
        "description",
        "What is trained beside every arm that prunes: all controls, or a list of them.",
        "anyOf",
        List.of(
            object("const", ComparingFile.STANDARD),
            object(
                "type",
                "array",
                "items",
                object("enum", names),
                "minItems",
                1,
                "uniqueItems",
                true)));
  }

  private static Map<String, Object> grid(SettingsSchema settings) {
    List<Map<String, Object>> values = new ArrayList<>();
    values.add(
        object(
            "type",
            "array",
            "items",
            object("type", List.of("string", "number", "boolean", "null")),
            "minItems",
            1));
    // A value may be anything that stands somewhere in the pipeline; most are steps, to complete.
    Map<String, Object> step = settings.of(LabelledStep.class);
    Map<String, Object> value =
        object("anyOf", List.of(step, settings.listOf(LabelledStep.class), object()));
    values.add(object("type", "object", "additionalProperties", value, "minProperties", 1));
    return object(
        "description",
        "Axes with their values, [a, b] or {label: value}. Every combination is an arm.",
        "type",
        "object",
        "patternProperties",
        object("^[A-Za-z0-9_.-]+$", object("anyOf", values)),
        "additionalProperties",
        false);
  }

  private static Map<String, Object> report(SettingsSchema settings) {
    return object(
        "description",
        "What the report draws, and by which axis.",
        "type",
        "object",
        "properties",
        object(
            "figures",
                described("Figures, by name or with settings.", settings.listOf(Figure.class)),
            "by",
                object(
                    "description",
                    "The axis that gives a figure its lines. Default: the first.",
                    "type",
                    List.of("string", "number")),
            "primary",
                object(
                    "description",
                    "The quantity that arms are compared by. Default: the first of predictions.",
                    "type",
                    "string"),
            "compare",
                object(
                    "description",
                    "Pairs of arms that are tested: [[imp, one-shot]]. Default: all of a model.",
                    "type",
                    "array",
                    "items",
                    object(
                        "type",
                        "array",
                        "items",
                        object("type", List.of("string", "number")),
                        "minItems",
                        2,
                        "maxItems",
                        2),
                    "minItems",
                    1),
            "title", text("The report's title. Default: the study's name."),
            "authors",
                object(
                    "description",
                    "Who wrote it.",
                    "anyOf",
                    List.of(
                        object("type", "string"),
                        object("type", "array", "items", object("type", "string")))),
            "contributions", text("Who did what, in Markdown."),
            "text", prose()),
        "additionalProperties",
        false);
  }
}
