package io.secateur.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads how long something may be silent: {@code 90s}, {@code 10m}, {@code 2h}, {@code off}. */
final class Silence implements ITypeConverter<Duration> {
  private static final Pattern WRITTEN = Pattern.compile("([1-9][0-9]{0,5})([smh])");

  @Override
  public Duration convert(String text) {
    if (text.equals("off")) {
      return Duration.ZERO;
    }
    Matcher written = WRITTEN.matcher(text);
    if (!written.matches()) {
      throw new TypeConversionException("'" + text + "' is no time: write 90s, 10m, 2h or off");
    }
    long count = Long.parseLong(written.group(1));
    return switch (written.group(2)) {
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      default -> Duration.ofHours(count);
    };
  }
}
