package io.secateur.plugin;

import io.secateur.spi.LabelledStep;
import io.secateur.spi.ModelSource;
import io.secateur.spi.Plugin;
import io.secateur.spi.Step;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Supplier;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * JSON Schema (draft 7) of what {@link Binder} reads: the same forms, names, settings and defaults,
 * from the same records. It may let pass what the binder refuses, since a constructor's checks and
 * what a grid puts in cannot be said in it, but it refuses nothing that a study may hold.
 */
public final class SettingsSchema {
  private static final String REFERENCE = "grid-reference";

  /** A reference may stand within a word, and for a key. */
  private static final String REFERENCE_PATTERN = "\\$\\{[A-Za-z0-9_.-]+\\}";

  private final Catalogs catalogs;
  private final Map<String, Object> definitions = new LinkedHashMap<>();
  private final Map<Class<?>, String> records = new HashMap<>();

  /** A schema with the plugins of {@code catalogs}. */
  public SettingsSchema(Catalogs catalogs) {
    this.catalogs = catalogs;
    definitions.put(
        REFERENCE,
        object(
            "description", "The value that an axis of the grid has in the arm: ${axis}.",
            "type", "string",
            "pattern", REFERENCE_PATTERN));
  }

  /** Returns the definitions that the values asked for so far refer to. */
  public Map<String, Object> definitions() {
    return definitions;
  }

  /** Returns the schema of a value of some type, see {@link Binder#bind}, without references. */
  public Map<String, Object> of(Type type) {
    return anyOf(forms(type));
  }

  /** Returns the schema of a list of such values. */
  public Map<String, Object> listOf(Class<?> type) {
    return object("type", "array", "items", of(type));
  }

  /** Returns the schema of a list that the grid may vary, as a whole and in its elements. */
  public Map<String, Object> varyingListOf(Class<?> type) {
    return anyOf(List.of(list(type), reference(REFERENCE)));
  }

