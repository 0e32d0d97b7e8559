package io.secateur.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Opens a report in headless Chromium, once, as wide as a phone and as wide as a desk. */
class BrowserTest {
  /** Tells the page around it how wide the report is, what it has, and what it loaded. */
  private static final String PROBE =
      """
      <script>addEventListener('load', () => parent.postMessage([
        innerWidth, document.documentElement.scrollWidth,
        [...document.querySelectorAll('figure svg')].filter(s => s.getBoundingClientRect().height > 50).length,
        document.querySelectorAll('svg .hints title').length,
        performance.getEntriesByType('resource').length,
        [...document.querySelectorAll('nav a')].filter(a => !document.querySelector(a.getAttribute('href'))).length
      ].join(' '), '*'))</script>
      """;

  private static final String FRAMES =
      """
      <!DOCTYPE html><title>probe</title><pre id="found"></pre>
      <script>addEventListener('message', e => found.textContent += '[' + e.data + ']')</script>
      <iframe src="page.html" width="390" height="800" style="border:0"></iframe>
      <iframe src="page.html" width="1100" height="800" style="border:0"></iframe>
      """;

  private static final int SCROLL_BAR = 20;

  @TempDir private Path folder = Path.of("");

  private static Optional<String> browser() {
    Stream<String> names =
        Stream.concat(
            Stream.ofNullable(System.getenv("CHROME")),
            Stream.of("chromium", "chromium-browser", "google-chrome"));
    List<Path> places =
        Stream.of(System.getenv().getOrDefault("PATH", "").split(":")).map(Path::of).toList();
    return names
        .flatMap(name -> places.stream().map(place -> place.resolve(name)))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst();
  }

  @Test
  void fitsAPhoneAndLoadsNothing() throws IOException, InterruptedException {
    Optional<String> browser = browser();
    assumeTrue(browser.isPresent(), "no Chromium is installed: the page is not looked at");
    new RunFixture().filled().writeTo(folder);
    Files.writeString(
        folder.resolve("manuscript.json"),
        """
        {"title": "T%s", "authors": ["A"], "contributions": "",
         "text": {"results": "![x](http://127.0.0.1:9/x.png) <img src='http://127.0.0.1:9/y.png'>"}}
        """
            .formatted("o".repeat(200)));
    Report.write(folder);
    String page = Files.readString(folder.resolve("report.html"));
    // Without its own rule, the page could load what it wanted, and would be found out.
    String free = page.replaceFirst("<meta http-equiv=\"Content-Security-Policy\"[^>]*>", "");
    assertThat(free).hasSizeLessThan(page.length());
    Files.writeString(folder.resolve("page.html"), free.replace("</head>", PROBE + "</head>"));
    Files.writeString(folder.resolve("frames.html"), FRAMES);

    String said = open(browser.get(), folder.resolve("frames.html"));

    List<int[]> found = found(said);
    assertThat(found).as(said).hasSize(2);
    for (int[] frame : found) {
      assertThat(frame[1])
          .as("width of the page in %d pixels", frame[0])
          .isBetween(frame[0] - SCROLL_BAR, frame[0]);
      assertThat(frame[2]).as("figures").isEqualTo(5);
      assertThat(frame[3]).as("hints").isGreaterThan(30);
      assertThat(frame[4]).as("requests").isZero();
      assertThat(frame[5]).as("links that lead nowhere").isZero();
    }
    assertThat(found).extracting(frame -> frame[0]).containsExactlyInAnyOrder(390, 1100);
    assertThat(said).doesNotContain(":CONSOLE");
  }

  private static List<int[]> found(String said) {
    Matcher matcher = Pattern.compile("\\[(\\d+(?: \\d+){5})\\]").matcher(said);
    return matcher
        .results()
        .map(match -> Stream.of(match.group(1).split(" ")).mapToInt(Integer::parseInt).toArray())
        .toList();
  }

  /** Returns the page as it is at last, and what the browser's console said. */
  private String open(String browser, Path page) throws IOException, InterruptedException {
    Path said = folder.resolve("said.txt");
    Process process =
        new ProcessBuilder(
                browser,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--allow-file-access-from-files",
                "--enable-logging=stderr",
                "--user-data-dir=" + folder.resolve("profile"),
                "--window-size=1600,1000",
                "--dump-dom",
                page.toUri().toString())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    boolean ended = process.waitFor(2, TimeUnit.MINUTES);
    process.destroyForcibly().waitFor();
    assertThat(ended).as("the browser ended").isTrue();
    return Files.readString(said, StandardCharsets.UTF_8);
  }
}
