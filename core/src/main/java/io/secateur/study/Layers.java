package io.secateur.study;

import io.secateur.model.Architecture;
import io.secateur.model.Architecture.Place;
import io.secateur.model.Conv2d;
import io.secateur.model.ParameterSpec;
import io.secateur.plugin.DidYouMean;
import io.secateur.study.Figure.Problem;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The layers that figures name: those with weights. */
final class Layers {
  private static final int IMAGE = 3;

  private Layers() {}

  static Optional<Place> named(String name, Architecture architecture) {
    return all(architecture).stream().filter(place -> place.layer().name().equals(name)).findAny();
  }

  private static List<Place> all(Architecture architecture) {
    return architecture.places().stream()
        .filter(place -> place.parameters().stream().anyMatch(ParameterSpec::prunable))
        .toList();
  }

  private static List<String> names(List<Place> places) {
    return places.stream().map(place -> place.layer().name()).toList();
  }

  /** Returns the weight of a layer that has one. */
  static ParameterSpec weight(Place place) {
    return place.parameters().stream().filter(ParameterSpec::prunable).findFirst().orElseThrow();
  }

  static Problem unknown(String name, Architecture architecture) {
    List<String> names = names(all(architecture));
    return new Problem(
        "layer",
        "the model has no layer with weights named '%s'.%s It has: %s"
            .formatted(name, DidYouMean.among(name, names), String.join(", ", names)));
  }

  static Problem noConvolution(Place place, Architecture architecture) {
    List<Place> convolutions =
        all(architecture).stream().filter(each -> each.layer() instanceof Conv2d).toList();
    String name = place.layer().name();
    return new Problem(
        "layer",
        convolutions.isEmpty()
            ? "%s is no convolution (%s), and the model has none".formatted(name, place.kind())
            : "%s is no convolution (%s); convolutions: %s"
                .formatted(name, place.kind(), String.join(", ", names(convolutions))));
  }

  /** Returns why a layer's inputs are not the pixels of an image of that height and width. */
  static Optional<Problem> noImage(Place place, List<Integer> sides, Architecture architecture) {
    ParameterSpec weight = weight(place);
    String name = place.layer().name();
    Architecture.Units units =
        Objects.requireNonNull(architecture.units().get(weight.name()), weight.name());
    if (place.layer() instanceof Conv2d || units.inputs() != 0) {
      List<String> meeting =
          names(
              all(architecture).stream()
                  .filter(each -> !(each.layer() instanceof Conv2d))
                  .filter(each -> atInput(each, architecture))
                  .toList());
      return Optional.of(
          new Problem(
              "as-image",
              "the inputs of %s are not the image's pixels%s"
                  .formatted(
                      name,
                      meeting.isEmpty()
                          ? ", and no other layer's are"
                          : "; those of %s are".formatted(String.join(", ", meeting)))));
    }
    long pixels = (long) sides.get(0) * sides.get(1);
    long columns = weight.form().columns();
    long channels = architecture.input().dimension() == IMAGE ? architecture.input().get(0) : 1;
    return columns == pixels || columns == channels * pixels
        ? Optional.empty()
        : Optional.of(
            new Problem(
                "as-image",
                "%s has %d inputs, an image of %d x %d has %d pixels"
                    .formatted(name, columns, sides.get(0), sides.get(1), pixels)));
  }

  private static boolean atInput(Place place, Architecture architecture) {
    Architecture.Units units = architecture.units().get(weight(place).name());
    return units != null && units.inputs() == 0;
  }

  /** Returns a name as files carry it. */
  static String slug(String name) {
    return name.replaceAll("[^A-Za-z0-9]+", "-").replaceAll("^-|-$", "");
  }
}
