package io.secateur.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.secateur.plugin.PluginException;
import io.secateur.study.StudyException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ErrorsTest {

  @Test
  void whatAUserWroteIsBadInputAndWhatBreaksIsFailure() {
    assertThat(Errors.exitCode(new StudyException("x"))).isEqualTo(2);
    assertThat(Errors.exitCode(new PluginException("x"))).isEqualTo(2);
    assertThat(Errors.exitCode(new NoSuchFileException("x"))).isEqualTo(2);
    assertThat(Errors.exitCode(new IOException("x"))).isEqualTo(1);
    assertThat(Errors.exitCode(new IllegalStateException("x"))).isEqualTo(1);
  }

  @Test
  void aMissingFileIsNamedInWords() {
    assertThat(Errors.lines(new NoSuchFileException("a/b")))
        .containsExactly("a/b: there is no such file or folder");
  }

  @Test
  void theMessageOfAWrapperWinsOverTheFileNameInside() {
    assertThat(
            Errors.lines(
                new UncheckedIOException(
                    "mnist: x is missing; looked in y", new FileNotFoundException("x"))))
        .containsExactly("mnist: x is missing; looked in y");
    assertThat(Errors.lines(new UncheckedIOException(new NoSuchFileException("a"))))
        .containsExactly("a: there is no such file or folder");
  }

  @Test
  void aMistakeOfOursSaysWhatItIsAndHowToSeeMore() {
    assertThat(Errors.lines(new IllegalStateException("no way")))
        .containsExactly(
            "failed unexpectedly: java.lang.IllegalStateException: no way; --stacktrace shows"
                + " where");
  }

  @Test
  void allFaultsOfAStudyAreLines() {
    assertThat(Errors.lines(new StudyException(List.of("a:1:2: x", "a:3:4: y"))))
        .containsExactly("a:1:2: x", "a:3:4: y");
  }
}
