package io.secateur.report;

import java.util.List;
import java.util.Optional;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;
import org.commonmark.renderer.markdown.MarkdownRenderer;

/**
 * What authors write, as Markdown: markup of HTML is shown as text, images become their
 * descriptions, since a report loads nothing, and links lead to web pages, mail and places of the
 * page alone.
 */
final class Prose {
  private static final List<Extension> EXTENSIONS = List.of(TablesExtension.create());
  private static final Parser PARSER = Parser.builder().extensions(EXTENSIONS).build();
  private static final HtmlRenderer HTML =
      HtmlRenderer.builder().extensions(EXTENSIONS).escapeHtml(true).sanitizeUrls(true).build();
  private static final MarkdownRenderer MARKDOWN =
      MarkdownRenderer.builder().extensions(EXTENSIONS).build();
  private static final String ALLOWED = "(?i)(https?:|mailto:|#).*";
  private static final int DEEPEST = 6;

  private Prose() {}

  /** Returns HTML whose headings begin below this level. */
  static String html(String markdown, int level) {
    return Html.legal(HTML.render(parsed(markdown, level)));
  }

  /** Returns Markdown whose headings begin below this level, and that holds no HTML. */
  static String markdown(String markdown, int level) {
    return MARKDOWN.render(parsed(markdown, level)).strip() + "\n";
  }

  private static Node parsed(String markdown, int level) {
    Node document = PARSER.parse(markdown);
    document.accept(new Taming(level));
    return document;
  }

  private static final class Taming extends AbstractVisitor {
    private final int level;

    Taming(int level) {
      this.level = level;
    }

    @Override
    public void visit(Heading heading) {
      heading.setLevel(Math.min(DEEPEST, heading.getLevel() + level));
      visitChildren(heading);
    }

    @Override
    public void visit(HtmlBlock block) {
      Paragraph paragraph = new Paragraph();
      paragraph.appendChild(new Text(block.getLiteral()));
      replace(block, Optional.of(paragraph));
    }

    @Override
    public void visit(HtmlInline inline) {
      replace(inline, Optional.of(new Text(inline.getLiteral())));
    }

    @Override
    public void visit(Image image) {
      visitChildren(image);
      replace(image, Optional.empty());
    }

    @Override
    public void visit(Link link) {
      visitChildren(link);
      if (!link.getDestination().matches(ALLOWED)) {
        replace(link, Optional.empty());
      }
    }

    /** Puts another node in the place of one, or what it holds. */
    private static void replace(Node node, Optional<Node> other) {
      if (other.isPresent()) {
        node.insertBefore(other.get());
      } else {
        Node child = node.getFirstChild();
        while (child != null) {
          Node next = child.getNext();
          node.insertBefore(child);
          child = next;
        }
      }
      node.unlink();
    }
  }
}
