package io.secateur.plugin;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what a documentation comment says of parameters, as plain text. */
final class Javadoc {
  private static final Pattern PARAMETER =
      Pattern.compile(
          "^\\s*@param\\s+(\\w+)\\s+(.*?)(?=^\\s*@\\w|\\z)", Pattern.DOTALL | Pattern.MULTILINE);

  /** {@code @code} and {@code @literal}, whose braces may hold braces. */
  private static final Pattern CODE =
      Pattern.compile("\\{@(?:code|literal)\\s+((?:[^{}]|\\{(?:[^{}]|\\{[^{}]*})*})*)}");

  private static final Pattern LINK =
      Pattern.compile(
          "\\{@link(?:plain)?\\s+(?:[\\w.]*[.#])?(\\w+)(?:\\([^)]*\\))?(?:\\s+([^}]+))?}");
  private static final Pattern TAG = Pattern.compile("</?[a-zA-Z][^>]*>");

  private Javadoc() {}

  /** Returns the text of every {@code @param}, in order, each on one line. */
  static Map<String, String> parameters(String comment) {
    Map<String, String> parameters = new LinkedHashMap<>();
    PARAMETER
        .matcher(comment)
        .results()
        .forEach(found -> parameters.putIfAbsent(found.group(1), plain(found.group(2))));
    return parameters;
  }

  private static String plain(String text) {
    // What stands within code is no markup: its brackets are put back at the end.
    String code =
        CODE.matcher(text)
            .replaceAll(
                found ->
                    Matcher.quoteReplacement(
                        found
                            .group(1)
                            .replace('<', '\uE000')
                            .replace('>', '\uE001')
                            .replace('&', '\uE002')));
    String links =
        LINK.matcher(code)
            .replaceAll(
                found ->
                    Matcher.quoteReplacement(
                        found.group(2) == null ? found.group(1) : found.group(2)));
    return TAG.matcher(links)
        .replaceAll("")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
        .replace('\uE000', '<')
        .replace('\uE001', '>')
        .replace('\uE002', '&')
        .strip()
        .replaceAll("\\s+", " ");
  }
}
