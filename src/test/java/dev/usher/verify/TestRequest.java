package dev.usher.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;

/** A request whose parts tests change one by one. */
record TestRequest(List<Header> headers, byte[] body) {
  /** Where requests go unless a test says otherwise. */
  static final String URL = "https://in.example.com/in/src_1";

  static TestRequest of(List<Header> headers, String body) {
    return new TestRequest(headers, body.getBytes(UTF_8));
  }

  TestRequest with(String name, String value) {
    List<Header> more = new ArrayList<>(headers);
    more.add(new Header(name, value));
    return new TestRequest(more, body);
  }

  TestRequest without(String name) {
    return new TestRequest(
        headers.stream().filter(header -> !header.name().equalsIgnoreCase(name)).toList(), body);
  }

  TestRequest replacing(String name, String value) {
    return without(name).with(name, value);
  }

  TestRequest withBody(String other) {
    return of(headers, other);
  }

  String value(String name) {
    return all(name).getFirst();
  }

  SignedRequest signed() {
    return signed(URL);
  }

  SignedRequest signed(String url) {
    return new SignedRequest(this::all, body, () -> url);
  }

  private List<String> all(String name) {
    return headers.stream()
        .filter(header -> header.name().equalsIgnoreCase(name))
        .map(Header::value)
        .toList();
  }
}