  /** Returns a JSON object of keys and values in turn. */
  public static Map<String, Object> object(Object... keysAndValues) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      object.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return object;
  }

  /** Returns a schema with a description before it. */
  public static Map<String, Object> described(String text, Map<String, Object> schema) {
    Map<String, Object> described = text.isEmpty() ? object() : object("description", text);
    if (schema.containsKey("$ref")) {
      // Draft 7 ignores what stands beside a reference.
      described.put("allOf", List.of(schema));
    } else {
      described.putAll(schema);
    }
    return described;
  }

  private static Map<String, Object> anyOf(List<Map<String, Object>> forms) {
    return forms.size() == 1 ? forms.get(0) : object("anyOf", forms);
  }

  /** Returns the schema of a value that the grid may vary. */
  public Map<String, Object> varying(Type type) {
    return anyOf(withReference(type));
  }

  private List<Map<String, Object>> withReference(Type type) {
    List<Map<String, Object>> forms = new ArrayList<>(forms(type));
    forms.add(reference(REFERENCE));
    return forms;
  }

  private static Map<String, Object> reference(String definition) {
    return object("$ref", "#/definitions/" + definition);
  }

  private Map<String, Object> list(Type element) {
    return object("type", "array", "items", varying(element));
  }

  /** Returns the ways in which a value may be written. */
  private List<Map<String, Object>> forms(Type type) {
    if (type instanceof ParameterizedType generic) {
      return generic(generic);
    }
    Class<?> plain = (Class<?>) type;
    if (SettingType.isScalar(plain)) {
      return scalar(plain);
    }
    if (plain == LabelledStep.class) {
      return List.of(plugin(Step.class));
    }
    if (plain.isInterface() && Plugin.class.isAssignableFrom(plain)) {
      return List.of(plugin(plain.asSubclass(Plugin.class)));
    }
    return List.of(SettingType.isChoice(plain) ? choice(plain) : record(plain));
  }

  private List<Map<String, Object>> generic(ParameterizedType type) {
    Type raw = type.getRawType();
    if (raw == Optional.class) {
      List<Map<String, Object>> forms = new ArrayList<>(forms(SettingType.argument(type, 0)));
      forms.add(object("enum", List.of("none")));
      forms.add(object("type", "null"));
      return forms;
    }
    return List.of(
        raw == Map.class
            ? object(
                "type", "object", "additionalProperties", varying(SettingType.argument(type, 1)))
            : list(SettingType.argument(type, 0)));
  }

  private static List<Map<String, Object>> scalar(Class<?> type) {
    if (SettingType.WHOLE.contains(type)) {
      return List.of(object("type", "integer"));
    }
    if (SettingType.REAL.contains(type)) {
      return List.of(
          object("type", "number"), object("type", "string", "pattern", "^[-+]?\\.?[iI][nN][fF]$"));
    }
    if (SettingType.isTruth(type)) {
      return List.of(object("type", "boolean"));
    }
    if (type == String.class) {
      // Digits are text too where text is asked for.
      return List.of(object("type", List.of("string", "number", "boolean")));
    }
    return List.of(
        object("enum", Arrays.stream(type.getEnumConstants()).map(Written::scalar).toList()));
  }

  private Map<String, Object> plugin(Class<? extends Plugin> kind) {
    Catalog<? extends Plugin> catalog = catalogs.of(kind);
    return defined(slug(catalog.kind()), () -> kind(kind, catalog));
  }

  private Map<String, Object> kind(
      Class<? extends Plugin> kind, Catalog<? extends Plugin> catalog) {
    List<Map<String, Object>> flat = new ArrayList<>();
    Map<String, Object> named = object();
    for (Catalog.Entry<? extends Plugin> entry : catalog.entries()) {
      String key = slug(entry.kind()) + "." + entry.name();
      String text = entry.defaults().description().strip();
      RecordShape shape = new RecordShape(entry.type());
      named.put(entry.name(), defined(key, () -> described(text, settings(shape, entry.name()))));
      if (shape.indexOf(entry.name()) >= 0) {
        Map<String, Object> all = described(text, mapping(shape));
        all.put("required", List.of(entry.name()));
        all.put("minProperties", 2);
        flat.add(all);
      }
    }
    if (kind == ModelSource.class) {
      named.put(
          "file",
          object(
              "description", "A file of its own that holds the model; from the study's folder.",
              "type", "string"));
    }
    List<Map<String, Object>> forms = new ArrayList<>();
    forms.add(object("enum", catalog.names()));
    forms.add(one(named));
    forms.addAll(flat);
    return described("A " + catalog.kind() + ", by name or with settings.", anyOf(forms));
  }

  /** Returns a mapping that has exactly one of some keys. */
  private static Map<String, Object> one(Map<String, Object> properties) {
    Map<String, Object> one = closed(properties);
    one.put("minProperties", 1);
    one.put("maxProperties", 1);
    return one;
  }

  private static Map<String, Object> closed(Map<String, Object> properties) {
    return object(
        "type",
        "object",
        "properties",
        properties,
        "patternProperties",
        object(REFERENCE_PATTERN, object()),
        "additionalProperties",
        false);
  }

  private Map<String, Object> choice(Class<?> type) {
    Choice choice = new Choice(type);
    return defined(key(type), () -> choice(choice));
  }

  private Map<String, Object> choice(Choice choice) {
    List<Map<String, Object>> forms = new ArrayList<>();
    List<String> alone = new ArrayList<>();
    Map<String, Object> named = object();
    for (String name : choice.names()) {
      RecordShape shape = new RecordShape(choice.named(name).orElseThrow());
      if (required(shape).isEmpty()) {
        alone.add(name);
      }
      named.put(name, settings(shape, name));
    }
    if (choice.factory(double.class).isPresent()) {
      forms.addAll(scalar(double.class));
    }
    if (!alone.isEmpty()) {
      forms.add(object("enum", alone));
    }
    if (choice.factory(String.class).isPresent()) {
      forms.add(object("type", "string"));
    }
    forms.add(one(named));
    return described("One of: " + String.join(", ", choice.fullForms()) + ".", anyOf(forms));
  }

  private Map<String, Object> record(Class<?> type) {
    return defined(
        key(type), () -> settings(new RecordShape(type), Names.kebab(type.getSimpleName())));
  }

  /** Returns the schema of a record's settings: a mapping, one value directly, or nothing. */
  private Map<String, Object> settings(RecordShape shape, String name) {
    List<Map<String, Object>> forms = new ArrayList<>();
    forms.add(mapping(shape));
    int direct = shape.parts().size() == 1 ? 0 : shape.indexOf(name);
    if (direct >= 0) {
      forms.addAll(withReference(shape.parts().get(direct).type()));
    }
    if (required(shape).isEmpty()) {
      forms.add(object("type", "null"));
    }
    return anyOf(forms);
  }

  private Map<String, Object> mapping(RecordShape shape) {
    Optional<List<Object>> defaults = shape.defaults();
    Properties texts = SettingTexts.of(shape.type());
    Map<String, Object> properties = object();
    for (int i = 0; i < shape.parts().size(); i++) {
      RecordShape.Part part = shape.parts().get(i);
      Map<String, Object> property =
          described(texts.getProperty(part.component().getName(), ""), varying(part.type()));
      int index = i;
      defaults.ifPresent(values -> property.put("default", json(values.get(index))));
      properties.put(part.name(), property);
    }
    if (Step.class.isAssignableFrom(shape.type())) {
      properties.put(
          LabelledSteps.LABEL,
          described("A name for the checkpoint that the step leaves.", of(String.class)));
    }
    Map<String, Object> mapping = closed(properties);
    List<String> required = required(shape);
    if (!required.isEmpty()) {
      mapping.put("required", required);
    }
    return mapping;
  }

  /** Returns the settings that must be given. */
  private static List<String> required(RecordShape shape) {
    return shape.defaults().isPresent()
        ? List.of()
        : shape.parts().stream()
            .filter(
                part ->
                    !(part.type() instanceof ParameterizedType generic
                        && generic.getRawType() == Optional.class))
            .map(RecordShape.Part::name)
            .toList();
  }

  /** Returns a default as what an editor puts in: what a study file would say, as JSON. */
  private static Object json(Object value) {
    return new Load(LoadSettings.builder().build()).loadFromString(Written.of(value));
  }

  private Map<String, Object> defined(String key, Supplier<Map<String, Object>> schema) {
    if (!definitions.containsKey(key)) {
      // Its place is taken before it is made, since a recipe's stages may hold recipes.
      definitions.put(key, object());
      definitions.put(key, schema.get());
    }
    return reference(key);
  }

  private String key(Class<?> record) {
    String known = records.get(record);
    if (known == null) {
      String simple = Names.kebab(record.getSimpleName());
      known = records.containsValue(simple) ? record.getName() : simple;
      records.put(record, known);
    }
    return known;
  }

  private static String slug(String words) {
    return words.replace(' ', '-');
  }
}
