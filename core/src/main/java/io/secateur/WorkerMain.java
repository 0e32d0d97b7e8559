package io.secateur;

import com.google.inject.Guice;
import io.secateur.study.Worker;
import java.nio.file.Path;

/** Starts a worker process: what a run starts to have its steps done. */
public final class WorkerMain {
  private WorkerMain() {}

  /** Works off the job in the file named by the only argument. */
  public static void main(String[] arguments) {
    if (arguments.length != 1) {
      throw new IllegalArgumentException("expected the file of a job; runs start workers, not you");
    }
    Worker.main(
        Path.of(arguments[0]),
        setup -> Guice.createInjector(new SecateurModule(setup)).getInstance(Worker.class));
  }
}
