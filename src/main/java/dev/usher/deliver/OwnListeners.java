package dev.usher.deliver;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

/**
 * Where this gateway itself listens. An endpoint there would have us call our own management API or
 * deliver to ourselves for ever, also where the operator opened the network.
 */
public final class OwnListeners {
  private final IntPredicate ports;
  private final Set<InetAddress> addresses;

  /**
   * Reads the addresses of this machine; those that it gets later are not known.
   *
   * @param ports whether a listener of this gateway has this port now; asked on event loops
   */
  public OwnListeners(IntPredicate ports) {
    this.ports = ports;
    try {
      this.addresses =
          NetworkInterface.networkInterfaces()
              .flatMap(NetworkInterface::inetAddresses)
              .collect(Collectors.toUnmodifiableSet());
    } catch (SocketException e) {
      throw new IllegalStateException("the addresses of this machine cannot be read", e);
    }
  }

  boolean include(InetAddress address, int port) {
    return ports.test(port)
        && (address.isLoopbackAddress()
            || address.isAnyLocalAddress()
            || addresses.contains(address));
  }
}
