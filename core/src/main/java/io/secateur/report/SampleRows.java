package io.secateur.report;

import io.secateur.study.CheckpointRef;
import io.secateur.study.ResultRow;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Test images, and what the model says of them at several moments. */
record SampleRows(
    String id, String title, String subtitle, List<Image> images, List<Answers> moments)
    implements Figure {
  private static final String QUANTITY = "samples/correct";
  private static final JsonMapper JSON = new JsonMapper();

  SampleRows {
    images = List.copyOf(images);
    moments = List.copyOf(moments);
  }

  /**
   * A test image as the model sees it: planes, rows, columns.
   *
   * @param example its number in the test part
   * @param label its true class
   */
  record Image(int example, long label, int planes, int height, int width, List<Float> pixels) {
    Image {
      pixels = List.copyOf(pixels);
    }
  }

  /** What the model says at one moment, an answer per image. */
  record Answers(String title, List<Answer> answers) {
    Answers {
      answers = List.copyOf(answers);
    }

    long right() {
      return answers.stream().filter(Answer::right).count();
    }
  }

  /** The class that the model finds most probable, and how probable; class −1 for none. */
  record Answer(long label, long predicted, double probability) {
    boolean right() {
      return label == predicted;
    }
  }

  /** A place where samples were measured. */
  private record Taken(String title, ResultRow row) {}

  static SampleRows of(Evidence evidence) throws IOException {
    Course course = Course.first(evidence.info(), evidence.archive());
    List<Image> images = List.of();
    List<Answers> moments = new ArrayList<>();
    for (Taken taken : taken(course, evidence.rows())) {
      JsonNode file = file(evidence, taken.row(), "images.json");
      List<Answer> answers = new ArrayList<>();
      for (JsonNode each : file(evidence, taken.row(), "predictions.json")) {
        answers.add(
            new Answer(
                each.path("label").asLong(),
                each.path("predicted").asLong(),
                each.path("probability").asDouble()));
      }
      images = images(file);
      moments.add(new Answers(taken.title(), answers));
    }
    if (moments.isEmpty()) {
      throw new NotDrawnException("samples were not measured in arm " + course.arm());
    }
    return new SampleRows(
        "samples", "Test images and predictions", course.words(evidence.info()), images, moments);
  }

  private static JsonNode file(Evidence evidence, ResultRow row, String name) throws IOException {
    Optional<byte[]> bytes = evidence.archive().kept(row.key(), name);
    if (bytes.isEmpty()) {
      throw new NotDrawnException("the run's store has no " + name + " of the samples");
    }
    try {
      return JSON.readTree(bytes.get());
    } catch (JacksonException e) {
      throw new IOException("the samples in the run's store cannot be read", e);
    }
  }

  private static List<Taken> taken(Course course, List<ResultRow> rows) {
    Optional<ResultRow> before = Optional.empty();
    List<Taken> taken = new ArrayList<>();
    List<ResultRow> after = new ArrayList<>();
    for (ResultRow row : rows) {
      if (!row.metric().equals(QUANTITY)
          || !row.arm().equals(course.arm())
          || row.seed() != course.seed()
          || !row.branch().isEmpty()) {
        continue;
      }
      if (course.pruned() < 0 || at(row, course) < course.pruned()) {
        before = Optional.of(row);
      } else {
        after.add(row);
      }
    }
    before.ifPresent(
        row -> taken.add(named(course.pruned() < 0 ? "At the end" : "Before pruning", row)));
    if (!after.isEmpty()) {
      taken.add(named("After pruning", after.get(0)));
    }
    if (after.size() > 1) {
      taken.add(named("At the end", after.get(after.size() - 1)));
    }
    return taken;
  }

  private static int at(ResultRow row, Course course) {
    int found = -1;
    for (int i = 0; i < course.refs().size(); i++) {
      CheckpointRef ref = course.refs().get(i);
      boolean here =
          ref.round() == row.round()
              && ref.stage().equals(row.stage())
              && ref.label().equals(row.label());
      found = here ? i : found;
    }
    return found;
  }

  private static Taken named(String when, ResultRow row) {
    CheckpointRef place =
        new CheckpointRef(
            row.arm(), row.seed(), row.round(), row.stage(), row.label(), row.branch(), "", "");
    return new Taken(Course.moment(when, place).title(), row);
  }

  private static List<Image> images(JsonNode file) {
    JsonNode shape = file.path("shape");
    List<Image> images = new ArrayList<>();
    for (JsonNode each : file.path("images")) {
      ByteBuffer bytes =
          ByteBuffer.wrap(Base64.getDecoder().decode(each.path("pixels").asString("")))
              .order(ByteOrder.LITTLE_ENDIAN);
      List<Float> pixels = new ArrayList<>();
      while (bytes.remaining() >= Float.BYTES) {
        pixels.add(bytes.getFloat());
      }
      images.add(
          new Image(
              each.path("example").asInt(),
              each.path("label").asLong(),
              shape.path(0).asInt(),
              shape.path(1).asInt(),
              shape.path(2).asInt(),
              pixels));
    }
    return images;
  }

  @Override
  public boolean picture() {
    return true;
  }

  @Override
  public String alt() {
    return "%s: %s."
        .formatted(
            title,
            Words.list(
                moments.stream()
                    .map(
                        moment ->
                            "%s, %d of %d right"
                                .formatted(moment.title(), moment.right(), moment.answers().size()))
                    .toList()));
  }

  @Override
  public String caption() {
    return "The same test images at each moment, brightest and darkest point of each as white and"
        + " black, with the true class, the predicted one and its probability. A wrong prediction"
        + " has a thick frame and a cross.";
  }

  @Override
  public Drawing drawing(Typeface typeface) {
    return new SampleDrawing(this, typeface);
  }
}
