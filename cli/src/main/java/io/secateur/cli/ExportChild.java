package io.secateur.cli;

import com.google.inject.Guice;
import com.google.inject.Injector;
import io.secateur.SecateurModule;
import io.secateur.model.Checkpoint;
import io.secateur.model.Encoding;
import io.secateur.plugin.Catalogs;
import io.secateur.spi.Format;
import io.secateur.study.Runs;
import io.secateur.study.Setup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A child that writes a checkpoint in a format, which may be a plugin that takes the engine. */
final class ExportChild {
  private ExportChild() {}

  /** Answers the question in the file named first into the file named second. */
  public static void main(String[] arguments) throws IOException {
    ExportQuestion question = ExportQuestion.of(ChildFiles.read(Path.of(arguments[0])));
    Map<String, String> answered;
    try {
      answered = answer(question);
    } catch (IOException | RuntimeException e) {
      answered =
          Map.of(
              "error",
              String.join("\n", Errors.lines(e)),
              "exit",
              Integer.toString(Errors.exitCode(e)));
    }
    ChildFiles.write(answered, Path.of(arguments[1]));
    // Not exit: natives need no farewell, and threads of plugins must not delay it.
    Runtime.getRuntime().halt(0);
  }

  /** What goes along stands under a number, what does not behind a letter. */
  static Map<String, String> answer(ExportQuestion question) throws IOException {
    Injector injector =
        Guice.createInjector(
            new SecateurModule(new Setup(question.plugins(), Optional.empty(), "cpu")));
    Catalogs catalogs = injector.getInstance(Catalogs.class);
    Checkpoint checkpoint =
        new Subject.Reader(injector.getInstance(Runs.class), catalogs, question.model())
            .checkpoint(question.checkpoint());
    Format format = Bound.plugin(question.format(), Format.class, catalogs, "--format");
    List<String> omitted;
    String as = format.name();
    if (question.encoding().isPresent()) {
      Encoding encoding = encoding(question, checkpoint);
      encoding.write(checkpoint, question.to());
      as = "safetensors, encoding " + encoding.label();
      omitted = omitted(checkpoint, encoding);
    } else {
      format.write(checkpoint, question.to());
      omitted = format.omits(checkpoint);
    }
    Map<String, String> answer = new LinkedHashMap<>();
    answer.put("as", as);
    answer.put("parameters", Integer.toString(checkpoint.parameters().size()));
    answer.put("numbers", Long.toString(checkpoint.architecture().parameterCount()));
    for (String line : omitted) {
      answer.put("w%08d".formatted(answer.size()), line);
    }
    return answer;
  }

  /**
   * Returns the encoding asked for; where none was, that which keeps a quantized model's integers.
   */
  private static Encoding encoding(ExportQuestion question, Checkpoint checkpoint) {
    Encoding encoding =
        Arrays.stream(Encoding.values())
            .filter(each -> each.label().equals(question.encoding().orElse("")))
            .findFirst()
            .orElseThrow();
    if (question.usual() && Encoding.INT8.suits(checkpoint)) {
      return Encoding.INT8;
    }
    if (!encoding.suits(checkpoint)) {
      throw CommandException.badInput(
          "--encoding %s: %s is not quantized, so nothing of it is int8; quantize it in a study, or"
                  .formatted(encoding.label(), question.checkpoint())
              + " choose another encoding");
    }
    return encoding;
  }

  private static List<String> omitted(Checkpoint checkpoint, Encoding encoding) {
    Checkpoint rest =
        encoding == Encoding.WEIGHTS_AND_MASKS ? checkpoint.withMasks(Map.of()) : checkpoint;
    return Format.besides(rest, !encoding.ofIntegers());
  }
}
