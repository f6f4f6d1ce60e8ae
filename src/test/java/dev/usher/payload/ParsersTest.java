package dev.usher.payload;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ParsersTest {
  @Test
  void namesNeverSeenBeforeDoNotPileUp() throws IOException {
    Parsers parsers = new Parsers();
    int most = 0;
    for (int i = 0; i < 10_000; i++) {
      read(parsers, "{\"name" + i + "\":1}");
      most = Math.max(most, parsers.namesKept());
    }
    assertThat(most).isBetween(500, 600);
  }

  @Test
  void theNamesOfPayloadsAreKept() throws IOException {
    Parsers parsers = new Parsers();
    for (int i = 0; i < 100; i++) {
      read(parsers, "{\"id\":1,\"type\":2}");
    }
    assertThat(parsers.namesKept()).isEqualTo(2);
  }

  private static void read(Parsers parsers, String body) throws IOException {
    try (JsonParser parser = parsers.open(body.getBytes(UTF_8))) {
      while (parser.nextToken() != null) {
        parser.currentName();
      }
    }
  }
}
