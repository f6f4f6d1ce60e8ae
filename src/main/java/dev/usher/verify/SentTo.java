package dev.usher.verify;

import dev.usher.verify.SignatureScheme.UnsignedRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The address that a sender signs. It is the one that the request shows, unless the source's option
 * {@code url} says what was set at the provider: for proxies that change host or path and do not
 * tell. The query is always the request's own.
 *
 * @param pinned without a query; null where the request tells
 */
record SentTo(@Nullable String pinned) {
  /** The source option that sets it. */
  static final String OPTION = "url";

  private static final Set<String> SCHEMES = Set.of("https", "http");
  private static final Pattern USER = Pattern.compile("^[^/?#]*//[^/?#]*@");

  static SentTo of(Map<String, String> options) {
    return new SentTo(options.get(OPTION));
  }

  /** What is wrong with the options of a scheme that has this one only. */
  static List<String> faultsOfAll(Map<String, String> options) {
    List<String> faults = OptionFaults.unknown(options, Set.of(OPTION));
    String url = options.get(OPTION);
    if (url != null && USER.matcher(url).find()) {
      faults.add( // it may hold a password: not quoted
          "options.url: names a user; give the address without one, as options are shown");
    } else if (url != null && !isAddress(url)) {
      faults.add(
          OptionFaults.of(
              OPTION, url, "the address as the provider calls it, without a query: https://…"));
    }
    return faults;
  }

  private static boolean isAddress(String text) {
    try {
      URI uri = new URI(text);
      return uri.getScheme() != null
          && SCHEMES.contains(uri.getScheme())
          && uri.getHost() != null
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  /** The address of a request that came in. */
  String of(SignedRequest request) {
    String seen = request.url().get();
    return pinned == null ? seen : pinned + query(seen);
  }

  /**
   * The address of a request that is to be sent.
   *
   * @throws IllegalArgumentException where it is not known
   */
  String of(UnsignedRequest request) {
    if (pinned != null) {
      return pinned + query(request.url());
    }
    if (request.url().isEmpty()) {
      throw new IllegalArgumentException(
          "the address is signed; expected --url, the one that the request is sent to");
    }
    return request.url();
  }

  /** The query of an address with its question mark; empty where there is none. */
  private static String query(String url) {
    int mark = url.indexOf('?');
    return mark < 0 ? "" : url.substring(mark);
  }
}
