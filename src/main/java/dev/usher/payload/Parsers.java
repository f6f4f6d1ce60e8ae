package dev.usher.payload;

import com.fasterxml.jackson.core.ErrorReportConfiguration;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;

/**
 * Opens parsers over bodies, with limits.
 *
 * <p>Jackson keeps every member name it meets, for the parsers that come after, in a table that is
 * copied whenever a body brings a new one. Left alone it grows to 6,000 names: then each body with
 * one name never seen before costs a copy of 260 KB and 50 µs, signed or not. So the table is
 * dropped when it has grown beyond what payloads need; names met again are then learnt anew.
 *
 * <p>Not thread-safe: one for each event loop.
 */
final class Parsers {
  private static final int NAMES_KEPT = 512;
  private static final int QUOTED_LENGTH = 16;

  private final JsonFactoryBuilder settings =
      new JsonFactoryBuilder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES) // interned names are never freed
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(TopLevelReader.MAX_DEPTH)
                  .maxNumberLength(TopLevelReader.MAX_NUMBER_LENGTH)
                  .maxNameLength(TopLevelReader.MAX_NAME_BYTES)
                  .build())
          .errorReportConfiguration(
              ErrorReportConfiguration.builder().maxErrorTokenLength(QUOTED_LENGTH).build());

  private NameKeepingFactory factory = new NameKeepingFactory(settings);

  /** A parser over {@code body}, which must be UTF-8: the caller has checked it. */
  JsonParser open(byte[] body) throws IOException {
    if (factory.namesKept() > NAMES_KEPT) {
      factory = new NameKeepingFactory(settings);
    }
    return factory.createParser(body);
  }

  /** How many member names are kept now. */
  int namesKept() {
    return factory.namesKept();
  }

  /** A factory that tells how many names its table holds. */
  private static final class NameKeepingFactory extends JsonFactory {
    private static final long serialVersionUID = 1L;

    NameKeepingFactory(JsonFactoryBuilder settings) {
      super(settings);
    }

    int namesKept() {
      return _byteSymbolCanonicalizer.size();
    }
  }
}
