package io.secateur.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EventStreamTest {
  @Test
  void readsWhatItWroteBehindWhateverElseWasPrinted() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes("a library says {\"hello\"}".getBytes(StandardCharsets.UTF_8));
    Event event = Event.of(Event.Kind.SAID, "key", "epoch 1\nof 2: 97 %");
    new EventStream(out).send(event);
    String text = out.toString(StandardCharsets.UTF_8);
    assertThat(text.lines()).hasSize(1);
    assertThat(EventStream.read(text.strip())).contains(event);
  }

  @Test
  void takesNothingElseForAnEvent() {
    assertThat(EventStream.read("{\"kind\":\"SAID\"}")).isEmpty();
    assertThat(EventStream.read("\u001e{\"kind\":\"SA")).isEmpty();
  }
}
