package dev.usher.console;

import dev.usher.crypto.Sha256;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;

/**
 * What pages load besides themselves: style sheets, scripts and the icon. Read from the class path
 * once, before the start, and kept in memory, plain and compressed. An address holds the hash of
 * what it gives, so browsers keep it for ever and still get the new one after an update.
 */
public final class Assets {
  static final String ROOT = "/console/assets/";
  private static final int HASH_CHARACTERS = 16;

  private record Asset(String address, String type, Buffer plain, Buffer compressed) {}

  private final Map<String, Asset> byName = new TreeMap<>();
  private final Map<String, Asset> byAddress = new TreeMap<>();

  Assets() {
    add("pico.css", "text/css", webJar("picocss__pico", "css/pico.min.css"));
    add("uplot.css", "text/css", webJar("uplot", "dist/uPlot.min.css"));
    add("uplot.js", "text/javascript", webJar("uplot", "dist/uPlot.iife.min.js"));
    add("htmx.js", "text/javascript", webJar("htmx.org", "dist/htmx.min.js"));
    add("console.css", "text/css", own("console.css"));
    add("console.js", "text/javascript", own("console.js"));
    add("icon.svg", "image/svg+xml", own("icon.svg"));
  }

  private void add(String name, String type, byte[] bytes) {
    String address = ROOT + hash(bytes).substring(0, HASH_CHARACTERS) + "/" + name;
    Asset asset =
        new Asset(
            address,
            type + "; charset=utf-8",
            Buffer.buffer(bytes),
            Buffer.buffer(compressed(bytes)));
    byName.put(name, asset);
    byAddress.put(address, asset);
  }

  /** Where pages find it. */
  String address(String name) {
    Asset asset = byName.get(name);
    if (asset == null) {
      throw new IllegalArgumentException("there is no asset " + name);
    }
    return asset.address();
  }

  /** Answers with an asset, or 404. */
  void serve(RoutingContext context) {
    HttpServerResponse response = context.response();
    Asset asset = byAddress.get(context.request().path());
    if (asset == null) {
      response.setStatusCode(404).putHeader("cache-control", "no-store").end();
      return;
    }
    String accepted = context.request().getHeader("accept-encoding");
    boolean compress = accepted != null && accepted.contains("gzip");
    response
        .putHeader("content-type", asset.type())
        .putHeader("cache-control", "public, max-age=31536000, immutable")
        .putHeader("vary", "accept-encoding")
        .putHeader("x-content-type-options", "nosniff");
    if (compress) {
      response.putHeader("content-encoding", "gzip");
    }
    response.end(compress ? asset.compressed() : asset.plain());
  }

  /** A file of a WebJar, whose version stands in its own build's file. */
  private static byte[] webJar(String artifact, String file) {
    Properties build = new Properties();
    String from = "/META-INF/maven/org.webjars.npm/" + artifact + "/pom.properties";
    try (InputStream in = open(from)) {
      build.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String version = build.getProperty("version");
    return read("/META-INF/resources/webjars/" + artifact + "/" + version + "/" + file);
  }

  private static byte[] own(String file) {
    return read("/dev/usher/console/" + file);
  }

  private static byte[] read(String path) {
    try (InputStream in = open(path)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream open(String path) {
    InputStream in = Assets.class.getResourceAsStream(path);
    if (in == null) {
      throw new IllegalStateException(path + " is missing from the build");
    }
    return in;
  }

  private static byte[] compressed(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static String hash(byte[] bytes) {
    return HexFormat.of().formatHex(Sha256.of(bytes));
  }
}
