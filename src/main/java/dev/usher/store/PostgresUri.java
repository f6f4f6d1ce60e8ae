package dev.usher.store;

import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.TrustOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Where a Postgres database is and how one gets in, read from a connection URI (libpq, section
 * 34.1.1.2) once, so that JDBC and the Vert.x client understand the same thing by it.
 *
 * <p>The Vert.x client's own reader takes no TLS for granted where libpq prefers it, has no trust
 * settings to go with {@code verify-full}, drops its session defaults as soon as the URI names an
 * application, and repeats the whole URI, password and all, when it cannot read it.
 *
 * @param port 1 to 65535
 * @param password null where the server asks for none
 * @param sslMode {@code prefer} unless said otherwise
 * @param rootCertificate a PEM file of certificate authorities; null for those that Java knows
 */
public record PostgresUri(
    String host,
    int port,
    String user,
    @Nullable String password,
    String database,
    SslMode sslMode,
    @Nullable String rootCertificate,
    String applicationName) {
  private static final int DEFAULT_PORT = 5432;
  private static final int CONNECT_TIMEOUT_SECONDS = 5;
  private static final String EXPECTED =
      "; expected postgresql://USER:PASSWORD@HOST:PORT/DATABASE, with the characters"
          + " :/?#[]@ and % inside a part written as %XX";

  // The last @ ends the user's part, the first : in it begins the password.
  private static final Pattern SYNTAX =
      Pattern.compile(
          "postgres(?:ql)?://(?:(?<user>[^:/?#]*)(?::(?<password>[^/?#]*))?@)?"
              + "(?<host>\\[[0-9a-fA-F:.]+]|[^:/?#@\\[\\],]*)(?::(?<port>[0-9]{1,5}))?"
              + "(?:/(?<database>[^/?#]*))?(?:\\?(?<parameters>[^#]*))?");

  /**
   * Reads a URI. Parameters: {@code sslmode}, {@code sslrootcert}, {@code application_name}.
   *
   * @throws StoreFailure saying what was expected; never with the password
   */
  public static PostgresUri parse(String text) {
    Matcher matcher = SYNTAX.matcher(text);
    if (!matcher.matches()) {
      throw new StoreFailure("the Postgres URI cannot be read" + EXPECTED);
    }
    String host = decode(matcher.group("host"));
    String user = decode(matcher.group("user"));
    if (host.isEmpty() || user.isEmpty()) {
      throw new StoreFailure(
          "the Postgres URI has no " + (host.isEmpty() ? "host" : "user") + EXPECTED);
    }
    String database = decode(matcher.group("database"));
    PostgresUri uri =
        new PostgresUri(
            host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
            port(matcher.group("port")),
            user,
            matcher.group("password") == null ? null : decode(matcher.group("password")),
            database.isEmpty() ? user : database,
            SslMode.PREFER,
            null,
            "usher");
    String parameters = matcher.group("parameters");
    for (String parameter : parameters == null ? new String[0] : parameters.split("&", -1)) {
      uri = uri.with(parameter);
    }
    return uri;
  }

  private PostgresUri with(String parameter) {
    int equals = parameter.indexOf('=');
    String name = equals < 0 ? parameter : parameter.substring(0, equals);
    String value = equals < 0 ? "" : decode(parameter.substring(equals + 1));
    return switch (name) {
      case "sslmode" -> with(sslMode(value), rootCertificate, applicationName);
      case "sslrootcert" -> with(sslMode, value, applicationName);
      case "application_name" -> with(sslMode, rootCertificate, value);
      case "" -> this;
      default ->
          throw new StoreFailure(
              "the Postgres URI has an unknown parameter '"
                  + name
                  + "' (known: sslmode, sslrootcert, application_name)");
    };
  }

  private PostgresUri with(SslMode mode, @Nullable String certificate, String application) {
    return new PostgresUri(host, port, user, password, database, mode, certificate, application);
  }

  private static SslMode sslMode(String text) {
    try {
      return SslMode.of(text);
    } catch (IllegalArgumentException e) {
      throw new StoreFailure(
          "the Postgres URI's sslmode is '"
              + text
              + "'; expected disable, allow, prefer, require, verify-ca or verify-full",
          e);
    }
  }

  private static int port(@Nullable String text) {
    int port = text == null ? DEFAULT_PORT : Integer.parseInt(text);
    if (port < 1 || port > 65_535) {
      throw new StoreFailure("the Postgres URI's port is " + text + "; expected 1 to 65535");
    }
    return port;
  }

  private static String decode(@Nullable String text) {
    if (text == null) {
      return "";
    }
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new StoreFailure("the Postgres URI has a % that begins no %XX" + EXPECTED);
    }
  }

  /** For JDBC. A connection attempt takes at most five seconds. */
  PGSimpleDataSource dataSource() {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(new String[] {host});
    source.setPortNumbers(new int[] {port});
    source.setDatabaseName(database);
    source.setUser(user);
    if (password != null) {
      source.setPassword(password);
    }
    source.setApplicationName(applicationName);
    source.setConnectTimeout(CONNECT_TIMEOUT_SECONDS);
    source.setLoginTimeout(2 * CONNECT_TIMEOUT_SECONDS);
    source.setTcpKeepAlive(true);
    source.setSslMode(sslMode.value);
    if (rootCertificate != null) {
      source.setSslRootCert(rootCertificate);
    } else if (verifies()) {
      source.setSslfactory("org.postgresql.ssl.DefaultJavaSSLFactory");
    }
    return source;
  }

  /** For the Vert.x client: a fresh value that the caller may change. */
  PgConnectOptions connectOptions() {
    ClientSSLOptions tls = new ClientSSLOptions();
    if (verifies()) {
      tls.setTrustOptions(trusted());
      tls.setHostnameVerificationAlgorithm(sslMode == SslMode.VERIFY_FULL ? "HTTPS" : "");
    } else {
      tls.setTrustAll(true).setHostnameVerificationAlgorithm("");
    }
    return new PgConnectOptions()
        .setHost(host)
        .setPort(port)
        .setDatabase(database)
        .setUser(user)
        .setPassword(password == null ? "" : password)
        .setSslMode(sslMode)
        .setSslOptions(tls)
        .addProperty("application_name", applicationName);
  }

  private boolean verifies() {
    return sslMode == SslMode.VERIFY_CA || sslMode == SslMode.VERIFY_FULL;
  }

  private TrustOptions trusted() {
    if (rootCertificate != null) {
      return new PemTrustOptions().addCertPath(rootCertificate);
    }
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init((KeyStore) null);
      return TrustOptions.wrap((X509TrustManager) factory.getTrustManagers()[0]);
    } catch (GeneralSecurityException e) {
      throw new StoreFailure("Java's own certificate authorities cannot be read", e);
    }
  }

  /** Host, port and database, for messages. */
  public String place() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port + "/" + database;
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "postgresql://" + user + "@" + place();
  }
}
