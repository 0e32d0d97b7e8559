package io.secateur.cli;

import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.CheckpointFiles;
import io.secateur.plugin.Catalogs;
import io.secateur.plugin.DidYouMean;
import io.secateur.spi.ModelSource;
import io.secateur.study.NamedCheckpoints;
import io.secateur.study.Runs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What an argument names: a checkpoint with its numbers, or an architecture without.
 *
 * @param name as typed
 */
record Subject(String name, Architecture architecture, Optional<Checkpoint> checkpoint) {

  static CommandException absent(String argument) {
    return CommandException.badInput(
        argument
            + ": there is no such checkpoint: a folder, a safetensors file, or"
            + " RUN#arm/seed/round as 'checkpoints RUN' lists them");
  }

  /** Reads checkpoints and looks models up. */
  record Reader(Runs runs, Catalogs catalogs, ModelOptions model) {

    /** Returns the checkpoint that an argument names: a path, or {@code RUN#arm/seed/round}. */
    Checkpoint checkpoint(String argument) throws IOException {
      return stored(argument).orElseThrow(() -> absent(argument));
    }

    /** Returns what an argument names: a checkpoint, else a model. */
    Subject subject(String argument) throws IOException {
      Optional<Checkpoint> stored = stored(argument);
      if (stored.isPresent()) {
        return new Subject(argument, stored.get().architecture(), stored);
      }
      List<String> models = catalogs.of(ModelSource.class).names();
      if (!argument.startsWith("{") && !models.contains(argument)) {
        throw CommandException.badInput(
            "%s: there is no such checkpoint, and no model of that name.%s Models are: %s."
                .formatted(
                    argument, DidYouMean.among(argument, models), String.join(", ", models)));
      }
      return new Subject(
          argument, model.architecture(argument, "the model", catalogs), Optional.empty());
    }

    private Optional<Checkpoint> stored(String argument) throws IOException {
      Optional<Path> path = path(argument);
      if (path.isPresent() && Files.exists(path.get())) {
        Optional<Architecture> given = model.architecture(catalogs);
        if (given.isPresent() && Files.isRegularFile(path.get())) {
          return Optional.of(CheckpointFiles.readStateDict(path.get(), given.get()));
        }
      }
      return new NamedCheckpoints(runs, catalogs).find(argument);
    }

    private static Optional<Path> path(String argument) {
      try {
        return Optional.of(Path.of(argument));
      } catch (InvalidPathException e) {
        // What cannot be a path may still name a model or a run.
        return Optional.empty();
      }
    }
  }
}
