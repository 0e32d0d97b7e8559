package io.secateur.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProseTest {
  @Test
  void writesMarkdownAsHtmlBelowTheHeadingsOfThePage() {
    assertThat(Prose.html("# Why\n\nIt *works*.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n", 2))
        .contains("<h3>Why</h3>", "<em>works</em>", "<td>1</td>");
    assertThat(Prose.markdown("# Why\n\nIt *works*.", 2)).isEqualTo("### Why\n\nIt *works*.\n");
  }

  @Test
  void showsMarkupAsTextAndLoadsNothing() {
    String hostile =
        """
        a <b onclick="x()">b</b>

        <script>alert(1)</script>

        ![a picture](http://example.com/x.png) [bad](javascript:alert(1)) [good](https://a.org)
        """;

    assertThat(Prose.html(hostile, 2))
        .doesNotContain("<script", "<b ", "<img", "javascript:")
        .contains("&lt;script&gt;", "a picture", "bad", "href=\"https://a.org\"");
    assertThat(Prose.html(Prose.markdown(hostile, 0), 0))
        .doesNotContain("<script", "<b ", "<img", "javascript:")
        .contains("a picture", "href=\"https://a.org\"");
  }
}
