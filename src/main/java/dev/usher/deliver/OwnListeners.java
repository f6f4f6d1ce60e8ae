package dev.usher.deliver;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where this gateway itself listens. An endpoint there would have us call our own management API or
 * deliver to ourselves for ever, also where the operator opened the network.
 */
public final class OwnListeners {
  private final Set<InetAddress> addresses;
  private volatile Set<Integer> ports = Set.of();

  /** Reads the addresses of this machine; those that it gets later are not known. */
  public OwnListeners() {
    try {
      this.addresses =
          NetworkInterface.networkInterfaces()
              .flatMap(NetworkInterface::inetAddresses)
              .collect(Collectors.toUnmodifiableSet());
    } catch (SocketException e) {
      throw new IllegalStateException("the addresses of this machine cannot be read", e);
    }
  }

  /** The ports that this gateway listens on from now on. May be called from anywhere. */
  public void opened(Set<Integer> opened) {
    ports = Set.copyOf(opened);
  }

  boolean include(InetAddress address, int port) {
    return ports.contains(port)
        && (address.isLoopbackAddress()
            || address.isAnyLocalAddress()
            || addresses.contains(address));
  }
}
